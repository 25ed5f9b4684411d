#!/bin/sh
# All checks of `make test`, the fastest first. `make check-all` sets CHECK_ALL=1: long tests too, every page in
# every combination, the whole suite on PostgreSQL as well, and test coverage.
set -eu
quick="--ignore tests/journeys --ignore tests/faults"
if [ "${CHECK_ALL:-}" = 1 ]; then
  chosen="long or not long" covered="--cov --cov-report=term:skip-covered"
  on_postgres="long or not long" postgres_files="$quick --ignore tests/architecture --ignore-glob */test_rules*"
else
  chosen="not long" covered=""
  # Only files with the mark are collected: collecting all of them takes as long as a tenth of these tests.
  on_postgres="postgres and not long" postgres_files=$(grep -rl --include='test_*.py' 'mark\.postgres' tests | grep -v /test_rules)
fi
unset PYTHONDONTWRITEBYTECODE  # child processes would compile every module again
bin=$(dirname "$PYTHON")
step() { printf '\n── %s\n' "$1"; shift; "$@"; }
side_by_side="-q -n 2 --dist worksteal"
mkdir -p var
# Types take as long as the other static checks together, on one core: they run beside them.
"$bin/mypy" > var/mypy.log 2>&1 & types=$!
trap 'kill "$types" 2> /dev/null || true' EXIT
type_check() { wait "$types" || { cat var/mypy.log; exit 1; }; tail -n 1 var/mypy.log; }
step "format" "$bin/ruff" format --check --quiet .
step "lint" "$bin/ruff" check --quiet .
step "templates" "$bin/djlint" --lint --quiet templates
step "contracts" "$bin/lint-imports" --no-cache
step "types" type_check
trap - EXIT
set -f  # the glob of check-all is for pytest
step "features on SQLite" "$bin/pytest" $side_by_side -m "$chosen" $quick $covered
step "features on PostgreSQL" env TEST_ON=postgres "$bin/pytest" $side_by_side -m "$on_postgres" $postgres_files
# They wait for servers and timers for two fifths of their time, so three share two cores; long files go first.
step "journeys and faults" "$bin/pytest" -q -n 3 --dist loadfile --no-loadscope-reorder -m "$chosen" \
  tests/faults tests/journeys/test_story.py tests/journeys/test_two_processes.py tests/journeys
