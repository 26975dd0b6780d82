"""Every command, in the order in which an operator meets them."""

import asyncio
import json
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError

from app.access.caller import Scope
from app.access.schemas import ApiKeyIn
from app.imports.schemas import ImportKind
from app.imports.service import Asked
from app.kit.database import Database
from app.kit.logs import configure_logs
from app.kit.memory import keep_loaded
from app.kit.migrations import head, upgrade
from app.kit.problems import faults_of
from app.ledger.key_file import KeyFileError, signing_key
from app.ledger.notes import SigningKey
from app.main import create_app
from app.policies import document
from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS
from app.screening.passes import Move
from app.screening.sweeper import compare, rescreen
from app.settings import Settings
from app.worker import Policies, run_for_ever

from . import demo
from .failures import FAILED, WRONG_SETUP, connected, fail, lawful, read_settings
from .importing import Order, import_file
from .keys import create_key
from .ledger import checkpoint_in, show_key, trusted_keys, unusable_key, verify
from .progress import watched
from .serving import Address, refuse_workers_on_sqlite, run_server
from .store import bring_forward, opened, require_current

Done = TypeVar("Done")

cli = typer.Typer(
    help="亲清：公职人员廉洁申报登记册。An open register of integrity declarations.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
key_commands = typer.Typer(no_args_is_help=True)
cli.add_typer(key_commands, name="keys", help="管理密钥。API keys.")


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="监听地址。Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="监听端口，0 为任一空闲端口。Port; 0 takes a free one.")] = 8000,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="进程数，多于 1 须用 PostgreSQL。Processes; more than one needs PostgreSQL.")
    ] = 1,
    with_demo: Annotated[bool, typer.Option("--demo", help="写入演示数据并打印密钥。Seed demonstration data and print keys.")] = False,
) -> None:
    """启动服务；SQLite 自动更新结构。Serve; an embedded database is migrated by itself."""
    settings = read_settings()
    configure_logs(settings.log_level)
    with lawful():
        app = create_app(settings)
    refuse_workers_on_sqlite(app, workers)
    with connected():
        bring_forward(settings.database_url)
    if app.state.database.embedded:
        _ledger_key(settings)
    address = Address(host, port)
    listener = address.listen()
    if with_demo:
        with connected():
            print(asyncio.run(_on(settings.database_url, partial(demo.seed, book=app.state.book, address=address.url(listener)))))
    print(f"{address.url(listener)}/docs", flush=True)
    run_server(app, listener, workers)


async def _on(url: str, act: Callable[[Database], Awaitable[Done]], pool_size: int = 1) -> Done:
    """Do something with the database of the settings, and close it."""
    async with opened(url, pool_size) as database:
        return await act(database)


@cli.command()
def worker() -> None:
    """后台任务：到期重新筛查、清理；PostgreSQL 须单独运行。Background work; beside the web processes on PostgreSQL."""
    settings = read_settings()
    configure_logs(settings.log_level)
    with lawful():
        book = Book(CHAPTERS)
    with connected():
        bring_forward(settings.database_url)
    key = _ledger_key(settings)
    keep_loaded()
    policies = Policies.of(settings, Database(settings.database_url))
    run = partial(run_for_ever, book=book, key=key, policies=policies)
    with suppress(asyncio.CancelledError):
        asyncio.run(_until_told(_on(settings.database_url, run, settings.database_pool)))


async def _until_told(work: Coroutine[Any, Any, None]) -> None:
    """Work until a signal says to stop; what is under way is rolled back, and open again."""
    task = asyncio.ensure_future(work)
    for told in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(told, task.cancel)
    await task


def _ledger_key(settings: Settings) -> SigningKey | None:
    """A key that is configured must be there before anything starts; an embedded register makes one if need be."""
    try:
        return signing_key(Database(settings.database_url), settings.ledger_key_file)
    except KeyFileError as error:
        unusable_key(error)


@cli.command("rescreen")
def rescreen_all(
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="仅限延续至该日或之后的行为。Only conduct that lasted to this day or beyond."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="仅显示差异，不作更改。Show what would change, and change nothing.")] = False,
) -> None:
    """按现行规则重新筛查已提交的申报。Judge what is filed anew, as after a new release of the law."""
    settings, day = read_settings(), since.date() if since else None
    with lawful():
        book = Book(CHAPTERS)
    with connected():
        bring_forward(settings.database_url)
        if dry_run:
            _tell(*asyncio.run(_on(settings.database_url, partial(compare, book=book, since=day))))
            return
        watch = partial(watched, "筛查 Judging")
        act = partial(rescreen, book=book, since=day, processes=settings.judging_processes, watch=watch)
        changed = asyncio.run(_on(settings.database_url, act))
    print(f"{changed} 份申报的筛查结果有变化。The findings of {changed} declarations have changed.")


def _tell(declarations: int, moved: Counter[Move]) -> None:
    """The difference, a line for each way in which the finding of a rule would move."""
    for (rule, before, after), times in sorted(moved.items(), key=str):
        print(f"{rule}: {before or 'clear'} -> {after or 'clear'}: {times}")
    print(
        f"{declarations} 份申报的筛查等级将有变化，未作更改。The levels of {declarations} declarations would change; nothing was changed."
    )


