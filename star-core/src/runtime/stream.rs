//! A run of a stream, as whoever started it sees it.
//!
//! In: a stream of source, and what the isolate tells. Out: [`RunEvent`]s, as a stream. Rules: source is asked for only
//! when everything complete has run, by whoever takes the events; dropping the run cancels it.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::sync::mpsc;

use super::isolate::Isolate;
use crate::session::{Error, Event};
use crate::span::Position;

/// Something that happened in a run, in the order in which it took effect.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum RunEvent {
    /// A top-level statement is complete and about to run.
    StatementStarted {
        /// Where it starts.
        at: Position,
    },
    /// A top-level statement has run to its end.
    StatementDone {
        /// Where it starts.
        at: Position,
        /// How many have run so far in this isolate.
        completed: u64,
    },
    /// The program printed this.
    Output(Vec<u8>),
    /// An expression statement of the top level had this value; its `repr`.
    Value(String),
    /// A call returned `(value, err)` with an error, and the pair was dropped unseen. The program goes on.
    Dropped(Error),
    /// The program failed.
    Error(Error),
    /// The program has ended.
    End {
        /// Statements that ran to their end.
        completed: u64,
        /// Steps it took.
        steps: u64,
    },
    /// More source is wanted. Never handed out.
    #[doc(hidden)]
    NeedSource,
}

impl RunEvent {
    pub(super) fn of(event: Event<'_>) -> Option<RunEvent> {
        Some(match event {
            Event::StatementStarted { at } => RunEvent::StatementStarted { at },
            Event::StatementDone { at, completed } => RunEvent::StatementDone { at, completed },
            Event::Output(bytes) => RunEvent::Output(bytes.to_vec()),
            Event::Value(text) => RunEvent::Value(text.to_string()),
            Event::Dropped(report) => RunEvent::Dropped(Error::script(report.clone(), None)),
            Event::Error(report) => RunEvent::Error(Error::script(report.clone(), None)),
            Event::End { completed, steps } => RunEvent::End { completed, steps },
            Event::Step(_) => return None,
        })
    }

    /// What was printed, as text.
    pub fn as_output(&self) -> Option<std::borrow::Cow<'_, str>> {
        match self {
            RunEvent::Output(bytes) => Some(String::from_utf8_lossy(bytes)),
            _ => None,
        }
    }
}

/// A run of a stream in an isolate: a stream of [`RunEvent`]s that ends with the run. Dropping it cancels the run:
/// `finally` and `with` exits run, what has run stays.
///
/// The source is polled by whoever polls this, so it needs to be neither `Send` nor `'static` to anything but the run.
pub struct Run<S> {
    isolate: Isolate,
    id: u64,
    source: Option<Pin<Box<S>>>,
    events: mpsc::Receiver<RunEvent>,
    wants_source: bool,
    done: bool,
}

impl<S> Run<S> {
    pub(super) fn new(isolate: Isolate, id: u64, source: S, events: mpsc::Receiver<RunEvent>) -> Run<S> {
        Run { isolate, id, source: Some(Box::pin(source)), events, wants_source: false, done: false }
    }
}

impl<S> Unpin for Run<S> {}

impl<S> Run<S>
where
    S: Stream,
    S::Item: AsRef<[u8]>,
{
    /// The next event; None once the run is over.
    pub async fn next(&mut self) -> Option<RunEvent> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// Lets the run come to its end. What it prints goes nowhere. Fails with what the program failed with.
    pub async fn finish(mut self) -> Result<(), Error> {
        let mut result = Ok(());
        while let Some(event) = self.next().await {
            if let RunEvent::Error(error) = event {
                result = Err(error);
            }
        }
        result
    }
}

impl<S> Stream for Run<S>
where
    S: Stream,
    S::Item: AsRef<[u8]>,
{
    type Item = RunEvent;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<RunEvent>> {
        loop {
            match self.events.poll_recv(cx) {
                Poll::Ready(Some(RunEvent::NeedSource)) => self.wants_source = true,
                Poll::Ready(None) => {
                    self.done = true;
                    return Poll::Ready(None);
                }
                Poll::Ready(event) => return Poll::Ready(event),
                Poll::Pending if !self.wants_source => return Poll::Pending,
                Poll::Pending => {
                    let this = &mut *self;
                    let Some(source) = &mut this.source else { return Poll::Pending };
                    let Poll::Ready(chunk) = source.as_mut().poll_next(cx) else { return Poll::Pending };
                    this.wants_source = false;
                    let (id, bytes) = (this.id, chunk.map(|chunk| chunk.as_ref().to_vec()));
                    if bytes.is_none() {
                        this.source = None;
                    }
                    let _ = this.isolate.actor(move |actor| actor.feed(id, bytes.as_deref()));
                }
            }
        }
    }
}

impl<S> Drop for Run<S> {
    fn drop(&mut self) {
        if !self.done {
            let id = self.id;
            let _ = self.isolate.actor(move |actor| actor.cancel_run(id));
        }
    }
}
