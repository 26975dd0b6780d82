"""Judging what was filed: in two views, again when time has passed, and by the register's own knowledge."""
