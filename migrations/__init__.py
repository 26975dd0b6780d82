"""The one tree of migrations for SQLite and PostgreSQL."""
