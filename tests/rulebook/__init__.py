"""The law, tested without a database: worked cases, properties, and what the loader refuses."""
