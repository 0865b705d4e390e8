"""The verdict as people and programs read it: one model, and one writer for each format."""
