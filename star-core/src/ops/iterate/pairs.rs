//! `dict(iterable)`, `d.update(iterable)`, `d |= iterable`: entries from an iterable of pairs.
//!
//! In: a dict and an iterable of iterables of two. Out: an outcome. Rule: what was added before an error stays.

use super::{Drain, Flow, Fold, Kept, Step, collect, drain, fold, is_iterator, next, ready, stops};
use crate::heap::{Ctx, NativeResult, Raise};
use crate::object::{Dict, List};
use crate::ops::{hooks, table};
use crate::value::{Ref, Value};

/// Takes over the entries of `source`, a dict or an iterable of pairs, then those of `more`, a dict or Undef, then
/// returns `result`. All are rooted.
pub fn update_dict(
    ctx: &mut Ctx<'_>,
    dict: Ref<Dict>,
    source: Value,
    more: Value,
    result: Value,
) -> NativeResult {
    if let Value::Dict(other) = source {
        table::dict_update(ctx, dict, other)?;
        return finish(ctx, Value::Dict(dict), more, result);
    }
    if let Some(entries) = hooks::entries(ctx, source)? {
        ctx.heap.scratch.push(entries);
        let updated = update_dict(ctx, dict, entries, more, result);
        ctx.heap.scratch.pop();
        return updated;
    }
    fold::<Update>(ctx, source, &[Value::Dict(dict), more, result], [0; 3])
}

fn finish(ctx: &mut Ctx<'_>, dict: Value, more: Value, result: Value) -> NativeResult {
    if let (Value::Dict(dict), Value::Dict(more)) = (dict, more) {
        table::dict_update(ctx, dict, more)?;
    }
    Ok(result.into())
}

/// Keeps: the dict, the dict of further entries, the result; the number of the pair at hand.
struct Update;

impl Fold for Update {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise> {
        let index = kept.words[0];
        if is_iterator(ctx.heap, item) && !ready(ctx.heap, item) {
            let values = [kept.get(ctx, 0), kept.get(ctx, 1), kept.get(ctx, 2), kept.iterator(ctx)];
            return drain::<OnePair>(ctx, item, &values, [index, 0, 0]).map(Flow::Stop);
        }
        let base = ctx.heap.scratch.len();
        let put = push_pair(ctx, item, index).and_then(|()| put_pair(ctx, kept.get(ctx, 0), base, index));
        ctx.heap.scratch.truncate(base);
        kept.words[0] = index + 1;
        put.map(|()| Flow::Continue)
    }

    fn end(ctx: &mut Ctx<'_>, kept: &mut Kept) -> NativeResult {
        let (dict, more, result) = (kept.get(ctx, 0), kept.get(ctx, 1), kept.get(ctx, 2));
        finish(ctx, dict, more, result)
    }
}

/// Puts the items of `pair` into the scratch.
fn push_pair(ctx: &mut Ctx<'_>, pair: Value, index: i64) -> Result<(), Raise> {
    if let Value::Tuple(at) = pair
        && let &[key, value] = ctx.heap[at].items()
    {
        ctx.heap.scratch.extend([key, value]);
        return Ok(());
    }
    if let Value::Iter(_) = pair {
        loop {
            ctx.charge(1)?;
            ctx.safe_point()?;
            match next(ctx, pair) {
                Ok(Step::Item(item)) => ctx.heap.scratch.push(item),
                Ok(_) => return Ok(()),
                Err(Raise::Exception(exception)) if stops(ctx, exception) => return Ok(()),
                Err(raise) => return Err(raise),
            }
        }
    }
    match collect(ctx, pair)? {
        Some(items) => ctx.heap.scratch.extend(items),
        None => {
            let message = format!("cannot convert dictionary update sequence element #{index} to a sequence");
            return Err(ctx.type_error(message));
        }
    }
    Ok(())
}

/// Sets the entry whose key and value lie in the scratch from `base` on.
fn put_pair(ctx: &mut Ctx<'_>, dict: Value, base: usize, index: i64) -> Result<(), Raise> {
    match (dict, &ctx.heap.scratch[base..]) {
        (Value::Dict(dict), &[key, value]) => table::dict_set(ctx, dict, key, value),
        (_, items) => {
            let len = items.len();
            let message =
                format!("dictionary update sequence element #{index} has length {len}; 2 is required");
            Err(ctx.value_error(message))
        }
    }
}

/// Takes one pair that a script made, then goes on with the rest. Keeps: the dict, the dict of further entries, the
/// result, the iterator.
struct OnePair;

impl Drain for OnePair {
    fn then(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value], words: [i64; 3]) -> NativeResult {
        let &[dict, more, result, iter] = kept else { return Ok(Value::None.into()) };
        let base = ctx.heap.scratch.len();
        let pair = ctx.heap[items].items().to_vec();
        ctx.heap.scratch.extend(pair);
        let put = put_pair(ctx, dict, base, words[0]);
        ctx.heap.scratch.truncate(base);
        put?;
        fold::<Update>(ctx, iter, &[dict, more, result], [words[0] + 1, 0, 0])
    }
}
