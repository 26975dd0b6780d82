"""Approvals (事前批准): asked for before something is accepted, decided by the unit's head or HR, and read by the rules that ask for one."""
