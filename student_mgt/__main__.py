"""`python -m student_mgt`: the student service alone, on its own port."""

from configuration.server import serve_alone

if __name__ == "__main__":
    serve_alone("student")
