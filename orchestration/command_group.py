"""A group of commands that are imported when they are called, not when they are listed.

What a command needs (PyArrow, SQLAlchemy, DuckDB) takes seconds to import; whoever asks for help
needs none of it. So help is read from the docstrings in the source.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup

from orchestration.skeletons import skeleton


class CommandGroup(TyperGroup):
    """Commands by where they are; a subclass says which.

    Attributes:
        PLACES: name of the command -> ``module:function``, or ``module:app`` of a group.
    """

    PLACES: ClassVar[Mapping[str, str]] = {}

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Returns the names, in the order of the help."""
        return list(self.PLACES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Returns a command as the help lists it; it cannot be called."""
        place = self.PLACES.get(cmd_name)
        return TyperCommand(cmd_name, help=_help(place)) if place else None

    def get_params(self, ctx: Any) -> list[Any]:
        """Returns the parameters, named as people do."""
        return [_named(one) for one in super().get_params(ctx)]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Returns the command that is called; for a completion or for help only its skeleton."""
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None and name is not None:
            is_looked_at = ctx.resilient_parsing or set(rest) & set(ctx.help_option_names)
            command = self.load_skeleton(name) if is_looked_at else self.load(name)
        return name, command, rest

    @classmethod
    def load(cls, name: str) -> Any:
        """Imports a command."""
        module, _, attribute = cls.PLACES[name].partition(":")
        return cls._command(name, getattr(importlib.import_module(module), attribute))

    @classmethod
    def load_skeleton(cls, name: str) -> Any:
        """Reads a command without what it imports; it says what it takes, and does nothing."""
        module, _, attribute = cls.PLACES[name].partition(":")
        return cls._command(name, skeleton(module)[attribute])

    @classmethod
    def _command(cls, name: str, found: Any) -> Any:
        if not isinstance(found, typer.Typer):
            alone = typer.Typer(add_completion=False)
            alone.command(name)(found)
            found = alone
        return _readable(typer.main.get_command(found))


def _readable(command: Any) -> Any:
    """Writes the help of a command and of its own ones as people read it.

    Typer keeps the source's line breaks and wraps the lines again, and calls a value by its type in
    Python.
    """
    if command.help:
        paragraphs = command.help.split("\n\n")
        command.help = "\n\n".join(" ".join(text.split()) for text in paragraphs)
    parameters = command.get_params
    command.get_params = lambda context: [_named(one) for one in parameters(context)]
    for one in getattr(command, "commands", {}).values():
        _readable(one)
    return command


def _named(parameter: Any) -> Any:
    """Names a parameter's value as people do. The name of an argument says what it is."""
    if parameter.metavar is None:
        parameter.metavar = _metavar(parameter)
    if parameter.param_type_name == "argument":
        parameter.display_type_rich = lambda **_: None
        name, is_needed = parameter.metavar, parameter.required
        # Newer versions of Typer write {NAME} in the line of usage.
        parameter._usage_display_name = lambda: name if is_needed else f"[{name}]"
    return parameter


def _metavar(parameter: Any) -> str | None:
    if parameter.param_type_name == "argument":
        return str(parameter.name).upper()
    if parameter.is_flag:
        return ""
    kind = parameter.type_descriptor
    if kind.is_choice and not kind.is_list:
        return None  # Typer lists them.
    if kind.is_datetime:
        return "YYYY-MM-DD"
    if kind.is_path:
        return "PATH"
    return "NUMBER" if kind.annotation in (int, float) else "TEXT"


def _help(place: str) -> str:
    """A command's docstring, or the help that its group is made with."""
    module, _, attribute = place.partition(":")
    spec = importlib.util.find_spec(module)
    source = Path(spec.origin) if spec and spec.origin else None
    for node in ast.parse(source.read_text("utf-8")).body if source else ():
        if isinstance(node, ast.FunctionDef) and node.name == attribute:
            return ast.get_docstring(node) or ""
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == attribute:
            call = node.value
            for keyword in call.keywords if isinstance(call, ast.Call) else ():
                if keyword.arg == "help":
                    return str(ast.literal_eval(keyword.value))
    return ""
