"""The rows a faculty service starts with: the book's twenty majors."""

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


def insert() -> None:
    """Insert the rows."""
    major = sa.table("major", *(sa.column(name) for name in ("code", "name", "retired")))
    op.bulk_insert(major, [{"code": code, "name": name, "retired": False} for code, name in _MAJORS.items()])
