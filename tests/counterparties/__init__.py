"""Counterparties: through the door, and the references that declarations make to them."""
