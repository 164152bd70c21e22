"""Boards: which rows in which order, and what stands in their cells; `render` shows them."""
