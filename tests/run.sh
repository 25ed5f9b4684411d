#!/bin/sh
# Everything `make test` runs, in the order in which it fails fastest.
set -eu
bin=$(dirname "$PYTHON")
step() { printf '\n── %s\n' "$1"; shift; "$@"; }
mkdir -p var
step "format" "$bin/ruff" format --check --quiet .
step "lint" "$bin/ruff" check --quiet .
step "templates" "$bin/djlint" --lint --quiet templates
step "contracts" "$bin/lint-imports" --no-cache
step "types" "$bin/mypy"
step "features on SQLite" "$bin/pytest" -q -n 2 --dist worksteal --ignore tests/journeys --cov --cov-report=term
step "features on PostgreSQL and Redis" env TEST_ON=postgres "$bin/pytest" -q -n 2 --dist worksteal \
  --ignore tests/journeys --ignore tests/architecture --ignore-glob "*/test_rules*"
step "journeys" "$bin/pytest" -q tests/journeys
