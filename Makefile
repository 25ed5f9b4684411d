# Needs Python 3.11 or newer with venv and pip, and make. The first run fetches everything else.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
T ?= 15m
V ?= 1000
BIN := .venv/bin
# On every core; pip compiles on one. Packages may hold files for other versions of Python, which do not compile.
COMPILE = $(BIN)/python -m compileall -q -q -j 0 .venv/lib || true
export PORT
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run dev test check-all soak bench screens messages lock clean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/.runtime static/vendor/.built ## set up what is missing and start Ontmoet on http://localhost:8000
	@$(BIN)/flask prepare && $(BIN)/flask seed --unless-real
	@exec $(BIN)/gunicorn -c deploy/gunicorn.conf.py wsgi:app

dev: .venv/.runtime static/vendor/.built ## the same, starting anew on every change
	@$(BIN)/flask prepare && $(BIN)/flask seed --unless-real
	@exec $(BIN)/gunicorn -c deploy/gunicorn.conf.py --reload wsgi:app

test: .venv/.dev node_modules/.dev static/vendor/.built ## format, lint, types, contracts and every test
	@PYTHON=$(BIN)/python sh .ci/checks.sh

check-all: .venv/.dev node_modules/.dev static/vendor/.built ## the same with the long tests and every page in every combination
	@CHECK_ALL=1 PYTHON=$(BIN)/python sh .ci/checks.sh

soak: .venv/.dev node_modules/.dev static/vendor/.built ## a long evening of random faults: make soak T=30m V=1000
	@$(BIN)/python -m bench.soak --minutes $(T:m=) --viewers $(V) --on sqlite
	@$(BIN)/python -m bench.soak --minutes $(T:m=) --viewers $(V) --on postgres

bench: .venv/.dev node_modules/.dev bench/node_modules/.built ## benchmarks beside their references, written to bench/results.md
	@$(BIN)/python -m bench.run

screens: .venv/.dev node_modules/.dev static/vendor/.built ## screenshots of the main screens into docs/screens
	@$(BIN)/python -m bench.screens

messages: .venv/.runtime ## add new sentences to the Dutch catalogs in events/translations, drop unused ones
	@$(BIN)/flask messages

lock: .venv/.dev ## renew the lock files
	@sh deploy/lock.sh

clean: ## forget the demo data
	@rm -rf var

.venv/bin/python:
	@echo "Making a Python environment in .venv"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Ontmoet needs Python 3.11 or newer.")'
	@$(PYTHON) -m venv .venv

.venv/.runtime: requirements.lock | .venv/bin/python
	@echo "Fetching Python packages (once)"
	@$(BIN)/pip install -q --no-compile --no-deps --require-hashes -r requirements.lock
	@$(COMPILE)
	@touch $@

.venv/.dev: requirements-dev.lock | .venv/bin/python
	@echo "Fetching Python packages for the tests (once)"
	@$(BIN)/pip install -q --no-compile --no-deps --require-hashes -r requirements-dev.lock
	@$(COMPILE)
	@touch $@ .venv/.runtime

node_modules/.runtime: package-lock.json | .venv/bin/python
	@if [ -e node_modules/.dev ]; then :; else sh deploy/npm.sh ci --omit=dev --ignore-scripts; fi
	@touch $@

# Bun contains uWebSockets, a reference of the benchmarks. They run without it where npm has no build of it.
bench/node_modules/.built: bench/package-lock.json | .venv/bin/python
	@sh deploy/npm.sh ci --prefix bench --ignore-scripts || echo "The benchmarks run without uWebSockets."
	@mkdir -p bench/node_modules && touch $@

node_modules/.dev: package-lock.json | .venv/bin/python
	@sh deploy/npm.sh ci --ignore-scripts
	@touch $@ node_modules/.runtime

static/vendor/.built: .venv/.runtime node_modules/.runtime events/core/ops/assets.py
	@echo "Preparing files for the browser"
	@$(BIN)/flask assets
	@touch $@
