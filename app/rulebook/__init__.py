"""The law, as data and pure functions: standard library and pydantic only.

Nothing in this room knows a clock, a session or a network. `book.Book.judge` takes facts and answers findings;
the same facts under the same version always give the same findings, byte for byte.
"""
