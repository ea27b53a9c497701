//! Consuming an iterable item by item, whatever makes the items.
//!
//! In: an iterable and a [`Fold`]. Out: an outcome. Rule: one step is charged for each item; whatever is
//! [`ready`](super::ready) is walked natively, everything else by asking the VM for each item.

use std::marker::PhantomData;

use super::lazy::{Shortcut, plain_request};
use super::machine::{Kept, Machine, Progress, start, stop_iteration, stops};
use super::turn::turn_paid;
use super::{Step, Turn, iter, next, ready};
use crate::heap::{CallArgs, Ctx, NativeResult, Outcome, Raise, Resumed};
use crate::ops::types;
use crate::value::Value;

/// What to do with the items of an iterable. `words[3]` of what it keeps belongs to the driver.
pub trait Fold {
    /// Takes the next item, which is rooted.
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise>;

    /// Takes the result of the call that `item` (or `called`) asked for; `item` is the one it asked about.
    fn called(_ctx: &mut Ctx<'_>, _kept: &mut Kept, _item: Value, _result: Value) -> Result<Flow, Raise> {
        Ok(Flow::Continue)
    }

    /// There are no more items.
    fn end(ctx: &mut Ctx<'_>, kept: &mut Kept) -> NativeResult;
}

/// How a fold goes on.
#[derive(Clone, Copy, Debug)]
pub enum Flow {
    /// With the next item.
    Continue,
    /// Not at all: this is the result. The rest is not asked for.
    Stop(Outcome),
    /// With the result of calling this function with this argument.
    Call(Value, Value),
    /// With the result of calling this function with these arguments.
    CallWith(Value, CallArgs),
}

/// Walks `iterable` with `F`, which keeps `values` and `words`.
pub fn fold<F: Fold>(ctx: &mut Ctx<'_>, iterable: Value, values: &[Value], words: [i64; 3]) -> NativeResult {
    let iter = iter(ctx, iterable)?;
    let [a, b, c] = words;
    let words = [a, b, c, ITEM];
    match *values {
        [] => start::<Walk<F>>(ctx, &[iter, Value::Undef], words),
        [one] => start::<Walk<F>>(ctx, &[iter, Value::Undef, one], words),
        [one, two] => start::<Walk<F>>(ctx, &[iter, Value::Undef, one, two], words),
        _ => {
            let mut all = vec![iter, Value::Undef];
            all.extend_from_slice(values);
            start::<Walk<F>>(ctx, &all, words)
        }
    }
}

/// The machine of a fold. It keeps the iterator, the item at hand, and what the fold keeps.
struct Walk<F>(PhantomData<F>);

const OWN: usize = 2;
/// `words[3]`: it waits for an item.
const ITEM: i64 = 0;
/// `words[3]`: it waits for the result of a call.
const CALL: i64 = 1;
/// `words[3]`: it waits for what the function of a `filter` says of the item at hand.
const VERDICT: i64 = 2;

impl<F: Fold> Machine for Walk<F> {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let iter = kept.get(ctx, 0);
        let mut own = kept.skip(OWN);
        let result = walk::<F>(ctx, kept, &mut own, iter, resumed);
        kept.words = own.words;
        result
    }
}

#[inline]
fn walk<F: Fold>(
    ctx: &mut Ctx<'_>,
    kept: &Kept,
    own: &mut Kept,
    iter: Value,
    resumed: Option<Resumed>,
) -> Result<Progress, Raise> {
    let mut flow = match resumed {
        None => Flow::Continue,
        Some(Resumed::Value(result)) if own.words[3] == CALL => {
            let item = kept.get(ctx, 1);
            F::called(ctx, own, item, result)?
        }
        Some(Resumed::Exhausted(value)) if own.words[3] != ITEM => return Err(stop_iteration(ctx, value)),
        Some(Resumed::Value(verdict)) if own.words[3] == VERDICT => match types::truthy(ctx.heap, verdict) {
            true => {
                let item = kept.get(ctx, 1);
                take::<F>(ctx, kept, own, item)?
            }
            false => Flow::Continue,
        },
        Some(Resumed::Value(item)) => take::<F>(ctx, kept, own, item)?,
        Some(Resumed::Exhausted(_)) => return F::end(ctx, own).map(Progress::Done),
        Some(Resumed::Raised(exception)) if own.words[3] != CALL && stops(ctx, exception) => {
            return F::end(ctx, own).map(Progress::Done);
        }
        Some(Resumed::Raised(exception)) => return Err(Raise::Exception(exception)),
    };
    let natively = ready(ctx.heap, iter);
    loop {
        match flow {
            Flow::Continue => {}
            Flow::Stop(outcome) => return Ok(Progress::Done(outcome)),
            Flow::Call(function, arg) => {
                own.words[3] = CALL;
                return Ok(Progress::Call(function, CallArgs::One(arg)));
            }
            Flow::CallWith(function, args) => {
                own.words[3] = CALL;
                return Ok(Progress::Call(function, args));
            }
        }
        if !natively {
            ctx.safe_point()?;
            flow = match ask(ctx, kept, own, iter)? {
                Turn::Item(item) => take::<F>(ctx, kept, own, item)?,
                Turn::End => return F::end(ctx, own).map(Progress::Done),
                Turn::Wait(progress) => return Ok(progress),
            };
            continue;
        }
        ctx.safe_point()?;
        flow = match next(ctx, iter) {
            Ok(Step::Item(item)) => take::<F>(ctx, kept, own, item)?,
            Ok(Step::Done) => return F::end(ctx, own).map(Progress::Done),
            Ok(Step::Request(_)) => unreachable!("an iterator that is ready asks for no script"),
            // A native that `map` calls may raise it, as next() does.
            Err(Raise::Exception(exception)) if stops(ctx, exception) => {
                return F::end(ctx, own).map(Progress::Done);
            }
            Err(raise) => return Err(raise),
        };
    }
}

/// Asks for the next item. Where a script's function makes or judges it, as in most uses of `map` and `filter`, that
/// function is asked at once, without the way through the iterator.
#[inline]
fn ask(ctx: &mut Ctx<'_>, kept: &Kept, own: &mut Kept, iter: Value) -> Result<Turn, Raise> {
    own.words[3] = ITEM;
    let Value::Iter(at) = iter else { return turn_paid(ctx, iter) };
    match plain_request(ctx, at)? {
        Shortcut::Make(function, item) => Ok(Turn::Wait(Progress::Call(function, CallArgs::One(item)))),
        Shortcut::Judge(function, item) => {
            own.words[3] = VERDICT;
            kept.set(ctx, 1, item);
            Ok(Turn::Wait(Progress::Call(function, CallArgs::One(item))))
        }
        Shortcut::End => Ok(Turn::End),
        Shortcut::None => turn_paid(ctx, iter),
    }
}

#[inline]
fn take<F: Fold>(ctx: &mut Ctx<'_>, kept: &Kept, own: &mut Kept, item: Value) -> Result<Flow, Raise> {
    ctx.charge(1)?;
    kept.set(ctx, 1, item);
    F::item(ctx, own, item)
}
