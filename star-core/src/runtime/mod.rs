//! Sessions beside other things that wait.
//!
//! In: a session and a `Stream` of chunks. Out: a future. Rules: this is the only module that knows async; nothing here
//! needs a particular runtime; a program that computes for long gives the thread back after every slice.

mod actor;
mod engine;
mod isolate;
mod stream;

pub use engine::{Engine, EngineBuilder};
pub use isolate::{Isolate, IsolateBuilder};
pub use stream::{Run, RunEvent};

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

use futures_core::Stream;

use crate::session::{Pumped, Session, Sink};

/// Feeds a session from a stream until the stream or the program ends; what happens goes to `sink`.
///
/// The next chunk is asked for when everything complete has run, so a slow program holds its source up. Dropping the
/// future between chunks leaves the session as it is, ready to go on.
pub async fn run_stream<S>(session: &mut Session, source: S, sink: &mut Sink<'_>) -> Pumped
where
    S: Stream,
    S::Item: AsRef<[u8]>,
{
    let mut source = pin!(source);
    loop {
        match session.pump(sink) {
            Pumped::NeedSource => match next(source.as_mut()).await {
                Some(chunk) => session.feed(chunk.as_ref()),
                None => session.finish(),
            },
            Pumped::Slice => yield_now().await,
            Pumped::Waiting => poll_fn(|cx| session.poll_waiting(cx, sink)).await,
            ended => return ended,
        }
    }
}

/// The same for a stream that can fail. Its error ends the run and not the session: what ran stays, and the rest can
/// still be fed.
pub async fn try_run_stream<S, C, E>(
    session: &mut Session,
    source: S,
    sink: &mut Sink<'_>,
) -> Result<Pumped, E>
where
    S: Stream<Item = Result<C, E>>,
    C: AsRef<[u8]>,
{
    let mut source = pin!(source);
    loop {
        match session.pump(sink) {
            Pumped::NeedSource => match next(source.as_mut()).await {
                Some(chunk) => session.feed(chunk?.as_ref()),
                None => session.finish(),
            },
            Pumped::Slice => yield_now().await,
            Pumped::Waiting => poll_fn(|cx| session.poll_waiting(cx, sink)).await,
            ended => return Ok(ended),
        }
    }
}

async fn next<S: Stream>(mut source: Pin<&mut S>) -> Option<S::Item> {
    poll_fn(|context| source.as_mut().poll_next(context)).await
}

/// Lets the executor look at everything else once.
async fn yield_now() {
    let mut yielded = false;
    poll_fn(|context| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
