"""Readers over HTTP: cards, blocks, groups, memberships and records that become one."""

from tests.library_mgt.controllers.conftest import Desk
from tests.library_mgt.controllers.test_fees_http import told


async def two_readers(desk: Desk) -> None:
    """Both students become readers, 1 and 2."""
    await desk.book(1)
    for who in (desk.student, desk.other):
        answer = await desk.call(who, "POST", "/requests", {"title_id": 1})
        assert answer.status_code == 201, answer.text


class TestCards:
    async def test_given_lost_replaced_and_each_scan_answered(self, desk: Desk) -> None:
        await two_readers(desk)
        await told(desk, desk.assistant, "POST", "/patrons/1/cards", {"number": "K-1"})

        lost = await told(desk, desk.assistant, "PATCH", "/patrons/1/cards/K-1", {"state": "lost"})
        new = await told(desk, desk.assistant, "POST", "/patrons/1/cards/K-1/replace", {"number": "K-2"})
        scanned = await told(desk, desk.assistant, "POST", "/loans", {"patron": "K-1", "barcode": "C000000018"})

        assert lost[1]["cards"][0]["state"] == "lost"
        assert [card["replaced_by"] for card in new[1]["cards"]] == ["K-2", None]
        assert (scanned[0], scanned[1]["code"]) == (409, "CARD_OUT_OF_USE")
        assert "replaced by K-2" in scanned[1]["detail"]


class TestRecords:
    async def test_blocks_groups_and_memberships(self, desk: Desk) -> None:
        await two_readers(desk)
        block = {"blocked": True, "reason": "Wet books", "until": "2999-12-31"}

        blocked = await told(desk, desk.librarian, "POST", "/patrons/1/block", block)
        number = blocked[1]["blocks"][0]["id"]
        found = await told(desk, desk.assistant, "GET", f"/patrons?q={desk.student.actor.person}")
        lifted = await told(desk, desk.librarian, "POST", f"/patrons/1/blocks/{number}/lift", {"reason": "Dried"})
        moved = await told(desk, desk.librarian, "POST", "/patrons/1/group", {"group": "faculty", "reason": "Teaches"})
        extended = await told(desk, desk.librarian, "POST", "/patrons/1/extend", {"until": "2999-12-31"})

        assert found[1]["items"][0]["blocked_until"] == "2999-12-31"
        assert (lifted[1]["blocked"], lifted[1]["blocks"]) == (False, [])
        assert moved[1]["group"] == "faculty"
        assert (extended[0], extended[1]["code"]) == (409, "NOT_LOCAL")

    async def test_what_collides_is_told_and_then_two_are_one(self, desk: Desk) -> None:
        await two_readers(desk)
        join = {"other": 2, "reason": "One human, two numbers"}

        collides = await told(desk, desk.librarian, "POST", "/patrons/1/join", join)
        await desk.call(desk.other, "POST", "/requests/2/cancel")
        joined = await told(desk, desk.librarian, "POST", "/patrons/1/join", join)
        gone = await told(desk, desk.assistant, "GET", "/patrons/2")
        mine = await told(desk, desk.other, "GET", "/patrons/me")

        assert (collides[0], collides[1]["code"]) == (409, "JOIN_COLLIDES")
        assert len(joined[1]["persons"]) == 2
        assert gone[0] == 404
        assert mine[1]["id"] == 1
        assert await desk.broken() == []
