"""A portfolio of tenants, made of fixtures/tenants by giving every tenant ids of its own.

The same fixtures give the same portfolio. What Microsoft publishes (src/catalog) keeps its ids, and
so does one application of a vendor's that several tenants have.
"""

import itertools
import pathlib
import re
import uuid

FIXTURES = pathlib.Path("fixtures/tenants")
TENANTS = 20
GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
NAMESPACE = uuid.UUID("0b07f429-9f4b-4714-9392-cc5e8e80c8b0")


def published():
    """Everything the catalogue holds, without what parts the digits of its ids."""
    sources = pathlib.Path("src/catalog").rglob("*.rs")
    return "".join(path.read_text().replace("_", "") for path in sources).lower()


class Renamer:
    """Other ids for one tenant, the same for the same id."""

    def __init__(self, tenant, known, shared):
        self.tenant, self.known, self.shared = tenant, known, shared

    def of(self, match):
        old = match[0].lower()
        if old in self.shared or f"0x{old.replace('-', '')}" in self.known:
            return match[0]
        return str(uuid.uuid5(NAMESPACE, f"{self.tenant} {old}"))

    def text(self, text):
        return GUID.sub(self.of, text)


def make(folder, shared=()):
    """Writes the tenants below `folder`; maps the name of each to that of its fixture."""
    known = published()
    fixtures = sorted(path for path in FIXTURES.iterdir() if path.is_dir())
    made = {}
    for number, fixture in zip(range(1, TENANTS + 1), itertools.cycle(fixtures)):
        tenant = f"customer-{number:02}"
        write(fixture, folder / tenant, Renamer(tenant, known, shared))
        made[tenant] = fixture.name
    return made


def write(fixture, folder, renamer):
    for path in sorted(fixture.rglob("*")):
        if not path.is_file() or path.suffix == ".md":
            continue
        target = folder / renamer.text(str(path.relative_to(fixture)))
        target.parent.mkdir(parents=True, exist_ok=True)
        # Bytes, because line ends and byte order marks are part of a fixture.
        text = renamer.text(path.read_bytes().decode("latin-1"))
        target.write_bytes(text.encode("latin-1"))
