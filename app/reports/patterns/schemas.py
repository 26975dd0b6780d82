"""What patterns answer."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from app.rulebook.facts import Source
from app.rulebook.money import Money

from ..networks.schemas import NamedCounterpartyOut


class OfficialOut(BaseModel):
    """An official by name."""

    person: UUID = Field(description="人员编号。Id of the official.")
    name: str = Field(description="姓名。Name.")


class LeadOut(BaseModel):
    """What was seen when declarations were laid side by side."""

    group: NamedCounterpartyOut = Field(
        description="关联企业的最终所有者；无所有者的为其本身。Whom the other side belongs to in the end; itself if nobody owns it."
    )
    message: str = Field(description="所见情形；是线索，不是结论。What was seen: a lead, and no verdict.")


class PageOfLeads(BaseModel):
    """What pages of leads have in common."""

    occurred_from: date = Field(description="所比对行为的首日。The first day of conduct that was looked at.")
    occurred_until: date = Field(description="所比对行为的末日。The last day of conduct that was looked at.")
    truncated: bool = Field(
        description="申报过多，仅比对了最新的两万份；请缩短日期范围或限定单位。"
        "Whether only the newest 20,000 declarations were laid side by side; narrow the days or the unit then."
    )
    next: str | None = Field(description="下一页的游标；末页为空。Cursor of the next page; empty on the last.")
    count: int | None = Field(description="线索总数，仅在要求时给出。How many leads in all, when asked for.")


class UndeclaredOut(OfficialOut):
    """A colleague who is named in a note and declared no such meal, as far as the caller can see."""

    named_in: UUID = Field(description="提到其姓名的申报。The declaration whose note holds the name.")


class MealAtTableOut(OfficialOut):
    """A meal that was declared of the same host on the same day."""

    declaration: UUID = Field(description="申报。The declaration.")
    unit: UUID = Field(description="申报时所在单位。The declarant's unit when it was filed.")
    source: Source = Field(description="来源；commission 为纪检发现。Who reported it; discovered by the commission if so.")
    host: NamedCounterpartyOut = Field(description="宴请方。Who hosted it.")
    place: str | None = Field(description="所述地点。The place stated.")
    guests: int | None = Field(description="所述接待对象人数。Number of guests stated.")
    companions: int | None = Field(description="所述陪餐人数。Number of companions stated.")


class SharedMealOut(LeadOut):
    """A table at which several sat (同席)."""

    occurred_on: date = Field(description="用餐日期。Day of the meal.")
    declared_by: int = Field(description="自行申报的人数。How many declared it themselves, or had it declared.")
    companions: int | None = Field(
        description="所述最多的陪餐人数；可与申报人数对照。The greatest number of companions stated, to compare with."
    )
    not_declared: list[UndeclaredOut] = Field(description="说明中提到而未见申报的同事。Colleagues named in a note who did not declare.")
    meals: list[MealAtTableOut] = Field(description="各份申报。The declarations.")


class SharedMealsOut(PageOfLeads):
    """A page of tables, the newest first."""

    items: list[SharedMealOut] = Field(description="本页线索。The leads of the page.")


class GiftInPatternOut(OfficialOut):
    """A gift that was declared."""

    declaration: UUID = Field(description="申报。The declaration.")
    unit: UUID = Field(description="申报时所在单位。The declarant's unit when it was filed.")
    occurred_on: date = Field(description="收受（赠送）日期。Day of receipt, or of giving.")
    worth: str | None = Field(description="已知价值（人民币元）。Known worth in CNY.", examples=["580.00"])


class MissedLimitOut(BaseModel):
    """A limit that stood on the day, in the declarant's unit."""

    limit: str = Field(description="标准编号。Id of the limit.", examples=["gift.register"])
    title: str = Field(description="标准名称。Its title.")
    value: str = Field(description="当日数额（人民币元）。Its value on the day, in CNY.", examples=["600.00"])


class GiftNearLimitOut(GiftInPatternOut):
    """A gift just below a limit."""

    below: list[MissedLimitOut] = Field(description="略低于哪些标准。The limits that it lies just below.")


class NearLimitOut(LeadOut):
    """A giver whose gifts lie just below a limit again and again (压线)."""

    officials: int = Field(description="涉及人数。How many officials received them.")
    gifts: list[GiftNearLimitOut] = Field(description="各份礼品，最新在前。The gifts, newest first.")


class NearLimitsOut(PageOfLeads):
    """A page of givers, those with the most such gifts first."""

    items: list[NearLimitOut] = Field(description="本页线索。The leads of the page.")


class StatedReturnOut(BaseModel):
    """What the declaration of a gift says was given for it."""

    declaration: UUID = Field(description="申报。The declaration.")
    worth: Money = Field(description="所述回礼价值。The worth stated of what was given in return.")


class ReciprocalGiftOut(LeadOut, OfficialOut):
    """Gifts to and fro between an official and a group (互赠)."""

    received: list[GiftInPatternOut] = Field(description="收受的礼品，最新在前。The gifts received, newest first.")
    given: list[GiftInPatternOut] = Field(description="赠送的礼品，最新在前。The gifts given, newest first.")
    returns_stated: list[StatedReturnOut] = Field(
        description="收受申报中所述的回礼。The returns stated in declarations of what was received."
    )
    received_worth: str | None = Field(
        description="收受的已知价值合计（人民币元）；均不详则空。Known worth received, in CNY; null if none is known."
    )
    given_worth: str | None = Field(
        description="赠送的已知价值合计（人民币元），不含所述回礼；均不详则空。Known worth given, in CNY, without stated returns; null if none is known."
    )


class ReciprocalGiftsOut(PageOfLeads):
    """A page of officials and groups, the newest first."""

    items: list[ReciprocalGiftOut] = Field(description="本页线索。The leads of the page.")
