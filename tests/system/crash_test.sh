#!/bin/sh
# Kills front, core, zcpd or zcp-enclave at random moments under load, ROUNDS times (200), and holds what clients
# were told against the log. SEED=N repeats the choices of a run.
#     ROUNDS=200 tests/system/crash_test.sh BUILD_DIR
set -eu
build=${1:?usage: $0 BUILD_DIR}
ROUNDS=${ROUNDS:-200} PYTHONDONTWRITEBYTECODE=1 exec python3 "$(dirname "$0")/crash_test.py" "$build"
