"""A phone with a queue and a wrong clock, a network that cannot be relied on, and the register."""
