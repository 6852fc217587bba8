#!/bin/sh
# libzcp's ABI, as a program elsewhere meets it: what the installed library exports and under which version, how large the
# header's structures are and what its names stand for, against tests/architecture/libzcp.abi. abi_test.sh BUILD_DIR [--write]
set -eu
build=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/staging/usr/local

DESTDIR=$work/staging cmake --install "$build" --prefix /usr/local >"$work/install" 2>&1 || { cat "$work/install"; exit 1; }
library=$(find "$root" -name libzcp.so)
folder=$(dirname "$library")
header=$root/include/zcp.h
PKG_CONFIG_PATH=$folder/pkgconfig
export PKG_CONFIG_PATH

# Every function is called for by its address, so that one that the header lacks does not compile and one that the library
# lacks does not link.
functions=$(nm -D --defined-only "$library" | awk '$2 == "T" {print $3}' | LC_ALL=C sort)
sizes=$(sed -nE 's/^\} (zcp_[a-z_]+);$/\1/p' "$header")
values=$(sed -nE 's/^ +(ZCP_[A-Z0-9_]+)( =.*)?,?( +\/\*.*)?$/\1/p; s/^ +(ZCP_[A-Z0-9_]+) = [^,]*,.*$/\1/p' "$header" | LC_ALL=C sort -u)
{
    echo '#include <stdio.h>'
    echo '#include <zcp.h>'
    echo 'typedef void (*any)(void);'
    echo 'int main(void)'
    echo '{'
    echo '    static any const functions[] = {'
    for function in $functions; do echo "        (any)${function%%@*},"; done
    echo '    };'
    echo '    size_t there = 0;'
    echo '    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {'
    echo '        there += functions[i] != NULL;'
    echo '    }'
    for name in $sizes; do printf '    printf("size %s %%zu\\n", sizeof(%s));\n' "$name" "$name"; done
    for name in $values; do printf '    printf("value %s %%lld\\n", (long long)%s);\n' "$name" "$name"; done
    echo '    return there == sizeof functions / sizeof functions[0] ? 0 : 1;'
    echo '}'
} >"$work/program.c"
# shellcheck disable=SC2046 # lists of options
${CC:-cc} -std=c17 -Wall -Wextra -Wno-cast-function-type -Werror -o "$work/program" "$work/program.c" $(pkg-config --cflags --libs zcp)
{
    for function in $functions; do echo "function $function"; done
    LD_LIBRARY_PATH=$folder "$work/program"
} >"$work/found"

if [ "${2:-}" = --write ]; then
    cp "$work/found" "$here/libzcp.abi"
    exit 0
fi
if ! diff -u "$here/libzcp.abi" "$work/found"; then
    echo 'FAILED: libzcp is not what programs were built against. Lines with "+" alone add to it: abi_test.sh BUILD --write takes'
    echo 'them over. Anything that a "-" line shows breaks programs: keep it, or give the library another SONAME and version.'
    exit 1
fi
echo "ok: $(grep -c '^function' "$work/found") functions, $(grep -c '^size' "$work/found") structures, $(grep -c '^value' "$work/found") values"

# Nothing else is visible: of libzcp the names of its header, of the PKCS #11 library what its standard wants.
exported() { nm -D --defined-only "$1" | awk '$2 != "A" {print $3}' | LC_ALL=C sort | tr '\n' ' '; }
undeclared=$(for name in $(exported "$library"); do grep -qw "${name%%@*}" "$header" || echo "$name"; done)
[ -z "$undeclared" ] || { echo "FAILED: exported and not in zcp.h: $undeclared"; exit 1; }
wanted='C_GetFunctionList@@ZCP_PKCS11_0 C_GetInterface@@ZCP_PKCS11_0 C_GetInterfaceList@@ZCP_PKCS11_0 '
found=$(exported "$build/libzcp-pkcs11.so")
[ "$found" = "$wanted" ] || { echo "FAILED: libzcp-pkcs11.so exports: $found"; exit 1; }
declared=$(grep -E '^ZCP_API' "$header" | grep -oE '\bzcp_[a-z_]+\(' | wc -l)
[ "$declared" = "$(grep -c '^function' "$work/found")" ] || { echo "FAILED: the header declares $declared functions"; exit 1; }
echo 'ok: nothing else is exported'
