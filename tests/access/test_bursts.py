"""More callers at once than the process has connections."""

import asyncio

import httpx


async def test_a_burst_of_readers_waits_its_turn_and_is_answered(client: httpx.AsyncClient, as_root: dict[str, str]) -> None:
    async with asyncio.timeout(20):
        answers = await asyncio.gather(*(client.get("/v1/declarations", headers=as_root) for _ in range(40)))
    assert {answer.status_code for answer in answers} == {200}
