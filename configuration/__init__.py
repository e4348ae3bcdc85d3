"""How every service is configured and assembled; knows no service."""

import gc

# What is imported and built at a start lives until the end, so looking through it for garbage finds nothing; at
# Python's own pace that takes a quarter of the start, and again some of each request.
gc.set_threshold(50_000, 20, 20)
