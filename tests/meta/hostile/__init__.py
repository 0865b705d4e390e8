"""Targets that misbehave, and what runs the suite against them."""
