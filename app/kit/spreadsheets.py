"""Text files for spreadsheets: known for UTF-8, and with nothing in them that would be reckoned out."""

MARK = "\ufeff"
"""The byte order mark by which spreadsheets know UTF-8."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """Text that a spreadsheet takes for text: one apostrophe before what it would take for a formula (OWASP, CSV Injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text
