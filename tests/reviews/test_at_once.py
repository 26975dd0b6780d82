"""Everything at once on one person: nobody waits for ever, nothing is lost, and every matter has one review."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from sqlalchemy import func, select

from app.kit.database import Database
from app.ledger.unit_of_work import reading
from app.reviews.models import review, review_event
from app.reviews.opening import take_up_waiting
from app.screening.models import finding
from tests.screening.declaring import gift, line

from .cases import Commission
from .raising import attempt, suspicion


async def test_filing_amending_raising_deciding_and_inquiring_at_once(commission: Commission, database: Database) -> None:
    office = commission.office
    details = [gift(f"2026-10-0{day}", line(action="kept"), giver={"name": f"第{day % 2}建材行"}) for day in range(1, 7)]
    filed = [await office.file(one, by=office.declarant) for one in details[:2]]
    reviews = await commission.list()

    async def answered(sent: Awaitable[Any]) -> int:
        status: int = (await sent).status_code
        return status

    async def amend(number: int, note: str) -> Any:
        path, headers = f"/v1/declarations/{filed[number]['id']}", {**office.declarant, "If-Match": "*"}
        return await office.client.patch(path, json={"note": note}, headers=headers)

    async def file(one: dict[str, Any]) -> Any:
        return await office.client.post("/v1/declarations", json={"kind": "gift", "details": one}, headers=office.declarant)

    inquiry = {"person": office.official["id"], "opened_on": "2026-10-15", "reference": "核字第1号"}
    acts: list[Awaitable[Any]] = [
        *(file(one) for one in details[2:]),
        *(amend(number, note) for number in (0, 1) for note in ("甲", "乙")),
        *(attempt(office, suspicion(one, level="serious")) for one in filed),
        *(commission.attempt(one, "disposition", {"disposition": "no_issue", "text": "经核实"}) for one in reviews),
        *(commission.attempt(one, "request", {"text": "请说明", "due_on": "2026-11-01"}) for one in reviews),
        *(commission.attempt(one, "assignment", {}) for one in reviews),
        office.client.post("/v1/inquiries", json=inquiry, headers=office.commission),
    ]
    statuses, *_ = await asyncio.gather(
        asyncio.gather(*(answered(act) for act in acts)), take_up_waiting(database), take_up_waiting(database), take_up_waiting(database)
    )
    assert set(statuses) <= {200, 201, 409, 412}, "no deadlock, no fault"
    assert set(statuses[:4]) == {201}
    await take_up_waiting(database)
    after = await commission.list()
    assert {one["id"] for one in after} == {one["id"] for one in reviews}
    async with reading(database) as view:
        grave = finding.c.current, finding.c.for_commission, finding.c.level >= 3
        left = select(func.count()).select_from(finding).where(*grave, finding.c.review_id.is_(None))
        assert await view.connection.scalar(left) == 0
        opened = select(func.count()).select_from(review_event).where(review_event.c.type == "opened")
        assert await view.connection.scalar(opened) == await view.connection.scalar(select(func.count()).select_from(review)) == 2
