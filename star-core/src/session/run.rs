//! The session's loop: read a piece, compile it, run it.

use std::time::Instant;

use super::event::{Control, Event, Progress};
use super::report::Report;
use super::{Pumped, Queued, Session, State};
use crate::bytecode::{CodeKind, FAR, Op, Segment};
use crate::heap::{End, Raise};
use crate::intern::Interner;
use crate::meter::Exceeded;
use crate::object::TraceEntry;
use crate::ops::repr;
use crate::parser::{Parsed, Piece};
use crate::span::Position;
use crate::value::Value;
use crate::vm::{Exit, Fiber, Frame, FrameKind, Instances, Vm};

/// Receives events.
pub type Sink<'a> = dyn FnMut(Event<'_>) -> Control + 'a;

/// Why a slice could not be run to its end.
enum Ended {
    Raised(Raise),
    Stopped,
}

impl Session {
    /// Runs what can run, at most one slice of it, and tells `sink` what happens.
    pub fn pump(&mut self, sink: &mut Sink<'_>) -> Pumped {
        let worked = self.pump_tasks(sink);
        let pumped = self.pump_top_level(sink);
        match pumped {
            Pumped::Slice => Pumped::Slice,
            // Calls go on, whatever the top level waits for.
            _ if worked || self.has_ready_calls() => Pumped::Slice,
            pumped => pumped,
        }
    }

    fn pump_top_level(&mut self, sink: &mut Sink<'_>) -> Pumped {
        loop {
            match self.state {
                State::Finished => return Pumped::Finished,
                State::Failed { .. } => return Pumped::Failed,
                State::Running if self.is_worn() => {
                    self.end_slice(sink);
                    return Pumped::Slice;
                }
                State::Running => match self.run_slice(sink) {
                    Some(pumped) => return pumped,
                    None => continue,
                },
                State::Waiting => return Pumped::Waiting,
                State::Ready => {}
            }
            if self.heap.meter.is_interrupted() {
                // Between statements, or while a block waits for its rest: nothing runs, so nothing has a `finally`.
                self.raised(Raise::End(End::Cancelled), sink);
                continue;
            }
            if let Some(next) = self.queue.pop_front() {
                self.start_piece(next, sink);
                continue;
            }
            match self.read() {
                Read::Queued => {}
                Read::NeedMore => {
                    if self.waiting_since.is_none() {
                        let now = Instant::now();
                        // Comments and blank lines take time too, and no statement comes to look at the clock.
                        if let Err(exceeded) = self.heap.meter.check_time_at(now) {
                            self.raised(exceeded.into(), sink);
                            continue;
                        }
                        self.waiting_since = Some(now);
                    }
                    return Pumped::NeedSource;
                }
                Read::End => {
                    if !self.start_main() {
                        self.state = State::Finished;
                        let end = Event::End { completed: self.completed, steps: self.heap.meter.steps };
                        sink(end);
                    }
                }
                Read::Failed(report) => self.fail(*report, true, sink),
            }
        }
    }

    /// Runs until source is needed, the host has something to wait for, or the program ends.
    pub fn run(&mut self, sink: &mut Sink<'_>) -> Pumped {
        loop {
            match self.pump(sink) {
                Pumped::Slice => {}
                pumped => return pumped,
            }
        }
    }

    // ---- source to code ------------------------------------------------------------------------------

    fn read(&mut self) -> Read {
        // Few names where memory is short: they count against what a statement may take.
        let spare = (self.heap.meter.limits.memory >> 12).min(SPARE_NAMES);
        if self.interner.len() > self.names.len() * 2 + spare || self.heap.is_stressed() {
            self.renew_interner();
        }
        let limit = self.heap.meter.limits.memory;
        let free = limit.saturating_sub(self.heap.bytes().saturating_sub(self.parser_bytes));
        self.parser.set_budget(free);
        let parsed = self.parser.next(&mut self.interner);
        self.charge_parser();
        match parsed {
            Parsed::NeedMore => Read::NeedMore,
            Parsed::End => Read::End,
            Parsed::Piece(piece) => self.compile(piece),
            Parsed::Error(diagnostic) => {
                let resume_at = self.parser.position();
                Read::Failed(Box::new(Report::of_syntax(diagnostic, self.completed, resume_at)))
            }
            Parsed::TooLarge(location) => {
                let mut report = self.limit_report(Exceeded::Memory);
                report.location = Some(location);
                Read::Failed(Box::new(report))
            }
        }
    }

