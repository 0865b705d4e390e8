"""Hands over to the plugin of the suite."""

pytest_plugins = ["tests.harness.plugin"]
