"""Secrets that must be usable, as those that webhooks are signed with: kept encrypted (AES-256-GCM) under a key in a file of the operator's."""

import base64
import binascii
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from app.kit.database import Database

PREFIX = "whsec_"
SECRET_BYTES = 32
"""Of 24 to 64 that the specification allows."""

_KEY_BYTES = 32
_NONCE_BYTES = 12


class VaultError(Exception):
    """There is no usable key, or it does not open what was kept; the text names the file."""


def new_secret() -> str:
    """A fresh secret in the form of Standard Webhooks."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


@dataclass(frozen=True, slots=True)
class Vault:
    """Seals with the first key and opens with any, so that an operator changes keys by putting a new line in front."""

    keys: tuple[bytes, ...]

    def seal(self, secret: str, record_id: UUID) -> bytes:
        """A secret as it is kept; bound to its record, so that none can be put in another's place."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  # loaded where there are webhooks

        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(self.keys[0]).encrypt(nonce, secret.encode(), record_id.bytes)

    def open(self, sealed: bytes, record_id: UUID) -> str:
        """The secret again.

        Raises:
            VaultError: no key opens it.
        """
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415  # as said above
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  # as said above

        for key in self.keys:
            with suppress(InvalidTag):
                return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], record_id.bytes).decode()
        raise VaultError(f"no key opens the secret of {record_id}")


def open_vault(database: Database, configured: Path | None) -> Vault | None:
    """The vault under the configured key, or the one that an embedded register makes beside its database; None where there is neither.

    Raises:
        VaultError: the file holds no key, or cannot be read or made.
    """
    path = configured or (database.file and database.file.with_name(f"{database.file.name}.webhook-key"))
    if path is None:
        return None
    try:
        if configured is None and not path.exists():
            _make(path)
        return Vault(_keys_in(path.read_text(encoding="ascii").split()))
    except (OSError, ValueError) as error:
        raise VaultError(f"{path}: {error.strerror if isinstance(error, OSError) else error}") from error


def _make(path: Path) -> None:
    """A new key, for its owner's eyes alone; one that is there by now stays."""
    with suppress(FileExistsError):
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode() + "\n", encoding="ascii")


def _keys_in(lines: Sequence[str]) -> tuple[bytes, ...]:
    try:
        keys = tuple(base64.b64decode(line, validate=True) for line in lines)
    except binascii.Error as error:
        raise ValueError("not a key in base64") from error
    if not keys or any(len(key) != _KEY_BYTES for key in keys):
        raise ValueError("needs a key of 32 bytes in base64 on each line")
    return keys
