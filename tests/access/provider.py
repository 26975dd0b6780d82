"""A real OpenID provider in a process of its own on loopback (`oidc-provider-mock`), and a login through it."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx

_WAIT_SECONDS = 30


@dataclass(slots=True)
class Provider:
    """The provider at one port; restarted there it has new keys and has forgotten everybody."""

    port: int
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Its name and address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Run until it answers."""
        command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(self.port)]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + _WAIT_SECONDS
        while not self._answers():
            if time.monotonic() > until:
                raise TimeoutError("the provider does not come up")
            time.sleep(0.05)

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def login(self, subject: str, claims: Mapping[str, object], *, client_id: str = "qinqing") -> str:
        """The ID token of somebody who has signed in at a client, by the authorization code flow."""
        with httpx.Client(base_url=self.url, timeout=_WAIT_SECONDS) as browser:
            browser.put(f"/users/{subject}", json=dict(claims)).raise_for_status()
            back = f"{self.url}/back"
            asked = {"client_id": client_id, "redirect_uri": back, "response_type": "code", "scope": "openid"}
            sent_back = browser.post("/oauth2/authorize", params=asked, data={"sub": subject}).headers["location"]
            (code,) = parse_qs(urlsplit(sent_back).query)["code"]
            told = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "client_id": client_id, "client_secret": "x"}
            token: str = browser.post("/oauth2/token", data=told).raise_for_status().json()["id_token"]
            return token

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/.well-known/openid-configuration").is_success
        except httpx.TransportError:
            return False


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider for as long as the block runs."""
    provider = Provider(_free_port())
    try:
        provider.start()
        yield provider
    finally:
        provider.stop()


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
