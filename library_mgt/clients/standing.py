"""What a reader's home service says of them."""

from configuration.kit.homes import STANDING, HomesDep, HomeServices, Standing

__all__ = ["STANDING", "HomeServices", "HomesDep", "Standing"]
