//! Configuration that is written as a script.
//!
//! In: a script file, or its text, and globals to set. Out: its public globals, or what its `config()` returns, as any
//! type of serde's. Rule: an error about a value names the line of the script that the value comes from, and where in it:
//! `app.star:12: servers[1].port: expected int, got str "80"`.
//!
//! ```
//! #[derive(serde::Deserialize)]
//! struct Config {
//!     name: String,
//!     servers: Vec<Server>,
//! }
//!
//! #[derive(serde::Deserialize)]
//! struct Server {
//!     host: String,
//!     port: u16,
//! }
//!
//! let source = "
//! env = 'dev'
//! name = f'shop-{env}'
//! servers = [
//!     {'host': f'{n}.{env}.example', 'port': 8080}
//!     for n in ('a', 'b')
//! ]
//! ";
//! let config: Config = star::config::text("app.star", source).set("env", "prod").load()?;
//! assert_eq!(config.name, "shop-prod");
//! assert_eq!(config.servers[1].host, "b.prod.example");
//! assert_eq!(config.servers[1].port, 8080);
//!
//! let wrong = source.replace("8080", "'8080'");
//! let error = star::config::text("app.star", &wrong).load::<Config>().err().unwrap();
//! assert_eq!(error.to_string(), "app.star:4: servers[0].port: expected int, got str \"8080\"");
//! # Ok::<(), star::config::Error>(())
//! ```
//!
//! A file is as short: `let config: Config = star::config::load("app.star")?;`
//!
//! # What a script gives
//!
//! Its globals whose names have no leading underscore; functions, modules and types are left out. If it defines a function
//! `config` without required parameters, the result of that in their place.
//!
//! # Values from outside
//!
//! [`Script::set`] binds a global for good. Where the script says `name = value` at its top level, that is the value for
//! when nothing is set: with `set`, the statement is passed over and its right side is not evaluated. Everything else that
//! would bind the name (`def name`, `for name in …`, `name += 1`, `global name` in a function) is an error, so that nothing
//! wins over what was set without being told.

mod error;
mod files;
mod locate;
mod outline;
mod running;
pub mod write;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use star_core::host::convert::{Serde, Step};
use star_core::runtime::{Isolate, IsolateBuilder};
use star_core::session::{Blocked, Data, Session};

pub use error::Error;
pub use files::below;
use outline::Outline;
use running::Running;

use crate::{Limits, Loader};

/// Loads a script file as a `T`. See [`script`] for options.
///
/// ```no_run
/// #[derive(serde::Deserialize)]
/// struct Config {
///     name: String,
///     debug: Option<bool>,
/// }
///
/// let config: Config = star::config::load("app.star")?;
/// # Ok::<(), star::config::Error>(())
/// ```
pub fn load<T: DeserializeOwned + 'static>(path: impl AsRef<Path>) -> Result<T, Error> {
    script(path).load()
}

/// A script file, to be loaded. It may require scripts below its folder, and the modules of [`crate::stdlib::grants`].
pub fn script(path: impl AsRef<Path>) -> Script {
    let path = path.as_ref().to_path_buf();
    let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
    Script { loader: Some(below(folder)), ..Script::new(path.display().to_string(), Source::File(path)) }
}

/// The text of a script, to be loaded. `name` is what messages call it. It requires other scripts only with a
/// [`Script::loader`].
pub fn text(name: &str, source: impl AsRef<[u8]>) -> Script {
    Script::new(name.to_string(), Source::Text(source.as_ref().to_vec()))
}

/// Takes what the script prints.
type Output = Box<dyn FnMut(&[u8])>;

/// A script and how it is to be run. See [`script`] and [`text`].
#[must_use = "load() runs it"]
pub struct Script {
    name: String,
    source: Source,
    set: Vec<(String, Data)>,
    limits: Limits,
    blocked: Blocked,
    loader: Option<Loader>,
    output: Output,
    prepare: Vec<Prepare>,
}

type Prepare = Box<dyn FnOnce(&mut Session)>;

enum Source {
    File(PathBuf),
    Text(Vec<u8>),
}

impl Script {
    fn new(name: String, source: Source) -> Script {
        Script {
            name,
            source,
            set: Vec::new(),
            limits: Limits::default(),
            blocked: Blocked::default(),
            loader: None,
            output: Box::new(|bytes| {
                // Nobody is left to be told that standard error is gone.
                let _ = std::io::Write::write_all(&mut std::io::stderr(), bytes);
            }),
            prepare: Vec::new(),
        }
    }

    /// Binds a global for good; the script's own `name = value` is a default that is then not needed.
    pub fn set(mut self, name: &str, value: impl Into<Data>) -> Script {
        self.set.push((name.to_string(), value.into()));
        self
    }

    /// What the script may use up; [`Limits::default`] unless said.
    pub fn limits(mut self, limits: Limits) -> Script {
        self.limits = limits;
        self
    }

    /// Refuses these keywords and builtins where they are read.
    pub fn block<W: Into<Box<str>>>(self, words: impl IntoIterator<Item = W>) -> Script {
        self.blocked(Blocked::new(words))
    }

    /// The same, of words that have been read already.
    pub fn blocked(mut self, blocked: Blocked) -> Script {
        self.blocked = blocked;
        self
    }

    /// Finds the scripts that it requires, in place of those below its folder; [`below`] makes one for another folder.
    pub fn loader(mut self, loader: Loader) -> Script {
        self.loader = Some(loader);
        self
    }

    /// Takes what the script prints; standard error does unless said. Not used by [`Script::start`].
    pub fn output(mut self, output: impl FnMut(&[u8]) + 'static) -> Script {
        self.output = Box::new(output);
        self
    }

