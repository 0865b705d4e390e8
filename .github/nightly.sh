#!/bin/sh
# The nightly gate for any CI: no container, no service, a POSIX shell and Python 3.11 or newer.
#
#   CONTRACT_TARGET=targets/api.toml sh SUITE/.github/nightly.sh [further options of pytest]
#
# In, as environment variables (relative paths start where the script is called):
#   CONTRACT_TARGET           a target file, or the name of one of the suite's; required
#   CONTRACT_PROFILE          schema, rules or full; unset: what the target file says
#   CONTRACT_GATE             all (default) or must
#   CONTRACT_KEPT             a folder that the CI keeps from night to night: the count of undecided
#                             nights and the examples; default contract-kept
#   CONTRACT_REPORT           where the reports are written; default contract-report
#   CONTRACT_UNDECIDED_LIMIT  undecided nights in a row that are red; default 3
#   CONTRACT_VENV             a virtual environment that has the suite's requirements. Unset: one is
#                             made beside the suite, from the pinned requirements
#   and whatever the target file names as ${...}: the secrets
#
# Out, as the exit code:
#   0            green: no gated clause is broken
#   1            red: a clause is broken; or CONTRACT_UNDECIDED_LIMIT nights in a row were undecided
#   2 3 4 5 ...  red: the run itself went wrong (4: a bad option or target file)
#   6            a warning: undecided, and the limit is not reached. Let the job pass with a warning
#
# What failed at night is shown again on any machine that has the two folders, in the suite:
#   .venv/bin/pytest tests/contract --target FILE --replay CONTRACT_REPORT
#   cp -R CONTRACT_KEPT/examples .hypothesis/ &&
#     .venv/bin/pytest tests/contract --target FILE --hypothesis-profile nightly
set -eu

absolute() {
  case "$1" in
    /*) printf '%s\n' "$1" ;;
    *) printf '%s\n' "$PWD/$1" ;;
  esac
}

: "${CONTRACT_TARGET:?names no target file}"
target=$CONTRACT_TARGET
case "$target" in
  */* | *.toml) target=$(absolute "$target") ;;
esac
kept=$(absolute "${CONTRACT_KEPT:-contract-kept}")
report=$(absolute "${CONTRACT_REPORT:-contract-report}")
if [ -n "${CONTRACT_VENV:-}" ]; then
  venv=$(absolute "$CONTRACT_VENV")
fi

cd "$(dirname "$0")/.."
if [ -z "${CONTRACT_VENV:-}" ]; then
  venv=$PWD/.venv
  python3 -m venv "$venv"
  "$venv/bin/pip" install -q --require-hashes -r tests/requirements.txt
fi

# An old verdict must not be taken for this night's.
rm -f "$report/verdict.json"
mkdir -p "$kept" .hypothesis
if [ -d "$kept/examples" ]; then
  cp -R "$kept/examples" .hypothesis/
fi

set -- --hypothesis-profile nightly --report-dir "$report" "$@"
if [ -n "${CONTRACT_PROFILE:-}" ]; then
  set -- --profile "$CONTRACT_PROFILE" "$@"
fi
code=0
"$venv/bin/pytest" tests/contract --target "$target" --gate "${CONTRACT_GATE:-all}" "$@" || code=$?

if [ -d .hypothesis/examples ]; then
  rm -rf "$kept/examples"
  cp -R .hypothesis/examples "$kept/"
fi
exec "$venv/bin/python" -m tests.harness.nightly --exit-code "$code" --report "$report" \
  --target "$CONTRACT_TARGET" --state "$kept/state.json" --limit "${CONTRACT_UNDECIDED_LIMIT:-3}"
