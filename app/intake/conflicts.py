"""A change that started from a state that stands no more: what became of it meanwhile, and what of the change can be kept."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, TypeAlias
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import RowMapping, exists, select

from app.access.caller import Caller, Scope
from app.access.models import api_key
from app.declarations.models import declaration_revision
from app.declarations.repository import Values
from app.declarations.schemas import DeclarationChange
from app.kit.conflicts import ChangedBy, ConflictSide
from app.kit.errors import Problem, Words
from app.kit.etags import etag, require_match, stale
from app.ledger.lines import instant
from app.ledger.unit_of_work import Reading
from app.people.models import delegation
from app.rulebook.book import Book
from app.rulebook.facts import Source

Base: TypeAlias = str | int
"""What a change starts from: an If-Match header, or the number of the revision that an act of the same client has left."""

_revision = declaration_revision.c
_WORDS = {
    ChangedBy.YOURSELF: Words("本人（可能在另一台设备上）", "yourself, perhaps on another device"),
    ChangedBy.DECLARANT: Words("申报人本人", "the declarant"),
    ChangedBy.DELEGATE: Words("代办人", "a delegate"),
    ChangedBy.HR: Words("单位人事", "HR"),
    ChangedBy.COMMISSION: Words("纪检监察机构", "the commission"),
    ChangedBy.REGISTER: Words("登记册重新筛查，内容未变", "the register judged it anew; what it says is unchanged"),
    ChangedBy.OTHER: Words("其他有权人员", "somebody else who may"),
}
_UNKNOWN = Words(
    "无从辨认您所据的版本：请重新读取，逐项核对后以现行 ETag 提交。",
    "The register cannot tell from which version you started: read it again, compare, and resend against the ETag that stands.",
)
_COLLIDES = Words(
    "标明 collides 的字段双方改动不同，请由本人取舍；其余字段可以现行 ETag 原样重新提交。",
    "A person must choose for the fields marked `collides`; the others can be resent as they are against the ETag that stands.",
)
_FREE = Words(
    "各字段互不冲突：以现行 ETag 原样重新提交即可。", "Nothing collides: resend the change as it is against the ETag that stands."
)


async def require_base(view: Reading, book: Book, caller: Caller, declared: Values, base: Base, change: DeclarationChange | None) -> None:
    """The declaration is what the change started from. A revision that stands will do, though the register has judged it anew.

    Raises:
        Problem: 412 that explains the conflict.
    """
    try:
        if isinstance(base, str):
            require_match(base, declared["version"])
        elif base != declared["revision"]:
            raise stale(declared["version"])
    except Problem as problem:
        problem.conflict = await _explained(view, book, caller, declared, base, change)
        raise


async def _explained(
    view: Reading, book: Book, caller: Caller, declared: Values, base: Base, change: DeclarationChange | None
) -> dict[str, Any]:
    started = await _started_from(view, declared, base)
    newest = await _state(view, declared["id"], declared["revision"])
    fields = list(_fields(started, declared, _yours(book, started, declared, change)))
    judged_anew = started is not None and started["revision"] == declared["revision"]
    by = ChangedBy.REGISTER if judged_anew else await _changed_by(view, caller, declared, newest)
    collides = any(field["collides"] for field in fields)
    return {
        "based_on": started and started["revision"],
        "stands": declared["revision"],
        "etag": etag(declared["version"]),
        "changed_by": by.value,
        "changed_by_words": _WORDS[by],
        "changed_at": None if judged_anew or newest is None else instant(newest["made_at"]),
        "fields": fields,
        "remedy": _UNKNOWN if started is None else _COLLIDES if collides else _FREE,
    }


async def _started_from(view: Reading, declared: Values, base: Base) -> RowMapping | None:
    """The revision that stood under an entity tag; None for one that the register never gave, or gave before it kept versions."""
    if isinstance(base, int):
        return await _state(view, declared["id"], base)
    tag = base.partition(",")[0].strip().removeprefix("W/").strip('"')
    if not tag.isdecimal() or len(tag) > 9 or int(tag) > declared["version"]:
        return None
    stood = (_revision.declaration_id == declared["id"], _revision.version <= int(tag))
    asked = select(declaration_revision).where(*stood).order_by(_revision.revision.desc()).limit(1)
    return (await view.connection.execute(asked)).mappings().first()


async def _state(view: Reading, declaration_id: UUID, revision: int) -> RowMapping | None:
    asked = select(declaration_revision).where(_revision.declaration_id == declaration_id, _revision.revision == revision)
    return (await view.connection.execute(asked)).mappings().first()


def _yours(book: Book, started: RowMapping | None, declared: Values, change: DeclarationChange | None) -> dict[str, Any]:
    """By pointer what the caller would make of each field sent, as it would be kept."""
    if change is None:
        return {}
    sent: Mapping[str, Any] = change.details if "details" in change.model_fields_set else {}
    kept: Mapping[str, Any] = sent
    with suppress(ValidationError):
        before = (started or declared)["details"]
        stated = {name: value for name, value in {**before, **sent}.items() if value is not None}
        kept = book.details(declared["kind"]).model_validate(stated).model_dump(mode="json")
    beside = {f"/{name}": getattr(change, name) for name in ("note", "client_reference") if name in change.model_fields_set}
    return {**{f"/details/{_step(name)}": kept.get(name) for name in sent}, **beside}


def _fields(started: RowMapping | None, declared: Values, yours: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What one side or both have changed. Where the start is not known, all that the caller would change is held against what stands."""
    theirs = _flat(declared) | {"/client_reference": declared["client_reference"]}
    base = {} if started is None else _flat(started) | {"/client_reference": declared["client_reference"]}
    for pointer in sorted({*yours, *(theirs if started is not None else ()), *base}):
        before, now, mine = base.get(pointer), theirs.get(pointer), yours.get(pointer)
        ours_moved = pointer in yours and (started is None or mine != before)
        theirs_moved = started is not None and now != before
        if not ours_moved and not theirs_moved:
            continue
        side = ConflictSide.BOTH if ours_moved and theirs_moved else ConflictSide.YOURS if ours_moved else ConflictSide.THEIRS
        collides = ours_moved and mine != now and (theirs_moved or started is None)
        yield {"pointer": pointer, "changed_by": side.value, "collides": collides, "base": before, "yours": mine, "theirs": now}


