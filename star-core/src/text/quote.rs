//! Text as source code shows it: `repr`, `ascii`, and what is safe to print on a terminal.
//!
//! In: a string or bytes. Out: the quoted or escaped text.
//! Rule: the result of `repr` and `ascii`, read back as a literal, is the input again.
//!
//! Runs that need no escape are copied as a whole; each function costs O(n).

use std::borrow::Cow;

use super::unicode::is_printable;

/// `repr(text)`.
///
/// ```
/// assert_eq!(star_core::text::quote::repr_str("it's\n"), r#""it's\n""#);
/// ```
pub fn repr_str(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write_repr(&mut out, text);
    out
}

/// Appends `repr(text)` to `out`.
pub fn write_repr(out: &mut String, text: &str) {
    write_quoted(out, text, is_printable);
}

/// The length of `repr(text)` in UTF-8 bytes, at most `4 * text.len() + 2`.
pub fn repr_len(text: &str) -> usize {
    quoted_len(text, is_printable)
}

/// `ascii(text)`: as `repr`, with everything beyond ASCII escaped.
pub fn ascii_str(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write_quoted(&mut out, text, is_printable_ascii);
    out
}

/// The length of `ascii(text)` in bytes, at most `4 * text.len() + 2`.
pub fn ascii_len(text: &str) -> usize {
    quoted_len(text, is_printable_ascii)
}

/// `ascii(value)` of a value whose `repr` is `repr`: `\x`, `\u` and `\U` for everything beyond ASCII.
/// At most three times as long.
pub fn ascii_of_repr(repr: &str) -> Cow<'_, str> {
    escape_where(repr, |c| !c.is_ascii())
}

/// `repr(data)` of bytes.
pub fn repr_bytes(data: &[u8]) -> String {
    let mut out = String::with_capacity(data.len() + 3);
    write_repr_bytes(&mut out, data);
    out
}

/// Appends `repr(data)` of bytes to `out`.
pub fn write_repr_bytes(out: &mut String, data: &[u8]) {
    let quote = quote_for(data);
    out.push('b');
    out.push(quote);
    for &byte in data {
        match Escape::of(char::from(byte), quote, is_printable_ascii) {
            Some(escape) => escape.write(out),
            None => out.push(char::from(byte)),
        }
    }
    out.push(quote);
}

/// The length of `repr(data)` of bytes, at most `4 * data.len() + 3`.
pub fn repr_bytes_len(data: &[u8]) -> usize {
    let quote = quote_for(data);
    let escape = |&byte: &u8| Escape::of(char::from(byte), quote, is_printable_ascii);
    3 + data.iter().map(|byte| escape(byte).map_or(1, Escape::len)).sum::<usize>()
}

/// The text of a script, made safe for a terminal: control characters other than newline and tab,
/// the characters that reorder text, and the invisible ones that can hide it become `\x1b`,
/// `\u202e`, …
pub fn escape_for_terminal(text: &str) -> Cow<'_, str> {
    escape_where(text, |c| match c {
        '\n' | '\t' => false,
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}' => true,
        '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => true,
        _ => c.is_control(),
    })
}

