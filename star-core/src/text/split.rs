//! Taking text apart: `split`, `rsplit`, `splitlines`.
//!
//! In: a `&str` or `&[u8]`. Out: an iterator of its parts, which allocates nothing.
//! Rule: O(n) for all parts together.

use memchr::memmem;

use super::error::TextError;
use super::search::{Needle, not_empty, text_from};
use super::str_or_bytes::StrOrBytes;

/// `text.split(separator, maxsplit)`: splits at the first `maxsplit` separators, at all if it is
/// negative. ValueError for an empty separator.
pub fn split<'a, T: StrOrBytes + ?Sized>(
    text: &'a T,
    separator: &'a T,
    maxsplit: i64,
) -> Result<impl Iterator<Item = &'a T> + use<'a, T>, TextError> {
    let separator = not_empty(separator)?;
    let needle = Needle::new(separator, text.as_bytes().len());
    let mut rest = Some(text);
    let mut splits = limit(maxsplit);
    Ok(std::iter::from_fn(move || {
        let part = rest?;
        let found = if splits > 0 { needle.find(part.as_bytes()) } else { None };
        let Some(at) = found else {
            return rest.take();
        };
        splits -= 1;
        rest = Some(text_from(part, at + separator.len()));
        Some(part.slice(0..at))
    }))
}

/// `text.rsplit(separator, maxsplit)`, **last part first**: splits at the last `maxsplit`
/// separators. ValueError for an empty separator.
pub fn rsplit<'a, T: StrOrBytes + ?Sized>(
    text: &'a T,
    separator: &'a T,
    maxsplit: i64,
) -> Result<impl Iterator<Item = &'a T> + use<'a, T>, TextError> {
    let finder = memmem::FinderRev::new(not_empty(separator)?);
    let mut rest = Some(text);
    let mut splits = limit(maxsplit);
    Ok(std::iter::from_fn(move || {
        let part = rest?;
        let found = if splits > 0 { finder.rfind(part.as_bytes()) } else { None };
        let Some(at) = found else {
            return rest.take();
        };
        splits -= 1;
        rest = Some(part.slice(0..at));
        Some(text_from(part, at + finder.needle().len()))
    }))
}

/// `text.split(None, maxsplit)`: at runs of whitespace, none of which is in a part, except inside
/// what is left after `maxsplit` parts.
pub fn split_whitespace<T: StrOrBytes + ?Sized>(text: &T, maxsplit: i64) -> impl Iterator<Item = &T> {
    let mut rest = text_from(text, text.leading_space());
    let mut splits = limit(maxsplit);
    std::iter::from_fn(move || {
        let len = rest.as_bytes().len();
        if len == 0 {
            return None;
        }
        let end = if splits > 0 { rest.leading_word() } else { len };
        splits = splits.saturating_sub(1);
        let part = rest.slice(0..end);
        rest = text_from(rest, end);
        rest = text_from(rest, rest.leading_space());
        Some(part)
    })
}

/// `text.rsplit(None, maxsplit)`, **last part first**.
pub fn rsplit_whitespace<T: StrOrBytes + ?Sized>(text: &T, maxsplit: i64) -> impl Iterator<Item = &T> {
    let mut rest = without_trailing_space(text);
    let mut splits = limit(maxsplit);
    std::iter::from_fn(move || {
        let len = rest.as_bytes().len();
        if len == 0 {
            return None;
        }
        let start = if splits > 0 { len - rest.trailing_word() } else { 0 };
        splits = splits.saturating_sub(1);
        let part = rest.slice(start..len);
        rest = without_trailing_space(rest.slice(0..start));
        Some(part)
    })
}

fn without_trailing_space<T: StrOrBytes + ?Sized>(text: &T) -> &T {
    text.slice(0..text.as_bytes().len() - text.trailing_space())
}

/// `text.splitlines(keepends)`. A `str` has Python's twelve line ends, bytes have `\n`, `\r` and
/// `\r\n`.
pub fn split_lines<T: StrOrBytes + ?Sized>(text: &T, keep_ends: bool) -> impl Iterator<Item = &T> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let len = rest.as_bytes().len();
        if len == 0 {
            return None;
        }
        let end = rest.line_end().unwrap_or(len..len);
        let line = rest.slice(0..if keep_ends { end.end } else { end.start });
        rest = text_from(rest, end.end);
        Some(line)
    })
}

fn limit(maxsplit: i64) -> usize {
    usize::try_from(maxsplit).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text, separator, maxsplit; the parts of split, those of rsplit.
    type Case<'a> = (&'a str, &'a str, i64, &'a [&'a str], &'a [&'a str]);

    #[test]
    fn at_a_separator() {
        let cases: [Case<'_>; 7] = [
            ("a,b,c", ",", -1, &["a", "b", "c"], &["c", "b", "a"]),
            ("a,b,c", ",", 1, &["a", "b,c"], &["c", "a,b"]),
            ("a,b,c", ",", 0, &["a,b,c"], &["a,b,c"]),
            (",é,", ",", -1, &["", "é", ""], &["", "é", ""]),
            ("", ",", -1, &[""], &[""]),
            ("aaa", "aa", -1, &["", "a"], &["", "a"]),
            ("日--本", "--", 5, &["日", "本"], &["本", "日"]),
        ];
        for (text, separator, maxsplit, forward, backward) in cases {
            let parts: Vec<&str> = split(text, separator, maxsplit).expect("not empty").collect();
            assert_eq!(parts, forward, "{text:?}");
            let parts: Vec<&str> = rsplit(text, separator, maxsplit).expect("not empty").collect();
            assert_eq!(parts, backward, "{text:?}");
        }
        let error = split("a", "", -1).err().map(|error| error.message);
        assert_eq!(error.as_deref(), Some("empty separator"));
    }

    #[test]
    fn at_whitespace() {
        let cases: [(&str, i64, &[&str], &[&str]); 6] = [
            (" a  b\tc\n", -1, &["a", "b", "c"], &["c", "b", "a"]),
            (" a  b c ", 1, &["a", "b c "], &["c", " a  b"]),
            (" a b ", 0, &["a b "], &[" a b"]),
            ("", -1, &[], &[]),
            (" \u{3000}\x1c ", -1, &[], &[]),
            ("a\u{a0}é", 1, &["a", "é"], &["é", "a"]),
        ];
        for (text, maxsplit, forward, backward) in cases {
            assert_eq!(split_whitespace(text, maxsplit).collect::<Vec<_>>(), forward, "{text:?}");
            assert_eq!(rsplit_whitespace(text, maxsplit).collect::<Vec<_>>(), backward, "{text:?}");
        }
        let bytes = b"a\x0bb\x1cc\xa0d";
        assert_eq!(split_whitespace(&bytes[..], -1).collect::<Vec<_>>(), [&b"a"[..], b"b\x1cc\xa0d"]);
    }

    #[test]
    fn at_line_ends() {
        let text = "a\nb\r\nc\rd\x0be\x0cf\x1cg\x1dh\x1ei\u{85}j\u{2028}k\u{2029}\n\nÂâ";
        let lines: Vec<&str> = split_lines(text, false).collect();
        assert_eq!(lines, ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "", "", "Ââ"]);
        let kept: Vec<&str> = split_lines(text, true).collect();
        assert_eq!(kept.concat(), text);
        assert_eq!(kept[1], "b\r\n");
        assert_eq!(split_lines("a\n", false).collect::<Vec<_>>(), ["a"]);
        assert_eq!(split_lines("", false).count(), 0);
        let lines: Vec<&[u8]> = split_lines(&b"a\r\nb\x0b\rc\x85\n"[..], false).collect();
        assert_eq!(lines, [&b"a"[..], b"b\x0b", b"c\x85"]);
    }
}
