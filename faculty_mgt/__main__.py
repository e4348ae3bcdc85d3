"""`python -m faculty_mgt`: the faculty service alone, on its own port; the options are those of `erp serve`."""

from configuration.commands import serve_alone
from faculty_mgt.commands import PART

if __name__ == "__main__":
    serve_alone(PART)
