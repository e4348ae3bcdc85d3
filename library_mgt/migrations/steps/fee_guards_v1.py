"""What the database itself forbids of money: a ledger that is rewritten, a charge paid twice, a till that opens again.

The allocations' trigger locks the charge before it counts, so that two payments at one moment cannot both fit: on
PostgreSQL each statement of a trigger sees what was committed while it waited.
"""

from alembic import op

# ruff: noqa: S608 - the words put into these statements are the constants below

_KEPT = (
    "id", "kind", "amount_minor", "made_by", "method", "till", "till_session_id", "receipt_number",
)  # fmt: skip
_FORGOTTEN = (
    "OLD.receipt_number IS NULL AND NEW.loan_id IS NULL AND NEW.facts IS NULL AND NEW.at <= OLD.at AND "
    "(OLD.reason IS NULL) = (NEW.reason IS NULL) AND COALESCE(NEW.reason, '') = ''"
)
_SAME = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in ("loan_id", "reason", "facts", "at"))
_APPEND_ONLY = ("fee_allocation", "till_count")


def create() -> None:
    """Create the triggers."""
    if op.get_bind().dialect.name == "postgresql":
        _on_postgresql()
    else:
        _on_sqlite()


def _refused(table: str) -> str:
    return f"{table} is append-only"


def _on_postgresql() -> None:
    for table in _APPEND_ONLY:
        _trigger(table, "is_append_only", "UPDATE OR DELETE", _raise(_refused(table)))
    kept = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _KEPT)
    _trigger(
        "fee_line",
        "is_append_only",
        "UPDATE OR DELETE",
        f"IF TG_OP = 'DELETE' THEN {_raise(_refused('fee_line'))} END IF; "
        f"IF {kept} OR NOT (({_SAME}) OR ({_FORGOTTEN})) THEN {_raise(_refused('fee_line'))} END IF; RETURN NEW;",
    )
    _trigger(
        "fee_line",
        "is_of_an_open_till",
        "INSERT",
        "IF NEW.till_session_id IS NOT NULL THEN "
        "PERFORM 1 FROM till_session WHERE id = NEW.till_session_id AND closed_at IS NULL FOR SHARE; "
        f"IF NOT FOUND THEN {_raise('the till is closed')} END IF; END IF; RETURN NEW;",
    )
    _trigger(
        "fee_allocation",
        "fits_the_charge",
        "INSERT",
        "PERFORM 1 FROM fee_line WHERE id = NEW.charge_id FOR UPDATE; "
        f"IF {_does_not_fit()} THEN {_raise('more than is open, or was paid')} END IF; RETURN NEW;",
    )
    _trigger(
        "till_session",
        "closes_once",
        "UPDATE OR DELETE",
        f"IF OLD.closed_at IS NOT NULL OR TG_OP = 'DELETE' THEN {_raise('a till is closed once')} END IF; RETURN NEW;",
    )


def _raise(message: str) -> str:
    return f"RAISE EXCEPTION '{message}' USING ERRCODE = 'restrict_violation';"


def _trigger(table: str, name: str, acts: str, body: str) -> None:
    op.execute(
        f"CREATE FUNCTION {table}_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
    )
    op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {acts} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_{name}()")


def _does_not_fit() -> str:
    """With the new row, what is open of a charge would leave its bounds, or what was paid for it fall below nothing.

    It is about a charge, and in the direction of its own line.
    """
    others = "SELECT SUM(amount_minor) FROM fee_allocation WHERE charge_id = NEW.charge_id"
    paid = (
        "SELECT SUM(a.amount_minor) FROM fee_allocation a JOIN fee_line l ON l.id = a.line_id "
        "WHERE a.charge_id = NEW.charge_id AND l.kind IN ('PAYMENT', 'REFUND')"
    )
    is_refund = "(SELECT kind FROM fee_line WHERE id = NEW.line_id) = 'REFUND'"
    total = "(SELECT amount_minor FROM fee_line WHERE id = NEW.charge_id)"
    return (
        f"COALESCE(({others}), 0) + NEW.amount_minor + {total} < 0 OR COALESCE(({others}), 0) + NEW.amount_minor > 0 "
        f"OR ({is_refund} AND COALESCE(({paid}), 0) + NEW.amount_minor > 0) "
        "OR (NEW.amount_minor > 0) <> (SELECT amount_minor > 0 FROM fee_line WHERE id = NEW.line_id) "
        "OR (SELECT kind NOT IN ('OVERDUE', 'LOST', 'DAMAGE') FROM fee_line WHERE id = NEW.charge_id)"
    )


def _on_sqlite() -> None:
    for table in _APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            _abort(table, f"no_{act.lower()}", act, _refused(table))
    _abort("fee_line", "no_delete", "DELETE", _refused("fee_line"))
    kept = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _KEPT)
    same = _SAME.replace("IS NOT DISTINCT FROM", "IS")
    _abort("fee_line", "no_update", "UPDATE", _refused("fee_line"), when=f"{kept} OR NOT (({same}) OR ({_FORGOTTEN}))")
    closed = "EXISTS (SELECT 1 FROM till_session WHERE id = NEW.till_session_id AND closed_at IS NOT NULL)"
    _abort("fee_line", "is_of_an_open_till", "INSERT", "the till is closed", when=closed)
    _abort("fee_allocation", "fits_the_charge", "INSERT", "more than is open, or was paid", when=_does_not_fit())
    _abort("till_session", "no_delete", "DELETE", "a till is closed once")
    _abort("till_session", "closes_once", "UPDATE", "a till is closed once", when="OLD.closed_at IS NOT NULL")


def _abort(table: str, name: str, act: str, message: str, *, when: str = "") -> None:
    condition = f"WHEN {when} " if when else ""
    op.execute(
        f"CREATE TRIGGER {table}_{name} BEFORE {act} ON {table} {condition}BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )
