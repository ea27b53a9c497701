//! Places in source text.
//!
//! In: byte offsets. Out: [`Span`]s, which are relative to the piece of source they were cut from, and
//! [`Position`]s, which are absolute in the whole stream. Rule: nothing here looks at the text of a script
//! except to count lines and code points.

use std::fmt;

/// A range of bytes, `start..end`, relative to the start of one [`SourceText`](crate::source::SourceText).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span `start..end`.
    pub fn new(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    /// The empty span at `offset`.
    pub fn at(offset: u32) -> Span {
        Span { start: offset, end: offset }
    }

    /// The smallest span that covers both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// A place in the whole stream.
///
/// `line` and `column` count from 1, columns in code points; `offset` counts bytes of the stream as
/// received from 0, a byte order mark included (which has no column).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in code points, from 1.
    pub column: u32,
    /// Bytes since the start of the stream, from 0.
    pub offset: u64,
}

impl Default for Position {
    fn default() -> Position {
        Position { line: 1, column: 1, offset: 0 }
    }
}

impl Position {
    /// The position after `text`, which starts here. A line ends at `\n`, `\r\n` or `\r`.
    pub fn advance(self, text: &str) -> Position {
        let mut here = self;
        let bytes = text.as_bytes();
        for (i, &byte) in bytes.iter().enumerate() {
            match byte {
                b'\n' => {
                    here.line += 1;
                    here.column = 1;
                }
                b'\r' if bytes.get(i + 1) != Some(&b'\n') => {
                    here.line += 1;
                    here.column = 1;
                }
                b'\r' | 0x80..=0xBF => {}
                _ => here.column += 1,
            }
        }
        here.offset += text.len() as u64;
        here
    }
}

/// A span with both ends resolved to [`Position`]s.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Location {
    /// Where it starts.
    pub start: Position,
    /// One past its end.
    pub end: Position,
}
