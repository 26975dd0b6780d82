"""What a single read finds, a list shows, and the other way round."""

from itertools import product

import pytest

from tests.bodies import filed, gift
from tests.conftest import Make
from tests.intake.conftest import desk
from tests.intake.desk import PATH, Calling, Desk, made
from tests.people.conftest import calling

__all__ = ["calling", "desk"]


async def test_lists_and_single_reads_show_the_same(desk: Desk, calling: Calling, make_unit: Make, make_person: Make) -> None:
    elsewhere, colleague = await make_unit(), await make_person(desk.unit)
    outsider = await make_person(elsewhere)
    everything = [
        made(await desk.post(filed(gift(), declarant=person["id"], status=status, source=source), headers), 201)
        for person, status, (source, headers) in product(
            (desk.person, colleague), ("draft", "submitted"), (("hr", desk.hr), ("self", desk.hr), ("commission", desk.commission))
        )
    ]
    everything.append(made(await desk.post(gift(), await calling("declarations:write", person=outsider)), 201))
    inspector = await calling("declarations:write", "declarations:read", "reviews:write", person=desk.person, unit=desk.unit)
    seen = {
        "the official": (desk.official, 4),
        "a colleague": (await calling("declarations:write", person=colleague), 4),
        "HR": (desk.hr, 8),
        "the commission": (desk.commission, 8),
        "one of the commission who is declared about": (inspector, 7),
        "a reader from elsewhere": (await calling("declarations:read", unit=elsewhere), 1),
        "a reader of the whole register": (await calling("declarations:read"), 7),
        "one with other business": (await calling("people:write", "audit:read"), 0),
    }
    for who, (headers, count) in seen.items():
        page = made(await desk.client.get(PATH, params={"limit": 200, "count": True}, headers=headers))
        listed = {one["id"] for one in page["items"]}
        single = {one["id"] for one in everything if (await desk.look(one, headers)).status_code == 200}
        assert (who, listed, page["count"]) == (who, single, count)
        assert len(single) == count


@pytest.mark.parametrize("below", ["", "/revisions", "/screenings"])
async def test_an_id_that_is_none_is_refused(desk: Desk, below: str) -> None:
    answer = await desk.look({"id": "42"}, below=below)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/path/declaration_id"]
