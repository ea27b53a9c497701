//! `sorted(…)` and `list.sort(…)`.
//!
//! In: items, a key function and a direction. Out: the list in order, or a request while a key function runs. Rules:
//! stable both ways; the key of each item is asked for once, in order; while key functions run the list is empty, as
//! in CPython; a comparison that fails leaves the items in some order.

mod asked;
mod merge;

pub use merge::Entry;

use super::direct::direct;
use super::{function, list};
use crate::heap::{Args, Arity, CallArgs, Ctx, Native, NativeResult, Raise, Resumed};
use crate::host::arguments;
use crate::object::{List, NativeState};
use crate::ops::iterate::{self, Drain, Kept, Machine, Progress, call_direct};
use crate::ops::types;
use crate::value::{Ref, Value};

/// `sorted(…)`.
pub const SORTED: Native = function(
    "sorted",
    Arity::Variadic,
    sorted,
    "sorted(iterable, *, key=None, reverse=False): a list of its items in ascending order",
);

const OPTIONS: [&str; 2] = ["key", "reverse"];

fn sorted(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let &[iterable] = args.positional else {
        let message = arguments::count_message("sorted", 1, 1, args.len());
        return Err(ctx.type_error(message));
    };
    let options = arguments::keywords(ctx, "sort", &OPTIONS, args);
    if options.is_err() {
        iterate::iter(ctx, iterable)?;
    }
    let [key, reverse] = options?;
    let reverse = types::truthy(ctx.heap, reverse.given().unwrap_or(Value::None));
    iterate::drain::<Sorted>(ctx, iterable, &[key.given().unwrap_or(Value::None)], [reverse as i64, 0, 0])
}

/// Sorts the collected list, which is the result. Keeps: the key function.
struct Sorted;

impl Drain for Sorted {
    fn then(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value], words: [i64; 3]) -> NativeResult {
        sort_list(ctx, items, kept[0], words[0] != 0, Value::List(items))
    }
}

/// `list.sort(…)`.
pub(super) fn sort(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let list = list::receiver(ctx, args)?;
    if args.len() > 1 {
        return Err(ctx.type_error("sort() takes no positional arguments"));
    }
    let [key, reverse] = arguments::keywords(ctx, "sort", &OPTIONS, args)?;
    let reverse = types::truthy(ctx.heap, reverse.given().unwrap_or(Value::None));
    sort_list(ctx, list, key.given().unwrap_or(Value::None), reverse, Value::None)
}

/// Sorts a rooted list in place, then returns `result`.
fn sort_list(ctx: &mut Ctx<'_>, list: Ref<List>, key: Value, reverse: bool, result: Value) -> NativeResult {
    let count = ctx.heap[list].items().len();
    if key.is_none() {
        if asked::is_asked(ctx.heap, list) {
            return asked::sort(ctx, list, Value::Undef, reverse, result);
        }
        sort_plain(ctx, list, reverse)?;
        return Ok(result.into());
    }
    if count == 0 {
        return Ok(result.into());
    }
    ctx.charge(count)?;
    let bytes = size_of_val::<[Value]>(ctx.heap[list].items());
    ctx.reserve_large(bytes)?;
    let keys = ctx.heap.list(Vec::with_capacity(count));
    if let Some(key) = direct(ctx.heap, key, 1) {
        ctx.heap.scratch.extend([keys, key]);
        let sorted = keys_at_once(ctx, list, key, keys).and_then(|()| sort_keyed(ctx, list, keys, reverse));
        ctx.heap.scratch.truncate(ctx.heap.scratch.len() - 2);
        return sorted.map(|()| result.into());
    }
    let items = ctx.heap.list_edit(list, std::mem::take);
    let items = ctx.heap.list(items);
    iterate::start::<Keys>(ctx, &[Value::List(list), items, keys, key, result], [0, reverse as i64, 0, 0])
}

/// Fills `keys` with the keys that a native gives.
fn keys_at_once(ctx: &mut Ctx<'_>, list: Ref<List>, key: Value, keys: Value) -> Result<(), Raise> {
    let Value::List(keys) = keys else { return Ok(()) };
    let mut at = 0;
    while let Some(&item) = ctx.heap[list].items().get(at) {
        let value = call_direct(ctx, key, &[item])?;
        ctx.heap.list_push(keys, value);
        ctx.safe_point()?;
        at += 1;
    }
    Ok(())
}

/// Asks for the key of each item, then sorts. Keeps: the list, which is empty meanwhile, its items, their keys, the
/// key function, the result; `words`: how many keys were asked for, whether to reverse.
struct Keys;

