"""What the revisions do, frozen: a step never changes once it has run somewhere."""
