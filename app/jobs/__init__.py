"""Work that is put off until its act is committed, and then done once or more: by workers on PostgreSQL, in the serving process on SQLite."""
