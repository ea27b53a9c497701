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

/// The lines that a diagnostic shows: those of its own place, of its notes and of its suggestions.
#[derive(Clone, Debug, Default)]
pub struct Excerpt {
    /// The source's name.
    pub name: String,
    /// In ascending order; what lies between them is left out.
    pub lines: Vec<ExcerptLine>,
}

/// A line of source, or the part of a long one around the place that matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExcerptLine {
    /// Its number in the stream, from 1.
    pub number: u32,
    /// Column of the first character of `text`: 1 unless the line was cut at its start.
    pub first_column: u32,
    /// Without the line's end.
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
        self.excerpt.add(source, location);
        self.suggestions.push(Suggestion { location, replacement: replacement.into(), text: text.into() });
        self
    }

    /// Adds a remark at a second place.
    pub fn noting(mut self, source: &SourceText, span: Span, text: impl Into<String>) -> Diagnostic {
        let location = source.locate(span);
        self.excerpt.add(source, location);
        self.notes.push(Note { location, text: text.into() });
        self
    }
}

impl Excerpt {
    /// Characters of a line that are kept before the place that matters, and after it.
    pub const AROUND: usize = 300;
    /// Lines of one place that are kept.
    pub const MAX_LINES: u32 = 6;
    /// Lines this far apart are kept with those between them.
    pub const MAX_GAP: u32 = 4;

    /// The lines of `source` that `location` touches.
    pub fn around(source: &SourceText, location: Location) -> Excerpt {
        let mut excerpt = Excerpt { name: source.name.to_string(), lines: Vec::new() };
        excerpt.add(source, location);
        excerpt
    }

    /// Adds the lines that `location` touches, the first ones if they are many, and the few between them and a line
    /// that is there.
    pub fn add(&mut self, source: &SourceText, location: Location) {
        let Location { start, end } = location;
        let last = end.line.min(start.line.saturating_add(Self::MAX_LINES - 1));
        for number in start.line..=last {
            let column = if number == start.line { start.column as usize } else { 1 };
            self.add_line(source, number, column);
        }
        let below = self.lines.iter().rev().find(|line| line.number < start.line).map(|line| line.number);
        let above = self.lines.iter().find(|line| line.number > last).map(|line| line.number);
        for number in
            below.filter(|below| start.line - below <= Self::MAX_GAP).map_or(0..0, |n| n + 1..start.line)
        {
            self.add_line(source, number, 1);
        }
        for number in above.filter(|above| above - last <= Self::MAX_GAP).map_or(0..0, |n| last + 1..n) {
            self.add_line(source, number, 1);
        }
    }

    fn add_line(&mut self, source: &SourceText, number: u32, column: usize) {
        let Err(at) = self.lines.binary_search_by_key(&number, |line| line.number) else { return };
        let Some(text) = source.line_text(number) else { return };
        // From the place alone, not from the line's length: its rest may not have arrived yet.
        let skipped = if column < 2 * Self::AROUND - 100 { 0 } else { column - Self::AROUND };
        let text = text.chars().skip(skipped).take(2 * Self::AROUND).collect();
        self.lines.insert(at, ExcerptLine { number, first_column: skipped as u32 + 1, text });
    }
}
