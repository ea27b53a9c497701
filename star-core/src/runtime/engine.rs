//! An engine: what isolates share.
//!
//! In: modules, limits, a number of workers. Out: [`Engine`], cheap to clone, from which isolates are made. Rules: a
//! worker is a thread with a tokio runtime of its own, started when the first isolate needs it, and hosts any number of
//! isolates; isolates share nothing but what is constant.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::LocalSet;

use super::actor::Actor;
use super::isolate::IsolateBuilder;
use crate::heap::{HostModule, Registry};
use crate::meter::Limits;
use crate::session::{Error, Options, Program};

/// What isolates are made from: modules, limits and the threads they run on. Clones are the same engine; when the last
/// clone and the last isolate are gone, its threads end.
///
/// See [`Engine::builder`].
#[derive(Clone)]
pub struct Engine(pub(super) Arc<Shared>);

pub(super) struct Shared {
    pub registry: Arc<Registry>,
    pub granted: Vec<&'static HostModule>,
    pub limits: Limits,
    workers: Vec<Mutex<Option<Worker>>>,
    /// Isolates on each worker.
    loads: Vec<AtomicUsize>,
    next_id: AtomicU64,
    name: String,
}

struct Worker {
    jobs: UnboundedSender<Job>,
}

/// Something to do on a worker's thread, to the isolates that live there.
pub(super) type Job = Box<dyn FnOnce(&mut Actors) + Send>;

/// The isolates of one worker.
pub(super) type Actors = HashMap<u64, Rc<Actor>>;

impl Engine {
    /// An engine to be put together.
    pub fn builder() -> EngineBuilder {
        EngineBuilder {
            registry: Registry::default(),
            granted: Vec::new(),
            limits: Limits::default(),
            workers: thread::available_parallelism().map_or(1, NonZeroUsize::get),
            name: "star".to_string(),
            problem: None,
        }
    }

    /// An isolate to be put together: it starts without globals, with the limits of the engine, and may use the modules
    /// that the engine grants by default.
    pub fn isolate(&self) -> IsolateBuilder {
        IsolateBuilder::new(self.clone())
    }

    /// Compiles a program once for any number of isolates: see [`IsolateBuilder::program`]. `name` is what messages call
    /// it. Fails at the first thing that is not valid.
    pub fn compile(&self, name: &str, source: &str) -> Result<Program, Error> {
        let options = Options { name: name.into(), limits: self.0.limits, ..Options::default() };
        Program::compile(source, &options)
    }

    /// The modules that are linked in, by path.
    pub fn modules(&self) -> impl Iterator<Item = &'static HostModule> + '_ {
        self.0.registry.modules()
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("workers", &self.0.workers.len()).finish_non_exhaustive()
    }
}

impl Shared {
    /// A place for a new isolate: its number, and the worker with the fewest.
    pub fn place(&self) -> (u64, usize) {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let loads = self.loads.iter().enumerate();
        let worker = loads.min_by_key(|(_, load)| load.load(Ordering::Relaxed)).map_or(0, |(i, _)| i);
        self.loads[worker].fetch_add(1, Ordering::Relaxed);
        (id, worker)
    }

    /// An isolate has left its worker.
    pub fn leave(&self, worker: usize) {
        self.loads[worker].fetch_sub(1, Ordering::Relaxed);
    }

    /// Has something done on a worker's thread, which is started if need be.
    pub fn send(&self, worker: usize, job: Job) -> Result<(), Error> {
        let mut place = self.workers[worker].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Worker { jobs }) = &*place {
            return jobs.send(job).map_err(|_| Error::closed());
        }
        let (sender, receiver) = unbounded_channel();
        let thread = thread::Builder::new().name(format!("{}-{worker}", self.name));
        let spawned = thread.spawn(move || work(receiver));
        spawned.map_err(|error| Error::refused(format!("cannot start a worker: {error}")))?;
        sender.send(job).map_err(|_| Error::closed())?;
        *place = Some(Worker { jobs: sender });
        Ok(())
    }
}

/// A worker's thread: does jobs until the engine is gone.
fn work(mut jobs: UnboundedReceiver<Job>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return };
    let local = LocalSet::new();
    local.block_on(&runtime, async move {
        let mut actors = Actors::new();
        while let Some(job) = jobs.recv().await {
            job(&mut actors);
        }
    });
}

/// Puts an [`Engine`] together.
pub struct EngineBuilder {
    registry: Registry,
    granted: Vec<&'static HostModule>,
    limits: Limits,
    workers: usize,
    name: String,
    problem: Option<String>,
}

impl EngineBuilder {
    /// Links a module. Isolates may require it once it is granted to them.
    pub fn module(mut self, module: &'static HostModule) -> EngineBuilder {
        if !self.registry.add(module) {
            self.problem.get_or_insert(format!("two modules are called '{}'", module.path));
        }
        self
    }

    /// Links modules, each as [`EngineBuilder::module`].
    pub fn modules(self, modules: impl IntoIterator<Item = &'static HostModule>) -> EngineBuilder {
        modules.into_iter().fold(self, EngineBuilder::module)
    }

    /// Links modules that every isolate may require without being granted them: pure ones.
    pub fn grant_all(mut self, modules: impl IntoIterator<Item = &'static HostModule>) -> EngineBuilder {
        for module in modules {
            self.granted.push(module);
            self = self.module(module);
        }
        self
    }

    /// Limits of each isolate, and of each run and call in it. The default is [`Limits::default`].
    pub fn limits(mut self, limits: Limits) -> EngineBuilder {
        self.limits = limits;
        self
    }

    /// Threads that isolates are spread over; as many as there are processors by default. They start when they are
    /// needed.
    pub fn workers(mut self, workers: NonZeroUsize) -> EngineBuilder {
        self.workers = workers.get();
        self
    }

    /// What the threads are called.
    pub fn name(mut self, name: impl Into<String>) -> EngineBuilder {
        self.name = name.into();
        self
    }

    /// The engine. Fails where two modules have one path.
    pub fn build(self) -> Result<Engine, Error> {
        if let Some(problem) = self.problem {
            return Err(Error::refused(problem));
        }
        Ok(Engine(Arc::new(Shared {
            registry: Arc::new(self.registry),
            granted: self.granted,
            limits: self.limits,
            workers: (0..self.workers).map(|_| Mutex::new(None)).collect(),
            loads: (0..self.workers).map(|_| AtomicUsize::new(0)).collect(),
            next_id: AtomicU64::new(1),
            name: self.name,
        })))
    }
}
