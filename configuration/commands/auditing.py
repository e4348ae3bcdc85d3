"""`erp audit`: whether everything holds that must."""

from typing import Annotated

import typer

from configuration.commands.console import FOUND_FAULTS, examples, good, out, table
from configuration.commands.part import Installation, installation
from configuration.commands.serving import Service, chosen
from configuration.commands.truths import ACCOUNTS
from configuration.kit.features import audit


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "audit",
        epilog=examples(("erp audit", "everything"), ("erp audit -s library -v", "one, each truth listed")),
    )(run)


def run(
    ctx: typer.Context,
    service: Service = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="List every truth that was checked.")] = False,
) -> None:
    """Check every truth the services promise (as SQL), and the seal on the record of acts.

    Exit code 0: all of it holds. 1: something does not, and the rows are shown. Runs beside a server.
    """
    house = installation(ctx)
    broken = sum(check(house, name, verbose=verbose) for name in chosen(service))
    if broken:
        raise typer.Exit(FOUND_FAULTS)


def check(house: Installation, service: str, *, verbose: bool = False) -> int:
    """Check one service and say what was found; answers how many truths are broken."""
    truths = (*ACCOUNTS, *house.parts[service].invariants)
    with house.database(service) as database:
        while database.write_sync(audit.seal, house.clock()):
            pass
        violations = database.read_sync(audit.check, truths)
        problems = database.read_sync(audit.verify)
    if verbose:
        shown = table("", "truth", title=service)
        found = {violation.name for violation in violations}
        for truth in truths:
            shown.add_row("[red]broken[/]" if truth.name in found else "[green]holds[/]", truth.sentence)
        out.print(shown)
    for violation in violations:
        out.print(f"[red]broken[/] {service}: {violation.sentence} ({violation.count} times)")
        for example in violation.examples:
            out.print(f"       {example}", markup=False)
    for problem in problems[:20]:
        out.print(f"[red]broken[/] {service}: {problem}")
    if not violations and not problems:
        good(f"{service}: {len(truths)} truths hold, the record of acts is sealed and whole.")
    return len(violations) + len(problems)
