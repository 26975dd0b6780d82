"""Whose notices, devices and calendar a caller asks for: its own person's."""

from uuid import UUID

from app.access.caller import Caller
from app.kit.errors import Problem, Words


def person_of(caller: Caller) -> UUID:
    """The person that a caller speaks for.

    Raises:
        Problem: 403 for a key that speaks for nobody.
    """
    if caller.person is None:
        raise Problem(
            403,
            "no-person",
            Words("该密钥不代表任何人员", "The key speaks for nobody"),
            Words("请使用本人的密钥或令牌。", "Use a key or a token of a person."),
        )
    return caller.person
