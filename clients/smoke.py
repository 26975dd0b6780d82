"""What a client in Python does with the generated types, against a served register: `smoke.py URL KEY`, with an operator's key.

Nothing is cast: mypy holds this file and the generated client to its strict rules.
"""

import sys
from datetime import date, datetime
from http import HTTPStatus
from typing import assert_never
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from qinqing_client import AuthenticatedClient
from qinqing_client.api.api_keys import create_api_key
from qinqing_client.api.declarations import amend_declaration, list_declarations, preview_declaration, read_declaration, submit_declaration
from qinqing_client.api.me import read_me
from qinqing_client.api.persons import create_person
from qinqing_client.api.units import create_unit
from qinqing_client.models import (
    ActivityDeclarationOut,
    Alcohol,
    ApiKeyIn,
    ApiKeyMade,
    CounterpartyReference,
    DeclarationChange,
    DeclarationPageOut,
    DispositionAction,
    FamilyEventDeclarationOut,
    GiftCategory,
    GiftChannel,
    GiftDeclarationIn,
    GiftDeclarationOut,
    GiftDetails,
    GiftDirection,
    GiftDisposition,
    GiftItem,
    GiftOccasion,
    GiftReceiver,
    GiftSetting,
    JsonObject,
    LoanDeclarationOut,
    MealDeclarationIn,
    MealDeclarationOut,
    MealDetails,
    MealDisposition,
    MealType,
    MeOut,
    Money,
    MyPersonOut,
    OrganisationKind,
    OutsidePostDeclarationIn,
    OutsidePostDeclarationOut,
    OutsidePostDetails,
    Payer,
    PersonIn,
    PersonOut,
    PostDisposition,
    PostHolder,
    PostType,
    PreviewOut,
    ProblemOut,
    Rank,
    Relation,
    Scope,
    ShareholdingDeclarationOut,
    StaffClass,
    UnitIn,
    UnitKind,
    UnitOut,
    Venue,
    WorthBasis,
)
from qinqing_client.types import UNSET, Unset

Declaration = (
    GiftDeclarationOut
    | MealDeclarationOut
    | ActivityDeclarationOut
    | LoanDeclarationOut
    | FamilyEventDeclarationOut
    | ShareholdingDeclarationOut
    | OutsidePostDeclarationOut
)
TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
BUILDER = CounterpartyReference(name="恒远建设有限公司")


def official(operator: AuthenticatedClient, address: str) -> AuthenticatedClient:
    """A client for an official with a key of their own."""
    unit = create_unit.sync(client=operator, body=UnitIn(name="某市住房和城乡建设局", kind=UnitKind.GOVERNMENT))
    assert isinstance(unit, UnitOut), unit
    about = PersonIn(
        employee_number=f"PY-{uuid4().hex[:8]}",
        name="张明",
        unit=unit.id,
        party_member=True,
        staff_class=StaffClass.CIVIL_SERVANT,
        rank=Rank.SECTION_CHIEF,
        is_leader=False,
    )
    person = create_person.sync(client=operator, body=about)
    assert isinstance(person, PersonOut), person
    made = create_api_key.sync(client=operator, body=ApiKeyIn(name="Python", scopes=[Scope.DECLARATIONSWRITE], person=person.id))
    assert isinstance(made, ApiKeyMade), made
    own = AuthenticatedClient(base_url=address, token=made.key)
    me = read_me.sync(client=own)
    assert isinstance(me, MeOut), me
    assert isinstance(me.person, MyPersonOut)
    assert me.person.id == person.id
    return own


def gift(received_on: date) -> GiftDeclarationIn:
    """A shopping card of a supervised company."""
    item = GiftItem(
        category=GiftCategory.PREPAID_CARD,
        description="购物卡",
        worth=Money(amount="500.00", currency="CNY"),
        worth_basis=WorthBasis.MARKET,
        disposition=GiftDisposition(action=DispositionAction.PENDING),
    )
    details = GiftDetails(
        received_on=received_on,
        received_away=False,
        giver=BUILDER,
        relation=Relation.SUPERVISED_CURRENT,
        also_kin=False,
        direction=GiftDirection.RECEIVED,
        setting=GiftSetting.DOMESTIC,
        receiver=GiftReceiver.SELF,
        occasion=GiftOccasion.VISIT,
        channel=GiftChannel.IN_PERSON,
        public_event=False,
        items=[item],
    )
    return GiftDeclarationIn(kind="gift", details=details)


