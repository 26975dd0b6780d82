"""Keys and signed checkpoints in the forms of C2SP, and the files that hold a key."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.kit.database import Database
from app.ledger.key_file import KeyFileError, beside, make_key_file, read_key_file, signing_key
from app.ledger.notes import Checkpoint, NoteError, SigningKey, VerifierKey

ROOT_HASH = bytes(range(32))
GO_SIGNING_KEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_VERIFIER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
"""The example of Go's golang.org/x/mod/sumdb/note."""


def test_keys_are_those_of_other_implementations() -> None:
    assert SigningKey.parse(GO_SIGNING_KEY).verifier.text == GO_VERIFIER_KEY
    assert SigningKey.parse(GO_SIGNING_KEY).text == GO_SIGNING_KEY
    with pytest.raises(NoteError, match="not a checkpoint"):
        VerifierKey.parse(GO_VERIFIER_KEY).opened(GO_NOTE)  # the signature is good, what was signed is no checkpoint
    with pytest.raises(NoteError, match="not this key's"):
        VerifierKey.parse(GO_VERIFIER_KEY).opened(GO_NOTE.replace("problem is", "problem was"))


def test_what_is_signed_can_be_opened_with_its_key_alone() -> None:
    key, other = SigningKey.new("log.example/一"), SigningKey.new("log.example/一")
    note = key.signed(7, ROOT_HASH)
    assert key.verifier.opened(note) == Checkpoint("log.example/一", 7, ROOT_HASH)
    cosigned = note + "— witness.example AAAA\n"
    assert key.verifier.opened(cosigned).size == 7
    for forged in (note.replace("\n7\n", "\n8\n"), note.replace("一", "二"), note[:-5] + "\n", "", note.replace("\n\n", "\n")):
        with pytest.raises(NoteError):
            key.verifier.opened(forged)
    with pytest.raises(NoteError):
        other.verifier.opened(note)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\n", " ", "a\tb", "a　b"])
def test_names_that_a_note_cannot_hold_are_refused(name: str) -> None:
    with pytest.raises(NoteError):
        SigningKey.new(name)


@pytest.mark.parametrize("text", ["", "name", "a+00000000+", GO_VERIFIER_KEY.replace("c74f", "c74e"), GO_SIGNING_KEY[:-4], "é+é+é"])
def test_what_is_no_key_is_refused(text: str) -> None:
    for parse in (VerifierKey.parse, SigningKey.parse):
        with pytest.raises(NoteError):
            parse(text)


@pytest.mark.parametrize("text", ["", "a\n", "a\n1\n", "a\n01\nAAAA\n", "a\n-1\nAAAA\n", "a\n1\nAAAA\n", "a\nx\nAAAA\n"])
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.parse(text)


def test_an_embedded_register_makes_its_key_once_for_its_owner_alone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/register.sqlite3")
    with ThreadPoolExecutor() as at_once:
        keys = list(at_once.map(lambda _: signing_key(database, None), range(16)))
    assert len(set(keys)) == 1
    path = beside(database)
    assert path == tmp_path / "register.sqlite3.ledger-key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == [path.name]  # noqa: PTH208


def test_a_key_that_is_there_stays(tmp_path: Path) -> None:
    make_key_file(tmp_path / "key", "log.example")
    first = read_key_file(tmp_path / "key")
    make_key_file(tmp_path / "key", "log.example")
    assert read_key_file(tmp_path / "key") == first


def test_postgresql_has_a_key_only_where_one_is_configured(tmp_path: Path) -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/none")
    assert signing_key(database, None) is None
    with pytest.raises(KeyFileError, match="absent"):
        signing_key(database, tmp_path / "absent")
    (tmp_path / "empty").write_text("")
    with pytest.raises(KeyFileError, match="empty"):
        signing_key(database, tmp_path / "empty")
    with pytest.raises(KeyFileError):
        make_key_file(tmp_path / "nowhere" / "key", "log.example")
