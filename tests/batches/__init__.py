"""Batches: many acts of a device, each done once."""
