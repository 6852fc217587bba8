#!/bin/sh
# The long run: 2,000 rounds in each mode. Usage: tests/system/faults_test.sh BUILD_DIR
ROUNDS=${ROUNDS:-2000} exec python3 "$(dirname "$0")/faults_test.py" "$1"
