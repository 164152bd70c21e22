#!/usr/bin/env bash
# Speed on eight devices (RANKS of them): 2000 steps with a batch of 64 on each.
# usage: scripts/train_performance_8p.sh [--data_path=DIR]; on a CPU, DEVICE=cpu RANKS=2 STEPS=4 BATCH=1.
# shellcheck source=scripts/common.sh
. "$(dirname "$0")/common.sh"
ranks=${RANKS:-8}
case_name=${NETWORK}_bs${BATCH}_${ranks}p_perf
train "$ranks" "$case_name" --steps "${STEPS:-2000}" --resume never
report "$case_name" %.0f none