    /// Drops the names that only code which has come and gone used: those of its locals, attributes, keywords.
    fn renew_interner(&mut self) {
        let mut fresh = Interner::default();
        if self.parser.move_to(&self.interner, &mut fresh) {
            self.names.move_to(&mut fresh);
            self.interner = fresh;
        }
    }

    fn charge_parser(&mut self) {
        let now = self.parser.retained_bytes() + self.interner.bytes();
        self.heap.charge_bytes(now);
        self.heap.release_bytes(self.parser_bytes);
        self.parser_bytes = now;
    }

    fn compile(&mut self, piece: Piece) -> Read {
        let Piece { ast, start, opens_unit, closes_unit } = piece;
        let compiled = self.compiler.piece(&ast, &self.interner, &mut self.names, opens_unit, closes_unit);
        self.parser.recycle(ast);
        self.sync_names();
        match compiled {
            Ok(segment) => {
                if self.completed == 0 && opens_unit && !self.documented {
                    self.documented = true;
                    match &segment.code.doc {
                        Some(doc) => {
                            let doc = self.heap.str(doc);
                            self.bind("__doc__", doc);
                        }
                        None if self.interner.get("__doc__").is_some() => self.bind("__doc__", Value::None),
                        None => {}
                    }
                }
                self.queue(&segment, start);
                Read::Queued
            }
            Err(diagnostic) => {
                self.compiler.abandon_unit();
                Read::Failed(Box::new(Report::of_syntax(diagnostic, self.completed, start)))
            }
        }
    }

    pub(super) fn queue(&mut self, segment: &Segment, start: Position) {
        if !self.main_used {
            self.main_used = self.uses_main(segment);
        }
        let instance = self.instances.add(&segment.code, self.module, &mut self.heap);
        self.held.instances.push(instance);
        for &(label, pc) in &segment.labels {
            self.labels.insert(label, (instance, pc));
        }
        let Segment { opens_unit, closes_unit, .. } = *segment;
        self.queue.push_back(Queued { instance, opens_unit, closes_unit, start });
    }

    /// Whether a statement of the top level reads the name `main`.
    fn uses_main(&self, segment: &Segment) -> bool {
        let Some(main) = self.names.find("main", &self.interner) else { return false };
        segment.code.kind == CodeKind::Module
            && segment.code.ops.iter().any(|op| match *op {
                Op::LoadGlobal { slot, .. } | Op::CallGlobal { slot, .. } | Op::DelGlobal { slot } => {
                    slot == main
                }
                _ => false,
            })
    }

    // ---- running -----------------------------------------------------------------------------------------

    fn start_piece(&mut self, piece: Queued, sink: &mut Sink<'_>) {
        let Queued { instance, opens_unit, closes_unit, start } = piece;
        if opens_unit {
            self.unit_start = start;
            if sink(Event::StatementStarted { at: start }) == Control::Stop {
                return self.stop(sink);
            }
        }
        self.unit.push(instance);
        self.unit_open = !closes_unit;
        if self.fiber.frames.is_empty() {
            let shown = self.fiber.shown;
            self.fiber = Fiber { shown, ..Fiber::module(instance) };
        }
        self.state = State::Running;
        match self.parked.take() {
            // A jump past what has not arrived yet.
            Some(label) => match self.labels.get(&label) {
                Some(&(instance, pc)) => self.jump_to(instance, pc),
                None => {
                    self.parked = Some(label);
                    self.piece_done(sink);
                }
            },
            None => self.jump_to(instance, 0),
        }
    }

    fn jump_to(&mut self, instance: u32, pc: u32) {
        let frame = self.fiber.frames.last_mut().expect("the module's frame is there");
        (frame.instance, frame.pc) = (instance, pc);
    }

    /// Runs one slice. `None` to look at the session's state again.
    fn run_slice(&mut self, sink: &mut Sink<'_>) -> Option<Pumped> {
        let exit = self.execute();
        if self.flush(sink) == Control::Stop {
            self.stop(sink);
            return None;
        }
        if let Exit::Slice = exit {
            self.end_slice(sink);
            return Some(Pumped::Slice);
        }
        self.exited(exit, sink);
        None
    }

