"""What reviewers raise by hand: by whom, on what, for whose eyes, and for how long it stands."""
