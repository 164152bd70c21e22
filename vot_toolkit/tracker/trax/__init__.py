"""Trackers in programs of their own that speak TraX, the Visual Tracking eXchange protocol.

This is the protocol's client; the tracker's program is, in its words, the server. Nothing but text
lines goes over the program's standard input and output.

The library of the protocol's authors, vot-trax 4.0.2, is not used here: its client takes a program
that dies in its first message for one that answers "unknown" ever after; it waits without a limit,
for a greeting as for a reply; an empty region, or a mask with a negative or a very large side, is a
segmentation fault of the process that reads it; and its wheels are for x86-64 Linux alone. Programs
that use its server are what this client is tested with.

References
----------
L. Čehovin, "TraX: The visual Tracking eXchange protocol and library", Neurocomputing 260, 2017;
the protocol's specification at https://trax.readthedocs.io, version 4 as that library speaks it.
"""
