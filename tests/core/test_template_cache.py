"""Template bytecode cache: filled ahead, and never stale."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment

from events.core.web.template_cache import compile_templates, init_app

Serving = Callable[..., Flask]


@pytest.fixture
def serving(tmp_path: Path) -> Serving:
    """A process with two templates that reads what was compiled ahead."""
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "page.html").write_text("{% include 'part.html' %}")
    (folder / "part.html").write_text("koffie")

    def start() -> Flask:
        app = Flask("tried", template_folder=str(folder))
        init_app(app, tmp_path / "compiled")
        return app

    return start


def rendered(app: Flask) -> str:
    with app.app_context():
        return app.jinja_env.get_template("page.html").render()


def compile_nothing(*_arguments: object, **_more: object) -> None:
    raise AssertionError("compiled while somebody waits")


@pytest.mark.parametrize("prepared", [True, False])
def test_templates_are_compiled_ahead(
    prepared: bool, serving: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if prepared:
        compile_templates(serving().jinja_env, tmp_path / "compiled")
    monkeypatch.setattr(Environment, "compile", compile_nothing)
    if prepared:
        assert rendered(serving()) == "koffie"
    else:
        with pytest.raises(AssertionError, match="somebody waits"):
            rendered(serving())


def test_a_template_that_was_changed_is_served_as_it_is(serving: Serving, tmp_path: Path) -> None:
    compile_templates(serving().jinja_env, tmp_path / "compiled")
    (tmp_path / "templates" / "part.html").write_text("thee")
    assert rendered(serving()) == "thee"


def test_a_server_writes_no_bytecode(serving: Serving, tmp_path: Path) -> None:
    """In production the folder is read-only for the web process."""
    assert rendered(serving()) == "koffie"
    assert not (tmp_path / "compiled").exists()


def test_every_user_of_the_machine_may_read_what_root_prepared(serving: Serving, tmp_path: Path) -> None:
    compile_templates(serving().jinja_env, tmp_path / "compiled")
    assert [oct(file.stat().st_mode & 0o777) for file in (tmp_path / "compiled").iterdir()] == ["0o644"] * 2
