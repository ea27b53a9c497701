//! What natives return, and what they are resumed with.

use std::ops::Index;

use crate::meter::{Exceeded, Refusal};
use crate::object::{Exception, NativeState};
use crate::value::{Ref, Value};

/// What a native answers: an outcome, or a raise.
pub type NativeResult = Result<Outcome, Raise>;

/// What a native wants to happen. A native never calls a script: it *returns* the request, and `then` goes on.
#[derive(Clone, Copy, Debug)]
pub enum Outcome {
    /// It is done; this is its result.
    Return(Value),
    /// An iterator that was asked for its next item has none. Only where an item was asked for.
    Exhausted,
    /// Call `function` with `args`; its result resumes `then`, or is the native's own result if there is no `then`.
    Call {
        /// What to call.
        function: Value,
        /// With what.
        args: CallArgs,
        /// Who goes on.
        then: Option<Ref<NativeState>>,
    },
    /// Ask iterator `iter` (any iterator value, a generator included) for its next item and resume `then` with
    /// it, or with `Exhausted`.
    Next {
        /// The iterator.
        iter: Value,
        /// Who goes on. Without it the item is the native's own result.
        then: Option<Ref<NativeState>>,
    },
    /// Resume a generator with a value (`send`), or by raising in it (`throw`, `close`).
    Resume {
        /// The generator.
        generator: Value,
        /// What `yield` returns there, if `raise` is not set.
        value: Value,
        /// Raise `value`, an exception, at its `yield`.
        raise: bool,
        /// Who goes on.
        then: Option<Ref<NativeState>>,
    },
    /// Carry out the request that another native made and this one called, see [`Ctx::perform`](super::Ctx::perform); its
    /// result resumes `then`.
    Perform {
        /// Who goes on.
        then: Ref<NativeState>,
    },
    /// Wait for the future that the native has left in the heap: see `Heap::set_pending`. Its result is the native's.
    Suspend,
}

/// The arguments of a call that a native asks for.
#[derive(Clone, Copy, Debug)]
pub enum CallArgs {
    /// One: a key function's, a predicate's.
    One(Value),
    /// The items of this tuple.
    Tuple(Value),
    /// With keywords: a pair of tuples. The first has the arguments, the second the names of the last ones.
    Named(Value),
}

impl From<Value> for Outcome {
    #[inline]
    fn from(value: Value) -> Outcome {
        Outcome::Return(value)
    }
}

/// With what a native is resumed.
#[derive(Clone, Copy, Debug)]
pub enum Resumed {
    /// The call returned this, or the iterator gave it.
    Value(Value),
    /// The iterator or generator has ended; a generator's return value.
    Exhausted(Value),
    /// The call or iterator raised this exception. A native that does not care returns
    /// `Err(Raise::Exception(e))` with it.
    Raised(Ref<Exception>),
}

/// Something that unwinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raise {
    /// A script exception, which `except` may catch.
    Exception(Ref<Exception>),
    /// An end that a script cannot stop.
    End(End),
}

/// Why a run or call ends without a script being able to stop it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// A limit was passed: no further script code runs.
    Limit(Exceeded),
    /// The host cancelled it: `finally` and `with` exits run.
    Cancelled,
    /// The host's `on_step` said stop: no further script code runs.
    Stopped,
}

impl From<Exceeded> for Raise {
    #[cold]
    fn from(exceeded: Exceeded) -> Raise {
        Raise::End(End::Limit(exceeded))
    }
}

impl From<Refusal> for Raise {
    #[cold]
    fn from(refusal: Refusal) -> Raise {
        match refusal {
            Refusal::Exceeded(exceeded) => exceeded.into(),
            Refusal::Interrupted => Raise::End(End::Cancelled),
        }
    }
}

/// The arguments of a native.
///
/// A native with a fixed parameter list sees one positional value per parameter, `Value::Undef` where it was left
/// out. A variadic one sees what was given, and keywords as parallel names and values.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    /// Values by position; the receiver of a method comes first.
    pub positional: &'a [Value],
    /// Names of keyword arguments: strings.
    pub names: &'a [Value],
    /// Their values.
    pub keywords: &'a [Value],
}

impl<'a> Args<'a> {
    /// Positional arguments only.
    #[inline]
    pub fn new(positional: &'a [Value]) -> Args<'a> {
        Args { positional, names: &[], keywords: &[] }
    }

    /// Number of positional arguments.
    #[inline]
    pub fn len(&self) -> usize {
        self.positional.len()
    }

    /// Whether there are no positional arguments.
    pub fn is_empty(&self) -> bool {
        self.positional.is_empty()
    }

    /// Positional argument `index`, if it is there and given.
    #[inline]
    pub fn get(&self, index: usize) -> Option<Value> {
        self.positional.get(index).copied().and_then(Value::given)
    }
}

impl Index<usize> for Args<'_> {
    type Output = Value;

    #[inline]
    fn index(&self, index: usize) -> &Value {
        &self.positional[index]
    }
}
