"""Tests of clearances."""
