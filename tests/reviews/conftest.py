"""The same office as when judging, with an official who sits in the commission as well."""

from collections.abc import Awaitable, Callable

import pytest

from tests.factories import Factory
from tests.screening.conftest import office, travel
from tests.screening.declaring import Headers, Office

from .cases import Commission, open_commission

__all__ = ["office", "travel"]


@pytest.fixture
async def insider(office: Office, make_key: Callable[..., Awaitable[str]]) -> Headers:
    """The official's own key, with everything that the commission may do."""
    scopes = ("declarations:write", "declarations:read", "reviews:write", "declarations:file-for-others")
    return {"Authorization": f"Bearer {await make_key(*scopes, unit=office.city, person=office.official)}"}


@pytest.fixture
async def commission(office: Office, factory: Factory, make_key: Callable[..., Awaitable[str]]) -> Commission:
    """Reviewers of the city and of the bureau."""
    return await open_commission(office, factory, make_key)
