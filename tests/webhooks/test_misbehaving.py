"""Receivers that misbehave in every way that we could think of, beside one that is good and gets everything in time and in order."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from app.webhooks import posting
from app.webhooks.addresses import Egress, networks_of
from app.webhooks.outcomes import Answer, Outcome
from app.webhooks.posting import Postman
from tests.screening.declaring import Office, meal

from .receiving import Behaviour, Received, Receiver, answering, listening
from .subscribing import Exchange

INSIDE = Egress(networks_of("127.0.0.0/8"))


async def hang(_: Received, writer: asyncio.StreamWriter) -> bool:
    """Takes the message and says nothing."""
    await asyncio.sleep(60)
    return writer.is_closing()


async def drip(_: Received, writer: asyncio.StreamWriter) -> bool:
    """A byte of the head now and then, for ever."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 10_000:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.05)
    return False


async def endless_headers(_: Received, writer: asyncio.StreamWriter) -> bool:
    """Headers without an end."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: " + b"a" * 1000 + b"\r\n")
        await writer.drain()
        await asyncio.sleep(0.001)


async def endless_information(_: Received, writer: asyncio.StreamWriter) -> bool:
    """Interim answers (RFC 9110, section 15.2) without an end."""
    while True:
        writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 100)
        await writer.drain()
        await asyncio.sleep(0.001)


async def reset(_: Received, writer: asyncio.StreamWriter) -> bool:
    """Cuts the connection off."""
    writer.transport.abort()
    return False


async def close_early(_: Received, writer: asyncio.StreamWriter) -> bool:
    """Half of a head, and goodbye."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Le")
    await writer.drain()
    return False


async def garbage(_: Received, writer: asyncio.StreamWriter) -> bool:
    """No HTTP at all."""
    writer.write(b"\x00\xff" * 500 + b"\r\n\r\n")
    await writer.drain()
    return False


async def say_nothing(_: Received, writer: asyncio.StreamWriter) -> bool:
    """Closes without a word."""
    writer.close()
    return False


MISBEHAVIOURS: dict[str, tuple[Behaviour, Outcome]] = {
    "hangs": (hang, Outcome.TIMED_OUT),
    "drips": (drip, Outcome.TIMED_OUT),
    "endless headers": (endless_headers, Outcome.MALFORMED),
    "endless information": (endless_information, Outcome.MALFORMED),
    "resets": (reset, Outcome.BROKEN_OFF),
    "closes early": (close_early, Outcome.BROKEN_OFF),
    "says nothing": (say_nothing, Outcome.BROKEN_OFF),
    "garbage": (garbage, Outcome.MALFORMED),
    "redirects": (answering(302, "Location: http://169.254.169.254/latest/meta-data"), Outcome.REDIRECTED),
    "500 for ever": (answering(500, body=b"sorry"), Outcome.REFUSED),
    "asks for a year": (answering(503, "Retry-After: 31536000"), Outcome.REFUSED),
}


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "TOTAL_SECONDS", 0.6)
    monkeypatch.setattr(posting, "BODY_SECONDS", 0.2)


@asynccontextmanager
async def posted(receiver: Receiver, tls: ssl.SSLContext | None = None) -> AsyncIterator[Postman]:
    """Whoever posts to it."""
    postman = Postman(receiver.url, INSIDE, tls or ssl.create_default_context())
    try:
        yield postman
    finally:
        await postman.close()


async def answer_of(behave: Behaviour) -> Answer:
    """What a single attempt comes to."""
    async with listening(behave) as receiver, posted(receiver) as postman:
        return await postman.post({"webhook-id": "1"}, b"{}")


@pytest.mark.usefixtures("_short")
@pytest.mark.parametrize("name", MISBEHAVIOURS)
async def test_whatever_it_does_is_an_outcome_within_the_time_allowed(name: str) -> None:
    behave, outcome = MISBEHAVIOURS[name]
    answer = await answer_of(behave)
    assert answer.outcome is outcome
    assert answer.milliseconds < 2_000
    assert answer.retry_after <= 31_536_000


