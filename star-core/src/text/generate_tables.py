"""Writes tables.rs from the Unicode data of the Python that runs it (star follows CPython 3.13).

    python3.13 generate_tables.py > tables.rs
"""
import sys
import unicodedata

CHARS = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def ranges(predicate, chars=CHARS):
    found, start, last = [], None, None
    for char in chars:
        code = ord(char)
        if predicate(char):
            if start is None:
                start = code
            elif code != last + 1 and not (last == 0xD7FF and code == 0xE000):
                found.append((start, last))
                start = code
            last = code
        elif start is not None:
            found.append((start, last))
            start = None
    if start is not None:
        found.append((start, last))
    return found


def cased(char):
    return (char + "a").title()[-1] == "a"


def case_ignorable(char):
    if cased(char):
        return ("1" + char + "\u03a3").lower()[-1] == "\u03c3"
    return ("A" + char + "\u03a3").lower()[-1] == "\u03c2"


def wrap(items, width=100):
    line = "   "
    for item in items:
        if len(line) + 1 + len(item) > width:
            yield line
            line = "   "
        line += " " + item
    yield line


def emit(doc, name, kind, items):
    print(f"\n/// {doc}\n#[rustfmt::skip]\npub(super) const {name}: &[{kind}] = &[")
    print("\n".join(wrap(items)))
    print("];")


def emit_ranges(doc, name, predicate):
    emit(doc, name, "(u32, u32)", [f"({a:#x}, {b:#x})," for a, b in ranges(predicate)])


def emit_map(doc, name, pairs):
    escape = lambda text: "".join(f"\\u{{{ord(c):x}}}" for c in text)
    emit(doc, name, "(char, &str)", [f"('{escape(a)}', \"{escape(b)}\")," for a, b in pairs])


print(f"""//! Unicode {unicodedata.unidata_version} as CPython {sys.version.split()[0]} knows it.
//!
//! In: nothing. Out: sorted, inclusive ranges of code points and sorted maps, for [`super::unicode`].
//! Rule: written by `generate_tables.py`, never by hand. Only what std cannot tell is here.""")
emit_ranges("Letters: `str.isalpha`, ASCII left out.", "ALPHA", lambda c: c > "\x7f" and c.isalpha())
emit_ranges("Not printable: `not str.isprintable`, unassigned included.", "UNPRINTABLE", lambda c: not c.isprintable())
emit("The zero of each run of ten decimal digits: `str.isdecimal`.", "ZEROS", "u32",
     [f"{ord(c):#x}," for c in CHARS if c.isdecimal() and unicodedata.decimal(c) == 0])
emit_ranges("Digits that are not decimal: `str.isdigit`.", "DIGITS", lambda c: c.isdigit() and not c.isdecimal())
emit_ranges("Numeric but not digits: `str.isnumeric`.", "NUMERIC", lambda c: c.isnumeric() and not c.isdigit())
emit_ranges("Titlecase letters.", "TITLE", lambda c: unicodedata.category(c) == "Lt")
emit_ranges("Skipped when looking for the cased letters around a capital sigma.", "CASE_IGNORABLE", case_ignorable)
emit_map("`str.title` of one character where `str.upper` differs.", "TITLE_MAP",
         [(c, c.title()) for c in CHARS if c.title() != c.upper()])
emit_map("`str.casefold` of one character where `str.lower` differs.", "FOLD_MAP",
         [(c, c.casefold()) for c in CHARS if c.casefold() != c.lower()])
