"""The read side of the ledger: its lines, its tiles, and the proofs that nothing of it was changed."""
