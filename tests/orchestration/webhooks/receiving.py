"""A home with endpoints, and a receiver that serves them in a thread."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import uvicorn

from connectors.sandbox.posting.signing import SECRET, Sent
from orchestration.webhooks.endpoints import path_id
from orchestration.webhooks.server import application
from orchestration.workspace import Workspace
from tests.patience import PATIENCE_SECONDS
from warehouse.registry_records import Connection, Organization

PUBLIC = "https://hooks.example.com"


@dataclass
class Endpoint:
    """One address of a home."""

    space: Workspace
    connection: Connection
    address: tuple[str, int]

    @property
    def path(self) -> str:
        return f"/hooks/{path_id(self.space, self.connection)}"

    @property
    def folder(self) -> Path:
        one = self.connection
        return self.space.home.landing_dir(one.organization_id, one.account_id)

    def send(self, sent: Sent) -> http.client.HTTPResponse:
        """Sends a request; the answer's body is read."""
        connection = http.client.HTTPConnection(*self.address, timeout=PATIENCE_SECONDS)
        query = f"?{sent.query}" if sent.query else ""
        connection.request(sent.method, self.path + query, sent.body, sent.headers)
        answer = connection.getresponse()
        answer.text = answer.read()  # type: ignore[attr-defined]
        connection.close()
        return answer

    def status(self, sent: Sent) -> int:
        return self.send(sent).status

    def stored(self) -> list[dict[str, Any]]:
        """What is on the disk, of files that are added to as well."""
        lines = [
            line
            for path in sorted(self.folder.glob("*.ndjson*"))
            for line in path.read_bytes().splitlines()
        ]
        return [orjson.loads(line) for line in lines]


def add(space: Workspace, sender: str, account: str = "", **given: str) -> Connection:
    """Connects an endpoint of a sender."""
    account = account or sender
    fields = {"secret": SECRET, **{k: v for k, v in given.items() if k in FIELDS}}
    settings = {"sender": sender, **{k: v for k, v in given.items() if k not in FIELDS}}
    space.registry.add_organization(Organization("acme", "Acme"))
    space.check_settings("webhooks", account, settings)
    space.registry.add_credential(f"acme.webhooks.{account}", "webhooks", fields, "acme")
    return space.registry.add_connection(
        "acme", "webhooks", account, f"acme.webhooks.{account}", settings=settings
    )


FIELDS = ("secret", "previous_secret", "previous_until", "verify_token")


@contextmanager
def receiving(space: Workspace) -> Iterator[tuple[str, int]]:
    """Serves the endpoints of a home on a port that the system chooses."""
    opened = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(application(space, PUBLIC), log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]})
    thread.start()
    try:
        yield opened.getsockname()
    finally:
        server.should_exit = True
        thread.join()
        opened.close()
