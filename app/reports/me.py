"""The door to what concerns the caller."""

from fastapi import APIRouter, Request, Response

from app.access.dependencies import AnyCaller, Looking
from app.kit.answers import answer
from app.kit.door import Door
from app.kit.problems import prefers_english

from .mine import Mine
from .schemas import MeOut

router = APIRouter(prefix="/v1", tags=["me"], route_class=Door)


@router.get("/me", response_model=MeOut, summary="我的 Who am I")
async def read_me(request: Request, caller: AnyCaller, view: Looking) -> Response:
    """身份、待办及期限、本年累计。Who I am, what is due by when, my year's totals."""
    mine = Mine(view, request.app.state.book, caller, english=prefers_english(request))
    return answer(await mine.everything())
