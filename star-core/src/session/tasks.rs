//! Calls from the host: functions of the script that run beside its top level.
//!
//! In: a function and its arguments. Out: its result, or an [`Error`], to whoever asked. Rules: tasks take turns, a
//! slice each, first come first served; a task that waits for a future of the host costs nothing until that wakes it;
//! the top level and a task are the same to the VM, which runs whatever fiber the session holds.

use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Instant;

use super::error::Error;
use super::run::Sink;
use super::{Session, State};
use crate::bytecode::Code;
use crate::compiler::Compiler;
use crate::heap::{Ctx, HostFuture, Raise};
use crate::host::convert::FromStar;
use crate::host::waiting::CallTuple;
use crate::intern::Interner;
use crate::meter::Counts;
use crate::object::TraceEntry;
use crate::parser::{Parsed, Parser, ParserOptions};
use crate::resolve::ModuleNames;
use crate::value::Value;
use crate::vm::{Cancellation, Exit, Fiber};

/// Takes the result of a call, in the isolate.
pub(crate) type Reply = Box<dyn FnOnce(&mut Ctx<'_>, Result<Value, Error>)>;

/// Names a call while it runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CallId {
    slot: u32,
    generation: u32,
}

/// A call that has not ended. Its fiber lies among what the session holds.
struct Task {
    waiting: Option<(Box<dyn HostFuture>, Waker)>,
    counts: Counts,
    cancellation: Option<Cancellation>,
    cancelled_at: Vec<TraceEntry>,
    /// Whoever asked has gone: it is to be cancelled.
    cancel: bool,
    withdrawn: Option<Rc<Cell<bool>>>,
    reply: Option<Reply>,
}

/// The calls of a session.
#[derive(Default)]
pub(super) struct Tasks {
    slots: Vec<(u32, Option<Box<Task>>)>,
    free: Vec<u32>,
    ready: VecDeque<u32>,
    /// Those whose futures have woken.
    woken: Arc<Woken>,
    /// Number of calls whose future they wait for.
    waiting: usize,
    /// When the time of each task is used up, in the order in which they began, which is that of their deadlines. Tasks
    /// that have ended may still be among them.
    deadlines: VecDeque<(Instant, CallId)>,
}

/// Wakes of tasks since someone last looked, and who wants to know.
#[derive(Default)]
struct Woken {
    state: Mutex<(Vec<u32>, Option<Waker>)>,
}

/// What a future of one task wakes.
struct TaskWake {
    slot: u32,
    woken: Arc<Woken>,
}

/// What a task takes, beside what its deeper calls need.
const TASK_BYTES: usize = 8 << 10;

/// The slot that stands for the top level.
pub(super) const TOP_LEVEL: u32 = u32::MAX;

impl Wake for TaskWake {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let waker = {
            let mut state = self.woken.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.0.push(self.slot);
            state.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Tasks {
    fn waker(&self, slot: u32) -> Waker {
        Waker::from(Arc::new(TaskWake { slot, woken: self.woken.clone() }))
    }

    /// Those that have woken; asks for `waker` to be woken at the next one.
    fn take_woken(&self, waker: &Waker) -> Vec<u32> {
        let mut state = self.woken.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.1 = Some(waker.clone());
        std::mem::take(&mut state.0)
    }
}

impl Session {
    /// Whether a call is ready to run, or a future of the host wants one.
    pub fn has_ready_calls(&self) -> bool {
        !self.tasks.ready.is_empty() || !self.heap.inbox().calls.borrow().is_empty()
    }

    /// Whether anything waits for a future of the host.
    pub fn has_waiting(&self) -> bool {
        self.waiting.is_some() || self.tasks.waiting > 0
    }

    /// When the first of what waits has used up its time.
    pub fn next_deadline(&self) -> Option<Instant> {
        let own = self.waiting.as_ref().and_then(|_| self.heap.meter.deadline());
        let first = self.tasks.deadlines.front().filter(|_| self.tasks.waiting > 0);
        first.map(|&(deadline, _)| deadline).into_iter().chain(own).min()
    }

