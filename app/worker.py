"""Background work: the sealer, and the jobs that acts leave behind or that come again with time."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from uuid import UUID

from app.access import disclosure
from app.approvals.service import FOLLOW as APPROVALS
from app.attachments.policy import Limits, attachment_policy
from app.attachments.policy import Policy as AttachmentPolicy
from app.attachments.service import DISCARD, SETTLE
from app.attachments.settling import settle
from app.attachments.upkeep import attach_whole, discard, look_after, sweep
from app.attachments.uploading.service import ATTACH
from app.calendars.service import remove_dead as remove_dead_links
from app.counterparties.models import counterparty_name
from app.exports.making import ExportMaker
from app.exports.service import MAKE
from app.imports.carrying import carry_out
from app.imports.service import CARRY_OUT
from app.imports.service import forget_old as forget_old_imports
from app.jobs.running import run_jobs
from app.jobs.tasks import Arguments, Task, Tools
from app.kit import idempotency
from app.kit.database import Database
from app.kit.searching import read_unread
from app.ledger.notes import SigningKey
from app.ledger.sealing import Sealer
from app.ledger.unit_of_work import WORKER, work
from app.notices.entitlement import remove_dead as remove_dead_devices
from app.notices.raising import RAISE, NoticePolicy, Raising
from app.notices.stages import days_of
from app.obligations.events import owe_after_events
from app.obligations.moving import OWED
from app.obligations.passing import do_what_is_due
from app.people import personnel
from app.people.models import person
from app.people.personnel import PersonnelEventType, take_events
from app.reviews.opening import take_up_waiting
from app.rulebook.book import Book
from app.screening.due import judge_due
from app.screening.personnel import judge_after_change
from app.screening.service import TAKE_UP
from app.screening.sweeper import Sweeper
from app.screening.sweeping import SWEEP
from app.settings import Settings
from app.webhooks.deliverer import Deliverer, webhook_policy
from app.webhooks.deliverer import Policy as WebhookPolicy

_EVENTS = 200


@dataclass(frozen=True, slots=True)
class Policies:
    """What the operator has settled of the work in the background."""

    processes: int = 1
    access_days: int = disclosure.KEPT_DAYS
    webhooks: WebhookPolicy = field(default_factory=WebhookPolicy)
    notices: NoticePolicy = field(default_factory=NoticePolicy)
    attachments: AttachmentPolicy = field(default_factory=AttachmentPolicy)

    @classmethod
    def of(cls, settings: Settings, database: Database) -> "Policies":
        """By the settings; an embedded register is served and looked after by one process."""
        limits = Limits(
            settings.attachment_bytes,
            settings.attachment_pixels,
            settings.attachment_pages,
            settings.attachments_per_declaration,
            settings.upload_hours,
        )
        return cls(
            1 if database.embedded else settings.judging_processes,
            settings.access_log_days,
            webhook_policy(settings.webhook_key_file, settings.webhook_allowed_networks, settings.webhook_log_days),
            NoticePolicy(days_of(settings.notice_days), settings.notice_kept_days),
            attachment_policy(database, settings.attachments_url, settings.scanner, limits),
        )


_AS_SHIPPED = Policies()


def tasks(policies: Policies = _AS_SHIPPED) -> list[Task]:
    """Every task: what acts have done later, and what is looked after by the clock, deadlines too, as they run by days."""
    return [
        Task("upkeep", partial(_upkeep, policies.access_days), every=timedelta(minutes=10)),
        Task(MAKE, make_exports, every=timedelta(minutes=1)),
        Task(CARRY_OUT, import_file),
        Task(SWEEP, partial(_sweep, policies.processes), every=timedelta(minutes=10)),
        Task(TAKE_UP, _take_up),
        Task(personnel.FOLLOW, follow_personnel, every=timedelta(minutes=10)),
        Task(APPROVALS, follow_approval),
        Task(OWED, follow_obligations, every=timedelta(minutes=10)),
        Task(RAISE, partial(raise_notices, policies.notices), every=timedelta(minutes=1)),
        *_attachment_tasks(policies.attachments),
    ]


def _attachment_tasks(policy: AttachmentPolicy) -> list[Task]:
    """What attachments leave to be done, where they are kept as the policy says."""

    async def clean(tools: Tools, arguments: Arguments) -> None:
        await settle(tools.database, policy, UUID(arguments["attachment"]))

    async def erase(tools: Tools, arguments: Arguments) -> None:
        await discard(tools.database, policy, UUID(arguments["attachment"]))

    async def attach(tools: Tools, arguments: Arguments) -> None:
        await attach_whole(tools.database, policy, UUID(arguments["upload"]))

    async def try_again(tools: Tools, _arguments: Arguments) -> None:
        await look_after(tools.database, policy)

    async def tidy(tools: Tools, _arguments: Arguments) -> None:
        await sweep(tools.database, policy)

    return [
        Task(SETTLE, clean),
        Task(DISCARD, erase),
        Task(ATTACH, attach),
        Task("attachments.look-after", try_again, every=timedelta(minutes=1)),
        Task("attachments.sweep", tidy, every=timedelta(days=1)),
    ]


async def run_for_ever(
    database: Database,
    book: Book,
    stopping: asyncio.Event | None = None,
    *,
    key: SigningKey | None = None,
    policies: Policies = _AS_SHIPPED,
) -> None:
    """Jobs, and beside them the sealer and webhooks, which must not wait for any, until `stopping` is set."""
    stopping = stopping or asyncio.Event()
    jobs = run_jobs(Tools(database, book), tasks(policies), stopping)
    await asyncio.gather(Sealer(database, key).run(stopping), Deliverer(database, policies.webhooks).run(stopping), jobs)


async def _upkeep(access_days: int, tools: Tools, _arguments: Arguments) -> None:
    await run_once(tools.database, tools.book, access_days)


async def run_once(database: Database, book: Book, access_days: int = disclosure.KEPT_DAYS) -> int:
    """Forget what need not be kept and judge what is due; how many declarations came out differently."""
    async with work(database, WORKER) as unit:
        await idempotency.forget_old(unit.connection)
        await disclosure.forget_old(unit, access_days)
        await forget_old_imports(unit)
        await read_unread(unit.connection, person.c.name, counterparty_name.c.name_key)
    judged = await judge_due(database, book)
    await take_up_waiting(database)
    return judged


async def make_exports(tools: Tools, _arguments: Arguments) -> None:
    """Make the exports that wait, and erase those that have expired."""
    await ExportMaker(tools.database, tools.book).work_off()


async def import_file(tools: Tools, arguments: Arguments) -> None:
    """Take in what an import still has."""
    await carry_out(tools.database, tools.book, UUID(arguments["import"]))


async def _sweep(processes: int, tools: Tools, _arguments: Arguments) -> None:
    await Sweeper(tools.database, tools.book, processes).work_off()


async def _take_up(tools: Tools, _arguments: Arguments) -> None:
    await take_up_waiting(tools.database)


async def follow_personnel(tools: Tools, _arguments: Arguments) -> None:
    """What follows from personnel events, some at a time, each marked in the transaction of what follows from it."""
    while await _follow_some(tools):
        pass


async def _follow_some(tools: Tools) -> bool:
    async with work(tools.database, WORKER) as unit:
        events = await take_events(unit, _EVENTS)
        changed = {event["person_id"] for event in events if event["type"] != PersonnelEventType.JOINED}
        await judge_after_change(unit, tools.book, changed)
        await owe_after_events(unit, events)
        return bool(events)


async def follow_approval(tools: Tools, arguments: Arguments) -> None:
    """What a person has declared is judged again when an approval of theirs was granted or revoked."""
    async with work(tools.database, WORKER) as unit:
        await judge_after_change(unit, tools.book, [UUID(arguments["person"])])


async def follow_obligations(tools: Tools, _arguments: Arguments) -> None:
    """What is owed: by whom it is now, what has fallen due, and who is to be reminded."""
    await do_what_is_due(tools.database, tools.book)


async def raise_notices(policy: NoticePolicy, tools: Tools, _arguments: Arguments) -> None:
    """Tell officials what is due and new; end devices and calendar links of who may have none any more."""
    async with work(tools.database, WORKER) as unit:
        await remove_dead_devices(unit)
        await remove_dead_links(unit)
    await Raising(tools.database, tools.book, policy).work_off()
