"""Catching up with one's own affairs."""
