"""Long work in chunks: leased, resumable by any worker after a crash, with a verdict per row."""
