//! Indices as scripts give them: negative from the end, clamped for slices and searches.
//!
//! In: an index or bounds, and a text or its length. Out: unit numbers and byte offsets.
//! Rule: a text known to be ASCII costs O(1); any other `str` one pass up to the index.

use std::ops::Range;

use super::str_or_bytes::StrOrBytes;

/// The optional `start` and `end` of `find`, `count`, `startswith`, …; an int beyond 64 bits is
/// clamped by the caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The first unit.
    pub start: Option<i64>,
    /// The unit after the last.
    pub end: Option<i64>,
}

/// The part of a text that bounds select.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Where it is, in bytes.
    pub bytes: Range<usize>,
    /// The number of its first unit.
    pub first: usize,
}

impl Bounds {
    /// The window of the bounds, `None` if it would end before it starts, in which nothing is
    /// found, not even the empty text. `ascii` promises that a `str` is.
    pub fn window<T: StrOrBytes + ?Sized>(self, text: &T, ascii: bool) -> Option<Window> {
        let len = text.as_bytes().len();
        if self == Bounds::default() {
            return Some(Window { bytes: 0..len, first: 0 });
        }
        let units = if ascii { len } else { text.units() };
        let start = absolute(self.start.unwrap_or(0), units);
        let end = absolute(self.end.unwrap_or(i64::MAX), units).min(units);
        if start > end {
            return None;
        }
        let offset = |index| {
            if ascii { Some(index) } else { text.unit_offset(index) }
        };
        let first_byte = offset(start)?;
        let end_byte = match end == units {
            true => len,
            false => offset(end)?,
        };
        Some(Window { bytes: first_byte..end_byte, first: start })
    }
}

impl Window {
    /// The unit number of a byte in the window.
    pub(super) fn unit_at<T: StrOrBytes + ?Sized>(&self, text: &T, byte: usize, ascii: bool) -> usize {
        let before = text.slice(self.bytes.start..byte);
        self.first + if ascii { before.as_bytes().len() } else { before.units() }
    }
}

/// A bound as a unit number: negative ones count from the end and stop at 0.
fn absolute(bound: i64, units: usize) -> usize {
    let distance = usize::try_from(bound.unsigned_abs()).unwrap_or(usize::MAX);
    if bound < 0 { units.saturating_sub(distance) } else { distance }
}

/// The number of code points of `text`.
pub fn char_count(text: &str, ascii: bool) -> usize {
    if ascii { text.len() } else { text.units() }
}

/// The unit that an index means: negative ones count from the end. `None` if out of range.
pub fn resolve_index(index: i64, units: usize) -> Option<usize> {
    let distance = usize::try_from(index.unsigned_abs()).ok()?;
    let unit = if index < 0 { units.checked_sub(distance)? } else { distance };
    (unit < units).then_some(unit)
}

/// The byte where code point `index` starts, `text.len()` for the index after the last, `None`
/// beyond.
pub fn byte_of_char(text: &str, index: usize, ascii: bool) -> Option<usize> {
    if ascii { (index <= text.len()).then_some(index) } else { text.unit_offset(index) }
}

/// The number of code points before a byte offset; one inside a character counts as its end.
pub fn char_of_byte(text: &str, byte: usize, ascii: bool) -> usize {
    let before = &text.as_bytes()[..byte.min(text.len())];
    if ascii {
        return before.len();
    }
    before.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows() {
        let cases = [
            (None, None, Some((0, "aé日b"))),
            (Some(1), None, Some((1, "é日b"))),
            (Some(-2), None, Some((2, "日b"))),
            (Some(-9), Some(-1), Some((0, "aé日"))),
            (Some(4), None, Some((4, ""))),
            (Some(5), None, None),
            (Some(3), Some(2), None),
            (Some(i64::MIN), Some(i64::MAX), Some((0, "aé日b"))),
            (Some(i64::MAX), Some(i64::MIN), None),
            (None, Some(2), Some((0, "aé"))),
        ];
        let text = "aé日b";
        for (start, end, expected) in cases {
            let window = Bounds { start, end }.window(text, false);
            let found = window.map(|window| (window.first, &text[window.bytes]));
            assert_eq!(found, expected, "{start:?}:{end:?}");
            let window = Bounds { start, end }.window("abcd", true);
            assert_eq!(window.map(|window| window.first), expected.map(|(first, _)| first));
        }
    }

    #[test]
    fn conversions() {
        let text = "aé日b";
        for (index, byte) in [(0, 0), (1, 1), (2, 3), (3, 6), (4, 7)] {
            assert_eq!(byte_of_char(text, index, false), Some(byte));
            assert_eq!(char_of_byte(text, byte, false), index);
        }
        assert_eq!(byte_of_char(text, 5, false), None);
        assert_eq!(byte_of_char("ab", 3, true), None);
        assert_eq!(char_count(text, false), 4);
        let cases = [
            (0, Some(0)),
            (3, Some(3)),
            (4, None),
            (-1, Some(3)),
            (-4, Some(0)),
            (-5, None),
            (i64::MIN, None),
        ];
        for (index, unit) in cases {
            assert_eq!(resolve_index(index, 4), unit, "{index}");
        }
    }
}
