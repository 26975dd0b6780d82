"""Declarations as they are seen and described."""
