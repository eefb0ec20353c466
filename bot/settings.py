"""Configuration of the bot: read once from the environment, typed, failing at start by name."""

from __future__ import annotations

from pydantic import Field, SecretStr, ValidationError
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
    log_format: str = Field("console", pattern="^(console|json)$")


def load_settings() -> Settings:
    """Read the environment. Raises SettingsError with one sentence per wrong variable, without values."""
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        problems = [f"{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors(include_input=False)]
        raise SettingsError("Settings cannot be used. " + "; ".join(problems) + ".") from None
