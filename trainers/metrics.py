"""How good masks are, beside the losses; nothing is learnt from it."""

from __future__ import annotations

import torch
from torch import Tensor


@torch.no_grad()
def mask_metrics(logits: Tensor, windows: Tensor, chosen: Tensor) -> dict[str, Tensor]:
    """Measure the overlap (intersection over union) of masks with what is in their windows.

    Parameters
    ----------
    logits : float tensor, shape (B, K, W, W)
        From 0 up a pixel is the target.
    windows : float tensor, shape (B, K, W, W)
        1 on the target; what is outside the search image is background.
    chosen : bool tensor, shape (B, K)
        Whether a cell counts.

    Returns
    -------
    dict of str to scalar float Tensor
        ``mask_iou_mean``, and the shares of windows with an overlap above 0.5 and 0.7,
        ``mask_iou_at_5`` and ``mask_iou_at_7``. All 0 when no cell counts. Two empty masks overlap
        by 1.

    Examples
    --------
    >>> logits = torch.tensor([[[[1.0, 0], [-1, -1]]]])
    >>> windows = torch.tensor([[[[1.0, -1], [-1, 1]]]])
    >>> metrics = mask_metrics(logits, windows, torch.tensor([[True]]))
    >>> [round(value.item(), 2) for value in metrics.values()]
    [0.33, 0.0, 0.0]
    """
    predicted, true = logits >= 0, windows == 1
    shared = (predicted & true).sum(dim=(2, 3))
    union = (predicted | true).sum(dim=(2, 3))
    precision = torch.promote_types(logits.dtype, torch.float32)
    overlaps = torch.where(union > 0, shared.to(precision) / union.clamp(min=1), 1.0)
    number = chosen.sum().clamp(min=1)
    values = {
        "mask_iou_mean": overlaps,
        "mask_iou_at_5": overlaps > 0.5,
        "mask_iou_at_7": overlaps > 0.7,
    }
    return {name: (value * chosen).sum() / number for name, value in values.items()}
