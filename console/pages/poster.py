"""What stands on a district's poster: the way to help in three languages, and the emergency numbers."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.context import Context
from bot.conversation.naming import district_name
from bot.texts import N_
from bot.types import LANGUAGES
from console.pages.codes import bot_link
from console.pages.helplines import first_lines

_TITLE = N_("Help for people from Ukraine")
_BY_BOT = N_("Scan the code with your phone. Write in Telegram what you need. You get the right office.")
_BY_PAGE = N_("Scan the code with your phone. You see offices, counselling and psychological support.")
_WITHOUT = N_("Without Telegram")
_LINES = 3


@dataclass(frozen=True, slots=True)
class Block:
    """The poster in one language. Texts are HTML with the tags b and i only."""

    title: str
    district: str
    how: str
    danger: str
    lines: tuple[str, ...]
    """Crisis lines: number and name."""


@dataclass(frozen=True, slots=True)
class Poster:
    """One sheet. `link` is what the big code opens; `page` the public page, with a small code of its own
    where the big one opens the bot."""

    blocks: tuple[Block, ...]
    """The reader's language first."""
    link: str
    page: str
    without: str
    """What the public page is for, in all languages; empty where it is the only way."""
    footer: str


def poster(ctx: Context, ags: str, page: str) -> Poster:
    """The poster of a district; `page` is the whole address of its public page."""
    link = bot_link(ctx.username, ags, ctx.language)
    order = (ctx.language, *(language for language in LANGUAGES if language != ctx.language))
    spoken = [ctx.with_session(language=language) for language in order]
    day = ctx.texts.source_date(ctx.now.date().isoformat())
    operator = ctx.t("Run by: {operator}", operator=ctx.operator)
    return Poster(
        blocks=tuple(_block(one, ags, by_bot=bool(link)) for one in spoken),
        link=link or page,
        page=page,
        without=" · ".join(dict.fromkeys(one.t(_WITHOUT) for one in spoken)) if link else "",
        footer=f"Lotse · {operator} · {day}",
    )


def _block(ctx: Context, ags: str, *, by_bot: bool) -> Block:
    return Block(
        title=ctx.t(_TITLE),
        district=district_name(ctx, ags),
        how=ctx.t(_BY_BOT if by_bot else _BY_PAGE),
        danger=ctx.t("🆘 Danger to life: call <b>112</b>. Police: <b>110</b>."),
        lines=tuple(f"<b>{line.shown}</b> {line.name}" for line in first_lines(ctx)[:_LINES]),
    )
