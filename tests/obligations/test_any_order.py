"""Whatever happens in whatever order, what is owed is what the record says."""

import random
from datetime import date, timedelta

import pytest

from tests.screening.conftest import Travel
from tests.screening.declaring import Json, Office, stake

from .owing import NIL_RETURNS, Desk

KINDS = ("shareholding", "meal")
DUE = date(2026, 11, 30)


class Walk:
    """One official's doings beside a model of them: what stands of each kind, and since when."""

    def __init__(self, desk: Desk, office: Office, campaign: Json, chance: random.Random) -> None:
        self.desk, self.office, self.campaign, self.chance = desk, office, campaign, chance
        self.today = date(2026, 10, 20)
        self.standing = dict[str, tuple[str, date]]()
        self.returned = dict[str, date]()
        self.flagged = False

    async def step(self) -> None:
        """One thing that may happen."""
        await self.chance.choice([self.declare, self.take_back, self.nil, self.take_back_nil, self.pass_days, self.pass_days])()

    async def declare(self) -> None:
        """A holding."""
        filed = await self.office.file(stake("2026-05-01"), "shareholding", by=self.office.declarant)
        self.standing[filed["id"]] = "shareholding", self.today

    async def take_back(self) -> None:
        """One of the declarations."""
        for declared in list(self.standing)[:1]:
            await self.desk.act(f"/v1/declarations/{declared}/withdrawal", self.office.declarant, reason="误报")
            del self.standing[declared]

    async def nil(self) -> None:
        """Of a kind for which none stands."""
        kind = self.chance.choice(KINDS)
        body = {"campaign": self.campaign["id"], "kinds": [kind]}
        answer = await self.office.client.post(NIL_RETURNS, json=body, headers=self.office.declarant)
        new = answer.json()["id"] not in self.returned
        assert answer.status_code == (201 if new else 200)
        if new:
            self.returned[answer.json()["id"]] = self.today
            self.standing[answer.json()["id"]] = kind, self.today

    async def take_back_nil(self) -> None:
        """One of the nil returns."""
        for one in [one for one in self.standing if one in self.returned][:1]:
            await self.desk.act(f"{NIL_RETURNS}/{one}/withdrawal", self.office.declarant, reason="发现漏报")
            del self.standing[one]

    async def pass_days(self) -> None:
        """Up to three weeks, and the work of the day."""
        self.today += timedelta(days=self.chance.randint(1, 21))
        self.travel(str(self.today))
        await self.desk.day()
        self.flagged |= self.today > DUE and not self.met()

    travel: Travel

    def met(self) -> date | None:
        """By which day each kind was accounted for by what stands."""
        days = [min((on for what, on in self.standing.values() if what == kind), default=None) for kind in KINDS]
        known = [day for day in days if day is not None]
        return max(known) if len(known) == len(KINDS) else None

    def expected(self, seen: str) -> bool:
        """Whether a state is what the model says; overdue is found by the work of the day, and may wait for it."""
        met = self.met()
        if met is not None:
            return seen == ("met" if met <= DUE else "late_met")
        return seen in (("open", "overdue") if self.today > DUE else ("open",))


async def _walk(walk: Walk, travel: Travel) -> None:
    walk.travel = travel
    for _ in range(14):
        taken_back = set(walk.standing)
        await walk.step()
        travel(str(walk.today))
        owed = await walk.desk.only()
        assert walk.expected(owed["state"]), (owed, walk.standing, walk.today)
        current = [absent for absent in owed["absences"] if absent["current"]]
        assert len(current) == (owed["state"] == "overdue"), "an absence stands exactly while it is overdue"
        assert taken_back or walk.standing or owed["state"] in ("open", "overdue")
    await walk.desk.day()
    owed = await walk.desk.only()
    assert (owed["state"] == "overdue") == (walk.met() is None and walk.today > DUE)
    told = await walk.desk.told(owed)
    assert told["obligation.overdue"] == len(owed["absences"]), "each passing is told once"


@pytest.mark.parametrize("seed", range(6))
async def test_states_follow_the_record_whatever_happens(desk: Desk, office: Office, travel: Travel, seed: int) -> None:
    campaign = await desk.open(kinds=list(KINDS))
    await _walk(Walk(desk, office, campaign, random.Random(seed)), travel)  # noqa: S311  # a walk, not a secret