def meal() -> MealDeclarationIn:
    """A work meal on site."""
    details = MealDetails(
        occurred_on=TODAY,
        host=BUILDER,
        relation=Relation.SUPERVISED_CURRENT,
        also_kin=False,
        type_=MealType.ON_SITE_WORK_MEAL,
        venue=Venue.COMPANY_CANTEEN,
        payer=Payer.HOST,
        alcohol=Alcohol.NONE,
        tobacco=False,
        luxury_dishes=False,
        during_inspection=False,
        disposition=MealDisposition.ATTENDED,
    )
    return MealDeclarationIn(kind="meal", details=details)


def post() -> OutsidePostDeclarationIn:
    """An honorary post in a learned society."""
    details = OutsidePostDetails(
        organisation=CounterpartyReference(name="某市建筑学会"),
        organisation_kind=OrganisationKind.SOCIAL_ORGANISATION,
        title="理事",
        post_type=PostType.HONORARY,
        holder=PostHolder.SELF,
        real_work=False,
        from_on=TODAY,
        pay_per_year=Money(amount="0.00", currency="CNY"),
        equity=False,
        assigned_by_unit=False,
        consented_by_organisation_department=False,
        professional_innovation=False,
        disposition=PostDisposition.HELD,
    )
    return OutsidePostDeclarationIn(kind="outside_post", details=details)


def told(declaration: Declaration) -> str:
    """One line on a declaration; its class tells which details there are."""
    match declaration:
        case GiftDeclarationOut():
            return f"{len(declaration.details.items)} {declaration.details.items[0].category}"
        case MealDeclarationOut():
            return str(declaration.details.venue)
        case OutsidePostDeclarationOut():
            return declaration.details.pay_per_year.amount
        case ActivityDeclarationOut() | LoanDeclarationOut() | FamilyEventDeclarationOut() | ShareholdingDeclarationOut():
            return declaration.kind
        case _:
            assert_never(declaration)


def filed(client: AuthenticatedClient, body: GiftDeclarationIn | MealDeclarationIn | OutsidePostDeclarationIn) -> Declaration:
    """The declaration as filed; sent twice with one key, it is there once."""
    key = str(uuid4())
    first = submit_declaration.sync_detailed(client=client, body=body, idempotency_key=key)
    again = submit_declaration.sync_detailed(client=client, body=body, idempotency_key=key)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.content == first.content
    assert first.parsed is not None
    assert not isinstance(first.parsed, ProblemOut), first.content
    return first.parsed


def amended(client: AuthenticatedClient, declaration: UUID) -> None:
    """An amendment needs the version that it starts from; a second one from the same version comes too late."""
    read = read_declaration.sync_detailed(declaration, client=client)
    facts = JsonObject()
    facts["aware_on"] = TODAY.isoformat()
    change = DeclarationChange(details=facts, note="更正")
    new = amend_declaration.sync(declaration, client=client, body=change, if_match=read.headers["ETag"])
    assert isinstance(new, GiftDeclarationOut), new
    assert new.revision == 2
    assert new.details.aware_on == TODAY
    stale = amend_declaration.sync_detailed(declaration, client=client, body=change, if_match=read.headers["ETag"])
    assert stale.status_code == HTTPStatus.PRECONDITION_FAILED
    assert isinstance(stale.parsed, ProblemOut)
    assert stale.parsed.status == HTTPStatus.PRECONDITION_FAILED


def refused(client: AuthenticatedClient) -> None:
    """A wrong field is named."""
    wrong = submit_declaration.sync(client=client, body=gift(date(2999, 1, 1)))
    assert isinstance(wrong, ProblemOut)
    assert isinstance(wrong.errors, list), wrong
    assert wrong.errors[0].pointer == "/details/received_on"


def listed(client: AuthenticatedClient) -> list[UUID]:
    """The ids of all declarations, two at a time."""
    seen: list[UUID] = []
    after: str | Unset = UNSET
    while True:
        page = list_declarations.sync(client=client, limit=2, after=after)
        assert isinstance(page, DeclarationPageOut), page
        seen += [item.id for item in page.items]
        if page.next_ is None:
            return seen
        after = page.next_


def main(address: str, secret: str) -> None:
    """All of it."""
    own = official(AuthenticatedClient(base_url=address, token=secret), address)
    preview = preview_declaration.sync(client=own, body=gift(TODAY))
    assert isinstance(preview, PreviewOut), preview
    done = [filed(own, body) for body in (gift(TODAY), meal(), post())]
    assert [told(declaration) for declaration in done] == ["1 prepaid_card", "company_canteen", "0.00"]
    amended(own, done[0].id)
    refused(own)
    assert listed(own) == [declaration.id for declaration in reversed(done)]
    print(f"Python: {len(done)} declarations filed, amended and read back, {len(preview.screening.findings)} findings in the preview")


if __name__ == "__main__":
    main(*sys.argv[1:])
