//! A session: one isolate that runs a program as its source arrives.
//!
//! In: chunks of source. Out: [`Event`]s, and a [`Pumped`] that says what the session waits for. Rules: a statement
//! runs before the next one is looked at; source is only asked for when nothing is left to run; after an error
//! everything that ran stays.
//!
//! A file is a stream of one chunk, a prompt a stream of many: there is no other way to run anything.

pub mod data;
mod ends;
pub mod error;
pub mod event;
mod load;
mod program;
pub mod report;
mod run;
mod tasks;
pub mod traceback;

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Waker;
use std::time::{Duration, Instant};

use crate::builtins;
use crate::compiler::Compiler;
use crate::heap::{Ctx, Grants, Heap, HostFuture, Natives, Raise};
use crate::host::convert::{self, FromStar};
use crate::intern::Interner;
use crate::meter::Limits;
use crate::object::{Module, TraceEntry};
use crate::ops::table;
use crate::parser::{Parser, ParserOptions};
use crate::resolve::ModuleNames;
use crate::span::Position;
use crate::value::{Ref, Value};
use crate::vm::{Cancellation, Fiber, FiberRoots, HOT, Held, Hot, Instances};

pub use crate::parser::Blocked;
pub use data::Data;
pub use error::Error;
pub use event::{Control, Event, Progress};
use load::Loading;
pub use load::{LoadFuture, Loader};
pub use program::Program;
pub use report::{Failure, Report};
pub use run::Sink;
pub use tasks::CallId;
use tasks::Tasks;

/// How a session behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the source is called in messages.
    pub name: Arc<str>,
    /// What scripts may use up.
    pub limits: Limits,
    /// Run the body of an open top-level block as it arrives.
    pub eager: bool,
    /// Keywords and names that scripts may not use.
    pub blocked: Blocked,
    /// Call `main` at the end of input if no top-level statement used the name.
    pub call_main: bool,
    /// Key of the hash tables. Scripts cannot see it; a recording fixes it. Random if not given.
    pub hash_keys: Option<(u64, u64)>,
    /// Steps after which the VM looks up: at the clock, for interrupts, to flush output.
    pub slice: u64,
    /// Collect garbage at every safe point, to test that nothing depends on when it happens.
    pub collect_always: bool,
    /// Print each instruction before it is carried out, to standard error.
    pub trace: bool,
    /// Deliver the values of top-level expression statements as [`Event::Value`].
    pub show_values: bool,
    /// Call the host back every so many steps, with [`Event::Step`].
    pub step_every: Option<u64>,
    /// Finds the scripts that `require("./lib.star")` means.
    pub loader: Option<Loader>,
    /// Note where each global is bound, so that an error about its value can name the line. Takes two steps for each.
    pub note_assignments: bool,
}

impl Options {
    /// Refuses these keywords and builtins where they are read: `["while", "lambda", "import"]`.
    pub fn block<W: Into<Box<str>>>(mut self, words: impl IntoIterator<Item = W>) -> Options {
        self.blocked = Blocked::new(words);
        self
    }
}

impl Default for Options {
    fn default() -> Options {
        Options {
            name: "<stdin>".into(),
            limits: Limits::default(),
            eager: false,
            blocked: Blocked::default(),
            call_main: false,
            hash_keys: None,
            slice: 1 << 14,
            collect_always: false,
            trace: false,
            show_values: false,
            step_every: None,
            loader: None,
            note_assignments: false,
        }
    }
}

/// What a session waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pumped {
    /// Everything that is complete has run: feed more, or finish.
    NeedSource,
    /// A slice is over: pump again. Events have been delivered, so this is the place to look at other things.
    Slice,
    /// The program waits for the host: see [`Session::poll_waiting`].
    Waiting,
    /// The program has ended.
    Finished,
    /// It has failed; the report went out as an event. [`Session::resume_from`] goes on after a syntax error or an
    /// uncaught exception; after a limit nothing runs any more.
    Failed,
}

