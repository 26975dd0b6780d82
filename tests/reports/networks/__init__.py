"""Exposure and networks, through the door."""
