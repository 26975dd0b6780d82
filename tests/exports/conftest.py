"""The same office as when judging, and whoever makes its exports."""

import pytest
from fastapi import FastAPI

from app.exports.making import ExportMaker
from tests.screening.conftest import office, travel
from tests.screening.declaring import Office

from .exporting import Desk

__all__ = ["office", "travel"]


@pytest.fixture
def maker(app: FastAPI) -> ExportMaker:
    """What the worker makes exports with."""
    return ExportMaker(app.state.database, app.state.book)


@pytest.fixture
def desk(office: Office, maker: ExportMaker) -> Desk:
    """Where exports are asked for."""
    return Desk(office, maker)
