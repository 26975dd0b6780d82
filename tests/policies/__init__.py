"""The law as clients read it."""
