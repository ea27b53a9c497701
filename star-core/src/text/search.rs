//! Looking for one text in another: `find`, `count`, `startswith`, `replace`, `partition`.
//!
//! In: a `&str` or `&[u8]`, a needle, and bounds. Out: unit numbers, or parts of the text.
//! Rule: linear in both texts, whatever they hold; matches never overlap.
//!
//! `ascii` promises that a `str` is, which saves counting code points; for bytes it is not read.

use memchr::memmem;

use super::error::TextError;
use super::index::Bounds;
use super::str_or_bytes::StrOrBytes;

/// A needle to look for, once or again and again: preparing memchr's search costs more than walking a short text.
pub(super) enum Needle<'n> {
    /// Of one byte.
    Byte(u8),
    /// For a short text.
    Plain(&'n [u8]),
    /// For a long one.
    Prepared(Box<memmem::Finder<'n>>),
}

impl<'n> Needle<'n> {
    /// `needle`, for texts of up to `longest` bytes.
    #[inline]
    pub(super) fn new(needle: &'n [u8], longest: usize) -> Needle<'n> {
        match needle {
            &[byte] => Needle::Byte(byte),
            _ if longest < 64 => Needle::Plain(needle),
            _ => Needle::Prepared(Box::new(memmem::Finder::new(needle))),
        }
    }

    /// Where it comes first.
    #[inline]
    pub(super) fn find(&self, text: &[u8]) -> Option<usize> {
        match self {
            Needle::Byte(byte) => memchr::memchr(*byte, text),
            Needle::Plain(needle) => find_short(text, needle),
            Needle::Prepared(finder) => finder.find(text),
        }
    }
}

/// Where `needle` comes first in a short text: byte by byte, which beats preparing a search (a third of the steps).
#[inline]
pub fn find_short(text: &[u8], needle: &[u8]) -> Option<usize> {
    let Some((first, rest)) = needle.split_first() else { return Some(0) };
    let starts = &text[..(text.len() + 1).checked_sub(needle.len())?];
    let mut from = 0;
    loop {
        let at = from + starts[from..].iter().position(|byte| byte == first)?;
        from = at + 1;
        if text[from..].starts_with(rest) {
            return Some(at);
        }
    }
}

/// Where `needle`, which is not empty, is found from left to right.
fn matches<'a>(text: &'a [u8], needle: &'a [u8]) -> impl Iterator<Item = usize> + use<'a> {
    let finder = Needle::new(needle, text.len());
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + finder.find(&text[from..])?;
        from = at + needle.len();
        Some(at)
    })
}

/// `text.find(needle, start, end)`: the number of the unit where the first match starts.
///
/// ```
/// use star_core::text::{index::Bounds, search::find};
/// assert_eq!(find("né日é", "é", Bounds { start: Some(2), end: None }, false), Some(3));
/// ```
pub fn find<T: StrOrBytes + ?Sized>(text: &T, needle: &T, bounds: Bounds, ascii: bool) -> Option<usize> {
    let window = bounds.window(text, ascii)?;
    let part = &text.as_bytes()[window.bytes.clone()];
    let at = Needle::new(needle.as_bytes(), part.len()).find(part)?;
    Some(window.unit_at(text, window.bytes.start + at, ascii))
}

/// `text.rfind(needle, start, end)`: the number of the unit where the last match starts.
pub fn rfind<T: StrOrBytes + ?Sized>(text: &T, needle: &T, bounds: Bounds, ascii: bool) -> Option<usize> {
    let window = bounds.window(text, ascii)?;
    let part = &text.as_bytes()[window.bytes.clone()];
    let at = memmem::rfind(part, needle.as_bytes())?;
    Some(window.unit_at(text, window.bytes.start + at, ascii))
}

/// `text.count(needle, start, end)`; the empty needle is found before each unit and at the end.
pub fn count<T: StrOrBytes + ?Sized>(text: &T, needle: &T, bounds: Bounds, ascii: bool) -> usize {
    let Some(window) = bounds.window(text, ascii) else {
        return 0;
    };
    let part = text.slice(window.bytes);
    match needle.as_bytes() {
        [] if ascii => part.as_bytes().len() + 1,
        [] => part.units() + 1,
        needle => matches(part.as_bytes(), needle).count(),
    }
}

