//! The one error type that embedders see.
//!
//! In: a failed program or call, or a value of the wrong kind. Out: [`Error`], opaque, with predicates, the Rust error
//! behind it as its source, and the report that the command line would print. Rule: complete in itself and `Send`.

use std::error::Error as StdError;
use std::sync::Arc;

use super::report::{Failure, Report};
use crate::heap::{KeptException, ScriptError};
use crate::host::convert::{Mismatch, Step, path_text};

/// Why something that was asked of an isolate failed.
///
/// ```text
/// match isolate.call::<_, f64>("price", ("tea",)).await {
///     Err(error) if error.is_limit() => …,
///     Err(error) => eprintln!("{error}"),        // and error.report() has the traceback
///     Ok(price) => …,
/// }
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: Kind,
    source: Option<Arc<dyn StdError + Send + Sync>>,
    exception: Option<KeptException>,
}

#[derive(Clone)]
enum Kind {
    /// The program failed, or what was called.
    Script(Box<Report>),
    /// A value is not what the Rust type takes.
    Conversion(Box<Conversion>),
    /// There is no global of this name.
    Missing(String),
    /// The isolate or its engine is gone.
    Closed,
    /// Something was asked for that cannot be.
    Refused(String),
}

/// A value that is not what a Rust type takes: what was asked for, where in it, and what is wrong there.
#[derive(Clone, Debug)]
pub struct Conversion {
    /// What was converted, if it is no global: `result of area()`.
    what: Option<String>,
    steps: Vec<Step>,
    problem: String,
    assigned_at: Option<u64>,
}

impl Conversion {
    /// From the outside in; the first is the global, where globals were asked for.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// `expected int, got str "80"`.
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// Where the name is that the global was last bound to, in bytes of source, if
    /// [`Options::note_assignments`](super::Options::note_assignments) says to know that.
    pub fn assigned_at(&self) -> Option<u64> {
        self.assigned_at
    }
}

impl std::fmt::Display for Conversion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = path_text(&self.steps);
        for part in [self.what.as_deref().unwrap_or_default(), &path] {
            if !part.is_empty() {
                write!(f, "{part}: ")?;
            }
        }
        f.write_str(&self.problem)
    }
}

impl Error {
    pub(crate) fn script(report: Report, exception: Option<KeptException>) -> Error {
        let source = report.source.clone();
        Error(Box::new(Inner { kind: Kind::Script(Box::new(report)), source, exception }))
    }

    fn plain(kind: Kind) -> Error {
        Error(Box::new(Inner { kind, source: None, exception: None }))
    }

    /// `wrong`, in what `what` says; no text for globals.
    pub(crate) fn conversion(wrong: &Mismatch, what: Option<String>) -> Error {
        let (steps, problem) = (wrong.steps(), wrong.problem());
        Error::plain(Kind::Conversion(Box::new(Conversion { what, steps, problem, assigned_at: None })))
    }

    /// The same with the place where the global was bound.
    pub(crate) fn with_place(mut self, place: impl FnOnce(&str) -> Option<u64>) -> Error {
        if let Kind::Conversion(conversion) = &mut self.0.kind
            && let Some(Step::Field(global)) = conversion.steps.first()
        {
            conversion.assigned_at = place(global);
        }
        self
    }

    pub(crate) fn missing(name: &str) -> Error {
        Error::plain(Kind::Missing(name.to_string()))
    }

    pub(crate) fn closed() -> Error {
        Error::plain(Kind::Closed)
    }

    pub(crate) fn refused(message: impl Into<String>) -> Error {
        Error::plain(Kind::Refused(message.into()))
    }

    /// What the command line prints: message, place, traceback. None where no script was involved.
    pub fn report(&self) -> Option<&Report> {
        match &self.0.kind {
            Kind::Script(report) => Some(report),
            _ => None,
        }
    }

    /// What is wrong with a value, if that is it.
    pub fn as_conversion(&self) -> Option<&Conversion> {
        match &self.0.kind {
            Kind::Conversion(conversion) => Some(conversion),
            _ => None,
        }
    }

    fn failure(&self) -> Option<&Failure> {
        self.report().map(|report| &report.failure)
    }

    /// The source is not valid.
    pub fn is_syntax(&self) -> bool {
        matches!(self.failure(), Some(Failure::Syntax(_)))
    }

    /// The script raised an exception and did not catch it.
    pub fn is_exception(&self) -> bool {
        matches!(self.failure(), Some(Failure::Exception | Failure::Exit { .. }))
    }

    /// A limit was passed: steps, time, memory, output.
    pub fn is_limit(&self) -> bool {
        matches!(self.failure(), Some(Failure::Limit(_)))
    }

    /// It was cancelled, or stopped by the host.
    pub fn is_cancelled(&self) -> bool {
        matches!(self.failure(), Some(Failure::Cancelled | Failure::Stopped))
    }

    /// A capability was missing.
    pub fn is_denied(&self) -> bool {
        matches!(self.failure(), Some(Failure::Denied))
    }

    /// A value was not what the Rust type takes.
    pub fn is_conversion(&self) -> bool {
        matches!(self.0.kind, Kind::Conversion(_))
    }

    /// There is no global of the name asked for.
    pub fn is_missing(&self) -> bool {
        matches!(self.0.kind, Kind::Missing(_))
    }

    /// The isolate or its engine is gone.
    pub fn is_closed(&self) -> bool {
        matches!(self.0.kind, Kind::Closed)
    }

    /// Type of the exception: `ValueError`.
    pub fn kind(&self) -> Option<&str> {
        self.report().map(|report| &*report.kind)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0.kind {
            Kind::Script(report) => {
                if let Some(location) = report.location {
                    write!(f, "{}:{}: ", report.source_name, location.start.line)?;
                }
                match report.message.is_empty() {
                    true => f.write_str(&report.kind),
                    false => write!(f, "{}: {}", report.kind, report.message),
                }
            }
            Kind::Conversion(conversion) => conversion.fmt(f),
            Kind::Refused(message) => f.write_str(message),
            Kind::Missing(name) => write!(f, "there is no global '{name}'"),
            Kind::Closed => f.write_str("the isolate has been closed"),
        }
    }
}

impl std::fmt::Debug for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0.kind {
            Kind::Script(report) if !report.text.is_empty() => f.write_str(&report.text),
            _ => write!(f, "Error({self})"),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|source| &**source as &(dyn StdError + 'static))
    }
}

impl From<Error> for ScriptError {
    fn from(error: Error) -> ScriptError {
        let message = match error.report() {
            Some(report) => report.message.clone(),
            None => error.to_string(),
        };
        let kind = error.kind().unwrap_or("RuntimeError").to_string();
        let text = error.report().map(|report| report.text.clone()).unwrap_or_default();
        let Inner { source, exception, .. } = *error.0;
        ScriptError { kind, message, text, source, exception }
    }
}
