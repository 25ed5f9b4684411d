"""Templates compiled ahead: a first page or mail after a start then waits for none, and holds nobody up.

Compiling all of them takes seconds of processor, reading them back a tenth of one. A template that was
changed since is compiled where it is used, as if nothing stood here. What Jinja works out while compiling
(a filter on a constant) is kept too: after a change of such a filter, `PATTERN` gets another name.
"""

from pathlib import Path

from flask import Flask
from jinja2 import Environment, FileSystemBytecodeCache
from jinja2.bccache import Bucket
from typing_extensions import override

from events.core.config import ROOT

COMPILED = ROOT / "var" / "templates"
# Another name whenever the same template compiles to other code: since values are isolated (core/bidi).
PATTERN = "isolating_%s.cache"


class _Read(FileSystemBytecodeCache):
    """Who serves only reads: the folder belongs to whoever prepared it."""

    @override
    def dump_bytecode(self, bucket: Bucket) -> None:
        pass


def init_app(app: Flask, compiled: Path = COMPILED) -> None:
    app.jinja_env.bytecode_cache = _Read(str(compiled), PATTERN)


def compile_templates(environment: Environment, compiled: Path = COMPILED) -> None:
    """Compile what is new or changed; whoever serves meanwhile reads a template as a whole or not at all."""
    compiled.mkdir(parents=True, exist_ok=True)
    writing = environment.overlay(bytecode_cache=FileSystemBytecodeCache(str(compiled), PATTERN))
    for name in environment.list_templates():
        writing.get_template(name)
    for file in compiled.glob("*.cache"):
        file.chmod(0o644)
