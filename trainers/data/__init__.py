"""Training data: from prepared crops to batches.

The way of a sample: `order` says which video is next, `plan` which device and step it is for,
`pairs` chooses two crops of it, `draws` holds all that chance decides about them, `crops` (or
`packed`) reads the part of them that is needed, `augment` and `targets` turn draws into arrays,
`samples` puts these together, `loader` does all this in several processes, and `batches` takes the
last steps on the device. `reference` is the definition, in plain steps.
"""
