"""What the register is to a SCIM client: users, groups, their extensions, and what the service can do.

Published is what is kept, and nothing else: the register needs no address, telephone number or password of anybody.
"""

from typing import Annotated, Any, ClassVar, Final, Union

from pydantic import Field
from scim2_models import (
    URI,
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Extension,
    Filter,
    Mutability,
    Pagination,
    Patch,
    Reference,
    Required,
    Resource,
    ResourceType,
    Returned,
    SchemaExtension,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)
from scim2_models.resources.resource import AnyExtension

from app.people.schemas import UnitKind
from app.rulebook.facts import LeftReason, Rank, StaffClass

from . import names

MOST_OPERATIONS = 1000
"""In one bulk request."""
LARGEST_PAGE, USUAL_PAGE = 500, 100
"""Resources on a page."""

READ_ONLY, REQUIRED, EXACT = Mutability.read_only, Required.true, CaseExact.true


class Name(ComplexAttribute):
    """The name as it is displayed; Chinese names are kept whole."""

    formatted: Annotated[str | None, READ_ONLY] = Field(default=None, description="姓名，同 displayName。As displayName.")


class Membership(ComplexAttribute):
    """The unit of a person."""

    value: Annotated[str | None, READ_ONLY, EXACT] = Field(default=None, description="单位的 id。The unit's id.")
    ref: Annotated[Reference["Group"] | None, READ_ONLY] = Field(  # type: ignore[type-arg]
        default=None, serialization_alias="$ref", validation_alias="$ref", description="单位的地址。Where the unit is read."
    )
    display: Annotated[str | None, READ_ONLY] = Field(default=None, description="单位名称。The unit's name.")


class User(Resource[AnyExtension]):
    """公职人员。An official."""

    __schema__: ClassVar[URN | None] = URN(names.USER)

    user_name: Annotated[str | None, Uniqueness.server, REQUIRED, EXACT] = Field(
        default=None, description="登录名或工号，全册唯一，区分大小写。Login name or employee number, unique in the register; case counts."
    )
    display_name: Annotated[str | None, REQUIRED] = Field(default=None, description="姓名。Name.")
    name: Annotated[Name | None, READ_ONLY] = Field(
        default=None, description="姓名；写入时仅在没有 displayName 时采用。Name; written to, it counts where displayName is missing."
    )
    title: str | None = Field(default=None, description="职务。Position.")
    active: Annotated[bool | None, REQUIRED] = Field(
        default=None,
        description="在职。改为 false 即离职：leftOn 未填则为当日；申报一概保留。In service; false means to have left, today unless leftOn says when.",
    )
    groups: Annotated[list[Membership] | None, READ_ONLY] = Field(default=None, description="所在单位。The person's unit.")


class EnterpriseUser(Extension):
    """RFC 7643 第 4.3 节。Of RFC 7643, section 4.3, as much as the register knows."""

    __schema__: ClassVar[URN | None] = URN(names.ENTERPRISE)

    employee_number: Annotated[str | None, Uniqueness.server, EXACT] = Field(
        default=None, description="工号；未填则 userName 即工号。Employee number; where there is none, userName is it."
    )
    department: Annotated[str | None, READ_ONLY, Returned.request] = Field(
        default=None,
        description="所在单位名称；写入时等同 unit，可用名称或代码。The unit's name; written to, it is taken for `unit`, by name or code.",
    )


_DAY = "，YYYY-MM-DD。"


class OfficialUser(Extension):
    """公职人员的法定要素。What the law asks of an official."""

    __schema__: ClassVar[URN | None] = URN(names.OFFICIAL)

    unit: Annotated[Reference["Group"] | None, REQUIRED] = Field(  # type: ignore[type-arg]
        default=None,
        description="所在单位：地址、id、代码，或不重名的名称。The unit: its URL, id or code, or a name that no other bears.",
    )
    staff_class: Annotated[str | None, REQUIRED, EXACT] = Field(
        default=None, description="人员类别。Class of staff.", examples=[one.value for one in StaffClass]
    )
    rank: Annotated[str | None, REQUIRED, EXACT] = Field(default=None, description="职级。Rank.", examples=[one.value for one in Rank])
    is_leader: Annotated[bool | None, REQUIRED] = Field(default=None, description="是否领导干部。Whether in a leading post.")
    party_member: Annotated[bool | None, REQUIRED] = Field(default=None, description="是否中共党员。Whether a member of the Party.")
    post_from_on: Annotated[str | None, EXACT] = Field(
        default=None, description=f"现职起始日{_DAY}First day of today's post.", examples=["2024-03-01"]
    )
    birth_on: Annotated[str | None, EXACT] = Field(default=None, description=f"出生日期{_DAY}Day of birth.", examples=["1978-05-25"])
    left_on: Annotated[str | None, EXACT] = Field(
        default=None, description=f"离职之日{_DAY}Day of leaving service, when cooling-off begins.", examples=["2025-06-30"]
    )
    left_reason: Annotated[str | None, EXACT] = Field(
        default=None,
        description="离职原因；离职而未填者记为 resigned。Why the person left; `resigned` unless it is said.",
        examples=[one.value for one in LeftReason],
    )


