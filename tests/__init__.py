"""Tests mirror the tree of `app`; each asserts what a user would notice."""
