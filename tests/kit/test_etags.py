"""Nobody overwrites what they have not seen."""

import pytest

from app.kit.errors import Problem
from app.kit.etags import etag, require_match


@pytest.mark.parametrize("given", ['"3"', "*", '"2", "3"', ' "3" ', '"3-9f86d081884c7d65"', '"3-9f86d081884c7d65-gz"'])
def test_the_standing_version_may_be_changed(given: str) -> None:
    require_match(given, 3)


@pytest.mark.parametrize("given", ['"2"', "3", 'W/"3"', "", '"33"', '"2", "4"', '"33-9f86"', 'W/"3-9f86"', '"-3"'])
def test_any_other_version_is_412_with_the_one_that_stands(given: str) -> None:
    with pytest.raises(Problem) as refused:
        require_match(given, 3)
    assert (refused.value.status, refused.value.headers) == (412, {"ETag": etag(3)})
