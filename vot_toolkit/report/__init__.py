"""Reports: what people read of an analysis."""
