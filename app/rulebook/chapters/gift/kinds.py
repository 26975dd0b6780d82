"""The words in which a gift is described: its category, occasion, channel, receiver and what became of it."""

from enum import StrEnum


class GiftCategory(StrEnum):
    """What was given (礼品类别); decides which main rule looks at a line."""

    GOODS = "goods"
    RARE_SPECIALTY = "rare_specialty"
    PROMOTIONAL = "promotional"
    CASH = "cash"
    E_RED_PACKET = "e_red_packet"
    TRANSFER = "transfer"
    PREPAID_CARD = "prepaid_card"
    VOUCHER = "voucher"
    MEMBERSHIP_CARD = "membership_card"
    SECURITY = "security"
    EQUITY = "equity"
    FEE = "fee"
    EXPENSE_PAYMENT = "expense_payment"
    BELOW_PRICE_DEAL = "below_price_deal"
    SERVICE = "service"
    SOUVENIR = "souvenir"
    OTHER = "other"

    @property
    def cash_like(self) -> bool:
        """Money, and what is spent or sold like money (礼金、有价证券、支付凭证): no threshold protects it."""
        return self in _CASH_LIKE

    @property
    def tangible(self) -> bool:
        """Goods and favours in kind (实物及其他礼品), the ordinary gifts."""
        return self in _TANGIBLE

    @property
    def counts_by_worth(self) -> bool:
        """Whether the registration thresholds of gifts unrelated to duty look at its worth."""
        return self.tangible or self is GiftCategory.EXPENSE_PAYMENT


_CASH_LIKE = frozenset(
    {
        GiftCategory.CASH,
        GiftCategory.E_RED_PACKET,
        GiftCategory.TRANSFER,
        GiftCategory.PREPAID_CARD,
        GiftCategory.VOUCHER,
        GiftCategory.SECURITY,
        GiftCategory.EQUITY,
    }
)
_TANGIBLE = frozenset(
    {
        GiftCategory.GOODS,
        GiftCategory.RARE_SPECIALTY,
        GiftCategory.PROMOTIONAL,
        GiftCategory.SERVICE,
        GiftCategory.SOUVENIR,
        GiftCategory.OTHER,
    }
)


class GiftDirection(StrEnum):
    """Whether the declarant received or gave."""

    RECEIVED = "received"
    GIVEN = "given"


class GiftSetting(StrEnum):
    """Domestic contacts (国内交往) or foreign affairs (对外公务活动)."""

    DOMESTIC = "domestic"
    FOREIGN_AFFAIRS = "foreign_affairs"


class GiftReceiver(StrEnum):
    """Who took the gift into their hands."""

    SELF = "self"
    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    OTHER_RELATIVE = "other_relative"
    OTHER = "other"


class GiftOccasion(StrEnum):
    """The occasion of the gift (事由)."""

    NONE = "none"
    SPRING_FESTIVAL = "spring_festival"
    DRAGON_BOAT = "dragon_boat"
    MID_AUTUMN = "mid_autumn"
    NATIONAL_DAY = "national_day"
    WEDDING = "wedding"
    FUNERAL = "funeral"
    BIRTHDAY = "birthday"
    ILLNESS = "illness"
    CHILDBIRTH = "childbirth"
    PROMOTION = "promotion"
    HOUSEWARMING = "housewarming"
    MEETING = "meeting"
    VISIT = "visit"
    OTHER = "other"


class GiftChannel(StrEnum):
    """How the gift arrived (送达方式)."""

    IN_PERSON = "in_person"
    COURIER = "courier"
    ELECTRONIC = "electronic"
    LEFT_BEHIND = "left_behind"
    VIA_THIRD_PARTY = "via_third_party"


class WorthBasis(StrEnum):
    """What the stated worth rests on (估价依据)."""

    RECEIPT = "receipt"
    MARKET = "market"
    ESTIMATE = "estimate"
    UNKNOWN = "unknown"


class FeeWork(StrEnum):
    """The work that a fee is said to pay for."""

    LECTURE = "lecture"
    CONSULTING = "consulting"
    REVIEW = "review"
    OTHER = "other"


class FeeTitle(StrEnum):
    """The professional title (职称) by which lecture fees are graded."""

    ASSOCIATE = "associate"
    FULL = "full"
    ACADEMICIAN = "academician"


class DispositionAction(StrEnum):
    """What became of a gift (处置方式)."""

    PENDING = "pending"
    KEPT = "kept"
    REFUSED = "refused"
    RETURNED = "returned"
    SURRENDERED = "surrendered"
    TREASURY = "treasury"
    INTEGRITY_ACCOUNT = "integrity_account"
    CONSUMED = "consumed"
    OWN_UNIT_DECIDES = "own_unit_decides"

    @property
    def hands_over(self) -> bool:
        """Whether the gift left the declarant's hands on a day that must be stated (退还、上交)."""
        return self in _HANDS_OVER

    @property
    def hands_in(self) -> bool:
        """Whether it went to an authority that issues a receipt (上交、缴国库、存入廉政账户)."""
        return self in _HANDS_IN

    @property
    def keeps(self) -> bool:
        """Whether it stays, was used up, or is not yet decided on."""
        return self in (DispositionAction.KEPT, DispositionAction.CONSUMED, DispositionAction.PENDING)


_HANDS_IN = frozenset({DispositionAction.SURRENDERED, DispositionAction.TREASURY, DispositionAction.INTEGRITY_ACCOUNT})
_HANDS_OVER = _HANDS_IN | {DispositionAction.RETURNED, DispositionAction.OWN_UNIT_DECIDES}
