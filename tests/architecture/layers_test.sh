#!/bin/sh
# A forbidden dependency fails to configure; an undeclared header fails to compile; a declared one does not.
set -eu
source=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# project FOLDER 'zc_module lines' : a project of its own that uses the tree's cmake/Layers.cmake
project() {
    mkdir -p "$1/low" "$1/high" "$1/host"
    printf 'int low_value(void);\n' >"$1/low/low.h"
    printf '#include "base/low.h"\nint low_value(void)\n{\n    return 1;\n}\n' >"$1/low/low.c"
    printf '#include "base/low.h"\nint high_value(void);\nint high_value(void)\n{\n    return low_value();\n}\n' >"$1/high/high.c"
    printf 'int host_value(void);\nint host_value(void)\n{\n    return 2;\n}\n' >"$1/host/host.c"
    {
        echo 'cmake_minimum_required(VERSION 3.25)'
        echo 'project(walls LANGUAGES C)'
        echo "include($source/cmake/Layers.cmake)"
        printf '%s\n' "$2"
    } >"$1/CMakeLists.txt"
}

expect() { # NAME fail|pass PATTERN COMMAND…
    name=$1 want=$2 pattern=$3
    shift 3
    if "$@" >"$work/out" 2>&1; then got=pass; else got=fail; fi
    if [ "$got" = "$want" ] && tr '\n' ' ' <"$work/out" | tr -s ' ' | grep -qE "$pattern"; then
        echo "ok: $name"
    else
        echo "FAILED: $name: wanted to $want with '$pattern', did $got:"
        cat "$work/out"
        failed=1
    fi
}

configure() { cmake -S "$1" -B "$1/build" -G Ninja; }

low='zc_module(base DIR low SOURCES low/low.c)'

project "$work/allowed" "$low
zc_module(codec DIR high SOURCES high/high.c USES base)"
expect 'a lower layer may be used: configures' pass 'Generating done' configure "$work/allowed"
expect 'a lower layer may be used: compiles' pass 'Linking' cmake --build "$work/allowed/build"

project "$work/upward" "zc_module(base DIR low SOURCES low/low.c USES codec)
zc_module(codec DIR high SOURCES high/high.c USES base)"
expect 'an upper layer may not be used' fail 'base \(0\) may not use codec \(1\)' configure "$work/upward"

project "$work/sideways" "$low
zc_module(crypto DIR low SOURCES low/low.c USES codec)"
expect 'modules of one layer do not know each other' fail 'crypto \(1\) may not use codec \(1\)' configure "$work/sideways"

project "$work/outward" "zc_module(support DIR host SOURCES host/host.c)
zc_module(image_signer DIR low SOURCES low/low.c USES support)"
expect 'measured code may not use host code' fail 'image_signer.*may not use' configure "$work/outward"

project "$work/nameless" 'zc_module(unheard_of DIR low SOURCES low/low.c)'
expect 'a module without a layer is refused' fail "'unheard_of' has no layer" configure "$work/nameless"

project "$work/undeclared" "$low
zc_module(codec DIR high SOURCES high/high.c)"
expect 'an undeclared header configures' pass 'Generating done' configure "$work/undeclared"
expect 'an undeclared header does not resolve' fail 'base/low.h: No such file' cmake --build "$work/undeclared/build"

project "$work/inherited" "$low
zc_module(codec DIR high SOURCES high/high.c USES base)
zc_module(wire DIR host SOURCES host/reach.c USES codec)"
printf '#include "base/low.h"\nint reach(void);\nint reach(void)\n{\n    return low_value();\n}\n' >"$work/inherited/host/reach.c"
expect 'headers are not inherited: configures' pass 'Generating done' configure "$work/inherited"
expect 'headers are not inherited' fail 'base/low.h: No such file' cmake --build "$work/inherited/build"

exit $failed
