//! Asking an iterator for an item from within a native.
//!
//! In: any iterator. Out: its item or its end where it has one at once, else what to ask the VM for. Rule: what is
//! advanced natively lies only so deep in one another; below that the VM's frames carry it.

use super::machine::{Progress, stops};
use super::{Step, next};
use crate::heap::{Ctx, Raise, Resumed};
use crate::value::Value;

/// How an iterator answers.
#[derive(Clone, Copy, Debug)]
pub enum Turn {
    /// With its next item.
    Item(Value),
    /// Nothing more will come.
    End,
    /// Not at once: this has to happen first, and its result is the answer. See [`answer`].
    Wait(Progress),
}

/// Iterators of iterators that are advanced natively.
const NESTED: usize = 8;

/// Asks `iter`, which is rooted, for its next item. Costs a step.
#[inline]
pub fn turn(ctx: &mut Ctx<'_>, iter: Value) -> Result<Turn, Raise> {
    ctx.charge(1)?;
    turn_paid(ctx, iter)
}

/// [`turn`] where the step has been charged, or is when the item comes.
#[inline]
pub(super) fn turn_paid(ctx: &mut Ctx<'_>, iter: Value) -> Result<Turn, Raise> {
    if let Value::Iter(at) = iter
        && let Some(item) = ctx.heap.next_of_list_or_range(at)
    {
        return Ok(item.map_or(Turn::End, Turn::Item));
    }
    turn_any(ctx, iter)
}

fn turn_any(ctx: &mut Ctx<'_>, iter: Value) -> Result<Turn, Raise> {
    match iter {
        Value::Generator(_) => return Ok(Turn::Wait(Progress::Next(iter))),
        Value::Undef => return Ok(Turn::End),
        _ if ctx.heap.advancing >= NESTED => return Ok(Turn::Wait(Progress::Next(iter))),
        _ => {}
    }
    ctx.heap.advancing += 1;
    let step = next(ctx, iter);
    ctx.heap.advancing -= 1;
    match step {
        Ok(Step::Item(item)) => Ok(Turn::Item(item)),
        Ok(Step::Done) => Ok(Turn::End),
        Ok(Step::Request(request)) => Ok(Turn::Wait(Progress::Perform(request))),
        Err(Raise::Exception(exception)) if stops(ctx, exception) => Ok(Turn::End),
        Err(raise) => Err(raise),
    }
}

/// What a machine was resumed with, where it waited for an item: `None` if there are no more.
pub fn answer(ctx: &Ctx<'_>, resumed: Resumed) -> Result<Option<Value>, Raise> {
    match resumed {
        Resumed::Value(item) => Ok(Some(item)),
        Resumed::Exhausted(_) => Ok(None),
        Resumed::Raised(exception) if stops(ctx, exception) => Ok(None),
        Resumed::Raised(exception) => Err(Raise::Exception(exception)),
    }
}

/// What a machine was resumed with, where it waited for the result of a call.
pub fn result(ctx: &mut Ctx<'_>, resumed: Resumed) -> Result<Value, Raise> {
    match resumed {
        Resumed::Value(value) => Ok(value),
        Resumed::Exhausted(value) => Err(super::stop_iteration(ctx, value)),
        Resumed::Raised(exception) => Err(Raise::Exception(exception)),
    }
}
