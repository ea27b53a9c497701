//! Iterators and streams of the host as objects of scripts.
//!
//! In: a function that returns `impl Iterator` or `impl Stream`, which may borrow its arguments and the object it is a
//! method of. Out: an iterator of scripts. Rules: what is borrowed lives in a future together with the iterator that
//! borrows it, and items leave that future one by one through a [`Lane`]; a script that changes an object ends the
//! iterators that walk it, so that nothing depends on when one that was left behind is collected.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker, ready};

use futures_core::Stream;

use super::convert::{HostRef, InUse, IntoStar};
use super::object::Held;
use super::private::{Returned, panicked};
use super::waiting::wait;
use crate::heap::{Args, Ctx, Heap, Hooks, HostType, Loan, NativeResult, Outcome, Raise, TypeDesc};
use crate::object::HostData;
use crate::object::types::TypeId;
use crate::value::Value;

/// The way of items, and of how it all began, out of a future.
pub struct Lane<T, E> {
    started: Cell<Option<Result<(), Failed<E>>>>,
    item: Cell<Option<T>>,
}

/// Why there is nothing to iterate over.
enum Failed<E> {
    /// An argument could not be borrowed.
    InUse(InUse),
    /// The function failed.
    Error(E),
}

impl<T, E> Lane<T, E> {
    /// There is something to iterate over. Goes on when the first item is asked for.
    pub async fn start(&self) {
        self.started.set(Some(Ok(())));
        once_pending().await;
    }

    /// The function failed.
    pub fn fail(&self, error: E) {
        self.started.set(Some(Err(Failed::Error(error))));
    }

    /// An argument could not be borrowed.
    pub fn in_use(&self, in_use: InUse) {
        self.started.set(Some(Err(Failed::InUse(in_use))));
    }

    /// Hands an item out. Goes on when the next one is asked for.
    pub async fn give(&self, item: T) {
        self.item.set(Some(item));
        once_pending().await;
    }
}

fn once_pending() -> impl Future<Output = ()> {
    let mut polled = false;
    poll_fn(move |_| match std::mem::replace(&mut polled, true) {
        false => Poll::Pending,
        true => Poll::Ready(()),
    })
}

/// The next item of a stream.
pub async fn next<S: Stream>(mut stream: Pin<&mut S>) -> Option<S::Item> {
    poll_fn(|cx| stream.as_mut().poll_next(cx)).await
}

type Work = Pin<Box<dyn Future<Output = ()>>>;

/// What a script walks: the future that holds the iterator, until it is at its end.
enum State {
    Open(Work),
    Ended,
    /// A script changed what it walks.
    Recalled,
}

/// A future that hands items out, whatever they are.
struct Flow<T, E> {
    state: RefCell<State>,
    lane: Rc<Lane<T, E>>,
    /// It may wait between items.
    waits: bool,
}

/// What came of asking for an item.
enum Item<T> {
    Next(T),
    End,
    Recalled,
    /// Another task waits for an item already.
    InUse,
}

impl<T: Returned + 'static, E: 'static> Flow<T, E> {
    fn poll(&self, cx: &mut Context<'_>) -> Poll<Item<T>> {
        let Ok(mut state) = self.state.try_borrow_mut() else { return Poll::Ready(Item::InUse) };
        // Whatever panics is not polled again.
        let mut work = match std::mem::replace(&mut *state, State::Ended) {
            State::Open(work) => work,
            State::Ended => return Poll::Ready(Item::End),
            State::Recalled => {
                *state = State::Recalled;
                return Poll::Ready(Item::Recalled);
            }
        };
        if work.as_mut().poll(cx).is_pending() {
            *state = State::Open(work);
        }
        match self.lane.item.take() {
            Some(item) => Poll::Ready(Item::Next(item)),
            None if matches!(*state, State::Ended) => Poll::Ready(Item::End),
            None => Poll::Pending,
        }
    }
}

/// [`Flow`], whatever its items are.
trait Walk {
    fn next(self: Rc<Self>, ctx: &mut Ctx<'_>) -> NativeResult;
}

impl<T: Returned + 'static, E: 'static> Walk for Flow<T, E> {
    fn next(self: Rc<Self>, ctx: &mut Ctx<'_>) -> NativeResult {
        if self.waits {
            return wait(ctx, poll_fn(move |cx| self.poll(cx)), false);
        }
        match catch_unwind(AssertUnwindSafe(|| self.poll(&mut Context::from_waker(Waker::noop())))) {
            Ok(Poll::Ready(item)) => item.outcome(ctx),
            Ok(Poll::Pending) => Err(ctx.error(TypeId::SystemError, "an iterator of the host had to wait")),
            Err(panic) => Err(panicked(ctx, "an iterator of the host", &*panic)),
        }
    }
}

impl<T, E> Loan for Flow<T, E> {
    fn recall(&self) {
        if let Ok(mut state) = self.state.try_borrow_mut()
            && let State::Open(_) = *state
        {
            *state = State::Recalled;
        }
    }
}

impl<T: Returned> Returned for Item<T> {
    const TYPE: &'static TypeDesc = T::TYPE;
    const FAILS: bool = true;

