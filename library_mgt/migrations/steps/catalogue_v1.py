"""Titles, copies and what belongs to them."""

import sqlalchemy as sa
from alembic import op

from configuration.kit.database import Instant, id_column
from configuration.kit.database.steps import create_index_where
from library_mgt.models.data.words import Words


def create() -> None:
    """Create the tables."""
    _title()
    _title_contributor()
    _title_identifier()
    _title_classification()
    _title_subject()
    _title_marc()
    _title_search()
    _copy()
    _copy_barcode()


def _title() -> None:
    op.create_table(
        "title",
        id_column(),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("number", sa.BigInteger),
        sa.Column("external_id", sa.Text),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("subtitle", sa.Text),
        sa.Column("sort_key", sa.Text, nullable=False),
        sa.Column("match_key", sa.Text, nullable=False),
        sa.Column("publisher", sa.Text),
        sa.Column("year", sa.Integer),
        sa.Column("edition", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("material_type", sa.Text, nullable=False),
        sa.Column("import_job", sa.BigInteger),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_title_title_given")),
        sa.ForeignKeyConstraint(
            ["material_type"], ["material_type.code"], name=op.f("fk_title_material_type_material_type")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_title")),
        sa.UniqueConstraint("external_id", name=op.f("uq_title_external_id")),
        sa.UniqueConstraint("number", name=op.f("uq_title_number")),
    )
    op.create_index("ix_title_import_job", "title", ["import_job"], unique=False)
    op.create_index("ix_title_match_key", "title", ["match_key"], unique=False)
    op.create_index("ix_title_sort_key", "title", ["sort_key", "id"], unique=False)


def _title_contributor() -> None:
    op.create_table(
        "title_contributor",
        sa.Column("title_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["title_id"], ["title.id"], name=op.f("fk_title_contributor_title_id_title"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("title_id", "position", name=op.f("pk_title_contributor")),
    )


def _title_identifier() -> None:
    op.create_table(
        "title_identifier",
        sa.Column("title_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("scheme", sa.Text, nullable=False),
        sa.Column("raw", sa.Text, nullable=False),
        sa.Column("normalised", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("qualifier", sa.Text),
        sa.CheckConstraint(
            "(normalised IS NOT NULL) = (state IN ('valid', 'padded'))",
            name=op.f("ck_title_identifier_normalised_if_valid"),
        ),
        sa.CheckConstraint("state IN ('valid', 'padded', 'broken', 'lossy')", name=op.f("ck_title_identifier_state")),
        sa.ForeignKeyConstraint(
            ["title_id"], ["title.id"], name=op.f("fk_title_identifier_title_id_title"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("title_id", "position", name=op.f("pk_title_identifier")),
    )
    op.create_index("ix_title_identifier_normalised", "title_identifier", ["normalised", "title_id"], unique=False)


def _title_classification() -> None:
    op.create_table(
        "title_classification",
        sa.Column("title_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("classification_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["classification_id"],
            ["classification.id"],
            name=op.f("fk_title_classification_classification_id_classification"),
        ),
        sa.ForeignKeyConstraint(
            ["title_id"], ["title.id"], name=op.f("fk_title_classification_title_id_title"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("title_id", "classification_id", name=op.f("pk_title_classification")),
    )
    op.create_index(
        "ix_title_classification_classification_id",
        "title_classification",
        ["classification_id", "title_id"],
        unique=False,
    )


def _title_subject() -> None:
    op.create_table(
        "title_subject",
        sa.Column("title_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["title_id"], ["title.id"], name=op.f("fk_title_subject_title_id_title"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("title_id", "position", name=op.f("pk_title_subject")),
    )


def _title_marc() -> None:
    op.create_table(
        "title_marc",
        sa.Column("title_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["title_id"], ["title.id"], name=op.f("fk_title_marc_title_id_title"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("title_id", name=op.f("pk_title_marc")),
    )


def _title_search() -> None:
    op.create_table(
        "title_search",
        sa.Column("title_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("words", Words, nullable=False),
        sa.ForeignKeyConstraint(
            ["title_id"], ["title.id"], name=op.f("fk_title_search_title_id_title"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("title_id", name=op.f("pk_title_search")),
    )
    op.create_index(
        "ix_title_search_words",
        "title_search",
        ["words"],
        unique=False,
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
        sqlite_where=sa.text("0"),
    )


def _copy() -> None:
    op.create_table(
        "copy",
        id_column(),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("title_id", sa.BigInteger, nullable=False),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("call_number", sa.Text),
        sa.Column("location", sa.Text, nullable=False),
        sa.Column("item_type", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("price_minor", sa.BigInteger),
        sa.Column("external_id", sa.Text),
        sa.Column("import_job", sa.BigInteger),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.CheckConstraint(
            "status IN ('IN_SERVICE', 'IN_REPAIR', 'MISSING', 'LOST', 'WITHDRAWN', 'ON_ORDER', 'REFERENCE_ONLY')",
            name=op.f("ck_copy_status"),
        ),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_copy_price_not_negative")),
        sa.ForeignKeyConstraint(["item_type"], ["item_type.code"], name=op.f("fk_copy_item_type_item_type")),
        sa.ForeignKeyConstraint(["location"], ["location.code"], name=op.f("fk_copy_location_location")),
        sa.ForeignKeyConstraint(["title_id"], ["title.id"], name=op.f("fk_copy_title_id_title")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy")),
        sa.UniqueConstraint("external_id", name=op.f("uq_copy_external_id")),
        sa.UniqueConstraint("id", "status", name=op.f("uq_copy_id_status")),
    )
    op.create_index("ix_copy_import_job", "copy", ["import_job"], unique=False)
    op.create_index("ix_copy_title_id_part", "copy", ["title_id", "part", "status"], unique=False)


def _copy_barcode() -> None:
    op.create_table(
        "copy_barcode",
        sa.Column("barcode", sa.Text, nullable=False),
        sa.Column("copy_id", sa.BigInteger, nullable=False),
        sa.Column("in_use", sa.Boolean, nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["copy_id"], ["copy.id"], name=op.f("fk_copy_barcode_copy_id_copy"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("barcode", name=op.f("pk_copy_barcode")),
    )
    op.create_index("ix_copy_barcode_copy_id", "copy_barcode", ["copy_id"], unique=False)
    create_index_where("uq_copy_barcode_in_use", "copy_barcode", ["copy_id"], "in_use")
