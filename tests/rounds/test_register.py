"""Tests of the imports of rounds: the web process must not load the solver's libraries."""

import subprocess
import sys

import pytest

HEAVY = ("numpy", "scipy", "rustworkx", "events.pairing.solver")


@pytest.mark.parametrize(
    "modules",
    [
        "events.rounds",
        "events.rounds.queries.rounds, events.rounds.queries.solver_input, events.rounds.queries.drafts",
        "events.rounds.actions.publishing, events.rounds.actions.draft_edits, events.rounds.rules.benefit",
        "events.rounds.register, events.aftertalks.register",
    ],
)
def test_importing_rounds_loads_no_numerical_library(modules: str) -> None:
    check = f"import sys, {modules}; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
