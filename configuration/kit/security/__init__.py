"""Who is calling, how that is proved, and what they may do."""
