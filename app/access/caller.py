"""The caller of a request: what the scopes allow, and from which units down."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.kit.errors import Problem, Words


class Scope(StrEnum):
    """What a caller may do, as far as its units reach."""

    DECLARATIONS_WRITE = "declarations:write"
    DECLARATIONS_FILE_FOR_OTHERS = "declarations:file-for-others"
    DECLARATIONS_READ = "declarations:read"
    REVIEWS_WRITE = "reviews:write"
    PEOPLE_WRITE = "people:write"
    PEOPLE_READ = "people:read"
    RULEBOOK_WRITE = "rulebook:write"
    AUDIT_READ = "audit:read"
    NOTICES_RELAY = "notices:relay"
    ADMIN = "admin"


COMMISSION = (Scope.DECLARATIONS_READ, Scope.REVIEWS_WRITE)
"""Who holds one of these looks with the commission's eyes, within reach."""

OFFICES = (*COMMISSION, Scope.DECLARATIONS_FILE_FOR_OTHERS, Scope.PEOPLE_READ, Scope.PEOPLE_WRITE)
"""Who holds none of these sees personal records of oneself and of those for whom one acts, and no others."""

_BY_NAME = {scope.value: scope for scope in Scope}


def known_scopes(names: Iterable[str]) -> frozenset[Scope]:
    """Those of the names that are scopes of ours; an issuer's `openid` and `profile` mean nothing here."""
    return frozenset(_BY_NAME[name] for name in names if name in _BY_NAME)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who has proved who they are.

    `roots` are the units at and below which the caller reaches; None stands for the whole register, no unit for none.
    `actor` names the credential in the ledger: `key:<id>`, `oidc:<issuer>|<subject>` or `cli`.
    """

    actor: str
    scopes: frozenset[Scope]
    person: UUID | None
    roots: frozenset[UUID] | None

    def may(self, *scopes: Scope) -> bool:
        """Whether the caller holds at least one of the scopes."""
        return not self.scopes.isdisjoint(scopes)

    def require(self, *scopes: Scope) -> None:
        """Refuse without one of the scopes.

        Raises:
            Problem: 403 that names what is missing.
        """
        if not self.may(*scopes):
            named = " / ".join(scopes)
            raise Problem(
                403,
                "scope-missing",
                Words("权限不足", "A scope is missing"),
                Words(f"此操作需要权限 {named}，请向管理员申请。", f"This needs the scope {named}; ask the operator for it."),
                headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{" ".join(scopes)}"'},
            )


CONSOLE = Caller("cli", frozenset(Scope), person=None, roots=None)
"""The operator at the console of the server, who can reach the database anyway."""


def unauthenticated(reason: Words, *, token_given: bool = True) -> Problem:
    """401, with a reason that tells an honest caller what to do and a dishonest one nothing (challenge as in RFC 6750, section 3)."""
    challenge = 'Bearer error="invalid_token"' if token_given else "Bearer"
    return Problem(401, "unauthenticated", Words("身份未验证", "Not authenticated"), reason, headers={"WWW-Authenticate": challenge})
