"""Pages for people: one shell shared by the services, rendered on the server, working without scripts."""

from configuration.kit.web.pages import Pages
from configuration.kit.web.site import MenuItem, Place, Site, marked

__all__ = ["MenuItem", "Pages", "Place", "Site", "marked"]
