//! `a, b = iterable` and `a, *b, c = iterable`.
//!
//! In: a value and how many targets there are. Out: a list with one item per target, the starred one a list of its
//! own. Rule: without a star one item more than there are targets is asked for, and no more.

use super::{Flow, Fold, Kept, collect, count, fold};
use crate::heap::{Ctx, NativeResult, Raise};
use crate::object::List;
use crate::ops::types;
use crate::value::{Ref, Value};

/// Takes `before` items of `value`, which is rooted, and, with a star, a list of all but the last `after`, and
/// those. The result is a list of `before` or `before + 1 + after` values.
pub fn unpack(ctx: &mut Ctx<'_>, value: Value, before: usize, after: Option<usize>) -> NativeResult {
    let Some(count) = count(ctx.heap, value) else { return unpack_iterable(ctx, value, before, after) };
    check(ctx, count, before, after)?;
    let items = collect(ctx, value)?.unwrap_or_default();
    let list = ctx.heap.insert(List { items });
    split(ctx, list, before, after)
}

/// Whether `count` items fit the targets.
fn check(ctx: &mut Ctx<'_>, count: usize, before: usize, after: Option<usize>) -> Result<(), Raise> {
    match after {
        Some(after) if count < before + after => Err(too_few(ctx, "at least ", before + after, count)),
        Some(_) => Ok(()),
        None if count < before => Err(too_few(ctx, "", before, count)),
        None if count > before => Err(too_many(ctx, before)),
        None => Ok(()),
    }
}

#[cold]
fn too_few(ctx: &mut Ctx<'_>, least: &str, expected: usize, count: usize) -> Raise {
    ctx.value_error(format!("not enough values to unpack (expected {least}{expected}, got {count})"))
}

#[cold]
fn too_many(ctx: &mut Ctx<'_>, expected: usize) -> Raise {
    ctx.value_error(format!("too many values to unpack (expected {expected})"))
}

/// Makes the middle of a list that has been checked one list.
fn split(ctx: &mut Ctx<'_>, at: Ref<List>, before: usize, after: Option<usize>) -> NativeResult {
    if let Some(after) = after {
        let rest = ctx.heap.list_edit(at, |items| {
            let last = items.len() - after;
            items.splice(before..last, [Value::Undef]).collect::<Vec<Value>>()
        });
        let rest = ctx.heap.list(rest);
        ctx.heap.list_set(at, before, rest);
    }
    Ok(Value::List(at).into())
}

fn unpack_iterable(ctx: &mut Ctx<'_>, value: Value, before: usize, after: Option<usize>) -> NativeResult {
    if !matches!(value, Value::Iter(_) | Value::Generator(_) | Value::Range(_) | Value::Host(_)) {
        let name = types::type_name(ctx.heap, value);
        return Err(ctx.type_error(format!("cannot unpack non-iterable {name} object")));
    }
    let list = ctx.heap.list(Vec::new());
    let after = after.map_or(-1, |after| after as i64);
    fold::<Unpack>(ctx, value, &[list], [before as i64, after, 0])
}

/// Keeps: the list; how many come before the star, and how many after it, or −1.
struct Unpack;

impl Unpack {
    fn shape(ctx: &Ctx<'_>, kept: &Kept) -> Option<(Ref<List>, usize, Option<usize>)> {
        match kept.get(ctx, 0) {
            Value::List(at) => Some((at, kept.words[0] as usize, usize::try_from(kept.words[1]).ok())),
            _ => None,
        }
    }
}

impl Fold for Unpack {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise> {
        let Some((at, before, after)) = Unpack::shape(ctx, kept) else { return Ok(Flow::Continue) };
        if after.is_none() && ctx.heap[at].items().len() == before {
            return Err(too_many(ctx, before));
        }
        let growth = ctx.heap.list_growth(at);
        ctx.reserve_large(growth)?;
        ctx.heap.list_push(at, item);
        Ok(Flow::Continue)
    }

    fn end(ctx: &mut Ctx<'_>, kept: &mut Kept) -> NativeResult {
        let Some((at, before, after)) = Unpack::shape(ctx, kept) else { return Ok(Value::None.into()) };
        check(ctx, ctx.heap[at].items().len(), before, after)?;
        split(ctx, at, before, after)
    }
}
