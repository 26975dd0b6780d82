"""The doors to what concerns the caller."""

from fastapi import APIRouter, Request, Response

from app.access.dependencies import AnyCaller, Looking
from app.kit.answers import answer
from app.kit.door import Door
from app.kit.pages import AskedPage, PageOut, link_header
from app.kit.problems import prefers_english

from .accesses import MyAccesses
from .mine import Mine
from .schemas import MeOut, MyAccessOut

router = APIRouter(prefix="/v1", tags=["me"], route_class=Door)


@router.get("/me", response_model=MeOut, summary="我的 Who am I")
async def read_me(request: Request, caller: AnyCaller, view: Looking) -> Response:
    """身份、待办及期限、本年累计。Who I am, what is due by when, my year's totals."""
    mine = Mine(view, request.app.state.book, caller, english=prefers_english(request))
    return answer(await mine.everything())


@router.get("/me/accesses", response_model=PageOut[MyAccessOut], summary="谁查阅了我的档案 Who looked at my records")
async def list_my_accesses(request: Request, page: AskedPage, caller: AnyCaller, view: Looking) -> Response:
    """何人何时查阅了本人的档案，最新在前；本人及代办人的查阅不列。Who was shown my records and when, newest first; not myself, nor who acts for me."""
    mine = MyAccesses(view, caller)
    rows, following = page.cut(await mine.list(page))
    total = await mine.count() if page.count else None
    items = await mine.told(rows, request.app.state.summaries, english=prefers_english(request))
    return answer({"items": items, "next": following, "count": total}, headers=link_header(request, following))
