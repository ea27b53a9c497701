//! A handle to an isolate.
//!
//! In: calls, globals, source, from any thread. Out: results. Rules: what crosses is `Send`; values, functions and host
//! objects stay in their isolate; a future that is dropped cancels what it asked for.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_core::Stream;
use serde::de::DeserializeOwned;
use tokio::sync::{mpsc, oneshot};

use super::actor::Actor;
use super::engine::{Engine, Shared};
use super::stream::{Run, RunEvent};
use crate::heap::{Ctx, Grants, Raise};
use crate::host::convert::{FromStar, IntoStar};
use crate::host::waiting::CallTuple;
use crate::meter::Limits;
use crate::session::{Blocked, CallId, Data, Error, Loader, Options, Program, Session};
use crate::text::unicode::is_identifier;
use crate::value::Value;

/// A global to be bound on the isolate's worker.
type Global = (String, Box<dyn FnOnce(&mut Ctx<'_>) -> Result<Value, Raise> + Send>);
type Output = Box<dyn FnMut(&[u8]) + Send>;

/// Puts an isolate together. See [`Engine::isolate`].
pub struct IsolateBuilder {
    engine: Engine,
    options: Options,
    grants: Grants,
    globals: Vec<Global>,
    fixed: Vec<(String, Data)>,
    program: Option<Program>,
    output: Option<Output>,
    world: (Option<std::time::Duration>, Option<u64>),
    problem: Option<Error>,
}

impl IsolateBuilder {
    pub(super) fn new(engine: Engine) -> IsolateBuilder {
        let mut grants = Grants { registry: engine.0.registry.clone(), ..Grants::default() };
        engine.0.granted.iter().for_each(|module| grants.module(module));
        let options = Options { limits: engine.0.limits, name: "<isolate>".into(), ..Options::default() };
        IsolateBuilder {
            engine,
            options,
            grants,
            globals: Vec::new(),
            fixed: Vec::new(),
            program: None,
            output: None,
            world: (None, None),
            problem: None,
        }
    }

    /// Lets scripts require a module, and those within it. Its capabilities are allowed apart from that.
    pub fn grant(mut self, path: &str) -> IsolateBuilder {
        match self.engine.0.registry.find(path) {
            Some(module) => self.grants.module(module),
            None => {
                let known = self.engine.0.registry.modules().map(|module| module.path);
                let near = crate::text::distance::suggestion(path, known);
                let hint = near.map_or(String::new(), |near| format!(" Did you mean '{near}'?"));
                let message =
                    format!("no module '{path}' is linked: Engine::builder().module(…) links one.{hint}");
                self.problem.get_or_insert(Error::refused(message));
            }
        }
        self
    }

    /// Allows a capability within a scope: `allow("net", "api.example.com:443")`.
    pub fn allow(mut self, capability: &str, scope: &str) -> IsolateBuilder {
        self.grants.capabilities.push((capability.into(), Some(scope.into())));
        self
    }

    /// Allows a capability without limit to its scope.
    pub fn allow_any(mut self, capability: &str) -> IsolateBuilder {
        self.grants.capabilities.push((capability.into(), None));
        self
    }

    /// Binds a global. Fails if the name is no identifier.
    pub fn global<T>(mut self, name: &str, value: T) -> Result<IsolateBuilder, Error>
    where
        T: IntoStar + Send + 'static,
    {
        if !is_identifier(name) {
            return Err(Error::refused(format!("'{name}' cannot be the name of a global")));
        }
        self.globals.push((name.to_string(), Box::new(move |ctx| value.into_star(ctx))));
        Ok(self)
    }

    /// Binds a global for good, as [`Session::fix`]. Fails if the name is no identifier.
    pub fn fix(mut self, name: &str, value: impl Into<Data>) -> Result<IsolateBuilder, Error> {
        if !is_identifier(name) {
            return Err(Error::refused(format!("'{name}' cannot be the name of a global")));
        }
        self.fixed.push((name.to_string(), value.into()));
        Ok(self)
    }

    /// Notes where globals are bound, as [`Options::note_assignments`].
    pub fn note_assignments(mut self, note: bool) -> IsolateBuilder {
        self.options.note_assignments = note;
        self
    }

    /// Starts the isolate with a program, which it shares with all others that were started with it. The program has run
    /// when [`IsolateBuilder::start`] returns, which fails with what it failed with.
    pub fn program(mut self, program: &Program) -> IsolateBuilder {
        self.program = Some(program.clone());
        self
    }

    /// Limits of the isolate, in place of the engine's.
    pub fn limits(mut self, limits: Limits) -> IsolateBuilder {
        self.options.limits = limits;
        self
    }

    /// What the source is called in messages.
    pub fn name(mut self, name: &str) -> IsolateBuilder {
        self.options.name = name.into();
        self
    }

    /// Refuses these keywords and builtins where they are read.
    pub fn block<W: Into<Box<str>>>(mut self, words: impl IntoIterator<Item = W>) -> IsolateBuilder {
        self.options = self.options.block(words);
        self
    }

    /// The same, of words that have been read already.
    pub fn blocked(mut self, blocked: Blocked) -> IsolateBuilder {
        self.options.blocked = blocked;
        self
    }

    /// Runs the body of an open top-level block as it arrives.
    pub fn eager(mut self, eager: bool) -> IsolateBuilder {
        self.options.eager = eager;
        self
    }

    /// Finds the scripts that `require("./lib.star")` means.
    pub fn loader(mut self, loader: Loader) -> IsolateBuilder {
        self.options.loader = Some(loader);
        self
    }

    /// Delivers the values of top-level expression statements as [`RunEvent::Value`].
    pub fn show_values(mut self, show: bool) -> IsolateBuilder {
        self.options.show_values = show;
        self
    }

    /// Takes what scripts print while no run's events are taken; standard output does by default.
    pub fn output(mut self, output: impl FnMut(&[u8]) + Send + 'static) -> IsolateBuilder {
        self.output = Some(Box::new(output));
        self
    }

    /// Fixes what scripts see as the time (since 1970) and the seed of chance.
    pub fn world(mut self, now: Option<std::time::Duration>, seed: Option<u64>) -> IsolateBuilder {
        self.world = (now, seed);
        self
    }

    /// Starts the isolate on one of the engine's workers.
    pub async fn start(self) -> Result<Isolate, Error> {
        let IsolateBuilder { engine, options, grants, globals, fixed, program, output, world, problem } =
            self;
        if let Some(problem) = problem {
            return Err(problem);
        }
        if program.is_some() && !fixed.is_empty() {
            return Err(Error::refused(
                "a program that is compiled already binds its globals itself: set them after the start",
            ));
        }
        let shared = engine.0.clone();
        let (id, worker) = shared.place();
        let isolate = Isolate(Arc::new(Inner { shared, id, worker, runs: AtomicU64::new(1) }));
        let (reply, started) = oneshot::channel();
        let has_program = program.is_some();
        let job = move |actors: &mut super::engine::Actors| {
            let mut session = Session::new(options);
            session.set_grants(grants);
            session.fix_world(world.0, world.1);
            let loaded = program.as_ref().map_or(Ok(()), |program| session.load(program));
            let bound = loaded
                .and_then(|()| globals.into_iter().try_for_each(|(name, make)| session.write(&name, make)));
            fixed.into_iter().for_each(|(name, value)| session.fix(&name, value));
            let output: super::actor::Output = match output {
                Some(output) => output,
                None => Box::new(|bytes| {
                    use std::io::Write;
                    let _ = std::io::stdout().write_all(bytes);
                }),
            };
            actors.insert(id, Actor::new(session, output));
            let _ = reply.send(bound);
        };
        isolate.0.shared.send(worker, Box::new(job))?;
        started.await.map_err(|_| Error::closed())??;
        if has_program {
            isolate.run_loaded().await?;
        }
        Ok(isolate)
    }
}

/// A handle to an isolate, from any thread and in any async runtime. Clones are the same isolate; it ends with the last
/// of them.
#[derive(Clone)]
pub struct Isolate(Arc<Inner>);

struct Inner {
    shared: Arc<Shared>,
    id: u64,
    worker: usize,
    runs: AtomicU64,
}

impl Drop for Inner {
    fn drop(&mut self) {
        let id = self.id;
        let _ = self.shared.send(
            self.worker,
            Box::new(move |actors| {
                if let Some(actor) = actors.remove(&id) {
                    actor.close();
                }
            }),
        );
        self.shared.leave(self.worker);
    }
}

impl std::fmt::Debug for Isolate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Isolate({})", self.0.id)
    }
}

