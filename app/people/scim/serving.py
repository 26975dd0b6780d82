"""One request of SCIM, from the words of the protocol to the register and back; all that needs the protocol's library is behind this."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from scim2_models import SCIMException
from scim2_server.handler import AsyncScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse

from app.access.caller import Caller
from app.kit.errors import Problem
from app.ledger.unit_of_work import Reading

from .dialects import understood
from .protocol import Refused, error_of, protocol
from .storage import Register


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: the path below the service's own address, which is `base_url`."""

    method: str
    base_url: str
    path: str
    query: dict[str, str]
    headers: Sequence[tuple[str, str]]
    body: bytes
    caller: Caller
    body_limit: int

    @property
    def request(self) -> ScimRequest:
        """The request in the words of the protocol.

        Raises:
            SCIMException: an attribute of the register's own extensions does not exist.
        """
        body = understood(self.method, self.path, self.body)
        return ScimRequest(self.method, self.base_url, self.path, self.query, self.headers, body, self.caller)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered, and of which persons it tells."""

    status: int
    headers: dict[str, str]
    body: bytes | None
    shown: frozenset[UUID] = frozenset()


async def serve(asked: Asked, reading: Reading, *, many: bool = False) -> Answer:
    """What the protocol answers over the register; of `many` operations each has a savepoint.

    Raises:
        SCIMException, Problem: it is refused.
    """
    service = protocol(asked.body_limit)
    models = {str(sort.name): service.get_model(sort) for sort in service.provider.resource_types}
    register = Register(reading, asked.caller, models, asked.base_url, many=many)
    return _answer(await AsyncScimHandler(service, register).handle(asked.request), frozenset(register.shown))


def describe(asked: Asked, what: str, *named: str) -> Answer:
    """What the service says of itself: by the name of the protocol's own method, of one thing if it is named.

    Raises:
        SCIMException: there is none of that name.
    """
    service, request = protocol(asked.body_limit), asked.request
    with service.provider:
        return _answer(getattr(service, what)(request.url, *named, request.query))


def refusal_of(error: Exception) -> Problem | None:
    """A refusal of the protocol as one of ours; None for anything else."""
    return Refused(error) if isinstance(error, SCIMException) else None


def refused(problem: Problem) -> Answer:
    """A refusal, whoever refuses, in SCIM's form."""
    error = error_of(problem)
    return Answer(error.status or 500, {}, msgspec.json.encode(error.model_dump()))


def _answer(response: ScimResponse, shown: frozenset[UUID] = frozenset()) -> Answer:
    body: Any = response.body
    headers = {name: value for name, value in response.headers.items() if name != "Content-Type"}
    return Answer(int(response.status), headers, None if body is None else msgspec.json.encode(body), shown)
