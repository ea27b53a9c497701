//! Futures of the host, and what they are lent.
//!
//! In: an async function of the host, polled by whoever drives the isolate. Out: its result, as an outcome of the
//! native that started it. Rules: a future never borrows the isolate: what it wants of it, it asks for through the
//! [`Inbox`], and waits; dropping the future withdraws what it asked for.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::convert::{FromStar, IntoStar, Mismatch};
use super::private::{Returned, panicked};
use crate::heap::{
    CallArgs, CallRequest, Ctx, Grants, HostFuture, Inbox, NativeResult, Outcome, Raise, Rooted, ScriptError,
    TypeDesc,
};
use crate::object::types::TypeId;
use crate::ops::types;
use crate::value::Value;

struct Pending<F: Future> {
    future: Pin<Box<F>>,
    result: Option<Result<F::Output, Box<dyn Any + Send>>>,
    pair: bool,
}

impl<F: Future> HostFuture for Pending<F>
where
    F::Output: Returned,
{
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.result.is_none() {
            // A future that has panicked is not polled again.
            match catch_unwind(AssertUnwindSafe(|| self.future.as_mut().poll(cx))) {
                Ok(Poll::Ready(result)) => self.result = Some(Ok(result)),
                Ok(Poll::Pending) => return Poll::Pending,
                Err(panic) => self.result = Some(Err(panic)),
            }
        }
        Poll::Ready(())
    }

    fn finish(self: Box<Self>, ctx: &mut Ctx<'_>) -> NativeResult {
        match self.result {
            Some(Ok(result)) => deliver(ctx, result, self.pair),
            Some(Err(panic)) => Err(panicked(ctx, "an async host function", &*panic)),
            None => Err(ctx.error(TypeId::SystemError, "a host call was finished before it was ready")),
        }
    }
}

fn deliver<R: Returned>(ctx: &mut Ctx<'_>, result: R, pair: bool) -> NativeResult {
    if pair { result.pair(ctx) } else { result.outcome(ctx) }
}

/// Starts a future: its result if it is ready at once, else a request to wait for it.
pub fn wait<F>(ctx: &mut Ctx<'_>, future: F, pair: bool) -> NativeResult
where
    F: Future + 'static,
    F::Output: Returned,
{
    let mut future = Box::pin(future);
    // Whoever waits polls again, with a waker of its own.
    let polled =
        catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut Context::from_waker(Waker::noop()))));
    match polled {
        Err(panic) => Err(panicked(ctx, "an async host function", &*panic)),
        Ok(Poll::Ready(result)) => deliver(ctx, result, pair),
        Ok(Poll::Pending) => {
            ctx.heap.set_pending(Box::new(Pending { future, result: None, pair }));
            Ok(Outcome::Suspend)
        }
    }
}

/// What an async host function is lent: its isolate's grants, and the way to call back. Cheap to clone, and good for as
/// long as the isolate is.
#[derive(Clone)]
pub struct AsyncCtx {
    inbox: Rc<Inbox>,
    grants: Rc<Grants>,
}

impl AsyncCtx {
    /// For a native that is about to wait.
    #[inline]
    pub fn new(ctx: &Ctx<'_>) -> AsyncCtx {
        AsyncCtx { inbox: ctx.heap.inbox().clone(), grants: ctx.heap.grants().clone() }
    }

    /// What futures of the host want of the isolate.
    pub fn inbox(&self) -> &Rc<Inbox> {
        &self.inbox
    }

    /// What scripts may require, and which capabilities are allowed.
    pub fn grants(&self) -> &Grants {
        &self.grants
    }

    /// Whether `capability` is allowed, to whatever extent.
    pub fn allows(&self, capability: &str) -> bool {
        self.grants.allows(capability)
    }

    /// What `capability` is limited to: every scope that was allowed; None stands for no limit.
    pub fn scopes<'a>(&'a self, capability: &'a str) -> impl Iterator<Item = Option<&'a str>> {
        let allowed = self.grants.capabilities.iter().filter(move |(name, _)| **name == *capability);
        allowed.map(|(_, scope)| scope.as_deref())
    }
}

/// A function of a script, in the hands of the host.
///
/// An async host function awaits [`Callable::call`]. A synchronous one cannot call a script; it returns
/// [`Callable::request`], and the function's result becomes its own.
#[derive(Clone)]
pub struct Callable {
    function: Rooted,
    inbox: Rc<Inbox>,
}

