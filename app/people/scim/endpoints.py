"""Doors of SCIM 2.0: what an HR system pushes and reads (RFC 7644, section 3.2)."""

from collections.abc import Callable, Coroutine
from types import ModuleType
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from starlette.responses import JSONResponse, Response

from app.access.caller import Caller, Scope
from app.access.dependencies import AnyCaller, Disclosing, Requires, Writing
from app.access.disclosure import Disclosure
from app.kit.door import Door
from app.kit.errors import Problem
from app.kit.problems import register_dialect
from app.ledger.unit_of_work import Work
from app.people.persons import READERS

from .documentation import (
    BULK_BODY,
    GROUP_BODY,
    GROUP_PATCH,
    LIST,
    NO_CONTENT,
    RESPONSES,
    SEARCH_BODY,
    UNCHANGED,
    USER_BODY,
    USER_PATCH,
    answer,
)
from .names import MEDIA_TYPE, OFFICIAL

BASE = "/scim/v2"
"""Where the service lies; addresses in answers begin with the host that was asked."""


def _protocol() -> ModuleType:
    """What answers, loaded with the first request: its library takes a third of the start, and many registers have no HR system."""
    from . import serving  # noqa: PLC0415  # as said above

    return serving


def _said(answer: Any) -> Response:
    """An answer of the protocol as HTTP."""
    media = {} if answer.body is None else {"Content-Type": MEDIA_TYPE}
    return Response(answer.body or b"", answer.status, {**answer.headers, **media})


register_dialect(BASE, lambda problem: _said(_protocol().refused(problem)))


