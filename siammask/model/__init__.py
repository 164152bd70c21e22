"""The network: variants ``rpn``, ``base`` and ``sharp``."""

from siammask.model.siamese import Output, SiamMask, Template, build
from siammask.model.variant import VARIANTS, Variant, find_variant

__all__ = ["VARIANTS", "Output", "SiamMask", "Template", "Variant", "build", "find_variant"]
