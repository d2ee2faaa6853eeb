"""What `make bench` measures; docs/PERFORMANCE.md says what it should be."""
