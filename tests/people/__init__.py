"""Units, persons and delegations, through the door."""
