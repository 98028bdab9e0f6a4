"""Access tokens in the registry: one process renews, all use it, nobody spends a token twice."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from connectors.core.auth import ClientCredentials, OAuth2Refresh, Signing, Token
from connectors.core.errors import AuthRejected, Transient
from orchestration.sources import new_source
from orchestration.token_store import RegistryTokens, declared_fields
from orchestration.workspace import Workspace
from tests.patience import PATIENCE_SECONDS
from warehouse.credentials import SecretBox
from warehouse.home import Home
from warehouse.registry import Registry
from warehouse.registry_records import Organization

AUTH = OAuth2Refresh("https://login.example/token")
APP = {"client_id": "app", "client_secret": "app-secret", "refresh_token": "refresh-0"}
NOW = datetime(2026, 11, 15, 6, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIBUTARY_NOW", NOW.isoformat())


@pytest.fixture
def key() -> str:
    return Fernet.generate_key().decode()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "home")


def _registry(home: Home, *keys: str) -> Registry:
    return Registry.open(
        home, lambda: NOW, url=f"sqlite:///{home.control_db}", box=SecretBox(*keys)
    )


@pytest.fixture
def registry(home: Home, key: str) -> Registry:
    made = _registry(home, key)
    made.add_organization(Organization("acme", "Acme"))
    made.add_credential("shop", "shopify", APP, "acme")
    return made


class Platform:
    """A token address that rotates: a refresh token is good once."""

    def __init__(self, file: Path, delay: float = 0.0) -> None:
        self.file, self.delay = file, delay

    def __call__(self, url: str, form: Mapping[str, str], *_: bool) -> dict[str, object]:
        with self.file.open("a") as spent:
            spent.write(form["refresh_token"] + "\n")
        time.sleep(self.delay)
        number = len(self.spent)
        return {
            "access_token": f"access-{number}",
            "refresh_token": f"refresh-{number}",
            "expires_in": 3600,
        }

    @property
    def spent(self) -> list[str]:
        return self.file.read_text().split() if self.file.exists() else []


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return Platform(tmp_path / "spent")


def _access(registry: Registry, platform: Callable[..., Any], refused: str | None = None) -> str:
    tokens = RegistryTokens(registry, "shop", lease_seconds=2.0)
    return AUTH.headers(APP, Signing(tokens, platform, refused))["Authorization"].removeprefix(
        "Bearer "
    )


def test_a_token_outlives_its_process(home: Home, key: str, registry: Any, platform: Any) -> None:
    assert _access(registry, platform) == "access-1"
    assert _access(_registry(home, key), platform) == "access-1"
    assert platform.spent == ["refresh-0"]


def test_the_rotated_token_is_the_next_one(registry: Any, platform: Any) -> None:
    _access(registry, platform)
    assert _access(registry, platform, refused="access-1") == "access-2"
    assert _access(registry, platform, refused="access-2") == "access-3"
    assert platform.spent == ["refresh-0", "refresh-1", "refresh-2"]


def test_what_was_declared_is_untouched(registry: Any, platform: Any) -> None:
    _access(registry, platform)
    assert declared_fields(registry.secrets("shop")) == APP
    assert registry.add_credential("shop", "shopify", APP, "acme") == "unchanged"
    assert _access(registry, platform) == "access-1"


def test_a_new_client_secret_keeps_the_rotated_token(registry: Any, platform: Any) -> None:
    _access(registry, platform)
    changed = {**APP, "client_secret": "another"}
    assert registry.add_credential("shop", "shopify", changed, "acme") == "changed"
    assert declared_fields(registry.secrets("shop")) == changed
    assert _access(registry, platform, refused="access-1") == "access-2"
    assert platform.spent == ["refresh-0", "refresh-1"]


def test_tokens_are_encrypted_at_rest(home: Home, registry: Any, platform: Any) -> None:
    _access(registry, platform)
    registry.close()
    for file in home.path.glob("control.db*"):
        content = file.read_bytes()
        assert b"access-1" not in content
        assert b"refresh-1" not in content
    assert "access-1" not in repr(RegistryTokens(registry, "shop"))


_PROCESS = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from connectors.core.auth import OAuth2Refresh, Signing
from orchestration.token_store import RegistryTokens
from warehouse.credentials import SecretBox
from warehouse.home import Home
from warehouse.registry import Registry

home, key, spent, mode = Home.open(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4]
now = lambda: datetime(2026, 11, 15, 6, tzinfo=UTC)
registry = Registry.open(home, now, url=f"sqlite:///{home.control_db}", box=SecretBox(key))

def exchange(url, form, *_):
    with spent.open("a") as file:
        file.write(form["refresh_token"] + "\\n")
    print("exchanging", flush=True)
    # Longer than the lease: only a lease that is kept alive covers it.
    time.sleep(60 if mode == "hang" else 3.0)
    number = len(spent.read_text().split())
    return {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}",
            "expires_in": 3600}

app = {"client_id": "app", "client_secret": "app-secret", "refresh_token": "refresh-0"}
tokens = RegistryTokens(registry, "shop", lease_seconds=2.0)
auth = OAuth2Refresh("https://login.example/token")
print(auth.headers(app, Signing(tokens, exchange)), flush=True)
"""


def _process(home: Home, key: str, platform: Platform, mode: str = "") -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", _PROCESS, str(home.path), key, str(platform.file), mode]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def test_processes_at_once_spend_the_refresh_token_once(
    home: Home, key: str, registry: Any, platform: Any
) -> None:
    processes = [_process(home, key, platform) for _ in range(3)]
    said = [process.communicate(timeout=PATIENCE_SECONDS)[0] for process in processes]
    assert all("access-1" in text for text in said)
    assert platform.spent == ["refresh-0"]


