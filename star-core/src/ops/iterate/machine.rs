//! Natives that wait for a script: small state machines.
//!
//! In: a [`Machine`] and the values it starts with. Out: an outcome. Rules: while a machine runs, its values lie in
//! the heap's scratch, where they are roots; only when it has to wait do they move into a
//! [`NativeState`], so that a native which needs no script allocates nothing. What grows without bound is one value,
//! a list: every wait copies all of them.

use crate::heap::{CallArgs, Ctx, NativeResult, Outcome, Raise, Resumed};
use crate::object::types::TypeId;
use crate::object::{Exception, NativeState};
use crate::ops::types;
use crate::value::{Ref, Value};

/// A native as a state machine.
///
/// ```text
/// /// `twice(f)`: calls `f` two times.
/// struct Twice;
/// impl Machine for Twice {
///     fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
///         let result = answer(resumed)?;
///         kept.words[0] += 1;
///         Ok(if kept.words[0] <= 2 { Progress::Call(kept.get(ctx, 0), CallArgs::One(Value::None)) } else { … })
///     }
/// }
/// ```
pub trait Machine {
    /// Runs until it is done or has to wait. `resumed` is what it waited for, None the first time.
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise>;

    /// A short way for a machine that asks the same again and again: takes `value`, which it waited for, into its
    /// state and returns the function and argument of its next call. `None`, with nothing changed, leaves it to
    /// [`Self::run`].
    #[inline]
    fn again(_: &mut Ctx<'_>, _: Ref<NativeState>, _value: Value) -> Option<(Value, Value)> {
        None
    }
}

/// How far a machine came.
#[derive(Clone, Copy, Debug)]
pub enum Progress {
    /// To its end; the outcome may be a request of something that goes on in its place.
    Done(Outcome),
    /// It needs the next item of this iterator.
    Next(Value),
    /// It needs the result of this function.
    Call(Value, CallArgs),
    /// It needs the result of this request, which a native that it called made.
    Perform(Outcome),
}

/// What a machine keeps: values, rooted while it runs, and plain numbers.
pub struct Kept {
    base: usize,
    /// Numbers it needs again.
    pub words: [i64; 4],
}

impl Kept {
    /// Value number `index`.
    #[inline]
    pub fn get(&self, ctx: &Ctx<'_>, index: usize) -> Value {
        ctx.heap.scratch[self.base + index]
    }

    /// Replaces value number `index`.
    #[inline]
    pub fn set(&self, ctx: &mut Ctx<'_>, index: usize, value: Value) {
        ctx.heap.scratch[self.base + index] = value;
    }

    /// The iterator that a fold walks.
    pub(super) fn iterator(&self, ctx: &Ctx<'_>) -> Value {
        // What a fold keeps begins behind the iterator and the item at hand.
        ctx.heap.scratch[self.base - 2]
    }

    /// The same without the first `count` values.
    #[inline]
    pub(super) fn skip(&self, count: usize) -> Kept {
        Kept { base: self.base + count, words: self.words }
    }
}

/// Starts machine `M` with `values` and `words`.
#[inline]
pub fn start<M: Machine>(ctx: &mut Ctx<'_>, values: &[Value], words: [i64; 4]) -> NativeResult {
    let base = ctx.heap.scratch.len();
    ctx.heap.scratch.extend_from_slice(values);
    run::<M>(ctx, base, words, None, None)
}

fn resume<M: Machine>(ctx: &mut Ctx<'_>, state: Ref<NativeState>, resumed: Resumed) -> NativeResult {
    if let Resumed::Value(value) = resumed
        && let Some((function, arg)) = M::again(ctx, state, value)
    {
        return Ok(Outcome::Call { function, args: CallArgs::One(arg), then: Some(state) });
    }
    let base = ctx.heap.scratch.len();
    let words = ctx.heap.push_kept(state);
    run::<M>(ctx, base, words, Some(state), Some(resumed))
}

#[inline]
fn run<M: Machine>(
    ctx: &mut Ctx<'_>,
    base: usize,
    words: [i64; 4],
    state: Option<Ref<NativeState>>,
    resumed: Option<Resumed>,
) -> NativeResult {
    let mut kept = Kept { base, words };
    let result = M::run(ctx, &mut kept, resumed).map(|progress| match progress {
        Progress::Done(outcome) => outcome,
        Progress::Next(iter) => Outcome::Next { iter, then: Some(keep::<M>(ctx, &kept, state)) },
        Progress::Call(function, args) => {
            Outcome::Call { function, args, then: Some(keep::<M>(ctx, &kept, state)) }
        }
        Progress::Perform(request) => {
            let then = keep::<M>(ctx, &kept, state);
            ctx.perform(request, then)
        }
    });
    ctx.heap.scratch.truncate(base);
    result
}

/// Puts what a machine keeps where it survives a wait: into the state it was resumed from, if it was.
#[inline]
fn keep<M: Machine>(ctx: &mut Ctx<'_>, kept: &Kept, state: Option<Ref<NativeState>>) -> Ref<NativeState> {
    match state {
        Some(at) => {
            ctx.heap.keep_scratch(at, kept.base, kept.words);
            at
        }
        None => {
            let values = ctx.heap.scratch[kept.base..].to_vec();
            ctx.state(resume::<M>, values, kept.words)
        }
    }
}

/// Whether `exception`, raised where an item was asked for, only says that there are no more.
pub fn stops(ctx: &Ctx<'_>, exception: Ref<Exception>) -> bool {
    types::type_id(ctx.heap, Value::Exception(exception)) == TypeId::StopIteration
}

/// What a function raises whose own request for an item ended with `value`: `next` in `sorted(x, key=next)`.
#[cold]
pub fn stop_iteration(ctx: &mut Ctx<'_>, value: Value) -> Raise {
    let args: &[Value] = if value.is_none() { &[] } else { &[value] };
    ctx.error_with(TypeId::StopIteration, args)
}
