"""The law as clients read it: rules, limits, lists, instruments, and the version that names their state."""
