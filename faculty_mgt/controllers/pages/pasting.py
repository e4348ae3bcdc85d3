"""A roster as it is pasted: a student's number on each line, with or without the name behind it."""

import re
from collections.abc import Callable, Sequence

from configuration.kit.peers import PeerTimeout, PeerUnavailable
from configuration.kit.web.dependencies import FieldError
from configuration.kit.web.doing import Doing, Said
from faculty_mgt.clients.students import HomeServices, name_of
from faculty_mgt.models.data.roster import Attendee
from faculty_mgt.models.request.sections import MOST_STUDENTS
from faculty_mgt.services import overview

LINE = re.compile(r"(?:student:)?([1-9][0-9]{0,17})(?:[\s,;]+(.*))?")
MOST_ASKED = 300
"""How many names are asked of the student service at once; more are written beside their numbers."""
FIELD = "students"


def pasted(text: str, say: Callable[[str], str]) -> tuple[list[Said], list[FieldError]]:
    """The students of a pasted text; every line that cannot be read is told."""
    lines, errors, seen = [], [], set()
    for place, line in enumerate(text.splitlines(), start=1):
        found = LINE.fullmatch(line.strip())
        where = f"{say('Line')} {place}: "
        if not line.strip():
            continue
        if found is None:
            errors.append(FieldError(where + say("a line begins with the number of a student."), FIELD))
        elif found[1] in seen:
            errors.append(FieldError(where + say("this number stands there twice."), FIELD))
        else:
            seen.add(found[1])
            name = re.sub(r"\s+", " ", found[2] or "").strip(" ,;")
            lines.append({"student_number": int(found[1]), "display_name": name})
    if len(lines) > MOST_STUDENTS:
        errors.append(FieldError(f"{say('Most students of a roster')}: {MOST_STUDENTS}", FIELD))
    return lines, errors[:20]


async def named(doing: Doing, lines: list[Said], students: HomeServices) -> tuple[list[Said], list[FieldError]]:
    """The students with their names: as written, as on an earlier roster, or as the student service knows them."""
    unnamed = [line["student_number"] for line in lines if not line["display_name"]]
    names = await doing.db.read(overview.known_names, unnamed)
    asked = [number for number in unnamed if number not in names]
    errors = []
    try:
        for number in asked[:MOST_ASKED]:
            name = await name_of(students, number)
            if name is None:
                told = doing.say("the student service knows nobody of this number.")
                errors.append(FieldError(f"{number}: {told}", FIELD))
            else:
                names[number] = name
    except (PeerTimeout, PeerUnavailable):
        told = doing.say("The student service does not answer now. Write the names behind the numbers, or try later.")
        return lines, [FieldError(told, FIELD)]
    if len(asked) > MOST_ASKED:
        errors.append(FieldError(doing.say("So many names at once cannot be asked for; write some beside."), FIELD))
    whole = [{**line, "display_name": line["display_name"] or names.get(line["student_number"])} for line in lines]
    return whole, errors[:20]


def written(students: Sequence[Attendee]) -> str:
    """A roster as it could be pasted."""
    return "\n".join(f"{one.student_number} {one.display_name}" for one in students)
