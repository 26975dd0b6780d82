"""Read-only across rooms: declarations with their screenings, and what concerns the caller."""
