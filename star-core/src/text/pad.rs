//! Making text wider: `center`, `ljust`, `rjust`, `zfill`, `expandtabs`.
//!
//! In: a text and a width in units. Out: the wider text.
//! Rule: a result above the caller's `max` bytes is refused before it is built.

use super::error::TextError;
use super::str_or_bytes::StrOrBytes;

/// Where the text stands among its padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Justify {
    /// `ljust`
    Left,
    /// `rjust`
    Right,
    /// `center`
    Center,
}

/// `text.ljust(width, fill)`, `rjust`, `center`. `fill` is one unit.
pub fn justify<T: StrOrBytes + ?Sized>(
    text: &T,
    width: i64,
    fill: &T,
    justify: Justify,
    max: usize,
) -> Result<T::Owned, TextError> {
    let units = text.units();
    let width = usize::try_from(width).unwrap_or(0);
    let padding = width.saturating_sub(units);
    let before = match justify {
        Justify::Left => 0,
        Justify::Right => padding,
        // CPython gives the odd unit to the left if the width is odd.
        Justify::Center => padding / 2 + (padding & width & 1),
    };
    let size = padding.saturating_mul(fill.as_bytes().len()).saturating_add(text.as_bytes().len());
    TextError::check_size(size, max)?;
    let mut out = T::buffer(size);
    repeat(&mut out, fill, before);
    T::append(&mut out, text);
    repeat(&mut out, fill, padding - before);
    Ok(out)
}

/// `text.zfill(width)`: zeros between the sign and the rest.
pub fn zfill<T: StrOrBytes + ?Sized>(text: &T, width: i64, max: usize) -> Result<T::Owned, TextError> {
    let len = text.as_bytes().len();
    let padding = usize::try_from(width).unwrap_or(0).saturating_sub(text.units());
    let size = padding.saturating_add(len);
    TextError::check_size(size, max)?;
    let sign = usize::from(matches!(text.as_bytes().first(), Some(b'+' | b'-')));
    let mut out = T::buffer(size);
    T::append(&mut out, text.slice(0..sign));
    repeat(&mut out, T::ascii("0"), padding);
    T::append(&mut out, text.slice(sign..len));
    Ok(out)
}

/// `text.expandtabs(tabsize)`: spaces up to the next column that is a multiple of `tabsize`; tabs
/// are dropped if it is not positive. Columns start anew after `\n` and `\r`.
pub fn expand_tabs<T: StrOrBytes + ?Sized>(
    text: &T,
    tabsize: i64,
    max: usize,
) -> Result<T::Owned, TextError> {
    let tabsize = usize::try_from(tabsize).unwrap_or(0);
    let runs = || Runs { text, at: 0, column: 0, tabsize };
    let sizes = runs().map(|run| run.bytes.len().saturating_add(run.spaces));
    let size = sizes.fold(0, usize::saturating_add);
    TextError::check_size(size, max)?;
    let mut out = T::buffer(size);
    for run in runs() {
        T::append(&mut out, text.slice(run.bytes));
        repeat(&mut out, T::ascii(" "), run.spaces);
    }
    Ok(out)
}

/// Text up to a tab, or with its line end, or to the end; and the spaces for the tab.
struct Run {
    bytes: std::ops::Range<usize>,
    spaces: usize,
}

struct Runs<'a, T: ?Sized> {
    text: &'a T,
    at: usize,
    column: usize,
    tabsize: usize,
}

impl<T: StrOrBytes + ?Sized> Iterator for Runs<'_, T> {
    type Item = Run;

    fn next(&mut self) -> Option<Run> {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).filter(|rest| !rest.is_empty())?;
        let Some(len) = memchr::memchr3(b'\t', b'\n', b'\r', rest) else {
            self.at = start + rest.len();
            return Some(Run { bytes: start..self.at, spaces: 0 });
        };
        self.at = start + len + 1;
        if rest[len] != b'\t' {
            self.column = 0;
            return Some(Run { bytes: start..self.at, spaces: 0 });
        }
        let bytes = start..start + len;
        // Only the column within a tab stop matters, so that no width overflows.
        self.column += self.text.slice(bytes.clone()).units();
        let used = self.column.checked_rem(self.tabsize).unwrap_or(0);
        self.column = 0;
        Some(Run { bytes, spaces: self.tabsize - used })
    }
}

fn repeat<T: StrOrBytes + ?Sized>(out: &mut T::Owned, fill: &T, times: usize) {
    for _ in 0..times {
        T::append(out, fill);
    }
}

#[cfg(test)]
mod tests {
    use super::super::ErrorKind;
    use super::*;

    const MAX: usize = 100;

    #[test]
    fn justifies() {
        // text, width: ljust, rjust, center
        let cases = [
            ("ab", 5, "ab···", "···ab", "··ab·"),
            ("abc", 6, "abc···", "···abc", "·abc··"),
            ("日", 2, "日·", "·日", "日·"),
            ("abc", 2, "abc", "abc", "abc"),
            ("abc", -9, "abc", "abc", "abc"),
            ("", 3, "···", "···", "···"),
        ];
        for (text, width, left, right, center) in cases {
            for (side, expected) in
                [(Justify::Left, left), (Justify::Right, right), (Justify::Center, center)]
            {
                assert_eq!(justify(text, width, "·", side, MAX).as_deref(), Ok(expected), "{text:?}");
            }
        }
        let wide = justify("a", 1 << 40, "·", Justify::Left, MAX);
        assert!(wide.is_err_and(|error| error.kind == ErrorKind::TooLarge));
    }

    #[test]
    fn fills_with_zeros() {
        let cases = [
            ("42", 5, "00042"),
            ("-42", 5, "-0042"),
            ("+", 3, "+00"),
            ("é", 3, "00é"),
            ("--1", 5, "-00-1"),
            ("abc", 2, "abc"),
            ("", 2, "00"),
        ];
        for (text, width, expected) in cases {
            assert_eq!(zfill(text, width, MAX).as_deref(), Ok(expected));
        }
        assert_eq!(zfill(&b"-\xff"[..], 4, MAX).as_deref(), Ok(&b"-00\xff"[..]));
    }

    #[test]
    fn expands_tabs() {
        let cases = [
            ("a\tb", 8, "a       b"),
            ("é\t|\t|", 4, "é   |   |"),
            ("abcd\te", 4, "abcd    e"),
            ("ab\n\tc\r\td", 4, "ab\n    c\r    d"),
            ("a\tb", 0, "ab"),
            ("a\tb", -1, "ab"),
            ("a\tb", 1, "a b"),
        ];
        for (text, tabsize, expected) in cases {
            assert_eq!(expand_tabs(text, tabsize, MAX).as_deref(), Ok(expected), "{text:?}");
        }
        let wide = expand_tabs("\t", i64::MAX, MAX);
        assert!(wide.is_err_and(|error| error.kind == ErrorKind::TooLarge));
    }
}
