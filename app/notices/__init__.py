"""Notices (提醒) to officials of what is due and what is new, and the devices that a push gateway of the operator's brings them to."""
