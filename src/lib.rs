//! star runs Python-like scripts while they are still being written.
//!
//! An [`Engine`] makes isolates, an [`Isolate`] is a handle to one, and [`star_module`] binds Rust to scripts:
//!
//! ```
//! use star::{AsyncCtx, Engine, FromStar, IntoStar, Limits, RunEvent, star_module};
//!
//! /// Weather from the station network.
//! #[star_module("weather")]
//! mod weather {
//!     use super::{AsyncCtx, IntoStar};
//!
//!     #[derive(Debug)]
//!     pub struct WeatherError(String);
//!
//!     impl std::fmt::Display for WeatherError {
//!         fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
//!             write!(f, "no station {}", self.0)
//!         }
//!     }
//!
//!     impl std::error::Error for WeatherError {}
//!
//!     /// Temperature in `city`.
//!     #[star_fn(cap = "net", effect = "read")]
//!     async fn temperature(
//!         ctx: &AsyncCtx,
//!         city: &str,
//!         #[star(default = "C", kw)] unit: &str,
//!     ) -> Result<f64, WeatherError> {
//!         assert!(ctx.allows("net"));
//!         match (city, unit) {
//!             ("Oslo", "C") => Ok(3.5),
//!             ("Oslo", _) => Ok(3.5 + KELVIN),
//!             _ => Err(WeatherError(city.to_string())),
//!         }
//!     }
//!
//!     #[derive(IntoStar)]
//!     pub struct Reading {
//!         hour: u32,
//!         celsius: f64,
//!     }
//!
//!     /// A live feed; closed when dropped.
//!     pub struct Feed {
//!         station: String,
//!         hour: u32,
//!     }
//!
//!     #[star_object]
//!     impl Feed {
//!         #[star(new)]
//!         fn new(station: String) -> Result<Feed, WeatherError> {
//!             if station.starts_with('K') { Ok(Feed { station, hour: 0 }) } else { Err(WeatherError(station)) }
//!         }
//!
//!         #[star(get)]
//!         fn station(&self) -> &str {
//!             &self.station
//!         }
//!
//!         async fn next(&mut self) -> Result<Option<Reading>, WeatherError> {
//!             self.hour += 1;
//!             Ok((self.hour <= 24).then_some(Reading { hour: self.hour, celsius: 11.0 }))
//!         }
//!
//!         #[star(iter)]
//!         fn readings(&self) -> impl Iterator<Item = Reading> {
//!             (0..3).map(|hour| Reading { hour, celsius: 10.0 + f64::from(hour) })
//!         }
//!     }
//!
//!     pub const KELVIN: f64 = 273.15;
//! }
//!
//! #[derive(FromStar, Debug, PartialEq)]
//! struct Reply {
//!     city: String,
//!     warm: bool,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), star::Error> {
//! # let model_tokens = futures::stream::iter(["from weather import temperature, Fe", "ed\ntotal = x * temperature('Oslo')\n",
//! #     "feed = Feed('KSFO')\nprint(feed.station, [r.celsius for r in feed], feed.next().hour)\n",
//! #     "def handler(request):\n    return {'city': request, 'warm': temperature(request) > 10}\n"]);
//! let engine = Engine::builder().module(weather::module()).limits(Limits::default()).build()?;
//! let isolate = engine.isolate().grant("weather").allow("net", "api.example.com:443").global("x", 10)?.start().await?;
//!
//! let mut run = isolate.run_stream(model_tokens); // Stream<Item = impl AsRef<[u8]>>
//! while let Some(event) = run.next().await {
//!     if let RunEvent::Output(text) = event {
//!         assert_eq!(text, b"KSFO [10.0, 11.0, 12.0] 1\n");
//!     }
//! } // dropping `run` cancels
//! let total: f64 = isolate.get("total").await?;
//! assert_eq!(total, 35.0);
//! let reply: Reply = isolate.call("handler", ("Oslo".to_string(),)).await?;
//! assert_eq!(reply, Reply { city: "Oslo".to_string(), warm: false });
//! # Ok(())
//! # }
//! ```
//!
//! docs/binding.md tells how Rust is bound, docs/embedding.md how isolates are used.
//!
//! # A session of your own
//!
//! A [`Session`] is one isolated program. It takes source in chunks cut anywhere, runs each statement the moment it is
//! complete, and tells what happens as [`Event`]s:
//!
//! ```
//! use star::{Control, Event, Options, Pumped, Session};
//!
//! let mut session = Session::new(Options::default());
//! let mut output = String::new();
//! let mut sink = |event: Event<'_>| {
//!     if let Event::Output(bytes) = event {
//!         output += &String::from_utf8_lossy(bytes);
//!     }
//!     Control::Continue
//! };
//!
//! session.feed(b"print('one')\nfor i in range(2):\n    pri");
//! assert_eq!(session.run(&mut sink), Pumped::NeedSource); // the loop is not complete
//! session.feed(b"nt(i)\n");
//! session.finish();
//! assert_eq!(session.run(&mut sink), Pumped::Finished);
//! assert_eq!(output, "one\n0\n1\n");
//! ```
//!
//! # Values in and out
//!
//! Globals are set and read as plain [`Data`], before, between and after statements:
//!
//! ```
//! # use star::{Control, Data, Options, Session};
//! let mut session = Session::new(Options::default());
//! session.set("items", vec![Data::from("tea"), Data::from("milk")]);
//! session.feed(b"count = {item: len(item) for item in items}\n");
//! session.finish();
//! session.run(&mut |_| Control::Continue);
//! assert_eq!(
//!     session.get("count"),
//!     Some(Data::Dict(vec![("tea".into(), Data::Int(3)), ("milk".into(), Data::Int(4))]))
//! );
//! ```
//!
//! # After an error
//!
//! The first error stops the program. What ran stays; a corrected rest goes on from the place that the [`Report`] names:
//!
//! ```
//! # use star::{Control, Data, Event, Options, Pumped, Session};
//! let mut session = Session::new(Options::default());
//! session.feed(b"total = 1\ntotal = total + one\nnever = 1\n");
//! let mut resume_at = None;
//! let pumped = session.run(&mut |event| {
//!     if let Event::Error(report) = event {
//!         assert_eq!(report.message, "name 'one' is not defined");
//!         resume_at = report.resume_at;
//!     }
//!     Control::Continue
//! });
//! assert_eq!(pumped, Pumped::Failed);
//!
//! let position = resume_at.unwrap();
//! assert_eq!((position.line, position.offset), (2, 10));
//! session.resume_from(position)?;
//! session.feed(b"total = total + 1\n");
//! session.finish();
//! assert_eq!(session.run(&mut |_| Control::Continue), Pumped::Finished);
//! assert_eq!(session.get("total"), Some(Data::Int(2)));
//! # Ok::<(), star::ResumeError>(())
//! ```
//!
//! # Limits and policy
//!
//! [`Limits`] bound steps, time, memory, output, recursion and nesting, and are finite unless lifted;
//! [`Options::block`] refuses keywords and builtins; [`Session::on_step`] looks at a program while it runs;
//! [`Session::interrupter`] cancels it from another thread.
//!
//! ```
//! # use star::{Control, Data, Event, Failure, Exceeded, Limits, Options, Session};
//! let limits = Limits { steps: 10_000, ..Limits::default() };
//! let mut session = Session::new(Options { limits, ..Options::default() }.block(["lambda"]));
//! session.on_step(1000, |progress| {
//!     assert!(progress.steps >= 1000);
//!     match (progress.get)("n") {
//!         Some(Data::Int(n)) if n > 1_000_000 => Control::Stop,
//!         _ => Control::Continue,
//!     }
//! });
//! session.feed(b"n = 0\nwhile True:\n    n += 1\n");
//! session.finish();
//! session.run(&mut |event| {
//!     if let Event::Error(report) = event {
//!         assert!(matches!(report.failure, Failure::Limit(Exceeded::Steps)));
//!     }
//!     Control::Continue
//! });
//! assert_eq!(session.steps(), 10_000);
//! ```
//!
//! # Streams
//!
//! [`run_stream`] feeds a session from any `Stream` of chunks, on any executor:
//!
//! ```
//! # use star::{Control, Data, Options, Pumped, Session, run_stream};
//! # futures::executor::block_on(async {
//! let mut session = Session::new(Options::default());
//! let chunks = futures::stream::iter(["x = 6\ny =", " x * 7\n"]);
//! let ended = run_stream(&mut session, chunks, &mut |_event| Control::Continue).await;
//! assert_eq!(ended, Pumped::Finished);
//! assert_eq!(session.get("y"), Some(Data::Int(42)));
//! # });
//! ```
//!
//! # What people and programs see
//!
//! [`render`] makes errors readable for people, [`wire`] makes events and errors lines of JSON, [`check`] tells what can
//! be known without running.
#![forbid(unsafe_code)]

