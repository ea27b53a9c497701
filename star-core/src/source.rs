//! The text that compiled code came from.
//!
//! In: the bytes of one piece of the stream (a top-level statement, or one line of it when blocks run
//! eagerly). Out: [`SourceText`], shared by everything compiled from it and dropped with it, so that an endless
//! stream needs bounded memory. Rule: the text is exactly what arrived; offsets into it plus its base are
//! offsets into the stream.

use std::sync::Arc;

use crate::span::{Location, Position, Span};

/// One piece of source, and where in the stream it starts.
#[derive(Debug)]
pub struct SourceText {
    /// The name shown in messages: a path, or `<stdin>`.
    pub name: Arc<str>,
    /// Where `text` starts. Always the first column of a line, or a place inside one after `;`.
    pub base: Position,
    /// The text as it arrived.
    pub text: Box<str>,
}

impl SourceText {
    /// Resolves a span of this text to places in the stream. Costs O(length of the text).
    pub fn locate(&self, span: Span) -> Location {
        let start = self.base.advance(self.slice(0, span.start));
        let end = start.advance(self.slice(span.start, span.end));
        Location { start, end }
    }

    /// The line (from 1, in the whole stream) that contains byte `offset`.
    pub fn line_of(&self, offset: u32) -> u32 {
        self.base.advance(self.slice(0, offset)).line
    }

    /// The text of line `line` of the stream without its line end, if this piece holds it.
    pub fn line_text(&self, line: u32) -> Option<&str> {
        let index = line.checked_sub(self.base.line)?;
        lines(&self.text).nth(index as usize)
    }

    /// The text of a span; empty where the span lies outside.
    pub fn text_of(&self, span: Span) -> &str {
        self.slice(span.start, span.end)
    }

    fn slice(&self, start: u32, end: u32) -> &str {
        let end = (end as usize).min(self.text.len());
        self.text.get((start as usize).min(end)..end).unwrap_or("")
    }
}

/// Lines of `text`, split as the lexer splits them: at `\n`, `\r\n` and `\r`.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(at) = text.find(['\n', '\r']) else {
            rest = None;
            return Some(text);
        };
        let width = if text[at..].starts_with("\r\n") { 2 } else { 1 };
        rest = Some(&text[at + width..]);
        Some(&text[..at])
    })
}
