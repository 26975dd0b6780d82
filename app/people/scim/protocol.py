"""The protocol of RFC 7644 over the register: who may ask for what, what a PUT leaves alone, and errors in SCIM's form."""

import functools
import logging
from http import HTTPStatus
from typing import Any

from scim2_models import Context, Error, ListResponse, NotFoundException, Resource, ResourceType, SCIMException, SearchRequest
from scim2_server.conditions import Conditions
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Operation, Target
from scim2_server.service import ScimService
from scim2_server.storage import SearchPage

from app.access.caller import Caller, Scope
from app.kit.errors import Problem, Words
from app.kit.logs import place_of
from app.people.persons import READERS

from .resources import USERS, provider

_READING = frozenset({Operation.query, Operation.search, Operation.search_with_body})
_TAKEN = frozenset({"employee-number-taken", "unit-code-taken"})
_UNFIT = "值不符合该属性的类型，请对照 /Schemas 更正。A value does not fit its attribute; compare it with /Schemas."
_IN_CHINESE = {
    "invalidFilter": "筛选条件有误，请按 RFC 7644 第 3.4.2.2 节更正。",
    "invalidPath": "路径有误，请对照 /Schemas 更正。",
    "invalidSyntax": "请求内容的结构有误。",
    "invalidValue": "值有误或缺少必填属性，请对照 /Schemas 更正。",
    "noTarget": "路径没有指向任何值。",
    "mutability": "该属性不可更改。",
    "uniqueness": "该值已被使用。",
    "tooMany": "结果过多，请缩小范围。",
    "invalidVers": "不支持该协议版本。",
    "invalidCursor": "游标无效，请从首页重新查询。",
    "expiredCursor": "游标已过期，请从首页重新查询。",
    "invalidCount": "每页项数有误。",
    "sensitive": "该内容不得置于地址中。",
}
"""What the library's own refusals mean, by sort (RFC 7644, table 9; RFC 9865); they come in English alone."""
_CURSORS = "qinqing"
"""What cursors are sealed with. It is no secret: a position holds nothing that the answer did not, and what may be seen is asked anew."""


class Refused(Problem):
    """What the protocol refuses."""

    def __init__(self, refusal: SCIMException) -> None:
        self.error = Protocol.error_of(refusal)
        words = Words(self.error.detail or "", self.error.detail or "")
        super().__init__(self.error.status or 400, self.error.scim_type or "scim-error", words)


log = logging.getLogger("qinqing.scim")


