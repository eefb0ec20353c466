"""Configuration of the bot: read once from the environment, typed, failing at start by name."""

from __future__ import annotations

import re

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(Exception):
    """The environment lacks a value or holds one that cannot be used; the message names the variable."""


class Settings(BaseSettings):
    """Environment variables of the bot, each under its own name in capitals."""

    model_config = SettingsConfigDict(env_prefix="", case_sensitive=False, extra="ignore", frozen=True)

    telegram_bot_token: SecretStr = SecretStr("")
    """Empty: Telegram is not served, the bot answers in the preview only."""
    telegram_api_url: str = "https://api.telegram.org"
    webhook_url: str = ""
    """Public https address of this bot. Empty: long polling."""
    webhook_port: int = Field(8443, ge=1, le=65535)
    webhook_secret: SecretStr = SecretStr("")
    """Checked against X-Telegram-Bot-Api-Secret-Token. Empty: derived from SECRET_KEY."""
    redis_url: str = "redis://127.0.0.1:6379/0"
    nlu_url: str = "http://127.0.0.1:5005"
    nlu_timeout_s: float = Field(2.0, gt=0, le=30)
    secret_key: SecretStr = Field(min_length=16)
    """Keys the pseudonyms: whoever has it can tell which conversation belongs to a chat id."""
    transcript_key: SecretStr = Field(min_length=32)
    """Seals what waits in Redis. Several keys, separated by commas: the first seals, all open."""
    operator_name: str = "Lotse (Testbetrieb)"
    """Who runs this bot, shown to every person at the first contact."""
    voice_model: str = ""
    """Folder of a Whisper model in CTranslate2 form. Empty: voice messages are not listened to."""
    log_format: str = Field("console", pattern="^(console|json)$")

    @field_validator("redis_url")
    @classmethod
    def _a_redis_address(cls, value: str) -> str:
        if not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must begin with redis://, rediss:// or unix://")
        return value

    @field_validator("transcript_key")
    @classmethod
    def _at_least_one_key(cls, value: SecretStr) -> SecretStr:
        if not any(part.strip() for part in value.get_secret_value().split(",")):
            raise ValueError("holds no key")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _as_telegram_allows(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", value.get_secret_value()):
            raise ValueError("may hold letters, digits, _ and - only, at most 256")
        return value


def load_settings() -> Settings:
    """Read the environment. Raises SettingsError with one sentence per wrong variable, without values."""
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        problems = [f"{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors(include_input=False)]
        raise SettingsError("Settings cannot be used. " + "; ".join(problems) + ".") from None
