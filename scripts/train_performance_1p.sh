#!/usr/bin/env bash
# Speed on one device: 2000 steps with a batch of 64.
# usage: scripts/train_performance_1p.sh [--data_path=DIR]; on a CPU, DEVICE=cpu STEPS=4 BATCH=2.
# shellcheck source=scripts/common.sh
. "$(dirname "$0")/common.sh"
case_name=${NETWORK}_bs${BATCH}_1p_perf
train 1 "$case_name" --steps "${STEPS:-2000}" --resume never
report "$case_name" %.2f none
