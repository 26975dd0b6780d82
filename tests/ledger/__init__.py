"""Tests of the ledger: the tree, the notes, the sealer."""
