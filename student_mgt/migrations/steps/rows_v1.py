"""The rows a student service starts with: the book's twenty majors and its four levels."""

import sqlalchemy as sa
from alembic import op

_MAJORS = {
    "CS": "Computer Science", "IT": "Information Technology", "Math": "Mathematics", "Chem": "Chemistry",
    "Agri": "Agriculture", "AgChem": "Agricultural Chemistry", "Phy": "Physics", "Stat": "Statistics",
    "CommArts": "Communication Arts", "FArts": "Fine Arts", "Archi": "Architecture", "Kinetics": "Human Kinetics",
    "Physio": "Physiology", "Psych": "Psychology", "Hist": "History", "Archeo": "Archeology",
    "ChemEng": "Chemical Engineering", "EEng": "Electrical Engineering", "BioChem": "BioChemistry",
    "MathEduc": "Math Education",
}  # fmt: skip
_LEVELS = ("Freshman", "Sophomore", "Junior", "Senior")


def insert() -> None:
    """Insert the rows."""
    major = sa.table("major", *(sa.column(name) for name in ("code", "name", "retired")))
    op.bulk_insert(major, [{"code": code, "name": name, "retired": False} for code, name in _MAJORS.items()])
    level = sa.table("level", sa.column("name"), sa.column("rank"))
    op.bulk_insert(level, [{"name": name, "rank": rank} for rank, name in enumerate(_LEVELS, start=1)])
