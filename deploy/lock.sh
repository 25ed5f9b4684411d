#!/bin/sh
# Renews the lock files, with hashes for every platform and no registry URL.
set -eu
.venv/bin/pip install -q uv
flags="--universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q --python-version 3.11"
.venv/bin/uv pip compile $flags pyproject.toml -o requirements.lock
.venv/bin/uv pip compile $flags pyproject.toml --group dev --group node -o requirements-dev.lock
.venv/bin/uv pip compile $flags --group node -o requirements-node.lock
