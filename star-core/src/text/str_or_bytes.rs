//! What searching, splitting and padding need to know of `str` and `bytes`.
//!
//! In: a `&str` or `&[u8]`. Out: its parts.
//! Rule: every range is in bytes and lies on character boundaries; a *unit* is what a script
//! counts, a code point of a `str` and a byte of `bytes`.

use std::ops::Range;

use super::unicode::is_space;

/// A `str` or a `[u8]`.
pub trait StrOrBytes: 'static {
    /// `String` or `Vec<u8>`.
    type Owned;

    /// The bytes.
    fn as_bytes(&self) -> &[u8];

    /// The part in `range`.
    fn slice(&self, range: Range<usize>) -> &Self;

    /// Some ASCII text of this type.
    fn ascii(text: &'static str) -> &'static Self;

    /// The number of units. O(n) for a `str`.
    fn units(&self) -> usize;

    /// The byte where unit number `index` starts; `None` past the end, whose index counts as one
    /// more unit. O(n) for a `str`.
    fn unit_offset(&self, index: usize) -> Option<usize>;

    /// The length in bytes of the first unit, 0 if empty.
    fn first_unit(&self) -> usize;

    /// Bytes of whitespace at the start.
    fn leading_space(&self) -> usize;

    /// Bytes at the start that are not whitespace.
    fn leading_word(&self) -> usize;

    /// Bytes of whitespace at the end.
    fn trailing_space(&self) -> usize;

    /// Bytes at the end that are not whitespace.
    fn trailing_word(&self) -> usize;

    /// The first line end, where `\r\n` is one.
    fn line_end(&self) -> Option<Range<usize>>;

    /// An empty buffer with room for `bytes`.
    fn buffer(bytes: usize) -> Self::Owned;

    /// Appends `part` to a buffer.
    fn append(out: &mut Self::Owned, part: &Self);
}

impl StrOrBytes for str {
    type Owned = String;

    fn as_bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    fn slice(&self, range: Range<usize>) -> &str {
        &self[range]
    }

    fn ascii(text: &'static str) -> &'static str {
        text
    }

    fn units(&self) -> usize {
        self.chars().count()
    }

    fn unit_offset(&self, index: usize) -> Option<usize> {
        let mut starts = self.char_indices().map(|(at, _)| at).chain([self.len()]);
        starts.nth(index)
    }

    fn first_unit(&self) -> usize {
        self.chars().next().map_or(0, char::len_utf8)
    }

    fn leading_space(&self) -> usize {
        self.find(|c| !is_space(c)).unwrap_or(self.len())
    }

    fn leading_word(&self) -> usize {
        self.find(is_space).unwrap_or(self.len())
    }

    fn trailing_space(&self) -> usize {
        self.len() - self.trim_end_matches(is_space).len()
    }

    fn trailing_word(&self) -> usize {
        self.len() - self.trim_end_matches(|c| !is_space(c)).len()
    }

    fn line_end(&self) -> Option<Range<usize>> {
        // Sets all line ends apart from other bytes: the longer ones start with C2 85 or E2 80.
        let mut from = 0;
        loop {
            let ends = |byte: &u8| matches!(byte, b'\n'..=b'\r' | 0x1c..=0x1e | 0xc2 | 0xe2);
            let at = from + self.as_bytes().get(from..)?.iter().position(ends)?;
            let len = match &self.as_bytes()[at..] {
                [b'\r', b'\n', ..] => 2,
                [0xc2, 0x85, ..] => 2,
                [0xe2, 0x80, 0xa8 | 0xa9, ..] => 3,
                [0xc2 | 0xe2, ..] => 0,
                _ => 1,
            };
            if len > 0 {
                return Some(at..at + len);
            }
            from = at + 1;
        }
    }

    fn buffer(bytes: usize) -> String {
        String::with_capacity(bytes)
    }

    fn append(out: &mut String, part: &str) {
        out.push_str(part);
    }
}

impl StrOrBytes for [u8] {
    type Owned = Vec<u8>;

    fn as_bytes(&self) -> &[u8] {
        self
    }

    fn slice(&self, range: Range<usize>) -> &[u8] {
        &self[range]
    }

    fn ascii(text: &'static str) -> &'static [u8] {
        text.as_bytes()
    }

    fn units(&self) -> usize {
        self.len()
    }

    fn unit_offset(&self, index: usize) -> Option<usize> {
        (index <= self.len()).then_some(index)
    }

    fn first_unit(&self) -> usize {
        self.len().min(1)
    }

    fn leading_space(&self) -> usize {
        self.iter().take_while(|&&byte| is_space_byte(byte)).count()
    }

    fn leading_word(&self) -> usize {
        self.iter().take_while(|&&byte| !is_space_byte(byte)).count()
    }

    fn trailing_space(&self) -> usize {
        self.iter().rev().take_while(|&&byte| is_space_byte(byte)).count()
    }

    fn trailing_word(&self) -> usize {
        self.iter().rev().take_while(|&&byte| !is_space_byte(byte)).count()
    }

    fn line_end(&self) -> Option<Range<usize>> {
        let at = memchr::memchr2(b'\n', b'\r', self)?;
        let len = if self[at..].starts_with(b"\r\n") { 2 } else { 1 };
        Some(at..at + len)
    }

    fn buffer(bytes: usize) -> Vec<u8> {
        Vec::with_capacity(bytes)
    }

    fn append(out: &mut Vec<u8>, part: &[u8]) {
        out.extend_from_slice(part);
    }
}

/// `bytes.isspace` of one byte: the whitespace of ASCII.
pub fn is_space_byte(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}
