"""`python -m faculty_mgt`: the faculty service alone, on its own port."""

from configuration.server import serve_alone

if __name__ == "__main__":
    serve_alone("faculty")
