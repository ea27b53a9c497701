//! What an isolate and the futures of its host want of each other.
//!
//! In: futures that natives started, calls that futures ask for. Out: both, to whoever drives the isolate. Rule: a
//! future never borrows the isolate.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::error::Error;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::{Ctx, KeptException, NativeResult, Raise, Rooted};
use crate::value::Value;

/// A future that a native waits for.
pub trait HostFuture {
    /// Polls it. Ready once the result is there.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()>;

    /// Its result, once it is ready.
    fn finish(self: Box<Self>, ctx: &mut Ctx<'_>) -> NativeResult;
}

/// Puts the arguments of a call into the scratch.
type PushArgs = Box<dyn FnOnce(&mut Ctx<'_>) -> Result<(), Raise>>;
/// Takes the result of a call.
type Reply = Box<dyn FnOnce(&mut Ctx<'_>, Result<Value, ScriptError>)>;

/// A call that a future of the host wants.
pub struct CallRequest {
    /// What to call.
    pub function: Rooted,
    /// With what.
    pub args: PushArgs,
    /// What to do with the result.
    pub reply: Reply,
    /// Nobody waits for it any more.
    pub cancelled: Rc<Cell<bool>>,
    /// Who waits for it.
    pub waker: Rc<RefCell<Option<Waker>>>,
}

/// What the futures of an isolate want of it.
#[derive(Default)]
pub struct Inbox {
    /// Calls, in the order in which they were asked for.
    pub calls: RefCell<VecDeque<CallRequest>>,
    /// Wakes whoever drives the isolate.
    pub waker: RefCell<Option<Waker>>,
}

/// An exception that left the isolate: what a script function raised while Rust code called it.
///
/// `Send`, and complete in itself. A host function that returns it raises the very exception again.
#[derive(Clone, Debug)]
pub struct ScriptError {
    /// Name of the exception's type: `ValueError`.
    pub kind: String,
    /// Its message.
    pub message: String,
    /// What would be printed: the traceback and the message.
    pub text: String,
    pub(crate) source: Option<Arc<dyn Error + Send + Sync>>,
    pub(crate) exception: Option<KeptException>,
}

impl std::fmt::Display for ScriptError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.message.is_empty() {
            true => f.write_str(&self.kind),
            false => write!(f, "{}: {}", self.kind, self.message),
        }
    }
}

impl Error for ScriptError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn Error + 'static))
    }
}
