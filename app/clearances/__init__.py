"""Clearances (廉政情况核实) for HR and procurement: yes, no or on conditions, never content."""
