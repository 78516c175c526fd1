"""The command line. Every problem that a person can mend ends in one sentence and exit status 2."""

import sys
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import msgspec
import typer
from rich.console import Console
from rich.table import Column, Table

from openenrich.commands import doctor as examination
from openenrich.commands import enrich as enriching
from openenrich.commands import sandbox as simulation
from openenrich.commands import serving, vendors
from openenrich.commands import verify as verification
from openenrich.commands.logs import configure_logging
from openenrich.commands.vendor_tables import as_markdown, catalogue
from openenrich.core.contact import Field
from openenrich.core.money import CREDIT, credits_as_number
from openenrich.lists.problem import ListProblem
from openenrich.settings import Settings, SettingsProblemError, load
from openenrich.store.postgres import DatabaseProblemError, pending_migrations
from openenrich.store.secrets import MasterKeyProblemError
from openenrich.store.vendor_order import store_order
from openenrich.store.workspaces import utc_now
from openenrich.vendors._discover import discover
from openenrich.wiring import open_store

try:
    from uvloop import run as run_loop
except ImportError:  # there is none for Windows
    from asyncio import run as run_loop  # type: ignore[assignment]  # same call, other options

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they show local variables: keys and people
    help="OpenEnrich: open B2B contact enrichment.",
)
keys_app = typer.Typer(no_args_is_help=True, help="API keys of your callers.")
credits_app = typer.Typer(no_args_is_help=True, help="The credits of a workspace.")
vendors_app = typer.Typer(no_args_is_help=True, help="Data vendors: catalogue, keys, order, your own directory.")
app.add_typer(keys_app, name="keys")
app.add_typer(credits_app, name="credits")
app.add_typer(vendors_app, name="vendors")

T = TypeVar("T")
AsJson = Annotated[bool, typer.Option("--json", help="Print data as JSON.")]
WithParent = Annotated[bool, typer.Option("--until-stdin-closes", hidden=True)]

_PROBLEMS = (
    SettingsProblemError,
    DatabaseProblemError,
    MasterKeyProblemError,
    ListProblem,
    serving.PortTakenError,
    enriching.EnrichProblemError,
)


def main() -> None:
    """Entry point: problems become one sentence on standard error and exit status 2."""
    try:
        app()
    except _PROBLEMS as problem:
        _fail(str(problem))
    except ExceptionGroup as group:
        mendable, rest = group.split(_PROBLEMS)
        if rest is not None or mendable is None:
            raise
        _fail(str(_first(mendable)))
    except KeyboardInterrupt:
        sys.exit(130)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes a free one.")] = None,
    workers_inside: Annotated[int, typer.Option(min=0, help="Workers in this process.")] = 1,
    as_json: AsJson = False,
    until_stdin_closes: WithParent = False,
) -> None:
    """API and a worker in one process (127.0.0.1:8080 unless the settings say otherwise)."""
    settings = _settings()
    where = host or settings.server.host, settings.server.port if port is None else port
    _run(serving.serve(settings, *where, workers_inside, as_json=as_json, until_stdin_closes=until_stdin_closes))


@app.command()
def work(as_json: AsJson = False, until_stdin_closes: WithParent = False) -> None:
    """A worker only; start as many as you like, on any machine that reaches the database."""
    _run(serving.work(_settings(), as_json=as_json, until_stdin_closes=until_stdin_closes))


@app.command()
def sandbox(
    seed: Annotated[int, typer.Option(help="The same seed gives the same world.")] = 7,
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.")] = 8099,
    people: Annotated[int, typer.Option(help="How many people live in it.")] = 2000,
    speed: Annotated[float, typer.Option(help="How many times faster than real vendors; 0 means no waiting.")] = 20.0,
    faults: Annotated[bool, typer.Option(help="Whether vendors sometimes fail.")] = True,
    as_json: AsJson = False,
    until_stdin_closes: WithParent = False,
) -> None:
    """The simulated vendors and DNS; prints the settings to use them."""
    world = simulation.World(seed, port, people, speed, faults=faults)
    _run(simulation.run(world, as_json=as_json, until_stdin_closes=until_stdin_closes))


@app.command()
def enrich(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, Parquet or JSONL.")],
    fields: Annotated[str, typer.Option(help="work_emails, phones, personal_emails.")] = enriching.ALL_FIELDS,
    out: Annotated[Path | None, typer.Option(help="Where the result goes; beside the input by default.")] = None,
    use_sandbox: Annotated[bool, typer.Option("--sandbox", help="Use the simulated vendors.")] = False,
    workspace: Annotated[str, typer.Option(help="Whose credits and history.")] = "default",
    as_json: AsJson = False,
) -> None:
    """Enrich a list of people."""
    job = enriching.Job(file, enriching.read_fields(fields), out, workspace, use_sandbox=use_sandbox, as_json=as_json)
    raise typer.Exit(_run(enriching.run(_settings(), job)))


