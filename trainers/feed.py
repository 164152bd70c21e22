"""What the loop is fed with: batches on the device, from any step of any epoch on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from trainers.errors import PreparationError

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from trainers.config import Data, Recipe
    from trainers.data.loader import Loader
    from trainers.data.sources import Source
    from trainers.launch import Place

NAMES = {
    "labels": "label_cls",
    "deltas": "label_loc",
    "weights": "label_loc_weight",
    "masks": "label_mask",
    "mask_weights": "label_mask_weight",
}
"""What stages call the tensors of `trainers.data.batches.Inputs`."""


class Feed(Protocol):
    """Batches of one process.

    Attributes
    ----------
    steps : int
        Of an epoch.
    """

    steps: int

    def batches(self, epoch: int, step: int) -> Iterator[Any]:
        """Give the batches that are left of an epoch, in the host's memory."""

    def to_device(self, batch: Any, device: torch.device) -> Mapping[str, Tensor]:
        """Move a batch and make of it what `trainers.stages.Stage.losses` takes."""

    def faults(self) -> Mapping[str, str]:
        """Give the crops that could not be read so far, and why."""


class LoaderFeed:
    """Batches of a `Loader`.

    Parameters
    ----------
    loader : Loader
        Of this process's plan.
    """

    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        self.steps = loader.plan.steps

    def batches(self, epoch: int, step: int) -> Iterator[Any]:
        """Go there directly."""
        import torch

        from trainers.data.plan import Position

        self._loader.set_position(Position(epoch, step))
        batches = iter(self._loader)
        # torch draws a number when it begins to load; a run that goes on within an epoch begins
        # once more than one that was not interrupted.
        with torch.random.fork_rng(devices=[]):
            first = list(islice(batches, 1))
        return chain(first, batches)

    def to_device(self, batch: Any, device: torch.device) -> Mapping[str, Tensor]:
        """Move small types, and convert there."""
        from trainers.data.batches import to_inputs

        inputs = to_inputs(batch.to(device))
        found = {"template": inputs.template, "search": inputs.search}
        named = {theirs: getattr(inputs, ours) for ours, theirs in NAMES.items()}
        return found | {name: each for name, each in named.items() if each is not None}

    def faults(self) -> Mapping[str, str]:
        """Give those that the loader skipped."""
        return self._loader.skipped


def open_feed(recipe: Recipe, place: Place, *, workers: int, pin_memory: bool) -> LoaderFeed:
    """Open the data sets of a recipe.

    Parameters
    ----------
    recipe : Recipe
        With paths that can be opened from here, see `Recipe.located`.
    place : Place
        Which process this is.
    workers : int
        Processes that make samples.
    pin_memory : bool
        Whether batches lie in memory from which a device copies by itself.

    Raises
    ------
    UserError
        If a data set is missing or broken, or an epoch has not a single step.
    """
    from trainers.data.loader import Loader
    from trainers.data.order import Share, order
    from trainers.data.plan import Plan
    from trainers.data.samples import Samples

    data, training = recipe.train_datasets, recipe.training
    sources = _open_sources(data)
    shares = [Share(len(source), source.config.num_use) for source in sources]
    round_length = sum(each.videos if each.num_use is None else each.num_use for each in shares)
    num = data.num or round_length
    plan = Plan(
        order(shares, num * training.epochs, training.list_seed),
        num=num,
        batch=recipe.device_batch(place.world),
        rank=place.rank,
        world=place.world,
    )
    samples = Samples(sources, _sample_config(recipe), training.seed)
    return LoaderFeed(Loader(samples, plan, workers=workers, pin_memory=pin_memory))


def _open_sources(data: Data) -> list[Source]:
    from trainers.data.sources import SourceConfig, read_source

    sources = []
    for name, each in data.datasets.items():
        for path in (Path(each.root), Path(each.anno)):
            if not path.exists():
                what = f"data set {each.mark or name!r} is not there"
                hint = "--data DIR names the folder of all data sets; trainers.prepare makes them"
                raise PreparationError(what, file=path, hint=hint)
        config = SourceConfig(
            name=each.mark or name,
            root=Path(each.root),
            annotations=Path(each.anno),
            num_use=each.num_use,
            frame_range=each.frame_range,
            has_mask=each.has_mask,
            path_format=each.path_format,
            mask_format=each.mask_format,
        )
        sources.append(read_source(config))
    return sources


def _sample_config(recipe: Recipe) -> Any:
    from trainers.data.samples import SampleConfig
    from trainers.data.targets import Sampling
    from trainers.data.window import Augmentation

    data, target = recipe.train_datasets, recipe.train_datasets.anchor_target
    template, search = (
        Augmentation(shift=each.shift, scale=each.scale, blur=each.blur, flip=each.flip)
        for each in (data.template, data.search)
    )
    return SampleConfig(
        template_size=data.template_size,
        search_size=data.search_size,
        cells=data.cells,
        template=template,
        search=search,
        gray=data.gray,
        negative=data.neg,
        inner_negative=data.inner_neg,
        anchors=recipe.anchor_shapes,
        sampling=Sampling(
            high=target.thr_high,
            low=target.thr_low,
            positives=target.positive,
            negatives=target.negative,
            total=target.rpn_batch,
        ),
        masks=len(recipe.loss.weight) > 2 and recipe.training.stage != "rpn",
    )
