"""Persons and units (人员与单位), the unit tree, and the one door through which rows are seen."""
