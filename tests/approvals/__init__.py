"""Approvals beforehand."""
