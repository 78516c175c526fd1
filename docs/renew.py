"""`make docs`: renews what is generated, docs/vendors.md and the table of vendors in the README."""

from pathlib import Path

from openenrich.commands.vendor_tables import as_markdown, as_overview, catalogue
from openenrich.vendors._discover import discover

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- vendors: renewed by make docs -->\n", "<!-- end of vendors -->\n"


def main() -> None:
    rows = catalogue([adapter.vendor for adapter in discover().values()], {})
    (ROOT / "docs" / "vendors.md").write_text(as_markdown(rows), encoding="utf-8")
    readme = ROOT / "README.md"
    before, rest = readme.read_text(encoding="utf-8").split(BEGIN)
    readme.write_text(f"{before}{BEGIN}\n{as_overview(rows)}\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
