"""What the inputs of models are at this moment, each as one short text (see `model_inputs`)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection

from orchestration.last_run import files_of_the_lake
from orchestration.model_inputs import CLOCK, UNKNOWN, WHOLE_LOG
from warehouse.home import Home
from warehouse.log_digests import log_digests
from warehouse.seeds import SEED_NAME

_NEVER_THE_SAME = {CLOCK, UNKNOWN}


class InputStates:
    """The state of a home's lake, read once. What lands later is not in it.

    Args:
        home: whose lake.
    """

    def __init__(self, home: Home) -> None:
        parts: dict[str, list[str]] = defaultdict(list)
        for line in files_of_the_lake(home, "raw"):
            _, _, platform, stream, rest = line.split("/", 4)
            # A file without rows is made by the code, which is known by itself.
            if f"/{SEED_NAME} " not in rest:
                parts[f"raw/{platform}/{stream}"].append(line)
        for (platform, stream), digest in sorted(log_digests(home).items()):
            for name in (WHOLE_LOG, f"{WHOLE_LOG}/{platform}", f"{WHOLE_LOG}/{platform}/{stream}"):
                parts[name].append(f"{platform}/{stream}={digest}")
        for path in home.registry_dir.glob("*.parquet"):
            parts[f"registry/{path.stem}"].append(hashlib.sha256(path.read_bytes()).hexdigest())
        self._parts = parts

    def made_of(self, code: str, inputs: Collection[str]) -> str | None:
        """Returns a text for what a model is computed from now; None: never twice the same.

        Args:
            code: a text for the code of all models.
            inputs: of the model.
        """
        if _NEVER_THE_SAME & set(inputs):
            return None
        digest = hashlib.sha256(code.encode())
        for name in sorted(inputs):
            digest.update(f"{name}: {self._parts.get(name, [])}\n".encode())
        return digest.hexdigest()
