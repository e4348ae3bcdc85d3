"""`python -m library_mgt`: the library service alone, on its own port; the options are those of `erp serve`."""

from configuration.commands import serve_alone
from library_mgt.commands import PART

if __name__ == "__main__":
    serve_alone(PART)
