"""The door of ``python -m trainers.rpn``."""

from __future__ import annotations

from pathlib import Path

from trainers import cli


def train(
    config: cli.Config = None,
    npus: cli.Npus = None,
    gpus: cli.Gpus = None,
    cpus: cli.Cpus = None,
    cpu: cli.OneCpu = False,
    device: cli.Device = None,
    data: cli.DataFolder = None,
    pretrained: cli.Pretrained = None,
    weights: cli.Weights = None,
    epochs: cli.Epochs = None,
    batch: cli.BatchSize = None,
    workers: cli.Workers = None,
    steps: cli.Steps = None,
    amp: cli.AmpOption = cli.Amp.O0,
    amp_backend: cli.AmpBackendOption = cli.AmpBackend.NATIVE,
    loss_scale: cli.LossScaleOption = "128",
    seed: cli.Seed = None,
    out: cli.Out = Path("output"),
    resume: cli.Resume = "auto",
    record: cli.RecordFolder = None,
    record_host: cli.RecordHost = False,
    label: cli.Label = None,
    evaluate: cli.Evaluate = None,
    save_every: cli.SaveEvery = None,
    keep: cli.Keep = None,
    log_every: cli.LogEvery = 10,
    keep_momentum: cli.KeepMomentum = False,
    max_restarts: cli.Restarts = 0,
    pin: cli.Pin = True,
) -> None:
    """Train the tracker without masks.

    Goes on where it was stopped; Ctrl-C saves first.
    """
    cli.train("rpn", "trainers.rpn", **locals())


main = cli.door(train)

if __name__ == "__main__":
    main()
