"""Reading and proving the ledger, through the door and with verifiers that others wrote."""
