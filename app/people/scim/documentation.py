"""How the doors of SCIM are described in OpenAPI; what resources hold stands in /Schemas, where SCIM clients look."""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, JsonValue, RootModel

from .names import ENTERPRISE, GROUP, MEDIA_TYPE, OFFICIAL, UNIT, USER


class ScimResource(RootModel[dict[str, JsonValue]]):
    """SCIM 资源或消息，内容见 /Schemas。A SCIM resource or message; what it holds stands in /Schemas."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"schemas": [USER], "userName": "E00017", "active": True}]})


class ScimListOut(BaseModel):
    """A page of SCIM resources (RFC 7644, section 3.4.2; RFC 9865)."""

    schemas: list[str] = Field(description="模式的 URN。URN of the schema.")
    totalResults: int = Field(description="共有多少项。How many match in all.", examples=[120])  # noqa: N815  # the standard's own names
    startIndex: int | None = Field(default=None, description="本页首项的序号。Number of the first on the page.")  # noqa: N815
    itemsPerPage: int | None = Field(default=None, description="本页项数。How many are on the page.", examples=[100])  # noqa: N815
    nextCursor: str | None = Field(default=None, description="下一页的游标。Cursor of the next page.")  # noqa: N815
    previousCursor: str | None = Field(default=None, description="上一页的游标。Cursor of the page before.")  # noqa: N815
    Resources: list[ScimResource] | None = Field(default=None, description="本页各项。The resources on the page.")


class ScimErrorOut(BaseModel):
    """A SCIM error (RFC 7644, section 3.12)."""

    schemas: list[str] = Field(description="模式的 URN。URN of the schema.")
    status: str = Field(description="HTTP 状态码。The status code.")
    scimType: str | None = Field(default=None, description="错误类型（RFC 7644 表 9）。Sort of error, table 9.")  # noqa: N815  # as above
    detail: str | None = Field(
        default=None, description="说明与更正办法，先中文后英文。What is wrong and the remedy, Chinese then English."
    )


_SAID: Final = {
    "400": "内容、筛选或路径有误，scimType 指明。Not valid: content, filter or path; `scimType` tells.",
    "401": "身份未验证。Not authenticated.",
    "403": "缺少权限，detail 指明。A scope is missing; `detail` names it.",
    "404": "不存在或不可见。No such resource, or not within reach.",
    "409": "与登记册现状冲突，如工号已被使用（uniqueness）。The register's state does not allow it.",
    "412": "资源已有新版本。The resource has changed since it was read.",
    "413": "请求体过大。The body is too large.",
    "415": "请求体须为 JSON。Bodies are JSON.",
    "default": "其他错误。Any other error.",
}
RESPONSES: Final[dict[int | str, dict[str, Any]]] = {status: {"description": said, "model": ScimErrorOut} for status, said in _SAID.items()}
"""What every door may refuse with (RFC 7644, section 3.12)."""


def answer(status: int = 200, shape: type[BaseModel] = ScimResource) -> dict[int | str, dict[str, Any]]:
    """A success that holds a resource."""
    return {status: {"description": "成功。Done.", "model": shape}}


LIST: Final = answer(shape=ScimListOut)
"""A success that holds a page of resources."""

UNCHANGED: Final[dict[int | str, dict[str, Any]]] = {304: {"description": "自 If-None-Match 之后未变。Not changed since."}}

NO_CONTENT: Final[dict[int | str, dict[str, Any]]] = {204: {"description": "已完成，无内容。Done; nothing to add."}}


_EITHER: Final = "SCIM 的 JSON；亦接受 application/json。SCIM's JSON; `application/json` is taken as well."


def body_of(summary: str, example: dict[str, Any]) -> dict[str, Any]:
    """A request body, with an example. Plain JSON is taken too; told twice, it would be two types to makers of clients."""
    told = {"schema": {"$ref": "#/components/schemas/ScimResource"}, "examples": {"example": {"summary": summary, "value": example}}}
    return {"requestBody": {"required": True, "description": _EITHER, "content": {MEDIA_TYPE: told}}}


_PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
_USER: Final[dict[str, Any]] = {
    "schemas": [USER, OFFICIAL],
    "userName": "E00017",
    "externalId": "hr-4711",
    "displayName": "张明",
    "title": "科长",
    "active": True,
    OFFICIAL: {
        "unit": "GZ-ZJ-01",
        "staffClass": "civil_servant",
        "rank": "section_chief",
        "isLeader": False,
        "partyMember": True,
    },
}
_GROUP: Final[dict[str, Any]] = {
    "schemas": [GROUP, UNIT],
    "displayName": "某市住房和城乡建设局",
    UNIT: {"code": "GZ-ZJ-01", "kind": "government", "jurisdiction": ["建筑业"]},
}
USER_BODY: Final = body_of("一名公职人员 An official", _USER)
GROUP_BODY: Final = body_of("一个单位 A unit", _GROUP)
USER_PATCH: Final = body_of(
    "离职 Somebody leaves",
    {
        "schemas": [_PATCH_OP],
        "Operations": [
            {"op": "replace", "path": "active", "value": False},
            {"op": "replace", "path": f"{OFFICIAL}:leftReason", "value": "retired"},
        ],
    },
)
GROUP_PATCH: Final = body_of(
    "调入 Somebody is moved here",
    {
        "schemas": [_PATCH_OP],
        "Operations": [{"op": "add", "path": "members", "value": [{"value": "01998b7c-0000-7000-8000-000000000000"}]}],
    },
)
SEARCH_BODY: Final = body_of(
    "按部门查找 Those of a department",
    {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": f'{ENTERPRISE}:department eq "某市住房和城乡建设局" and active eq true',
        "attributes": ["userName", "displayName"],
        "count": 100,
    },
)
BULK_BODY: Final = body_of(
    "一个单位及其人员 A unit and somebody in it",
    {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "failOnErrors": 1,
        "Operations": [
            {"method": "POST", "path": "/Groups", "bulkId": "unit", "data": _GROUP},
            {
                "method": "POST",
                "path": "/Users",
                "bulkId": "person",
                "data": {**_USER, OFFICIAL: {**_USER[OFFICIAL], "unit": "bulkId:unit"}},
            },
        ],
    },
)
