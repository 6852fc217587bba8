#!/bin/sh
# What `make install` puts down stands alone: a program compiles against it, and it starts, signs and refuses where
# it lies. install_test.sh BUILD_DIR
# shellcheck disable=SC2317 # functions that are called by name
set -eu
build=$(cd "$1" && pwd)
source=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
root=$work/staging/usr/local
running=
finish() {
    [ -z "$running" ] || "$root/bin/zcp" down --dir "$work/d" >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM
failed=0

ok() { echo "ok: $1"; }
no() {
    echo "FAILED: $1"
    failed=1
}
expect() { # WHAT EXIT COMMAND…
    what=$1 want=$2 got=0
    shift 2
    "$@" >"$work/out" 2>&1 || got=$?
    if [ "$got" = "$want" ]; then
        ok "$what"
    else
        no "$what: exit $got instead of $want:"
        cat "$work/out"
    fi
}
skip() { echo "skipped: $1"; }

install_into() { DESTDIR=$1 cmake --install "$build" --prefix "$2"; }
expect 'installs below DESTDIR' 0 install_into "$work/staging" /usr/local
cd "$work/staging" 2>/dev/null || exit 1
lib=$(dirname "$(find . -name libzcp.so)")
lib=${lib#./usr/local/}
missions=$(cd "$source/missions" && for file in *.yaml models/*; do printf '%s\n' "share/zerocopy/missions/$file"; done)
bench=
[ ! -x "$build/zcp-bench" ] || bench=bin/zcp-bench

# Exactly these files, and nothing outside the prefix.
cat >"$work/wanted" <<LIST
bin/zcp
bin/zcpd
bin/zcp-enclave
bin/zcp-gateway
bin/zcp-witness
$bench
$lib/libzcp.so
$lib/libzcp.so.0
$lib/libzcp.so.0.1.0
$lib/libzcp-pkcs11.so
$lib/pkgconfig/zcp.pc
include/zcp.h
$missions
share/man/man1/zcp.1
share/bash-completion/completions/zcp
lib/systemd/system/zerocopy.service
lib/sysusers.d/zerocopy.conf
LIST
sed '/^$/d; s|^|./usr/local/|' "$work/wanted" | LC_ALL=C sort >"$work/sorted"
find . ! -type d | LC_ALL=C sort >"$work/found"
expect 'these files and no others' 0 diff "$work/sorted" "$work/found"
expect 'everybody may read them, only the owner write' 0 sh -c \
    "! find . -type f \( ! -perm -0444 -o -perm /0022 \) | grep . && ! find usr/local/bin -type f ! -perm -0555 | grep ."
expect 'no file names the build or this place' 0 sh -c "! grep -rIlF -e '$build' -e '$work' ."
expect 'libzcp.so.0 is its name' 0 sh -c "objdump -p 'usr/local/$lib/libzcp.so' | grep -q 'SONAME *libzcp.so.0\$'"
for program in bin/zcp bin/zcpd bin/zcp-enclave bin/zcp-gateway bin/zcp-witness "$lib/libzcp.so" "$lib/libzcp-pkcs11.so"; do
    expect "$program searches no folder of its own for libraries" 0 sh -c \
        "! objdump -p 'usr/local/$program' | grep -E 'RPATH|RUNPATH'"
done
expect 'zcp --version runs' 0 "$root/bin/zcp" --version

# Pages and tables for others to read.
if command -v man >/dev/null; then
    expect 'the man page' 0 sh -c "man --warnings -l '$root/share/man/man1/zcp.1' 2>&1 >/dev/null | (! grep .)"
elif command -v mandoc >/dev/null; then
    expect 'the man page' 0 mandoc -T lint -W warning "$root/share/man/man1/zcp.1"
else
    skip 'the man page: neither man nor mandoc is here'
fi
expect 'the completion is bash' 0 bash -n "$root/share/bash-completion/completions/zcp"
if command -v systemd-analyze >/dev/null; then
    # A copy whose program and user exist here, so that only the unit itself can be at fault.
    sed "s|^ExecStart=/usr/local|ExecStart=$root|; s|^\(User\|Group\)=zerocopy|\1=root|; /^Documentation=/d" \
        "$root/lib/systemd/system/zerocopy.service" >"$work/zerocopy.service"
    expect 'the unit runs the installed program' 0 grep -q '^ExecStart=/usr/local/bin/zcp up ' "$root/lib/systemd/system/zerocopy.service"
    expect 'the unit, by systemd-analyze' 0 sh -c "systemd-analyze verify '$work/zerocopy.service' 2>&1 | (! grep 'zerocopy.service')"
else
    skip 'the unit: systemd-analyze is not here'
fi
if command -v systemd-sysusers >/dev/null; then
    mkdir -p "$work/users/etc"
    expect 'the user' 0 systemd-sysusers --root="$work/users" "$root/lib/sysusers.d/zerocopy.conf"
    expect 'the user is there' 0 grep -q '^zerocopy:' "$work/users/etc/passwd"
else
    skip 'the user: systemd-sysusers is not here'
fi

# The installed tree, moved somewhere else as a package would be, still works: pkg-config file, header, library.
PKG_CONFIG_PATH=$root/$lib/pkgconfig
export PKG_CONFIG_PATH
flags='-std=c17 -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wvla -Wcast-qual -Wstrict-prototypes -Werror'
# shellcheck disable=SC2046,SC2086 # lists of options
expect 'the example compiles by pkg-config' 0 ${CC:-cc} $flags -o "$work/example" "$source/examples/sign_transaction.c" \
    $(pkg-config --cflags --libs zcp)
printf '#include <zcp.h>\n' >"$work/alone.c"
# shellcheck disable=SC2046,SC2086
expect 'the header stands alone' 0 ${CC:-cc} $flags -fsyntax-only $(pkg-config --cflags zcp) "$work/alone.c"

# The PKCS #11 library loads by itself, wherever it lies.
expect 'the PKCS #11 library loads' 0 python3 -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1]).C_GetFunctionList' "$root/$lib/libzcp-pkcs11.so"

# USDC.transfer(treasury, 2,500 USDC) and the same with 60,000 USDC, as in scripts/first-run.
pay=0x02f86d0180843b9aca008506fc23ac0082fde894a0b86991c6218b36c1d19d4a2e9eb0ce3606eb4880b844a9059cbb00000000000000000000000070997970c51812dc3a010c7d01b50e0d17dc79c8000000000000000000000000000000000000000000000000000000009502f900c0
overpay=0x02f86d0101843b9aca008506fc23ac0082fde894a0b86991c6218b36c1d19d4a2e9eb0ce3606eb4880b844a9059cbb00000000000000000000000070997970c51812dc3a010c7d01b50e0d17dc79c80000000000000000000000000000000000000000000000000000000df8475800c0
unset ZCP_DIR
running=yes
expect 'the installed zcp starts with the installed mission' 0 "$root/bin/zcp" up --detach --dir "$work/d"
expect 'and makes a key' 0 "$root/bin/zcp" key create desk --curve secp256k1 --dir "$work/d"
LD_LIBRARY_PATH=$root/$lib
export LD_LIBRARY_PATH
example() { # WHAT EXIT WORDS ARGUMENTS…
    what=$1 want=$2 words=$3
    shift 3
    expect "the example: $what" "$want" "$work/example" "$@"
    grep -q "$words" "$work/out" || no "the example: $what: it did not say '$words'"
}
example 'signs what the mission allows' 0 '^0x02f8' "$work/d" trader desk "$pay"
example 'tells of a refusal' 3 'trader-pays-usdc/USDC-per-tx: 60000000000 USDC, the limit is 5000000000' "$work/d" trader desk "$overpay"
example 'refused without a rule' 3 'mission' "$work/d" admin desk "$pay"
example 'there is no such key' 1 'key' "$work/d" trader nokey "$pay"
example 'no credential' 1 'nobody' "$work/d" nobody desk "$pay"
example 'a transaction that ends too early' 1 'byte' "$work/d" trader desk "${pay%00c0}"
example 'another type of transaction' 2 'EIP-1559' "$work/d" trader desk 0x01c0
expect 'the kill switch' 0 "$root/bin/zcp" halt --dir "$work/d"
example 'halted' 3 'halted' "$work/d" trader desk "$pay"
expect 'stops' 0 "$root/bin/zcp" down --dir "$work/d"
running=
example 'nobody is there' 5 '' "$work/d" trader desk "$pay"

exit $failed
