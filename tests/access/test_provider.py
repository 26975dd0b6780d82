"""Tokens of a real OpenID provider, from the login to the door."""

from collections.abc import Iterator

import httpx
import pytest

from app.access import oidc
from app.settings import Settings

from .conftest import CLERK, Register, bearer
from .provider import Provider, running_provider

pytestmark = pytest.mark.usefixtures("gate", "register")

CLAIMS = {"scope": "openid declarations:write", "employee": CLERK}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """One process for this file."""
    with running_provider() as running:
        yield running


@pytest.fixture
def settings(database_url: str, provider: Provider) -> Settings:
    """The service trusts the provider."""
    return Settings(database_url=database_url, database_pool=4, key_cache_seconds=0, oidc_issuer=provider.url)


async def test_an_official_signs_in_and_is_known(client: httpx.AsyncClient, provider: Provider, register: Register) -> None:
    answer = await client.get("/caller", headers=bearer(provider.login(CLERK, CLAIMS)))
    assert answer.json() == {
        "actor": f"oidc:{provider.url}|{CLERK}",
        "scopes": ["declarations:write"],
        "person": str(register.clerk),
        "roots": [str(register.district)],
    }


async def test_a_token_for_another_service_is_refused(client: httpx.AsyncClient, provider: Provider) -> None:
    assert (await client.get("/caller", headers=bearer(provider.login(CLERK, CLAIMS, client_id="canteen")))).status_code == 401


async def test_keys_that_the_provider_has_changed_are_followed(
    client: httpx.AsyncClient, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "ASKED_AT_MOST_EVERY", 0)
    before = bearer(provider.login(CLERK, CLAIMS))
    assert (await client.get("/caller", headers=before)).status_code == 200
    provider.stop()
    assert (await client.get("/caller", headers=before)).status_code == 200, "the keys at hand serve on"
    provider.start()
    assert (await client.get("/caller", headers=bearer(provider.login(CLERK, CLAIMS)))).status_code == 200
    assert (await client.get("/caller", headers=before)).status_code == 401
