"""Everything but the contract itself: what is run, what it runs on, and what tests that."""
