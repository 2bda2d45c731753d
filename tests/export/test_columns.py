from __future__ import annotations

from pathlib import Path

import pytest

from sourcer.errors import UsageError
from sourcer.export import FIELDS, GENERIC, load_columns
from sourcer.export.columns import KNOWN

HEADERS = {
    "generic": ", ".join(GENERIC),
    "opencats": "Full Name, First Name, Last Name, Address, City, State, Zip, Home Phone, Cell Phone, Work Phone, "
    "Notes, Current Employer, Email, Email 2, Web Site, Key Skills",
    "greenhouse": "First Name, Last Name, Company, Title, Notes, Email, Phone, Social Media, Website, Address, Source, "
    "Who gets credit, Job, Department, Office, Prospect Pool, Prospect Stage",
    "lever": "Full name, Email, Lever Posting URL, Stage, Sources, Origin, Links, Tags",
}


@pytest.mark.parametrize("name", KNOWN)
def test_the_header_is_what_the_receiver_takes(name: str) -> None:
    assert ", ".join(load_columns(name).header) == HEADERS[name]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[columns]]\nheader = "x"\nfield = "top_skils"', "did you mean top_skills?"),
        ('[[columns]]\nheader = "x"\nfeild = "name"', "feild: unknown key"),
        ('[[columns]]\nheader = "x"\nfield = "name"\ntext = "y"', "not both"),
        ('[[columns]]\nheader = "x"\n[[columns]]\nheader = "x"', "two columns 'x'"),
        ("columns = []", "columns: "),
        ("max_rows = 0\n[[columns]]\nheader = 'x'", "max_rows"),
        ("[[columns", "not valid TOML"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_a_line(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=says) as fault:
        load_columns(str(path))
    assert "mine.toml" in str(fault.value)


def test_columns_that_are_not_known_name_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"did you mean greenhouse\?"):
        load_columns("greenhous")


def test_every_field_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "exports.md").read_text(encoding="utf-8")
    assert [name for name in FIELDS if f"`{name}`" not in page] == []
