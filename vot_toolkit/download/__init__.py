"""Download of data sets that have the VOT challenges' ``description.json``."""