def test_a_killed_holder_is_waited_out(home: Home, key: str, registry: Any, platform: Any) -> None:
    """Killed before the platform answered: its refresh token is still good, and is used."""
    holder = _process(home, key, platform, "hang")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "exchanging\n"
    holder.kill()
    holder.wait()
    assert _access(registry, platform) == "access-2"
    assert platform.spent == ["refresh-0", "refresh-0"]


def test_a_living_holder_is_not_waited_for_for_ever(registry: Any, platform: Any) -> None:
    with registry.lease("shop", "another run", 30.0):
        tokens = RegistryTokens(registry, "shop", patience_seconds=0.1)
        with pytest.raises(Transient, match="another run"):
            AUTH.headers(APP, Signing(tokens, platform))
    assert platform.spent == []


def test_threads_of_one_process_share_one_refresh(registry: Any, platform: Any) -> None:
    platform.delay = 0.1
    tokens = RegistryTokens(registry, "shop")
    seen: list[str] = []
    threads = [
        threading.Thread(
            target=lambda: seen.append(
                AUTH.headers(APP, Signing(tokens, platform))["Authorization"]
            )
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["Bearer access-1"] * 4
    assert platform.spent == ["refresh-0"]


def test_a_wrong_key_spends_nothing(home: Home, registry: Any, platform: Any) -> None:
    _access(registry, platform)
    stranger = _registry(home, Fernet.generate_key().decode())
    with pytest.raises(AuthRejected, match="not the key") as caught:
        _access(stranger, platform)
    assert "key" in caught.value.remedy
    assert platform.spent == ["refresh-0"]


def test_a_rotated_credential_key_still_reads_the_tokens(
    home: Home, key: str, registry: Any, platform: Any
) -> None:
    _access(registry, platform)
    assert _access(_registry(home, Fernet.generate_key().decode(), key), platform) == "access-1"


def test_a_token_is_stored_though_its_lease_has_ended(
    registry: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine slept during the exchange: what the platform gave exists nowhere else."""
    monkeypatch.setattr(RegistryTokens, "_keep_alive", lambda *_: None)
    tokens = RegistryTokens(registry, "shop", lease_seconds=0.05)
    with tokens.lease("k"):
        time.sleep(0.1)
        tokens.write("k", Token("mine", NOW + timedelta(hours=1), "rotated"))
    stored = RegistryTokens(registry, "shop").read("k")
    assert stored is not None
    assert (stored.access, stored.refresh) == ("mine", "rotated")


def test_but_not_over_what_another_has_stored(
    registry: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RegistryTokens, "_keep_alive", lambda *_: None)
    slow = RegistryTokens(registry, "shop", lease_seconds=0.05)
    quick = RegistryTokens(registry, "shop")
    with slow.lease("k"):
        time.sleep(0.1)
        with quick.lease("k"):
            quick.write("k", Token("theirs"))
        slow.write("k", Token("mine"))
    stored = RegistryTokens(registry, "shop").read("k")
    assert stored is not None
    assert stored.access == "theirs"


def test_a_token_is_written_under_its_lease_only(registry: Any) -> None:
    with pytest.raises(RuntimeError, match="lease"):
        RegistryTokens(registry, "shop").write("k", Token("a"))


def test_tokens_of_several_shops_lie_side_by_side(registry: Any) -> None:
    tokens = RegistryTokens(registry, "shop")
    for name in ("one", "two"):
        with tokens.lease(name):
            tokens.write(name, Token(name, NOW + timedelta(hours=1)))
    again = RegistryTokens(registry, "shop")
    assert [getattr(again.read(name), "access", None) for name in ("one", "two", "three")] == [
        "one",
        "two",
        None,
    ]


def test_app_tokens_outlive_their_process_too(home: Home, key: str, registry: Any) -> None:
    auth, asked = ClientCredentials("https://login.example/token"), []

    def exchange(url: str, form: Mapping[str, str], *_: bool) -> dict[str, object]:
        asked.append(form)
        return {"access_token": "app-token", "expires_in": 3600}

    for one in (registry, _registry(home, key)):
        headers = auth.headers(APP, Signing(RegistryTokens(one, "shop"), exchange))
        assert headers == {"Authorization": "Bearer app-token"}
    assert len(asked) == 1


def test_a_source_keeps_its_tokens_in_the_registry(
    home: Home, registry: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from connectors import platforms

    monkeypatch.delenv("TRIBUTARY_SANDBOX", raising=False)
    space = Workspace(home, registry, platforms.load())
    connection = registry.add_connection("acme", "shopify", "acme-outdoor", "shop")
    tokens = RegistryTokens(registry, "shop")
    with tokens.lease("k"):
        tokens.write("k", Token("hidden-token"))
    source = new_source(space, platforms.get("shopify"), connection)
    assert [repr(each) for each in source.tokens] == ["RegistryTokens('shop')"]
    assert source.credentials == (APP,)
    assert "hidden-token" not in repr(source.client().credential)


def test_a_credential_that_is_deleted_meanwhile_is_one_accounts_trouble(
    registry: Registry,
) -> None:
    tokens = RegistryTokens(registry, "shop")
    assert tokens.read("x") is None
    registry.remove_organization("acme")
    with pytest.raises(AuthRejected, match="unknown credential 'shop'") as refused:
        tokens.read("x")
    assert "Connect the account again" in refused.value.remedy
