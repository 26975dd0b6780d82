"""Filters of RFC 7644, section 3.4.2.2, as conditions of SQL: what no column answers is refused, never looked for row by row."""

from datetime import UTC, datetime
from typing import Any

from scim2_models import AttributeBinding, Resource, ScimFilter
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterNode,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
    coerce_value,
)
from sqlalchemy import and_, false, not_, or_
from sqlalchemy.sql.elements import ColumnElement

from .attributes import Attribute, Condition, Names, unsupported

LONGEST = 8_000
"""Characters; a statement takes some thousand values and no more."""


def condition(asked: ScimFilter[Any] | None, model: type[Resource[Any]], names: Names) -> Condition | None:
    """The condition on the rows of one sort of resource; an attribute that it does not have matches none of them.

    Raises:
        InvalidFilterException: the filter is too long, or asks what cannot be answered.
    """
    if asked is None:
        return None
    if len(asked) > LONGEST:
        raise unsupported(f"筛选条件不得超过 {LONGEST} 个字符。A filter may have at most {LONGEST} characters.")
    bound: ScimFilter[Any] = ScimFilter.__class_getitem__(model)(str(asked))
    return _Conditions(bound, names).visit(bound.ast)


def order(binding: AttributeBinding | None, names: Names) -> ColumnElement[Any] | None:
    """What resources are sorted by; None where they do not have the attribute.

    Raises:
        InvalidFilterException: it has no order.
    """
    if binding is None:
        return None
    attribute = names.get((binding.field_name, binding.sub_field_name))
    key = attribute.key if attribute else None
    if key is None:
        raise unsupported("不支持按该属性排序。Resources cannot be sorted by this attribute.")
    return key


class _Conditions(FilterVisitor[Condition]):
    """Turns each node into a condition that is true or false."""

    def __init__(self, asked: ScimFilter[Any], names: Names) -> None:
        self.asked = asked
        self.names = names

    def visit_comparison(self, node: Comparison) -> Condition:
        """An attribute compared with a value; null stands for none."""
        binding = self.asked.resolve_comparison(node.attr_path, strict=False)
        if binding is None:
            return false()
        attribute = self._attribute(binding)
        if node.value is None:
            return _against_null(attribute, node.op)
        value = coerce_value(binding, node.value, node.op)
        if isinstance(value, datetime) and value.tzinfo is None:
            value = value.replace(tzinfo=UTC)
        return attribute.compare(node.op, value)

    def visit_present(self, node: Present) -> Condition:
        """An attribute that has a value."""
        binding = self.asked.resolve(node.attr_path, strict=False)
        return false() if binding is None else self._attribute(binding).present()

    def visit_not(self, node: Not) -> Condition:
        """The contrary."""
        return not_(self.visit(node.expr))

    def visit_logical_expr(self, node: LogicalExpr) -> Condition:
        """All or any of the terms."""
        terms = [self.visit(term) for term in node.terms]
        return and_(*terms) if node.op is LogicalOperator.and_ else or_(*terms)

    def visit_value_path(self, node: ValuePath) -> Condition:
        """`groups[value eq "..."]`: a person has one unit, and a member one id, so that it is `groups.value eq "..."`."""
        return self.visit(_outward(node.attr_path, node.val_filter))

    def _attribute(self, binding: AttributeBinding) -> Attribute:
        attribute = self.names.get((binding.field_name, binding.sub_field_name))
        if attribute is None:
            raise unsupported("不支持按该属性筛选。Resources cannot be filtered by this attribute.")
        return attribute


def _against_null(attribute: Attribute, operator: CompareOperator) -> Condition:
    if operator is CompareOperator.ne:
        return attribute.present()
    return not_(attribute.present()) if operator is CompareOperator.eq else false()


def _outward(outer: AttrPath, node: FilterNode) -> FilterNode:
    """A filter on the parts of an attribute as one on the resource."""
    if isinstance(node, Comparison):
        return Comparison(_part(outer, node.attr_path), node.op, node.value)
    if isinstance(node, Present):
        return Present(_part(outer, node.attr_path))
    if isinstance(node, Not):
        return Not(_outward(outer, node.expr))
    if isinstance(node, LogicalExpr):
        return LogicalExpr(node.op, tuple(_outward(outer, term) for term in node.terms))
    raise unsupported("筛选条件不能如此嵌套。A filter cannot be nested like that.")


def _part(outer: AttrPath, inner: AttrPath) -> AttrPath:
    return AttrPath(outer.attr, inner.attr, outer.uri)
