//! An isolate on its worker.
//!
//! In: jobs from handles. Out: results, events. Rules: a task of tokio's drives the session while there is something to
//! do or to wait for, and ends when there is not, so an idle isolate is only its heap; nothing holds a borrow of the
//! session while it waits.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::task::{spawn_local, yield_now};

use super::stream::RunEvent;
use crate::session::{Control, Event, Options, Pumped, Session};

/// Takes what scripts print where no stream of events does.
pub(super) type Output = Box<dyn FnMut(&[u8])>;

/// An isolate and what is going on in it.
pub(super) struct Actor {
    session: RefCell<Session>,
    output: RefCell<Output>,
    /// The run whose events somebody takes.
    run: RefCell<Option<Run>>,
    driven: Cell<bool>,
    /// Wakes the driver for something new.
    waker: RefCell<Option<Waker>>,
    /// There is something new.
    stirred: Cell<bool>,
    closed: Cell<bool>,
}

/// A run in progress.
struct Run {
    id: u64,
    events: mpsc::Sender<RunEvent>,
    /// Events that did not fit the channel yet.
    backlog: VecDeque<RunEvent>,
    /// The stream has been told that more source is wanted.
    asked: bool,
    cancelled: bool,
    /// What it prints goes to the isolate's output.
    prints: bool,
}

impl Actor {
    pub fn new(session: Session, output: Output) -> Rc<Actor> {
        Rc::new(Actor {
            session: RefCell::new(session),
            output: RefCell::new(output),
            run: RefCell::new(None),
            driven: Cell::new(false),
            waker: RefCell::new(None),
            stirred: Cell::new(false),
            closed: Cell::new(false),
        })
    }

    /// Does something to the session, and sees to it that what follows from that happens.
    pub fn with<R>(self: &Rc<Actor>, work: impl FnOnce(&mut Session) -> R) -> R {
        let result = work(&mut self.session.borrow_mut());
        self.stir();
        result
    }

    /// Looks at the session, without starting anything.
    pub fn look<R>(&self, work: impl FnOnce(&mut Session) -> R) -> R {
        work(&mut self.session.borrow_mut())
    }

    /// Begins a run whose events go to `events`. False if another one is in progress.
    pub fn begin_run(self: &Rc<Actor>, id: u64, events: mpsc::Sender<RunEvent>) -> bool {
        let mut run = self.run.borrow_mut();
        if run.is_some() {
            return false;
        }
        *run =
            Some(Run { id, events, backlog: VecDeque::new(), asked: false, cancelled: false, prints: false });
        drop(run);
        self.session.borrow_mut().begin_again();
        self.stir();
        true
    }

    /// More source of a run, or its end.
    pub fn feed(self: &Rc<Actor>, id: u64, source: Option<&[u8]>) {
        match &mut *self.run.borrow_mut() {
            Some(run) if run.id == id => run.asked = false,
            _ => return,
        }
        self.with(|session| match source {
            Some(bytes) => session.feed(bytes),
            None => session.finish(),
        });
    }

    /// Nobody takes the events of a run any more: it is cancelled.
    pub fn cancel_run(self: &Rc<Actor>, id: u64) {
        match &mut *self.run.borrow_mut() {
            Some(run) if run.id == id => run.cancelled = true,
            _ => return,
        }
        self.with(|session| session.interrupter().interrupt());
    }

    /// The isolate is no longer wanted.
    pub fn close(&self) {
        self.closed.set(true);
        self.stirred.set(true);
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }

    fn stir(self: &Rc<Actor>) {
        self.stirred.set(true);
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
        if !self.driven.replace(true) {
            spawn_local(drive(self.clone()));
        }
    }

    fn pump(&self) -> Pumped {
        let mut sink = |event: Event<'_>| self.receive(event);
        self.session.borrow_mut().pump(&mut sink)
    }

    fn receive(&self, event: Event<'_>) -> Control {
        let mut run = self.run.borrow_mut();
        match (&mut *run, event) {
            (Some(Run { prints: true, .. }) | None, Event::Output(bytes)) => {
                (self.output.borrow_mut())(bytes)
            }
            (
                Some(Run { prints: true, .. }),
                Event::StatementStarted { .. } | Event::StatementDone { .. },
            ) => {}
            (Some(run), event) => run.backlog.extend(RunEvent::of(event)),
            (None, _) => {}
        }
        Control::Continue
    }

