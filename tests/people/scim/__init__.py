"""Tests of SCIM."""
