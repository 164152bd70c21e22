"""Charts of trainings: Altair definitions as `vot_toolkit.report.charts` has them of trackers."""
