"""What `qinqing verify-ledger` and `qinqing ledger-key` do."""

import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NoReturn

from sqlalchemy import select

from app.attachments.storage import Store
from app.attachments.verification import ATTACHMENTS, byte_differences
from app.audit.verification import Difference, Verification
from app.declarations.verification import differences
from app.kit.database import Database
from app.ledger.key_file import KeyFileError, beside, fresh_origin, make_key_file, read_key_file
from app.ledger.models import ledger_checkpoint
from app.ledger.notes import Checkpoint, NoteError, VerifierKey
from app.ledger.unit_of_work import Reading, reading
from app.reports.verification import RECORDS

from .failures import WRONG_SETUP, fail
from .progress import bar


async def verify(database: Database, keys: Sequence[VerifierKey], kept: Sequence[Checkpoint], store: Store | None) -> int:
    """Look at everything and tell what differs, a line for each; how many there are."""
    found = 0
    async with reading(database) as view, AsyncExitStack() as stack:
        trusted = keys or await _stored_keys(view)
        tell = stack.enter_context(bar("台账 Ledger"))
        verification = Verification(view, trusted, kept, tell)
        async for one in verification.differences():
            found += _tell(one)
        async for one in differences(view):
            found += _tell(one)
        for records in (*RECORDS, ATTACHMENTS):
            async for one in records.differences(view):
                found += _tell(one)
        async for one in byte_differences(view, store):
            found += _tell(one)
    if found:
        print(f"发现 {found} 处不符。{found} differences.")
    else:
        print(
            f"{verification.size} 条记录及各份申报、人员、单位、往来对象、附件均与台账相符。"
            f"All is as it was written: {verification.size} lines, and every declaration, person, unit, counterparty and attachment."
        )
    return found


def _tell(found: Difference) -> int:
    place = [f"position {found.position}"] if found.position is not None else []
    line = [f"line {found.line}"] if found.line is not None else []
    print(": ".join([*([", ".join([*place, *line])] if place or line else []), f"{found.what.zh} {found.what.en}"]))
    return 1


async def _stored_keys(view: Reading) -> list[VerifierKey]:
    """The keys that the database itself names, for want of others: whoever altered it may have altered them."""
    stored = await view.connection.scalars(select(ledger_checkpoint.c.verifier_key).where(ledger_checkpoint.c.note.is_not(None)).distinct())
    print(
        "未提供验证公钥，仅以数据库所记者核对签名；请用 --verifier-key。"
        "No verifier key was given; signatures are held against those that the database names. Use --verifier-key.",
        file=sys.stderr,
    )
    return [VerifierKey.parse(one) for one in stored]


def trusted_keys(given: Sequence[str], database: Database, configured: Path | None) -> list[VerifierKey]:
    """The keys whose signatures count: those given, and the ledger's own where its file is at hand."""
    path = configured or beside(database)
    try:
        own = [read_key_file(path).verifier] if path is not None and path.exists() else []
        return [*own, *(VerifierKey.parse(one) for one in given)]
    except NoteError:
        fail("--verifier-key: 不是验证公钥。", "Not a verifier key, such as name+00000000+AAAA….", WRONG_SETUP)
    except KeyFileError as error:
        unusable_key(error)


def checkpoint_in(path: Path) -> Checkpoint:
    """A checkpoint that was kept in a file; its signature was looked at by whoever kept it."""
    try:
        return Checkpoint.parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, NoteError):
        fail(f"--checkpoint: {path} 不是检查点。", f"{path} is no checkpoint.", WRONG_SETUP)


def show_key(database: Database, configured: Path | None, origin: str | None) -> VerifierKey:
    """The part for everybody of the ledger's key, which is made if there is none."""
    path = configured or beside(database)
    if path is None:
        fail("请先设置 QINQING_LEDGER_KEY_FILE。", "Set QINQING_LEDGER_KEY_FILE to the file that shall hold the key.", WRONG_SETUP)
    try:
        if not path.exists():
            make_key_file(path, origin or fresh_origin())
        key = read_key_file(path)
    except NoteError:
        fail("--origin: 名称不得为空，不得含空格或加号。", "A name is not empty and holds neither blanks nor a plus.", WRONG_SETUP)
    except KeyFileError as error:
        unusable_key(error)
    if origin not in (None, key.name):
        fail(f"密钥已存在，名称为 {key.name}。", f"There is a key already, of the name {key.name}.", WRONG_SETUP)
    return key.verifier


def unusable_key(error: KeyFileError) -> NoReturn:
    """Leave, naming the file."""
    fail("台账密钥文件无法使用。", f"The file of the ledger's key cannot be used: {error}", WRONG_SETUP)
