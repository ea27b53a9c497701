//! Engines that know the standard library.
//!
//! In: modules, limits. Out: [`Engine`], as the runtime has it. Rule: what `star-stdlib` has of pure modules is granted to
//! every isolate unless the host says otherwise.

use std::num::NonZeroUsize;

use star_core::heap::{Family, HostModule};
use star_core::meter::Limits;
use star_core::runtime;
use star_core::session::{Error, Program};

use crate::IsolateBuilder;

/// What isolates are made from: modules, limits and the threads they run on. Clones are the same engine; when the last
/// clone and the last isolate are gone, its threads end.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), star::Error> {
/// let engine = star::Engine::builder().build()?;
/// let isolate = engine.isolate().start().await?;
/// isolate.run("from math import sqrt\nx = sqrt(2)").await?;
/// assert_eq!(isolate.get::<f64>("x").await?, 2f64.sqrt());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Engine(runtime::Engine);

impl Engine {
    /// An engine to be put together. Its isolates may use the pure modules of the standard library that are compiled in:
    /// those that do nothing outside the isolate.
    pub fn builder() -> EngineBuilder {
        let pure = star_stdlib::modules().into_iter().filter(|module| module.family == Family::Python);
        EngineBuilder(runtime::Engine::builder().grant_all(pure))
    }

    /// An engine to be put together, whose isolates may use no module but what is granted to them.
    pub fn bare() -> EngineBuilder {
        EngineBuilder(runtime::Engine::builder())
    }

    /// An isolate to be put together: it starts without globals, with the limits of the engine, and may use the modules
    /// that the engine grants by default.
    pub fn isolate(&self) -> IsolateBuilder {
        self.0.isolate()
    }

    /// Compiles a program once for any number of isolates: see [`IsolateBuilder::program`]. `name` is what messages call
    /// it. Fails at the first thing that is not valid.
    pub fn compile(&self, name: &str, source: &str) -> Result<Program, Error> {
        self.0.compile(name, source)
    }

    /// The modules that are linked in, by path.
    pub fn modules(&self) -> impl Iterator<Item = &'static HostModule> + '_ {
        self.0.modules()
    }
}

/// Puts an [`Engine`] together.
pub struct EngineBuilder(runtime::EngineBuilder);

impl EngineBuilder {
    /// Links a module. Isolates may require it once it is granted to them.
    pub fn module(self, module: &'static HostModule) -> EngineBuilder {
        EngineBuilder(self.0.module(module))
    }

    /// Links modules, each as [`EngineBuilder::module`].
    pub fn modules(self, modules: impl IntoIterator<Item = &'static HostModule>) -> EngineBuilder {
        EngineBuilder(self.0.modules(modules))
    }

    /// Links modules that every isolate may require without being granted them.
    pub fn grant_all(self, modules: impl IntoIterator<Item = &'static HostModule>) -> EngineBuilder {
        EngineBuilder(self.0.grant_all(modules))
    }

    /// Limits of each isolate, and of each run and call in it. The default is [`Limits::default`].
    pub fn limits(self, limits: Limits) -> EngineBuilder {
        EngineBuilder(self.0.limits(limits))
    }

    /// Threads that isolates are spread over; as many as there are processors by default. They start when they are
    /// needed.
    pub fn workers(self, workers: NonZeroUsize) -> EngineBuilder {
        EngineBuilder(self.0.workers(workers))
    }

    /// What the threads are called.
    pub fn name(self, name: impl Into<String>) -> EngineBuilder {
        EngineBuilder(self.0.name(name))
    }

    /// The engine. Fails where two modules have one path.
    pub fn build(self) -> Result<Engine, Error> {
        self.0.build().map(Engine)
    }
}
