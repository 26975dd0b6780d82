"""The record: declarations (申报) and their revisions; nothing is overwritten."""
