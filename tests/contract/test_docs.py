"""What the documents say is there is there, and what is generated is current."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from openenrich.cli import app
from openenrich.commands.vendor_tables import as_markdown, as_overview, catalogue
from openenrich.vendors._discover import discover

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "openenrich"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def test_the_catalogue_of_vendors_is_what_the_declarations_say():
    rows = catalogue([adapter.vendor for adapter in discover().values()], {})
    current = (ROOT / "docs" / "vendors.md").read_text(encoding="utf-8")
    assert current == as_markdown(rows), "run: make docs"
    assert as_overview(rows) in (ROOT / "README.md").read_text(encoding="utf-8"), "run: make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_document_names_exists(page: Path):
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+/[a-z_/]+\.(?:py|md|json|toml|sql))`", text))
    links = set(re.findall(r"\]\(((?!http)[^)#]+)\)", text))
    missing = [name for name in named if not any((place / name).exists() for place in (ROOT, SOURCE))]
    missing += [link for link in links if not (page.parent / link).exists()]
    assert missing == [], f"{page.name} names what does not exist"


def test_every_command_that_a_document_shows_exists():
    commands = get_command(app).commands  # type: ignore[attr-defined]
    for page in PAGES:
        for name, sub in re.findall(r"openenrich ([a-z]+)(?: ([a-z-]+))?", page.read_text(encoding="utf-8")):
            assert name in commands, f"{page.name} shows `openenrich {name}`"
            inner = getattr(commands[name], "commands", None)
            if inner is not None and sub:
                assert sub in inner, f"{page.name} shows `openenrich {name} {sub}`"
