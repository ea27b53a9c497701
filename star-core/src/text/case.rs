//! Changing the case of text: `lower`, `upper`, `title`, `capitalize`, `swapcase`, `casefold`.
//!
//! In: a `&str`. Out: the mapped `String`, at most three times as long.
//! Rule: full mappings (`ß` becomes `SS`) of Unicode 15.1; a capital sigma ends a word as `ς`.
//!
//! Each function costs O(n).

use super::tables::{FOLD_MAP, TITLE_MAP};
use super::unicode::{is_case_ignorable, is_cased, is_lower, is_printable, is_upper};

/// `text.lower()`.
pub fn lower(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        push_lower(&mut out, text, at, c);
    }
    out
}

/// `text.upper()`.
pub fn upper(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| push_upper(&mut out, c));
    out
}

/// `text.title()`: cased characters after uncased ones in title case, the others in lower case.
pub fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after_cased = false;
    for (at, c) in text.char_indices() {
        if after_cased {
            push_lower(&mut out, text, at, c);
        } else {
            push_title(&mut out, c);
        }
        after_cased = is_cased(c);
    }
    out
}

/// `text.capitalize()`: the first character in title case, the others in lower case.
pub fn capitalize(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if at == 0 {
            push_title(&mut out, c);
        } else {
            push_lower(&mut out, text, at, c);
        }
    }
    out
}

/// `text.swapcase()`.
pub fn swapcase(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if is_upper(c) {
            push_lower(&mut out, text, at, c);
        } else if is_lower(c) {
            push_upper(&mut out, c);
        } else {
            out.push(c);
        }
    }
    out
}

/// `text.casefold()`: for comparing without regard to case.
pub fn casefold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match look_up(FOLD_MAP, c) {
            Some(folded) => out.push_str(folded),
            None => push_mapped(&mut out, c, c.to_lowercase()),
        }
    }
    out
}

/// The lower case of `c`, which stands at byte `at` of `text`.
fn push_lower(out: &mut String, text: &str, at: usize, c: char) {
    match c {
        'Σ' if is_final(text, at) => out.push('ς'),
        _ if c.is_ascii() => out.push(c.to_ascii_lowercase()),
        _ => push_mapped(out, c, c.to_lowercase()),
    }
}

fn push_upper(out: &mut String, c: char) {
    if c.is_ascii() {
        out.push(c.to_ascii_uppercase());
    } else {
        push_mapped(out, c, c.to_uppercase());
    }
}

fn push_title(out: &mut String, c: char) {
    match look_up(TITLE_MAP, c) {
        Some(mapped) => out.push_str(mapped),
        None => push_upper(out, c),
    }
}

/// Appends what std maps `c` to, unless Unicode 15.1 does not know the one or the other.
fn push_mapped(out: &mut String, c: char, mapped: impl Iterator<Item = char> + Clone) {
    if is_printable(c) && mapped.clone().all(is_printable) {
        out.extend(mapped);
    } else {
        out.push(c);
    }
}

/// Whether the capital sigma at byte `at` ends a word: a cased character before, none after it,
/// case-ignorable ones skipped. A sigma stops the search of its neighbours, so that all searches
/// of one text cost O(n).
fn is_final(text: &str, at: usize) -> bool {
    let (before, after) = (&text[..at], &text[at + 'Σ'.len_utf8()..]);
    let cased = |c: Option<char>| c.is_some_and(is_cased);
    cased(before.chars().rev().find(|&c| !is_case_ignorable(c)))
        && !cased(after.chars().find(|&c| !is_case_ignorable(c)))
}

fn look_up(map: &'static [(char, &'static str)], c: char) -> Option<&'static str> {
    let found = map.binary_search_by_key(&c, |&(from, _)| from).ok()?;
    map.get(found).map(|&(_, to)| to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_as_cpython() {
        // text, lower, upper, title, capitalize, swapcase, casefold
        let cases = [
            ["", "", "", "", "", "", ""],
            ["aB c", "ab c", "AB C", "Ab C", "Ab c", "Ab C", "ab c"],
            ["they're", "they're", "THEY'RE", "They'Re", "They're", "THEY'RE", "they're"],
            ["straße", "straße", "STRASSE", "Straße", "Straße", "STRASSE", "strasse"],
            ["ΟΔΟΣ Σ", "οδος σ", "ΟΔΟΣ Σ", "Οδος Σ", "Οδος σ", "οδος σ", "οδοσ σ"],
            ["Σ.Σ'", "σ.ς'", "Σ.Σ'", "Σ.Σ'", "Σ.ς'", "σ.ς'", "σ.σ'"],
            ["ǆǅ", "ǆǆ", "ǄǄ", "ǅǆ", "ǅǆ", "Ǆǅ", "ǆǆ"],
            ["ﬁX", "ﬁx", "FIX", "Fix", "Fix", "FIx", "fix"],
            ["İ", "i̇", "İ", "İ", "İ", "i̇", "i̇"],
            ["ᏸꭰ", "ᏸꭰ", "ᏰᎠ", "Ᏸꭰ", "Ᏸꭰ", "ᏰᎠ", "ᏰᎠ"],
            ["ƛɤ", "ƛɤ", "ƛɤ", "ƛɤ", "ƛɤ", "ƛɤ", "ƛɤ"],
        ];
        for [text, low, up, titled, capitalized, swapped, folded] in cases {
            let found =
                [lower(text), upper(text), title(text), capitalize(text), swapcase(text), casefold(text)];
            assert_eq!(found, [low, up, titled, capitalized, swapped, folded], "{text:?}");
        }
    }
}
