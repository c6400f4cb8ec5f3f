"""From the bytes of a text file to UTF-8, with the encoding said or found out."""

import codecs

from features.errors import DataError
from features.findings import Severity
from features.problems import Problem
from features.sources.journal import Journal

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_BINARY = {
    b"PK\x03\x04": "an Excel workbook or a ZIP archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"PAR1": "Parquet",
}
SAY_ENCODING = 'save the file as UTF-8, or say its encoding in leadsift.toml, as encoding = "cp1252"'


def decode(raw: bytes, said: str | None, file: str, journal: Journal) -> bytes:
    """Give the text as UTF-8 without a byte order mark.

    Found out where nothing is said: a byte order mark, else UTF-8, else Windows-1252 (or Latin-1 where that has
    no such sign), with a warning that names the first row that is not UTF-8. Raises DataError where the file is
    no text, or not in the encoding that was said.
    """
    _refuse_binary(raw, file)
    encoding = said or next((name for bom, name in _BOMS.items() if raw.startswith(bom)), "utf-8")
    if encoding in ("utf-8", "utf-8-sig"):
        raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        if said or encoding == "utf-16":
            row = row_at(raw, error.start) if encoding != "utf-16" else None
            raise DataError([Problem(f"is not {encoding}", SAY_ENCODING, file, row)]) from None
        return _decode_western(raw, error.start, file, journal)
    if "\0" in text[:100_000]:
        remedy = 'save it as UTF-8, or say encoding = "utf-16" in leadsift.toml'
        raise DataError([Problem("holds NUL characters, as UTF-16 and binary files do", remedy, file)])
    if encoding == "utf-16":
        journal.finding("encoding", f"{file} is read as UTF-16, as its first bytes say")
    return raw if encoding in ("utf-8", "utf-8-sig") else text.encode()


def _decode_western(raw: bytes, first_bad: int, file: str, journal: Journal) -> bytes:
    for encoding in ("cp1252", "latin-1"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        detail = (
            f"{file} is not UTF-8 (first in row {row_at(raw, first_bad)}); it is read as {encoding}: {SAY_ENCODING}"
        )
        journal.finding("encoding", detail, severity=Severity.WARNING)
        return text.encode()
    raise AssertionError("latin-1 decodes every byte")


def _refuse_binary(raw: bytes, file: str) -> None:
    for start, what in _BINARY.items():
        if raw.startswith(start):
            remedy = "save it as CSV (UTF-8)" if what != "Parquet" else "name the file .parquet"
            raise DataError([Problem(f"is {what}, not CSV", remedy, file)])


def row_at(raw: bytes, offset: int) -> int:
    r"""Give the spreadsheet row that a byte stands in; line ends inside quotes do not count.

    >>> row_at(b'a,b\n1,"x' + b'\ny"\n2,?', 14)
    3
    """
    outside_quotes = raw[:offset].split(b'"')[::2]
    newline = b"\n" if b"\n" in raw else b"\r"
    return 1 + sum(part.count(newline) for part in outside_quotes)
