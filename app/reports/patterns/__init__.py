"""What shows only when declarations are laid side by side (线索): leads for a person to look at, never findings and never verdicts."""
