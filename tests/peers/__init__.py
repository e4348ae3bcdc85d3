"""One service through another: what students and lecturers do in the library, and students at the faculty."""