class Protocol(ScimService):
    """The steps of the protocol; it knows neither network nor database."""

    def authorize(self, request: ScimRequest, target: Target, resource_type: ResourceType) -> None:
        """Hold an operation against the caller's scopes; one's own record can always be read.

        Raises:
            Problem: 403.
        """
        del resource_type
        caller: Caller = request.subject
        if target.operation not in _READING:
            caller.require(Scope.PEOPLE_WRITE)
        elif not target.me:
            caller.require(*READERS)

    def me_target(self, request: ScimRequest) -> tuple[ResourceType, str]:
        """The person for whom the key or the token was issued.

        Raises:
            NotFoundException: it was issued for nobody.
        """
        caller: Caller = request.subject
        if caller.person is None:
            raise NotFoundException(
                detail="该密钥或令牌不属于任何人员，请改用 /Users。This key or token belongs to no person; use /Users instead."
            )
        return USERS, str(caller.person)

    def apply_replacement(self, current: Resource[Any], replacement: Resource[Any], conditions: Conditions) -> Resource[Any] | None:
        """As the standard has it, but what is not mentioned stays; null or an empty array empties it (RFC 7644, section 3.5.1, leaves the choice)."""
        _keep_unmentioned(current, replacement)
        return super().apply_replacement(current, replacement, conditions)

    def publish(self, base_url: str, resource: Resource[Any]) -> Resource[Any]:
        """A resource with its address. The storage makes each for one answer, with its references as they are sent, so that none is copied."""
        if resource.meta is not None:
            resource.meta.location = self.resource_location(base_url, self.get_resource_type_of(resource), str(resource.id))
        return resource

    def search_response(
        self, base_url: str, resource_types: list[ResourceType], page: SearchPage, search_request: SearchRequest[Any]
    ) -> ScimResponse:
        """A page, put together without being validated again: half of the time that it took."""
        context = Context.RESOURCE_QUERY_RESPONSE
        found = [self.publish(base_url, one).model_dump(scim_ctx=context, response_parameters=search_request) for one in page.resources]
        body: dict[str, Any] = {"schemas": [str(ListResponse.__schema__)], "totalResults": page.total, "itemsPerPage": len(found)}
        if search_request.cursor is None:
            body["startIndex"] = search_request.start_index
        for name, position in (("nextCursor", page.next), ("previousCursor", page.previous)):
            if position is not None:
                body[name] = self._seal(resource_types, search_request, position)
        return ScimResponse(HTTPStatus.OK, {**body, "Resources": found})

    def bulk_failure(self, outcome: dict[str, Any], exception: Exception) -> dict[str, Any]:
        """What became of an operation that failed; what nobody foresaw is logged, by kind and place alone."""
        if not isinstance(exception, Problem | SCIMException):
            log.error("unexpected error", extra={"error": type(exception).__name__, "place": place_of(exception)})
        return super().bulk_failure(outcome, exception)

    @staticmethod
    def error_of(exception: Exception) -> Error:
        """The error of an exception: the register's own refusals in both languages, and values never repeated."""
        if isinstance(exception, Problem):
            return error_of(exception)
        error = ScimService.error_of(exception)
        detail = error.detail or ""
        if "\n" in detail:
            detail = _UNFIT
        elif detail.isascii():
            detail = f"{_IN_CHINESE.get(error.scim_type or '', '请求无法按 SCIM 协议处理。')}{detail}"
        return error.model_copy(update={"detail": detail})


def _keep_unmentioned(current: Any, replacement: Any) -> None:
    """Fill in what was not sent, in the resource and in each extension."""
    model = type(replacement)
    for extension in model.get_extension_models().values():
        told = replacement[extension]
        if told is None:
            replacement[extension] = current[extension]
        elif current[extension] is not None:
            _fill(current[extension], told)
    _fill(current, replacement, besides={extension.__name__ for extension in model.get_extension_models().values()})


def _fill(current: Any, replacement: Any, besides: set[str] | frozenset[str] = frozenset()) -> None:
    for name in type(replacement).model_fields:
        if name not in besides and name not in replacement.model_fields_set:
            replacement.__dict__[name] = getattr(current, name)


def error_of(problem: Problem) -> Error:
    """A refusal of the register as a SCIM error (RFC 7644, section 3.12): 422 is unknown there and becomes 400."""
    if isinstance(problem, Refused):
        return problem.error
    status, sort = problem.status, None
    if problem.status == 422:
        status, sort = 400, "invalidValue"
    elif problem.code in _TAKEN:
        sort = "uniqueness"
    elif problem.status == 400:
        sort = "invalidSyntax"
    words = [(problem.detail.zh, problem.detail.en)]
    if problem.faults:
        words = [
            (f"{name}：{fault.message.zh}", f"{name}: {fault.message.en}") for fault in problem.faults for name in [_named(fault.pointer)]
        ]
    return Error(status=status, scim_type=sort, detail=f"{''.join(zh for zh, _ in words)} {' '.join(en for _, en in words)}")


_NAMED = {"employee_number": "userName", "name": "displayName", "position": "title"}


def _named(pointer: str) -> str:
    """A field of the register as SCIM calls it."""
    first, *rest = pointer.strip("/").split("/")
    head, *words = _NAMED.get(first, first).split("_")
    return ".".join([head + "".join(word.capitalize() for word in words), *rest])


@functools.cache
def protocol(largest_body: int) -> Protocol:
    """The service, made once; a body has at most so many bytes."""
    return Protocol(provider(largest_body), secret=_CURSORS)
