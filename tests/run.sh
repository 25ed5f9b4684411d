#!/bin/sh
# Everything `make test` runs, in the order in which it fails fastest.
set -eu
unset PYTHONDONTWRITEBYTECODE  # every child would compile everything anew
bin=$(dirname "$PYTHON")
step() { printf '\n── %s\n' "$1"; shift; "$@"; }
side_by_side="-q -n 2 --dist worksteal"
quick="--ignore tests/journeys --ignore tests/faults"
mkdir -p var
step "format" "$bin/ruff" format --check --quiet .
step "lint" "$bin/ruff" check --quiet .
step "templates" "$bin/djlint" --lint --quiet templates
step "contracts" "$bin/lint-imports" --no-cache
step "types" "$bin/mypy"
step "features on SQLite" "$bin/pytest" $side_by_side $quick --cov --cov-report=term:skip-covered
step "features on PostgreSQL" env TEST_ON=postgres "$bin/pytest" $side_by_side $quick \
  --ignore tests/architecture --ignore-glob '*/test_rules*'
step "journeys and faults" "$bin/pytest" -q -n 2 --dist loadfile tests/journeys tests/faults