@pytest.mark.usefixtures("_short")
async def test_a_long_answer_is_not_read_to_its_end() -> None:
    sent = 0

    async def ten_megabytes(_: Received, writer: asyncio.StreamWriter) -> bool:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n")
        for _round in range(1_000):
            writer.write(b"a" * 10_000)
            await writer.drain()
            sent += 10_000
        return False

    assert (await answer_of(ten_megabytes)).outcome is Outcome.DELIVERED
    assert sent < 10_000_000


@pytest.mark.usefixtures("_short")
async def test_a_body_that_drips_holds_nothing_up() -> None:
    async def dripping(_: Received, writer: asyncio.StreamWriter) -> bool:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _byte in range(1_000):
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(0.05)
        return False

    assert (await answer_of(dripping)).outcome is Outcome.DELIVERED


async def test_no_cookie_is_sent_back_and_no_proxy_of_the_environment_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with listening(answering(200, "Set-Cookie: a=b; Path=/")) as receiver, posted(receiver) as postman:
        for _ in range(2):
            assert (await postman.post({}, b"{}")).outcome is Outcome.DELIVERED
    assert len(receiver.received) == 2
    assert "cookie" not in receiver.received[1].headers


async def test_nobody_there_is_an_outcome() -> None:
    async with listening() as receiver:
        pass
    async with posted(receiver) as postman:
        assert (await postman.post({}, b"{}")).outcome is Outcome.NOT_CONNECTED


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody but a test trusts."""
    folder = tmp_path_factory.mktemp("tls")
    pem, key = folder / "certificate.pem", folder / "key.pem"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", *subject]
    subprocess.run([*made, "-keyout", str(key), "-out", str(pem)], check=True, capture_output=True)
    return pem, key


async def test_a_certificate_that_nobody_vouches_for_is_refused_and_one_that_is_trusted_taken(certificate: tuple[Path, Path]) -> None:
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(*certificate)
    async with listening(tls=serving) as receiver:
        async with posted(receiver) as postman:
            assert (await postman.post({}, b"{}")).outcome is Outcome.TLS_FAILED
        assert receiver.received == []
        async with posted(receiver, ssl.create_default_context(cafile=str(certificate[0]))) as postman:
            assert (await postman.post({}, b"{}")).outcome is Outcome.DELIVERED


@pytest.mark.usefixtures("_short")
async def test_tls_to_who_speaks_none_fails() -> None:
    async with listening(garbage) as receiver:
        receiver.scheme = "https"
        async with posted(receiver) as postman:
            assert (await postman.post({}, b"{}")).outcome is Outcome.TIMED_OUT


@pytest.mark.usefixtures("_short")
async def test_a_good_endpoint_gets_everything_in_order_whatever_the_others_do(
    exchange: Exchange, receiver: Receiver, office: Office
) -> None:
    async with AsyncExitStack() as stack:
        bad = [await stack.enter_async_context(listening(behave)) for behave, _ in MISBEHAVIOURS.values()]
        for one in bad:
            await exchange.subscribe(one, "declaration.submitted", "unit.changed")
        made = await exchange.subscribe(receiver, "declaration.submitted", "unit.changed")
        exchange.start()
        filed = []
        for number in range(12):
            filed.append((await office.file(meal("2026-10-05"), "meal", by=office.declarant))["id"])
            path = f"/v1/units/{office.bureau['id']}"
            await exchange.client.patch(path, json={"name": f"某局 {number}"}, headers={**exchange.root, "If-Match": "*"})
            await exchange.seal()
        got = await receiver.until(24)
        await exchange.until(made, "delivered", 24)
        positions = [one.data["position"] for one in got if one.data["subject"] == office.bureau["id"]]
        assert positions == sorted(positions)
        assert len({one.id for one in got}) == len(got) == 24
        assert {one.data["subject"] for one in got} == {*filed, office.bureau["id"]}
        assert all(one["attempts"] == 1 for one in await exchange.deliveries(made))
        assert all(one.received for one in bad)
        await exchange.close()
