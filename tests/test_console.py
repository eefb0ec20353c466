"""The console as it is served: a real process, a real Redis, over HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis
from django.apps import apps
from django.contrib.auth.models import Permission
from django.test import Client

from bot import keys
from console.secret import kept_secret
from services_directory.models import Organization
from tests.directory_factory import stored

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def environment(valkey: str, tmp_path: Path) -> dict[str, str]:
    own = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'console.sqlite3'}",
        "REDIS_URL": valkey,
        "SECRET_KEY": "k" * 50,
    }
    return dict(os.environ) | own


def manage(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def console(environment: dict[str, str], valkey: str) -> Iterator[httpx.Client]:
    """A console that has just published; its directory holds what the data file holds."""
    manage(environment, "migrate")
    manage(environment, "seed")
    port = free_port()
    with redis.Redis.from_url(valkey) as connection, connection.pubsub() as listener:
        connection.flushall()
        listener.subscribe(keys.DIRECTORY_CHANNEL)
        listener.get_message(timeout=5)
        command = [sys.executable, "-m", "uvicorn", "console.asgi:application", "--port", str(port)]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
            try:
                assert listener.get_message(timeout=30), "the console did not publish at its start"
                transport = httpx.HTTPTransport(retries=5)  # it publishes while it begins to listen
                with httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=transport) as client:
                    yield client
            finally:
                process.terminate()


def test_the_console_publishes_at_its_start_answers_and_protects_its_pages(console: httpx.Client) -> None:
    assert console.get("/healthz").json() == {"status": "ok"}
    ready = console.get("/readyz")
    assert (ready.status_code, ready.json()["database"], ready.json()["redis"]) == (200, True, True)
    assert ready.json()["snapshot_version"] > 0

    assert console.get("/", headers={"Accept-Language": "de"}).headers["location"] == "/de/"
    page = console.get("/admin/", follow_redirects=True)
    assert page.status_code == 200
    assert 'lang="de"' in page.text
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in console.get("/healthz").headers["content-security-policy"]
    assert console.get("/healthz", headers={"Host": "evil.example"}).status_code == 400
    style = console.get("/static/unfold/css/styles.css")
    assert (style.status_code, style.headers["content-type"]) == (200, 'text/css; charset="utf-8"')
    unchanged = console.get(style.url, headers={"If-Modified-Since": style.headers["last-modified"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    part = console.get(style.url, headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.content) == (206, style.content[:10])


def test_static_files_do_not_stream_which_would_block_the_server(client: Client) -> None:
    assert not client.get("/static/unfold/css/styles.css").streaming


def test_without_redis_the_console_lives_but_says_it_is_not_ready(environment: dict[str, str]) -> None:
    code = (
        "import django; django.setup();"
        "from django.test import Client;"
        "client = Client(headers={'host': 'localhost'});"
        "print([client.get(path).status_code for path in ('/healthz', '/readyz')])"
    )
    settings = {"DJANGO_SETTINGS_MODULE": "console.settings", "REDIS_URL": "redis://127.0.0.1:1/0"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment | settings, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "[200, 503]", done.stderr


def test_a_migration_is_missing_for_no_model(environment: dict[str, str]) -> None:
    manage(environment, "makemigrations", "--check", "--dry-run")


@pytest.mark.django_db
@pytest.mark.parametrize("model", ["serviceatlocation", "service", "location", "organization"])
def test_the_directorys_lists_and_forms_open(admin_client: Client, model: str) -> None:
    stored()
    base = f"/admin/services_directory/{model}/"
    item = apps.get_model("services_directory", model)._default_manager.get()
    for page in ("", "?q=Heidelberg", "add/", f"{item.pk}/change/", f"{item.pk}/history/"):
        assert admin_client.get(base + page).status_code == 200, page


@pytest.mark.django_db
def test_whoever_may_only_look_cannot_bring_back_an_earlier_version(
    client: Client, django_user_model: Any
) -> None:
    viewer = django_user_model.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_organization"))
    organization = Organization.objects.create(name="Landratsamt")
    version = organization.history.get().pk
    client.force_login(viewer)
    page = f"/admin/services_directory/organization/{organization.pk}/history/{version}/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"name": "anders"}).status_code == 403
    organization.refresh_from_db()
    assert organization.name == "Landratsamt"


def test_an_installations_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "run" / "secret_key"
    key = kept_secret(path)
    assert len(key) >= 50
    assert kept_secret(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert [item.name for item in path.parent.iterdir()] == ["secret_key"]
