"""What a device has done without a network, sent together: many acts, each a unit of work by itself."""
