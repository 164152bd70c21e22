"""Training of SiamMask on NPUs, GPUs and CPUs. Nothing of it is written yet."""
