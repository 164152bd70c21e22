# What the training scripts share: arguments, the run, and what they print and write at its end.
# Read by them, not run. From the environment: DEVICE (npu, gpu, cpu), STEPS, BATCH, EPOCHS, AMP,
# AMP_BACKEND, CONFIG, OUT, TRAIN_ARGS (further options of trainers.base), PYTHON.

set -euo pipefail

NETWORK=SiamMask_for_Pytorch
PYTHON=${PYTHON:-python3}
DEVICE=${DEVICE:-npu}
BATCH=${BATCH:-64}
AMP=${AMP:-$([ "$DEVICE" = cpu ] && echo O0 || echo O1)}
DATA_PATH=
start_time=$(date +%s)

for argument in "$@"; do
    case $argument in
        --data_path=*) DATA_PATH=${argument#*=} ;;
        --more_path1=*) ;; # other scripts hand it on; a training does not need it
        --help | -h)
            echo "usage: $(basename "$0") [--data_path=DIR]   (the folder of ytb_vos, coco, det, vid)"
            exit 0
            ;;
        *)
            echo "error: $argument (accepted: --data_path=DIR)" >&2
            exit 2
            ;;
    esac
done

case $DEVICE in
    npu | gpu | cpu) ;;
    *)
        echo "error: DEVICE=$DEVICE (accepted: npu, gpu, cpu)" >&2
        exit 2
        ;;
esac
if [ -n "$DATA_PATH" ] && [ ! -d "$DATA_PATH" ]; then
    echo "error: --data_path=$DATA_PATH: no such folder" >&2
    exit 2
fi

# train RANKS CASE OPTION...: trains, with everything printed also in a log of the case.
train() {
    RANKS=$1 CASE=$2
    shift 2
    OUT=${OUT:-test/output/$CASE}
    mkdir -p "$OUT"
    local options=(
        "--${DEVICE}s" "$RANKS" --batch "$BATCH" --amp "$AMP" --amp-backend "${AMP_BACKEND:-native}"
        --out "$OUT" --log-every "${LOG_EVERY:-1}" --label "$CASE" --record "$OUT/records"
    )
    [ -z "$DATA_PATH" ] || options+=(--data "$DATA_PATH")
    [ -z "${CONFIG:-}" ] || options+=(--config "$CONFIG")
    [ -z "${EPOCHS:-}" ] || options+=(--epochs "$EPOCHS")
    # The last two lines are printed by report, in the case's own format.
    # shellcheck disable=SC2086 # several options in one variable
    "$PYTHON" -u -m trainers.base "${options[@]}" "$@" ${TRAIN_ARGS:-} 2>&1 |
        tee "$OUT/train_$CASE.log" |
        sed -u '/^Final Performance images\/sec : /d; /^E2E Training Duration sec : /d'
}

# report CASE FORMAT ACCURACY: prints the last lines, and writes <CASE>.log and the losses.
report() {
    E2E=$(($(date +%s) - start_time)) "$PYTHON" - "$1" "$2" "$3" "$OUT" <<'PYTHON'
import json, os, sys
from pathlib import Path

case, form, accuracy, out = sys.argv[1], sys.argv[2], sys.argv[3] == "accuracy", Path(sys.argv[4])
summary = json.loads((out / "summary.json").read_text())
losses = [json.loads(line)["loss"] for line in (out / "trace.jsonl").read_text().splitlines()]
Path(out, f"train_{case}_loss.txt").write_text("".join(f"{loss}\n" for loss in losses))
speed, batch, devices = summary["speed"], summary["device_batch"], summary["devices"]
fps = form % speed["images_per_s"] if speed else "0"
# The mean of the last lines; the port divides the sum of 201 lines by 200.
mean = summary["loss"]["mean"]
keys = {
    "Network": os.environ["NETWORK"],
    "RankSize": devices,
    "BatchSize": batch,
    "DeviceType": os.environ["DEVICE"],
    "CaseName": case,
    "ActualFPS": fps,
    "TrainingTime": "%.2f" % (1000 * speed["iteration_s"]) if speed else "0",
    **({"TrainAccuracy": "%.4f" % mean} if accuracy and mean is not None else {}),
    "ActualLoss": losses[-1] if losses else "",
    "E2ETrainingTime": os.environ["E2E"],
}
Path(out, f"{case}.log").write_text("".join(f"{key} = {value}\n" for key, value in keys.items()))
print(f"Final Performance images/sec : {fps}")
if accuracy and mean is not None:
    print(f"Final Train Accuracy : {mean:.4f}")
print(f"E2E Training Duration sec : {os.environ['E2E']}")
PYTHON
}

export NETWORK DEVICE
