//! `union`, `intersection`, `difference`, `symmetric_difference` and their updates, over any number of iterables.
//!
//! In: a set and iterables. Out: a new set, or the changed one, or a request when an iterable has to run. Rules:
//! the iterables are taken one after the other; an intersection is only put in place when it is complete, while
//! items are added and removed as they come.

use super::{finished, is_table};
use crate::heap::{Args, Ctx, NativeResult, Raise, Resumed};
use crate::object::Set;
use crate::ops::iterate::{self, Kept, Machine, Progress, Step, ready, stops};
use crate::ops::table::{self, Algebra};
use crate::value::{Ref, Value};

/// What to do, and whether to the receiver.
#[derive(Clone, Copy)]
pub(super) struct Operation {
    algebra: Algebra,
    in_place: bool,
}

impl Operation {
    /// The operation that makes a new set.
    pub(super) const fn new(algebra: Algebra) -> Operation {
        Operation { algebra, in_place: false }
    }

    /// The same on the receiver itself.
    pub(super) const fn in_place(self) -> Operation {
        Operation { in_place: true, ..self }
    }

    /// Whether items have to be collected before they can be used.
    fn collects(self) -> bool {
        matches!(self.algebra, Algebra::Intersection | Algebra::SymmetricDifference)
    }

    fn word(self) -> i64 {
        let number = match self.algebra {
            Algebra::Union => 0,
            Algebra::Intersection => 1,
            Algebra::Difference => 2,
            Algebra::SymmetricDifference => 3,
        };
        number << 1 | self.in_place as i64
    }

    fn of_word(word: i64) -> Operation {
        let algebra = match word >> 1 {
            0 => Algebra::Union,
            1 => Algebra::Intersection,
            2 => Algebra::Difference,
            _ => Algebra::SymmetricDifference,
        };
        Operation { algebra, in_place: word & 1 == 1 }
    }
}

/// Carries out `operation` on the receiver and the other arguments.
pub(super) fn combine(ctx: &mut Ctx<'_>, args: Args<'_>, operation: Operation) -> NativeResult {
    let (receiver, others) = (args[0], &args.positional[1..]);
    // The common case: one other set.
    if let (&[other], false) = (others, operation.in_place)
        && is_table(ctx, other)
    {
        let keys = table::combine(ctx, operation.algebra, receiver, other)?;
        return Ok(match receiver {
            Value::FrozenSet(_) => ctx.heap.frozen_set(keys).into(),
            _ => table::new_set(ctx, keys).into(),
        });
    }
    if others.is_empty() && matches!(receiver, Value::FrozenSet(_)) {
        return Ok(receiver.into());
    }
    let target = match (operation.in_place && operation.algebra != Algebra::Intersection, receiver) {
        (true, _) => receiver,
        _ => copied(ctx, receiver)?,
    };
    ctx.heap.scratch.push(target);
    let room = ctx.reserve_large(size_of_val::<[Value]>(others));
    ctx.heap.scratch.pop();
    room?;
    let others = ctx.heap.tuple(others);
    let values = [receiver, target, others, Value::Undef, Value::Undef];
    iterate::start::<Several>(ctx, &values, [operation.word(), 0, 0, 0])
}

/// A new set with the items of a set or frozenset.
fn copied(ctx: &mut Ctx<'_>, set: Value) -> Result<Value, Raise> {
    let empty = Value::Set(ctx.heap.set());
    ctx.heap.scratch.push(empty);
    let keys = table::combine(ctx, Algebra::Union, set, empty);
    ctx.heap.scratch.pop();
    let keys = keys?;
    Ok(table::new_set(ctx, keys))
}

/// Takes one iterable after the other. Keeps: the receiver, the set that is changed, a tuple of the iterables, the
/// iterator at hand, the set of its items if they are collected; `words`: the operation, how many were taken.
struct Several;

const RECEIVER: usize = 0;
const TARGET: usize = 1;
const OTHERS: usize = 2;
const ITER: usize = 3;
const ITEMS: usize = 4;

