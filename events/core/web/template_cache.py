"""Jinja bytecode cache, filled at set-up so that no request compiles a template while others wait.

Compiling all templates takes seconds of CPU, loading them a tenth of one. A template that changed
since is compiled on use. Constants folded at compile time (a filter on a literal) are cached too:
rename `PATTERN` after changing such a filter.
"""

from pathlib import Path

from flask import Flask
from jinja2 import Environment, FileSystemBytecodeCache
from jinja2.bccache import Bucket
from typing_extensions import override

from events.core.config import ROOT

COMPILED = ROOT / "var" / "templates"
# Rename it whenever the same template compiles to other code; last for `text.bidi`.
PATTERN = "isolating_%s.cache"


class _Read(FileSystemBytecodeCache):
    """Read-only cache for servers: the folder belongs to the user who ran the set-up."""

    @override
    def dump_bytecode(self, bucket: Bucket) -> None:
        pass


def init_app(app: Flask, compiled: Path = COMPILED) -> None:
    app.jinja_env.bytecode_cache = _Read(str(compiled), PATTERN)


def compile_templates(environment: Environment, compiled: Path = COMPILED) -> None:
    """Compile new and changed templates; files are replaced atomically."""
    compiled.mkdir(parents=True, exist_ok=True)
    writing = environment.overlay(bytecode_cache=FileSystemBytecodeCache(str(compiled), PATTERN))
    for name in environment.list_templates():
        writing.get_template(name)
    for file in compiled.glob("*.cache"):
        file.chmod(0o644)
