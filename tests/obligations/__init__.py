"""Tests of what is due and from whom."""
