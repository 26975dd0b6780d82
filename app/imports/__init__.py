"""Bulk import: tables of other systems, read row by row and taken in as if each row came through its own door."""
