"""What the database itself does beyond keys and checks: claims on copies, the append-only journal, the search.

On PostgreSQL a trigger's delete and insert meet other transactions at the keys of `copy_claim`, which make the later
one wait and then fail: no lock is needed for the guarantee.
"""

from alembic import op

# ruff: noqa: S608 - the words put into these statements are the constants below

_LIVE = "('ON_LOAN', 'CLAIMED_RETURNED', 'LOST')"
_ASSIGNED = "('ALLOCATED', 'READY')"
_HOLDERS = (("loan", "loan_id", _LIVE), ("request", "request_id", _ASSIGNED))


def create() -> None:
    """Create triggers and what searching needs."""
    if op.get_bind().dialect.name == "postgresql":
        for table, holder, states in _HOLDERS:
            _claims_on_postgresql(table, holder, states)
        _journal_on_postgresql()
        _search_on_postgresql()
        return
    for table, holder, states in _HOLDERS:
        _claims_on_sqlite(table, holder, states)
    _journal_on_sqlite()
    _search_on_sqlite()


def _claims_on_postgresql(table: str, holder: str, states: str) -> None:
    op.execute(
        f"""
        CREATE FUNCTION {table}_claims_copy() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP <> 'INSERT' AND OLD.state IN {states} THEN
                DELETE FROM copy_claim WHERE copy_id = OLD.copy_id AND {holder} = OLD.id;
            END IF;
            IF TG_OP <> 'DELETE' AND NEW.state IN {states} THEN
                INSERT INTO copy_claim (copy_id, copy_status, {holder})
                SELECT id, status, NEW.id FROM copy WHERE id = NEW.copy_id;
            END IF;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        f"CREATE TRIGGER {table}_claims_copy AFTER INSERT OR DELETE OR UPDATE OF state, copy_id ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_claims_copy()"
    )


def _claims_on_sqlite(table: str, holder: str, states: str) -> None:
    # The words are this module's own.
    release = f"DELETE FROM copy_claim WHERE copy_id = OLD.copy_id AND {holder} = OLD.id AND OLD.state IN {states};"
    claim = (
        f"INSERT INTO copy_claim (copy_id, copy_status, {holder}) "
        f"SELECT id, status, NEW.id FROM copy WHERE id = NEW.copy_id AND NEW.state IN {states};"
    )
    op.execute(f"CREATE TRIGGER {table}_claims_copy_insert AFTER INSERT ON {table} BEGIN {claim} END")
    op.execute(
        f"CREATE TRIGGER {table}_claims_copy_update AFTER UPDATE OF state, copy_id ON {table} "
        f"BEGIN {release} {claim} END"
    )
    op.execute(f"CREATE TRIGGER {table}_claims_copy_delete AFTER DELETE ON {table} BEGIN {release} END")


def _journal_on_postgresql() -> None:
    op.execute(
        """
        CREATE FUNCTION circulation_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'circulation_event is append-only' USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER circulation_event_is_append_only BEFORE UPDATE OR DELETE ON circulation_event "
        "FOR EACH ROW EXECUTE FUNCTION circulation_event_is_append_only()"
    )


def _journal_on_sqlite() -> None:
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER circulation_event_no_{act.lower()} BEFORE {act} ON circulation_event "
            "BEGIN SELECT RAISE(ABORT, 'circulation_event is append-only'); END"
        )


def _search_on_postgresql() -> None:
    """A search whose plan is made for the words that are asked for.

    PostgreSQL can walk the titles in order until a page is full, or look the words up; which is better depends on how
    frequent they are. One plan for all words would always walk, over the whole catalogue where a word is rare.
    """
    # The planner then knows how frequent the ten thousand most frequent words are, and not only a thousand.
    op.execute("ALTER TABLE title_search ALTER COLUMN words SET STATISTICS 1000")
    op.execute(
        """
        CREATE FUNCTION title_ids_with_words(wanted text, after bigint, most integer) RETURNS SETOF bigint
        LANGUAGE plpgsql STABLE ROWS 50 AS $$
        BEGIN
            RETURN QUERY EXECUTE
                'SELECT title_id FROM title_search WHERE words @@ CAST($1 AS tsquery) AND title_id > $2 '
                'ORDER BY title_id LIMIT $3'
            USING wanted, after, most;
        END $$
        """
    )


def _search_on_sqlite() -> None:
    """FTS5 over the words that `domain.words` made; its `ascii` tokeniser parts them at spaces and does no more."""
    op.execute(
        "CREATE VIRTUAL TABLE title_fts USING fts5(words, content='title_search', content_rowid='title_id', "
        "tokenize='ascii', prefix='2 3')"
    )
    add = "INSERT INTO title_fts (rowid, words) VALUES (NEW.title_id, NEW.words);"
    remove = "INSERT INTO title_fts (title_fts, rowid, words) VALUES ('delete', OLD.title_id, OLD.words);"
    op.execute(f"CREATE TRIGGER title_search_insert AFTER INSERT ON title_search BEGIN {add} END")
    op.execute(f"CREATE TRIGGER title_search_delete AFTER DELETE ON title_search BEGIN {remove} END")
    op.execute(f"CREATE TRIGGER title_search_update AFTER UPDATE OF words ON title_search BEGIN {remove} {add} END")
