"""Making, changing and removing webhooks, their secrets, and setting them back."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import COMMISSION, Caller, Scope
from app.access.reach import UNIT_UNKNOWN, in_reach, unit
from app.kit import clock
from app.kit.database import held, lock
from app.kit.errors import Fault, Problem, Words, conflict, invalid, not_found
from app.kit.etags import require_match, stale
from app.kit.ids import new_id
from app.kit.pages import Page
from app.kit.patches import merged
from app.ledger.lines import digest
from app.ledger.sealing import sealed_lines
from app.ledger.unit_of_work import Reading, Work

from .models import webhook, webhook_delivery
from .schemas import WebhookChange, WebhookIn
from .subjects import stands_in_units
from .topics import TOPICS, Rights, actions_for, named_by
from .vault import Vault, new_secret

MOST = 100
"""Webhooks that a register may have."""

FORMER_COUNTS = timedelta(hours=24)
"""How long the former secret signs beside a new one."""


class Webhooks:
    """The webhooks that a caller sees: those that it made, and for the operator those within reach.

    Who changes one, or looks at what it delivers, must be somebody who might have made it.
    """

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.view = view
        self.connection = view.connection
        self.caller = caller

    async def add(self, work: Work, vault: Vault | None, body: WebhookIn) -> tuple[RowMapping, str]:
        """(the new webhook, its secret, which nobody can read again). It is told what is sealed from now on.

        Raises:
            Problem: 403 for topics beyond the caller's scopes; 409 without a key to keep secrets under, or when there are too many; 422.
        """
        unit_id, webhook_id, secret = await self._checked(body), new_id(), new_secret()
        await self._require_room()
        row = {
            "id": webhook_id,
            **_columns(body, unit_id),
            **_rights(self.caller),
            "secret": opened(vault).seal(secret, webhook_id),
            "created_at": clock.now(),
            "created_by": work.actor,
            "version": 1,
            "position": await sealed_lines(work),
            "delivered": 0,
            "failed": 0,
        }
        await self.connection.execute(insert(webhook).values(row))
        work.record("webhook.created", webhook_id, {"topics": body.topics, "unit": unit_id, "url": digest(body.url)})
        return await self.get(webhook_id), secret

    async def get(self, webhook_id: UUID) -> RowMapping:
        """One webhook.

        Raises:
            Problem: 404.
        """
        row: RowMapping | None = (
            (await self.connection.execute(self._seen(select(webhook)).where(webhook.c.id == webhook_id))).mappings().first()
        )
        if row is None:
            raise not_found(Words("推送", "webhook"))
        return row

    async def get_own(self, webhook_id: UUID) -> RowMapping:
        """One that the caller might have made.

        Raises:
            Problem: 403 when it tells of more than the caller may know; 404.
        """
        row, rights = await self.get(webhook_id), Rights.of(self.caller)
        made_with = Rights(frozenset(Scope(scope) for scope in row["scopes"]), row["impersonal"])
        told = [TOPICS[action] for action in actions_for(row["topics"], made_with)]
        beyond = next((topic for topic in told if not rights.cover(topic)), None)
        if beyond is not None:
            self.caller.require(*beyond.scopes)
            raise _for_offices()
        if made_with.as_commission and not rights.as_commission and any(topic.noun == "declaration" for topic in told):
            self.caller.require(*COMMISSION)
            raise _for_offices()
        return row

    async def list(self, page: Page) -> list[RowMapping]:
        """A page of webhooks, newest first, one more than asked for."""
        return list((await self.connection.execute(page.of(self._seen(select(webhook)), webhook.c.id))).mappings())

    async def count(self) -> int:
        """How many there are."""
        how_many: Any = func.count()
        return await self.connection.scalar(self._seen(select(how_many).select_from(webhook))) or 0

    async def change(self, work: Work, webhook_id: UUID, if_match: str, change: WebhookChange) -> RowMapping:
        """Change the fields that were sent; enabling one forgets why it was disabled, and goes on where it stopped.

        Raises:
            Problem: 403, 404, 412, 422.
        """
        row = await self.get_own(webhook_id)
        body = merged(WebhookIn, _standing(row), change)
        fields = change.model_fields_set
        unit_id = await self._checked(body) if fields & {"topics", "unit"} else row["unit_id"]
        changes = {**_columns(body, unit_id), **(_rights(self.caller) if fields & {"topics", "unit"} else {})}
        if body.enabled and not row["enabled"]:
            changes |= {"disabled_reason": None, "failing_since": None}
        told = {"fields": sorted(fields), **({"url": digest(body.url)} if "url" in fields else {})}
        return await self._change(work, row, if_match, "webhook.changed", changes, told)

    async def rotate(self, work: Work, vault: Vault | None, webhook_id: UUID, if_match: str) -> tuple[RowMapping, str]:
        """(the webhook, its new secret); the one before signs too for a day.

        Raises:
            Problem: 403, 404, 409 without a key to keep secrets under, 412.
        """
        row, secret = await self.get_own(webhook_id), new_secret()
        changes = {
            "secret": opened(vault).seal(secret, webhook_id),
            "former_secret": row["secret"],
            "former_until": clock.now() + FORMER_COUNTS,
        }
        return await self._change(work, row, if_match, "webhook.rotated", changes, {}), secret

    async def replay(self, work: Work, webhook_id: UUID, if_match: str, position: int) -> RowMapping:
        """Tell everything from a position on again; what waits or is dead from there on need not wait, as it comes again.

        Raises:
            Problem: 403, 404, 412.
        """
        row = await self.get_own(webhook_id)
        start = min(position, await sealed_lines(work))
        again = and_(webhook_delivery.c.webhook_id == webhook_id, webhook_delivery.c.position >= start)
        row = await self._change(work, row, if_match, "webhook.replayed", {"position": start}, {"from": start})
        await self.connection.execute(delete(webhook_delivery).where(again, webhook_delivery.c.state != "delivered"))
        return row

    async def remove(self, work: Work, webhook_id: UUID, if_match: str) -> None:
        """End a webhook with all that is told of its deliveries; also one of whose topics the operator may not know.

        Raises:
            Problem: 404, 412.
        """
        row = await self.get(webhook_id)
        require_match(if_match, row["version"])
        await self.connection.execute(update(webhook).where(webhook.c.id == webhook_id).values(enabled=False, version=row["version"] + 1))
        await self.connection.execute(delete(webhook_delivery).where(webhook_delivery.c.webhook_id == webhook_id))
        await self.connection.execute(delete(webhook).where(webhook.c.id == webhook_id))
        work.record("webhook.removed", webhook_id, {})

    async def _change(
        self, work: Work, row: RowMapping, if_match: str, action: str, changes: Mapping[str, Any], told: Mapping[str, Any]
    ) -> RowMapping:
        """From the version that was read to the next, which ends the hold of whoever delivers."""
        require_match(if_match, row["version"])
        same = and_(webhook.c.id == row["id"], webhook.c.version == row["version"])
        changed = update(webhook).where(same).values(**changes, version=row["version"] + 1)
        if not (await self.connection.execute(changed)).rowcount:
            raise stale()
        work.record(action, row["id"], told)
        return await self.get(row["id"])

    def _seen(self, statement: Select[Any]) -> Select[Any]:
        ways: list[ColumnElement[bool]] = [webhook.c.created_by == self.caller.actor]
        if self.caller.may(Scope.ADMIN):
            ways.append(in_reach(self.caller, webhook.c.unit_id))
        return statement.where(or_(*ways))

    async def _checked(self, body: WebhookIn) -> UUID | None:
        """The unit that a webhook is for, with topics that the caller may know of.

        Raises:
            Problem: 403, 422.
        """
        unit_id = body.unit or self._own_unit()
        faults = list(self._faults(body, unit_id))
        known = and_(unit.c.id == unit_id, in_reach(self.caller, unit.c.id))
        if unit_id is not None and await self.connection.scalar(held(select(unit.c.id).where(known))) is None:
            faults.append(UNIT_UNKNOWN)
        if faults:
            raise invalid(faults)
        return unit_id

    def _own_unit(self) -> UUID | None:
        roots = self.caller.roots
        if roots is not None and len(roots) != 1:
            raise invalid([_UNIT_NEEDED])
        return next(iter(roots)) if roots else None

    def _faults(self, body: WebhookIn, unit_id: UUID | None) -> Iterator[Fault]:
        rights = Rights.of(self.caller)
        for place, pattern in enumerate(body.topics):
            topics = list(named_by([pattern]))
            if not topics:
                yield Fault(f"/topics/{place}", "topic-unknown", _TOPIC_UNKNOWN)
            elif not any(rights.cover(topic) for topic in topics):
                self.caller.require(*topics[0].scopes)
                yield Fault(f"/topics/{place}", "topic-confidential", _CONFIDENTIAL)
            elif unit_id is not None and not any(stands_in_units(topic.noun) for topic in topics):
                yield Fault(f"/topics/{place}", "topic-without-unit", _WITHOUT_UNIT)

    async def _require_room(self) -> None:
        await lock(self.connection, "webhooks")
        if (await self.connection.scalar(select(func.count()).select_from(webhook)) or 0) >= MOST:
            said = Words(
                f"至多可设 {MOST} 个推送，请先删除不再需要的。", f"A register has at most {MOST}; remove one that is no longer needed."
            )
            raise conflict("too-many-webhooks", Words("推送已达上限", "There are as many webhooks as there may be"), said)


def _columns(body: WebhookIn, unit_id: UUID | None) -> dict[str, Any]:
    return {"url": body.url, "topics": body.topics, "description": body.description, "unit_id": unit_id, "enabled": body.enabled}


def _standing(row: RowMapping) -> dict[str, Any]:
    return {**{name: row[name] for name in ("url", "topics", "description", "enabled")}, "unit": row["unit_id"]}


def _rights(caller: Caller) -> dict[str, Any]:
    return {"scopes": sorted(caller.scopes), "impersonal": caller.person is None}


def opened(vault: Vault | None) -> Vault:
    """The vault, if there is one.

    Raises:
        Problem: 409 that names the setting.
    """
    if vault is None:
        raise conflict(
            "webhook-key-missing",
            Words("尚未配置推送密钥的保管密钥", "There is no key to keep secrets under"),
            Words(
                "请管理员设置 QINQING_WEBHOOK_KEY_FILE（见 docs/operations.md）后重试。",
                "Ask the operator to set QINQING_WEBHOOK_KEY_FILE (docs/operations.md), then try again.",
            ),
        )
    return vault


def _for_offices() -> Problem:
    return Problem(
        403,
        "webhook-confidential",
        Words("该推送涉及保密事项", "The webhook tells of confidential matters"),
        Words("请使用不代表任何人员的密钥。", "Use a key that speaks for nobody."),
    )


_TOPIC_UNKNOWN = Words("没有这个主题，见 /v1/webhooks/topics。", "No such topic; see /v1/webhooks/topics.")
_CONFIDENTIAL = Words(
    "该主题可能涉及核查，须使用不代表任何人员的密钥订阅。", "This may come of an inquiry; subscribe with a key that speaks for nobody."
)
_WITHOUT_UNIT = Words(
    "此类记录不属于任何单位，仅面向全部单位的推送可以订阅。",
    "Such records stand in no unit; only a webhook of the whole register is told of them.",
)
_UNIT_NEEDED = Fault("/unit", "unit-required", Words("请填写您管辖范围内的单位。", "Name a unit within your reach."))
