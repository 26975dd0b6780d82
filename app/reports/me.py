"""What concerns the caller: who I am, what I have to do by when, my year's totals."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import func, select

from app.access.caller import Caller, Scope
from app.access.dependencies import AnyCaller, Looking
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.kit import clock
from app.kit.answers import answer
from app.kit.door import Door
from app.kit.problems import prefers_english
from app.kit.tables import as_text
from app.ledger.unit_of_work import Reading
from app.people.models import person, unit
from app.rulebook.book import Book
from app.rulebook.facts import Source
from app.rulebook.finding import Level
from app.rulebook.money import yuan
from app.screening.declarant import read_declarant
from app.screening.findings import read_findings
from app.screening.judging import Judging
from app.screening.models import screening
from app.screening.totals import TotalOut, render_totals

router = APIRouter(prefix="/v1", tags=["me"], route_class=Door)


class MyPersonOut(BaseModel):
    """The caller's own record in short."""

    id: UUID
    name: str
    employee_number: str
    unit: UUID
    unit_name: str


class TaskOut(BaseModel):
    """Something to be done (待办): a finding's remedy, or a draft to be submitted."""

    declaration: UUID
    kind: str
    rule: str | None = Field(description="草稿待办为空。Empty for drafts.")
    level: str | None
    action: str
    text: str
    due_on: date | None
    overdue: bool


class KindTotalOut(BaseModel):
    """What was declared of a kind this year."""

    kind: str
    declarations: int
    worth: str = Field(description="已知价值合计（人民币元）。Known worths together, in CNY.")


class MyYearOut(BaseModel):
    """This year's totals: what was declared by kind, and the sums that limits are compared with."""

    year: int
    kinds: list[KindTotalOut]
    totals: list[TotalOut]


class MeOut(BaseModel):
    """Who is calling."""

    person: MyPersonOut | None
    scopes: list[Scope]
    units: list[UUID] | None = Field(description="管辖的单位；空为全部。Units reached; null for the whole register.")
    tasks: list[TaskOut]
    year: MyYearOut | None


@router.get("/me", response_model=MeOut, summary="我的 Who am I")
async def read_me(request: Request, caller: AnyCaller, view: Looking) -> Response:
    """身份、待办及期限、本年累计。Who I am, what is due by when, my year's totals."""
    mine = Mine(view, request.app.state.book, caller, english=prefers_english(request))
    return answer(await mine.everything())


class Mine:
    """One caller's own affairs, in the declarant's view: nothing that the commission keeps to itself."""

    def __init__(self, view: Reading, book: Book, caller: Caller, *, english: bool) -> None:
        self.view = view
        self.connection = view.connection
        self.book = book
        self.caller = caller
        self.english = english
        self.own = (declaration.c.declarant_id == caller.person, declaration.c.source != Source.COMMISSION)

    async def everything(self) -> dict[str, Any]:
        """The answer of `GET /v1/me`."""
        known = self.caller.person is not None
        return {
            "person": await self._person() if known else None,
            "scopes": sorted(self.caller.scopes),
            "units": None if self.caller.roots is None else sorted(self.caller.roots),
            "tasks": await self._tasks() if known else [],
            "year": await self._year() if known else None,
        }

    async def _person(self) -> dict[str, Any] | None:
        asked = (
            select(person.c.id, person.c.name, person.c.employee_number, person.c.unit_id.label("unit"), unit.c.name.label("unit_name"))
            .join_from(person, unit, unit.c.id == person.c.unit_id)
            .where(person.c.id == self.caller.person)
        )
        row = (await self.connection.execute(asked)).mappings().first()
        return dict(row) if row else None

    async def _tasks(self) -> list[dict[str, Any]]:
        """Remedies of standing findings and drafts, the most urgent first."""
        asked = (
            select(declaration.c.id, declaration.c.kind, declaration.c.status, as_text(screening.c.findings).label("findings"))
            .join_from(declaration, screening, screening.c.id == declaration.c.screening_id, isouter=True)
            .where(*self.own)
            .where((declaration.c.status == Status.DRAFT) | (declaration.c.shown_outcome >= Level.NOTICE.weight))
            .where(declaration.c.status != Status.WITHDRAWN)
            .order_by(declaration.c.id.desc())
            .limit(500)
        )
        tasks = [task for row in (await self.connection.execute(asked)).mappings() for task in self._tasks_of(row)]
        return sorted(tasks, key=lambda task: (task["due_on"] or "9999", str(task["declaration"])))

    def _tasks_of(self, row: Any) -> list[dict[str, Any]]:
        about = {"declaration": row["id"], "kind": row["kind"]}
        if row["status"] == Status.DRAFT:
            said = "Check the draft and submit it." if self.english else "请核对草稿并提交。"
            return [{**about, "rule": None, "level": None, "action": "submit-draft", "text": said, "due_on": None, "overdue": False}]
        today = clock.today().isoformat()
        return [
            {**about, "rule": found["rule"], "level": found["level"], **found["remedy"], "overdue": (found["remedy"]["due_on"] or "9999") < today}
            for found in read_findings(row["findings"], english=self.english)
            if found["remedy"]
        ]

    async def _year(self) -> dict[str, Any]:
        """This year's declarations by kind, and the running sums after the latest gift."""
        year = clock.today().year
        filed = [*self.own, declaration.c.status == Status.SUBMITTED, declaration.c.occurred_from.between(date(year, 1, 1), date(year, 12, 31))]
        asked = (
            select(declaration.c.kind, func.count().label("declarations"), func.coalesce(func.sum(declaration.c.worth_cents), 0).label("cents"))
            .where(*filed)
            .group_by(declaration.c.kind)
            .order_by(declaration.c.kind)
        )
        rows = (await self.connection.execute(asked)).mappings()
        kinds = [{"kind": row["kind"], "declarations": row["declarations"], "worth": yuan(row["cents"] / 100)} for row in rows]
        return {"year": year, "kinds": kinds, "totals": await self._sums(filed)}

    async def _sums(self, filed: list[Any]) -> list[dict[str, Any]]:
        latest = (
            select(declaration)
            .where(*filed, declaration.c.kind == "gift")
            .order_by(declaration.c.occurred_from.desc(), declaration.c.declared_on.desc(), declaration.c.created_at.desc())
            .limit(1)
        )
        row = (await self.connection.execute(latest)).mappings().first()
        if row is None or self.caller.person is None:
            return []
        judging = Judging(self.view, self.book)
        screened = await judging.judge(judging.matter_of(dict(row)), await read_declarant(self.connection, self.caller.person, lock=False))
        return render_totals(self.book.totals(screened.shown_matter), self.book, english=self.english)
