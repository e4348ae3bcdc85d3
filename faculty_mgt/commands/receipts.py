"""`erp receipt`: what a receipt states, and whether it is to be believed. Needs no server and no database."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from configuration.commands.console import FOUND_FAULTS, err, examples, good, say, stop
from configuration.commands.part import installation
from configuration.kit.security.keys import PublicKey, read_folder, read_published
from configuration.kit.security.receipts import LONGEST, Receipt, ReceiptRefused, verify
from faculty_mgt.domain.receipts import KIND, stated_files, text_digest

app = typer.Typer(help="Verify the receipts of work that was handed in.", no_args_is_help=True)


@app.command(
    "verify",
    epilog=examples(
        ("erp receipt verify receipt.txt", "with the keys of this installation"),
        ("erp receipt verify receipt.txt --keys jwks.json", "anywhere, with the keys the service publishes"),
        ("erp receipt verify receipt.txt --file essay.pdf", "and whether this is the file that was handed in"),
    ),
)
def check(
    ctx: typer.Context,
    receipt: Annotated[Path, typer.Argument(metavar="RECEIPT", help="The receipt, as it was downloaded.")],
    keys: Annotated[
        Path | None, typer.Option(help="The service's .well-known/jwks.json, saved as a file.", show_default=False)
    ] = None,
    file: Annotated[
        list[Path] | None, typer.Option(help="A file, or the text, that is said to have been handed in.")
    ] = None,
) -> None:
    """Say what a receipt states, and whether the service signed it. Exit code 1 when it is not to be believed.

    Works offline, for ever: the service goes on publishing the keys it no longer signs with.
    """
    text = _read(receipt).decode("ascii", "replace")
    known = _published(keys) if keys is not None else read_folder(installation(ctx).of("faculty").keys_dir)
    try:
        believed = verify(text, known)
    except ReceiptRefused as refused:
        stop(f"{receipt} is not to be believed. {refused}", code=FOUND_FAULTS)
    if believed.states.get("kind") != KIND:
        stop(f"{receipt} is a receipt, but not for work that was handed in.", code=FOUND_FAULTS)
    good(f"signed by the {believed.issuer} service on {believed.signed_at.isoformat()}, key {believed.kid}")
    _tell(believed)
    if not all([_compared(each, believed) for each in file or ()]):  # noqa: C419 - each is told of
        raise typer.Exit(FOUND_FAULTS)


def _tell(receipt: Receipt) -> None:
    states = receipt.states
    say(f"   {states['student']} handed in attempt {states['attempt']} at assignment {states['assignment']},")
    say(f"   {states['title']}")
    say(f"   received {states['received_at']}, due {states['due_at']}, {states['seconds_late']} seconds late")
    if states.get("on_behalf_by"):
        say(f"   handed in by {states['on_behalf_by']}, who attests that it came {states['attested_at']}")
    for digest, name in stated_files(states).items():
        say(f"   {digest}  {name}")


def _compared(path: Path, receipt: Receipt) -> bool:
    content = _read(path, most=None)
    digests = {hashlib.sha256(content).hexdigest(), text_digest(content.decode("utf-8", "replace").strip())}
    named = next((name for digest, name in stated_files(receipt.states).items() if digest in digests), None)
    if named is None:
        err.print(f"{path} is not what was handed in.", markup=False)
        return False
    good(f"{path} is {named}, byte for byte")
    return True


def _published(path: Path) -> Sequence[PublicKey]:
    try:
        document: Any = json.loads(_read(path))
    except ValueError:
        stop(f"{path} is not a JWKS document.", code=2)
    return read_published(document)


def _read(path: Path, *, most: int | None = LONGEST * 16) -> bytes:
    try:
        if most is not None and path.stat().st_size > most:
            stop(f"{path} is too large to be that.", code=2)
        return path.read_bytes()
    except OSError as fault:
        stop(f"{path} cannot be read: {fault.strerror}.", code=2)
