//! Cutting text at its ends: `strip`, `lstrip`, `rstrip`, `removeprefix`, `removesuffix`.
//!
//! In: a text and the characters to cut. Out: a part of the text.
//! Rule: O(text + set), however many characters the set has.

use super::str_or_bytes::StrOrBytes;

/// Which ends to cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `lstrip`
    Left,
    /// `rstrip`
    Right,
    /// `strip`
    Both,
}

/// `text.strip()` and its one-sided forms: cuts whitespace.
pub fn strip_whitespace<T: StrOrBytes + ?Sized>(text: &T, side: Side) -> &T {
    let len = text.as_bytes().len();
    let end = if side == Side::Left { len } else { len - text.trailing_space() };
    let text = text.slice(0..end);
    let start = if side == Side::Right { 0 } else { text.leading_space() };
    text.slice(start..end)
}

/// `text.strip(chars)` and its one-sided forms.
pub fn strip_chars<'a>(text: &'a str, chars: &str, side: Side) -> &'a str {
    let set = CharSet::new(chars);
    let text = if side == Side::Right { text } else { text.trim_start_matches(|c| set.contains(c)) };
    if side == Side::Left { text } else { text.trim_end_matches(|c| set.contains(c)) }
}

/// `data.strip(set)` of bytes and its one-sided forms.
pub fn strip_bytes<'a>(data: &'a [u8], set: &[u8], side: Side) -> &'a [u8] {
    let mut cut = [false; 256];
    for &byte in set {
        cut[usize::from(byte)] = true;
    }
    let kept = |&byte: &u8| !cut[usize::from(byte)];
    let start = match side {
        Side::Right => 0,
        Side::Left | Side::Both => data.iter().position(kept).unwrap_or(data.len()),
    };
    let end = match side {
        Side::Left => data.len(),
        Side::Right | Side::Both => data.iter().rposition(kept).map_or(start, |last| last + 1),
    };
    &data[start..end]
}

/// `text.removeprefix(prefix)`.
pub fn remove_prefix<'a, T: StrOrBytes + ?Sized>(text: &'a T, prefix: &T) -> &'a T {
    let cut = if text.as_bytes().starts_with(prefix.as_bytes()) { prefix.as_bytes().len() } else { 0 };
    text.slice(cut..text.as_bytes().len())
}

/// `text.removesuffix(suffix)`.
pub fn remove_suffix<'a, T: StrOrBytes + ?Sized>(text: &'a T, suffix: &T) -> &'a T {
    let cut = if text.as_bytes().ends_with(suffix.as_bytes()) { suffix.as_bytes().len() } else { 0 };
    text.slice(0..text.as_bytes().len() - cut)
}

/// A set of characters: a bit for each of ASCII, a sorted list for the others.
struct CharSet {
    ascii: u128,
    others: Vec<char>,
}

impl CharSet {
    fn new(chars: &str) -> CharSet {
        let mut set = CharSet { ascii: 0, others: Vec::new() };
        for c in chars.chars() {
            match c.is_ascii() {
                true => set.ascii |= 1 << u32::from(c),
                false => set.others.push(c),
            }
        }
        set.others.sort_unstable();
        set
    }

    fn contains(&self, c: char) -> bool {
        if c.is_ascii() {
            return self.ascii >> u32::from(c) & 1 == 1;
        }
        self.others.binary_search(&c).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts() {
        // text, chars: strip, lstrip, rstrip
        let cases = [
            ("  a b\u{3000}\n", None, "a b", "a b\u{3000}\n", "  a b"),
            (" \t", None, "", "", ""),
            ("xyaxyx", Some("yx"), "a", "axyx", "xya"),
            ("é日aé", Some("日é"), "a", "aé", "é日a"),
            ("abc", Some(""), "abc", "abc", "abc"),
            ("aaa", Some("a"), "", "", ""),
        ];
        for (text, chars, both, left, right) in cases {
            for (side, expected) in [(Side::Both, both), (Side::Left, left), (Side::Right, right)] {
                let found = match chars {
                    Some(chars) => strip_chars(text, chars, side),
                    None => strip_whitespace(text, side),
                };
                assert_eq!(found, expected, "{text:?} {side:?}");
                if let Some(chars) = chars.filter(|chars| chars.is_ascii()) {
                    let found = strip_bytes(text.as_bytes(), chars.as_bytes(), side);
                    assert_eq!(found, expected.as_bytes(), "{text:?} {side:?}");
                }
            }
        }
        assert_eq!(strip_whitespace(&b"\x1c \xa0 "[..], Side::Both), b"\x1c \xa0");
        assert_eq!(remove_prefix("ééa", "é"), "éa");
        assert_eq!(remove_suffix("abab", "ab"), "ab");
        assert_eq!(remove_suffix("ab", ""), "ab");
    }
}
