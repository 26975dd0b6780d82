"""Signed checkpoints: what the sealer vouches for (C2SP tlog-checkpoint), signed with Ed25519 in the form of C2SP signed-note.

The library is loaded when something is signed or checked, as loading it takes a noticeable part of the start.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import NamedTuple

ED25519 = b"\x01"
_SECRET = "PRIVATE+KEY+"  # noqa: S105  # how the file of a key begins


class NoteError(ValueError):
    """Text that is no key or no signed checkpoint."""


class Checkpoint(NamedTuple):
    """The tree at one size: everything before stays as it was."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read the lines; further ones are extensions and mean nothing here.

        Raises:
            NoteError: they are none.
        """
        try:
            origin, size, root, *_ = text.split("\n")
            read = cls(origin, int(size), base64.b64decode(root, validate=True))
        except ValueError as error:
            raise NoteError("not a checkpoint") from error
        if str(read.size) != size or read.size < 0 or len(read.root) != hashlib.sha256().digest_size:
            raise NoteError("not a checkpoint")
        return read


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """What everybody may know of a key: whose it is, and how its signatures are checked."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """`<name>+<id>+<key>`, the vkey of signed notes."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read a vkey.

        Raises:
            NoteError: it is none.
        """
        name, key = _key_parts(text.strip())
        read = cls(name, key)
        if read.text != text.strip():
            raise NoteError("not a verifier key")
        return read

    def opened(self, note: str) -> Checkpoint:
        """The checkpoint of a note that this key has signed.

        Raises:
            NoteError: it has not.
        """
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  # as said above
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

        text, signature = _opened(note, self)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature as error:
            raise NoteError("the signature is not this key's") from error
        return Checkpoint.parse(text)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The key of a ledger; its name is the origin line of the checkpoints."""

    name: str
    seed: bytes

    @classmethod
    def new(cls, name: str) -> "SigningKey":
        """A fresh key.

        Raises:
            NoteError: the name is empty, or holds a blank or a plus.
        """
        if not name.isprintable() or not name or "+" in name or name.split() != [name]:
            raise NoteError("a name is not empty and holds neither blanks nor a plus")
        return cls(name, secrets.token_bytes(32))

    @classmethod
    def parse(cls, text: str) -> "SigningKey":
        """Read a key as its file holds it.

        Raises:
            NoteError: it is none.
        """
        plain = text.strip()
        read = cls(*_key_parts(plain.removeprefix(_SECRET)))
        if not plain.startswith(_SECRET) or read.text != plain:
            raise NoteError("not a signing key")
        return read

    @property
    def text(self) -> str:
        """The form of signed notes, as Go's `note.GenerateKey` writes it."""
        return f"{_SECRET}{self.name}+{self.verifier.id.hex()}+{base64.b64encode(ED25519 + self.seed).decode()}"

    @property
    def verifier(self) -> VerifierKey:
        """The part for everybody."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  # as said above

        return VerifierKey(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    def signed(self, size: int, root: bytes) -> str:
        """The note of the tree at that size."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  # as said above

        text = Checkpoint(self.name, size, root).text
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"{text}\n— {self.name} {base64.b64encode(self.verifier.id + signature).decode()}\n"


def _key_parts(text: str) -> tuple[str, bytes]:
    """(name, key) of `<name>+<id>+<key>`."""
    name, _, rest = text.partition("+")
    try:
        key = base64.b64decode(rest.partition("+")[2], validate=True)
    except ValueError as error:
        raise NoteError("not a key") from error
    if not name or key[:1] != ED25519 or len(key) != 33:
        raise NoteError("not an Ed25519 key")
    return name, key[1:]


def _opened(note: str, key: VerifierKey) -> tuple[str, bytes]:
    """(the text of a note, what a key is said to have signed it with)."""
    text, blank, signatures = note.rpartition("\n\n")
    for line in signatures.splitlines() if blank else ():
        dash, _, named = line.partition(" ")
        name, _, written = named.rpartition(" ")
        try:
            signature = base64.b64decode(written, validate=True)
        except ValueError:
            continue
        if dash == "—" and name == key.name and signature[:4] == key.id:
            return text + "\n", signature[4:]
    raise NoteError("not signed by this key")
