"""Citations that several rules on gifts share."""

from ...citation import cite, discipline

ACCEPTING = discipline(("2015", "83", "S"), ("2018", "88", "S"), ("2023", "97", "S"))
"""The Party's ban on accepting what may affect the fair exercise of duty (收受可能影响公正执行公务的礼品等)."""

PUBLIC_OFFICIALS = cite("sanctions", "34(1)", "2020-07-01")
"""The same ban for every public official."""

DUTY_RELATED_REGISTRATION = cite("gift-registration", "2(1)", "1995-04-30", confidence="S")
"""No gift that may affect duty; what could not be refused is registered and handed in, whatever its worth."""

DOMESTIC_OFFICIAL_BUSINESS = cite("order-20", "2", "1988-12-01", who="civil")
"""No gifts on domestic official business (国内公务活动中不得赠送和接受礼品)."""

WITHIN_A_MONTH = cite("gift-registration", "3", "1995-04-30", confidence="S")
"""One month to register, and to hand in with the form."""

UNREGISTERED = cite("gift-registration", "4", "1995-04-30", confidence="S")
"""What is not registered or handed in, or not truthfully, in that month."""

STANDARDS = cite("gift-standards", "3", "1995-09-02", confidence="S~")
"""The sums from which gifts are registered, handed in, and added up over a year."""

RECEIVED_OF_DUTY_RELATED = (*ACCEPTING, PUBLIC_OFFICIALS, DUTY_RELATED_REGISTRATION)
