"""`python -m student_mgt`: the student service alone, on its own port; the options are those of `erp serve`."""

from configuration.commands import serve_alone
from student_mgt.commands import PART

if __name__ == "__main__":
    serve_alone(PART)
