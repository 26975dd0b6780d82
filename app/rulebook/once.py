"""`cached_property` without the lock that functools put around it before Python 3.12: judging asks for thousands of them."""

import sys
from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

if sys.version_info >= (3, 12):
    from functools import cached_property
else:
    Value = TypeVar("Value")

    class cached_property(Generic[Value]):  # noqa: N801  # the name that it stands in for
        """The value is worked out when first asked for, and then stands among the object's own attributes."""

        def __init__(self, ask: Callable[[Any], Value]) -> None:
            self.ask = ask
            self.name = ask.__name__
            self.__doc__ = ask.__doc__

        def __set_name__(self, owner: type, name: str) -> None:
            self.name = name

        @overload
        def __get__(self, of: None, owner: type | None = None) -> "cached_property[Value]": ...

        @overload
        def __get__(self, of: object, owner: type | None = None) -> Value: ...

        def __get__(self, of: object | None, owner: type | None = None) -> "cached_property[Value] | Value":
            if of is None:
                return self
            value = of.__dict__[self.name] = self.ask(of)
            return value


__all__ = ["cached_property"]
