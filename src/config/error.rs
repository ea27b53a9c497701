//! Why a configuration could not be loaded.
//!
//! In: what the file system, the script or a conversion says. Out: [`Error`], one line of text. Rule: an error about a
//! value names the line of the script that the value comes from.

use std::fmt;

use star_core::host::convert::{Step, path_text};
use star_core::session::{self, Failure, Report};
use star_core::span::Location;

use super::locate;
use super::outline::Outline;

/// Why a configuration could not be loaded: the file cannot be read, the script fails, or a value is not what was asked
/// for.
#[derive(Clone)]
pub struct Error(Box<Kind>);

#[derive(Clone)]
enum Kind {
    Plain(String),
    Script(Box<Report>),
    Value {
        name: String,
        location: Option<Location>,
        path: String,
        problem: String,
    },
    /// Anything else that an isolate says.
    Isolate(session::Error),
}

impl Error {
    pub(super) fn reading(name: &str, problem: &str) -> Error {
        Error::other(&format!("cannot read {name}: {problem}"))
    }

    pub(super) fn other(problem: &str) -> Error {
        Error(Box::new(Kind::Plain(problem.to_string())))
    }

    pub(super) fn script(report: Report) -> Error {
        Error(Box::new(Kind::Script(Box::new(report))))
    }

    pub(super) fn value(
        outline: &Outline,
        location: Option<Location>,
        steps: &[Step],
        problem: String,
    ) -> Error {
        let (name, path) = (outline.name().to_string(), path_text(steps));
        Error(Box::new(Kind::Value { name, location, path, problem }))
    }

    /// What a session says, with the place of the value that it is about.
    pub(super) fn of(error: session::Error, outline: &Outline) -> Error {
        if let Some(report) = error.report() {
            return Error::script(report.clone());
        }
        let Some(conversion) = error.as_conversion() else { return Error(Box::new(Kind::Isolate(error))) };
        let steps = conversion.steps();
        let location = match (outline.config(), steps) {
            (Some(_), steps) => locate::in_result(outline, steps),
            (None, [Step::Field(name), inside @ ..]) => {
                locate::in_global(outline, name, conversion.assigned_at(), inside)
            }
            (None, _) => None,
        };
        Error::value(outline, location, steps, conversion.problem().to_string())
    }

    /// What the script failed with, traceback and all, if it did.
    pub fn report(&self) -> Option<&Report> {
        match &*self.0 {
            Kind::Script(report) => Some(report),
            Kind::Isolate(error) => error.report(),
            _ => None,
        }
    }

    /// Whether a value was not what was asked for.
    pub fn is_value(&self) -> bool {
        matches!(*self.0, Kind::Value { .. })
    }

    /// Where in the configuration that value is: `servers[1].port`.
    pub fn path(&self) -> Option<&str> {
        match &*self.0 {
            Kind::Value { path, .. } => Some(path),
            _ => None,
        }
    }

    /// Where in the script the value comes from, or the script failed.
    pub fn location(&self) -> Option<Location> {
        match &*self.0 {
            Kind::Value { location, .. } => *location,
            _ => self.report()?.location,
        }
    }

    /// The error as a report, for [`crate::wire`] and [`crate::render`].
    pub fn to_report(&self) -> Report {
        if let Some(report) = self.report() {
            return report.clone();
        }
        let (source_name, message) = match &*self.0 {
            Kind::Value { name, path, problem, .. } => (name.clone(), with_path(path, problem)),
            _ => (String::new(), self.to_string()),
        };
        Report {
            code: CODE,
            kind: "ConfigError".to_string(),
            message,
            failure: Failure::Exception,
            location: self.location(),
            source_name,
            suggestions: Vec::new(),
            traceback: Vec::new(),
            text: format!("{self}\n"),
            completed: 0,
            resume_at: None,
            source: None,
        }
    }
}

/// The code of a value that is not what was asked for.
const CODE: &str = "E0220";

fn with_path(path: &str, problem: &str) -> String {
    if path.is_empty() { problem.to_string() } else { format!("{path}: {problem}") }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Plain(problem) => f.write_str(problem),
            Kind::Script(report) => {
                if let Some(location) = report.location {
                    write!(f, "{}:{}: ", report.source_name, location.start.line)?;
                }
                match report.message.is_empty() {
                    true => f.write_str(&report.kind),
                    false => write!(f, "{}: {}", report.kind, report.message),
                }
            }
            Kind::Value { name, location, path, problem } => {
                f.write_str(name)?;
                if let Some(location) = location {
                    write!(f, ":{}", location.start.line)?;
                }
                write!(f, ": {}", with_path(path, problem))
            }
            Kind::Isolate(error) => error.fmt(f),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.report() {
            Some(report) if !report.text.is_empty() => f.write_str(&report.text),
            _ => write!(f, "Error({self})"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.report()?.source.as_ref().map(|source| &**source as &(dyn std::error::Error + 'static))
    }
}
