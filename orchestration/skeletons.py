"""Commands without what they do: signatures and docstrings, read from the source.

To complete a word or to show help, only a command's options are needed, while importing the command
takes seconds for what it works with. So its module's source is run with empty functions: imports
of our own packages are left out, but those of other modules of commands.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import importlib.util
from collections import UserDict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

_COMMANDS = "orchestration.commands"
_OWN = ("orchestration", "connectors", "warehouse")


class _Unknown:
    """Stands for whatever was left out; it can be called and looked into, and does nothing."""

    def __call__(self, *_: object, **__: object) -> _Unknown:
        return self

    def __getattr__(self, name: str) -> _Unknown:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, _: object) -> _Unknown:
        return self

    def __or__(self, _: object) -> _Unknown:
        return self

    __ror__ = __sub__ = __add__ = __or__


class _Names(UserDict[str, Any]):
    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name):
            raise KeyError(name)
        return _Unknown()


@cache
def skeleton(module: str) -> _Names:
    """Returns the names of a module of commands, its functions empty.

    Args:
        module: its full name.
    """
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(module)
    names = _Names({"__name__": module})
    tree = ast.parse(Path(spec.origin).read_text("utf-8"))
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom | ast.Import):
            names.update(_imported(statement))
        elif (kept := _kept(statement)) is not None:
            code = ast.fix_missing_locations(ast.Module([kept], []))
            exec(compile(code, spec.origin, "exec", 0, True), {}, names)
    return names


def _imported(statement: ast.ImportFrom | ast.Import) -> Iterator[tuple[str, Any]]:
    for alias in statement.names:
        if isinstance(statement, ast.Import):
            module, name = alias.name, None
        else:
            module, name = statement.module or "", alias.name
        known = alias.asname or (name or alias.name.partition(".")[0])
        if module == "__future__":
            continue
        if module.startswith(f"{_COMMANDS}."):
            yield known, skeleton(module)[name] if name else _Unknown()
        elif module.partition(".")[0] in _OWN:
            yield known, _Unknown()
        else:
            found = importlib.import_module(module)
            top = importlib.import_module(known) if name is None and not alias.asname else found
            yield known, getattr(found, name) if name else top


def _kept(statement: ast.stmt) -> ast.stmt | None:
    """What of a statement is run: of functions the signature, of classes only lists of choices."""
    if isinstance(statement, ast.FunctionDef):
        if statement.name.startswith("_"):
            return None
        said = ast.get_docstring(statement, clean=False)
        body: list[ast.stmt] = [ast.Expr(ast.Constant(said))] if said else [ast.Pass()]
        decorators = [one for one in statement.decorator_list if "command(" in ast.unparse(one)]
        return ast.FunctionDef(statement.name, statement.args, body, decorators, None, None)
    if isinstance(statement, ast.ClassDef):
        is_choice = any("Enum" in ast.unparse(base) for base in statement.bases)
        return statement if is_choice else None
    if isinstance(statement, ast.Assign) and not _is_plain(statement.value):
        return None
    return statement if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr) else None


def _is_plain(value: ast.expr) -> bool:
    """Whether nothing is gone through to make a value: what is, no option has for its default."""
    loops = ast.ListComp | ast.DictComp | ast.SetComp | ast.GeneratorExp | ast.Lambda
    return not any(isinstance(node, loops) for node in ast.walk(value))