/// `needle in text`.
pub fn contains<T: StrOrBytes + ?Sized>(text: &T, needle: &T) -> bool {
    let text = text.as_bytes();
    Needle::new(needle.as_bytes(), text.len()).find(text).is_some()
}

/// `text.startswith(prefix, start, end)` for one prefix.
pub fn starts_with<T: StrOrBytes + ?Sized>(text: &T, prefix: &T, bounds: Bounds, ascii: bool) -> bool {
    let window = bounds.window(text, ascii);
    window.is_some_and(|window| text.as_bytes()[window.bytes].starts_with(prefix.as_bytes()))
}

/// `text.endswith(suffix, start, end)` for one suffix.
pub fn ends_with<T: StrOrBytes + ?Sized>(text: &T, suffix: &T, bounds: Bounds, ascii: bool) -> bool {
    let window = bounds.window(text, ascii);
    window.is_some_and(|window| text.as_bytes()[window.bytes].ends_with(suffix.as_bytes()))
}

/// `text.replace(old, new, count)`: the first `count` matches, all if it is negative. An empty
/// `old` matches before each unit and at the end. TooLarge if the result exceeds `max` bytes.
pub fn replace<T: StrOrBytes + ?Sized>(
    text: &T,
    old: &T,
    new: &T,
    count: i64,
    max: usize,
) -> Result<T::Owned, TextError> {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    match old.as_bytes() {
        [] => insert_between(text, new, count, max),
        old => replace_matches(text, old, new, count, max),
    }
}

fn replace_matches<T: StrOrBytes + ?Sized>(
    text: &T,
    old: &[u8],
    new: &T,
    count: usize,
    max: usize,
) -> Result<T::Owned, TextError> {
    let len = text.as_bytes().len();
    let matches = || matches(text.as_bytes(), old).take(count);
    let size = match new.as_bytes().len().saturating_sub(old.len()) {
        0 => len,
        growth => matches().count().saturating_mul(growth).saturating_add(len),
    };
    TextError::check_size(size, max)?;
    let mut out = T::buffer(size);
    let mut copied = 0;
    for at in matches() {
        T::append(&mut out, text.slice(copied..at));
        T::append(&mut out, new);
        copied = at + old.len();
    }
    T::append(&mut out, text_from(text, copied));
    Ok(out)
}

/// `new` before each of the first `count` units, the end counting as one.
fn insert_between<T: StrOrBytes + ?Sized>(
    text: &T,
    new: &T,
    count: usize,
    max: usize,
) -> Result<T::Owned, TextError> {
    let (len, times) = (text.as_bytes().len(), count.min(text.units() + 1));
    let size = times.saturating_mul(new.as_bytes().len()).saturating_add(len);
    TextError::check_size(size, max)?;
    let mut out = T::buffer(size);
    let mut rest = text;
    for _ in 0..times {
        T::append(&mut out, new);
        let unit = rest.first_unit();
        T::append(&mut out, rest.slice(0..unit));
        rest = text_from(rest, unit);
    }
    T::append(&mut out, rest);
    Ok(out)
}

pub(super) fn text_from<T: StrOrBytes + ?Sized>(text: &T, at: usize) -> &T {
    text.slice(at..text.as_bytes().len())
}

/// `text.partition(separator)`: what is before the first match, the match, what is after;
/// `text` and two empty texts if there is none. ValueError for an empty separator.
pub fn partition<'a, T: StrOrBytes + ?Sized>(text: &'a T, separator: &T) -> Result<[&'a T; 3], TextError> {
    let separator = not_empty(separator)?;
    Ok(match memmem::find(text.as_bytes(), separator) {
        Some(at) => parts(text, at, separator.len()),
        None => parts(text, text.as_bytes().len(), 0),
    })
}

