"""Published results, each with its source; none of them was measured here."""
