"""SiamMask: the model and the tracker. Nothing of it is written yet."""