class ScimDoor(Door):
    """A door that speaks SCIM: any query may be there, as clients mark their ways with some, and what the protocol refuses is undone like what we do."""

    queries_known = False

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of other doors; a refusal goes on as one of ours, so that the unit of work hears of it."""
        handle = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await handle(request)
            except Problem:
                raise
            except Exception as error:
                refusal = _protocol().refusal_of(error)
                if refusal is None:
                    raise
                raise refusal from error

        return told


class ScimJson(JSONResponse):
    """What doors answer with, for the description."""

    media_type = MEDIA_TYPE


router = APIRouter(prefix=BASE, tags=["scim"], route_class=ScimDoor, default_response_class=ScimJson, responses=RESPONSES)
Registrar = Annotated[Caller, Requires(Scope.PEOPLE_WRITE)]
Reader = Annotated[Caller, Requires(*READERS)]
Id = Annotated[UUID, Path(description="SCIM id，即人员或单位的 id。The id of the person or the unit.")]
Sort = Annotated[str, Path(description="资源类型名称。Name of the resource type.", examples=["User"])]
Urn = Annotated[str, Path(description="模式的 URN。URN of the schema.", examples=[OFFICIAL])]


async def _kept(
    attributes: Annotated[str | None, Query(description="仅返回这些属性，以逗号分隔。Only these attributes, by commas.")] = None,
    excluded: Annotated[str | None, Query(alias="excludedAttributes", description="不返回这些属性，如 members。Without these.")] = None,
) -> None:
    """What an answer keeps of a resource; the protocol reads it from the request."""
    del attributes, excluded


async def _wanted(
    asked: Annotated[str | None, Query(alias="filter", description='筛选，如 userName eq "E00017"。Filter, RFC 7644.')] = None,
    sort: Annotated[str | None, Query(alias="sortBy", description="排序属性。Attribute to sort by.")] = None,
    direction: Annotated[str | None, Query(alias="sortOrder", description="ascending 或 descending。Which way.")] = None,
    start: Annotated[str | None, Query(alias="startIndex", description="自第几项起，首项为 1。From which on; the first is 1.")] = None,
    count: Annotated[str | None, Query(description="每页项数，至多 500。Resources on a page, up to 500.", examples=["100"])] = None,
    cursor: Annotated[str | None, Query(description="RFC 9865 游标；首页为空。Cursor; empty for the first page.")] = None,
) -> None:
    """What is searched for; the protocol reads it from the request."""
    del asked, sort, direction, start, count, cursor


async def _match(
    match: Annotated[
        str | None, Header(alias="If-Match", description="可选：所依据的版本。The version that it starts from, if it matters.")
    ] = None,
) -> None:
    """The version that a change starts from; the protocol reads it from the request."""
    del match


Kept = Annotated[None, Depends(_kept)]
Wanted = Annotated[None, Depends(_kept), Depends(_wanted)]
Match = Annotated[None, Depends(_match)]


async def _asked(request: Request, caller: Caller) -> Any:
    """The request as it came, with the address of the service as the client sees it."""
    return _protocol().Asked(
        method=request.method,
        base_url=f"{str(request.base_url).rstrip('/')}{BASE}",
        path=request.scope["path"].removeprefix(BASE),
        query=dict(request.query_params),
        headers=request.headers.items(),
        body=await request.body(),
        caller=caller,
        body_limit=request.app.state.settings.body_limit,
    )


async def _read(request: Request, caller: Caller, view: Disclosure) -> Response:
    """A read, with word of whom the answer tells."""
    answer = await _protocol().serve(await _asked(request, caller), view)
    view.disclose((one, True) for one in answer.shown)
    return _said(answer)


async def _written(request: Request, caller: Caller, work: Work, *, many: bool = False) -> Response:
    """A write."""
    return _said(await _protocol().serve(await _asked(request, caller), work, many=many))


async def _described(request: Request, caller: Caller, what: str, *named: str) -> Response:
    """What the service says of itself."""
    return _said(_protocol().describe(await _asked(request, caller), what, *named))


@router.get("/ServiceProviderConfig", summary="服务能力（SCIM） Read what the SCIM service can do", responses=answer())
async def read_scim_service(request: Request, caller: AnyCaller) -> Response:
    """PATCH、批量、筛选、排序、分页与 ETag 的支持及限额。What is supported, and its limits (RFC 7643, section 5)."""
    return await _described(request, caller, "service_provider_config")


@router.get("/ResourceTypes", summary="资源类型列表（SCIM） List SCIM resource types", responses=LIST)
async def list_scim_resource_types(request: Request, caller: AnyCaller) -> Response:
    """User（公职人员）与 Group（单位）。Users and groups, with their extensions (RFC 7643, section 6)."""
    return await _described(request, caller, "resource_types")


@router.get("/ResourceTypes/{name}", summary="读取资源类型（SCIM） Read a SCIM resource type", responses=answer())
async def read_scim_resource_type(name: Sort, request: Request, caller: AnyCaller) -> Response:
    """一个资源类型。One resource type."""
    return await _described(request, caller, "resource_type", name)


@router.get("/Schemas", summary="模式列表（SCIM） List SCIM schemas", responses=LIST)
async def list_scim_schemas(request: Request, caller: AnyCaller) -> Response:
    """所保存的全部属性。Every attribute that is kept (RFC 7643, section 7)."""
    return await _described(request, caller, "schemas")


@router.get("/Schemas/{urn}", summary="读取模式（SCIM） Read a SCIM schema", responses=answer())
async def read_scim_schema(urn: Urn, request: Request, caller: AnyCaller) -> Response:
    """一个模式。One schema."""
    return await _described(request, caller, "schema", urn)


@router.get("/Me", summary="本人（SCIM） Read oneself as a SCIM user", responses=answer() | UNCHANGED)
async def read_scim_me(request: Request, caller: AnyCaller, asked: Kept, view: Disclosing) -> Response:
    """密钥或令牌所属的人员。The person for whom the key or the token was issued (RFC 7644, section 3.11)."""
    del asked
    return await _read(request, caller, view)


@router.get("", summary="查询资源（SCIM） Query SCIM resources", responses=LIST)
async def query_scim(request: Request, caller: Reader, asked: Wanted, view: Disclosing) -> Response:
    """人员与单位一并查询。Persons and units as one collection (RFC 7644, section 3.4.2.1)."""
    del asked
    return await _read(request, caller, view)


@router.post("/.search", summary="检索资源（SCIM） Search SCIM resources", responses=LIST, openapi_extra=SEARCH_BODY)
async def search_scim(request: Request, caller: Reader, view: Disclosing) -> Response:
    """同上，条件在请求体中，不留于地址。As above, with what is asked in the body and in no address (RFC 7644, section 3.4.3)."""
    return await _read(request, caller, view)


@router.post("/Bulk", summary="批量操作（SCIM） Do many SCIM operations", responses=answer(), openapi_extra=BULK_BODY)
async def run_scim_bulk(request: Request, caller: Registrar, work: Writing) -> Response:
    """逐项执行，成败各自；failOnErrors 指明几次失败后停止。Each succeeds or fails by itself; `failOnErrors` says when to stop."""
    return await _written(request, caller, work, many=True)


@router.post("/Users", status_code=201, summary="人员建档（SCIM） Add a SCIM user", responses=answer(201), openapi_extra=USER_BODY)
async def create_scim_user(request: Request, caller: Registrar, work: Writing) -> Response:
    """为一名人员建档；此前被注销的同工号人员随之恢复。Puts a person on record; one who was taken off before comes back."""
    return await _written(request, caller, work)


@router.get("/Users", summary="人员列表（SCIM） List SCIM users", responses=LIST)
async def list_scim_users(request: Request, caller: Reader, asked: Wanted, view: Disclosing) -> Response:
    """按 RFC 7644 筛选、排序、分页。Filtered, sorted and paged as in RFC 7644."""
    del asked
    return await _read(request, caller, view)


@router.post("/Users/.search", summary="检索人员（SCIM） Search SCIM users", responses=LIST, openapi_extra=SEARCH_BODY)
async def search_scim_users(request: Request, caller: Reader, view: Disclosing) -> Response:
    """条件在请求体中，不留于地址。What is asked stands in the body and in no address."""
    return await _read(request, caller, view)


@router.get("/Users/{scim_user_id:uuid}", summary="读取人员（SCIM） Read a SCIM user", responses=answer() | UNCHANGED)
async def read_scim_user(scim_user_id: Id, request: Request, caller: Reader, asked: Kept, view: Disclosing) -> Response:
    """读取一名人员。One person."""
    del scim_user_id, asked
    return await _read(request, caller, view)


@router.put("/Users/{scim_user_id:uuid}", summary="替换人员（SCIM） Replace a SCIM user", responses=answer(), openapi_extra=USER_BODY)
async def replace_scim_user(scim_user_id: Id, request: Request, caller: Registrar, match: Match, asked: Kept, work: Writing) -> Response:
    """未提及的属性保持原样，null 则清空。What is not mentioned stays as it is; null empties it."""
    del scim_user_id, match, asked
    return await _written(request, caller, work)


@router.patch(
    "/Users/{scim_user_id:uuid}", summary="更改人员（SCIM） Change a SCIM user", responses=answer() | NO_CONTENT, openapi_extra=USER_PATCH
)
async def change_scim_user(scim_user_id: Id, request: Request, caller: Registrar, match: Match, asked: Kept, work: Writing) -> Response:
    """Active 改为 false 即离职；申报一概保留。`active` false means to have left; declarations are kept."""
    del scim_user_id, match, asked
    return await _written(request, caller, work)


@router.delete("/Users/{scim_user_id:uuid}", status_code=204, summary="注销人员（SCIM） Remove a SCIM user")
async def remove_scim_user(scim_user_id: Id, request: Request, caller: Registrar, match: Match, work: Writing) -> Response:
    """人员自 SCIM 消失并记为离职；档案与申报保留。Gone from SCIM and marked as having left; the record and all that is on file stay."""
    del scim_user_id, match
    return await _written(request, caller, work)


@router.post("/Groups", status_code=201, summary="设立单位（SCIM） Add a SCIM group", responses=answer(201), openapi_extra=GROUP_BODY)
async def create_scim_group(request: Request, caller: Registrar, work: Writing) -> Response:
    """登记一个单位并调入其成员。Puts a unit on record and moves its members there."""
    return await _written(request, caller, work)


@router.get("/Groups", summary="单位列表（SCIM） List SCIM groups", responses=LIST)
async def list_scim_groups(request: Request, caller: Reader, asked: Wanted, view: Disclosing) -> Response:
    """按 RFC 7644 筛选、排序、分页；成员多时请用 excludedAttributes=members。As in RFC 7644; leave members out where they are many."""
    del asked
    return await _read(request, caller, view)


@router.post("/Groups/.search", summary="检索单位（SCIM） Search SCIM groups", responses=LIST, openapi_extra=SEARCH_BODY)
async def search_scim_groups(request: Request, caller: Reader, view: Disclosing) -> Response:
    """条件在请求体中，不留于地址。What is asked stands in the body and in no address."""
    return await _read(request, caller, view)


@router.get("/Groups/{scim_group_id:uuid}", summary="读取单位（SCIM） Read a SCIM group", responses=answer() | UNCHANGED)
async def read_scim_group(scim_group_id: Id, request: Request, caller: Reader, asked: Kept, view: Disclosing) -> Response:
    """读取一个单位。One unit."""
    del scim_group_id, asked
    return await _read(request, caller, view)


@router.put("/Groups/{scim_group_id:uuid}", summary="替换单位（SCIM） Replace a SCIM group", responses=answer(), openapi_extra=GROUP_BODY)
async def replace_scim_group(scim_group_id: Id, request: Request, caller: Registrar, match: Match, asked: Kept, work: Writing) -> Response:
    """未提及的属性保持原样，null 则清空。What is not mentioned stays as it is; null empties it."""
    del scim_group_id, match, asked
    return await _written(request, caller, work)


@router.patch(
    "/Groups/{scim_group_id:uuid}",
    summary="更改单位（SCIM） Change a SCIM group",
    responses=answer() | NO_CONTENT,
    openapi_extra=GROUP_PATCH,
)
async def change_scim_group(scim_group_id: Id, request: Request, caller: Registrar, match: Match, asked: Kept, work: Writing) -> Response:
    """加入成员即调入，移出即归入上级单位。To add a member moves it here, to remove one moves it to the unit above."""
    del scim_group_id, match, asked
    return await _written(request, caller, work)


@router.delete("/Groups/{scim_group_id:uuid}", status_code=204, summary="删除空单位（SCIM） Remove a SCIM group")
async def remove_scim_group(scim_group_id: Id, request: Request, caller: Registrar, match: Match, work: Writing) -> Response:
    """仅可删除空单位，否则 409。Only an empty unit can go; else 409."""
    del scim_group_id, match
    return await _written(request, caller, work)
