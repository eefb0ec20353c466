"""What waits in Redis is sealed; conversations go by pseudonyms."""

import pytest

from bot.vault import Vault, VaultError

OLD, NEW = "the old transcript key, long enough", "the new transcript key, long enough"


def vault(transcript_keys: str = OLD, secret: str = "secret key of a test") -> Vault:
    return Vault(secret, transcript_keys)


def test_what_is_sealed_can_be_opened_in_the_same_place() -> None:
    sealed = vault().seal("мені страшно".encode(), "inbox:1")
    assert vault().open(sealed, "inbox:1").decode() == "мені страшно"


def test_the_sealed_bytes_do_not_contain_the_text() -> None:
    assert b"strictly private" not in vault().seal(b"strictly private", "inbox:1")


@pytest.mark.parametrize("place", ["inbox:2", ""])
def test_what_is_moved_to_another_place_does_not_open(place: str) -> None:
    with pytest.raises(VaultError):
        vault().open(vault().seal(b"text", "inbox:1"), place)


@pytest.mark.parametrize("damage", [b"", b"abc", b"\x00" * 40])
def test_damaged_bytes_do_not_open(damage: bytes) -> None:
    with pytest.raises(VaultError):
        vault().open(damage, "inbox:1")


def test_after_rotation_old_entries_still_open_and_new_ones_use_the_new_key() -> None:
    rotated = vault(f"{NEW},{OLD}")
    assert rotated.open(vault(OLD).seal(b"old", "p"), "p") == b"old"
    assert vault(NEW).open(rotated.seal(b"new", "p"), "p") == b"new"


def test_a_key_that_is_gone_opens_nothing() -> None:
    with pytest.raises(VaultError, match="TRANSCRIPT_KEY"):
        vault(NEW).open(vault(OLD).seal(b"old", "p"), "p")


def test_a_pseudonym_is_stable_and_says_nothing_about_the_chat() -> None:
    name = vault().pseudonym("telegram", "123456789")
    assert name == vault(NEW).pseudonym("telegram", "123456789"), "survives a new transcript key"
    assert "123456789" not in name
    assert name != vault(secret="another secret key").pseudonym("telegram", "123456789")
    assert name != vault().pseudonym("preview", "123456789")
