"""What is said of a wrong field: one sentence a sort of fault, in Chinese and in English, with the limits that it broke."""

from .errors import Words

UNFORESEEN = Words("内容不符合要求，请参阅接口文档。", "Not as the interface asks for; see its documentation.")
"""For faults without words of their own."""

MESSAGES = {
    "missing": Words("必填项缺失。", "This field is required."),
    "extra_forbidden": Words("没有这个字段，请核对拼写或删除。", "No such field; check the spelling or remove it."),
    "json_invalid": Words("不是有效的 JSON。", "Not valid JSON."),
    "string_too_short": Words("内容过短，至少 {min_length} 个字符。", "Too short; give {min_length} or more characters."),
    "string_too_long": Words("内容过长，至多 {max_length} 个字符。", "Too long; at most {max_length} characters."),
    "string_type": Words("须为文本。", "Must be text."),
    "string_unicode": Words(
        "含有不成对的代理字符，不是有效的文本，请删除。", "Holds half a character (a lone surrogate), which is no text; remove it."
    ),
    "string_pattern_mismatch": Words("格式不符，应符合 {pattern}。", "Malformed; must match {pattern}."),
    "bool_type": Words("须为 true 或 false。", "Must be true or false."),
    "bool_parsing": Words("须为 true 或 false。", "Must be true or false."),
    "int_type": Words("须为整数。", "Must be a whole number."),
    "int_parsing": Words("须为整数。", "Must be a whole number."),
    "float_type": Words("须为数字。", "Must be a number."),
    "finite_number": Words("须为有限的数字。", "Must be a finite number."),
    "greater_than_equal": Words("不得小于 {ge}。", "Must be at least {ge}."),
    "greater_than": Words("须大于 {gt}。", "Must be greater than {gt}."),
    "less_than_equal": Words("不得大于 {le}。", "Must be at most {le}."),
    "less_than": Words("须小于 {lt}。", "Must be less than {lt}."),
    "enum": Words("须为以下之一：{expected}。", "Must be one of: {expected}."),
    "literal_error": Words("须为以下之一：{expected}。", "Must be one of: {expected}."),
    "union_tag_invalid": Words("须为以下之一：{expected_tags}。", "Must be one of: {expected_tags}."),
    "union_tag_not_found": Words("必填项缺失。", "This field is required."),
    "uuid_parsing": Words("须为 UUID。", "Must be a UUID."),
    "uuid_type": Words("须为 UUID。", "Must be a UUID."),
    "date_from_datetime_parsing": Words("没有这一天，日期写作 YYYY-MM-DD。", "No such day; days are written YYYY-MM-DD."),
    "date_parsing": Words("没有这一天，日期写作 YYYY-MM-DD。", "No such day; days are written YYYY-MM-DD."),
    "date_type": Words("须为日期 YYYY-MM-DD。", "Must be a day, YYYY-MM-DD."),
    "too_short": Words("项数过少，至少 {min_length} 项。", "Too few; give {min_length} or more."),
    "too_long": Words("项数过多，至多 {max_length} 项。", "Too many; give at most {max_length}."),
    "model_attributes_type": Words("须为 JSON 对象。", "Must be a JSON object."),
    "model_type": Words("须为 JSON 对象。", "Must be a JSON object."),
    "dict_type": Words("须为 JSON 对象。", "Must be a JSON object."),
    "list_type": Words("须为数组。", "Must be an array."),
    "tuple_type": Words("须为数组。", "Must be an array."),
    "amount_not_text": Words('金额须为十进制字符串，如 "1888.00"。', 'An amount is a decimal string such as "1888.00".'),
    "amount_malformed": Words(
        "金额至多 12 位半角整数、2 位小数，不带正负号与千分位。",
        "Up to 12 ASCII digits and at most 2 decimals, without sign or separators.",
    ),
    "currency_unknown": Words("不是现行 ISO 4217 货币代码。", "Not an ISO 4217 currency in use."),
    "day_malformed": Words(
        "日期写作 YYYY-MM-DD，使用半角数字，如 2024-05-25。", "A day is written YYYY-MM-DD with ASCII digits, such as 2024-05-25."
    ),
    "instant_malformed": Words(
        "时刻写作 RFC 3339 格式并带时区，如 2026-11-25T08:00:00Z；网址中 + 写作 %2B。",
        "An instant is written as in RFC 3339 with its offset, such as 2026-11-25T08:00:00Z; in an address, + is written %2B.",
    ),
    "day_too_early": Words("不接受 1949-10-01 之前的日期。", "A day before 1949-10-01 cannot be declared."),
    "day_before_receipt": Words("不得早于收受（赠送）日期 received_on。", "Must not lie before `received_on`."),
    "until_on_before_from_on": Words("不得早于开始日期 from_on。", "Must not lie before `from_on`."),
    "until_on_before_occurred_on": Words("不得早于首次日期 occurred_on。", "Must not lie before `occurred_on`."),
    "repaid_on_before_from_on": Words("不得早于起始日 from_on。", "Must not lie before `from_on`."),
    "disposed_on_before_acquired_on": Words("不得早于取得日期 acquired_on。", "Must not lie before `acquired_on`."),
    "text_unreadable": Words("含有无法显示的字符 {code}，请删除。", "Contains the character {code}, which cannot be shown; remove it."),
    "text_blank": Words("不能为空白。", "Must hold at least one visible character."),
    "read_needs_up_to_or_ids": Words("up_to 与 ids 须且只能填写其一。", "Give either `up_to` or `ids`: not both, not neither."),
    "reference_needs_id_or_name": Words("id 与 name 须且只能填写其一。", "Give either `id` or `name`: not both, not neither."),
}
"""By the code of pydantic, or of our own validators; fields of the error's context stand in braces."""

