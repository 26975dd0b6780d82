"""From the claims of a valid token to the official who holds it and what they may do."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, select

from app.kit import clock
from app.kit.errors import Words
from app.ledger.unit_of_work import Reading

from .caller import Caller, Scope, known_scopes, unauthenticated
from .reach import person

ACTOR_LENGTH = 300
"""Characters that the ledger keeps of an actor."""


async def token_holder(view: Reading, claims: Mapping[str, Any], person_claim: str) -> Caller:
    """The caller whom the configured claim names by employee number, reaching from the unit of that person down.

    Who has left office (离职) keeps `declarations:write`, and that alone: some duties to declare outlast the office,
    its powers do not.

    Raises:
        Problem: 401 when that person is not on record.
    """
    known = await _person(view, claims.get(person_claim))
    scopes = known_scopes(_names(claims.get("scope")) | _names(claims.get("scp")))
    if known["left_on"] is not None and known["left_on"] < clock.today():
        scopes &= {Scope.DECLARATIONS_WRITE}
    return Caller(_actor(claims["iss"], claims["sub"]), scopes, known["id"], frozenset([known["unit_id"]]))


async def _person(view: Reading, employee_number: Any) -> RowMapping:
    known, named = None, str(employee_number) if isinstance(employee_number, str | int) else ""
    if named.isprintable():
        statement = select(person).where(person.c.employee_number == named)
        known = (await view.connection.execute(statement)).mappings().first()
    if known is None:
        raise unauthenticated(
            Words(
                "令牌有效，但其持有人未在本登记册中建档，请联系人事部门。",
                "The token is valid, but its holder is not on record here; ask the personnel department.",
            )
        )
    return known


def _names(claim: Any) -> set[str]:
    """Scopes are a text with blanks between them (RFC 8693, section 4.2) or, with some issuers, a list."""
    if isinstance(claim, str):
        return set(claim.split())
    return {name for name in claim if isinstance(name, str)} if isinstance(claim, list) else set()


def _actor(issuer: str, subject: str) -> str:
    """How the ledger names the holder; names that it cannot hold by their digest, since cut off two could become one."""
    name = f"oidc:{issuer}|{subject}"
    if len(name) <= ACTOR_LENGTH and name.isprintable():
        return name
    return f"oidc:sha256:{hashlib.sha256(name.encode(errors='backslashreplace')).hexdigest()}"