impl Isolate {
    /// Has something done to the isolate on its worker.
    pub(super) fn actor(&self, work: impl FnOnce(&std::rc::Rc<Actor>) + Send + 'static) -> Result<(), Error> {
        let id = self.0.id;
        self.0.shared.send(
            self.0.worker,
            Box::new(move |actors| {
                if let Some(actor) = actors.get(&id).filter(|actor| !actor.is_closed()) {
                    work(actor);
                }
            }),
        )
    }

    /// [`Self::actor`], and what it comes to.
    async fn ask<R: Send + 'static>(
        &self,
        work: impl FnOnce(&std::rc::Rc<Actor>) -> R + Send + 'static,
    ) -> Result<R, Error> {
        let (reply, answer) = oneshot::channel();
        self.actor(move |actor| {
            let _ = reply.send(work(actor));
        })?;
        answer.await.map_err(|_| Error::closed())
    }

    /// Runs source as it arrives, and tells what happens. The source is any stream of chunks, cut anywhere: a model's
    /// tokens, a socket, a file.
    ///
    /// One run at a time: a second one ends at once with an error. Globals stay from run to run.
    pub fn run_stream<S>(&self, source: S) -> Run<S>
    where
        S: Stream,
        S::Item: AsRef<[u8]>,
    {
        let id = self.0.runs.fetch_add(1, Ordering::Relaxed);
        let (events, receiver) = mpsc::channel(256);
        let begun = self.actor(move |actor| {
            if !actor.begin_run(id, events.clone()) {
                let error = Error::refused("the isolate is in the middle of another run");
                let _ = events.try_send(RunEvent::Error(error));
            }
        });
        // The channel is closed with the isolate: the run ends without an event.
        drop(begun);
        Run::new(self.clone(), id, source, receiver)
    }

    /// Runs the program that the isolate was started with.
    async fn run_loaded(&self) -> Result<(), Error> {
        self.run_with(|_, _| {}).await
    }

    /// Runs source to its end. Fails with what the program failed with. What it prints goes to the isolate's output.
    pub async fn run(&self, source: impl Into<String>) -> Result<(), Error> {
        let source = source.into();
        self.run_with(move |actor, id| {
            actor.feed(id, Some(source.as_bytes()));
            actor.feed(id, None);
        })
        .await
    }

    async fn run_with(
        &self,
        feed: impl FnOnce(&std::rc::Rc<Actor>, u64) + Send + 'static,
    ) -> Result<(), Error> {
        let id = self.0.runs.fetch_add(1, Ordering::Relaxed);
        let (events, mut receiver) = mpsc::channel(256);
        let begun = self.ask(move |actor| {
            let begun = actor.begin_run(id, events);
            if begun {
                actor.print_output();
                feed(actor, id);
            }
            begun
        });
        if !begun.await? {
            return Err(Error::refused("the isolate is in the middle of another run"));
        }
        let guard = Guard { isolate: self, cancel: Some(Cancel::Run(id)) };
        let mut result = Ok(());
        while let Some(event) = receiver.recv().await {
            if let RunEvent::Error(error) = event {
                result = Err(error);
            }
        }
        guard.done();
        result
    }

    /// Value of a global. Fails if there is none, or it is no `T`: the error names the path to what is wrong.
    pub async fn get<T>(&self, name: &str) -> Result<T, Error>
    where
        T: FromStar + Send + 'static,
    {
        let name = name.to_string();
        self.ask(move |actor| actor.look(|session| session.get_as(&name))).await?
    }

    /// Binds a global.
    pub async fn set<T>(&self, name: &str, value: T) -> Result<(), Error>
    where
        T: IntoStar + Send + 'static,
    {
        if !is_identifier(name) {
            return Err(Error::refused(format!("'{name}' cannot be the name of a global")));
        }
        let name = name.to_string();
        self.ask(move |actor| actor.look(|session| session.write(&name, |ctx| value.into_star(ctx)))).await?
    }

    /// The public globals as a type of serde's: a struct with a field for each name it wants.
    pub async fn globals<T>(&self) -> Result<T, Error>
    where
        T: DeserializeOwned + Send + 'static,
    {
        self.ask(|actor| actor.look(Session::globals_as)).await?
    }

    /// Calls a function of the script, in turn with whatever else the isolate does. Arguments are a tuple:
    /// `call("area", (2.0, 3.0))`, `call("tick", ())`. Dropping the future cancels the call.
    pub fn call<A, T>(&self, name: &str, args: A) -> impl Future<Output = Result<T, Error>> + Send + use<A, T>
    where
        A: CallTuple + Send + 'static,
        T: FromStar + Send + 'static,
    {
        let (isolate, name) = (self.clone(), name.to_string());
        async move {
            let (reply, answer) = oneshot::channel();
            let (named, id) = oneshot::channel();
            isolate.actor(move |actor| {
                let reply = move |result| {
                    let _ = reply.send(result);
                };
                let id = actor.with(|session| session.call(&name, args, reply));
                let _ = named.send(id);
            })?;
            let mut guard = Guard { isolate: &isolate, cancel: Some(Cancel::Call(id)) };
            let answer = answer.await.map_err(|_| Error::closed())?;
            guard.cancel = None;
            answer
        }
    }

    /// Bytes that the isolate holds.
    pub async fn bytes(&self) -> Result<usize, Error> {
        self.ask(|actor| actor.look(|session| session.bytes())).await
    }
}

/// Cancels what was asked for if it is dropped before that is there.
struct Guard<'a> {
    isolate: &'a Isolate,
    cancel: Option<Cancel>,
}

enum Cancel {
    Run(u64),
    Call(oneshot::Receiver<Option<CallId>>),
}

impl Guard<'_> {
    fn done(mut self) {
        self.cancel = None;
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        let _ = match self.cancel.take() {
            None => Ok(()),
            Some(Cancel::Run(id)) => self.isolate.actor(move |actor| actor.cancel_run(id)),
            // The job that starts the call has been sent before this one.
            Some(Cancel::Call(mut id)) => self.isolate.actor(move |actor| {
                if let Ok(Some(id)) = id.try_recv() {
                    actor.with(|session| session.cancel_call(id));
                }
            }),
        };
    }
}
