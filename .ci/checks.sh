#!/bin/sh
# All checks of `make test`, the fastest first. `make check-all` sets CHECK_ALL=1: long tests too, every page in
# every combination, the whole suite on PostgreSQL as well, and test coverage.
set -eu
if [ "${CHECK_ALL:-}" = 1 ]; then
  chosen="long or not long" on_postgres="long or not long" covered="--cov --cov-report=term:skip-covered"
else
  chosen="not long" on_postgres="postgres and not long" covered=""
fi
unset PYTHONDONTWRITEBYTECODE  # child processes would compile every module again
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
step "features on SQLite" "$bin/pytest" $side_by_side -m "$chosen" $quick $covered
step "features on PostgreSQL" env TEST_ON=postgres "$bin/pytest" $side_by_side -m "$on_postgres" $quick \
  --ignore tests/architecture --ignore-glob '*/test_rules*'
step "journeys and faults" "$bin/pytest" -q -n 2 --dist loadfile -m "$chosen" tests/journeys tests/faults
