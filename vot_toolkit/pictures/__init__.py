"""Pictures of sequences: regions drawn on frames, strips of thumbnails, videos and a window."""
