#!/usr/bin/env bash
# The whole training on eight devices (RANKS of them), 20 epochs, then every snapshot on VOT2018
# (EVAL; none leaves it out). Goes on where it was stopped.
# usage: scripts/train_full_8p.sh [--data_path=DIR]; on a CPU, DEVICE=cpu RANKS=1 EPOCHS=1 STEPS=4 BATCH=2 EVAL=none.
# shellcheck source=scripts/common.sh
. "$(dirname "$0")/common.sh"
ranks=${RANKS:-8}
case_name=${NETWORK}_bs${BATCH}_${ranks}p_acc
options=()
[ -z "${STEPS:-}" ] || options+=(--steps "$STEPS")
train "$ranks" "$case_name" "${options[@]}"

status=0
if [ "${EVAL:-VOT2018}" != none ]; then
    place=${EVAL:-VOT2018}
    for dataset in "${DATA_PATH:-data}/$place" "data/$place"; do
        [ ! -d "$dataset" ] || place=$dataset
    done
    for snapshot in "$OUT"/checkpoint_e*.pth; do
        "$PYTHON" -m vot_toolkit eval --tracker siammask --checkpoint "$snapshot" \
            --dataset "$place" --results "$OUT/results" --record "$OUT/records" \
            --device "$([ "$DEVICE" = gpu ] && echo cuda || echo "$DEVICE")" || status=1
    done
fi
report "$case_name" %.2f accuracy
exit "$status"
