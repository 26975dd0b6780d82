"""A pass over many declarations comes to what judging each by itself comes to, to the letter."""

from datetime import date

import pytest
from fastapi import FastAPI
from sqlalchemy import select, true

from app.declarations.models import declaration
from app.kit import clock
from app.ledger.unit_of_work import reading
from app.policies.local import standing_limits
from app.screening.declarant import read_declarant
from app.screening.dossiers import read_dossiers
from app.screening.judging import Judging, substance
from app.screening.passes import Views
from app.screening.sweeper import rescreen
from app.screening.together import judge_all, judge_together
from tests.benchmarks.statements import sorts
from tests.factories import Factory

from .conftest import Travel
from .declaring import Office, cny, gift, line, meal, stake


async def fill(office: Office, factory: Factory) -> None:
    """Two officials with something of every kind: a group of givers, runs of a year, foreign money, secrets."""
    mother = await factory.counterparty(name="恒远控股有限公司", relations=[{"unit": office.city["id"], "relation": "supervised_current"}])
    for number in range(3):
        await factory.counterparty(name=f"恒远第{number}有限公司", parents=[mother["id"]])
    rate = {"currency": "USD", "on": "2026-01-05", "rate": "7.1", "source": "外汇交易中心"}
    assert (await office.client.post("/v1/exchange-rates", json=rate, headers=office.root)).status_code == 201
    for number in range(6):
        day = date(2026, 1 + number, 10).isoformat()
        giver = {"name": f"恒远第{number % 3}有限公司"}
        kept = line(
            "cash" if number == 4 else "goods", cny("4000.00") if number != 2 else {"amount": "900.00", "currency": "USD"}, "kept", on=day
        )
        await office.file(gift(day, kept, giver=giver, giver_has_pending_matter=None, relation="unknown"), by=office.declarant)
        await office.file(
            meal(day, host=giver, relation="supervised_current", payer="host", cost_per_head=cny("100.00")), "meal", by=office.declarant
        )
        small = line(worth="180.00", action="kept", on=day)
        await office.file(gift(day, small, giver={"name": "王五"}, relation="colleague"), by=office.declarant)
    await office.file(stake("2026-02-01", acquired_from={"name": "恒远第1有限公司"}), "shareholding", by=office.declarant)
    await office.file(
        stake("2026-01-01", issuer={"name": "恒远第2有限公司"}, acquired_from={"name": "赵六"}), "shareholding", by=office.declarant
    )
    for declarant in (office.declarant, office.stranger):
        for _, kind, details in sorts(date(2026, 3, 14), {"name": "恒远第2有限公司"}):
            await office.file(details, kind, by=declarant)
    await office.file(gift("2026-10-05"), by=office.stranger)
    await office.file(gift("2026-06-01"), by=office.stranger, status="draft")


async def assert_same(app: FastAPI) -> int:
    """Every filed declaration, judged in both ways."""
    book, compared = app.state.book, 0
    async with reading(app.state.database) as view:
        local = await standing_limits(view.connection)
        for dossier in await read_dossiers(view.connection, true(), clock.today(), lock=False):
            views, judging = Views(book, dossier, clock.today(), local), Judging(view, book)
            declarant = await read_declarant(view.connection, dossier.declarant.id, lock=False)
            assert declarant == dossier.declarant
            judgements = judge_together(book, [(views.shelf, place) for place in range(len(views.shelf.filed))])
            for place, filed in enumerate(views.shelf.filed):
                together = views.in_both(place, judgements[place])
                row = (await view.connection.execute(select(declaration).where(declaration.c.id == filed.row["id"]))).mappings().one()
                alone = await judging.judge(judging.matter_of(dict(row)), declarant)
                for one, other in ((together.shown, alone.shown), (together.known, alone.known)):
                    assert substance(one) == substance(other)
                ours, theirs = ({**each.columns(), "screening_id": None} for each in (together, alone))
                assert ours == theirs
                assert (together.commission_findings is None) == (alone.commission_findings is None)
                compared += 1
    return compared


async def moved(app: FastAPI) -> int:
    """Of how many declarations anything would have to be kept."""
    book = app.state.book
    async with reading(app.state.database) as view:
        local = await standing_limits(view.connection)
        dossiers = await read_dossiers(view.connection, true(), clock.today(), lock=False)
    judged = await judge_all(book, dossiers, lambda dossier: Views(book, dossier, clock.today(), local))
    return sum(told is not None for told in judged.told)


@pytest.mark.parametrize("secrets", [False, True])
async def test_together_or_alone_the_findings_are_the_same(
    app: FastAPI, office: Office, factory: Factory, travel: Travel, *, secrets: bool
) -> None:
    await fill(office, factory)
    await rescreen(app.state.database, app.state.book)
    expected = 21 + 2 * len(list(sorts(date(2026, 3, 14), {"name": "某公司"})))
    if secrets:
        travel("2026-10-25")
        await office.inquire("2026-02-05")
        await office.discover(gift("2026-03-20", line("cash", "9000.00", "kept"), giver={"name": "恒远第0有限公司"}))
        expected += 1
    assert await assert_same(app) == expected
    await rescreen(app.state.database, app.state.book)
    assert await moved(app) == 0
    travel("2026-12-31")
    assert await assert_same(app) == expected
    assert await moved(app) > 0
    assert await rescreen(app.state.database, app.state.book) > 0
    assert await moved(app) == 0
