"""Training of SiamMask on NPUs, GPUs and CPUs: data preparation, recipes, and one command."""
