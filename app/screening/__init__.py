"""Rows to facts, judged by the book, recorded as findings (筛查)."""
