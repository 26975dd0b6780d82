"""Bulk import: people, units, counterparties and declarations from files, checked row by row, in the background."""