    /// What follows from where the VM stopped.
    pub(super) fn exited(&mut self, exit: Exit, sink: &mut Sink<'_>) {
        match exit {
            Exit::EndOfCode if self.in_loaded_module() => {
                let exit = self.next_of_module();
                self.exited(exit, sink);
            }
            Exit::EndOfCode => self.end_of_code(sink),
            Exit::Done(_) => {
                self.state = State::Ready;
                self.fiber.frames.clear();
            }
            Exit::Raised(raise) => self.raised(raise, sink),
            Exit::Suspended => match self.heap.take_load() {
                Some(load) => match self.carry_out_load(super::tasks::TOP_LEVEL, load) {
                    Some(exit) => self.exited(exit, sink),
                    None => self.wait_at_top_level(),
                },
                None => self.wait_at_top_level(),
            },
            Exit::Interrupted => self.cancel(true, sink),
            Exit::Slice => {}
        }
    }

    fn end_slice(&mut self, sink: &mut Sink<'_>) {
        self.looked_at = self.work();
        match self.look_up(sink) {
            Ok(()) => {}
            Err(Ended::Stopped) => self.stop(sink),
            Err(Ended::Raised(raise)) => self.interrupt_with(raise, sink),
        }
    }

    /// Runs the VM for at most a slice, exactly up to the next place where someone wants to look.
    pub(super) fn execute(&mut self) -> Exit {
        let limit = self.heap.meter.limits.steps;
        let used = self.heap.meter.steps;
        let left = limit.saturating_sub(used).min(i64::MAX as u64 / 4);
        let mut wanted = self.options.slice.max(1).min(left);
        let mut exact = wanted < 64 || self.cancellation.is_some();
        // A straight run of instructions is not interrupted, so near an exact stop every instruction counts.
        let margin = self.instances.longest() as u64 + 1;
        let stop = left.min(self.next_step_event.saturating_sub(used));
        if wanted + margin >= stop {
            if stop > margin {
                wanted = stop - margin;
            } else {
                wanted = stop;
                exact = true;
            }
        }
        let budget = wanted as i64;
        let mut tracer = trace_instruction;
        let (cancellation, traced) = (self.cancellation, self.options.trace);
        let mut vm = self.vm(budget, left as i64 - budget);
        vm.cancellation = cancellation;
        vm.trace = if traced { Some(&mut tracer) } else { None };
        let exit = vm.run(exact);
        let done = budget - vm.remaining;
        self.cancellation = vm.cancellation;
        // What a native asked for beyond the limit was not done.
        self.heap.meter.steps = (used + done.max(0) as u64).min(limit);
        exit
    }

    /// Whether pieces of program that end within their slices have added up to one since the last look at the clock:
    /// short statements, and the body of a loop that runs eagerly, each time. Reading source is work too.
    fn is_worn(&self) -> bool {
        self.work().wrapping_sub(self.looked_at) >= WEAR
    }

    fn work(&self) -> u64 {
        self.heap.meter.steps.wrapping_add(self.unit_start.offset)
    }

