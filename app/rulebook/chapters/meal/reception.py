"""Official receptions: who keeps the guests company, how many meals, what is on the table (国内公务接待)."""

from ...citation import cite, discipline
from ...dates import written
from ...finding import Hit, Level, Remedy, Text
from ...rule import rule
from ...statement import Payer
from .details import Alcohol, Venue
from .matter import Meal

_BEYOND_STANDARD = discipline(("2018", "106", "S"), ("2023", "116", "S"))
_HOSPITALITY = cite("sanctions", "35(2)", "2020-07-01")
_COMPANY = cite("reception", "10(1)", "2013-12-01", confidence="S")
_TABLE = cite("reception", "10(2)", "2013-12-01", confidence="S")

_CORRECT = Remedy(
    "correct-reception-record",
    Text(
        "请核对公函、接待清单和结算凭证；超出标准或范围的费用不得在接待费中列支，并向接待主管部门说明。",
        "Check the letter, the list and the bill; cost beyond the standard may not be charged to receptions. Explain it to the office "
        "in charge.",
    ),
    None,
)


_STATE_NUMBERS = Remedy("state-numbers", Text("请补充接待对象人数和陪餐人数。", "Add the number of guests and that of companions."), None)


@rule(
    "meal.no-official-letter",
    31,
    title=Text("公务接待无公函或者未留存接待清单", "Official reception without a letter or a list"),
    ban=6,
    basis=(
        cite("reception", "7", "2013-12-01", confidence="S~"),
        cite("thrift", "20", "2013-11-18", "2025-05-02", confidence="S"),
        cite("thrift", "22", "2025-05-02", confidence="S~"),
    ),
    text=Text(
        "自2013年12月1日起，公务接待未填公函文号（按无公函对待）或者填报未留存接待清单的，列为违规疑点；是否留存清单未填的不列。"
        "其他用餐不需要公函。",
        "Since 2013-12-01 an official reception without the number of a letter, which counts as none, or with the list stated as not on "
        "file, is a breach; a list about which nothing is stated is not examined. No other meal needs a letter.",
    ),
    limits=("meal.reception-papers",),
)
def no_official_letter(meal: Meal) -> Hit | None:
    """A letter left out is a letter not had; which papers are needed is a dated limit."""
    if not meal.reception:
        return None
    needed = meal.limits["meal.reception-papers"]
    lacking = {name: words for name, words in _PAPERS.items() if name in needed and _lacks(meal, name)}
    if not lacking:
        return None
    zh, en = "，".join(words.zh for words in lacking.values()), ". ".join(words.en for words in lacking.values())
    message = Text(
        f"{_lead(meal).zh}{zh}。无公函的公务活动和来访人员不予接待，接待结束后应当如实填写接待清单。请核对公函和接待清单并说明。",
        f"{_lead(meal).en}{en}. Nobody is received without a letter, and a list is to be kept of each "
        "reception. Please check both and explain.",
    )
    evidence = {
        "official_letter": meal.details.official_letter,
        "guest_list_filed": meal.details.guest_list_filed,
    } | meal.limits_evidence("meal.reception-papers")
    return Hit(level=Level.BREACH, message=message, evidence=evidence, remedy=_CORRECT)


_PAPERS = {
    "official_letter": Text("公函文号未填，按无公函对待", "No letter is stated, which counts as none"),
    "guest_list_filed": Text("填报未留存接待清单", "The list of the reception is stated as not on file"),
}


def _lacks(meal: Meal, paper: str) -> bool:
    """A letter must be stated; of the list only a plain no counts."""
    return meal.details.official_letter is None if paper == "official_letter" else meal.details.guest_list_filed is False


@rule(
    "meal.too-many-companions",
    32,
    title=Text("公务接待陪餐人数超限", "Too many companions at an official reception"),
    ban=6,
    basis=(_COMPANY, *_BEYOND_STANDARD, _HOSPITALITY),
    text=Text(
        "公务接待用餐，接待对象十人以内的陪餐不超过三人，超过十人的陪餐不超过接待对象人数的三分之一（向下取整）。"
        "超过的列为违规疑点；未填接待对象或陪餐人数的，作提示。",
        "At an official reception up to ten guests are kept company by at most three officials, more guests by at most a third of their "
        "number, rounded down. More is a breach; a notice when the number of guests or companions is left out.",
    ),
    limits=("meal.companions.small-party", "meal.companions.fixed", "meal.companions.guests-for-each"),
)
def too_many_companions(meal: Meal) -> Hit | None:
    """The seam is real: eleven guests allow no more than ten do."""
    guests, companions = meal.details.guests, meal.details.companions
    if not meal.reception:
        return None
    if guests is None or companions is None:
        return _unknown_company(meal)
    small, fixed, share = (meal.limits[limit] for limit in too_many_companions.limits)
    allowed = fixed if guests <= small else guests // share
    if companions <= allowed:
        return None
    message = Text(
        f"{_lead(meal).zh}接待对象{guests}人，陪餐{companions}人，超过{allowed}人的上限。请核对接待清单并说明。",
        f"{_lead(meal).en}{companions} officials kept {guests} guests company; the limit is {allowed}. Please check the list of the "
        "reception and explain.",
    )
    evidence = {"guests": guests, "companions": companions, "allowed": allowed} | meal.limits_evidence(*too_many_companions.limits)
    return Hit(level=Level.BREACH, message=message, evidence=evidence, remedy=_CORRECT)


def _lead(meal: Meal) -> Text:
    """The day, with which every message on a reception begins."""
    day = meal.details.occurred_on
    return Text(f"{written(day)}公务接待：", f"Official reception of {day}. ")