impl Machine for Several {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let operation = Operation::of_word(kept.words[0]);
        let Value::Set(target) = kept.get(ctx, TARGET) else { return Ok(Progress::Done(Value::None.into())) };
        match resumed {
            None => {}
            Some(Resumed::Value(item)) => {
                let ends = take(ctx, kept, operation, target, item)?;
                if ends {
                    iterable_ends(ctx, kept, operation, target)?;
                }
            }
            Some(Resumed::Exhausted(_)) => iterable_ends(ctx, kept, operation, target)?,
            Some(Resumed::Raised(exception)) if stops(ctx, exception) => {
                iterable_ends(ctx, kept, operation, target)?;
            }
            Some(Resumed::Raised(exception)) => return Err(Raise::Exception(exception)),
        }
        loop {
            let iter = kept.get(ctx, ITER);
            if iter.is_undef() {
                if !next_iterable(ctx, kept, operation, target)? {
                    return done(ctx, kept, operation, target).map(|value| Progress::Done(value.into()));
                }
                continue;
            }
            if !ready(ctx.heap, iter) {
                return Ok(Progress::Next(iter));
            }
            ctx.safe_point()?;
            match iterate::next(ctx, iter) {
                Ok(Step::Item(item)) => {
                    if take(ctx, kept, operation, target, item)? {
                        iterable_ends(ctx, kept, operation, target)?;
                    }
                }
                Ok(_) => iterable_ends(ctx, kept, operation, target)?,
                Err(Raise::Exception(exception)) if stops(ctx, exception) => {
                    iterable_ends(ctx, kept, operation, target)?;
                }
                Err(raise) => return Err(raise),
            }
        }
    }
}

/// Begins with the next iterable, or deals with it at once if it is a table. False if there is none.
fn next_iterable(
    ctx: &mut Ctx<'_>,
    kept: &mut Kept,
    operation: Operation,
    target: Ref<Set>,
) -> Result<bool, Raise> {
    let others = kept.get(ctx, OTHERS);
    let Some(&other) = ctx.heap.as_items(others).and_then(|items| items.get(kept.words[1] as usize)) else {
        return Ok(false);
    };
    kept.words[1] += 1;
    if is_table(ctx, other) {
        table::set_combine(ctx, operation.algebra, target, other)?;
        return Ok(true);
    }
    let iter = iterate::iter(ctx, other)?;
    kept.set(ctx, ITER, iter);
    if operation.collects() {
        let items = Value::Set(ctx.heap.set());
        kept.set(ctx, ITEMS, items);
    }
    Ok(true)
}

/// Takes an item. Whether the rest of the iterable makes no difference: an intersection is the whole set.
fn take(
    ctx: &mut Ctx<'_>,
    kept: &Kept,
    operation: Operation,
    target: Ref<Set>,
    item: Value,
) -> Result<bool, Raise> {
    ctx.charge(1)?;
    ctx.heap.scratch.push(item);
    let taken = take_rooted(ctx, kept, operation, target, item);
    ctx.heap.scratch.pop();
    taken
}

fn take_rooted(
    ctx: &mut Ctx<'_>,
    kept: &Kept,
    operation: Operation,
    target: Ref<Set>,
    item: Value,
) -> Result<bool, Raise> {
    match (operation.algebra, kept.get(ctx, ITEMS)) {
        (Algebra::Union, _) => table::set_add(ctx, target, item)?,
        (Algebra::Difference, _) => table::set_remove(ctx, target, item)?,
        (Algebra::Intersection, Value::Set(items)) => {
            return add_common(ctx, Value::Set(target), items, item);
        }
        (_, Value::Set(items)) => table::set_add(ctx, items, item)?,
        _ => false,
    };
    Ok(false)
}

/// Adds `item` to `items` if `set` has it. Whether they now are the whole set.
pub(super) fn add_common(ctx: &mut Ctx<'_>, set: Value, items: Ref<Set>, item: Value) -> Result<bool, Raise> {
    if !table::table_contains(ctx, set, item)? {
        return Ok(false);
    }
    table::set_add(ctx, items, item)?;
    Ok(Some(ctx.heap[items].table().len()) >= iterate::count(ctx.heap, set))
}

fn iterable_ends(
    ctx: &mut Ctx<'_>,
    kept: &Kept,
    operation: Operation,
    target: Ref<Set>,
) -> Result<(), Raise> {
    kept.set(ctx, ITER, Value::Undef);
    if operation.collects() {
        let items = kept.get(ctx, ITEMS);
        table::set_combine(ctx, operation.algebra, target, items)?;
    }
    Ok(())
}

fn done(ctx: &mut Ctx<'_>, kept: &Kept, operation: Operation, target: Ref<Set>) -> Result<Value, Raise> {
    match (kept.get(ctx, RECEIVER), operation.in_place) {
        (Value::Set(receiver), true) => {
            if receiver != target {
                let keys = ctx.heap.set_edit(target, std::mem::take);
                ctx.heap.set_edit(receiver, |table| *table = keys);
            }
            Ok(Value::None)
        }
        (Value::FrozenSet(_), _) => Ok(finished(ctx, target, true)),
        _ => Ok(Value::Set(target)),
    }
}