impl std::fmt::Debug for Callable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Callable")
    }
}

impl FromStar for Callable {
    const TYPE: &'static TypeDesc = &TypeDesc::Callable;

    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<Callable, Mismatch> {
        if !types::is_callable(ctx.heap, value) {
            return Err(Mismatch::new(ctx.heap, "a function", value));
        }
        Ok(Callable { function: ctx.heap.root(value), inbox: ctx.heap.inbox().clone() })
    }
}

impl IntoStar for Callable {
    const TYPE: &'static TypeDesc = &TypeDesc::Callable;

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        self.function.into_star(ctx)
    }
}

/// The arguments of a call from Rust: a tuple of anything that becomes a value.
pub trait CallTuple {
    /// Puts them into the scratch.
    fn push(self, ctx: &mut Ctx<'_>) -> Result<(), Raise>;
}

macro_rules! call_tuples {
    ($(($($name:ident $index:tt),*))*) => {$(
        impl<$($name: IntoStar),*> CallTuple for ($($name,)*) {
            #[allow(unused_variables)]
            fn push(self, ctx: &mut Ctx<'_>) -> Result<(), Raise> {
                $(
                    let value = self.$index.into_star(ctx)?;
                    ctx.heap.scratch.push(value);
                )*
                Ok(())
            }
        }
    )*};
}

call_tuples! {
    ()
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
}

impl Callable {
    /// Calls the function on the isolate, in turn with its other tasks, and waits for its result.
    ///
    /// Fails with what the function raised, and where its result is no `T`. Dropping the future cancels the call.
    pub fn call<A, T>(&self, args: A) -> impl Future<Output = Result<T, ScriptError>> + use<A, T>
    where
        A: CallTuple + 'static,
        T: FromStar + 'static,
    {
        let reply: Rc<RefCell<Option<Result<T, ScriptError>>>> = Rc::default();
        let (slot, cancelled) = (reply.clone(), Rc::new(Cell::new(false)));
        let request = CallRequest {
            function: self.function.clone(),
            args: Box::new(move |ctx| args.push(ctx)),
            reply: Box::new(move |ctx, result| {
                let result = result.and_then(|value| {
                    T::from_star(ctx, value).map_err(|wrong| ScriptError {
                        kind: "TypeError".to_string(),
                        message: format!("result of the call: {wrong}"),
                        text: String::new(),
                        source: None,
                        exception: None,
                    })
                });
                *slot.borrow_mut() = Some(result);
            }),
            cancelled: cancelled.clone(),
            waker: Rc::default(),
        };
        Call {
            inbox: self.inbox.clone(),
            waker: request.waker.clone(),
            request: Some(request),
            reply,
            cancelled,
        }
    }

    /// A request to call the function: what a synchronous host function returns.
    pub fn request<A: CallTuple>(&self, ctx: &mut Ctx<'_>, args: A) -> Result<Outcome, Raise> {
        let function = self.function.clone().into_star(ctx)?;
        let base = ctx.heap.scratch.len();
        let pushed = args.push(ctx);
        let args = ctx.heap.scratch[base..].to_vec();
        ctx.heap.scratch.truncate(base);
        pushed?;
        let args = CallArgs::Tuple(ctx.heap.tuple(&args));
        Ok(Outcome::Call { function, args, then: None })
    }
}

struct Call<T> {
    inbox: Rc<Inbox>,
    request: Option<CallRequest>,
    reply: Rc<RefCell<Option<Result<T, ScriptError>>>>,
    waker: Rc<RefCell<Option<Waker>>>,
    cancelled: Rc<Cell<bool>>,
}

impl<T> Future for Call<T> {
    type Output = Result<T, ScriptError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(reply) = self.reply.borrow_mut().take() {
            return Poll::Ready(reply);
        }
        *self.waker.borrow_mut() = Some(cx.waker().clone());
        if let Some(request) = self.request.take() {
            self.inbox.calls.borrow_mut().push_back(request);
            if let Some(waker) = self.inbox.waker.borrow().as_ref() {
                waker.wake_by_ref();
            }
        }
        Poll::Pending
    }
}

impl<T> Drop for Call<T> {
    fn drop(&mut self) {
        self.cancelled.set(true);
        if let Some(waker) = self.inbox.waker.borrow().as_ref() {
            waker.wake_by_ref();
        }
    }
}
