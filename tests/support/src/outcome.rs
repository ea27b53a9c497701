//! What came of running a program.
//!
//! In: source and a [`Mode`]. Out: an [`Outcome`], every part of which must be the same in every mode. Rule: nothing
//! is left out of a comparison: [`Outcome::transcript`] shows all that a host can tell apart.

use std::fmt::Write;
use std::time::Duration;

use star_core::diagnostic::Diagnostic;
use star_core::session::{Control, Event, Failure, Pumped, Report, Session};
use star_core::span::Position;

use crate::Mode;

/// What came of running a program.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What it printed.
    pub output: Vec<u8>,
    /// What it stopped with, if it failed.
    pub failure: Option<Report>,
    /// The session waited for source when the source was over.
    pub waiting: bool,
    /// Steps it took.
    pub steps: u64,
    /// Top-level statements that ran to their end.
    pub completed: u64,
    /// The top-level statements that began.
    pub started: Vec<Started>,
    /// Length of the output after each chunk.
    pub printed: Vec<usize>,
}

/// A top-level statement that began to run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Started {
    /// Where it starts.
    pub at: Position,
    /// Bytes that had been fed.
    pub fed: usize,
    /// The end of input had been announced.
    pub finished: bool,
}

/// Runs `source`.
pub fn run(source: &[u8], mode: &Mode) -> Outcome {
    let mut session = Session::new(mode.options.clone());
    session.set_grants(mode.grants.clone());
    session.fix_world(Some(NOW), Some(SEED));
    run_with(&mut session, source, mode)
}

/// The time in tests, where nothing else is set: some day of 2027.
const NOW: Duration = Duration::from_secs(1_800_000_000);

/// What chance is drawn from in tests.
const SEED: u64 = 42;

/// Runs `source` in a session.
pub fn run_with(session: &mut Session, source: &[u8], mode: &Mode) -> Outcome {
    let mut outcome = Outcome {
        output: Vec::new(),
        failure: None,
        waiting: false,
        steps: 0,
        completed: 0,
        started: Vec::new(),
        printed: Vec::new(),
    };
    let chunks = mode.cuts.chunks(source);
    let together = chunks.len() <= 1 && mode.finish;
    let mut fed = 0;
    for chunk in chunks {
        session.feed(chunk);
        fed += chunk.len();
        if together {
            break;
        }
        let pumped = outcome.pump(session, fed, false);
        outcome.printed.push(outcome.output.len());
        if pumped != Pumped::NeedSource {
            break;
        }
    }
    if outcome.failure.is_none() {
        if mode.finish {
            session.finish();
        }
        outcome.waiting = outcome.pump(session, fed, mode.finish) == Pumped::NeedSource;
        outcome.printed.push(outcome.output.len());
    }
    outcome.steps = session.steps();
    outcome.completed = session.completed();
    outcome
}

impl Outcome {
    fn pump(&mut self, session: &mut Session, fed: usize, finished: bool) -> Pumped {
        session.run(&mut |event| {
            match event {
                Event::Output(bytes) => self.output.extend_from_slice(bytes),
                Event::Error(report) => self.failure = Some(report.clone()),
                Event::StatementStarted { at } => self.started.push(Started { at, fed, finished }),
                _ => {}
            }
            Control::Continue
        })
    }

    /// What it printed, as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.output).into_owned()
    }

    /// Whether the source was refused.
    pub fn is_syntax_error(&self) -> bool {
        self.failure.as_ref().is_some_and(|report| matches!(report.failure, Failure::Syntax(_)))
    }

    /// The failure's kind; `ok` if there was none, `waiting` if more source would be needed.
    pub fn kind(&self) -> &str {
        match &self.failure {
            Some(report) => &report.kind,
            None if self.waiting => "waiting",
            None => "ok",
        }
    }

    /// Everything that a host could tell apart, as lines.
    pub fn transcript(&self) -> String {
        let mut out = self.text();
        if let Some(report) = &self.failure {
            write_report(&mut out, report);
        }
        if self.waiting {
            out.push_str("\n--- waits for source");
        }
        writeln!(out, "\n--- {} steps, {} statements", self.steps, self.completed).expect("a string");
        out
    }
}

fn write_report(out: &mut String, report: &Report) {
    let Report { code, kind, message, location, resume_at, completed, text, .. } = report;
    let place = location.map(|location| (location.start, location.end));
    write!(
        out,
        "\n--- {code} {kind}: {message}\nat {place:?}\nresume {resume_at:?}\ncompleted {completed}\n{text}"
    )
    .expect("a string");
    if let Failure::Syntax(diagnostic) = &report.failure {
        let Diagnostic { expected, suggestions, notes, excerpt, .. } = &**diagnostic;
        // How much of the line has arrived is the one thing that may differ: the error is told at its token.
        let first = excerpt.lines.first().map(|line| (line.number, line.first_column));
        write!(out, "{expected:?} {suggestions:#?} {notes:#?} from {first:?}").expect("a string");
    }
    for frame in &report.traceback {
        write!(out, "{frame:#?}").expect("a string");
    }
}