    /// Does something to the session before anything runs: grants modules, takes an interrupter. Not used by
    /// [`Script::start`], whose isolate its own builder prepares.
    pub fn prepare(mut self, prepare: impl FnOnce(&mut Session) + 'static) -> Script {
        self.prepare.push(Box::new(prepare));
        self
    }

    /// Names that are set and that the script does not mention, each with the name that may have been meant.
    pub fn unknown_names(&mut self) -> Result<Vec<(String, Option<String>)>, Error> {
        let outline = self.outline()?;
        let unknown = self.set.iter().filter(|(name, _)| !outline.mentions(name));
        Ok(unknown.map(|(name, _)| (name.clone(), outline.near(name))).collect())
    }

    /// Runs the script and reads what it gives as a `T`.
    pub fn load<T: DeserializeOwned + 'static>(mut self) -> Result<T, Error> {
        let outline = self.outline()?;
        let mut running = Running::start(&mut self, &outline)?;
        if outline.config().is_some() {
            return Ok(running.call_config::<Serde<T>>()?.0);
        }
        running.session.globals_as().map_err(|error| Error::of(error, &outline))
    }

    /// Runs the script and takes what it gives as plain data: a dict of its public globals in the order in which the
    /// source first binds them, or what `config()` returns.
    pub fn evaluate(mut self) -> Result<Evaluated, Error> {
        let outline = self.outline()?;
        let mut running = Running::start(&mut self, &outline)?;
        if outline.config().is_some() {
            return Ok(Evaluated { value: running.call_config()?, places: HashMap::new(), outline });
        }
        let globals = running.session.public_globals().map_err(|error| Error::of(error, &outline))?;
        let place = |(name, _): &(String, Data)| Some((name.clone(), running.session.assigned_at(name)?));
        let places = globals.iter().filter_map(place).collect();
        drop(running);
        let value = self.in_order(globals, &outline);
        Ok(Evaluated { value, places, outline })
    }

    /// Globals as a dict, in the order of the source. What was set and the script does not bind was its input, and is no
    /// result.
    fn in_order(&self, globals: Vec<(String, Data)>, outline: &Outline) -> Data {
        let order = outline.bound_names();
        let place = |name: &str| order.iter().position(|bound| **bound == *name).unwrap_or(usize::MAX);
        let mut globals = globals;
        globals.retain(|(name, _)| place(name) != usize::MAX || self.set.iter().all(|(set, _)| set != name));
        globals.sort_by_key(|(name, _)| place(name));
        Data::Dict(globals.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }

    /// Runs the script in an isolate and reads what it gives as a `T`. The isolate stays, so that functions of the script
    /// can be called.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let engine = star::Engine::builder().build()?;
    /// let source = "limit = 10\ndef allow(user, n): return n < limit or user == 'root'\n";
    /// let script = star::config::text("rules.star", source).set("limit", 3);
    /// let (globals, isolate) =
    ///     script.start::<std::collections::BTreeMap<String, i64>>(engine.isolate()).await?;
    /// assert_eq!(globals["limit"], 3);
    /// assert!(!isolate.call::<_, bool>("allow", ("ada", 5)).await?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    pub async fn start<T>(mut self, isolate: IsolateBuilder) -> Result<(T, Isolate), Error>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let outline = self.outline()?;
        let source = String::from_utf8(self.text()?.to_vec())
            .map_err(|error| Error::reading(&self.name, &error.to_string()))?;
        let mut isolate =
            isolate.name(&self.name).limits(self.limits).blocked(self.blocked).note_assignments(true);
        if let Some(loader) = self.loader {
            isolate = isolate.loader(loader);
        }
        for (name, value) in self.set {
            isolate = isolate.fix(&name, value).map_err(|error| Error::of(error, &outline))?;
        }
        let started = async {
            let isolate = isolate.start().await?;
            isolate.run(source).await?;
            let read = if outline.config().is_some() {
                isolate.call::<_, Serde<T>>("config", ()).await?.0
            } else {
                isolate.globals().await?
            };
            Ok((read, isolate))
        };
        started.await.map_err(|error| Error::of(error, &outline))
    }

    /// The source, read once.
    fn text(&mut self) -> Result<&[u8], Error> {
        if let Source::File(path) = &self.source {
            let read = std::fs::read(path).map_err(|error| Error::reading(&self.name, &error.to_string()));
            self.source = Source::Text(read?);
        }
        match &self.source {
            Source::Text(text) => Ok(text),
            Source::File(_) => unreachable!("it has been read"),
        }
    }

    fn outline(&mut self) -> Result<Outline, Error> {
        let (name, blocked, nesting) = (self.name.clone(), self.blocked.clone(), self.limits.nesting);
        Ok(Outline::read(&name, self.text()?, blocked, nesting))
    }
}

/// What a script gives, as plain data. [`mod@write`] makes text of it.
pub struct Evaluated {
    value: Data,
    /// Where globals were last bound, in bytes of source.
    places: HashMap<String, u64>,
    outline: Outline,
}

impl Evaluated {
    /// The data.
    pub fn value(&self) -> &Data {
        &self.value
    }

    /// An error about a part of the data: it names the part, and the line that it comes from.
    pub fn error(&self, steps: &[Step], problem: impl Into<String>) -> Error {
        let location = match (self.outline.config(), steps) {
            (Some(_), steps) => locate::in_result(&self.outline, steps),
            (None, [Step::Field(name), inside @ ..]) => {
                locate::in_global(&self.outline, name, self.places.get(&**name).copied(), inside)
            }
            (None, _) => None,
        };
        Error::value(&self.outline, location, steps, problem.into())
    }
}