    /// Calls a global. `reply` gets the result, once pumping has made it come.
    pub fn call<A: CallTuple, T: FromStar>(
        &mut self,
        name: &str,
        args: A,
        reply: impl FnOnce(Result<T, Error>) + 'static,
    ) -> Option<CallId> {
        let called = name.to_string();
        let reply = move |ctx: &mut Ctx<'_>, result: Result<Value, Error>| {
            let converted = result.and_then(|value| {
                let what = || Some(format!("result of {called}()"));
                T::from_star(ctx, value).map_err(|wrong| Error::conversion(&wrong, what()))
            });
            reply(converted);
        };
        self.start_call(name, |ctx| args.push(ctx), Box::new(reply))
    }

    /// Starts a call of a global. `args` puts the arguments into the scratch; `reply` gets the result.
    fn start_call(
        &mut self,
        name: &str,
        args: impl FnOnce(&mut Ctx<'_>) -> Result<(), Raise>,
        reply: Reply,
    ) -> Option<CallId> {
        if let State::Failed { resumable: false } = self.state {
            let error = Error::refused(super::ResumeError.to_string());
            self.with(|ctx| reply(ctx, Err(error)));
            return None;
        }
        match self.global(name) {
            Some(function) => Some(self.start_task(function, args, reply, None)),
            None => {
                self.with(|ctx| reply(ctx, Err(Error::missing(name))));
                None
            }
        }
    }

    pub(super) fn global(&self, name: &str) -> Option<Value> {
        let slot = self.names.find(name, &self.interner)? as usize;
        let module = &self.heap[self.module];
        module.bound.get(slot).copied().filter(|bound| *bound)?;
        module.slots[slot].given()
    }

    fn start_task(
        &mut self,
        function: Value,
        args: impl FnOnce(&mut Ctx<'_>) -> Result<(), Raise>,
        reply: Reply,
        withdrawn: Option<Rc<Cell<bool>>>,
    ) -> CallId {
        // Its stack and what belongs to it count like anything else that the script has made.
        let room = self.with(|ctx| {
            ctx.heap.scratch.push(function);
            let room = ctx.reserve(TASK_BYTES);
            ctx.heap.scratch.pop();
            room
        });
        if let Err(raise) = room {
            let error = self.error_of(raise);
            self.with(|ctx| reply(ctx, Err(error)));
            return CallId { slot: TOP_LEVEL, generation: 0 };
        }
        self.heap.charge_bytes(TASK_BYTES);
        let counts = Counts::start(&self.options.limits);
        let task = Task {
            waiting: None,
            counts,
            cancellation: None,
            cancelled_at: Vec::new(),
            cancel: false,
            withdrawn,
            reply: Some(reply),
        };
        let slot = match self.tasks.free.pop() {
            Some(slot) => slot,
            None => {
                self.tasks.slots.push((0, None));
                self.held.parked.push(Fiber::default());
                self.tasks.slots.len() as u32 - 1
            }
        };
        let (generation, place) = &mut self.tasks.slots[slot as usize];
        *place = Some(Box::new(task));
        let id = CallId { slot, generation: *generation };
        if let Some(deadline) = counts.deadline() {
            self.tasks.deadlines.push_back((deadline, id));
        }
        let task = self.enter(slot);
        let started = self.begin(function, args);
        self.task_exit(slot, task, started);
        id
    }

    /// Puts a function and its arguments on the empty fiber.
    fn begin(&mut self, function: Value, args: impl FnOnce(&mut Ctx<'_>) -> Result<(), Raise>) -> Exit {
        let base = self.heap.scratch.len();
        self.heap.scratch.push(function);
        let pushed = self.with(args);
        let args = self.heap.scratch[base + 1..].to_vec();
        let started = match (pushed, function) {
            (Err(raise), _) => Err(raise),
            (Ok(()), Value::Function(_)) => self.begin_call(function, &args),
            // A native may ask for calls of its own, which takes a script's frame below it.
            (Ok(()), _) => {
                let instance = self.instances.add(&TRAMPOLINE, self.module, &mut self.heap);
                let child = self.instances.get(instance).children[0];
                let trampoline = crate::object::Function { instance: child, ..Default::default() };
                let trampoline = Value::Function(self.heap.insert(trampoline));
                let args = self.heap.tuple(&args);
                self.heap.scratch.extend([trampoline, args]);
                self.begin_call(trampoline, &[function, args])
            }
        };
        self.heap.scratch.truncate(base);
        match started {
            Ok(None) => Exit::Slice,
            Ok(Some(value)) => Exit::Done(value),
            Err(raise) => Exit::Raised(raise),
        }
    }

    fn begin_call(&mut self, function: Value, args: &[Value]) -> Result<Option<Value>, Raise> {
        let left = self.options.limits.steps.min(i64::MAX as u64 / 4) as i64;
        self.vm(0, left).call_host(function, args)
    }

    /// Makes a task the one that runs: its fiber and counts take the place of the top level's.
    fn enter(&mut self, slot: u32) -> Box<Task> {
        let mut task = self.tasks.slots[slot as usize].1.take().expect("a task that is entered is there");
        self.exchange(slot, &mut task);
        task
    }

    /// Takes [`Session::enter`] back.
    fn leave(&mut self, slot: u32, mut task: Box<Task>) {
        self.exchange(slot, &mut task);
        self.tasks.slots[slot as usize].1 = Some(task);
    }

    fn exchange(&mut self, slot: u32, task: &mut Task) {
        std::mem::swap(&mut self.fiber, &mut self.held.parked[slot as usize]);
        std::mem::swap(&mut self.cancellation, &mut task.cancellation);
        std::mem::swap(&mut self.cancelled_at, &mut task.cancelled_at);
        self.heap.meter.swap_counts(&mut task.counts);
    }

    /// Takes up what futures of the host want, and gives the first task that is ready its slice. False if there was
    /// nothing to do.
    pub(super) fn pump_tasks(&mut self, sink: &mut Sink<'_>) -> bool {
        self.take_requests();
        let Some(slot) = self.tasks.ready.pop_front() else { return false };
        if self.tasks.slots[slot as usize].1.is_none() {
            return true;
        }
        let task = self.enter(slot);
        let cancelled = task.cancel || task.withdrawn.as_ref().is_some_and(|gone| gone.get());
        let exit = if cancelled && self.cancellation.is_none() { self.cancel_task(false) } else { Ok(()) };
        let exit = match exit {
            Ok(()) => self.execute(),
            Err(exit) => exit,
        };
        self.flush(sink);
        self.task_exit(slot, task, exit);
        true
    }

    fn take_requests(&mut self) {
        loop {
            let request = self.heap.inbox().calls.borrow_mut().pop_front();
            let Some(request) = request else { return };
            if request.cancelled.get() {
                continue;
            }
            let Some(function) = request.function.get(&self.heap) else { continue };
            let (reply, waker) = (request.reply, request.waker);
            let reply: Reply = Box::new(move |ctx, result| {
                reply(ctx, result.map_err(Into::into));
                if let Some(waker) = waker.borrow_mut().take() {
                    waker.wake();
                }
            });
            self.start_task(function, request.args, reply, Some(request.cancelled));
        }
    }

    /// Cancels the task at hand: `finally` and `with` exits run.
    fn cancel_task(&mut self, within: bool) -> Result<(), Exit> {
        self.cancelled_at = self.trace_of_stack(within);
        self.allow_cancellation();
        let mut vm = self.vm(0, 0);
        let cancelled = vm.cancel(within);
        self.cancellation = vm.cancellation;
        cancelled
    }

    /// What follows from where a task's slice ended. The task has been entered.
    fn task_exit(&mut self, slot: u32, mut task: Box<Task>, exit: Exit) {
        let mut exit = exit;
        loop {
            exit = match exit {
                Exit::EndOfCode if self.in_loaded_module() => self.next_of_module(),
                Exit::Suspended => match self.heap.take_load() {
                    Some(load) => match self.carry_out_load(slot, load) {
                        Some(exit) => exit,
                        None => break,
                    },
                    None => break,
                },
                _ => break,
            };
        }
        let exit = match exit {
            Exit::Slice => match self.task_limits() {
                Ok(()) => Exit::Slice,
                Err(raise) => {
                    self.fiber.end_trace = self.trace_of_stack(false);
                    Exit::Raised(raise)
                }
            },
            Exit::Interrupted => match self.cancel_task(true) {
                Ok(()) => Exit::Slice,
                Err(exit) => exit,
            },
            exit => exit,
        };
        match exit {
            Exit::Slice => self.tasks.ready.push_back(slot),
            Exit::Suspended => {
                if let Some(future) = self.heap.take_pending() {
                    let waker = self.tasks.waker(slot);
                    task.waiting = Some((future, waker.clone()));
                    self.tasks.waiting += 1;
                    // It has been polled without a waker that means anything.
                    waker.wake();
                }
            }
            Exit::Done(value) => return self.end_task(slot, task, Ok(value)),
            Exit::Raised(raise) => {
                let error = self.error_of(raise);
                return self.end_task(slot, task, Err(error));
            }
            Exit::EndOfCode | Exit::Interrupted => {
                let error = Error::refused("the call ended without a result");
                return self.end_task(slot, task, Err(error));
            }
        }
        self.leave(slot, task);
    }

    fn task_limits(&mut self) -> Result<(), Raise> {
        let meter = &self.heap.meter;
        if meter.steps >= meter.limits.steps {
            return Err(crate::meter::Exceeded::Steps.into());
        }
        Ok(meter.check_time()?)
    }

    fn end_task(&mut self, slot: u32, mut task: Box<Task>, result: Result<Value, Error>) {
        let base = self.heap.scratch.len();
        if let Ok(value) = result {
            self.heap.scratch.push(value);
        }
        if let Some(reply) = task.reply.take() {
            self.with(|ctx| reply(ctx, result));
        }
        self.heap.scratch.truncate(base);
        self.exchange(slot, &mut task);
        self.held.parked[slot as usize] = Fiber::default();
        self.heap.release_bytes(TASK_BYTES);
        let (generation, _) = &mut self.tasks.slots[slot as usize];
        *generation = generation.wrapping_add(1);
        self.tasks.free.push(slot);
        while let Some(&(_, id)) = self.tasks.deadlines.front()
            && self.tasks.slots[id.slot as usize].0 != id.generation
        {
            self.tasks.deadlines.pop_front();
        }
    }

    /// Cancels a call: its future is dropped, its `finally` blocks run.
    pub fn cancel_call(&mut self, id: CallId) {
        let Some((generation, Some(task))) = self.tasks.slots.get_mut(id.slot as usize) else { return };
        if *generation != id.generation || task.cancel {
            return;
        }
        task.cancel = true;
        if task.waiting.is_some() {
            self.interrupt_wait(id.slot);
        }
    }

    /// Ends what a task waits for; it goes on with its cancellation.
    fn interrupt_wait(&mut self, slot: u32) {
        let mut task = self.enter(slot);
        task.waiting = None;
        self.tasks.waiting -= 1;
        let exit = match self.cancel_task(true) {
            Ok(()) => Exit::Slice,
            Err(exit) => exit,
        };
        self.task_exit(slot, task, exit);
    }

    /// Polls the futures that have woken; ready once the session is worth pumping again.
    pub fn poll_waiting(&mut self, cx: &mut Context<'_>, sink: &mut Sink<'_>) -> Poll<()> {
        *self.heap.inbox().waker.borrow_mut() = Some(cx.waker().clone());
        let mut progress = self.has_ready_calls();
        for slot in self.tasks.take_woken(cx.waker()) {
            progress |= if slot == TOP_LEVEL { self.poll_top_level(sink) } else { self.poll_task(slot) };
        }
        progress |= self.check_interrupt(sink);
        progress |= self.check_deadlines(sink);
        progress |= self.has_ready_calls();
        if progress { Poll::Ready(()) } else { Poll::Pending }
    }

    /// What the top level waits for from now on.
    pub(super) fn wait_at_top_level(&mut self) {
        self.waiting = self.heap.take_pending();
        self.state = State::Waiting;
        let waker = self.tasks.waker(TOP_LEVEL);
        self.top_waker = Some(waker.clone());
        waker.wake();
    }

    fn poll_top_level(&mut self, sink: &mut Sink<'_>) -> bool {
        let (Some(future), Some(waker)) = (&mut self.waiting, &self.top_waker) else { return false };
        if future.poll(&mut Context::from_waker(waker)).is_pending() {
            return false;
        }
        if let Some(future) = self.waiting.take() {
            let result = self.with(|ctx| future.finish(ctx));
            self.state = State::Running;
            let left = self.steps_left();
            if let Err(exit) = self.vm(0, left).complete(result) {
                self.exited(exit, sink);
            }
        }
        true
    }

    fn poll_task(&mut self, slot: u32) -> bool {
        let Some((_, Some(task))) = self.tasks.slots.get_mut(slot as usize) else { return false };
        let withdrawn = task.withdrawn.as_ref().is_some_and(|gone| gone.get());
        let Some((future, waker)) = &mut task.waiting else { return false };
        if withdrawn {
            task.cancel = true;
            self.interrupt_wait(slot);
            return true;
        }
        let waker = waker.clone();
        if future.poll(&mut Context::from_waker(&waker)).is_pending() {
            return false;
        }
        let Some((future, _)) = task.waiting.take() else { return false };
        self.tasks.waiting -= 1;
        let task = self.enter(slot);
        let result = self.with(|ctx| future.finish(ctx));
        let left = self.steps_left();
        let exit = match self.vm(0, left).complete(result) {
            Ok(()) => Exit::Slice,
            Err(exit) => exit,
        };
        self.task_exit(slot, task, exit);
        true
    }

    /// Cancels the top level where it waits, if it was interrupted.
    fn check_interrupt(&mut self, sink: &mut Sink<'_>) -> bool {
        if self.waiting.is_none() || !self.heap.meter.is_interrupted() {
            return false;
        }
        self.waiting = None;
        self.state = State::Running;
        self.cancel(true, sink);
        true
    }

    /// Ends what has waited beyond its time.
    fn check_deadlines(&mut self, sink: &mut Sink<'_>) -> bool {
        let Some(deadline) = self.next_deadline() else { return false };
        let now = Instant::now();
        if now < deadline {
            return false;
        }
        if self.waiting.is_some() && self.heap.meter.check_time_at(now).is_err() {
            self.waiting = None;
            self.state = State::Running;
            self.fiber.end_trace = self.trace_of_stack(true);
            self.raised(crate::meter::Exceeded::Time.into(), sink);
        }
        while let Some(&(end, CallId { slot, generation })) = self.tasks.deadlines.front()
            && now >= end
        {
            self.tasks.deadlines.pop_front();
            let (current, task) = &self.tasks.slots[slot as usize];
            // One that does not wait sees the time at the end of its slice.
            if *current == generation && task.as_ref().is_some_and(|task| task.waiting.is_some()) {
                let mut task = self.enter(slot);
                task.waiting = None;
                self.tasks.waiting -= 1;
                self.fiber.end_trace = self.trace_of_stack(true);
                self.task_exit(slot, task, Exit::Raised(crate::meter::Exceeded::Time.into()));
            }
        }
        true
    }

    pub(super) fn steps_left(&self) -> i64 {
        let left = self.heap.meter.limits.steps.saturating_sub(self.heap.meter.steps);
        left.min(i64::MAX as u64 / 4) as i64
    }

    /// What left the fiber at hand, as an error.
    pub(super) fn error_of(&mut self, raise: Raise) -> Error {
        let exception = match raise {
            Raise::Exception(at) => Some(self.heap.keep_exception(at)),
            Raise::End(_) => None,
        };
        let mut report = self.report_of(raise);
        report.resume_at = None;
        self.cancellation = None;
        Error::script(report, exception)
    }
}

/// `f(*args)`: what the host calls where the callee is no function of a script.
static TRAMPOLINE: LazyLock<Arc<Code>> = LazyLock::new(|| {
    let mut interner = Interner::default();
    let mut names = ModuleNames::default();
    let mut parser = Parser::new(ParserOptions {
        name: "<host>".into(),
        eager: false,
        max_nesting: 10,
        blocked: Default::default(),
    });
    parser.push(b"def call(f, args): return f(*args)\n");
    parser.finish();
    let Parsed::Piece(piece) = parser.next(&mut interner) else { unreachable!("it is a statement") };
    let mut compiler = Compiler::new("<host>".into());
    let segment = compiler.piece(&piece.ast, &interner, &mut names, true, true);
    segment.map(|segment| segment.code).unwrap_or_else(|error| unreachable!("it is valid: {}", error.message))
});
