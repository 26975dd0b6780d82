"""Every action of the ledger is a topic, or it has been decided that nobody is told of it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import app
from app.approvals.records import ACTS
from app.declarations.repository import STATED
from app.obligations.moving import SAID
from app.reviews.events import ReviewEventType
from app.webhooks.topics import PLACES, TOPICS, WITHHELD

CODE = [file for file in Path(app.__file__).parent.rglob("*.py") if "rulebook" not in file.parts]
RECORDING = {"record", "tell", "_tell", "_change", "change", "_file"}


def _recorded(tree: ast.AST) -> Iterator[str]:
    """Texts with a dot that are given to whatever writes lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            texts = (argument.value for argument in node.args if isinstance(argument, ast.Constant)) if name in RECORDING else ()
            yield from (text for text in texts if isinstance(text, str) and "." in text)


def test_every_action_is_a_topic_or_withheld() -> None:
    actions = {action for file in CODE for action in _recorded(ast.parse(file.read_text(encoding="utf-8")))}
    actions |= {*STATED, *ACTS, *SAID.values(), *(f"review.{kind.value.replace('_', '-')}" for kind in ReviewEventType)}
    known = set(TOPICS) | WITHHELD
    assert actions - known == set(), "say in app/webhooks/topics.py who may be told of these"
    assert known - actions == set(), "nothing writes these"


def test_topics_are_told_in_both_languages_and_say_where_their_subjects_are_read() -> None:
    assert not [topic for topic in TOPICS.values() if topic.words.zh.isascii() or not topic.words.en.isascii()]
    assert {topic.noun for topic in TOPICS.values()} - set(PLACES) == {"export", "record", "import", "device", "calendar"}
    assert all(topic.scopes for topic in TOPICS.values())