/// Where a session stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Between pieces of source.
    Ready,
    /// Instructions are left to run.
    Running,
    /// A native waits for a future.
    Waiting,
    Finished,
    /// Stopped by an error; `true` if it can go on.
    Failed {
        resumable: bool,
    },
}

/// A piece of code that waits to run.
struct Queued {
    instance: u32,
    opens_unit: bool,
    closes_unit: bool,
    start: Position,
}

type OnStep = Box<dyn FnMut(Progress<'_>) -> Control>;

/// One isolate and the program that runs in it.
pub struct Session {
    options: Options,
    parser: Parser,
    interner: Interner,
    names: ModuleNames,
    compiler: Compiler,
    heap: Heap,
    instances: Instances,
    held: Held,
    hot: Hot,
    module: Ref<Module>,
    fiber: Fiber,
    queue: VecDeque<Queued>,
    /// Pieces of the top-level statement that is open, and where its labels are.
    unit: Vec<u32>,
    labels: HashMap<u32, (u32, u32)>,
    /// Start of the statement that runs.
    unit_start: Position,
    /// The unit runs code of a statement whose end has not arrived.
    unit_open: bool,
    /// A jump or an exception waits for this label.
    parked: Option<u32>,
    state: State,
    /// What a native of the program waits for.
    waiting: Option<Box<dyn HostFuture>>,
    top_waker: Option<Waker>,
    /// Calls from the host.
    tasks: Tasks,
    /// Scripts that are being loaded, outermost first.
    loading: Vec<Loading>,
    completed: u64,
    cancellation: Option<Cancellation>,
    /// Where the program was when it was cancelled, innermost first.
    cancelled_at: Vec<TraceEntry>,
    /// When the session began to wait for source.
    waiting_since: Option<Instant>,
    /// Bytes of parser state that are charged to the heap.
    parser_bytes: usize,
    /// `main` has been used by a top-level statement.
    main_used: bool,
    main_called: bool,
    /// `__doc__` is bound: to the first statement, if that is a string.
    documented: bool,
    /// Collections when instances were last purged.
    purged_at: u64,
    exit_code: Option<i32>,
    next_step_event: u64,
    /// Takes the place of [`Event::Step`].
    on_step: Option<OnStep>,
    /// Steps and bytes of source at the last look at the clock between statements.
    looked_at: u64,
    /// Exceptions made when the last unit ended.
    exceptions_seen: u64,
}

impl Session {
    /// An isolate that has run nothing. Costs about a microsecond: no thread, no descriptor, nothing per builtin.
    pub fn new(options: Options) -> Session {
        let keys = options.hash_keys.unwrap_or_else(random_keys);
        let natives = Natives::new(builtins::GROUPS);
        let parser = new_parser(&options);
        let mut session = Session {
            parser,
            interner: Interner::default(),
            names: ModuleNames::default(),
            compiler: Compiler::new("<module>".into()),
            // Built where it stays: it is large to move.
            heap: Heap::new(options.limits, natives, keys),
            instances: Instances::default(),
            held: Held::default(),
            hot: *HOT,
            module: Ref::new(0),
            fiber: Fiber::default(),
            queue: VecDeque::new(),
            unit: Vec::new(),
            labels: HashMap::new(),
            unit_start: Position::default(),
            unit_open: false,
            parked: None,
            state: State::Ready,
            waiting: None,
            top_waker: None,
            tasks: Tasks::default(),
            loading: Vec::new(),
            completed: 0,
            cancellation: None,
            cancelled_at: Vec::new(),
            waiting_since: None,
            parser_bytes: 0,
            main_used: false,
            main_called: false,
            documented: false,
            purged_at: 0,
            exit_code: None,
            next_step_event: options.step_every.unwrap_or(u64::MAX),
            on_step: None,
            looked_at: 0,
            exceptions_seen: 0,
            options,
        };
        session.module = session.heap.insert(Module { name: Rc::from("__main__"), ..Module::default() });
        // The second place is for the last value.
        session.held.values = vec![Value::Module(session.module), Value::Undef];
        session.heap.set_stress(session.options.collect_always);
        if session.options.note_assignments {
            session.names.note_assignments();
        }
        session.heap.meter.start();
        session
    }

    /// Lets scripts use these modules and capabilities, in place of what they could use before.
    pub fn set_grants(&mut self, grants: Grants) {
        self.heap.set_grants(grants);
    }

    /// Fixes time (since 1970) and the seed of chance, in place of the machine's.
    pub fn fix_world(&mut self, now: Option<Duration>, seed: Option<u64>) {
        let world = self.heap.world_mut();
        (world.now, world.seed) = (now, seed);
    }

    /// Adds source. It may be cut anywhere.
    pub fn feed(&mut self, bytes: &[u8]) {
        if let Some(since) = self.waiting_since.take() {
            self.heap.meter.exclude(since.elapsed());
        }
        self.parser.push(bytes);
    }

    /// Says that no more source will come.
    pub fn finish(&mut self) {
        if let Some(since) = self.waiting_since.take() {
            self.heap.meter.exclude(since.elapsed());
        }
        self.parser.finish();
    }

    /// Begins another run of source in the same isolate: what has run stays. Nothing happens in the middle of a run, and
    /// after a limit nothing runs any more.
    pub(crate) fn begin_again(&mut self) {
        match self.state {
            State::Finished => {
                self.parser = new_parser(&self.options);
                self.state = State::Ready;
                self.heap.meter.start();
            }
            State::Failed { resumable: true } => {
                self.parser = new_parser(&self.options);
                let start = self.parser.position();
                let _ = self.resume_from(start);
            }
            _ => {}
        }
    }

    /// After an error: forgets the source from `position` on, which is where a [`Report`] said that a corrected rest
    /// goes on. What ran stays. Fails after a limit, which ends an isolate for good.
    pub fn resume_from(&mut self, position: Position) -> Result<(), ResumeError> {
        if let State::Failed { resumable: false } = self.state {
            return Err(ResumeError);
        }
        self.parser.resume_from(position);
        self.compiler.abandon_unit();
        self.queue.clear();
        self.unit.clear();
        self.labels.clear();
        self.parked = None;
        self.unit_open = false;
        self.state = State::Ready;
        self.heap.meter.limits.steps = self.options.limits.steps;
        self.heap.meter.start();
        Ok(())
    }

    /// Calls `callback` every `every` steps while code runs, in place of [`Event::Step`].
    pub fn on_step(&mut self, every: u64, callback: impl FnMut(Progress<'_>) -> Control + 'static) {
        let every = every.max(1);
        self.options.step_every = Some(every);
        self.next_step_event = self.heap.meter.steps.saturating_add(every);
        self.on_step = Some(Box::new(callback));
    }

    /// Calls `callback` now and then while a native of the program takes long, which no event tells: what the host has
    /// held back of the program's output can go out then.
    pub fn on_long_native(&mut self, callback: impl Fn() + 'static) {
        self.heap.meter.on_long = Some(Rc::new(callback));
    }

    /// A flag that another thread or a signal handler sets to cancel the program: `finally` and `with` exits run.
    pub fn interrupter(&self) -> Interrupter {
        Interrupter(self.heap.meter.interrupt.clone())
    }

    /// Top-level statements that have run to their end.
    pub fn completed(&self) -> u64 {
        self.completed
    }

    /// Steps of the current run.
    pub fn steps(&self) -> u64 {
        self.heap.meter.steps
    }

    /// Bytes the isolate holds.
    pub fn bytes(&self) -> usize {
        self.heap.bytes()
    }

    /// The exit code that `SystemExit` asked for, if it was raised.
    pub fn exit_code(&self) -> Option<i32> {
        self.exit_code
    }

    /// Where the statement being read starts, or where the next one can.
    pub fn position(&self) -> Position {
        self.parser.position()
    }

    /// Value of a global, as plain data. `None` if the script has not bound it, or it is not data (a function).
    pub fn get(&self, name: &str) -> Option<Data> {
        let slot = self.names.find(name, &self.interner)? as usize;
        let module = &self.heap[self.module];
        if !module.bound.get(slot).copied().unwrap_or(false) {
            return None;
        }
        data::export(&self.heap, module.slots[slot])
    }

    /// Value of the last expression statement of the top level, as plain data.
    pub fn last_value(&self) -> Option<Data> {
        data::export(&self.heap, self.held.values[LAST_VALUE])
    }

    /// Value of a global as any type that values become.
    pub fn get_as<T: FromStar>(&mut self, name: &str) -> Result<T, Error> {
        let Some(value) = self.global(name) else { return Err(Error::missing(name)) };
        let converted = self.with(|ctx| {
            let converted = T::from_star(ctx, value).map_err(|wrong| wrong.at_field(name.to_string()));
            converted.map_err(|wrong| Error::conversion(&wrong, None))
        });
        converted.map_err(|error| error.with_place(|name| self.assigned_at(name)))
    }

    /// Where a global's name stands where it was last bound, in bytes of source. Unknown unless
    /// [`Options::note_assignments`] says so.
    pub fn assigned_at(&self, name: &str) -> Option<u64> {
        let slot = self.names.find(name, &self.interner)?;
        let note = self.names.noted(slot)? as usize;
        self.heap[self.module].slots.get(note)?.as_int()?.try_into().ok()
    }

    /// Binds a global to anything that becomes a value.
    pub(crate) fn write(
        &mut self,
        name: &str,
        value: impl FnOnce(&mut Ctx<'_>) -> Result<Value, Raise>,
    ) -> Result<(), Error> {
        match self.with(value) {
            Ok(value) => {
                self.bind(name, value);
                Ok(())
            }
            Err(raise) => Err(self.error_of(raise)),
        }
    }

    /// Public globals as one value of serde's: a struct with a field for each name, or a map. Functions, modules and
    /// types are left out.
    pub fn globals_as<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, Error> {
        let pairs = self.public();
        let made = self.with(|ctx| {
            let dict = ctx.heap.dict();
            ctx.heap.scratch.push(Value::Dict(dict));
            let filled =
                pairs.iter().try_for_each(|(name, value)| table::dict_set_str(ctx, dict, name, *value));
            let read = filled.map(|()| convert::deserialize(ctx.heap, Value::Dict(dict)));
            ctx.heap.scratch.pop();
            read
        });
        match made {
            Ok(Ok(read)) => Ok(read),
            Ok(Err(wrong)) => Err(Error::conversion(&wrong, None).with_place(|name| self.assigned_at(name))),
            Err(raise) => Err(self.error_of(raise)),
        }
    }

    /// Public globals as data, in order of first use. Functions, modules and types are left out; anything else that is
    /// no data is an error.
    pub fn public_globals(&mut self) -> Result<Vec<(String, Data)>, Error> {
        let names = self.public().into_iter().map(|(name, _)| name);
        names.map(|name| Ok((name.to_string(), self.get_as(&name)?))).collect()
    }

    /// Names and values of the globals that have no leading underscore and are no functions, modules or types.
    fn public(&self) -> Vec<(Rc<str>, Value)> {
        let module = &self.heap[self.module];
        let bound = module.names.iter().zip(&module.slots).zip(&module.bound);
        let public = bound.filter(|((name, value), bound)| {
            let program = matches!(
                value,
                Value::Function(_)
                    | Value::Native(_)
                    | Value::BoundMethod(_)
                    | Value::Module(_)
                    | Value::Type(_)
            );
            **bound && !name.starts_with('_') && !program
        });
        public.map(|((name, &value), _)| (name.clone(), value)).collect()
    }

    /// Binds a global.
    pub fn set(&mut self, name: &str, value: impl Into<Data>) {
        let value = self.with(|ctx| data::import(ctx, value.into()));
        self.bind(name, value);
    }

    /// Binds a global for good: where the script assigns to it at its top level, `name = value` is passed over, as a
    /// default that is not needed, and anything else that would bind it is an error.
    pub fn fix(&mut self, name: &str, value: impl Into<Data>) {
        self.set(name, value);
        if let Some(slot) = self.names.find(name, &self.interner) {
            self.names.fix(slot);
        }
    }

    /// Names and values of the globals that the script has bound and that are data, in order of first use.
    pub fn globals(&self) -> Vec<(String, Data)> {
        let module = &self.heap[self.module];
        let slots = self.names.names().iter().enumerate();
        let bound = slots.filter(|&(slot, _)| module.bound.get(slot).copied().unwrap_or(false));
        bound
            .filter(|(_, name)| !name.starts_with("__"))
            .filter_map(|(slot, name)| {
                Some((name.to_string(), data::export(&self.heap, module.slots[slot])?))
            })
            .collect()
    }

    fn bind(&mut self, name: &str, value: Value) {
        let symbol = self.interner.intern(name);
        let slot = self.names.slot(symbol, &self.interner) as usize;
        self.sync_names();
        let module = self.heap.get_mut(self.module);
        module.slots[slot] = value;
        module.bound[slot] = true;
    }

    /// Gives the module a slot for every name that the compiler has met.
    fn sync_names(&mut self) {
        let have = self.heap[self.module].slots.len();
        if have == self.names.len() {
            return;
        }
        for index in have..self.names.len() {
            let name = Rc::from(&*self.names.names()[index]);
            let own = self.own(&name);
            let value = own.or_else(|| builtins::builtin(&name)).unwrap_or(Value::Undef);
            self.heap.update(self.module, |module| {
                module.names.push(name);
                module.slots.push(value);
                module.bound.push(own.is_some());
            });
        }
    }

    /// What every module has bound, made when a script first asks.
    fn own(&mut self, name: &str) -> Option<Value> {
        match name {
            "__name__" => Some(self.heap.str("__main__")),
            "__doc__" if self.documented => Some(Value::None),
            _ => None,
        }
    }

    /// Runs `work` with a context whose roots are everything the session holds.
    fn with<R>(&mut self, work: impl FnOnce(&mut Ctx<'_>) -> R) -> R {
        let roots = FiberRoots {
            stack: &self.fiber.stack,
            frames: &self.fiber.frames,
            shown: self.fiber.shown,
            instances: &self.instances,
            held: &self.held,
            live: self.fiber.top(),
        };
        work(&mut Ctx::new(&mut self.heap, &roots))
    }
}

fn new_parser(options: &Options) -> Parser {
    new_parser_of(options, options.name.clone(), options.eager)
}

fn new_parser_of(options: &Options, name: Arc<str>, eager: bool) -> Parser {
    Parser::new(ParserOptions {
        name,
        eager,
        max_nesting: options.limits.nesting,
        blocked: options.blocked.clone(),
    })
}

/// Cancels a session from elsewhere.
#[derive(Clone, Debug)]
pub struct Interrupter(Arc<AtomicBool>);

impl Interrupter {
    /// Cancels the program at its next slice end. Safe in a signal handler.
    pub fn interrupt(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// The flag itself, for a signal handler that takes one.
    pub fn flag(&self) -> Arc<AtomicBool> {
        self.0.clone()
    }
}

/// The session ended for good: a limit was passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResumeError;

impl std::fmt::Display for ResumeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the isolate has passed a limit and runs no more code")
    }
}

impl std::error::Error for ResumeError {}

/// Place of the last value among the values held.
const LAST_VALUE: usize = 1;

/// Keys for the hash tables that no script can guess.
fn random_keys() -> (u64, u64) {
    let state = RandomState::new();
    (state.hash_one(0u8), state.hash_one(1u8))
}
