//! Errors for people.
//!
//! In: a [`Report`] or a [`Diagnostic`]. Out: text for a terminal. Rule: what comes from a script is escaped, so that it
//! can neither steer the terminal nor reorder what is read there.

mod syntax;
mod traceback;

use star_core::diagnostic::Diagnostic;
use star_core::session::{Failure, Report};

/// How errors look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// Text only.
    Plain,
    /// With ANSI colours.
    Colored,
}

/// A failure as text, its last newline included.
///
/// ```
/// use star::render::{self, Style};
/// use star::{Control, Event, Options, Session};
///
/// let mut session = Session::new(Options::default());
/// session.feed(b"total = (1 + 2\n");
/// session.finish();
/// let mut text = String::new();
/// session.run(&mut |event| {
///     if let Event::Error(report) = event {
///         text = render::report(report, Style::Plain);
///     }
///     Control::Continue
/// });
/// assert!(text.contains("SyntaxError"), "{text}");
/// ```
pub fn report(report: &Report, style: Style) -> String {
    match (&report.failure, style) {
        (Failure::Syntax(diagnostic), _) => syntax::render(diagnostic, Severity::Error, style),
        (_, Style::Plain) => report.text.clone(),
        (_, Style::Colored) => traceback::color(&report.text),
    }
}

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Severity {
    /// It cannot run, or fails where it is reached.
    Error,
    /// It is probably not meant.
    Warning,
}

/// A problem of source as text, its last newline included.
pub fn diagnostic(diagnostic: &Diagnostic, severity: Severity, style: Style) -> String {
    syntax::render(diagnostic, severity, style)
}
