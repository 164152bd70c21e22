"""Running trackers: jobs, the engines that work on them, and the folder that keeps the results."""
