from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.patience import PATIENCE_SECONDS
from warehouse.home import Home
from warehouse.locks import LockHolder, LockTimeout, build_lock

HOLD = """
import sys
from warehouse.home import Home
from warehouse.locks import build_lock
with build_lock(Home.open(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""

# A run that starts dbt: the child sleeps with the lock's descriptor open.
HOLD_WITH_CHILD = """
import subprocess, sys
from warehouse.home import Home
from warehouse.locks import build_lock
with build_lock(Home.open(sys.argv[1])) as lock:
    child = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.readline()"],
        pass_fds=(lock.fd,), stdin=sys.stdin, stdout=subprocess.DEVNULL,
    )
    print(child.pid, flush=True)
    child.wait()
"""


def start(code: str, home: Home) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(home.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_the_second_waits_and_is_told_who_holds_it(home):
    holder = start(HOLD, home)
    assert holder.stdout.readline() == "held\n"
    told: list[LockHolder] = []

    def release(found: LockHolder) -> None:
        told.append(found)
        holder.communicate("\n")

    with build_lock(home, release):
        assert holder.poll() == 0
    assert [found.pid for found in told] == [holder.pid]
    assert f"process {holder.pid} on " in str(told[0])
    assert "since 20" in str(told[0])


def test_a_timeout_names_the_holder(home):
    holder = start(HOLD, home)
    holder.stdout.readline()
    with (
        pytest.raises(LockTimeout, match=f"process {holder.pid}"),
        build_lock(home, timeout_seconds=0.2),
    ):
        pytest.fail("the lock was taken twice")
    holder.communicate("\n")


def test_a_killed_holder_frees_it(home):
    holder = start(HOLD, home)
    holder.stdout.readline()
    holder.kill()
    holder.communicate()
    with build_lock(home, timeout_seconds=PATIENCE_SECONDS):
        pass


def test_a_child_keeps_it_when_its_parent_is_killed(home):
    holder = start(HOLD_WITH_CHILD, home)
    child = int(holder.stdout.readline())
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    with pytest.raises(LockTimeout), build_lock(home, timeout_seconds=0.3):
        pytest.fail("dbt still runs")
    holder.stdin.close()  # the child reads the end of its input and ends
    with build_lock(home, timeout_seconds=PATIENCE_SECONDS):
        pass
    holder.stdout.close()
    assert child != holder.pid


def test_other_children_do_not_keep_it(home):
    with build_lock(home):
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with build_lock(home, timeout_seconds=PATIENCE_SECONDS):
        pass
    child.communicate(b"\n")


def test_taking_it_twice_in_a_thread_is_an_error_not_a_deadlock(home):
    with build_lock(home) as lock:
        with pytest.raises(RuntimeError, match=r"holds .* already"), build_lock(home):
            pytest.fail("the lock was taken twice")
        assert os.get_inheritable(lock.fd) is False
        assert os.get_inheritable(lock.make_inheritable()) is True
    with build_lock(home):
        pass


def test_an_unsigned_lock_is_described(home):
    home.build_lock_file.write_text("")
    assert str(LockHolder(0, "", None)) == "another process"
    with build_lock(home):
        assert f'"pid":{os.getpid()}'.encode() in home.build_lock_file.read_bytes()


def test_a_child_keeps_it_after_the_block_of_its_parent_ended(home):
    with build_lock(home) as lock:
        child = subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(lock.fd,)
        )
    with pytest.raises(LockTimeout), build_lock(home, timeout_seconds=0.3):
        pytest.fail("the child still runs")
    child.communicate(b"\n")
    with build_lock(home, timeout_seconds=PATIENCE_SECONDS):
        pass
