"""The way in and out: signing in and out, applying, activating, setting a forgotten password."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.errors import Refusal
from configuration.kit.features.accounts import flows
from configuration.kit.features.accounts.context import Context, ContextDep
from configuration.kit.features.accounts.controllers.sign_in import ASKED
from configuration.kit.features.accounts.domain import Purpose
from configuration.kit.features.accounts.requests import CodeBody, SignInForm, SignUp
from configuration.kit.security import csrf, sessions
from configuration.kit.security.access import anyone, public
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import FieldError, Fields, FieldsDep, PagesDep, faults_of
from configuration.kit.web.forms import read, said, whole

ENTRY = Depends(public("the way in; it shows a form and no record"))
PROOF = Depends(public("proves who is asking by what it carries; counted and slowed"))
Visitor = Annotated[Actor | None, Depends(anyone("applying and leaving need no sign-in"))]
Wanted = Annotated[str, Query(alias="next", max_length=2000)]
TAKEN_NAMES = {"username": "user_name", "fname": "given_name", "mname": "middle_name", "lname": "family_name"}
router = APIRouter()
applying = APIRouter()


def _renamed(errors: list[FieldError]) -> list[FieldError]:
    """The faults under the names of the form's fields; a model may know a field by the book's name first."""
    return [FieldError(e.text, TAKEN_NAMES.get(e.field, e.field), e.code, e.override) for e in errors]


@router.get("/sign-in", name="pages:sign-in", dependencies=[ENTRY])
async def sign_in_form(request: Request, pages: PagesDep, context: ContextDep, wanted: Wanted = "") -> Response:
    """Ask for user name and password."""
    return _sign_in(request, pages, context, pages.safe_next(wanted, ""), fields=Fields(), errors=[])


def _sign_in(
    request: Request,
    pages: PagesDep,
    context: ContextDep,
    target: str,
    *,
    fields: Fields,
    errors: list[FieldError],
    refusal: Refusal | None = None,
) -> Response:
    status = refusal.status if refusal else 422 if errors else 200
    headers = {name: value for name, value in refusal.headers.items() if name == "Retry-After"} if refusal else None
    may_apply = context.open_for_all and context.config.applicant_role is not None
    return pages.render(
        request,
        "account/sign-in.html",
        status,
        headers=headers,
        next=target,
        values=fields,
        errors=errors,
        may_apply=may_apply,
    )


@router.post("/sign-in", name="pages:signing-in", dependencies=[PROOF])
async def sign_in(request: Request, pages: PagesDep, context: ContextDep, fields: FieldsDep) -> Response:
    """Sign in, and go where the person was going."""
    csrf.require_same_origin(request)
    target = pages.safe_next(fields["next"], "")
    try:
        form = SignInForm.model_validate({"username": fields["user_name"], "password": fields["password"]})
        cookie = await flows.sign_in_for_browser(context, form.username, form.password.get_secret_value())
    except ValidationError:
        # What cannot be a name or password is answered like a wrong one.
        wrong = FieldError(pages.gettext(request)("User name or password is wrong."), "user_name")
        return _sign_in(request, pages, context, target, fields=fields, errors=[wrong])
    except Refusal as refusal:
        errors = [FieldError(refusal.detail, "user_name")]
        return _sign_in(request, pages, context, target, fields=fields, errors=errors, refusal=refusal)
    await _leave(request, context)
    response = pages.redirect(target or pages.safe_next(None))
    sessions.set_cookie(response, cookie, path=context.cookie_path, secure=context.secure)
    return response


async def _leave(request: Request, context: Context) -> None:
    """End the session that a new one takes the place of: whoever takes over at a desk signs the other out."""
    earlier = sessions.read_cookie(request)
    if earlier is None or earlier.issuer != context.config.service:
        return
    try:
        await flows.sign_out(context, await context.authenticator.session(earlier, context.now))
    except Refusal:
        return  # It was over already.


@router.post("/sign-out", name="pages:sign-out")
async def sign_out(request: Request, pages: PagesDep, actor: Visitor, context: ContextDep) -> Response:
    """End the session here, where it began; an ended one just goes."""
    _ = pages.gettext(request)
    csrf.require_same_origin(request)
    if actor is not None and actor.issuer == context.config.service and actor.family_id is not None:
        await flows.sign_out(context, actor)
    response = pages.redirect("/index", _("You are signed out."), "info")
    sessions.clear_cookie(response, path=context.cookie_path, secure=context.secure)
    return response


@applying.get("/sign-up", name="pages:sign-up")
async def sign_up_form(request: Request, pages: PagesDep, _actor: Visitor, context: ContextDep) -> Response:
    """The application for an account."""
    return pages.render(request, "account/sign-up.html", values=Fields(), errors=[], open=context.open_for_all)


@applying.post("/sign-up", name="pages:signing-up")
async def sign_up(
    request: Request, pages: PagesDep, actor: Visitor, context: ContextDep, fields: FieldsDep
) -> Response:
    """Send the application."""
    _ = pages.gettext(request)
    csrf.require_same_origin(request)
    names = ("user_name", "password", "given_name", "middle_name", "family_name", "email")
    values: dict[str, object] = dict(said(fields, *names))
    errors = []
    if fields["person_no"]:
        values["person_no"] = whole(fields["person_no"])
        if values["person_no"] is None:
            errors = [FieldError(_("The number consists of digits."), "person_no")]
    body, faults = read(SignUp, values)
    errors += [FieldError(_("Give your name."), name) for name in ("given_name", "family_name") if not fields[name]]
    errors += _renamed(faults)
    if body is not None and not errors:
        try:
            sent = await flows.apply(context, body, actor)
        except Refusal as refusal:
            errors = _renamed(faults_of(refusal))
        else:
            lines = [_("Somebody decides, usually within a working day.")]
            lines.append(_("You can then sign in with your password."))
            if body.email is not None:
                lines.append(_("You are told by e-mail."))
            title = _("Your application was sent")
            receipt = f"{sent.id} · {sent.receipt}"
            return pages.render(request, "account/sent.html", 201, title=title, lines=lines, receipt=receipt)
    return pages.render(request, "account/sign-up.html", 422, values=fields, errors=errors, open=context.open_for_all)


@router.get("/forgotten", name="pages:forgotten", dependencies=[ENTRY])
async def forgotten_form(request: Request, pages: PagesDep) -> Response:
    """Ask whose password is forgotten."""
    return pages.render(request, "account/forgotten.html", values=Fields(), errors=[])


@router.post("/forgotten", name="pages:forgetting", dependencies=[PROOF])
async def forgotten(request: Request, pages: PagesDep, context: ContextDep, fields: FieldsDep) -> Response:
    """Have a code mailed. The answer is the same whether there is such an account."""
    _ = pages.gettext(request)
    csrf.require_same_origin(request)
    name = fields["user_name"][:100]
    if not name:
        errors = [FieldError(_("Give your user name."), "user_name")]
        return pages.render(request, "account/forgotten.html", 422, values=fields, errors=errors)
    flows.ask_reset(context, name)
    return pages.redirect("/reset", _(ASKED), "info")


async def _code_form(request: Request, pages: PagesDep, purpose: str) -> Response:
    return pages.render(request, "account/code.html", purpose=purpose, values=Fields(), errors=[])


@router.get("/activate", name="pages:activate", dependencies=[ENTRY])
async def activate_form(request: Request, pages: PagesDep) -> Response:
    """Ask for the code of an invited account."""
    return await _code_form(request, pages, "activate")


@router.get("/reset", name="pages:reset", dependencies=[ENTRY])
async def reset_form(request: Request, pages: PagesDep) -> Response:
    """Ask for the code of a forgotten password."""
    return await _code_form(request, pages, "reset")


@router.post("/activate", name="pages:activating", dependencies=[PROOF])
async def activate(request: Request, pages: PagesDep, context: ContextDep, fields: FieldsDep) -> Response:
    """Activate the account."""
    _ = pages.gettext(request)
    done = _("Your account is active. Sign in with it.")
    return await _use_code(request, pages, context, fields, "activation", done)


@router.post("/reset", name="pages:resetting", dependencies=[PROOF])
async def reset(request: Request, pages: PagesDep, context: ContextDep, fields: FieldsDep) -> Response:
    """Set a new password with a code."""
    _ = pages.gettext(request)
    done = _("The password was set. Sign in with it.")
    return await _use_code(request, pages, context, fields, "reset", done)


async def _use_code(
    request: Request,
    pages: PagesDep,
    context: ContextDep,
    fields: Fields,
    purpose: Purpose,
    done: str,
) -> Response:
    csrf.require_same_origin(request)
    body, errors = read(CodeBody, said(fields, "user_name", "code", "password"))
    if body is not None:
        code, password = body.code.get_secret_value(), body.password.get_secret_value()
        try:
            await flows.use_code(context, purpose, body.user_name, code, password)
        except Refusal as refusal:
            errors = faults_of(refusal)
        else:
            return pages.redirect("/sign-in", done)
    form = "activate" if purpose == "activation" else "reset"
    return pages.render(request, "account/code.html", 422, purpose=form, values=fields, errors=_renamed(errors))
