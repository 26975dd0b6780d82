"""Does the acts of a batch one after the other, each in a unit of work of its own, whose answer is kept under the act's key in that very unit."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from fastapi import Response
from sqlalchemy import or_, select

from app.declarations.models import declaration
from app.declarations.visibility import visible
from app.kit import idempotency
from app.kit.answers import raw
from app.kit.errors import Problem, invalid
from app.kit.problems import faults_of, problem_response, unexpected
from app.kit.statements import one_of
from app.ledger.lines import canonical
from app.ledger.unit_of_work import reading, work

from .acts import Acts, AnyAct, earlier_failed
from .schemas import UnreadableAct

Result: TypeAlias = dict[str, Any]

_KNOWN = {"file", "amend", "submit", "withdraw", "nil_return", "withdraw_nil_return", "answer_request"}


class Batch:
    """One batch of one caller. What has failed keeps what builds upon it from being tried, and nothing else."""

    def __init__(self, acts: Acts) -> None:
        self.acts = acts
        self.request = acts.request
        self.actor = acts.caller.actor
        self.database = acts.request.app.state.database
        self._failed = set[str]()
        self._same = dict[str, str]()

    async def done(self, acts: Sequence[AnyAct | UnreadableAct]) -> list[Result]:
        """What became of each act, in their order; whatever is told as done is committed."""
        await self._learn_names(acts)
        return [await self._result(act) for act in acts]

    async def _result(self, act: AnyAct | UnreadableAct) -> Result:
        response = await self._answered(act)
        if response.status_code >= 400:
            self._failed.update(self._named(act))
        else:
            self._failed.discard(_key(act))
            self._learn(msgspec.json.decode(response.body))
        return _told(act, response)

    async def _answered(self, act: AnyAct | UnreadableAct) -> Response:
        try:
            if isinstance(act, UnreadableAct):
                raise _unreadable(act)  # noqa: TRY301  # answered as any other problem
            return await self._kept(act)
        except idempotency.Replay as replay:
            return replay.response
        except Problem as problem:
            return problem_response(self.request, problem)
        except Exception as error:  # noqa: BLE001  # logged; one act that the register stumbles over does not take the others' answers with it
            return unexpected(self.request, error)

    async def _kept(self, act: AnyAct) -> Response:
        """Do the act unless it was done, and keep its answer in the same transaction.

        Raises:
            Replay: it was done before.
        """
        with idempotency.running(self.actor, act.key):
            async with work(self.database, self.actor) as unit:
                claim = await idempotency.claim(unit.connection, self.actor, act.key, _digest(act))
                if self._builds_upon_failure(act):
                    raise earlier_failed()
                response = await self.acts.do(unit, act)
                await claim.keep(unit.connection, response)
        return response

    def _builds_upon_failure(self, act: AnyAct) -> bool:
        upon = {f"key:{named}" for named in [getattr(act, "after", None)] if named}
        named = getattr(act, "declaration", None) or getattr(act, "nil_return", None)
        return not self._failed.isdisjoint(upon | ({self._same.get(str(named), str(named))} if named else set()))

    def _named(self, act: AnyAct | UnreadableAct) -> Iterator[str]:
        """The names under which an act may be built upon."""
        yield _key(act)
        for named in _names_in(act):
            yield self._same.get(named, named)

    def _learn(self, record: Any) -> None:
        """The two ids of a declaration are one name; one that could be filed after all can be built upon."""
        if record.get("client_id"):
            self._same[record["client_id"]] = record["id"]
            self._failed.discard(record["client_id"])

    async def _learn_names(self, acts: Sequence[AnyAct | UnreadableAct]) -> None:
        """Which of the names in the batch are names of one declaration, of those that the caller sees."""
        named = list({UUID(name) for act in acts if not isinstance(act, UnreadableAct) for name in _names_in(act)})
        if not named:
            return
        row = declaration.c
        asked = select(row.id, row.client_id).where(row.client_id.is_not(None), or_(one_of(row.id, named), one_of(row.client_id, named)))
        async with reading(self.database) as view:
            for one in await view.connection.execute(asked.where(visible(self.acts.caller))):
                self._same[str(one.client_id)] = str(one.id)


def _key(act: AnyAct | UnreadableAct) -> str:
    return f"key:{act.key}"


def _names_in(act: AnyAct | UnreadableAct) -> Iterator[str]:
    """The records that an act names, as far as it can be read."""
    given = act.given if isinstance(act, UnreadableAct) else act.model_dump(mode="json", include={"declaration", "nil_return"})
    named = [given.get("declaration"), given.get("nil_return")]
    body = given.get("body") if isinstance(act, UnreadableAct) else None
    named.append(body.get("client_id") if isinstance(body, dict) else str(getattr(getattr(act, "body", None), "client_id", None) or ""))
    return (name.lower() for name in named if isinstance(name, str) and name)


def _digest(act: AnyAct) -> str:
    """SHA-256 of the act as it was given, under which its answer is kept: it says nothing of the batch, so that it may come again in another."""
    return hashlib.sha256(b"act\n" + canonical(act.model_dump(mode="json", exclude_unset=True))).hexdigest()


def _unreadable(act: UnreadableAct) -> Problem:
    """422 with pointers as the act's own door gives them: its body is the document, what stands beside the body is below `/act`."""
    faults = []
    for error in act.errors:
        steps = list(error["loc"])[1:]
        inside, filing = steps[:1] == ["body"] and len(steps) > 1, error["loc"][:1] == ("file",)
        faults += faults_of(
            [{**error, "loc": ("body", *steps[1:]) if inside else tuple(steps)}], at="" if inside else "/act", tagged=filing
        )
    return invalid(list(dict.fromkeys(faults)))


def _told(act: AnyAct | UnreadableAct, response: Response) -> Result:
    """One result."""
    done, document = response.status_code < 400, raw(bytes(response.body).decode())
    kind = act.given.get("act") if isinstance(act, UnreadableAct) else act.act
    return {
        "key": act.key,
        "act": kind if isinstance(kind, str) and kind in _KNOWN else "unknown",
        "status": response.status_code,
        "replayed": response.headers.get("Idempotent-Replayed") == "true",
        "etag": response.headers.get("ETag"),
        "location": response.headers.get("Location"),
        "body": document if done else None,
        "problem": None if done else document,
    }