@cli.command("import")
def import_rows(
    of: Annotated[ImportKind, typer.Argument(help="各行是什么。What the rows are.")],
    file: Annotated[Path, typer.Argument(help="csv、xlsx 或 ndjson。", exists=True, dir_okay=False, readable=True)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="仅告知结果，不作写入。Tell what would be done, and write nothing.")] = False,
    sheet: Annotated[str | None, typer.Option(help="工作表；空为第一张。The sheet; the first by default.")] = None,
    report: Annotated[
        Path | None,
        typer.Option(help="未导入各行的报告，默认在文件旁。Report of rows that fail; beside the file by default.", dir_okay=False),
    ] = None,
) -> None:
    """导入人员、单位、往来对象或申报；有未导入的行则返回 1。Take a file in; exit code 1 if rows failed, which the report names."""
    settings = read_settings()
    with lawful():
        book = Book(CHAPTERS)
    asked = Asked(of, dry_run, file.name[:200], sheet)
    order = Order(asked, file, report or file.with_name(f"{file.name}.report.csv"), timedelta(days=settings.import_days))
    with connected():
        bring_forward(settings.database_url)
        raise SystemExit(asyncio.run(import_file(settings.database_url, book, order)))


@cli.command("verify-ledger")
def verify_ledger(
    verifier_keys: Annotated[
        list[str] | None, typer.Option("--verifier-key", help="可信的验证公钥，可重复。A verifier key to trust; may be repeated.")
    ] = None,
    checkpoints: Annotated[
        list[Path] | None,
        typer.Option("--checkpoint", help="另存的检查点文件，可重复。File of a checkpoint that was kept elsewhere; may be repeated."),
    ] = None,
) -> None:
    """核对台账全部记录、签名检查点与各份申报、人员、单位、往来对象、附件；只读。Hold every line, checkpoint and record against the ledger; changes nothing."""
    settings = read_settings()
    keys = trusted_keys(verifier_keys or (), Database(settings.database_url), settings.ledger_key_file)
    kept = [checkpoint_in(path) for path in checkpoints or ()]
    with connected():
        require_current(settings.database_url)
        found = asyncio.run(
            _on(
                settings.database_url,
                partial(verify, keys=keys, kept=kept, store=Policies.of(settings, Database(settings.database_url)).attachments.store),
            )
        )
    if found:
        raise typer.Exit(FAILED)


@cli.command("ledger-key")
def ledger_key(
    origin: Annotated[str | None, typer.Option(help="台账名称，如 registry.example.cn/ledger。Name of the ledger.")] = None,
) -> None:
    """打印台账的验证公钥；尚无密钥时生成。Print the ledger's verifier key; make the key if there is none."""
    settings = read_settings()
    print(show_key(Database(settings.database_url), settings.ledger_key_file, origin).text)


@cli.command()
def migrate() -> None:
    """更新数据库结构；PostgreSQL 须在启动服务前运行。Bring the tables forward; on PostgreSQL, before serve."""
    settings = read_settings()
    with connected():
        upgrade(settings.database_url)
    print(f"数据库结构已是版本 {head()}。The tables stand at revision {head()}.")


@key_commands.command("create")
def create(
    name: Annotated[str, typer.Option(help="用途说明。What the key is for.")],
    scopes: Annotated[list[Scope] | None, typer.Option("--scope", help="权限，可重复。Scope; may be repeated.")] = None,
    every_scope: Annotated[bool, typer.Option("--all-scopes", help="全部权限。Every scope.")] = False,
    unit: Annotated[str | None, typer.Option(help="管辖单位的编号。Id of the unit at and below which it reaches.")] = None,
    person: Annotated[str | None, typer.Option(help="代表的人员编号。Id of the person that it speaks for.")] = None,
    expires_on: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="最后有效日。Last day on which it is valid.")] = None,
) -> None:
    """签发密钥，标准输出仅有密钥本身。Make a key; stdout holds the key alone."""
    settings = read_settings()
    wanted = {"name": name, "scopes": list(Scope) if every_scope else scopes, "unit": unit, "person": person, "expires_on": expires_on}
    request = _key_request({field: value for field, value in wanted.items() if value is not None}).request()
    with connected():
        bring_forward(settings.database_url)
        print(asyncio.run(create_key(settings.database_url, request)))


def _key_request(given: dict[str, object]) -> ApiKeyIn:
    """The options as the API takes them, checked by the same rules."""
    try:
        return ApiKeyIn.model_validate(given)
    except ValidationError as error:
        fault = faults_of(error.errors())[0]
        option = "--" + fault.pointer.strip("/").partition("/")[0].replace("_", "-").replace("scopes", "scope")
        fail(f"{option}: {fault.message.zh}", fault.message.en, WRONG_SETUP)


@cli.command("export-rulebook")
def export_rulebook(
    path: Annotated[Path, typer.Argument(help="目标文件，- 为标准输出。File to write; - is stdout.", allow_dash=True)] = Path(
        "docs/rulebook.md"
    ),
) -> None:
    """导出规则全书；不访问数据库。Write the law as a document; no database is touched."""
    with lawful():
        _written(path, document.written(Book(CHAPTERS)))


@cli.command("export-openapi")
def export_openapi(
    path: Annotated[Path, typer.Argument(help="目标文件，- 为标准输出。File to write; - is stdout.", allow_dash=True)] = Path(
        "openapi/openapi.json"
    ),
) -> None:
    """导出接口描述；不访问数据库。Write the OpenAPI description; no database is touched."""
    with lawful():
        described = create_app(Settings.model_construct()).openapi()
    _written(path, json.dumps(described, ensure_ascii=False, indent=2) + "\n")


def _written(path: Path, text: str) -> None:
    """To the file, or to the terminal for `-`."""
    if str(path) == "-":
        print(text, end="")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
