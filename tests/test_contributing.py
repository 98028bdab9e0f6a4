"""CONTRIBUTING's made-up platform, built from the text itself and run end to end."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import duckdb
import orjson
import pytest

from tests.patience import PATIENCE_SECONDS

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^`([\w./]+)`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOW = "2026-11-15T12:00:00Z"
FIRST = date(2026, 11, 1)
CONNECTIONS = f"""
organizations: [{{id: acme, name: Acme, reporting_currency: EUR, time_zone: UTC}}]
credentials:
  - {{id: acme_pinwall, organization: acme, platform: pinwall, secrets: {{token: tok-1}}}}
connections:
  - {{organization: acme, platform: pinwall, account: "42", credential: acme_pinwall,
      start_date: {FIRST}}}
"""


class Pinwall(BaseHTTPRequestHandler):
    """The made-up API, as CONTRIBUTING describes it."""

    def do_GET(self) -> None:
        """Answers a request."""
        asked = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        if self.headers["Authorization"] != "Bearer tok-1":
            self._answer({"error": "who are you"}, 401)
        elif asked.path == "/pinwall/v1/accounts/42":
            self._answer(
                {"id": "42", "name": "Acme", "currency": "EUR", "time_zone": "Europe/Berlin"}
            )
        elif asked.path == "/pinwall/v1/accounts/42/campaigns":
            self._answer({"data": [{"id": "7", "title": "Spring", "state": "live"}], "next": None})
        elif asked.path == "/pinwall/v1/accounts/42/report":
            self._answer(_report(query))
        else:
            self._answer({"error": "no such thing"}, 404)

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def _answer(self, body: object, status: int = 200) -> None:
        content = orjson.dumps(body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _report(query: dict[str, str]) -> dict[str, object]:
    """One day a page."""
    since, until = (date.fromisoformat(query[name]) for name in ("since", "until"))
    day = date.fromisoformat(query.get("page", query["since"]))
    row = {
        "day": day.isoformat(),
        "campaign": "7",
        "views": str(day.day * 100),
        "clicks": "5",
        "cost": f"{day.day}.25",
        "sales": "1",
        "value": "9.90",
        "people": "80",
        "mood": "good",
    }
    following = None if day == until else (day + timedelta(days=1)).isoformat()
    return {"data": [row] if since <= day <= until else [], "next": following}


@contextmanager
def _pinwall() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pinwall)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code with the platform that the text describes."""
    copy = tmp_path_factory.mktemp("clone")
    for name in ("connectors", "warehouse", "orchestration", "dbt_project", "tests"):
        ignored = shutil.ignore_patterns("__pycache__", "target", "logs")
        shutil.copytree(ROOT / name, copy / name, ignore=ignored)
    for path, text in BLOCK.findall((ROOT / "CONTRIBUTING.md").read_text()):
        target = copy / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return copy


def test_the_platform_of_the_text_runs_end_to_end(clone: Path, tmp_path: Path) -> None:
    (tmp_path / "connections.yaml").write_text(CONNECTIONS)
    with _pinwall() as url:
        environment = {
            "PATH": str(Path(sys.executable).parent),
            "PYTHONPATH": str(clone),
            "HOME": str(tmp_path),
            "TRIBUTARY_HOME": str(tmp_path / "home"),
            "TRIBUTARY_KEY_FILE": str(tmp_path / "key"),
            "TRIBUTARY_SANDBOX": url,
            "TRIBUTARY_NOW": NOW,
            "TRIBUTARY_RETRY_BASE": "0",
        }
        _run(clone, environment, "connections", "apply", str(tmp_path / "connections.yaml"))
        # The made-up server has no exchange rates: that platform's failure stops nobody.
        done = _tributary(clone, environment, "run", "--json")
    result = orjson.loads(done.stdout)
    assert result["failed_steps"] == {}, done.stdout + done.stderr
    assert [one["connection"] for one in result["failed_accounts"]] == [
        "_shared/exchange_rates/ecb"
    ]
    published = tmp_path / "home" / "published" / "tributary.duckdb"
    with duckdb.connect(str(published), read_only=True) as connection:
        days = connection.execute(
            "select date_day, impressions, spend, conversion_value, reach from "
            "fact_campaign_performance where platform = 'pinwall' order by date_day"
        ).fetchall()
        (unreconciled,) = connection.execute(
            "select count(*) from mart_reconciliation where not is_reconciled"
        ).fetchone()
        campaigns = connection.execute(
            "select campaign_name, status, channel, is_inferred from dim_campaigns "
            "where platform = 'pinwall'"
        ).fetchall()
        (spend,) = connection.execute(
            "select sum(spend_reporting) from mart_campaign_daily_summary "
            "where platform = 'pinwall' and channel = 'paid_social'"
        ).fetchone()
        (name,) = connection.execute(
            "select account_name from dim_connections where platform = 'pinwall'"
        ).fetchone()
    assert [(row[0].day, row[1], float(row[2]), float(row[3]), row[4]) for row in days] == [
        (day, day * 100, day + 0.25, 9.9, 80) for day in range(1, 16)
    ]
    assert unreconciled == 0
    assert campaigns == [("Spring", "ACTIVE", "paid_social", False)]
    assert float(spend) == sum(day + 0.25 for day in range(1, 16))
    assert name == "Acme"


def test_the_platform_of_the_text_keeps_the_contract(clone: Path) -> None:
    code = """
from datetime import date
from connectors.platforms import get
from orchestration.defs.raw import raw_assets
from tests.connectors import test_contract as contract
platform = get("pinwall")
contract.test_a_platform_describes_itself(platform)
contract.test_what_looks_like_a_secret_is_declared_one(platform)
keys = {key.to_user_string() for asset in raw_assets(date(2026, 1, 1)) for key in asset.keys}
assert {"raw/pinwall/campaigns", "raw/pinwall/campaign_stats"} <= keys
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=clone,
        env={"PATH": "", "PYTHONPATH": str(clone)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _run(clone: Path, environment: dict[str, str], *arguments: str) -> None:
    done = _tributary(clone, environment, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def _tributary(
    clone: Path, environment: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("tributary")), *arguments],
        cwd=clone,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
