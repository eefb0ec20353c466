"""The conversation scripts of `tests/conversations`, played against the real bot over HTTP."""

import pytest
import pytest_asyncio

from tests.e2e.parts import Stack
from tests.e2e.playing import Played, play
from tests.e2e.script import load_script, script_paths

pytestmark = [pytest.mark.nlu, pytest.mark.timeout(400)]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def conversations(talk: Stack) -> dict[str, Played]:
    """All scripts, played once and at the same time: a chat gets one message a second, many get many."""
    return await play(talk, [load_script(path) for path in script_paths()])


@pytest.mark.parametrize("name", [path.stem for path in script_paths()])
async def test_a_conversation_goes_as_its_script_says(conversations: dict[str, Played], name: str) -> None:
    report = conversations[name].report()
    assert not report, report
