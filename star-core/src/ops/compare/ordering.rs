//! `< <= > >=` of anything but two small numbers.
//!
//! In: two values. Out: whether the order holds, or a TypeError. Rule: sequences are ordered by the first items that
//! differ, found in one walk without recursion; parts found equal are not walked again.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::{Shallow, equality, holds, set_len, shallow, text_cost, too_deep};
use crate::ast::CompareOp;
use crate::heap::{Compared, Ctx, Heap, Raise};
use crate::ops::{DATA_DEPTH, hooks, number, types};
use crate::value::Value;

/// `a op b`.
pub(super) fn order(ctx: &mut Ctx<'_>, op: CompareOp, a: Value, b: Value) -> Result<bool, Raise> {
    let (mut a, mut b) = (a, b);
    loop {
        if hooks::compares(ctx.heap, a, b) {
            match hooks::compare(ctx, op, a, b)? {
                Compared::Is(holds) => return Ok(holds),
                Compared::As(x, y) => (a, b) = (x, y),
                Compared::Unknown => {}
            }
        }
        if !is_sequence_pair(ctx.heap, a, b) {
            return leaves(ctx, op, a, b);
        }
        match sequences(ctx, op, a, b)? {
            Ordered::Holds(holds) => return Ok(holds),
            Ordered::As(x, y) => (a, b) = (x, y),
        }
    }
}

/// What ordering two sequences comes to.
enum Ordered {
    Holds(bool),
    /// As these two items are ordered, the first that differ, which are no two sequences.
    As(Value, Value),
}

fn is_sequence_pair(heap: &Heap, a: Value, b: Value) -> bool {
    match (a, b) {
        (Value::List(_), Value::List(_))
        | (Value::Tuple(_), Value::Tuple(_))
        | (Value::Slice(_), Value::Slice(_)) => true,
        (Value::Host(_), Value::Host(_)) => hooks::sequence_lengths(heap, a, b).is_some(),
        _ => false,
    }
}

/// Order of what is not two sequences.
fn leaves(ctx: &mut Ctx<'_>, op: CompareOp, a: Value, b: Value) -> Result<bool, Raise> {
    if let Some(ordering) = number::compare(ctx.heap, a, b) {
        return Ok(holds(op, ordering));
    }
    match (a, b) {
        (Value::Str(x), Value::Str(y)) => {
            ctx.charge(common(ctx.heap[x].as_str().len(), ctx.heap[y].as_str().len()))?;
            Ok(holds(op, Some(ctx.heap[x].as_str().cmp(ctx.heap[y].as_str()))))
        }
        (Value::Bytes(x), Value::Bytes(y)) => {
            ctx.charge(common(ctx.heap[x].as_slice().len(), ctx.heap[y].as_slice().len()))?;
            Ok(holds(op, Some(ctx.heap[x].as_slice().cmp(ctx.heap[y].as_slice()))))
        }
        _ => match (set_len(ctx.heap, a), set_len(ctx.heap, b)) {
            (Some(x), Some(y)) => sets(ctx, op, (a, x), (b, y)),
            _ => Err(unsupported(ctx, op, a, b)),
        },
    }
}

/// Steps for ordering two texts.
fn common(a: usize, b: usize) -> usize {
    a.min(b) / 16
}

/// Sets are ordered by inclusion.
fn sets(
    ctx: &mut Ctx<'_>,
    op: CompareOp,
    (a, a_len): (Value, usize),
    (b, b_len): (Value, usize),
) -> Result<bool, Raise> {
    match op {
        CompareOp::Lt => Ok(a_len < b_len && equality::subset(ctx, a, b)?),
        CompareOp::Le => Ok(a_len <= b_len && equality::subset(ctx, a, b)?),
        CompareOp::Gt => Ok(a_len > b_len && equality::subset(ctx, b, a)?),
        CompareOp::Ge => Ok(a_len >= b_len && equality::subset(ctx, b, a)?),
        _ => Err(unsupported(ctx, op, a, b)),
    }
}

/// Pairs finished before pairs are remembered.
const MEMO_FROM: usize = 64;
/// Pairs remembered at most; then all are forgotten.
const MEMO_MAX: usize = 1 << 17;