    /// Hands on what has happened in a run. False while its reader is behind.
    fn deliver(&self, cx: &mut Context<'_>, permit: &mut Option<Permit>) -> Poll<()> {
        loop {
            let events = {
                let mut place = self.run.borrow_mut();
                let Some(run) = &mut *place else { return Poll::Ready(()) };
                while let Some(event) = run.backlog.pop_front() {
                    match run.events.try_send(event) {
                        Ok(()) => {}
                        Err(TrySendError::Full(event)) => {
                            run.backlog.push_front(event);
                            break;
                        }
                        Err(TrySendError::Closed(_)) => run.backlog.clear(),
                    }
                }
                if run.backlog.is_empty() {
                    return Poll::Ready(());
                }
                run.events.clone()
            };
            let reserve = permit.get_or_insert_with(|| Box::pin(async move { drop(events.reserve().await) }));
            match reserve.as_mut().poll(cx) {
                Poll::Ready(()) => *permit = None,
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// What the run prints goes to the isolate's output: its events are only looked at for errors.
    pub fn print_output(&self) {
        if let Some(run) = &mut *self.run.borrow_mut() {
            run.prints = true;
        }
    }

    /// Nothing can be done with the isolate any more: whoever waits for it is told that it is closed.
    fn abandon(&self) {
        self.closed.set(true);
        self.end_run();
        *self.session.borrow_mut() = Session::new(Options::default());
    }

    /// Whether the isolate is gone.
    pub fn is_closed(&self) -> bool {
        self.closed.get()
    }

    /// The run has ended: its stream ends after what is left of its events.
    fn end_run(&self) {
        *self.run.borrow_mut() = None;
    }
}

type Permit = std::pin::Pin<Box<dyn Future<Output = ()>>>;

/// Drives an isolate until there is nothing to do and nothing to wait for.
async fn drive(actor: Rc<Actor>) {
    loop {
        actor.stirred.set(false);
        // A panic in the runtime itself must not take other isolates of this worker with it. (One in a host function is
        // an exception: see `host::private::guarded`.)
        let Ok(pumped) = catch_unwind(AssertUnwindSafe(|| actor.pump())) else {
            actor.abandon();
            return;
        };
        let mut permit = None;
        poll_fn(|cx| actor.deliver(cx, &mut permit)).await;
        if actor.closed.get() {
            return;
        }
        match pumped {
            Pumped::Slice => {
                yield_now().await;
                continue;
            }
            Pumped::NeedSource => {
                if let Some(run) = &mut *actor.run.borrow_mut()
                    && !run.asked
                    && !run.cancelled
                {
                    run.asked = true;
                    run.backlog.push_back(RunEvent::NeedSource);
                }
                // A run that was cancelled between statements gets no more source: this ends it.
                if actor.run.borrow().as_ref().is_some_and(|run| run.cancelled) {
                    actor.end_run();
                }
            }
            Pumped::Finished | Pumped::Failed => actor.end_run(),
            Pumped::Waiting => {}
        }
        poll_fn(|cx| actor.deliver(cx, &mut permit)).await;
        if !wait(&actor).await {
            return;
        }
    }
}

/// Waits for something to do. False if nothing can come but from a handle, which starts a new driver.
async fn wait(actor: &Rc<Actor>) -> bool {
    let deadline = actor.session.borrow().next_deadline();
    let mut timer = deadline.map(|deadline| Box::pin(tokio::time::sleep_until(from(deadline))));
    poll_fn(|cx| {
        if actor.stirred.get() || actor.closed.get() {
            return Poll::Ready(true);
        }
        let mut sink = |event: Event<'_>| actor.receive(event);
        let mut session = actor.session.borrow_mut();
        if session.poll_waiting(cx, &mut sink).is_ready() {
            return Poll::Ready(true);
        }
        if !session.has_waiting() {
            actor.driven.set(false);
            return Poll::Ready(false);
        }
        if let Some(timer) = &mut timer
            && timer.as_mut().poll(cx).is_ready()
        {
            return Poll::Ready(true);
        }
        *actor.waker.borrow_mut() = Some(cx.waker().clone());
        Poll::Pending
    })
    .await
}

fn from(at: Instant) -> tokio::time::Instant {
    tokio::time::Instant::from_std(at)
}
