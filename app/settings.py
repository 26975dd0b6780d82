"""Settings from the environment, prefix `QINQING_`; only the entry points read them."""

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.access.disclosure import KEPT_DAYS
from app.declarations.capture import KEPT_OFFLINE_DAYS
from app.notices.raising import KEPT_DAYS as KEPT_NOTICES_DAYS
from app.notices.stages import days_of
from app.webhooks.addresses import networks_of
from app.webhooks.models import KEPT_DAYS as KEPT_DELIVERIES_DAYS


class Settings(BaseSettings):
    """Everything that an operator can set. Documented in docs/operations.md."""

    model_config = SettingsConfigDict(env_prefix="QINQING_", extra="ignore")

    database_url: str = Field(default="sqlite:///qinqing.sqlite3", description="SQLite file or postgresql:// URL")
    database_pool: int = Field(default=10, ge=1, le=200, description="connections a process keeps, for writing and for reading each")
    judging_processes: int = Field(default=2, ge=1, le=64, description="processes that judge many declarations anew on PostgreSQL")
    body_limit: int = Field(default=1_000_000, ge=1_000, description="bytes that a request body may have")
    key_cache_seconds: float = Field(
        default=2.0, ge=0, le=60, description="how long a process remembers an API key; others see a revocation after it"
    )
    export_rows: int = Field(default=1_000_000, ge=1, description="rows that an exported file may have")
    export_hours: int = Field(default=24, ge=1, le=720, description="how long an export is kept, from when it was asked for")
    import_bytes: int = Field(default=200_000_000, ge=1_000, description="bytes that a file to be imported may have")
    import_days: int = Field(default=30, ge=1, le=365, description="days for which an import is kept with its report")
    offline_days: int = Field(
        default=KEPT_OFFLINE_DAYS, ge=0, le=365, description="days for which an act without a network counts as of its capture; 0: never"
    )
    attachments_url: str | None = Field(
        default=None,
        description="where attachments lie: file:///folder or s3://bucket/prefix; an embedded register keeps them beside its database",
    )
    attachment_bytes: int = Field(default=20_000_000, ge=1_000, le=2_000_000_000, description="bytes that an attached file may have")
    attachment_pixels: int = Field(default=50_000_000, ge=1, le=100_000_000, description="pixels that an attached picture may have")
    attachment_pages: int = Field(default=100, ge=1, le=10_000, description="pages that an attached document may have")
    attachments_per_declaration: int = Field(default=20, ge=1, le=1_000, description="attachments that a declaration may have")
    upload_hours: int = Field(default=48, ge=1, le=720, description="how long an upload in parts is waited for since it last went on")
    scanner: str | None = Field(
        default=None, pattern=r"^clamd://", description="who looks for viruses: clamd://host:3310 or clamd:///path/of/the/socket"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="least level that is logged")
    ledger_key_file: Path | None = Field(
        default=None,
        description="file with the key that signs checkpoints of the ledger; an embedded register makes one beside its database",
    )
    access_log_days: int = Field(default=KEPT_DAYS, ge=1, le=36_500, description="days for which it is kept who read whose records")
    webhook_key_file: Path | None = Field(
        default=None,
        description="file with the key that webhooks' secrets are kept under; an embedded register makes one beside its database",
    )
    webhook_allowed_networks: str | None = Field(
        default=None, description="inner networks that webhooks may go to, CIDRs with commas between"
    )
    webhook_log_days: int = Field(default=KEPT_DELIVERIES_DAYS, ge=1, le=36_500, description="days for which it is told what was delivered")
    notice_days: str = Field(default="7,3,1", description="days before a last day on which a notice is raised, with commas between")
    notice_kept_days: int = Field(default=KEPT_NOTICES_DAYS, ge=1, le=36_500, description="days for which notices are kept")
    oidc_issuer: str | None = Field(default=None, description="issuer URL of the OpenID Connect provider; none: API keys alone")
    oidc_audience: str = Field(default="qinqing", description="the `aud` that tokens must carry")
    oidc_person_claim: str = Field(default="sub", description="the claim that holds the employee number")

    @field_validator("webhook_allowed_networks")
    @classmethod
    def _are_networks(cls, value: str | None) -> str | None:
        networks_of(value)
        return value

    @field_validator("notice_days")
    @classmethod
    def _are_days(cls, value: str) -> str:
        days_of(value)
        return value
