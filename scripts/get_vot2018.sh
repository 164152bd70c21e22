#!/bin/sh
# Download VOT2018 (60 sequences, images and annotations) to the folder given, data/VOT2018 by default.
# Further arguments go to the command: --url of a mirror, --workers, --sequence. It goes on where it
# was stopped.
set -eu
out=${1:-data/VOT2018}
[ $# -eq 0 ] || shift
exec "${PYTHON:-python}" -m vot_toolkit download vot2018 --out "$out" "$@"
