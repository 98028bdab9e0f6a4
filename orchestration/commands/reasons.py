"""Reasons of failures without their places, so that one reason is said once."""

from __future__ import annotations

import re

_URL = re.compile(r" \[https?://[^\]\s]*\](?=\.?$)")


def without_place(platform: str, said: str) -> str:
    """Returns what a connector's error says, without stream, account, window and address.

    Args:
        platform: whose error it is; its name begins the place.
        said: the message as the sync log has it, without the remedy.
    """
    place = rf"{re.escape(platform)}(/\w+)?( account \S+)?( window .*?)?: "
    found = re.match(place, said)
    return _URL.sub("", said[found.end() :] if found else said)
