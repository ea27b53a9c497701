//! What a script may use up.
//!
//! In: charges of steps, bytes and output from every layer. Out: [`Exceeded`] when a limit is passed. Rule: counts are
//! exact and never depend on caches, collection, slices or how source was cut; only the deadline looks at a clock.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Limits of an isolate and of one run or call in it. `u64::MAX` and `None` mean unlimited.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Steps of one run or call: instructions plus what natives charge.
    pub steps: u64,
    /// Time of one run or call; waiting for source does not count.
    pub time: Option<Duration>,
    /// Bytes of the isolate: objects, code and source it holds.
    pub memory: usize,
    /// Bytes that one run or call may print.
    pub output: u64,
    /// Frames of one fiber.
    pub frames: u32,
    /// Nested brackets and blocks in source.
    pub nesting: u32,
}

impl Default for Limits {
    /// 100 M steps, 10 s, 64 MiB, 16 MiB of output, 1,000 frames, 200 levels of nesting.
    fn default() -> Limits {
        Limits {
            steps: 100_000_000,
            time: Some(Duration::from_secs(10)),
            memory: 64 << 20,
            output: 16 << 20,
            frames: 1_000,
            nesting: 200,
        }
    }
}

impl Limits {
    /// No limit but 1,000 frames and 200 levels of nesting.
    pub fn unlimited() -> Limits {
        Limits { steps: u64::MAX, time: None, memory: usize::MAX, output: u64::MAX, ..Limits::default() }
    }
}

/// A limit that was passed, or another end that a script cannot catch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exceeded {
    /// `Limits::steps`.
    Steps,
    /// `Limits::time`.
    Time,
    /// `Limits::memory`.
    Memory,
    /// `Limits::output`.
    Output,
}

/// Counters of one run or call.
pub struct Meter {
    /// What may be used.
    pub limits: Limits,
    /// Steps charged by natives and not yet added to the VM's count.
    pending: u64,
    /// Steps that may still be charged in this slice before a native must stop.
    allowance: u64,
    /// Steps charged since the clock was last read.
    unclocked: u64,
    deadline: Option<Instant>,
    /// Called while a native takes long.
    pub(crate) on_long: Option<Rc<dyn Fn()>>,
    /// Set from elsewhere to cancel what runs.
    pub interrupt: Arc<AtomicBool>,
    /// Steps of this run or call that are accounted for, up to the last slice end.
    pub steps: u64,
    /// Bytes printed in this run or call.
    pub output: u64,
}

/// What one run or call has used so far, kept while another one runs.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    steps: u64,
    output: u64,
    deadline: Option<Instant>,
    most_steps: u64,
}

impl Counts {
    /// Nothing used yet, and the time begins now.
    pub fn start(limits: &Limits) -> Counts {
        let deadline = limits.time.and_then(|time| Instant::now().checked_add(time));
        Counts { steps: 0, output: 0, deadline, most_steps: limits.steps }
    }

    /// When its time is used up.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }
}

/// Why a native may not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A limit was passed.
    Exceeded(Exceeded),
    /// The host cancels what runs.
    Interrupted,
}

/// Natives look at the clock and for interrupts after this many charged steps.
const CLOCK_EVERY: u64 = 1 << 16;

impl Meter {
    /// A meter that has counted nothing yet.
    pub fn new(limits: Limits) -> Meter {
        Meter {
            limits,
            pending: 0,
            allowance: limits.steps,
            unclocked: 0,
            deadline: None,
            on_long: None,
            interrupt: Arc::default(),
            steps: 0,
            output: 0,
        }
    }

    /// Starts a run or call: its counts begin at 0 and its time now.
    pub fn start(&mut self) {
        (self.steps, self.output, self.pending, self.unclocked) = (0, 0, 0, 0);
        self.allowance = self.limits.steps;
        self.deadline = self.limits.time.and_then(|time| Instant::now().checked_add(time));
    }

    /// Goes on with another run or call: its counts for those of the one at hand.
    pub fn swap_counts(&mut self, other: &mut Counts) {
        let own = Counts {
            steps: self.steps,
            output: self.output,
            deadline: self.deadline,
            most_steps: self.limits.steps,
        };
        let other = std::mem::replace(other, own);
        (self.steps, self.output, self.deadline) = (other.steps, other.output, other.deadline);
        self.limits.steps = other.most_steps;
        self.pending = 0;
    }

    /// When the time of this run or call is used up.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Moves the deadline by time that does not count, such as waiting for source.
    pub fn exclude(&mut self, time: Duration) {
        self.deadline = self.deadline.and_then(|deadline| deadline.checked_add(time));
    }

    /// Charges `steps` for work that a native is about to do. A native charges a function of its inputs, before
    /// it does the work, so that a huge request ends here.
    #[inline]
    pub fn charge(&mut self, steps: u64) -> Result<(), Refusal> {
        self.pending = self.pending.saturating_add(steps);
        self.unclocked = self.unclocked.saturating_add(steps);
        if self.pending > self.allowance {
            return Err(Refusal::Exceeded(Exceeded::Steps));
        }
        if self.unclocked >= CLOCK_EVERY { self.look_up() } else { Ok(()) }
    }

    #[cold]
    fn look_up(&mut self) -> Result<(), Refusal> {
        self.unclocked = 0;
        if let Some(on_long) = &self.on_long {
            on_long();
        }
        if self.is_interrupted() {
            return Err(Refusal::Interrupted);
        }
        self.check_time().map_err(Refusal::Exceeded)
    }

    /// Whether an interrupt has come since the last call.
    #[inline]
    pub fn is_interrupted(&self) -> bool {
        self.interrupt.load(Ordering::Relaxed) && self.interrupt.swap(false, Ordering::Relaxed)
    }

    /// Whether the deadline has passed.
    pub fn check_time(&self) -> Result<(), Exceeded> {
        match self.deadline {
            Some(_) => self.check_time_at(Instant::now()),
            None => Ok(()),
        }
    }

    /// Whether the deadline is not after `now`.
    pub fn check_time_at(&self, now: Instant) -> Result<(), Exceeded> {
        match self.deadline {
            Some(deadline) if now >= deadline => Err(Exceeded::Time),
            _ => Ok(()),
        }
    }

    /// Steps charged by natives since the last call; the VM adds them to its own.
    #[inline]
    pub fn take_pending(&mut self) -> u64 {
        std::mem::take(&mut self.pending)
    }

    /// Whether natives have charged anything since the last [`Self::take_pending`].
    #[inline]
    pub fn has_pending(&self) -> bool {
        self.pending != 0
    }

    /// Steps left before the limit, at the start of a slice; natives may not charge more than this in it.
    pub fn set_allowance(&mut self, steps: u64) {
        self.allowance = steps;
    }

    /// Charges `bytes` of output.
    pub fn charge_output(&mut self, bytes: usize) -> Result<(), Exceeded> {
        self.output += bytes as u64;
        if self.output > self.limits.output { Err(Exceeded::Output) } else { Ok(()) }
    }
}
