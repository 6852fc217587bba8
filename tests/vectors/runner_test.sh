#!/bin/sh
# runner_test.sh PROGRAM: each case is a small folder of vectors, the exit code and the last line
# that it must give, and a line that must be among the others.
set -u
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

check() { # WHAT EXIT LAST SOMEWHERE KIND PATH
    "$program" "$5" "$6" >"$work/out" 2>&1
    code=$?
    last=$(tail -n 1 "$work/out")
    if [ "$code" = "$2" ] && [ "$last" = "$3" ] && grep -qF -- "$4" "$work/out"; then
        echo "ok: $1"
    else
        echo "FAILED: $1: exit $code (not $2), or not what was expected:"
        cat "$work/out"
        failed=1
    fi
}

put() { # FILE TEXT
    mkdir -p "$(dirname "$work/$1")"
    printf '%s' "$2" >"$work/$1"
}

empty=c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470
put keccak/good.json '[{"in": "", "out": "'$empty'"}]'
check 'a right hash passes' 0 '1 passed, 0 failed, 0 skipped' '1 passed' crypto "$work/keccak"
check 'a file instead of its folder' 0 '1 passed, 0 failed, 0 skipped' '1 passed' \
    crypto "$work/keccak/good.json"
put keccak/sub/bad.json '[{"in": "00", "out": "'$empty'"}]'
check 'a wrong hash fails, and is named' 1 '1 passed, 1 failed, 0 skipped' \
    'FAILED sub/bad.json: 0: hash: ' crypto "$work/keccak"
put short/short.json '[{"in": "", "out": "'$empty'"}, {"in": ""}]'
check 'a case without its answer fails' 1 '1 passed, 1 failed, 0 skipped' \
    "it has no hex in 'out'" crypto "$work/short"
put broken/x.json '[{"in": "", '
check 'what is no JSON fails' 1 '0 passed, 1 failed, 0 skipped' 'FAILED x.json: not JSON' \
    crypto "$work/broken"
put other/x.json '[{"colour": "blue"}]'
put other/notes.txt 'text'
put other/README.md 'text'
check 'what is of no use is named and skipped' 0 '0 passed, 0 failed, 3 skipped' \
    'skipped notes.txt: ' crypto "$work/other"
check 'a kind that is not in this version' 0 '0 passed, 0 failed, 3 skipped' \
    'skipped README.md: not in this version' mpc "$work/other"
mkdir "$work/nothing"
check 'an empty folder proves nothing' 1 "zcp-vectors: there is no file in $work/nothing" \
    'there is no file' crypto "$work/nothing"
"$program" crypto "$work/absent" >"$work/out" 2>&1
[ $? = 1 ] && grep -q absent "$work/out" || { echo 'FAILED: a path that is not there'; failed=1; }
"$program" weather "$work/keccak" >/dev/null 2>&1
[ $? = 2 ] || { echo 'FAILED: a kind that does not exist'; failed=1; }
"$program" crypto >/dev/null 2>&1
[ $? = 2 ] || { echo 'FAILED: an argument is missing'; failed=1; }

# A byte order mark, a NUL in a text, and integers that JSON readers round.
printf '\357\273\277%s' '[
 {"hex": "1bffffffffffffffff", "roundtrip": true, "decoded": 18446744073709551615},
 {"hex": "3bffffffffffffffff", "roundtrip": true, "decoded": -18446744073709551616},
 {"hex": "c249010000000000000000", "roundtrip": true, "decoded": 18446744073709551616},
 {"hex": "c349010000000000000000", "roundtrip": true, "decoded": -18446744073709551617},
 {"hex": "6100", "roundtrip": true, "decoded": "\u0000"},
 {"hex": "fb3ff199999999999a", "roundtrip": true, "decoded": 1.1},
 {"hex": "f90001", "roundtrip": true, "decoded": 5.960464477539063e-08},
 {"hex": "f8ff", "roundtrip": true, "diagnostic": "simple(255)"},
 {"hex": "f7", "roundtrip": true, "diagnostic": "undefined"},
 {"hex": "40", "roundtrip": true, "diagnostic": "h'"''"'"},
 {"hex": "a26161016162820203", "roundtrip": true, "decoded": {"a": 1, "b": [2, 3]}},
 {"hex": "1bffffffffffffffff", "roundtrip": true, "decoded": 18446744073709551614},
 {"hex": "1801", "roundtrip": true, "decoded": 1},
 {"hex": "f818", "roundtrip": true, "diagnostic": "simple(24)"}]' >"$work/a.json"
check 'CBOR values' 1 '11 passed, 2 failed, 1 skipped' 'FAILED a.json: 12 (1801): canonical' \
    cose_cbor "$work/a.json"
put rlp/x.json '{
 "zero byte": {"in": "\u0000", "out": "0x00"},
 "empty": {"in": "", "out": "0x80"},
 "33 bytes": {"out": "0xa1010000000000000000000000000000000000000000000000000000000000000000",
  "in": "#115792089237316195423570985008687907853269984665640564039457584007913129639936"},
 "mixed": {"in": ["zw", [4], 1], "out": "0xc6827a77c10401"},
 "invalid": {"in": "INVALID", "out": "0x8100"},
 "not invalid": {"in": "INVALID", "out": "0x8180"},
 "wrong": {"in": 1, "out": "0x02"}}'
check 'RLP both ways' 1 '5 passed, 2 failed, 0 skipped' \
    'FAILED x.json: not invalid: invalid, but accepted' ethereum "$work/rlp"
exit $failed