fn sequences(ctx: &mut Ctx<'_>, op: CompareOp, a: Value, b: Value) -> Result<Ordered, Raise> {
    let mut index = 0;
    // Without a stack while no two sequences lie opposite each other.
    let (x, y) = match walk(ctx, a, b, &mut index)? {
        Walk::Lengths(ordering) => return Ok(Ordered::Holds(holds(op, Some(ordering)))),
        Walk::Differ(x, y) => return Ok(Ordered::As(x, y)),
        Walk::Enter(x, y) => (x, y),
    };
    let mut stack = vec![(a, b, index), (x, y, 0)];
    let mut memo: HashSet<(Value, Value)> = HashSet::new();
    let mut finished = 0;
    while let Some((a, b, index)) = stack.last_mut() {
        match walk(ctx, *a, *b, index)? {
            Walk::Lengths(Ordering::Equal) => {
                finished += 1;
                if finished > MEMO_FROM {
                    if memo.len() == MEMO_MAX {
                        memo.clear();
                    }
                    memo.insert((*a, *b));
                }
                stack.pop();
            }
            Walk::Lengths(ordering) => return Ok(Ordered::Holds(holds(op, Some(ordering)))),
            Walk::Differ(x, y) => return Ok(Ordered::As(x, y)),
            Walk::Enter(x, y) if memo.contains(&(x, y)) => {}
            Walk::Enter(..) if stack.len() >= DATA_DEPTH => return Err(too_deep(ctx)),
            Walk::Enter(x, y) => stack.push((x, y, 0)),
        }
    }
    Ok(Ordered::Holds(holds(op, Some(Ordering::Equal))))
}

/// Where a walk along two sequences stops.
enum Walk {
    /// At two items that are sequences again.
    Enter(Value, Value),
    /// At two items that are not equal.
    Differ(Value, Value),
    /// At the end: the lengths decide.
    Lengths(Ordering),
}

/// Walks along `a` and `b` from item `index` on.
fn walk(ctx: &mut Ctx<'_>, a: Value, b: Value, index: &mut usize) -> Result<Walk, Raise> {
    loop {
        let (x, y) = match next(ctx.heap, a, b, *index) {
            Next::Items(x, y) => (x, y),
            Next::Lengths(ordering) => return Ok(Walk::Lengths(ordering)),
        };
        *index += 1;
        ctx.charge(1)?;
        if x == y {
            continue;
        }
        if is_sequence_pair(ctx.heap, x, y) {
            return Ok(Walk::Enter(x, y));
        }
        ctx.charge(text_cost(ctx.heap, x, y))?;
        let equal = match shallow(ctx.heap, x, y) {
            Shallow::Equal => true,
            Shallow::Unequal => false,
            Shallow::Deep => equality::deep(ctx, x, y)?,
        };
        if !equal {
            return Ok(Walk::Differ(x, y));
        }
    }
}

enum Next {
    /// Two items to compare.
    Items(Value, Value),
    /// The shorter is a prefix of the longer: their lengths decide.
    Lengths(Ordering),
}

fn next(heap: &Heap, a: Value, b: Value, index: usize) -> Next {
    let (a, b) = match (a, b) {
        (Value::Host(_), Value::Host(_)) => {
            return match (hooks::item_at(heap, a, index), hooks::item_at(heap, b, index)) {
                (Some(x), Some(y)) => Next::Items(x, y),
                (x, y) => Next::Lengths(x.is_some().cmp(&y.is_some())),
            };
        }
        (Value::Slice(a), Value::Slice(b)) => (&heap[a].bounds[..], &heap[b].bounds[..]),
        _ => (heap.as_items(a).unwrap_or_default(), heap.as_items(b).unwrap_or_default()),
    };
    match (a.get(index), b.get(index)) {
        (Some(&x), Some(&y)) => Next::Items(x, y),
        _ => Next::Lengths(a.len().cmp(&b.len())),
    }
}

/// TypeError: `'<' not supported between instances of 'int' and 'str'`.
#[cold]
fn unsupported(ctx: &mut Ctx<'_>, op: CompareOp, a: Value, b: Value) -> Raise {
    let symbol = match op {
        CompareOp::Lt => "<",
        CompareOp::Le => "<=",
        CompareOp::Gt => ">",
        CompareOp::Ge => ">=",
        _ => "==",
    };
    let (a, b) = (types::type_name(ctx.heap, a), types::type_name(ctx.heap, b));
    ctx.type_error(format!("'{symbol}' not supported between instances of '{a}' and '{b}'"))
}