pub mod check;
#[cfg(feature = "config")]
pub mod config;
mod engine;
pub mod render;
pub mod wire;

pub use engine::{Engine, EngineBuilder};
#[doc(hidden)]
pub use star_core as core;
pub use star_core::diagnostic;
pub use star_core::heap::{Ctx, Rooted};
pub use star_core::host::convert::{Bytes, FromStar, HostRef, InUse, IntoStar, Mismatch, Serde};
pub use star_core::host::failure::ScriptError;
pub use star_core::host::linked::{Duplicate, HostFunction, linked};
pub use star_core::host::waiting::{AsyncCtx, Callable};
pub use star_core::meter::{Exceeded, Limits};
#[doc(hidden)]
pub use star_core::private;
pub use star_core::runtime::{Isolate, IsolateBuilder, Run, RunEvent, run_stream, try_run_stream};
pub use star_core::session::report::TraceFrame;
pub use star_core::session::{
    Blocked, Control, Data, Error, Event, Failure, Interrupter, LoadFuture, Loader, Options, Program,
    Progress, Pumped, Report, ResumeError, Session,
};
pub use star_core::span::{Location, Position};
pub use star_macros::*;
#[doc(inline)]
pub use star_stdlib as stdlib;

/// What most programs that embed star name.
pub mod prelude {
    pub use crate::{Control, Data, Event, Failure, Limits, Options, Pumped, Report, Session, run_stream};
}

/// The documents beside the code, whose Rust examples run as doctests.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../README.md")]
    struct Readme;
    #[doc = include_str!("../docs/binding.md")]
    struct Binding;
    #[doc = include_str!("../docs/embedding.md")]
    struct Embedding;
    #[doc = include_str!("../docs/streaming.md")]
    struct Streaming;
}