/// `text.rpartition(separator)`: as [`partition`] at the last match; two empty texts and `text` if
/// there is none.
pub fn rpartition<'a, T: StrOrBytes + ?Sized>(text: &'a T, separator: &T) -> Result<[&'a T; 3], TextError> {
    let separator = not_empty(separator)?;
    Ok(match memmem::rfind(text.as_bytes(), separator) {
        Some(at) => parts(text, at, separator.len()),
        None => parts(text, 0, 0),
    })
}

fn parts<T: StrOrBytes + ?Sized>(text: &T, at: usize, separator: usize) -> [&T; 3] {
    [text.slice(0..at), text.slice(at..at + separator), text_from(text, at + separator)]
}

pub(super) fn not_empty<T: StrOrBytes + ?Sized>(separator: &T) -> Result<&[u8], TextError> {
    match separator.as_bytes() {
        [] => Err(TextError::value("empty separator")),
        separator => Ok(separator),
    }
}

#[cfg(test)]
mod tests {
    use super::super::ErrorKind;
    use super::*;

    #[test]
    fn finds_and_counts() {
        // text, needle, start, end: find, rfind, count
        let cases = [
            ("abcabc", "bc", None, None, Some(1), Some(4), 2),
            ("aaaa", "aa", None, None, Some(0), Some(2), 2),
            ("é日é", "é", None, None, Some(0), Some(2), 2),
            ("é日é", "é", Some(1), None, Some(2), Some(2), 1),
            ("é日é", "é", None, Some(-1), Some(0), Some(0), 1),
            ("é日é", "", None, None, Some(0), Some(3), 4),
            ("é日é", "", Some(3), None, Some(3), Some(3), 1),
            ("é日é", "", Some(4), None, None, None, 0),
            ("abc", "", Some(3), Some(2), None, None, 0),
            ("abc", "x", None, None, None, None, 0),
            ("", "", None, None, Some(0), Some(0), 1),
        ];
        for (text, needle, start, end, first, last, times) in cases {
            let bounds = Bounds { start, end };
            let found = (
                find(text, needle, bounds, false),
                rfind(text, needle, bounds, false),
                count(text, needle, bounds, false),
            );
            assert_eq!(found, (first, last, times), "{text:?} {needle:?} {bounds:?}");
        }
        let bounds = Bounds { start: Some(1), end: None };
        assert_eq!(find(&b"\xff\xfe\xff"[..], &b"\xff"[..], bounds, false), Some(2));
        assert!(contains("né", "é") && !contains("né", "e"));
        assert!(starts_with("né", "é", bounds, false) && ends_with("né", "", bounds, false));
        assert!(!starts_with("né", "", Bounds { start: Some(3), end: None }, false));
    }

    #[test]
    fn replaces() {
        let cases = [
            ("aXbX", "X", "--", -1, "a--b--"),
            ("aXbX", "X", "", 1, "abX"),
            ("aXbX", "X", "y", 0, "aXbX"),
            ("aé", "", "-", -1, "-a-é-"),
            ("aé", "", "-", 2, "-a-é"),
            ("", "", "x", -1, "x"),
            ("", "a", "x", -1, ""),
            ("aaa", "aa", "b", -1, "ba"),
        ];
        for (text, old, new, count, result) in cases {
            assert_eq!(replace(text, old, new, count, 100).as_deref(), Ok(result), "{text:?} {old:?}");
        }
        let bytes = replace(&b"\xff\xfe"[..], b"", b".", -1, 100);
        assert_eq!(bytes.as_deref(), Ok(&b".\xff.\xfe."[..]));
        let error = replace("aaaa", "a", "1234567890", -1, 39);
        assert!(error.is_err_and(|error| error.kind == ErrorKind::TooLarge));
    }

    #[test]
    fn partitions() {
        assert_eq!(partition("a, b, c", ", "), Ok(["a", ", ", "b, c"]));
        assert_eq!(rpartition("a, b, c", ", "), Ok(["a, b", ", ", "c"]));
        assert_eq!(partition("abc", "x"), Ok(["abc", "", ""]));
        assert_eq!(rpartition("abc", "x"), Ok(["", "", "abc"]));
        assert_eq!(partition("abc", ""), Err(TextError::value("empty separator")));
    }
}
