"""How every service is configured and assembled; knows no service."""