/// `text` with the characters for which `escaped` holds as `\xHH`, `\uHHHH` or `\UHHHHHHHH`.
fn escape_where(text: &str, escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    let Some(first) = text.find(&escaped) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(&text[..first]);
    for c in text[first..].chars() {
        if escaped(c) {
            Escape::Code(c).write(&mut out);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

fn is_printable_ascii(c: char) -> bool {
    matches!(c, ' '..='~')
}

fn write_quoted(out: &mut String, text: &str, keep: fn(char) -> bool) {
    let quote = quote_for(text.as_bytes());
    out.push(quote);
    let mut copied = 0;
    for (at, c) in text.char_indices() {
        if let Some(escape) = Escape::of(c, quote, keep) {
            out.push_str(&text[copied..at]);
            escape.write(out);
            copied = at + c.len_utf8();
        }
    }
    out.push_str(&text[copied..]);
    out.push(quote);
}

fn quoted_len(text: &str, keep: fn(char) -> bool) -> usize {
    let quote = quote_for(text.as_bytes());
    let one = |c: char| Escape::of(c, quote, keep).map_or(c.len_utf8(), Escape::len);
    2 + text.chars().map(one).sum::<usize>()
}

/// Single quotes, unless that would need an escape that double quotes do not.
fn quote_for(text: &[u8]) -> char {
    if text.contains(&b'\'') && !text.contains(&b'"') { '"' } else { '\'' }
}

/// How a character that cannot stand for itself is written.
#[derive(Clone, Copy)]
enum Escape {
    /// `\` and the character.
    Backslash(char),
    /// `\x`, `\u` or `\U` and the code point in hex.
    Code(char),
}

impl Escape {
    #[inline]
    fn of(c: char, quote: char, keep: fn(char) -> bool) -> Option<Escape> {
        match c {
            '\\' => Some(Escape::Backslash('\\')),
            '\n' => Some(Escape::Backslash('n')),
            '\r' => Some(Escape::Backslash('r')),
            '\t' => Some(Escape::Backslash('t')),
            _ if c == quote => Some(Escape::Backslash(c)),
            ' '..='~' => None,
            _ if keep(c) => None,
            _ => Some(Escape::Code(c)),
        }
    }

    fn len(self) -> usize {
        match self {
            Escape::Backslash(_) => 2,
            Escape::Code(c) => 2 + hex_digits(c).1,
        }
    }

    fn write(self, out: &mut String) {
        match self {
            Escape::Backslash(c) => out.extend(['\\', c]),
            Escape::Code(c) => {
                let (letter, digits) = hex_digits(c);
                out.extend(['\\', letter]);
                let nibble = |i: usize| (u32::from(c) >> (4 * i)) & 15;
                out.extend((0..digits).rev().filter_map(|i| char::from_digit(nibble(i), 16)));
            }
        }
    }
}

/// The escape's letter and how many hex digits follow it.
fn hex_digits(c: char) -> (char, usize) {
    match u32::from(c) {
        0..=0xff => ('x', 2),
        0x100..=0xffff => ('u', 4),
        _ => ('U', 8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repr_and_ascii_of_str() {
        let cases = [
            ("", "''", "''"),
            ("abc", "'abc'", "'abc'"),
            ("it's", "\"it's\"", "\"it's\""),
            ("\"'", "'\"\\''", "'\"\\''"),
            ("\"", "'\"'", "'\"'"),
            ("a\\b\n\r\t", r"'a\\b\n\r\t'", r"'a\\b\n\r\t'"),
            ("\0\x1b\x7f", r"'\x00\x1b\x7f'", r"'\x00\x1b\x7f'"),
            ("é\u{a0}\u{ad}", r"'é\xa0\xad'", r"'\xe9\xa0\xad'"),
            ("日\u{200b}\u{2028}", r"'日\u200b\u2028'", r"'\u65e5\u200b\u2028'"),
            ("😀\u{e0001}\u{10ffff}", r"'😀\U000e0001\U0010ffff'", r"'\U0001f600\U000e0001\U0010ffff'"),
            ("\u{378}", r"'\u0378'", r"'\u0378'"),
        ];
        for (text, repr, ascii) in cases {
            assert_eq!(repr_str(text), repr);
            assert_eq!(repr_len(text), repr.len(), "{text:?}");
            assert_eq!(ascii_str(text), ascii);
            assert_eq!(ascii_len(text), ascii.len(), "{text:?}");
            assert_eq!(ascii_of_repr(repr), ascii);
        }
    }

    #[test]
    fn repr_of_bytes() {
        let cases: [(&[u8], &str); 5] = [
            (b"", "b''"),
            (b"it's", "b\"it's\""),
            (b"'\"", r#"b'\'"'"#),
            (b"\t\n\r\\", r"b'\t\n\r\\'"),
            (b"\x00\x1fA\x7f\xff", r"b'\x00\x1fA\x7f\xff'"),
        ];
        for (data, repr) in cases {
            assert_eq!(repr_bytes(data), repr);
            assert_eq!(repr_bytes_len(data), repr.len(), "{data:?}");
        }
    }

    #[test]
    fn terminal_escapes() {
        assert!(matches!(escape_for_terminal("line\n\tdé 😀 \u{200d}"), Cow::Borrowed(_)));
        assert_eq!(escape_for_terminal("a\x1b[31m\r\u{9b}b"), r"a\x1b[31m\x0d\x9bb");
        assert_eq!(escape_for_terminal("x\u{202e}y\u{2066}"), r"x\u202ey\u2066");
        assert_eq!(escape_for_terminal("\u{e0041}"), r"\U000e0041");
    }
}
