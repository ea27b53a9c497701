//! What a session tells its host while it runs.

use super::{Data, Report};
use crate::span::Position;

/// Something that happened. Events come in the order in which things take effect.
#[derive(Debug)]
pub enum Event<'a> {
    /// A top-level statement (or, with eager blocks, its first line) is complete and about to run.
    StatementStarted {
        /// Where it starts.
        at: Position,
    },
    /// A top-level statement has run to its end.
    StatementDone {
        /// Where it starts.
        at: Position,
        /// How many have run so far.
        completed: u64,
    },
    /// The program printed this. Comes before whatever follows it in the program takes effect outside.
    Output(&'a [u8]),
    /// An expression statement of the top level had this value, which is not None; its `repr`.
    Value(&'a str),
    /// A call returned `(value, err)` with an error, and the pair was dropped unseen. The program goes on.
    Dropped(&'a Report),
    /// The program failed.
    Error(&'a Report),
    /// Every [`Options::step_every`](super::Options::step_every) steps.
    Step(Progress<'a>),
    /// The program has ended.
    End {
        /// Statements that ran to their end.
        completed: u64,
        /// Steps it took.
        steps: u64,
    },
}

/// What a host answers to an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Control {
    /// Go on.
    Continue,
    /// End the program now: no more of its code runs.
    Stop,
}

/// Where a running program is.
pub struct Progress<'a> {
    /// The instruction about to run.
    pub position: Position,
    /// Steps so far in this run.
    pub steps: u64,
    /// Bytes the isolate holds.
    pub bytes: usize,
    /// Reads a global as plain data.
    pub get: &'a dyn Fn(&str) -> Option<Data>,
}

impl std::fmt::Debug for Progress<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Progress { position, steps, bytes, .. } = self;
        f.debug_struct("Progress")
            .field("position", position)
            .field("steps", steps)
            .field("bytes", bytes)
            .finish_non_exhaustive()
    }
}