def _unknown_company(meal: Meal) -> Hit:
    numbers = {"guests": meal.details.guests, "companions": meal.details.companions}
    message = Text(
        f"{_lead(meal).zh}接待对象或者陪餐人数未填，无法核对陪餐上限。请补充人数。",
        f"{_lead(meal).en}The number of guests or companions is not stated, so that the limit cannot be checked. Please add it.",
    )
    missing = tuple(name for name, number in numbers.items() if number is None)
    evidence = numbers | meal.limits_evidence(*too_many_companions.limits)
    return Hit(level=Level.NOTICE, message=message, evidence=evidence, missing=missing, remedy=_STATE_NUMBERS)


@rule(
    "meal.second-work-meal",
    33,
    title=Text("同一来访安排多次工作餐", "More than one work meal in a visit"),
    ban=6,
    basis=(_COMPANY, *_BEYOND_STANDARD, _HOSPITALITY),
    text=Text(
        "公务接待中，接待对象应按标准自行用餐，确因工作需要只可安排一次工作餐；第二次及以后且费用不由本人或分摊承担的，列为违规疑点。",
        "Guests on official business eat at their own expense; one work meal may be arranged in a visit. A second one is a breach "
        "unless the declarant paid or shared the cost.",
    ),
    limits=("meal.work-meals-per-visit",),
)
def second_work_meal(meal: Meal) -> Hit | None:
    """A meal that the guest pays for is no reception."""
    number, allowed = meal.details.meal_number_in_visit, meal.limits["meal.work-meals-per-visit"]
    if not meal.reception or number <= allowed or meal.details.payer in (Payer.SELF, Payer.SHARED):
        return None
    message = Text(
        f"{_lead(meal).zh}为本次来访的第{number}次用餐安排，超过可以安排的{allowed}次。请核对接待清单，超出部分由用餐人按标准交纳费用。",
        f"{_lead(meal).en}It was meal number {number} of the visit, and {allowed} may be arranged. Please check the list of the reception; "
        "those who ate pay for what goes beyond.",
    )
    evidence = {
        "meal_number_in_visit": number,
        "payer": meal.details.payer.value,
    } | meal.limits_evidence("meal.work-meals-per-visit")
    return Hit(level=Level.BREACH, message=message, evidence=evidence, remedy=_CORRECT)


@rule(
    "meal.alcohol",
    34,
    title=Text("公务接待用餐提供酒水", "Alcohol at an official reception"),
    ban=6,
    basis=(_TABLE, cite("thrift", "23-25", "2025-05-02", confidence="S", unsure="number, day"), *_BEYOND_STANDARD),
    text=Text(
        "公务接待工作餐自2013年12月1日起不得提供高档酒水；自2025年5月2日起不上酒。违反的列为违规疑点。",
        "Work meals of official receptions may serve no high-end alcohol since 2013-12-01, and no alcohol at all since 2025-05-02. "
        "Otherwise it is a breach.",
    ),
    limits=("meal.alcohol",),
)
def alcohol(meal: Meal) -> Hit | None:
    """What may be drunk is a dated limit: first ordinary drinks, then none."""
    served, allowed = meal.details.alcohol, meal.limits["meal.alcohol"]
    if not meal.reception or served is Alcohol.NONE or served == allowed:
        return None
    seen = Text("高档酒水", "high-end alcohol") if served is Alcohol.HIGH_END else Text("酒水", "alcohol")
    norm = Text("不上酒", "no alcohol") if allowed == Alcohol.NONE else Text("不得提供高档酒水", "no high-end alcohol")
    message = Text(
        f"{_lead(meal).zh}填报提供了{seen.zh}，按当时的规定工作餐{norm.zh}。请核对菜单和结算凭证并说明。",
        f"{_lead(meal).en}It served {seen.en}; by the norms of that time a work meal has {norm.en}. Please check the menu and the bill, "
        "and explain.",
    )
    evidence = {"alcohol": served.value} | meal.limits_evidence("meal.alcohol")
    return Hit(level=Level.BREACH, message=message, evidence=evidence, remedy=_CORRECT)


@rule(
    "meal.tobacco-or-luxury",
    35,
    title=Text("公务接待提供香烟、高档菜肴或使用高消费场所", "Cigarettes, luxury dishes or a high-end venue at an official reception"),
    ban=6,
    basis=(_TABLE, *_BEYOND_STANDARD, _HOSPITALITY),
    text=Text(
        "公务接待工作餐提供香烟、高档或野生保护动物菜肴，或者安排在高消费餐饮场所的，列为违规疑点。私人会所另行判断。",
        "A work meal of an official reception with cigarettes, luxury dishes or protected animals, or in a high-end venue, is a breach. "
        "Private clubs are judged apart.",
    ),
)
def tobacco_or_luxury(meal: Meal) -> Hit | None:
    """Any one of the three is enough."""
    said = meal.details
    seen = {
        "tobacco": (said.tobacco, Text("提供香烟", "cigarettes were provided")),
        "luxury_dishes": (said.luxury_dishes, Text("提供高档菜肴", "luxury dishes were served")),
        "high_end_venue": (said.venue is Venue.HIGH_END_VENUE, Text("安排在高消费餐饮场所", "a high-end venue was used")),
    }
    found = {name: words for name, (holds, words) in seen.items() if holds}
    if not meal.reception or not found:
        return None
    zh, en = "、".join(words.zh for words in found.values()), " and ".join(words.en for words in found.values())
    message = Text(
        f"{_lead(meal).zh}{zh}，超出工作餐标准。请核对接待清单和结算凭证并说明。",
        f"{_lead(meal).en}It went beyond the standard of work meals: {en}. Please check the list of the reception and the bill, and "
        "explain.",
    )
    return Hit(level=Level.BREACH, message=message, evidence={"circumstances": list(found)}, remedy=_CORRECT)
