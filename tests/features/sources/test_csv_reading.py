"""CSV as spreadsheets and CRMs write it: signs, encodings, quotes, names, rows."""

import csv
import io
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.config.sections import TableFile
from features.findings import Severity
from features.sources.csv_file import read_csv
from features.sources.journal import Journal
from tests.features.sources.conftest import LEADS, Folder, details

ROWS = "id,won,x\na,yes,1.5\nb,no,2\n"


@pytest.mark.parametrize(("sign", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")])
def test_the_separating_sign_is_found_out_and_said(folder: Folder, sign: str, name: str) -> None:
    folder.write("leads.csv", ROWS.replace(",", sign))
    tables = folder.tables(LEADS)
    assert tables.leads["attr:x"].to_list() == [1.5, 2.0]
    assert details(tables.notes, "delimiter") == [f"leads.csv: cells are separated by {name}"]


def test_a_sign_inside_quotes_does_not_mislead(folder: Folder) -> None:
    folder.write("leads.csv", 'id;won;x\na;yes;"p, q, r"\nb;no;"s, t, u"\nc;no;"v, w, x"\n')
    assert folder.tables(LEADS).leads["attr:x"].to_list() == ["p, q, r", "s, t, u", "v, w, x"]


def test_a_separating_sign_that_is_said_is_taken(folder: Folder) -> None:
    folder.write("leads.csv", "id|won|x,y\na|yes|1\nb|no|2\n")
    tables = folder.tables(LEADS.replace("[leads]", '[leads]\ndelimiter = "|"'))
    assert tables.leads["attr:x,y"].to_list() == [1.0, 2.0]
    assert details(tables.notes, "delimiter") == []


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_read(folder: Folder, line_end: str) -> None:
    folder.write("leads.csv", ROWS.replace("\n", line_end))
    assert folder.tables(LEADS).leads["attr:x"].to_list() == [1.5, 2.0]


def test_a_last_row_without_line_end_is_read(folder: Folder) -> None:
    folder.write("leads.csv", ROWS.rstrip("\n"))
    assert folder.tables(LEADS).leads.height == 2


@pytest.mark.parametrize(
    "encoded",
    [
        pytest.param(lambda text: text.encode(), id="utf-8"),
        pytest.param(lambda text: text.encode("utf-8-sig"), id="utf-8 with byte order mark"),
        pytest.param(lambda text: text.encode("utf-16"), id="utf-16 with byte order mark"),
        pytest.param(lambda text: b"\xfe\xff" + text.encode("utf-16-be"), id="utf-16, big end first"),
    ],
)
def test_unicode_is_read_whatever_its_form(folder: Folder, encoded: Callable[[str], bytes]) -> None:
    folder.write("leads.csv", encoded("id,won,città\na,yes,Ñandú\nb,no,東京\n"))
    assert folder.tables(LEADS).leads["attr:città"].to_list() == ["Ñandú", "東京"]


def test_windows_1252_is_read_with_a_warning_that_names_the_first_row(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,x\na,yes,plain\nb,no,caf\xe9 \x80\n".encode("latin-1"))
    tables = folder.tables(LEADS)
    assert tables.leads["attr:x"].to_list() == ["plain", "café €"]
    warning = next(note for note in tables.notes if note.kind == "encoding")
    assert warning.severity is Severity.WARNING
    assert "leads.csv is not UTF-8 (first in row 3); it is read as cp1252" in warning.detail
    assert 'encoding = "cp1252"' in warning.detail


def test_bytes_that_windows_1252_lacks_are_read_as_latin_1(folder: Folder) -> None:
    folder.write("leads.csv", b"id,won,x\na,yes,caf\xe9\x81\nb,no,y\n")
    tables = folder.tables(LEADS)
    assert tables.leads["attr:x"].to_list() == ["café\x81", "y"]
    assert "read as latin-1" in details(tables.notes, "encoding")[0]


def test_an_encoding_that_is_said_but_wrong_is_a_problem_with_its_row(folder: Folder) -> None:
    folder.write("leads.csv", b"id,won,x\na,yes,plain\nb,no,caf\xe9\n")
    assert folder.problems(LEADS.replace("[leads]", '[leads]\nencoding = "utf-8"')) == [
        "leads.csv, row 3: is not utf-8; save the file as UTF-8, or say its encoding in leadsift.toml, "
        'as encoding = "cp1252"'
    ]


def test_an_encoding_that_is_said_is_taken(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,x\na,yes,Москва\nb,no,y\n".encode("cp1251"))
    tables = folder.tables(LEADS.replace("[leads]", '[leads]\nencoding = "cp1251"'))
    assert tables.leads["attr:x"].to_list() == ["Москва", "y"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", "leads.csv: is empty; put one row per lead, event or decision below a row of column names"),
        (
            b"\xef\xbb\xbf \n\n",
            "leads.csv: is empty; put one row per lead, event or decision below a row of column names",
        ),
        (
            b"id,won,x\n",
            "leads.csv: has no rows below its header; "
            "put one row per lead, event or decision below a row of column names",
        ),
        (b"PK\x03\x04rest", "leads.csv: is an Excel workbook or a ZIP archive, not CSV; save it as CSV (UTF-8)"),
        (b"PAR1rest", "leads.csv: is Parquet, not CSV; name the file .parquet"),
    ],
)
def test_a_file_that_holds_no_table_is_refused(folder: Folder, content: bytes, line: str) -> None:
    folder.write("leads.csv", content)
    assert folder.problems(LEADS) == [line]


def test_utf_16_without_a_byte_order_mark_is_refused_with_the_remedy(folder: Folder) -> None:
    folder.write("leads.csv", ROWS.encode("utf-16-le"))
    assert folder.problems(LEADS) == [
        "leads.csv: holds NUL characters, as UTF-16 and binary files do; "
        'save it as UTF-8, or say encoding = "utf-16" in leadsift.toml'
    ]


def test_rows_count_as_in_a_spreadsheet_past_line_ends_inside_quotes_and_blank_rows(folder: Folder) -> None:
    folder.write("leads.csv", 'id,won,x\na,yes,"two\nlines"\n\n,,\nb,no,"say ""hi"""\n,no,z\n')
    assert folder.problems(LEADS) == [
        "leads.csv, row 6, column 'id': is missing; write the lead's id, or take the row out"
    ]


def test_quotes_and_line_ends_inside_a_cell_are_kept(folder: Folder) -> None:
    folder.write("leads.csv", 'id,won,x\na,yes,"two\nlines"\nb,no,"say ""hi"""\n')
    assert folder.tables(LEADS).leads["attr:x"].to_list() == ["two\nlines", 'say "hi"']


def test_a_row_of_another_width_is_named(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,x\na,yes,1\nb,no,2,3\nc,no\n")
    remedy = "put a value that holds the separating sign in quotes, or fill up the row"
    assert folder.problems(LEADS) == [
        f"leads.csv, row 3: has 4 cells where the header has 3; {remedy}",
        f"leads.csv, row 4: has 2 cells where the header has 3; {remedy}",
    ]


def test_many_rows_of_another_width_are_counted(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,x\na,yes,1\nb,no,2\n" + "c,no,3\n" * 20 + "d,no,4,5\n" * 8)
    problems = folder.problems(LEADS)
    assert len(problems) == 6
    assert problems[-1].startswith("leads.csv: and 3 more rows like this")


def test_a_quote_that_never_closes_is_named(folder: Folder) -> None:
    folder.write("leads.csv", 'id,won,x\na,yes,1\nb,no,"2\nc,no,3\n')
    (line,) = folder.problems(LEADS)
    assert line.startswith("leads.csv, row 3: has a quote that is not right")


NAMES = [
    "Zip [code]",
    'the "best", they say',
    "país / région",
    "都道府県",
    "a'b",
    "100%",
    "{x}:y",
    "Ελλάδα",
    "nr.employed",
]


def test_column_names_of_any_script_and_sign_are_read(folder: Folder) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([["id", "won", *NAMES], ["a", "yes", *range(9)], ["b", "no", *range(9)]])
    folder.write("leads.csv", out.getvalue())
    assert [each.name for each in folder.tables(LEADS).attributes] == NAMES


def test_blanks_around_column_names_do_not_matter(folder: Folder) -> None:
    folder.write("leads.csv", " id ,won , x y \na,yes,1\nb,no,2\n")
    assert [each.name for each in folder.tables(LEADS).attributes] == ["x y"]


def test_accents_written_in_two_signs_are_the_same_name(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,pai\u0301s\na,yes,1\nb,no,2\n")
    assert folder.tables(LEADS + '[features]\nfit = ["pa\u00eds"]').attributes[0].name == "pa\u00eds"


def test_a_name_given_twice_is_refused(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,x, x\na,yes,1,2\nb,no,2,3\n")
    assert folder.problems(LEADS) == [
        "leads.csv, row 1: 'x' is the name of two columns; give each column a name of its own"
    ]


def test_a_column_without_a_name_is_left_out_and_said(folder: Folder) -> None:
    folder.write("leads.csv", ",id,won,x\n0,a,yes,1\n1,b,no,2\n")
    tables = folder.tables(LEADS)
    assert [each.name for each in tables.attributes] == ["x"]
    assert details(tables.notes, "unused") == ["leads.csv: column 1 has no name and is not used"]


SEPARATORS = "\x1c\x1d\x1e\x1f"  # blanks to Python, signs to Unicode and so to us
SIGNS = st.characters(codec="utf-8", exclude_characters="\0" + SEPARATORS, exclude_categories=["Cs"])
CELLS = st.text(SIGNS, max_size=8)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6),
    sign=st.sampled_from(",;\t|"),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
def test_cells_are_what_pythons_own_reader_reads(
    folder: Folder, rows: list[list[str]], sign: str, line_end: str
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=sign, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows([["p", "q", "r"], *rows])
    path = folder.write("cells.csv", out.getvalue())
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return
    raw = read_csv(path, TableFile(delimiter=sign), Journal())  # type: ignore[arg-type]
    assert [list(row) for row in raw.frame.iter_rows()] == filled
    assert raw.rows.to_list() == [at for at, row in enumerate(rows, start=2) if row in filled]


def test_a_large_column_is_typed_by_its_last_row_too(folder: Folder) -> None:
    rows = "".join(f"{at},{'yes' if at else 'no'},{at}\n" for at in range(2000))
    folder.write("leads.csv", f"id,won,x\n{rows}last,no,12O\n")
    assert folder.problems(LEADS) == [
        "leads.csv, row 2002, column 'x': '12O' is not a number; "
        'write a number or leave it empty; or say kind = "category" in [features]'
    ]
    assert pl.read_csv(folder.path / "leads.csv", infer_schema_length=None)["x"].dtype == pl.String
