"""How fast the register is, against the floor of its own database: `python -m tests.benchmarks`. Never part of the tests."""