impl Machine for Keys {
    fn again(ctx: &mut Ctx<'_>, state: Ref<NativeState>, key: Value) -> Option<(Value, Value)> {
        let NativeState { values, words, .. } = &ctx.heap[state];
        let &[_, Value::List(items), Value::List(keys), function, _] = values.as_slice() else { return None };
        let item = *ctx.heap[items].items().get(words[0] as usize)?;
        ctx.heap.list_push(keys, key);
        ctx.heap.get_mut(state).words[0] += 1;
        Some((function, item))
    }

    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let (Value::List(list), Value::List(items), Value::List(keys)) =
            (kept.get(ctx, 0), kept.get(ctx, 1), kept.get(ctx, 2))
        else {
            return Ok(Progress::Done(Value::None.into()));
        };
        match resumed {
            None => {}
            Some(Resumed::Value(key)) => ctx.heap.list_push(keys, key),
            Some(Resumed::Exhausted(value)) => {
                give_back(ctx, list, items);
                return Err(iterate::stop_iteration(ctx, value));
            }
            Some(Resumed::Raised(exception)) => {
                give_back(ctx, list, items);
                return Err(Raise::Exception(exception));
            }
        }
        let next = kept.words[0];
        if let Some(&item) = ctx.heap[items].items().get(next as usize) {
            kept.words[0] = next + 1;
            return Ok(Progress::Call(kept.get(ctx, 3), CallArgs::One(item)));
        }
        if asked::is_asked(ctx.heap, keys) {
            // The list stays empty until the sort has ended.
            let sorted =
                asked::sort_into(ctx, list, items, Value::List(keys), kept.words[1] != 0, kept.get(ctx, 4));
            return sorted.map(Progress::Done);
        }
        let sorted = sort_keyed(ctx, items, Value::List(keys), kept.words[1] != 0);
        let modified = !ctx.heap[list].items().is_empty();
        give_back(ctx, list, items);
        sorted?;
        if modified {
            return Err(ctx.value_error("list modified during sort"));
        }
        Ok(Progress::Done(kept.get(ctx, 4).into()))
    }
}

/// Ends a sort whose items lie in a list of their own: puts them back.
fn end(ctx: &mut Ctx<'_>, list: Ref<List>, items: Ref<List>) -> Result<(), Raise> {
    let modified = !ctx.heap[list].items().is_empty();
    give_back(ctx, list, items);
    if modified { Err(ctx.value_error("list modified during sort")) } else { Ok(()) }
}

/// Puts the items back into the list that they were taken from.
fn give_back(ctx: &mut Ctx<'_>, list: Ref<List>, items: Ref<List>) {
    let items = ctx.heap.list_edit(items, std::mem::take);
    ctx.heap.list_edit(list, |list| *list = items);
}

/// Sorts entries by their keys; equal ones stay as they were. All are rooted. Needs room, which it makes.
pub fn sort_entries(ctx: &mut Ctx<'_>, entries: &mut [Entry], reverse: bool) -> Result<(), Raise> {
    prepare(ctx, entries.len())?;
    if entries.is_empty() { Ok(()) } else { merge::sort(ctx, entries, reverse) }
}

/// What a sort of `count` items costs, and the room it needs besides them.
fn prepare(ctx: &mut Ctx<'_>, count: usize) -> Result<(), Raise> {
    ctx.charge(count.saturating_mul(count.max(1).ilog2() as usize + 1))?;
    // The entries; then half of them again while runs are merged, or ranks of half their size and a copy of them.
    ctx.reserve_large(count.saturating_mul(size_of::<Entry>() * 3))
}

/// Sorts a list by its items.
pub fn sort_plain(ctx: &mut Ctx<'_>, list: Ref<List>, reverse: bool) -> Result<(), Raise> {
    let items = ctx.heap[list].items();
    let count = items.len();
    if items.iter().all(|item| matches!(item, Value::Int(_))) {
        // Equal ints are one and the same: any order of them is stable.
        ctx.charge(count.saturating_mul(count.max(1).ilog2() as usize + 1))?;
        let number = |item: &Value| item.as_int().unwrap_or_default();
        ctx.heap.list_edit(list, |items| match reverse {
            false => items.sort_unstable_by_key(number),
            true => items.sort_unstable_by_key(|item| std::cmp::Reverse(number(item))),
        });
        return Ok(());
    }
    prepare(ctx, count)?;
    let mut entries: Vec<Entry> =
        ctx.heap[list].items().iter().map(|&item| Entry { key: item, value: item }).collect();
    let sorted = merge::sort(ctx, &mut entries, reverse);
    write_back(ctx, list, &entries);
    sorted
}

/// Sorts the items of a list by a list of their keys, both rooted, as `sorted` does. May collect.
pub fn sort_by_keys(ctx: &mut Ctx<'_>, items: Ref<List>, keys: Ref<List>) -> Result<(), Raise> {
    sort_keyed(ctx, items, Value::List(keys), false)
}

/// Sorts the items of a list by a list of their keys.
fn sort_keyed(ctx: &mut Ctx<'_>, items: Ref<List>, keys: Value, reverse: bool) -> Result<(), Raise> {
    let Value::List(keys) = keys else { return Ok(()) };
    prepare(ctx, ctx.heap[items].items().len())?;
    let pairs = ctx.heap[keys].items().iter().zip(ctx.heap[items].items());
    let mut entries: Vec<Entry> = pairs.map(|(&key, &value)| Entry { key, value }).collect();
    let sorted = merge::sort(ctx, &mut entries, reverse);
    write_back(ctx, items, &entries);
    sorted
}

fn write_back(ctx: &mut Ctx<'_>, list: Ref<List>, entries: &[Entry]) {
    ctx.heap.list_edit(list, |items| {
        items.clear();
        items.extend(entries.iter().map(|entry| entry.value));
    });
}
