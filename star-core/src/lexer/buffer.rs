//! The text that has arrived and is still needed.
//!
//! In: chunks of bytes, cut anywhere. Out: valid UTF-8 without null bytes, and places in the stream. Rule: text
//! in front of the current piece is dropped, at a cost linear in the stream whatever the cuts.

use crate::span::Position;

/// The window of the stream from the start of the current piece on.
#[derive(Default)]
pub(super) struct Buffer {
    /// What has arrived and was not dropped.
    pub(super) text: String,
    /// Where in `text` the current piece starts, always at the start of a line.
    pub(super) base: usize,
    /// Line of `base`, less one.
    line: u32,
    /// Column of `base`, less one: 0 but where the input ended in the middle of a line.
    column: u32,
    /// Offset of `text` in the stream.
    origin: u64,
    /// Whether the byte before `base` is a carriage return, so that a line feed there ends no further line.
    base_after_cr: bool,
    /// The start of a character whose other bytes have not arrived.
    tail: [u8; 4],
    tail_len: u8,
    /// What follows `text` and can never be source.
    pub(super) bad: Option<Bad>,
}

/// Why the stream cannot be read further.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Bad {
    /// This byte starts no valid UTF-8 sequence.
    Utf8(u8),
    /// The input ended inside a character.
    Cut,
    /// A null byte.
    Null,
}

/// Dropping fewer bytes than this is not worth moving the rest.
const SLACK: usize = 16 * 1024;

impl Buffer {
    /// Starts over at `position`, with nothing arrived.
    pub(super) fn restart(&mut self, position: Position) {
        let base_after_cr = self.base_after_cr && self.position().offset == position.offset;
        self.text.clear();
        self.base = 0;
        self.line = position.line.saturating_sub(1);
        self.column = position.column.saturating_sub(1);
        self.origin = position.offset;
        self.base_after_cr = base_after_cr;
        self.tail_len = 0;
        self.bad = None;
    }

    /// Whether a line feed at the base belongs to a carriage return before it.
    pub(super) fn is_after_cr(&self) -> bool {
        self.base_after_cr
    }

    /// The place of `base`.
    pub(super) fn position(&self) -> Position {
        Position { line: self.line + 1, column: self.column + 1, offset: self.origin + self.base as u64 }
    }

    /// Appends a chunk.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while self.tail_len > 0 && self.bad.is_none() {
            let Some((&byte, after)) = rest.split_first() else { return };
            rest = after;
            self.push_to_tail(byte);
        }
        if self.bad.is_some() || rest.is_empty() {
            return;
        }
        let bad = match rest.iter().position(|&byte| byte == 0) {
            None => None,
            Some(at) => {
                rest = &rest[..at];
                Some(Bad::Null)
            }
        };
        match std::str::from_utf8(rest) {
            Ok(text) => {
                self.text.push_str(text);
                self.bad = bad;
            }
            Err(error) => {
                let (valid, invalid) = rest.split_at(error.valid_up_to());
                self.text.push_str(std::str::from_utf8(valid).unwrap_or(""));
                // A null byte goes on with no character, so the one before it is what is wrong.
                if error.error_len().is_some() || bad.is_some() {
                    self.bad = Some(Bad::Utf8(invalid[0]));
                } else {
                    self.tail[..invalid.len()].copy_from_slice(invalid);
                    self.tail_len = invalid.len() as u8;
                }
            }
        }
    }

    fn push_to_tail(&mut self, byte: u8) {
        let len = self.tail_len as usize;
        self.tail[len] = byte;
        match std::str::from_utf8(&self.tail[..=len]) {
            Ok(text) => {
                self.text.push_str(text);
                self.tail_len = 0;
            }
            Err(error) if error.error_len().is_none() => self.tail_len += 1,
            Err(_) => self.bad = Some(Bad::Utf8(self.tail[0])),
        }
    }

    /// No more bytes: an unfinished character is an error.
    pub(super) fn finish(&mut self) {
        if self.tail_len > 0 && self.bad.is_none() {
            self.bad = Some(Bad::Cut);
        }
    }

    /// Moves the base forward to `to` and counts the lines on the way. `text` is the buffer's, which may be lent
    /// out at the time.
    pub(super) fn advance(&mut self, text: &str, to: usize) {
        if to <= self.base {
            return;
        }
        let passed = &text.as_bytes()[self.base..to];
        self.line += count_lines(passed);
        if self.base_after_cr && passed[0] == b'\n' {
            self.line -= 1;
        }
        let last = passed[passed.len() - 1];
        self.base_after_cr = last == b'\r';
        self.column = if matches!(last, b'\r' | b'\n') { 0 } else { self.column_after(&text[self.base..to]) };
        self.base = to;
    }

    /// The column after `passed`, which ends in the middle of a line (or with a byte order mark).
    #[cold]
    fn column_after(&self, passed: &str) -> u32 {
        let passed = passed.strip_prefix('\u{FEFF}').unwrap_or(passed);
        match passed.rfind(['\n', '\r']) {
            Some(line_end) => passed[line_end + 1..].chars().count() as u32,
            None => self.column + passed.chars().count() as u32,
        }
    }

    /// Forgets what lies in front of the base once that is worth it; returns by how much indices shrank.
    pub(super) fn compact(&mut self) -> usize {
        let dropped = self.base;
        if dropped == self.text.len() {
            self.text.clear();
        } else if dropped >= SLACK && dropped * 2 >= self.text.len() {
            self.text.drain(..dropped);
        } else {
            return 0;
        }
        if self.text.capacity() > 4 * SLACK && self.text.len() < self.text.capacity() / 8 {
            self.text.shrink_to(2 * SLACK);
        }
        self.base = 0;
        self.origin += dropped as u64;
        dropped
    }
}

/// Line ends in `bytes`: `\n`, `\r\n` and `\r` count one each.
fn count_lines(bytes: &[u8]) -> u32 {
    let (mut feeds, mut returns) = (0, 0);
    // Sums of bytes, which rustc turns into vector instructions.
    for chunk in bytes.chunks(255) {
        let (mut some_feeds, mut some_returns) = (0u8, 0u8);
        for &byte in chunk {
            some_feeds += u8::from(byte == b'\n');
            some_returns += u8::from(byte == b'\r');
        }
        feeds += some_feeds as usize;
        returns += some_returns as usize;
    }
    if returns == 0 {
        return feeds as u32;
    }
    let pairs = bytes.windows(2).filter(|pair| pair == b"\r\n").count();
    (feeds + returns - pairs) as u32
}