@app.command(hidden=True)
def demo(speed: float = 20.0) -> None:
    """What `make run` shows."""
    raise typer.Exit(_run(enriching.demo(_settings(), Path("examples/contacts.csv"), speed)))


@app.command()
def verify(addresses: Annotated[list[str], typer.Argument(help="Addresses.")], as_json: AsJson = False) -> None:
    """Ask the mail hosts of addresses whether the mailboxes exist; nothing is sent."""
    try:
        lines = _run(verification.verify(_settings(), addresses))
    except verification.VerifierOffError as error:
        _fail(str(error))
    table = [(line.email, line.status.value, line.evidence) for line in lines]
    columns = (Column("address", no_wrap=True), Column("status", no_wrap=True), "evidence")
    _print_rows(columns, table, lines, as_json)


@app.command()
def migrate(as_json: AsJson = False) -> None:
    """Bring the database up to date (serve and work do it by themselves)."""

    async def go() -> None:
        settings = _settings()
        async with open_store(settings, connections=2) as store:
            left = await pending_migrations(store.pool)
        _show({"pending": left}, "The database is up to date.", as_json=as_json)

    _run(go())


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Check settings, database, keys, DNS, port 25 and the clock; exit status 1 when something is wrong."""
    findings = _run(examination.examine(_settings()))
    _print_rows(("check", "result", "remedy"), [(f.check, f.result, f.remedy) for f in findings], findings, as_json)
    raise typer.Exit(0 if all(finding.good for finding in findings) else 1)


@keys_app.command("create")
def keys_create(
    name: Annotated[str, typer.Option(help="What the key is for.")],
    workspace: Annotated[str, typer.Option(help="Made when it does not exist.")] = "default",
    credit: Annotated[
        int | None, typer.Option("--credits", help="Credits to grant; a new workspace gets 1000.", min=0)
    ] = None,
    rate_limit: Annotated[
        int | None, typer.Option(help="Requests per minute with this key, if not the workspace's 60.", min=1)
    ] = None,
    in_progress: Annotated[int | None, typer.Option(help="400 or 200: answer for running jobs.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make an API key. It is shown once: alone on the last line."""
    if in_progress not in {None, 400, 200}:
        _fail("--in-progress takes 400 or 200.")

    async def go() -> str:
        async with open_store(_settings(), connections=2) as store:
            return await store.workspaces.create_key(
                name,
                workspace,
                credits_to_grant=None if credit is None else credit * CREDIT,
                rate_limit=rate_limit,
                in_progress=in_progress,
                now=utc_now(),
            )

    key = _run(go())
    _show(
        {"key": key, "workspace": workspace},
        f"Key for workspace {workspace!r}; keep it, it is shown once:\n{key}",
        as_json=as_json,
    )


@keys_app.command("list")
def keys_list(as_json: AsJson = False) -> None:
    """All keys, without the keys."""

    async def go() -> list[Any]:
        async with open_store(_settings(), connections=2) as store:
            return list(await store.workspaces.keys())

    keys = _run(go())
    rows = [(key.name, key.workspace, str(key.id), f"{key.created_at:%Y-%m-%d}", _state(key)) for key in keys]
    _print_rows(("name", "workspace", "id", "created", "state"), rows, keys, as_json)


@keys_app.command("revoke")
def keys_revoke(key: Annotated[str, typer.Argument(help="Its id, its name, or the key itself.")]) -> None:
    """Make a key worthless at once."""

    async def go() -> bool:
        async with open_store(_settings(), connections=2) as store:
            return await store.workspaces.revoke(key, utc_now())

    if not _run(go()):
        _fail("No active key has this id, name or value: see openenrich keys list.")
    sys.stdout.write("Revoked.\n")


@credits_app.command("show")
def credits_show(workspace: str = "default", limit: int = 20, as_json: AsJson = False) -> None:
    """The newest entries of the ledger, each with its reason."""

    async def go() -> list[Any]:
        async with open_store(_settings(), connections=2) as store:
            return list(await store.workspaces.ledger(workspace, limit))

    lines = _run(go())
    rows = [
        (f"{line.at:%Y-%m-%d %H:%M:%S}", line.kind, *map(_number, (line.amount, line.held, line.balance)), line.note)
        for line in lines
    ]
    _print_rows(("at", "entry", "credits", "held", "balance", "why"), rows, lines, as_json)


@credits_app.command("add")
def credits_add(
    amount: Annotated[float, typer.Argument(help="Credits; negative takes away.")],
    workspace: str = "default",
    note: Annotated[str, typer.Option(help="Why; kept in the ledger.")] = "added by hand",
    as_json: AsJson = False,
) -> None:
    """Grant credits to a workspace."""

    async def go() -> int | None:
        async with open_store(_settings(), connections=2) as store:
            return await store.workspaces.grant(workspace, round(amount * CREDIT), note, utc_now())

    try:
        balance = _run(go())
    except ValueError as error:
        _fail(f"Not changed: {error}.")
    if balance is None:
        _fail(f"There is no workspace {workspace!r}: openenrich keys create --name ... --workspace {workspace}.")
    left = credits_as_number(balance)
    _show({"balance": left}, f"Workspace {workspace!r} has {left} credits.", as_json=as_json)