FORMS = {
    r"^[A-Z]{3}$": Words("应为三个大写字母，如 CNY。", "Three capital letters, such as CNY."),
    r"^[A-Z]{2}$": Words("应为两个大写字母，如 CN。", "Two capital letters, such as CN."),
    r"^[a-z-]+$": Words("应为小写字母与连字符，如 submit-draft。", "Small letters and hyphens, such as submit-draft."),
    r"^[!-~]([ -~]*[!-~])?$": Words("应为可见的 ASCII 字符，首尾无空格。", "Visible ASCII characters, without blanks around them."),
    r"^[a-z.-]+$": Words(
        "应为小写字母、句点与连字符，如 declaration.submitted。", "Small letters, dots and hyphens, such as declaration.submitted."
    ),
    r"^(\*|[a-z-]+\.(\*|[a-z-]+))$": Words(
        "应为主题，如 declaration.submitted、declaration.*，或 *。", "A topic such as declaration.submitted or declaration.*, or * for all."
    ),
    r"^[ -~]+$": Words("应为可见的 ASCII 字符。", "Printable ASCII characters."),
    r"^[^\x00]*$": Words("不得含空字符。", "Must not hold the character U+0000."),
    r"^[0-9A-Z]{15,18}$": Words("应为 15 至 18 位数字或大写字母。", "15 to 18 digits or capital letters."),
    r"^[0-9]{1,4}(\.[0-9]{1,4})?$": Words(
        '应为不带百分号的十进制字符串，至多 4 位整数、4 位小数，如 "12.5"。',
        'A decimal string without a percent sign, up to 4 digits and 4 decimals, such as "12.5".',
    ),
    r"^[0-9]{1,12}(\.[0-9]{1,4})?$": Words(
        '应为不带正负号的十进制字符串，至多 12 位整数、4 位小数，如 "20"。',
        'A decimal string without a sign, up to 12 digits and 4 decimals, such as "20".',
    ),
    r"^[0-9]{1,12}(\.[0-9]{1,2})?$": Words(
        '应为不带正负号的十进制字符串，至多 12 位整数、2 位小数，如 "1000"。',
        'A decimal string without a sign, up to 12 digits and 2 decimals, such as "1000".',
    ),
    r"^[0-9]{1,8}(\.[0-9]{1,8})?$": Words(
        '应为十进制字符串，至多 8 位整数、8 位小数，如 "0.92"。', 'A decimal string of up to 8 digits and 8 decimals, such as "0.92".'
    ),
}
"""What text of a given pattern looks like; a pattern itself cannot be read aloud."""
