"""Rendered videos: objects cut from photographs, and drawn ones, moved over other pictures."""
