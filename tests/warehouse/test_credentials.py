from __future__ import annotations

import copy
import pickle
import stat
import threading
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from warehouse.credentials import CredentialKeyError, SecretBox, Secrets, open_secret_box

SECRET = "1//refresh-token-of-acme"


def test_secrets_never_print():
    secrets = Secrets({"refresh_token": SECRET})
    for text in (repr(secrets), str(secrets), f"{secrets}", f"{secrets!r}"):
        assert SECRET not in text
        assert "refresh_token=***" in text
    assert SECRET not in repr([secrets])
    assert secrets["refresh_token"] == SECRET
    assert dict(secrets) == {"refresh_token": SECRET}


@pytest.mark.parametrize("leave", [pickle.dumps, copy.deepcopy])
def test_secrets_do_not_leave_the_process(leave):
    with pytest.raises(TypeError, match="not pickled"):
        leave(Secrets({"refresh_token": SECRET}))


def test_encryption_round_trip_and_rotation():
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    token = SecretBox(old).encrypt_secrets({"a": SECRET})
    assert SECRET not in token
    assert SecretBox(new, old).decrypt_secrets(token) == {"a": SECRET}
    with pytest.raises(CredentialKeyError, match="not the key it was stored with"):
        SecretBox(new).decrypt_secrets(token)
    with pytest.raises(CredentialKeyError):
        SecretBox(old).decrypt(token[:-4] + "AAA=")
    assert old not in repr(SecretBox(old))


@pytest.mark.parametrize("key", ["", "short", "x" * 44])
def test_a_malformed_key_is_refused_without_printing_it(key):
    with pytest.raises(CredentialKeyError, match="malformed") as raised:
        SecretBox(key)
    assert raised.value.__cause__ is None
    assert not key or key not in str(raised.value)


def test_the_key_from_the_environment_wins(tmp_path):
    key = Fernet.generate_key().decode()
    environment = {"TRIBUTARY_KEY": f" {key} ", "TRIBUTARY_KEY_FILE": str(tmp_path / "key")}
    box = open_secret_box(tmp_path / "home", environment)
    assert SecretBox(key).decrypt(box.encrypt(b"x")) == b"x"
    assert not (tmp_path / "key").exists()


def test_the_key_file_is_made_once_and_private(tmp_path):
    environment = {"TRIBUTARY_KEY_FILE": str(tmp_path / "deep" / "key")}
    token = open_secret_box(tmp_path / "home", environment).encrypt(b"x")
    assert stat.S_IMODE((tmp_path / "deep" / "key").stat().st_mode) == 0o600
    assert open_secret_box(tmp_path / "home", environment).decrypt(token) == b"x"
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["key"]


def test_the_default_key_file_lies_in_the_users_configuration(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    open_secret_box(tmp_path / "home", {})
    assert (tmp_path / ".config" / "tributary" / "key").exists()


def test_two_first_uses_agree_on_one_key(tmp_path):
    environment = {"TRIBUTARY_KEY_FILE": str(tmp_path / "key")}
    boxes: list[SecretBox] = []
    threads = [
        threading.Thread(target=lambda: boxes.append(open_secret_box(tmp_path / "h", environment)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(boxes) == 8
    token = boxes[0].encrypt(b"x")
    assert {box.decrypt(token) for box in boxes} == {b"x"}


def test_a_key_file_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "key"
    path.write_bytes(Fernet.generate_key())
    path.chmod(0o640)
    with pytest.raises(CredentialKeyError, match="chmod 600"):
        open_secret_box(tmp_path / "home", {"TRIBUTARY_KEY_FILE": str(path)})


def test_a_key_file_inside_the_home_is_refused(tmp_path: Path):
    (tmp_path / "home").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "home")
    for path in (tmp_path / "home" / "key", tmp_path / "link" / "key"):
        with pytest.raises(CredentialKeyError, match="inside TRIBUTARY_HOME"):
            open_secret_box(tmp_path / "home", {"TRIBUTARY_KEY_FILE": str(path)})
