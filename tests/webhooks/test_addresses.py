"""Where messages may go: nowhere inside, whatever it is called and whatever a name server says the second time."""

import ipaddress
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.webhooks.addresses import AddressError, Egress, is_public, networks_of, target_of
from app.webhooks.outcomes import Outcome
from app.webhooks.posting import Postman

from .receiving import Receiver
from .subscribing import PATH, Exchange

PUBLIC = "203.0.113.7"

INSIDE = (
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),  # noqa: S104
    *("100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
    *("::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1", "::ffff:127.0.0.1", "::ffff:a9fe:a9fe"),
    *("64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1"),
)


@pytest.mark.parametrize("address", INSIDE)
async def test_an_address_inside_is_refused_however_it_is_written(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(AddressError):
        await Egress().addresses_of(target_of(f"https://{host}/hook"))


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "223.5.5.5", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::808:808"])
async def test_public_addresses_are_taken_by_https(address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    (found,) = await Egress().addresses_of(target_of(f"https://{host}/hook"))
    assert ipaddress.ip_address(found) == ipaddress.ip_address(address)
    with pytest.raises(AddressError, match="url-https-required"):
        await Egress().addresses_of(target_of(f"http://{host}/hook"))


@given(some.ip_addresses(v=4))
def test_an_address_within_another_is_public_if_it_is_by_itself(address: Any) -> None:
    for within in (f"::ffff:{address}", f"64:ff9b::{address}"):
        assert is_public(ipaddress.ip_address(within)) == is_public(address)


@given(some.ip_addresses())
def test_nothing_private_is_public(address: Any) -> None:
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        assert not is_public(address) or (address.version == 6 and (address.ipv4_mapped or address.sixtofour))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://hr.example.cn/", "url-scheme-refused"),
        ("file:///etc/passwd", "url-scheme-refused"),
        ("javascript:alert(1)", "url-scheme-refused"),
        ("//hr.example.cn/", "url-scheme-refused"),
        ("https://user:secret@hr.example.cn/", "url-userinfo-refused"),
        ("https://@hr.example.cn/", "url-userinfo-refused"),
        ("https://hr.example.cn/#part", "url-fragment-refused"),
        ("https://localhost/", "url-address-refused"),
        ("https://LOCALHOST./", "url-address-refused"),
        ("https://metadata.google.internal/", "url-address-refused"),
        ("https://2130706433/", "url-malformed"),
        ("https://0x7f000001/", "url-malformed"),
        ("https://0177.0.0.1/", "url-malformed"),
        ("https://127.1/", "url-malformed"),
        ("https://[::1%25lo]/", "url-malformed"),
        ("https://[fe80::1", "url-malformed"),
        ("https://hr.example.cn:99999/", "url-malformed"),
        ("https://hr.example.cn\\@127.0.0.1/", "url-malformed"),
        ("https://hr.example.cn /", "url-malformed"),
        ("https://hr.example.cn/\r\nX: y", "url-malformed"),
        ("https://单位.cn/", "url-malformed"),
        ("https://-a.cn/", "url-malformed"),
        ("https:///hook", "url-malformed"),
        ("https://", "url-malformed"),
        ("hooks", "url-scheme-refused"),
        ("https://1.1.1.1:25/", "url-address-refused"),
        ("https://10.0.0.1/", "url-address-refused"),
        ("https://[::ffff:10.0.0.1]/", "url-address-refused"),
        ("https://no-such-host.invalid/", "url-not-resolved"),
    ],
)
async def test_what_is_no_address_for_messages_is_refused_at_the_door(exchange: Exchange, url: str, code: str) -> None:
    body = {"url": url, "topics": ["unit.changed"]}
    answer = await exchange.client.post(PATH, json=body, headers={**exchange.root, "Accept-Language": "en"})
    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/url", code)
    assert error["message"].isascii()
    assert (await exchange.get(PATH))["items"] == []


async def test_an_address_is_looked_at_when_it_changes_too(exchange: Exchange, receiver: Receiver) -> None:
    made = await exchange.subscribe(receiver, "unit.changed")
    refused = await exchange.patch(made, expected=422, url="https://169.254.169.254/")
    assert refused["errors"][0]["code"] == "url-address-refused"
    moved = await exchange.patch(made, url=f"{receiver.url}&moved=1")
    assert moved["url"].endswith("moved=1")


def _named(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """A name server that answers in turn, the last for ever; the names that it was asked for."""
    asked, left = list[str](), list(answers)

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr("app.webhooks.addresses.socket.getaddrinfo", getaddrinfo)
    return asked


async def test_a_name_that_changes_its_answer_after_registration_is_refused_when_it_is_sent_to(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ssl  # noqa: PLC0415

    asked = _named(monkeypatch, ["1.1.1.1"], ["127.0.0.1"])
    url, egress = f"https://hr.example.cn:{receiver.port}/", Egress()
    assert await egress.addresses_of(target_of(url)) == ["1.1.1.1"]
    postman = Postman(url, egress, ssl.create_default_context())
    assert (await postman.post({}, b"{}")).outcome is Outcome.ADDRESS_REFUSED
    await postman.close()
    assert asked == ["hr.example.cn", "hr.example.cn"]
    assert receiver.received == []


async def test_the_connection_goes_to_the_address_that_was_looked_at_under_the_name_that_was_given(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ssl  # noqa: PLC0415

    asked = _named(monkeypatch, ["10.9.9.9", "127.0.0.1"], ["10.9.9.9"])
    egress = Egress(networks_of("127.0.0.0/8"))
    postman = Postman(f"http://hr.example.cn:{receiver.port}/", egress, ssl.create_default_context())
    assert (await postman.post({}, b"{}")).outcome is Outcome.DELIVERED
    await postman.close()
    assert asked == ["hr.example.cn"]
    assert receiver.received[0].headers["host"] == f"hr.example.cn:{receiver.port}"


async def test_networks_that_the_operator_allows_are_taken_and_no_others() -> None:
    egress = Egress(networks_of("10.0.0.0/8, fd00::/8"))
    for url in ("http://10.1.2.3/", "https://10.1.2.3:25/", "http://[fd00::1]:8080/", "http://[::ffff:10.1.2.3]/"):
        assert await egress.addresses_of(target_of(url))
    with pytest.raises(AddressError):
        await egress.addresses_of(target_of("http://192.168.0.1/"))


def test_networks_are_written_as_cidrs() -> None:
    assert networks_of(None) == networks_of("") == ()
    with pytest.raises(ValueError, match="does not appear"):
        networks_of("10.0.0.0/8,inside")
