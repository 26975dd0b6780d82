"""The tables, forward and back."""
