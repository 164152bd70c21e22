#!/usr/bin/env bash
# The small SiamMask from nothing: data, training, 16-bit file, scores. Goes on where it was stopped.
# usage: scripts/train_tiny.sh [COCO]   (a folder of COCO 2017; the 128 images of coco128 will do)
# From the environment: DATA (data), OUT (output/tiny), DEVICE (cpus, gpus, npus), COUNT (2), PYTHON,
# LICENCES (4,5,7,8: attribution, share alike, none, US government; all allow changes and any use).

set -euo pipefail

case ${1:-} in
    --help | -h)
        sed -n '2,5s/^# //p' "$0"
        exit 0
        ;;
esac
PYTHON=${PYTHON:-python3}
COCO=${1:-data/coco128}
DATA=${DATA:-data}
OUT=${OUT:-output/tiny}
LICENCES=${LICENCES:-4,5,7,8}
# On a busy machine threads that spin while they wait cost more than they bring.
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1} OMP_WAIT_POLICY=PASSIVE

"$PYTHON" -m trainers.prepare coco "$COCO" --out "$DATA/coco" --licences "$LICENCES"
"$PYTHON" -m trainers.prepare rendered "$COCO" --out "$DATA/rendered" --licences "$LICENCES"
"$PYTHON" -m trainers.base --config siammask_tiny "--${DEVICE:-cpus}" "${COUNT:-2}" --data "$DATA" \
    --out "$OUT" --record "$OUT/records" --label siammask-tiny --log-every 20
"$PYTHON" - "$OUT" <<'PYTHON'
import hashlib, sys
from pathlib import Path

import siammask
from trainers import checkpoints

out = Path(sys.argv[1])
path = out / "siammask_tiny.safetensors"
siammask.save(siammask.load(checkpoints.find(out)[0]), path, half=True)
print(f"{path}: {path.stat().st_size} bytes, SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}")
PYTHON
"$PYTHON" -m vot_toolkit eval --tracker siammask --checkpoint "$OUT/siammask_tiny.safetensors" \
    --option mode=fast --dataset synthetic --results "$OUT/results"
