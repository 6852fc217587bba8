#!/bin/sh
# run.sh PROGRAM KIND FOLDER: one kind of vectors, or 77 (a skip) where its folder is absent.
set -u
program=$1
kind=$2
folder=${ZCP_VECTORS:-$3}/$kind
if [ ! -d "$folder" ]; then
    echo "skipped: there are no vectors at $folder (set ZCP_VECTORS)"
    exit 77
fi
exec "$program" "$kind" "$folder"
