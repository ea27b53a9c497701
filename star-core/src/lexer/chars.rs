//! Classes of bytes.
//!
//! In: a byte. Out: its [`Class`], by one table lookup. Rule: what is not ASCII is `Wide` and looked at as a
//! character elsewhere.

/// What a byte can start.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(super) enum Class {
    /// Nothing.
    Bad,
    /// Space, tab, form feed.
    Space,
    /// `\n`, `\r`.
    Newline,
    /// A letter or `_`.
    Word,
    /// `0`–`9`.
    Digit,
    /// `'`, `"`.
    Quote,
    /// `#`.
    Hash,
    /// `\`.
    Backslash,
    /// Part of an operator or a delimiter.
    Operator,
    /// A character beyond ASCII.
    Wide,
}

/// The class of each byte.
pub(super) static CLASS: [Class; 256] = classes();

/// Whether each byte goes on a word: letters, digits, `_`.
pub(super) static IN_WORD: [bool; 256] = in_word();

const fn classes() -> [Class; 256] {
    let mut table = [Class::Bad; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b' ' | b'\t' | 0x0C => Class::Space,
            b'\n' | b'\r' => Class::Newline,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => Class::Word,
            b'0'..=b'9' => Class::Digit,
            b'\'' | b'"' => Class::Quote,
            b'#' => Class::Hash,
            b'\\' => Class::Backslash,
            b'(' | b')' | b'[' | b']' | b'{' | b'}' | b',' | b':' | b';' | b'.' | b'@' | b'=' | b'+'
            | b'-' | b'*' | b'/' | b'%' | b'&' | b'|' | b'^' | b'~' | b'<' | b'>' | b'!' => Class::Operator,
            0x80..=0xFF => Class::Wide,
            _ => Class::Bad,
        };
        byte += 1;
    }
    table
}

const fn in_word() -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_';
        byte += 1;
    }
    table
}
