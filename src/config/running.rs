//! A script that is run to its end on this thread.
//!
//! In: a [`Script`]. Out: its session after the last statement, and what its `config()` returns. Rule: an error that was
//! dropped unseen is a failure, as on the command line.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use star_core::host::convert::FromStar;
use star_core::session::{Control, Event, Options, Pumped, Report, Session};
use tokio::runtime::{Builder, Runtime};

use super::outline::Outline;
use super::{Error, Script};

/// The longest sleep between two looks at whether the program is to be cancelled.
const NAP: Duration = Duration::from_millis(100);

/// A script's session and what hears of it.
pub(super) struct Running<'s> {
    pub(super) session: Session,
    script: &'s mut Script,
    outline: &'s Outline,
    /// Timers and sockets of host functions, which it serves from a thread of its own: this thread only waits, and may be
    /// one of another runtime.
    runtime: Served,
}

struct Served(Option<Runtime>);

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // A runtime cannot be dropped on a thread of another one.
            runtime.shutdown_background();
        }
    }
}

impl<'s> Running<'s> {
    /// Runs the script.
    pub(super) fn start(script: &'s mut Script, outline: &'s Outline) -> Result<Running<'s>, Error> {
        let mut session = Session::new(Options {
            name: script.name.as_str().into(),
            limits: script.limits,
            blocked: script.blocked.clone(),
            loader: script.loader.clone(),
            note_assignments: true,
            ..Options::default()
        });
        session.set_grants(crate::stdlib::grants());
        script.prepare.drain(..).for_each(|prepare| prepare(&mut session));
        for (name, value) in &script.set {
            session.fix(name, value.clone());
        }
        session.feed(script.text()?);
        session.finish();
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| Error::other(&format!("cannot wait for anything: {error}")))?;
        let mut running = Running { session, script, outline, runtime: Served(Some(runtime)) };
        running.pump(|| false)?;
        Ok(running)
    }

    /// The result of `config()`.
    pub(super) fn call_config<T: FromStar + 'static>(&mut self) -> Result<T, Error> {
        let result = Rc::new(RefCell::new(None));
        let place = result.clone();
        self.session.call("config", (), move |answer| *place.borrow_mut() = Some(answer));
        let arrived = result.clone();
        self.pump(|| arrived.borrow().is_some())?;
        match result.take() {
            Some(answer) => answer.map_err(|error| Error::of(error, self.outline)),
            None => unreachable!("a call ends with an answer"),
        }
    }

    /// Pumps until `done`, or until nothing is left to do or to wait for.
    fn pump(&mut self, done: impl Fn() -> bool) -> Result<(), Error> {
        // Futures of host functions find the runtime wherever they are made.
        let _entered = self.runtime.0.as_ref().map(Runtime::enter);
        let mut failed: Option<Report> = None;
        let mut sink = |event: Event<'_>| {
            match event {
                Event::Output(bytes) => (self.script.output)(bytes),
                Event::Error(report) | Event::Dropped(report) => {
                    failed.get_or_insert_with(|| report.clone());
                }
                _ => {}
            }
            Control::Continue
        };
        while !done() {
            match self.session.pump(&mut sink) {
                Pumped::Slice => {}
                _ if self.session.has_waiting() => wait(&mut self.session, &mut sink),
                _ => break,
            }
        }
        failed.map_or(Ok(()), |report| Err(Error::script(report)))
    }
}

/// Wakes the thread that waits for a future of the host.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits until the session is worth pumping again.
fn wait(session: &mut Session, sink: &mut star_core::session::Sink<'_>) {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut cx = Context::from_waker(&waker);
    while session.poll_waiting(&mut cx, sink).is_pending() {
        let left = session.next_deadline().map(|end| end.saturating_duration_since(Instant::now()));
        thread::park_timeout(left.map_or(NAP, |left| left.min(NAP)));
    }
}
