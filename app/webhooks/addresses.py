"""Where messages may be sent: no address inside the operator's networks, unless the operator has named the network.

A name is resolved here, each of its addresses is looked at, and the connection goes to one that was looked at, so that a name which changes its
answer in between (DNS rebinding) gains nothing.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlsplit

from app.kit.errors import Words

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

RESOLVE_SECONDS = 5.0

_VISIBLE = re.compile(r"[!-~]{1,2000}")
_LABELS = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_NUMERIC = re.compile(r"(0x[0-9a-f]*|[0-9]+)")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NEVER = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # RFC 6890: protocols' own; clouds serve metadata there
        "192.88.99.0/24",  # RFC 7526: 6to4 relays, deprecated
        "168.63.129.16/32",  # a cloud's own host, which its machines reach by a public address
        "64:ff9b:1::/48",  # RFC 8215: translation within a network
        "2001::/23",  # RFC 2928: Teredo and other protocols' own
        "fec0::/10",  # RFC 3879: site-local, deprecated
    )
)


class AddressError(Exception):
    """An address that nothing is sent to; the code is stable, the words name the remedy."""

    def __init__(self, code: str, words: Words) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


@dataclass(frozen=True, slots=True)
class Target:
    """An address, taken apart once: what was checked is what is connected to."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


_PORTS = {"https": 443, "http": 80}


def networks_of(text: str | None) -> tuple[Network, ...]:
    """Networks as a setting names them: CIDRs with commas between them.

    Raises:
        ValueError: one is no network.
    """
    return tuple(ipaddress.ip_network(part.strip()) for part in (text or "").split(",") if part.strip())


def target_of(url: str) -> Target:
    """An address taken apart.

    Raises:
        AddressError: it is none that messages go to, whatever its name resolves to.
    """
    if not _VISIBLE.fullmatch(url) or "\\" in url:
        raise _MALFORMED
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").lower().removesuffix(".")
    except ValueError as error:
        raise _MALFORMED from error
    if parts.scheme not in _PORTS:
        raise AddressError("url-scheme-refused", Words("仅接受 https 网址。", "Only https addresses are accepted."))
    if "@" in parts.netloc:
        raise AddressError("url-userinfo-refused", Words("网址中不得含用户名或口令。", "An address must not hold a user name or password."))
    if "#" in url:
        raise AddressError("url-fragment-refused", Words("网址中不得含 #。", "An address must not hold a fragment."))
    _require_host(host)
    query = f"?{parts.query}" if parts.query else ""
    return Target(parts.scheme, host, _PORTS[parts.scheme] if port is None else port, (parts.path or "/") + query)


def _require_host(host: str) -> None:
    """A name of letters and digits, or an address as it is usually written: no octal, decimal or shortened ones."""
    if not host or len(host) > 253 or "%" in host:
        raise _MALFORMED
    if ":" in host or _NUMERIC.fullmatch(host.rpartition(".")[2]):
        try:
            ipaddress.ip_address(host)
        except ValueError as error:
            raise _MALFORMED from error
    elif not _LABELS.fullmatch(host):
        raise _MALFORMED
    elif host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        raise _REFUSED


@dataclass(frozen=True, slots=True)
class Egress:
    """Where the register sends messages: to public addresses by https, and to the networks that the operator allows."""

    allowed: tuple[Network, ...] = ()

    async def addresses_of(self, target: Target, executor: Executor | None = None) -> list[str]:
        """The addresses that a name has now and that may be connected to, as the resolver orders them.

        Raises:
            AddressError: there are none.
        """
        found = [ipaddress.ip_address(address) for address in await _resolved(target.host, target.port, executor)]
        good = [address for address in found if self._may_be_sent_to(address, target)]
        if good:
            return [str(address) for address in dict.fromkeys(good)]
        if target.scheme == "http" and all(is_public(address) for address in found):
            raise AddressError("url-https-required", Words("请使用 https。", "Use https."))
        raise _REFUSED

    def _may_be_sent_to(self, address: Address, target: Target) -> bool:
        plain = _embedded(address)
        if any(plain in network for network in self.allowed if network.version == plain.version):
            return True
        usual = target.port == 443 or target.port >= 1024
        return target.scheme == "https" and usual and is_public(address)


def is_public(address: Address) -> bool:
    """Whether an address belongs to nobody's inside: not to this host, a link, a private network, a carrier's, or a group."""
    plain = _embedded(address)
    if any(plain in network for network in _NEVER if network.version == plain.version):
        return False
    return plain.is_global and not (plain.is_multicast or plain.is_reserved or plain.is_unspecified or plain.is_link_local)


def _embedded(address: Address) -> Address:
    """The IPv4 address within one of IPv6: mapped (RFC 4291), 6to4 (RFC 3056) or translated (RFC 6052)."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    within = address.ipv4_mapped or address.sixtofour
    if within is None and address in _NAT64:
        within = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return within or address


async def _resolved(host: str, port: int, executor: Executor | None) -> Sequence[str]:
    """The addresses of a name, without their zones.

    Raises:
        AddressError: there are none, or nobody has answered in time.
    """
    asked = asyncio.get_running_loop().run_in_executor(executor, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            found = await asked
    except (OSError, UnicodeError) as error:
        raise _UNRESOLVED from error
    return [str(sockaddr[0]).partition("%")[0] for *_, sockaddr in found]


_MALFORMED = AddressError(
    "url-malformed",
    Words(
        "不是可用的网址，应如 https://hr.example.cn/hooks；非 ASCII 域名写作 punycode。",
        "Not an address such as https://hr.example.cn/hooks; names beyond ASCII are written in punycode.",
    ),
)
_REFUSED = AddressError(
    "url-address-refused",
    Words(
        "该地址属于本机、内部网络或保留地址，不予推送；如确需推送，请管理员设置 QINQING_WEBHOOK_ALLOWED_NETWORKS。",
        "The address lies in this host, an inner network or a reserved range; the operator can allow it by QINQING_WEBHOOK_ALLOWED_NETWORKS.",
    ),
)
_UNRESOLVED = AddressError("url-not-resolved", Words("域名无法解析，请核对。", "The name does not resolve; check it."))
