"""Exports: declarations and findings as files, made in the background, kept until they expire."""