    /// The VM with `remaining` steps to do and `beyond` behind them, nobody watching.
    pub(super) fn vm(&mut self, remaining: i64, beyond: i64) -> Vm<'_> {
        Vm {
            heap: &mut self.heap,
            fiber: &mut self.fiber,
            instances: &self.instances,
            held: &self.held,
            hot: self.hot,
            remaining,
            beyond,
            max_frames: self.options.limits.frames as usize,
            thrown: false,
            cancellation: None,
            trace: None,
        }
    }

    /// At a slice's end: limits, the clock, interrupts, the host's own look.
    fn look_up(&mut self, sink: &mut Sink<'_>) -> Result<(), Ended> {
        let meter = &self.heap.meter;
        if meter.steps >= meter.limits.steps {
            return Err(Ended::Raised(Exceeded::Steps.into()));
        }
        meter.check_time().map_err(|exceeded| Ended::Raised(exceeded.into()))?;
        if self.heap.meter.steps >= self.next_step_event {
            let every = self.options.step_every.unwrap_or(u64::MAX);
            self.next_step_event = (self.heap.meter.steps / every + 1).saturating_mul(every);
            if self.tell_progress(sink) == Control::Stop {
                return Err(Ended::Stopped);
            }
        }
        if self.heap.meter.is_interrupted() {
            return Err(Ended::Raised(Raise::End(End::Cancelled)));
        }
        Ok(())
    }

    fn tell_progress(&mut self, sink: &mut Sink<'_>) -> Control {
        let mut on_step = self.on_step.take();
        let get = |name: &str| self.get(name);
        let position = self.here().unwrap_or(self.unit_start);
        let progress =
            Progress { position, steps: self.heap.meter.steps, bytes: self.heap.bytes(), get: &get };
        let control = match &mut on_step {
            Some(callback) => callback(progress),
            None => sink(Event::Step(progress)),
        };
        self.on_step = on_step;
        control
    }

    /// Place of the instruction about to run.
    fn here(&self) -> Option<Position> {
        let frame =
            self.fiber.frames.iter().rev().find(|frame| !matches!(frame.kind, FrameKind::Native(_)))?;
        let code = &self.instances.find(frame.instance)?.code;
        let span = code.spans.get(frame.pc as usize)?;
        Some(code.source.locate(*span).start)
    }

    /// Interrupts the program where it is.
    fn interrupt_with(&mut self, raise: Raise, sink: &mut Sink<'_>) {
        if raise != Raise::End(End::Cancelled) {
            self.skip_ends();
            let trace = self.trace_of_stack(false);
            self.fiber.end_trace = trace;
            return self.raised(raise, sink);
        }
        self.cancel(false, sink);
    }

    /// Cancels the program: in the middle of the instruction that it carries out, or before the next one.
    pub(super) fn cancel(&mut self, within: bool, sink: &mut Sink<'_>) {
        self.skip_ends();
        self.cancelled_at = self.trace_of_stack(within);
        self.allow_cancellation();
        let mut vm = self.vm(0, 0);
        let cancelled = vm.cancel(within);
        self.cancellation = vm.cancellation;
        match cancelled {
            Ok(()) => self.state = State::Running,
            Err(Exit::Raised(raise)) => self.raised(raise, sink),
            Err(_) => {}
        }
    }

    /// Handlers that a cancellation runs get a fixed allowance.
    pub(super) fn allow_cancellation(&mut self) {
        let meter = &mut self.heap.meter;
        meter.limits.steps = meter.limits.steps.min(meter.steps.saturating_add(CANCEL_STEPS));
    }

    /// The stack as places. The frame on top is about to run its instruction, or is `within` it; those below are past
    /// theirs.
    pub(super) fn trace_of_stack(&self, within: bool) -> Vec<TraceEntry> {
        let frames =
            self.fiber.frames.iter().rev().filter(|frame| !matches!(frame.kind, FrameKind::Native(_)));
        frames
            .enumerate()
            .map(|(i, frame)| {
                let pc = if i == 0 && !within { frame.pc } else { frame.pc.saturating_sub(1) };
                TraceEntry { instance: frame.instance, pc }
            })
            .collect()
    }

    /// The module's frame is past its instructions, or at a label.
    fn end_of_code(&mut self, sink: &mut Sink<'_>) {
        let pc = self.fiber.frames.last().map_or(0, |frame| frame.pc);
        if pc >= FAR {
            let label = pc - FAR;
            match self.labels.get(&label) {
                Some(&(instance, pc)) => self.jump_to(instance, pc),
                None => {
                    self.parked = Some(label);
                    self.piece_done(sink);
                }
            }
            return;
        }
        match self.next_piece() {
            Some(next) => self.jump_to(next, 0),
            None => self.piece_done(sink),
        }
    }

    /// The piece that follows the running one within its unit, if it has arrived.
    fn next_piece(&self) -> Option<u32> {
        let current = self.fiber.frames.last().map(|frame| frame.instance);
        let at = self.unit.iter().position(|&instance| Some(instance) == current)?;
        self.unit.get(at + 1).copied()
    }

    /// Goes from the end of a piece, which may be empty, to the instruction that is about to run.
    fn skip_ends(&mut self) {
        while let Some(&Frame { instance, pc, .. }) = self.fiber.frames.last()
            && self.instances.find(instance).is_some_and(|code| pc as usize == code.code.ops.len())
            && let Some(next) = self.next_piece()
        {
            self.jump_to(next, 0);
        }
    }

    /// Nothing is left to run of the piece at hand.
    fn piece_done(&mut self, sink: &mut Sink<'_>) {
        self.state = State::Ready;
        if self.unit_open {
            return;
        }
        if self.cancellation.is_some() {
            // A `break` in a `finally` has led out of the statement.
            return self.raised(Raise::End(End::Cancelled), sink);
        }
        self.show_value(sink);
        let code_limit = self.heap.meter.limits.memory / 8;
        if (self.heap.wants_collection() || self.instances.fresh_bytes() > code_limit)
            && let Err(raise) = self.tidy()
        {
            return self.raised(raise, sink);
        }
        self.completed += 1;
        self.end_unit();
        let done = Event::StatementDone { at: self.unit_start, completed: self.completed };
        if sink(done) == Control::Stop {
            self.stop(sink);
        }
    }

    /// Between statements: collects, and ends the run if what is left is above the limit.
    #[cold]
    fn tidy(&mut self) -> Result<(), Raise> {
        // No register outlives its statement.
        self.fiber.stack.fill(Value::Undef);
        self.with(|ctx| ctx.collect());
        self.purge();
        if self.heap.bytes() <= self.heap.meter.limits.memory {
            return Ok(());
        }
        let last = self.fiber.frames.last();
        let entry = last.map(|frame| TraceEntry { instance: frame.instance, pc: frame.pc.saturating_sub(1) });
        self.fiber.end_trace = entry.into_iter().collect();
        Err(Exceeded::Memory.into())
    }

    fn show_value(&mut self, sink: &mut Sink<'_>) {
        let value = std::mem::replace(&mut self.fiber.shown, Value::Undef);
        if matches!(value, Value::Undef | Value::None) || !self.options.show_values {
            self.held.values[super::LAST_VALUE] = value;
            return;
        }
        self.held.values[super::LAST_VALUE] = value;
        let text = self.with(|ctx| repr::repr(ctx, value));
        if let Ok(text) = text {
            sink(Event::Value(&text));
        }
    }

    /// Drops the code of the unit at hand, unless something may still refer to it.
    fn end_unit(&mut self) {
        self.labels.clear();
        self.held.instances.retain(|instance| !self.unit.contains(instance));
        let plain = self.heap.exceptions_made == self.exceptions_seen;
        self.exceptions_seen = self.heap.exceptions_made;
        let unit = std::mem::take(&mut self.unit);
        for &instance in &unit {
            let has_functions =
                self.instances.find(instance).is_some_and(|instance| !instance.code.functions.is_empty());
            if plain && !has_functions {
                self.instances.remove(instance, &mut self.heap);
            }
        }
        self.unit = unit;
        self.unit.clear();
        self.purge();
    }

    /// Drops code that the last collection did not find in use.
    fn purge(&mut self) {
        if self.heap.collections == self.purged_at {
            return;
        }
        self.purged_at = self.heap.collections;
        let held = &self.held.instances;
        self.instances.purge(&mut self.heap, |index| held.contains(&index));
        self.heap.purged();
    }

    /// At the end of input: calls `main`, if the script leaves that to the runtime.
    fn start_main(&mut self) -> bool {
        if !self.options.call_main || self.main_used || self.main_called {
            return false;
        }
        self.main_called = true;
        let Some(slot) = self.names.find("main", &self.interner) else { return false };
        let Value::Function(function) = self.heap[self.module].slots[slot as usize] else { return false };
        let index = self.heap[function].instance;
        let instance = self.instances.get(index);
        let params = &instance.code.params;
        let required = params.positional - params.defaults.min(params.positional);
        let keywords = params.kw_defaults.iter().filter(|has_default| !**has_default).count();
        if required > 0 || keywords > 0 {
            return false;
        }
        self.fiber = Fiber::default();
        let mut vm = self.vm(0, self.options.limits.steps.min(i64::MAX as u64 / 4) as i64);
        match vm.call_host(Value::Function(function), &[]) {
            Ok(None) => self.state = State::Running,
            Ok(Some(_)) => self.state = State::Ready,
            Err(_) => return false,
        }
        true
    }
}

/// Steps and bytes of source after which statements have worn out a slice between them.
const WEAR: u64 = 1 << 14;

/// Names that may be left over before they are dropped.
const SPARE_NAMES: usize = 1 << 12;

/// Steps that `finally` and `with` exits may take after a cancellation.
const CANCEL_STEPS: u64 = 1_000_000;

enum Read {
    Queued,
    NeedMore,
    End,
    Failed(Box<Report>),
}

/// `--trace`: one line for each instruction.
fn trace_instruction(fiber: &Fiber, instances: &Instances, _: &crate::heap::Heap, pc: u32) {
    let Some(Frame { instance, .. }) = fiber.frames.last() else { return };
    let code = &instances.get(*instance).code;
    let indent = fiber.frames.len() * 2;
    if let (Some(op), Some(span)) = (code.ops.get(pc as usize), code.spans.get(pc as usize)) {
        let line = code.source.locate(*span).start.line;
        eprintln!("{:indent$}{}:{line} {pc:4} {op:?}", "", code.name);
    }
}
