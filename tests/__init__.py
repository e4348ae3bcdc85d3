"""Tests, shaped like the packages they test."""
