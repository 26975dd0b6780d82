"""The doors to what concerns the caller."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.dependencies import AnyCaller, Looking
from app.kit.answers import answer
from app.kit.door import Door
from app.kit.pages import AskedPage, AskedPlaces, PageOut, link_header
from app.kit.problems import prefers_english
from app.rulebook.statement import Day

from .accesses import MyAccesses
from .mine import Mine
from .schemas import MeOut, MyAccessOut, TaskOut
from .tasks import TaskFilter, place_of

router = APIRouter(prefix="/v1", tags=["me"], route_class=Door)


@router.get("/me", response_model=MeOut, summary="我的 Who am I")
async def read_me(request: Request, caller: AnyCaller, view: Looking) -> Response:
    """身份、待办及期限、本年累计。Who I am, what is due by when, my year's totals."""
    mine = Mine(view, request.app.state.book, caller, english=prefers_english(request))
    return answer(await mine.everything())


async def _task_filter(
    due_until: Annotated[Day | None, Query(description="期限不晚于。Due by.", examples=["2026-11-30"])] = None,
    *,
    overdue: Annotated[bool | None, Query(description="是否逾期。Whether its day has passed.", examples=[False])] = None,
    action: Annotated[
        str | None, Query(max_length=60, pattern=r"^[a-z-]+$", description="动作代码。Code of the action.", examples=["submit-draft"])
    ] = None,
) -> TaskFilter:
    return TaskFilter(due_until=due_until, overdue=overdue, action=action)


@router.get("/me/tasks", response_model=PageOut[TaskOut], summary="我的待办 What I have to do")
async def list_my_tasks(
    request: Request, page: AskedPlaces, asked: Annotated[TaskFilter, Depends(_task_filter)], caller: AnyCaller, view: Looking
) -> Response:
    """本人待办，最紧迫者在前：期限、余日、办结所用的请求。What is to be done, the most urgent first: by when, how many days are left, what settles it."""
    mine = Mine(view, request.app.state.book, caller, english=prefers_english(request))
    tasks = [task for task in await mine.tasks() if asked.fits(task)]
    shown, following = page.of(tasks, place_of)
    content = {"items": [task.told() for task in shown], "next": following, "count": len(tasks) if page.count else None}
    return answer(content, headers=link_header(request, following))


@router.get("/me/accesses", response_model=PageOut[MyAccessOut], summary="谁查阅了我的档案 Who looked at my records")
async def list_my_accesses(request: Request, page: AskedPage, caller: AnyCaller, view: Looking) -> Response:
    """何人何时查阅了本人的档案，最新在前；本人及代办人的查阅不列。Who was shown my records and when, newest first; not myself, nor who acts for me."""
    mine = MyAccesses(view, caller)
    rows, following = page.cut(await mine.list(page))
    total = await mine.count() if page.count else None
    items = await mine.told(rows, request.app.state.summaries, english=prefers_english(request))
    return answer({"items": items, "next": following, "count": total}, headers=link_header(request, following))