class Member(ComplexAttribute):
    """A person of the unit, or a unit right below it."""

    value: Annotated[str | None, Mutability.immutable, EXACT] = Field(default=None, description="人员或下级单位的 id。The member's id.")
    ref: Annotated[Reference[Union["User", "Group"]] | None, Mutability.immutable] = Field(  # type: ignore[type-arg]
        default=None, serialization_alias="$ref", validation_alias="$ref", description="成员的地址。Where the member is read."
    )
    type: Annotated[str | None, Mutability.immutable, EXACT] = Field(
        default=None, description="成员类别。Sort of member.", examples=["User", "Group"]
    )


class Group(Resource[AnyExtension]):
    """单位。A unit."""

    __schema__: ClassVar[URN | None] = URN(names.GROUP)

    display_name: Annotated[str | None, REQUIRED] = Field(default=None, description="单位名称。Name.")
    members: list[Member] | None = Field(
        default=None,
        description="本单位人员与直接下级单位。加入即调入；移出即归入上级单位。"
        "Persons of the unit and units right below. To add one is to move it here; to remove one moves it to the unit above.",
    )


class UnitGroup(Extension):
    """单位的要素。What the register knows of a unit."""

    __schema__: ClassVar[URN | None] = URN(names.UNIT)

    code: Annotated[str | None, Uniqueness.server, EXACT] = Field(
        default=None, description="单位代码，全册唯一。Code, unique in the register."
    )
    kind: Annotated[str | None, EXACT] = Field(
        default=None,
        description="单位性质；未填即其他（other）。Sort of body; none stands for `other`.",
        examples=[one.value for one in UnitKind if one is not UnitKind.OTHER],
    )
    parent: Reference["Group"] | None = Field(  # type: ignore[type-arg]
        default=None, description="上级单位：地址、id 或代码。The unit above: its URL, id or code."
    )
    jurisdiction: list[str] | None = Field(
        default=None, description="监管的行业与区域。Sectors and areas that it supervises.", examples=["建筑业"]
    )


def _uri(model: type[Resource[Any]] | type[Extension]) -> Reference[URI]:
    return Reference[URI](str(model.__schema__))


USERS: Final = ResourceType(
    id="User",
    name="User",
    description=User.__doc__,
    endpoint="/Users",
    schema_=_uri(User),
    schema_extensions=[
        SchemaExtension(schema_=_uri(EnterpriseUser), required=False),
        SchemaExtension(schema_=_uri(OfficialUser), required=True),
    ],
)
GROUPS: Final = ResourceType(
    id="Group",
    name="Group",
    description=Group.__doc__,
    endpoint="/Groups",
    schema_=_uri(Group),
    schema_extensions=[SchemaExtension(schema_=_uri(UnitGroup), required=False)],
)

_POLICY = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
"""Directories send what they have: addresses and telephone numbers are let go. Of our own extensions `dialects.py` refuses what is unknown."""


def provider(largest_body: int) -> ScimProvider:
    """The service as it is published; a body has at most so many bytes."""
    config = ServiceProviderConfig(
        patch=Patch(supported=True),
        bulk=Bulk(supported=True, max_operations=MOST_OPERATIONS, max_payload_size=largest_body),
        filter=Filter(supported=True, max_results=LARGEST_PAGE),
        change_password=ChangePassword(supported=False),
        sort=Sort(supported=True),
        etag=ETag(supported=True),
        pagination=Pagination(
            cursor=True,
            index=True,
            default_pagination_method=Pagination.DefaultPaginationMethod.index,
            default_page_size=USUAL_PAGE,
            max_page_size=LARGEST_PAGE,
        ),
        authentication_schemes=[
            AuthenticationScheme(
                type=AuthenticationScheme.Type.oauthbearertoken,
                name="Bearer",
                description="API 密钥（qq_…）或 OIDC 令牌。An API key or a token of the configured issuer, RFC 6750.",
                spec_uri="https://www.rfc-editor.org/rfc/rfc6750",
                primary=True,
            )
        ],
    )
    return ScimProvider([User, EnterpriseUser, OfficialUser, Group, UnitGroup], [USERS, GROUPS], config, _POLICY)
