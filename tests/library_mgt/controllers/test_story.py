"""A real loan of a real book, over HTTP."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from configuration.kit.database import Statement
from configuration.kit.features import jobs
from library_mgt.models.data.patrons import patron
from tests.library_mgt.controllers.conftest import Desk


class TestStory:
    async def test_a_title_goes_from_the_catalogue_to_a_reader_and_on_to_the_next(self, desk: Desk) -> None:
        title = (
            await desk.call(
                desk.librarian,
                "POST",
                "/titles",
                {"title": "Dune", "contributors": [{"name": "Frank Herbert"}], "isbns": ["0441172717"]},
            )
        ).json()
        copy = (await desk.call(desk.librarian, "POST", f"/titles/{title['id']}/copies", {"barcode": "D-1"})).json()

        [found] = (await desk.call(None, "GET", "/titles?q=dune+herb*")).json()["items"]
        first = await desk.call(desk.student, "POST", "/requests", {"title_id": found["id"]})
        second = await desk.call(desk.other, "POST", "/requests", {"title_id": found["id"]})
        for wish in (first, second):
            answer = await desk.call(desk.librarian, "POST", f"/requests/{wish.json()['id']}/approve")
            assert answer.status_code == 200, answer.text
        lent = await desk.call(
            desk.assistant, "POST", "/loans", {"patron": desk.student.actor.person, "barcode": copy["barcode"]}
        )
        [mine] = (await desk.call(desk.student, "GET", "/loans/mine")).json()["items"]
        announced = await desk.call(desk.student, "POST", f"/loans/{mine['id']}/announce-return")
        back = await desk.call(desk.assistant, "POST", "/returns", {"barcode": "d-1"})
        [waiting] = (await desk.call(desk.other, "GET", "/requests/mine")).json()["items"]

        assert (lent.status_code, lent.json()["request_id"]) == (201, first.json()["id"])
        assert announced.json()["state"] == "ON_LOAN"
        assert (back.json()["outcome"], back.json()["request"]["id"]) == ("RETURNED", second.json()["id"])
        assert waiting["state"] == "READY"
        assert "patron_id" not in mine
        assert await desk.broken() == []

    async def test_a_reader_renews_and_the_desk_overrules_what_stands_against_it(self, desk: Desk) -> None:
        await desk.book(7, barcode="X1")
        lend = {"patron": desk.student.actor.person, "barcode": "X1"}
        loan = (await desk.call(desk.assistant, "POST", "/loans", lend)).json()
        renew = f"/loans/{loan['id']}/renew"

        renewed = await desk.call(desk.student, "POST", renew)
        await desk.call(desk.other, "POST", "/requests", {"book_id": 7})
        wanted = await desk.call(desk.student, "POST", renew)
        override = {"override": {"codes": ["RENEWAL_REQUESTED"], "reason": "She is ill"}}
        own = await desk.call(desk.student, "POST", renew, override)
        overruled = await desk.call(desk.librarian, "POST", renew, override)
        over = await desk.call(desk.librarian, "POST", renew)
        hers = await desk.call(desk.other, "POST", renew)

        assert (renewed.status_code, renewed.headers["etag"]) == (200, '"2"')
        assert renewed.json()["due_at"] > loan["due_at"]
        told = wanted.json()
        assert (wanted.status_code, told["code"], told["errors"][0]["override"]) == (
            422, "RENEWAL_REQUESTED", "librarian",
        )  # fmt: skip
        assert (own.status_code, own.json()["code"]) == (403, "OVERRIDE_FORBIDDEN")
        assert (overruled.status_code, overruled.json()["renewals"]) == (200, 2)
        assert {one["code"] for one in over.json()["errors"]} == {"RENEWAL_LIMIT", "RENEWAL_REQUESTED"}
        assert (hers.status_code, hers.json()["code"]) == (404, "LOAN_NOT_FOUND")
        assert ("renewals.renew", f"loan:{loan['id']}") in await desk.audited("refused")
        assert await desk.broken() == []

    async def test_a_reader_nobody_has_seen_is_looked_up_at_home_when_lending(self, desk: Desk) -> None:
        book = await desk.book(7, barcode="X1")
        number = desk.student.account.person_no

        lent = await desk.call(desk.assistant, "POST", "/loans", {"patron": str(number), "barcode": "X1"})
        unknown = await desk.call(desk.assistant, "POST", "/loans", {"patron": "student:999999", "barcode": "X1"})

        assert lent.status_code == 201, lent.text
        assert (lent.json()["person"], lent.json()["title"]) == (f"student:{number}", book["title"])
        assert unknown.json()["code"] == "PATRON_NOT_FOUND"

    async def test_the_desk_finds_readers_it_has_never_seen(self, desk: Desk) -> None:
        [found] = (await desk.call(desk.assistant, "GET", f"/patrons?q={desk.student.actor.person}")).json()["items"]
        nobody = await desk.call(desk.assistant, "GET", "/patrons?q=nobody")

        assert (found["person"], found["id"]) == (desk.student.actor.person, None)
        assert nobody.json() == {"items": []}

    async def test_what_is_over_ends_by_itself(self, desk: Desk) -> None:
        await desk.book(1)
        wish = (await desk.call(desk.student, "POST", "/requests", {"book_id": 1})).json()
        await desk.call(desk.librarian, "POST", f"/requests/{wish['id']}/approve")
        copy = (await desk.call(None, "GET", "/titles/number:1")).json()["copies"][0]
        await desk.call(desk.assistant, "POST", "/returns", {"barcode": copy["barcode"]})
        app = desk.erp.app("library")
        now = app.state.clock()
        app.state.clock = lambda: now + timedelta(days=9)

        state, zone = app.state, app.state.settings.zone_info
        jobs.run_now(state.database, state.tasks, "expire-requests", clock=state.clock, zone=zone)

        app.state.clock = lambda: now
        assert (await desk.call(desk.student, "GET", f"/requests/{wish['id']}")).json()["state"] == "EXPIRED"
        assert await desk.broken() == []

    async def test_others_requests_and_loans_are_as_absent(self, desk: Desk) -> None:
        await desk.book(1, barcode="X1")
        lend = {"patron": desk.student.actor.person, "barcode": "X1"}
        loan = (await desk.call(desk.assistant, "POST", "/loans", lend)).json()

        seen = [
            (await desk.call(who, "GET", f"/loans/{loan['id']}")).status_code
            for who in (desk.student, desk.assistant, desk.other)
        ]

        assert seen == [200, 200, 404]

    async def test_a_preview_asks_home_when_the_standing_is_old(self, desk: Desk) -> None:
        await desk.book(1, barcode="X1")
        lend = {"patron": desk.student.actor.person, "barcode": "X1"}
        await desk.call(desk.assistant, "POST", "/loans/preview", lend)
        old = update(patron).values(as_of=datetime(2020, 1, 1, tzinfo=UTC))
        await desk.erp.app("library").state.database.write(lambda tx: tx.run(Statement(old)))

        preview = await desk.call(desk.assistant, "POST", "/loans/preview", lend)

        assert preview.json()["blockers"] == []

    async def test_the_desk_may_insist_on_a_request(self, desk: Desk) -> None:
        await desk.book(1, barcode="X1")
        lend = {"patron": desk.student.actor.person, "barcode": "X1", "request": 99}

        refused = await desk.call(desk.assistant, "POST", "/loans", lend)

        assert (refused.status_code, refused.json()["code"]) == (422, "REQUEST_DOES_NOT_FIT")

    async def test_a_repeated_request_with_its_key_has_one_effect(self, desk: Desk) -> None:
        await desk.book(1)
        body = {"book_id": 1}

        answers = [await desk.call(desk.student, "POST", "/requests", body, Idempotency_Key="once") for _ in range(2)]

        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].content == answers[1].content
        assert len((await desk.call(desk.librarian, "GET", "/requests")).json()["items"]) == 1

    async def test_a_refused_act_is_audited_and_changes_nothing(self, desk: Desk) -> None:
        await desk.book(1, barcode="X1")
        await desk.call(desk.student, "POST", "/requests", {"book_id": 1})
        again = await desk.call(desk.student, "POST", "/requests", {"book_id": 1})

        assert again.status_code == 409
        assert [(one["code"], one["pointer"]) for one in again.json()["errors"]] == [("DUPLICATE_REQUEST", "/title_id")]
        assert await desk.audited("refused") == [("requests.request_title", "title:1")]

    async def test_all_blockers_come_with_who_may_overrule_them(self, desk: Desk) -> None:
        await desk.book(1, barcode="X1")
        lend = {"patron": desk.student.actor.person, "barcode": "X1"}
        await desk.call(desk.assistant, "POST", "/loans", lend)

        preview = await desk.call(desk.assistant, "POST", "/loans/preview", lend)
        refused = await desk.call(desk.assistant, "POST", "/loans", lend)

        assert [one["code"] for one in preview.json()["blockers"]] == ["COPY_ALREADY_ON_LOAN"]
        assert (refused.status_code, refused.json()["code"]) == (409, "COPY_ALREADY_ON_LOAN")


class TestTitles:
    async def test_a_change_needs_the_version_that_was_seen(self, desk: Desk) -> None:
        made = await desk.call(desk.librarian, "POST", "/titles", {"title": "Dune"})
        path, tag = f"/titles/{made.json()['id']}", made.headers["ETag"]

        blind = await desk.call(desk.librarian, "PATCH", path, {"year": 1965})
        done = await desk.call(desk.librarian, "PATCH", path, {"year": 1965}, If_Match=tag)
        late = await desk.call(desk.librarian, "PATCH", path, {"year": 1966}, If_Match=tag)
        seen = await desk.call(None, "GET", path)

        assert [answer.status_code for answer in (blind, done, late)] == [428, 200, 412]
        assert (seen.json()["year"], seen.headers["ETag"]) == (1965, done.headers["ETag"])

    async def test_pages_lead_on_and_end(self, desk: Desk) -> None:
        for number in range(1, 6):
            await desk.book(number)

        page = await desk.call(None, "GET", "/titles?limit=2")
        seen = [one["number"] for one in page.json()["items"]]
        while "next" in page.links:
            page = await desk.erp.client.get(page.links["next"]["url"])
            seen += [one["number"] for one in page.json()["items"]]

        assert seen == [1, 2, 3, 4, 5]
        assert page.json()["next"] is None

    async def test_a_title_is_named_by_id_number_or_external_id(self, desk: Desk) -> None:
        body = {"title": "Dune", "number": 42, "external_id": "goodbooks:9"}
        made = (await desk.call(desk.librarian, "POST", "/titles", body)).json()

        names = [str(made["id"]), "number:42", "external:goodbooks:9", "number:43", "x"]
        answers = [(await desk.call(None, "GET", f"/titles/{name}")).status_code for name in names]

        assert answers == [200, 200, 200, 404, 404]

    async def test_a_misspelt_field_or_parameter_is_refused(self, desk: Desk) -> None:
        field = await desk.call(desk.librarian, "POST", "/titles", {"title": "Dune", "yaer": 1965})
        truth = await desk.call(desk.librarian, "POST", "/titles", {"title": "Dune", "year": True})
        parameter = await desk.call(None, "GET", "/titles?query=dune")

        assert [answer.status_code for answer in (field, truth, parameter)] == [422, 422, 422]
