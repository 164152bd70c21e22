"""The door of ``python -m trainers.sharp``."""

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
    base_checkpoint: cli.BaseCheckpoint = None,
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
    """Train the refinement of masks on top of a trained SiamMask-base.

    Goes on where it was stopped; Ctrl-C saves first.
    """
    cli.train("sharp", "trainers.sharp", **locals())


main = cli.door(train)

if __name__ == "__main__":
    main()
