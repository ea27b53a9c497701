//! Events and errors for programs: one JSON object a line.
//!
//! In: an [`Event`] or a [`Report`]. Out: a line of JSON without its end. Rule: within `"v":1` fields are added, never
//! renamed or removed; docs/events.md lists them all.

use serde::Serialize;
use star_core::diagnostic::Diagnostic;
use star_core::session::report::{TraceFrame, cut};
use star_core::session::{Event, Failure, Report};
use star_core::span::{Location, Position};

/// The version of the format.
pub const VERSION: u32 = 1;

/// A session event as a line of JSON.
pub fn event(event: &Event<'_>) -> String {
    let body = match event {
        Event::StatementStarted { at } => Body::StatementStarted { at: at.into() },
        Event::StatementDone { at, completed } => {
            Body::StatementDone { at: at.into(), completed: *completed }
        }
        Event::Output(bytes) => return line(Body::Output { text: &String::from_utf8_lossy(bytes) }),
        Event::Value(text) => return line(Body::Value { text: &cut(text, Report::MAX_MESSAGE) }),
        Event::Dropped(report) => return line(Body::Dropped(Box::new(error(report, None, false)))),
        Event::Error(report) => return self::report(report),
        Event::Step(progress) => {
            Body::Step { at: (&progress.position).into(), steps: progress.steps, bytes: progress.bytes }
        }
        Event::End { completed, steps } => Body::End { completed: *completed, steps: *steps },
    };
    line(body)
}

/// A failure as a line of JSON.
pub fn report(report: &Report) -> String {
    line(match &report.failure {
        Failure::Exit { code, says } => Body::Exit {
            code: *code,
            message: says.as_deref(),
            completed_statements: report.completed,
            stop: true,
        },
        Failure::Syntax(diagnostic) => Body::Error(Box::new(error(report, Some(diagnostic), true))),
        _ => Body::Error(Box::new(error(report, None, true))),
    })
}

/// A problem in source as a line of JSON. `stop` says whether nothing after it was looked at.
pub fn diagnostic(diagnostic: &Diagnostic, stop: bool) -> String {
    let report = Report::of_syntax(Box::new(diagnostic.clone()), 0, diagnostic.location.start);
    line(Body::Error(Box::new(Error { resume_at: None, ..error(&report, Some(diagnostic), stop) })))
}

fn line(body: Body<'_>) -> String {
    serde_json::to_string(&Line { v: VERSION, body }).expect("strings and numbers always serialise")
}

#[derive(Serialize)]
struct Line<'a> {
    v: u32,
    #[serde(flatten)]
    body: Body<'a>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Body<'a> {
    StatementStarted { at: Place },
    StatementDone { at: Place, completed: u64 },
    Output { text: &'a str },
    Value { text: &'a str },
    Step { at: Place, steps: u64, bytes: usize },
    End { completed: u64, steps: u64 },
    Exit { code: i32, message: Option<&'a str>, completed_statements: u64, stop: bool },
    Dropped(Box<Error<'a>>),
    Error(Box<Error<'a>>),
}

#[derive(Serialize)]
struct Error<'a> {
    code: &'a str,
    kind: &'a str,
    message: &'a str,
    span: Option<Range>,
    expected: &'a [String],
    suggestions: Vec<Suggestion<'a>>,
    traceback: Vec<Frame<'a>>,
    completed_statements: u64,
    resume_at: Option<Start>,
    stop: bool,
}

fn error<'a>(report: &'a Report, diagnostic: Option<&'a Diagnostic>, stop: bool) -> Error<'a> {
    let suggestions = report.suggestions.iter().map(|suggestion| Suggestion {
        span: suggestion.location.into(),
        replacement: &suggestion.replacement,
        text: &suggestion.text,
    });
    Error {
        code: report.code,
        kind: &report.kind,
        message: &report.message,
        span: report.location.map(Into::into),
        expected: diagnostic.map_or(&[], |diagnostic| &diagnostic.expected),
        suggestions: suggestions.collect(),
        traceback: frames(&report.traceback),
        completed_statements: report.completed,
        resume_at: report.resume_at.map(|at| Start { line: at.line, offset: at.offset }),
        stop,
    }
}

/// Frames that are written of a deep traceback: those near the top and those where it happened.
const MAX_FRAMES: usize = 200;

fn frames(frames: &[TraceFrame]) -> Vec<Frame<'_>> {
    let skipped = frames.len().saturating_sub(MAX_FRAMES);
    let head = frames.len().min(MAX_FRAMES / 2);
    let kept = frames[..head].iter().chain(&frames[head + skipped..]);
    let mut frames: Vec<Frame<'_>> = kept.map(Frame::from).collect();
    if skipped > 0 {
        frames[head].skipped = Some(skipped);
    }
    frames
}

#[derive(Serialize)]
struct Frame<'a> {
    file: &'a str,
    function: &'a str,
    span: Option<Range>,
    source: Option<String>,
    /// Frames between the one before and this one that were left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<usize>,
}

impl<'a> From<&'a TraceFrame> for Frame<'a> {
    fn from(frame: &'a TraceFrame) -> Frame<'a> {
        Frame {
            file: &frame.source_name,
            function: &frame.function,
            span: frame.location.map(Into::into),
            source: frame.source.as_deref().map(|source| cut(source, MAX_SOURCE)),
            skipped: None,
        }
    }
}

/// Bytes of a frame's source that are written.
const MAX_SOURCE: usize = 1000;

#[derive(Serialize)]
struct Suggestion<'a> {
    span: Range,
    replacement: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct Range {
    start: Place,
    end: Place,
}

impl From<Location> for Range {
    fn from(location: Location) -> Range {
        Range { start: (&location.start).into(), end: (&location.end).into() }
    }
}

#[derive(Serialize)]
struct Place {
    line: u32,
    column: u32,
    offset: u64,
}

impl From<&Position> for Place {
    fn from(at: &Position) -> Place {
        Place { line: at.line, column: at.column, offset: at.offset }
    }
}

#[derive(Serialize)]
struct Start {
    line: u32,
    offset: u64,
}
