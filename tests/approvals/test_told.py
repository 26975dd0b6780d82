"""Who decides hears of a request, who asked hears of the decision, and both find it where they look for what is new."""

from app.kit.database import Database
from app.ledger.sealing import Sealer
from app.notices.raising import NoticePolicy, Raising
from tests.intake.desk import made

from .asking import DAY, Bureau, Headers, work_meal


async def raise_notices(bureau: Bureau, database: Database) -> None:
    await Sealer(database, None).seal()
    await Raising(database, bureau.app.state.book, NoticePolicy()).work_off()


async def heard(bureau: Bureau, by: Headers) -> list[tuple[str, str, str]]:
    listed = made(await bureau.client.get("/v1/me/notices", headers=by))["items"]
    return [(one["type"], one["subject"]["path"], one["text"]) for one in reversed(listed)]


async def test_the_head_is_told_of_a_request_and_the_asker_of_the_decision(bureau: Bureau, database: Database) -> None:
    await raise_notices(bureau, database)
    asked = await bureau.ask(work_meal())
    await raise_notices(bureau, database)
    path = f"/v1/approvals/{asked['id']}"
    assert await heard(bureau, bureau.head) == [("approval-requested", path, "有一项报批等您决定。期限：10 月 23 日。")]
    assert await heard(bureau, bureau.official) == await heard(bureau, bureau.chief) == []
    await bureau.grant(asked)
    await raise_notices(bureau, database)
    await raise_notices(bureau, database)
    assert await heard(bureau, bureau.official) == [("approval-decided", path, "您的报批事项已有决定。")]
    assert len(await heard(bureau, bureau.head)) == 1
    await bureau.revoke(asked)
    await raise_notices(bureau, database)
    assert [kind for kind, _, _ in await heard(bureau, bureau.official)] == ["approval-decided", "approval-decided"]


async def test_the_head_s_task_says_what_settles_it(bureau: Bureau) -> None:
    asked = await bureau.ask(work_meal())
    (task,) = made(await bureau.client.get("/v1/me/tasks", headers=bureau.head))["items"]
    assert (task["action"], task["approval"], task["due_on"]) == ("decide-approval", asked["id"], DAY)
    assert task["acts"] == [{"method": "POST", "path": f"/v1/approvals/{asked['id']}/decision"}]
    await bureau.grant(asked)
    assert made(await bureau.client.get("/v1/me/tasks", headers=bureau.head))["items"] == []


async def test_a_device_catches_up_with_what_became_of_its_request(bureau: Bureau, database: Database) -> None:
    asked = await bureau.ask(work_meal(), client_id="7d444840-9dc0-41d1-b245-5ffdce74fad2")

    async def caught(by: Headers, since: str | None = None) -> tuple[list[tuple[str, str | None, str]], str]:
        await Sealer(database, None).seal()
        told = made(await bureau.client.get("/v1/changes", params={"since": since} if since else {}, headers=by))
        return [(one["id"], one["client_id"], one["record"]["state"]) for one in told["items"] if one["type"] == "approval"], told["next"]

    first, since = await caught(bureau.official)
    assert first == [(asked["id"], "7d444840-9dc0-41d1-b245-5ffdce74fad2", "requested")]
    await bureau.grant(asked)
    assert (await caught(bureau.official, since))[0] == [(asked["id"], "7d444840-9dc0-41d1-b245-5ffdce74fad2", "granted")]
    assert (await caught(bureau.stranger))[0] == []
