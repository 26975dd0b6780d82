"""Doors for webhooks and their deliveries."""

import logging
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.caller import Caller
from app.access.dependencies import Looking, Requires, Writing, answer_repeats_with, secret_shown_once
from app.kit.door import Door
from app.kit.errors import Fault, Problem, Words, invalid
from app.kit.etags import IfMatch, etag
from app.kit.pages import AskedPage, PageOut, link_header

from .addresses import AddressError, Egress, networks_of, target_of
from .deliveries import Deliveries, DeliveryFilter
from .schemas import DeliveryOut, DeliveryState, ReplayIn, TopicOut, WebhookChange, WebhookIn, WebhookMade, WebhookOut
from .service import Webhooks
from .subjects import stands_in_units
from .topics import TOPICS
from .vault import Vault, VaultError, open_vault

log = logging.getLogger("qinqing.webhooks")

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], route_class=Door)
SUBSCRIBERS = tuple(sorted({scope for topic in TOPICS.values() for scope in topic.scopes}))
Subscriber = Annotated[Caller, Requires(*SUBSCRIBERS)]


async def _require_admissible(request: Request, url: str) -> None:
    """An address that messages may go to today; it is looked at before a transaction begins, as a name server may be slow.

    Raises:
        Problem: 422 with what is wrong with it.
    """
    try:
        egress = Egress(networks_of(request.app.state.settings.webhook_allowed_networks))
        await egress.addresses_of(target_of(url))
    except AddressError as error:
        raise invalid([Fault("/url", error.code, error.words)]) from error


async def _admissible(request: Request, body: WebhookIn, caller: Subscriber) -> None:
    del caller
    await _require_admissible(request, body.url)


async def _still_admissible(request: Request, body: WebhookChange, caller: Subscriber) -> None:
    del caller
    if "url" in body.model_fields_set:
        await _require_admissible(request, body.url)


async def _vault(request: Request) -> Vault | None:
    """The vault; a key that cannot be used is as good as none, and the log says why."""
    try:
        return open_vault(request.app.state.database, request.app.state.settings.webhook_key_file)
    except VaultError:
        log.exception("the key of webhooks cannot be used")
        return None


Vaulted = Annotated[Vault | None, Depends(_vault)]
"""What secrets are kept in."""


@router.post("", status_code=201, summary="设立推送 Make a webhook", dependencies=[Depends(_admissible)])
async def create_webhook(
    body: WebhookIn, caller: Subscriber, vault: Vaulted, work: Writing, request: Request, response: Response
) -> WebhookMade:
    """签名密钥仅在本答复中显示一次；所推送者只有编号与地址。The secret stands in this answer and nowhere else; messages hold ids and addresses alone.

    以同一 Idempotency-Key 重发时得到 409 `secret-shown-once`。A repeat with the same Idempotency-Key is answered 409 `secret-shown-once`.
    """
    row, secret = await Webhooks(work, caller).add(work, vault, body)
    answer_repeats_with(request, _shown_once(row["id"]))
    response.headers.update({"Location": _address(row["id"]), "ETag": etag(row["version"])})
    return WebhookMade.with_secret(row, secret)


@router.get("", summary="推送列表 List webhooks")
async def list_webhooks(request: Request, response: Response, page: AskedPage, caller: Subscriber, view: Looking) -> PageOut[WebhookOut]:
    """本凭证设立的推送，管理员另见管辖范围内者。Those that this credential made; for the operator also those within reach."""
    webhooks = Webhooks(view, caller)
    rows, following = page.cut(await webhooks.list(page))
    response.headers.update(link_header(request, following))
    return PageOut(items=[WebhookOut.of(row) for row in rows], next=following, count=await webhooks.count() if page.count else None)


@router.get("/topics", summary="主题列表 List topics")
async def list_webhook_topics(caller: Subscriber) -> PageOut[TopicOut]:
    """全部主题、所需权限以及调用者能否订阅。Every topic, the scopes that it needs, and whether the caller may subscribe."""
    items = [TopicOut.of(topic, caller, by_unit=stands_in_units(topic.noun)) for topic in TOPICS.values()]
    return PageOut(items=items, next=None, count=None)


@router.get("/{webhook_id:uuid}", summary="读取推送 Read a webhook")
async def read_webhook(webhook_id: UUID, caller: Subscriber, view: Looking, response: Response) -> WebhookOut:
    """读取一个推送，不含密钥。One webhook, without its secret."""
    row = await Webhooks(view, caller).get(webhook_id)
    response.headers["ETag"] = etag(row["version"])
    return WebhookOut.of(row)


@router.patch("/{webhook_id:uuid}", summary="更改推送 Change a webhook", dependencies=[Depends(_still_admissible)])
async def change_webhook(
    webhook_id: UUID, body: WebhookChange, if_match: IfMatch, caller: Subscriber, work: Writing, response: Response
) -> WebhookOut:
    """更改所列字段；重新启用者自停处续送。Changes the fields sent; one that is enabled again goes on where it stopped."""
    row = await Webhooks(work, caller).change(work, webhook_id, if_match, body)
    response.headers["ETag"] = etag(row["version"])
    return WebhookOut.of(row)


