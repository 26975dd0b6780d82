"""Patterns, through the door."""
