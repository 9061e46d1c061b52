#!/usr/bin/env bash
# Everything that can be said about the source without running it. All checks run; one failure fails the whole.
set -uo pipefail
py=.venv/bin/python
failed=()
step() {
  local name=$1
  shift
  printf '▸ %s\n' "$name"
  "$@" || failed+=("$name")
}
export HAICAP_DATA_DIR=${TMPDIR:-/tmp}/haicap-check-$$
trap 'rm -rf "$HAICAP_DATA_DIR"' EXIT
step "ruff" "$py" -m ruff check --quiet .
step "format" "$py" -m ruff format --check --quiet .
step "mypy" "$py" -m mypy --no-error-summary
step "imports" .venv/bin/lint-imports --no-logo
step "migrations" "$py" -m haicap makemigrations --check --dry-run
step "translations" "$py" -m haicap.config.translations check
step "house" "$py" -m pytest -q tests/house
if [ -f frontend/tsconfig.json ]; then
  node=$(scripts/node.sh .venv)
  PATH="$node:$PATH" step "typescript" npm run --silent check
fi
if [ ${#failed[@]} -gt 0 ]; then
  echo "check: FAILED: ${failed[*]}"
  exit 1
fi
echo "check: clean"
