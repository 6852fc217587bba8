#!/bin/sh
# What the compiler does not see: habits that would walk around the walls or the rules of tcb/.
set -eu
cd "$1"
failed=0

refuse() { # WHY FOLDERS PATTERN
    if found=$(grep -rnE --include='*.c' --include='*.h' "$3" $2 2>/dev/null); then
        echo "FAILED: $1:"
        echo "$found"
        failed=1
    else
        echo "ok: $1"
    fi
}

refuse 'no include climbs out of its folder' 'tcb host include' '#include "[^"]*\.\./'
refuse 'tcb has no heap of ours' tcb '\b(malloc|calloc|realloc|strdup|alloca)\('
refuse 'tcb has no standard I/O' tcb '#include <stdio\.h>'
refuse 'tcb has no floating point' tcb '^[^/*]*\b(float|double)\b +\*?[a-z_]+ *[;=,)]'
refuse 'tcb has no JSON, YAML, HTTP or SQL' tcb '#include <(jansson|yaml|cyaml/cyaml|microhttpd|curl/curl|sqlite3)\.h>'
refuse 'only platform, runtime and images open files and sockets' \
    'tcb/crypto tcb/codec tcb/wire tcb/attest tcb/intent tcb/policy tcb/audit tcb/keys tcb/enclave' \
    '\b(open|openat|socket|fopen|connect|bind|accept4?)\('
refuse 'nothing is left for later' 'tcb host include bench fuzz tests' '\b(TODO|FIXME|XXX|HACK)\b'
exit $failed
