//! Syntax errors while their source is still at hand.
//!
//! In: what the lexer or the parser found wrong, with spans in the current piece. Out: a [`Problem`], which the
//! parser turns into a `Diagnostic` once it has copied the text. Rule: text of the script enters a message only
//! through [`quote`] or [`escape`].

use std::fmt::Write as _;

use crate::diagnostic::Diagnostic;
use crate::source::SourceText;
use crate::span::Span;

/// An error with spans that are not resolved yet.
#[derive(Clone, Debug)]
pub struct Problem {
    /// One of [`codes`](super::codes).
    pub code: &'static str,
    /// `SyntaxError`, `IndentationError` or `TabError`.
    pub kind: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where, in the current piece.
    pub span: Span,
    /// What would have been accepted.
    pub expected: Vec<String>,
    /// Edits: what to replace, with what, and the same in words.
    pub edits: Vec<(Span, String, String)>,
    /// Remarks at other places.
    pub notes: Vec<(Span, String)>,
}

impl Problem {
    /// A `SyntaxError` at `span`.
    pub fn new(code: &'static str, span: Span, message: impl Into<String>) -> Box<Problem> {
        Box::new(Problem {
            code,
            kind: "SyntaxError",
            message: message.into(),
            span,
            expected: Vec::new(),
            edits: Vec::new(),
            notes: Vec::new(),
        })
    }

    /// Sets the exception type.
    pub fn with_kind(mut self: Box<Problem>, kind: &'static str) -> Box<Problem> {
        self.kind = kind;
        self
    }

    /// Adds something that would have been accepted.
    pub fn expecting(mut self: Box<Problem>, what: impl Into<String>) -> Box<Problem> {
        self.expected.push(what.into());
        self
    }

    /// Adds an edit.
    pub fn suggesting(
        mut self: Box<Problem>,
        span: Span,
        replacement: impl Into<String>,
        text: impl Into<String>,
    ) -> Box<Problem> {
        self.edits.push((span, replacement.into(), text.into()));
        self
    }

    /// Adds a remark at another place.
    pub fn noting(mut self: Box<Problem>, span: Span, text: impl Into<String>) -> Box<Problem> {
        self.notes.push((span, text.into()));
        self
    }

    /// Moves every place `by` bytes to the front, as the piece starts later.
    pub(super) fn shift(&mut self, by: u32) {
        let spans = self.edits.iter_mut().map(|edit| &mut edit.0);
        let spans = spans.chain(self.notes.iter_mut().map(|note| &mut note.0));
        for span in spans.chain([&mut self.span]) {
            *span = Span::new(span.start.saturating_sub(by), span.end.saturating_sub(by));
        }
    }

    /// The diagnostic, with places in the stream and an excerpt.
    pub fn resolve(self, source: &SourceText) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(self.code, self.message, source, self.span).with_kind(self.kind);
        diagnostic.expected = self.expected;
        for (span, replacement, text) in self.edits {
            diagnostic = diagnostic.suggesting(source, span, replacement, text);
        }
        for (span, text) in self.notes {
            diagnostic = diagnostic.noting(source, span, text);
        }
        diagnostic
    }
}

/// At most this many characters of a script's text go into a message.
const QUOTED: usize = 60;

/// `text` in single quotes, escaped and cut.
pub fn quote(text: &str) -> String {
    format!("'{}'", escape(text))
}

/// `text` with control, format and bidi characters as `\u{…}`, cut to a line's length.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(QUOTED));
    for (i, c) in text.chars().enumerate() {
        if i == QUOTED {
            out.push('…');
            break;
        }
        if is_invisible(c) {
            let _ = write!(out, "\\u{{{:x}}}", c as u32);
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether a terminal would not show `c` as itself: control, format, bidi, separators, private use.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}' | '\u{E000}'..='\u{F8FF}')
}
