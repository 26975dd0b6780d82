"""Catching up: what a person's own affairs have gained since they last looked."""
