"""Background work in tests: done when the test says so."""

from fastapi import FastAPI

from app.jobs.running import jobs_of
from app.jobs.tasks import Tools
from app.worker import tasks


async def work_off(app: FastAPI) -> None:
    """Do every job that waits."""
    await jobs_of(Tools(app.state.database, app.state.book), tasks(app.state.policies)).work_off()
