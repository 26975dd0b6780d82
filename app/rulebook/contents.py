"""The table of contents: a new kind of declaration is one folder and one line here."""

from .chapter import KindChapter
from .chapters import activity, combined, family_event, gift, loan, meal, outside_post, shareholding

CHAPTERS = (
    gift.CHAPTER,
    meal.CHAPTER,
    activity.CHAPTER,
    loan.CHAPTER,
    family_event.CHAPTER,
    shareholding.CHAPTER,
    outside_post.CHAPTER,
    combined.CHAPTER,
)
"""Every chapter in reading order; chapters do not know each other."""

KINDS = {chapter.name: chapter for chapter in CHAPTERS if isinstance(chapter, KindChapter)}
"""The kinds of declaration, by the value of `kind`."""
