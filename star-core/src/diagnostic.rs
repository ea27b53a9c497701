//! Messages about source.
//!
//! In: what a stage found wrong and where. Out: [`Diagnostic`], plain data that the session renders for people
//! or programs. Rule: it is complete in itself (positions resolved, excerpt copied), since the source may be
//! gone when it is shown.

use crate::source::SourceText;
use crate::span::{Location, Span};

/// A problem found in source before it ran.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// A stable code, `E0101` and so on; docs/events.md lists them.
    pub code: &'static str,
    /// The exception type CPython raises for it: `SyntaxError`, `IndentationError` or `TabError`.
    pub kind: &'static str,
    /// What is wrong, in one sentence without a period: `expected ':' after the condition, found newline`.
    pub message: String,
    /// Where.
    pub location: Location,
    /// What would have been accepted, as source text or a noun: `':'`, `an expression`.
    pub expected: Vec<String>,
    /// Edits that would mend it.
    pub suggestions: Vec<Suggestion>,
    /// Further places with a remark, such as the bracket that was never closed.
    pub notes: Vec<Note>,
    /// The source around it.
    pub excerpt: Excerpt,
}

/// An edit that would mend the problem.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// What to replace; empty to insert.
    pub location: Location,
    /// The text to put there.
    pub replacement: String,
    /// The same in words: `write 'and'`.
    pub text: String,
}

/// A second place that explains the first.
#[derive(Clone, Debug)]
pub struct Note {
    /// Where.
    pub location: Location,
    /// Why it matters: `'(' was never closed`.
    pub text: String,
}

/// The lines that a diagnostic shows.
#[derive(Clone, Debug, Default)]
pub struct Excerpt {
    /// The source's name.
    pub name: String,
    /// Line number of the first line of `text`, from 1.
    pub first_line: u32,
    /// Whole lines.
    pub text: String,
}

impl Diagnostic {
    /// A diagnostic at `span` of `source`. More is added with the `with_…` methods.
    pub fn new(
        code: &'static str,
        message: impl Into<String>,
        source: &SourceText,
        span: Span,
    ) -> Diagnostic {
        let location = source.locate(span);
        Diagnostic {
            code,
            kind: "SyntaxError",
            message: message.into(),
            location,
            expected: Vec::new(),
            suggestions: Vec::new(),
            notes: Vec::new(),
            excerpt: Excerpt::around(source, location),
        }
    }

    /// Sets the exception type.
    pub fn with_kind(mut self, kind: &'static str) -> Diagnostic {
        self.kind = kind;
        self
    }

    /// Adds something that would have been accepted.
    pub fn expecting(mut self, what: impl Into<String>) -> Diagnostic {
        self.expected.push(what.into());
        self
    }

    /// Adds an edit.
    pub fn suggesting(
        mut self,
        source: &SourceText,
        span: Span,
        replacement: impl Into<String>,
        text: impl Into<String>,
    ) -> Diagnostic {
        let location = source.locate(span);
        self.suggestions.push(Suggestion { location, replacement: replacement.into(), text: text.into() });
        self
    }

    /// Adds a remark at a second place.
    pub fn noting(mut self, source: &SourceText, span: Span, text: impl Into<String>) -> Diagnostic {
        let location = source.locate(span);
        self.notes.push(Note { location, text: text.into() });
        self
    }
}

impl Excerpt {
    /// At most this many bytes of source are copied into a diagnostic.
    pub const MAX_BYTES: usize = 2000;

    /// The lines of `source` that `location` touches, cut at [`Self::MAX_BYTES`].
    pub fn around(source: &SourceText, location: Location) -> Excerpt {
        let mut text = String::new();
        for line in location.start.line..=location.end.line {
            let Some(line_text) = source.line_text(line) else { break };
            let room = Self::MAX_BYTES.saturating_sub(text.len());
            text.extend(line_text.chars().take(room));
            text.push('\n');
            if line_text.len() > room {
                break;
            }
        }
        Excerpt { name: source.name.to_string(), first_line: location.start.line, text }
    }
}
