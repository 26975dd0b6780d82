"""What the probes are told."""

from typing import Literal

from pydantic import BaseModel, Field


class Alive(BaseModel):
    """The process answers."""

    status: Literal["alive"] = Field(description="进程在运行。The process runs.")


class Ready(BaseModel):
    """Traffic may come."""

    status: Literal["ready"] = Field(description="可以接收请求。Requests may come.")
    rulebook: str = Field(description="当前规则集版本。The version of the rulebook that judges.", examples=["3f9a0c41d2be"])
    revision: str = Field(description="数据库结构版本。The revision of the tables.", examples=["0001"])
