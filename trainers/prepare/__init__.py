"""Preparation of training data: data sets as they are downloaded become crops and one JSON."""
