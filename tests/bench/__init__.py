"""Measures; nothing here is a test."""
