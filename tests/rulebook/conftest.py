"""Hypothesis as the law's tests use it: nothing is kept between runs, and a busy machine fails nothing."""

from hypothesis import settings

settings.register_profile("law", deadline=None, database=None)
settings.load_profile("law")
