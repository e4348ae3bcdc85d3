"""What lies on the hold shelf for nobody: a copy whose request was ready and is not any more, until it is scanned."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create the table, and the triggers that fill it."""
    op.create_table(
        "shelf_leftover",
        sa.Column("copy_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("request_id", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["copy_id"], ["copy.id"], name=op.f("fk_shelf_leftover_copy_id_copy"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_shelf_leftover_request_id_request")),
        sa.PrimaryKeyConstraint("copy_id", name=op.f("pk_shelf_leftover")),
    )
    op.create_index("ix_shelf_leftover_request_id", "shelf_leftover", ["request_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        _on_postgresql()
    else:
        _on_sqlite()


def _on_postgresql() -> None:
    op.execute(
        """
        CREATE FUNCTION request_leaves_shelf() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.state = 'READY' AND (NEW.state <> 'READY' OR NEW.copy_id <> OLD.copy_id) THEN
                INSERT INTO shelf_leftover (copy_id, request_id) VALUES (OLD.copy_id, OLD.id)
                ON CONFLICT (copy_id) DO UPDATE SET request_id = EXCLUDED.request_id;
            END IF;
            IF NEW.state = 'READY' THEN
                DELETE FROM shelf_leftover WHERE copy_id = NEW.copy_id;
            END IF;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION loan_empties_shelf() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            DELETE FROM shelf_leftover WHERE copy_id = NEW.copy_id;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER request_leaves_shelf AFTER UPDATE OF state, copy_id ON request "
        "FOR EACH ROW EXECUTE FUNCTION request_leaves_shelf()"
    )
    op.execute(
        "CREATE TRIGGER loan_empties_shelf AFTER INSERT ON loan FOR EACH ROW EXECUTE FUNCTION loan_empties_shelf()"
    )


def _on_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER request_leaves_shelf AFTER UPDATE OF state, copy_id ON request "
        "WHEN OLD.state = 'READY' AND (NEW.state <> 'READY' OR NEW.copy_id <> OLD.copy_id) "
        "BEGIN INSERT OR REPLACE INTO shelf_leftover (copy_id, request_id) VALUES (OLD.copy_id, OLD.id); END"
    )
    op.execute(
        "CREATE TRIGGER request_fills_shelf AFTER UPDATE OF state, copy_id ON request WHEN NEW.state = 'READY' "
        "BEGIN DELETE FROM shelf_leftover WHERE copy_id = NEW.copy_id; END"
    )
    op.execute(
        "CREATE TRIGGER loan_empties_shelf AFTER INSERT ON loan "
        "BEGIN DELETE FROM shelf_leftover WHERE copy_id = NEW.copy_id; END"
    )
