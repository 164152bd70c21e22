"""Results that come from other tools, and results that go to the challenge's site."""
