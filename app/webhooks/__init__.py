"""Webhooks: who subscribes to which lines of the ledger, signing, and delivery at least once and in the order of each subject."""
