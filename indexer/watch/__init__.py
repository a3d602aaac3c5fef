"""Watching a tree and listing it: what is on the disk, what changed, what is ignored, what is secret."""