    fn outcome(self, ctx: &mut Ctx<'_>) -> NativeResult {
        match self {
            Item::Next(item) => item.outcome(ctx),
            Item::End => Ok(Outcome::Exhausted),
            Item::Recalled => {
                Err(ctx.error(TypeId::RuntimeError, "the object was changed while it was iterated over"))
            }
            Item::InUse => Err(ctx.error(TypeId::RuntimeError, InUse.to_string())),
        }
    }

    fn pair(self, ctx: &mut Ctx<'_>) -> NativeResult {
        self.outcome(ctx)
    }
}

/// An iterator or stream that a function has returned.
pub struct Items {
    walk: Rc<dyn Walk>,
    loan: Weak<dyn Loan>,
    objects: Vec<usize>,
    waits: bool,
}

/// Makes the future that walks what a function returns, and runs it up to where the function has returned.
///
/// `objects` are the [addresses](address) of what it borrows.
pub fn generate<T, E, F>(
    waits: bool,
    objects: Vec<usize>,
    make: impl FnOnce(Rc<Lane<T, E>>) -> F,
) -> impl Future<Output = Held<Result<Items, E>>>
where
    T: Returned + 'static,
    E: 'static,
    F: Future<Output = ()> + 'static,
{
    let lane = Rc::new(Lane { started: Cell::new(None), item: Cell::new(None) });
    let mut work: Option<Work> = Some(Box::pin(make(lane.clone())));
    let mut objects = Some(objects);
    poll_fn(move |cx| {
        // Where it is done already, it has said why.
        let _ = work.as_mut().map(|work| work.as_mut().poll(cx));
        let Some(started) = lane.started.take() else { return Poll::Pending };
        Poll::Ready(match started {
            Ok(()) => {
                let state = work.take().map_or(State::Ended, State::Open);
                let flow = Rc::new(Flow { state: RefCell::new(state), lane: lane.clone(), waits });
                let loan: Rc<dyn Loan> = flow.clone();
                let loan = Rc::downgrade(&loan);
                Held(Ok(Ok(Items { walk: flow, loan, objects: objects.take().unwrap_or_default(), waits })))
            }
            Err(Failed::Error(error)) => Held(Ok(Err(error))),
            Err(Failed::InUse(in_use)) => Held(Err(in_use)),
        })
    })
}

/// [`generate`] for a function that cannot fail.
pub fn generate_always<T, F>(
    waits: bool,
    objects: Vec<usize>,
    make: impl FnOnce(Rc<Lane<T, Infallible>>) -> F,
) -> impl Future<Output = Held<Items>>
where
    T: Returned + 'static,
    F: Future<Output = ()> + 'static,
{
    let mut started = Box::pin(generate(waits, objects, make));
    poll_fn(move |cx| {
        let Held(items) = ready!(started.as_mut().poll(cx));
        Poll::Ready(Held(items.map(|Ok(items)| items)))
    })
}

impl IntoStar for Items {
    const TYPE: &'static TypeDesc = &TypeDesc::Iterator(&TypeDesc::Any);

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        for object in &self.objects {
            ctx.heap.lend(*object, self.loan.clone());
        }
        let kind = if self.waits { &STREAM } else { &ITERATOR };
        Ok(ctx.heap.host_object(kind, Walked(self.walk)))
    }
}

/// What a script holds of an iterator or stream.
struct Walked(Rc<dyn Walk>);

impl HostData for Walked {}

static ITERATOR: HostType = HostType {
    hooks: Hooks { next: Some(step), ready: Some(always_ready), ..Hooks::NONE },
    ..HostType::named("iterator", "", "What a function of the host has to iterate over.")
};

static STREAM: HostType = HostType {
    hooks: Hooks { next: Some(step), ..Hooks::NONE },
    ..HostType::named("stream", "", "What a function of the host gives one by one, and waits for.")
};

/// The hook of iterators that are no script's business and never wait.
pub fn always_ready(_: &Heap, _: Value) -> bool {
    true
}

fn step(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Value::Host(at) = args[0] else { return Ok(Outcome::Exhausted) };
    let walk = ctx.heap[at].borrow::<Walked>().map(|walked| walked.0.clone());
    walk.map_or(Ok(Outcome::Exhausted), |walk| walk.next(ctx))
}

/// Where an object lies that an iterator borrows.
pub fn address<T>(object: &HostRef<T>) -> usize {
    object.address()
}

/// [`address`] of an object that may not be there: of nothing, it is that of no object.
pub fn address_option<T>(object: &Option<HostRef<T>>) -> usize {
    object.as_ref().map_or(0, HostRef::address)
}
