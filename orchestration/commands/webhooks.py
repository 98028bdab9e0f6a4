"""``tributary webhooks``: receives what platforms post when something happens."""

from typing import Annotated

import typer

from orchestration.commands.output import console, print_json, print_table
from orchestration.workspace import open_workspace


def webhooks(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 lets the system choose.")] = 8710,
    public_url: Annotated[
        str,
        typer.Option(
            envvar="TRIBUTARY_WEBHOOKS_URL",
            help="How senders reach it, such as https://hooks.example.com. HubSpot signs it.",
        ),
    ] = "",
    show: Annotated[
        bool, typer.Option("--list", help="Print the address of each sender, and end.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="With --list: JSON for machines.")] = False,
) -> None:
    """Receive webhooks: verify, store, answer; a sensor then pulls what they are about.

    Each sender is a connection of the platform `webhooks`, with its secret. --list prints its
    address and what to enter where. A request is answered with 200 once it is on the disk; when
    that is full with 503, so that the sender comes again. Senders need https: put a proxy before
    it that ends TLS. Its health is at /health. Ctrl-C or SIGTERM ends it; what was begun is ended
    first. docs/webhooks.md has the steps.

    Example: tributary webhooks --public-url https://hooks.example.com
    """
    from connectors.core import clock
    from orchestration.webhooks.endpoints import Endpoints

    space = open_workspace()
    if show:
        columns = ["connection", "sender", "address", "enter"]
        found = Endpoints(space, clock.now(), takes=False).all()
        base = public_url.rstrip("/") or f"http://{host}:{port}"
        rows = [
            (one.label, one.sender.label, f"{base}/hooks/{path}", one.sender.enter)
            for path, one in found.items()
        ]
        if json:
            print_json([dict(zip(columns, row, strict=True)) for row in rows])
        else:
            print_table(columns, rows)
        return
    from orchestration.webhooks.server import listen, serve

    opened = listen(host, port)
    console.print(f"receiving webhooks at http://{host}:{opened.getsockname()[1]}", markup=False)
    console.file.flush()
    serve(space, opened, public_url)
