//! What is known of a failure.
//!
//! In: a diagnostic, an uncaught exception or a passed limit. Out: a [`Report`]: plain data, complete in itself.
//! Rule: a report is bounded in size however large the script's own message is, and says when it was cut.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Suggestion};
use crate::meter::Exceeded;
use crate::span::{Location, Position};

/// A failure of a program.
#[derive(Clone, Debug)]
pub struct Report {
    /// A stable code: `E00xx` for syntax, `E01xx` for exceptions, `E02xx` for limits. docs/events.md lists them.
    pub code: &'static str,
    /// Type of the exception, or `SyntaxError`, `LimitExceeded`, `Cancelled`, `Stopped`.
    pub kind: String,
    /// What is wrong, cut at [`Report::MAX_MESSAGE`] bytes.
    pub message: String,
    /// What failed.
    pub failure: Failure,
    /// Where: the problem's span, or the innermost frame's expression. Unknown when its source is gone.
    pub location: Option<Location>,
    /// The source's name.
    pub source_name: String,
    /// Edits that would mend it.
    pub suggestions: Vec<Suggestion>,
    /// Frames, outermost first, as in a traceback.
    pub traceback: Vec<TraceFrame>,
    /// For people: the traceback (with the chain of causes), without colour. Empty for syntax errors, which the
    /// host renders from [`Failure::Syntax`].
    pub text: String,
    /// Top-level statements that ran to their end before.
    pub completed: u64,
    /// Start of the statement that failed: where a corrected rest goes on. Unknown after a limit.
    pub resume_at: Option<Position>,
    /// The Rust error that the exception stands for.
    pub source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// What kind of failure it was.
#[derive(Clone, Debug)]
pub enum Failure {
    /// The source is not valid.
    Syntax(Box<Diagnostic>),
    /// An exception that nothing caught.
    Exception,
    /// `SystemExit`: the program asked to end.
    Exit {
        /// With this exit code.
        code: i32,
        /// And this on standard error, if its argument is not a number.
        says: Option<String>,
    },
    /// A limit was passed.
    Limit(Exceeded),
    /// The host cancelled it.
    Cancelled,
    /// An event handler said stop.
    Stopped,
    /// It used a capability that it does not have.
    Denied,
}

/// A frame of a traceback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceFrame {
    /// Name of the source.
    pub source_name: String,
    /// Name of the function, `<module>` at the top level.
    pub function: String,
    /// The expression that was being evaluated, if its source is still there.
    pub location: Option<Location>,
    /// The lines it stands on.
    pub source: Option<String>,
    /// Whether it is an expression with parts of its own to mark: a call, a subscript, an operation.
    pub anchored: bool,
}

impl Report {
    /// Bytes of a message that a report keeps.
    pub const MAX_MESSAGE: usize = 16 << 10;
    /// Bytes of a report's text.
    pub const MAX_TEXT: usize = 64 << 10;

    /// A report of a syntax error.
    pub fn of_syntax(diagnostic: Box<Diagnostic>, completed: u64, resume_at: Position) -> Report {
        Report {
            code: diagnostic.code,
            kind: diagnostic.kind.to_string(),
            message: cut(&diagnostic.message, Report::MAX_MESSAGE),
            location: Some(diagnostic.location),
            source_name: diagnostic.excerpt.name.clone(),
            suggestions: diagnostic.suggestions.clone(),
            failure: Failure::Syntax(diagnostic),
            traceback: Vec::new(),
            text: String::new(),
            completed,
            resume_at: Some(resume_at),
            source: None,
        }
    }

    /// Whether a script's own limit was passed, or it was stopped: no `except` could have seen it.
    pub fn is_limit(&self) -> bool {
        matches!(self.failure, Failure::Limit(_) | Failure::Stopped)
    }
}

/// `text`, cut at a character boundary so that it and the remark about it fit `max` bytes.
pub fn cut(text: &str, max: usize) -> String {
    if text.len() <= max {
        return text.to_string();
    }
    let room = max.saturating_sub(40);
    let end = (0..=room).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    format!("{}… ({} more bytes)", &text[..end], text.len() - end)
}

/// The stable code of an exception type.
pub fn exception_code(kind: &str) -> &'static str {
    // Codes are never reused or renumbered; new types go at the end.
    match kind {
        "NameError" => "E0102",
        "UnboundLocalError" => "E0103",
        "TypeError" => "E0104",
        "ValueError" => "E0105",
        "AttributeError" => "E0106",
        "IndexError" => "E0107",
        "KeyError" => "E0108",
        "ZeroDivisionError" => "E0109",
        "OverflowError" => "E0110",
        "AssertionError" => "E0111",
        "RecursionError" => "E0112",
        "RuntimeError" => "E0113",
        "StopIteration" => "E0114",
        "ImportError" => "E0115",
        "ModuleNotFoundError" => "E0116",
        "OSError" => "E0117",
        "UnicodeDecodeError" => "E0118",
        "UnicodeEncodeError" => "E0119",
        "MemoryError" => "E0120",
        "SystemExit" => "E0121",
        "KeyboardInterrupt" => "E0122",
        _ => "E0100",
    }
}

/// The stable code of a limit.
pub fn limit_code(exceeded: Exceeded) -> &'static str {
    match exceeded {
        Exceeded::Steps => "E0201",
        Exceeded::Time => "E0202",
        Exceeded::Memory => "E0203",
        Exceeded::Output => "E0204",
    }
}