@vendors_app.command("list")
def vendors_list(
    as_json: AsJson = False,
    markdown: Annotated[bool, typer.Option(help="As docs/vendors.md.")] = False,
) -> None:
    """The catalogue, from the declarations."""
    if markdown:
        sys.stdout.write(as_markdown(catalogue([adapter.vendor for adapter in discover().values()], {})))
        return

    async def go() -> dict[str, int]:
        async with open_store(_settings(), connections=2) as store:
            counted: dict[str, int] = {}
            for key in await store.keyring.listed():
                counted[key.vendor] = counted.get(key.vendor, 0) + 1
            return counted

    rows = catalogue([adapter.vendor for adapter in discover().values()], _run(go()))
    table = [(r.name, ", ".join(r.fields), r.price, r.style, r.region, str(r.keys or "-")) for r in rows]
    _print_rows(("vendor", "finds", "list price", "answers", "region", "keys"), table, rows, as_json)


@vendors_app.command("set-key")
def vendors_set_key(
    vendor: str,
    key: Annotated[str | None, typer.Argument(help="Asked for, or read from standard input, when left out.")] = None,
    label: Annotated[str, typer.Option(help="Another label makes a pool.")] = "main",
) -> None:
    """Store a vendor's key, encrypted. Snov.io: id:secret."""
    secret = key or (typer.prompt("Key", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline())
    if not secret.strip():
        _fail("No key was given.")

    if vendor not in discover():
        _fail(f"There is no vendor {vendor!r}: see openenrich vendors list.")

    async def go() -> bool:
        async with open_store(_settings(), connections=2) as store:
            await store.keyring.set_key(vendor, label, secret.strip(), utc_now())
            return vendor in store.catalogue

    switched_on = _run(go())
    switch = f"It is switched off: write [vendors.{vendor}] enabled = true into config.toml in the data folder."
    sys.stdout.write(f"Stored. {f'Try it: openenrich vendors test {vendor}' if switched_on else switch}\n")


@vendors_app.command("test")
def vendors_test(names: Annotated[list[str] | None, typer.Argument()] = None, as_json: AsJson = False) -> None:
    """Ask each vendor for the balance of each key; costs nothing."""

    async def go() -> list[tuple[str, str, str]]:
        settings = _settings()
        async with open_store(settings, connections=2) as store:
            for name in names or ():
                if name not in store.catalogue:
                    _fail(f"There is no vendor {name!r}: see openenrich vendors list.")
            return await vendors.try_keys(settings, store, names or ())

    results = _run(go())
    if not results and not as_json:
        sys.stdout.write("No vendor key is set: openenrich vendors set-key hunter\n")
        return
    _print_rows(("vendor", "key", "result"), results, results, as_json)


@vendors_app.command("order")
def vendors_order(
    field: Annotated[Field, typer.Argument(help="The field.")],
    names: Annotated[list[str] | None, typer.Argument(help="Vendors, first to ask first; none: by cost.")] = None,
) -> None:
    """Which vendors are asked first for a field."""

    async def go() -> None:
        async with open_store(_settings(), connections=2) as store:
            for name in names or ():
                if name not in store.catalogue:
                    _fail(f"There is no vendor {name!r}: see openenrich vendors list.")
            await store_order(store.pool, field, names or ())

    _run(go())
    sys.stdout.write(f"Order for {field.value}: {' > '.join(names or ()) or 'by expected cost of a hit'}\n")


@vendors_app.command("import-directory")
def vendors_import(file: Path) -> None:
    """Put your own list of people in the place of the last one; it is asked first and free."""

    async def go() -> tuple[int, int]:
        async with open_store(_settings(), connections=2) as store:
            return await vendors.import_directory(store, file)

    count, skipped = _run(go())
    extra = f"; {skipped} rows without a person or a value were passed over" if skipped else ""
    sys.stdout.write(f"Imported {count} people{extra}.\n")


def _settings() -> Settings:
    settings = load()
    configure_logging(settings)
    return settings


def _run(work: Coroutine[Any, Any, T]) -> T:
    return run_loop(work)


def _fail(sentence: str) -> NoReturn:
    sys.stderr.write(f"openenrich: {sentence}\n")
    sys.exit(2)


def _first(group: BaseExceptionGroup[Any]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _show(data: object, sentence: str, *, as_json: bool) -> None:
    sys.stdout.write((msgspec.json.encode(data).decode() if as_json else sentence) + "\n")


def _print_rows(header: tuple[str | Column, ...], rows: Iterable[tuple[str, ...]], data: object, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(msgspec.json.encode(data).decode() + "\n")
        return
    table = Table(*header, box=None, header_style="bold")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def _number(amount: int) -> str:
    return f"{credits_as_number(amount):+g}" if amount else "0"


def _state(key: Any) -> str:
    return "revoked" if key.revoked_at else "active"