@router.delete("/{webhook_id:uuid}", status_code=204, summary="删除推送 Remove a webhook")
async def remove_webhook(webhook_id: UUID, if_match: IfMatch, caller: Subscriber, work: Writing) -> None:
    """删除推送及其推送记录。Ends a webhook, with all that is told of its deliveries."""
    await Webhooks(work, caller).remove(work, webhook_id, if_match)


@router.post("/{webhook_id}/secret", summary="更换密钥 Rotate the secret")
async def rotate_webhook_secret(
    webhook_id: UUID, if_match: IfMatch, caller: Subscriber, vault: Vaulted, work: Writing, request: Request, response: Response
) -> WebhookMade:
    """新密钥仅显示一次；24 小时内新旧密钥同时签名。The new secret is shown once; for 24 hours the former signs too."""
    row, secret = await Webhooks(work, caller).rotate(work, vault, webhook_id, if_match)
    answer_repeats_with(request, _shown_once(webhook_id))
    response.headers["ETag"] = etag(row["version"])
    return WebhookMade.with_secret(row, secret)


@router.post("/{webhook_id}/replay", status_code=202, summary="重放 Tell again from a position")
async def replay_webhook(
    webhook_id: UUID, body: ReplayIn, if_match: IfMatch, caller: Subscriber, work: Writing, response: Response
) -> WebhookOut:
    """自台账某一位置起重新推送，webhook-id 与首次相同。Tells everything from a position of the ledger on again, under the same ids."""
    row = await Webhooks(work, caller).replay(work, webhook_id, if_match, body.from_position)
    response.headers["ETag"] = etag(row["version"])
    return WebhookOut.of(row)


@router.post("/{webhook_id}/ping", status_code=202, summary="测试 Send a test")
async def ping_webhook(webhook_id: UUID, caller: Subscriber, work: Writing, response: Response) -> DeliveryOut:
    """发送一条 webhook.ping；结果见 Location。Sends a `webhook.ping`; `Location` tells what came of it."""
    deliveries = Deliveries(work, await Webhooks(work, caller).get_own(webhook_id))
    row = await deliveries.ping(work)
    response.headers["Location"] = f"{_address(webhook_id)}/deliveries/{row['id']}"
    return DeliveryOut.of(row)


async def _delivery_filter(
    state: Annotated[DeliveryState | None, Query(description="状态，如 dead。State.")] = None,
    topic: Annotated[str | None, Query(alias="type", max_length=60, pattern=r"^[a-z.-]+$", description="主题。The topic.")] = None,
    subject: Annotated[UUID | None, Query(description="所涉记录。The record concerned.")] = None,
) -> DeliveryFilter:
    return DeliveryFilter(state=state, type=topic, subject=subject)


@router.get("/{webhook_id}/deliveries", summary="推送记录 List deliveries")
async def list_webhook_deliveries(
    webhook_id: UUID,
    request: Request,
    response: Response,
    page: AskedPage,
    asked: Annotated[DeliveryFilter, Depends(_delivery_filter)],
    caller: Subscriber,
    view: Looking,
) -> PageOut[DeliveryOut]:
    """已送、待送与已放弃者，最新在前；尚未首次尝试的不在其内。What was sent, waits or is dead, newest first; what was never tried yet is in the ledger alone."""
    deliveries = Deliveries(view, await Webhooks(view, caller).get_own(webhook_id))
    rows, following = page.cut(list(await deliveries.list(page, asked)))
    response.headers.update(link_header(request, following))
    total = await deliveries.count(asked) if page.count else None
    return PageOut(items=[DeliveryOut.of(row) for row in rows], next=following, count=total)


@router.get("/{webhook_id}/deliveries/{delivery_id}", summary="读取推送记录 Read a delivery")
async def read_webhook_delivery(webhook_id: UUID, delivery_id: UUID, caller: Subscriber, view: Looking) -> DeliveryOut:
    """一条消息及其历次尝试；不保留答复内容。One message with its attempts; nothing of answers is kept but their status."""
    deliveries = Deliveries(view, await Webhooks(view, caller).get_own(webhook_id))
    return DeliveryOut.of(await deliveries.get(delivery_id))


@router.post("/{webhook_id}/deliveries/{delivery_id}/retry", status_code=202, summary="重试 Try again")
async def retry_webhook_delivery(webhook_id: UUID, delivery_id: UUID, caller: Subscriber, work: Writing) -> DeliveryOut:
    """立即重试，已放弃或已送达者亦可。Tries a message again now, be it dead or delivered."""
    deliveries = Deliveries(work, await Webhooks(work, caller).get_own(webhook_id))
    return DeliveryOut.of(await deliveries.retry(work, delivery_id))


def _address(webhook_id: UUID) -> str:
    return f"/v1/webhooks/{webhook_id}"


def _shown_once(webhook_id: UUID) -> Problem:
    return secret_shown_once(
        _address(webhook_id),
        Words(
            f"该请求已完成（推送 {webhook_id}），密钥不再显示。如已遗失，请更换密钥。",
            f"This request was done (webhook {webhook_id}); its secret is not shown again. If it was lost, rotate it.",
        ),
    )
