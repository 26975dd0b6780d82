"""The examples of the interface's documentation can be filed as they stand."""

import pytest

from app.intake.examples import EXAMPLES
from app.rulebook.contents import KINDS

from .desk import Desk


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database will do."""
    return sqlite_url


async def test_the_example_of_every_kind_can_be_filed(desk: Desk) -> None:
    assert set(EXAMPLES) == set(KINDS)
    for kind, example in EXAMPLES.items():
        assert (await desk.filed(example["value"]))["kind"] == kind
        assert "screening" in await desk.preview(example["value"])
