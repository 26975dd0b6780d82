"""Reading what was filed: who sees what, found by which filter, page by page."""
