"""Sites: boards, charts and records as static pages that need no network and no server."""