def _flat(state: Mapping[str, Any] | RowMapping) -> dict[str, Any]:
    """A state by pointer: each field of the details whole, as a change replaces it."""
    return {f"/details/{_step(name)}": value for name, value in state["details"].items()} | {
        "/note": state["note"],
        "/status": state["status"],
    }


def _step(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


async def _changed_by(view: Reading, caller: Caller, declared: Values, newest: RowMapping | None) -> ChangedBy:
    """Whose the newest revision is, as far as the credential tells."""
    made_by = newest["made_by"] if newest else ""
    if made_by == caller.actor:
        return ChangedBy.YOURSELF
    key = await _key(view, made_by, declared["declarant_id"])
    if key is not None and key.person_id is not None:
        if key.person_id == caller.person:
            return ChangedBy.YOURSELF
        if key.person_id == declared["declarant_id"]:
            return ChangedBy.DECLARANT
        if key.delegated:
            return ChangedBy.DELEGATE
    if declared["source"] == Source.COMMISSION:
        return ChangedBy.COMMISSION
    return ChangedBy.HR if key is not None and Scope.DECLARATIONS_FILE_FOR_OTHERS in key.scopes else ChangedBy.OTHER


async def _key(view: Reading, actor: str, declarant_id: UUID) -> Any:
    """The key that acted, and whether its person was ever the declarant's delegate; None for other credentials."""
    if not actor.startswith("key:"):
        return None
    delegated = exists().where(delegation.c.person_id == declarant_id, delegation.c.delegate_id == api_key.c.person_id)
    asked = select(api_key.c.person_id, api_key.c.scopes, delegated.label("delegated")).where(api_key.c.id == UUID(actor[4:]))
    return (await view.connection.execute(asked)).first()
