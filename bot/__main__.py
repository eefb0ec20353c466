"""Start the bot: `python -m bot`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import structlog
from redis.exceptions import RedisError
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot import bootstrap, logs
from bot.settings import Settings, SettingsError, load_settings

EXIT_CONFIGURATION = 2
EXIT_UNREACHABLE = 3


def main() -> int:
    # The library's newer way to give durations; without it every refusal prints a warning.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    try:
        settings = load_settings()
    except SettingsError as error:
        return _stop(str(error), EXIT_CONFIGURATION)
    logs.configure(settings.log_format)
    try:
        asyncio.run(_serve(settings))
    except InvalidToken:
        return _stop(
            "Telegram does not accept TELEGRAM_BOT_TOKEN. Ask @BotFather for the right one.",
            EXIT_CONFIGURATION,
        )
    except BadRequest as error:
        return _stop(
            f"Telegram refuses these settings, check WEBHOOK_URL: {error.message}", EXIT_CONFIGURATION
        )
    except TelegramError:
        return _stop(f"Telegram's Bot API does not answer at {settings.telegram_api_url}.", EXIT_UNREACHABLE)
    except OSError as error:
        return _stop(
            f"WEBHOOK_PORT {settings.webhook_port} cannot be used: {error.strerror}.", EXIT_CONFIGURATION
        )
    except RedisError as error:
        return _stop(f"Redis does not answer at REDIS_URL ({type(error).__name__}).", EXIT_UNREACHABLE)
    return 0


async def _serve(settings: Settings) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    if not settings.telegram_bot_token.get_secret_value():
        structlog.get_logger(__name__).info(
            "no_telegram", reason="TELEGRAM_BOT_TOKEN is not set", way="preview only"
        )
    await bootstrap.run(settings, stopping)


def _stop(message: str, code: int) -> int:
    print(f"bot: {message}", file=sys.stderr)  # noqa: T201
    return code


if __name__ == "__main__":
    sys.exit(main())
