"""The caller by itself, without a door."""

import dataclasses

import pytest

from app.access.caller import CONSOLE, Caller, Scope, known_scopes, unauthenticated
from app.kit.errors import Problem, Words


def _caller(*scopes: Scope) -> Caller:
    return Caller("key:1", frozenset(scopes), None, None)


def test_one_of_several_scopes_is_enough() -> None:
    caller = _caller(Scope.DECLARATIONS_READ)
    assert caller.may(Scope.DECLARATIONS_READ)
    assert caller.may(Scope.REVIEWS_WRITE, Scope.DECLARATIONS_READ)
    assert not caller.may(Scope.REVIEWS_WRITE, Scope.ADMIN)
    caller.require(Scope.REVIEWS_WRITE, Scope.DECLARATIONS_READ)


def test_no_scope_holds_another_one() -> None:
    for scope in Scope:
        assert [other for other in Scope if _caller(scope).may(other)] == [scope]


def test_asking_for_no_scope_at_all_lets_nobody_pass() -> None:
    assert not CONSOLE.may()


def test_a_refusal_names_every_scope_that_would_do() -> None:
    with pytest.raises(Problem) as refused:
        _caller(Scope.ADMIN).require(Scope.PEOPLE_READ, Scope.PEOPLE_WRITE)
    problem = refused.value
    assert (problem.status, problem.code) == (403, "scope-missing")
    assert "people:read / people:write" in problem.detail.zh
    assert "people:read / people:write" in problem.detail.en
    assert problem.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="people:read people:write"'


def test_scopes_of_others_count_for_nothing() -> None:
    assert known_scopes(["openid", "profile", "people:read", "PEOPLE:WRITE", "people", ""]) == {Scope.PEOPLE_READ}
    assert known_scopes([]) == frozenset()


def test_the_console_may_everything_everywhere_and_is_nobody() -> None:
    assert CONSOLE.scopes == set(Scope)
    assert (CONSOLE.actor, CONSOLE.person, CONSOLE.roots) == ("cli", None, None)


def test_a_caller_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        CONSOLE.actor = "somebody"  # type: ignore[misc]


def test_the_challenge_says_whether_a_token_was_there() -> None:
    words = Words("请登录。", "Sign in.")
    assert unauthenticated(words, token_given=False).headers == {"WWW-Authenticate": "Bearer"}
    assert unauthenticated(words).headers == {"WWW-Authenticate": 'Bearer error="invalid_token"'}
