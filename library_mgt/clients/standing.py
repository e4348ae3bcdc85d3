"""What a reader's home service says of them."""

from configuration.kit.homes import ADDRESS, STANDING, HomesDep, HomeServices, Standing

__all__ = ["ADDRESS", "STANDING", "HomeServices", "HomesDep", "Standing"]
