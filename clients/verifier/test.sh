#!/bin/sh
# test.sh SOURCE BUILD: the verifier's tests in a copy under BUILD, with exactly the locked packages.
# 77 (a skip) where the published documents or npm are absent. ZC_NODE: the Node.js to run them with.
set -eu
source=$1
build=$2/clients/verifier
ZCP_VECTORS=${ZCP_VECTORS:-$source/../../../shared/vectors}
export ZCP_VECTORS
command -v npm >/dev/null || { echo "skipped: there is no npm"; exit 77; }
[ -d "$ZCP_VECTORS/nitro" ] || { echo "skipped: there are no vectors at $ZCP_VECTORS (set ZCP_VECTORS)"; exit 77; }
mkdir -p "$build"
rm -rf "$build/src" "$build/test" "$build/dist"
cp -R "$source/src" "$source/test" "$source/package.json" "$source/package-lock.json" "$source/tsconfig.json" "$build"
cd "$build"
npm ci --no-audit --no-fund --loglevel=error
PATH=$(dirname "${ZC_NODE:-$(command -v node)}"):$PATH npm test
