//! All items of an iterable: as a list, at the end of a list, in a set.
//!
//! In: any iterable. Out: an outcome, natively at once for containers. Rule: room for the items of a container is
//! made before the first of them is.

use super::{Flow, Fold, Kept, container, fold};
use crate::heap::{Ctx, Heap, NativeResult, Outcome, Raise};
use crate::object::types::TypeId;
use crate::object::{Int, List, Set, Str, Tuple, ViewKind};
use crate::ops::{number, table};
use crate::value::{Ref, Value};

/// Number of items of a container. `None` for iterators, and for ranges too long to count.
pub fn count(heap: &Heap, v: Value) -> Option<usize> {
    Some(match v {
        Value::List(at) => heap[at].items().len(),
        Value::Tuple(at) => heap[at].items().len(),
        Value::Str(at) => heap[at].chars(),
        Value::Bytes(at) => heap[at].as_slice().len(),
        Value::Dict(at) => heap[at].table().len(),
        Value::Set(at) => heap[at].table().len(),
        Value::FrozenSet(at) => heap[at].table().len(),
        Value::DictView(at) => match heap[at].dict {
            Value::Dict(dict) => heap[dict].table().len(),
            _ => 0,
        },
        Value::Range(at) => match heap[at].length {
            Value::Int(length) => length as usize,
            _ => return None,
        },
        _ => return None,
    })
}

/// The items of a container, charged for and with room for them made (which may collect: `v` is rooted). They are
/// not rooted. `None` for iterators.
pub fn collect(ctx: &mut Ctx<'_>, v: Value) -> Result<Option<Vec<Value>>, Raise> {
    let Some(count) = count(ctx.heap, v) else {
        return match v {
            Value::Range(_) => {
                Err(ctx.error(TypeId::OverflowError, "Python int too large to convert to C ssize_t"))
            }
            _ => Ok(None),
        };
    };
    ctx.charge(count)?;
    ctx.reserve_large(count.saturating_mul(size_of::<Value>() + made_bytes(ctx.heap, v)))?;
    let heap = &mut *ctx.heap;
    Ok(Some(match v {
        Value::Str(at) => {
            let text = heap[at].share();
            text.chars().map(|c| heap.char(c)).collect()
        }
        Value::Bytes(at) => heap[at].as_slice().iter().map(|&byte| Value::Int(byte as i64)).collect(),
        Value::Dict(at) => heap[at].table().entries().map(|entry| entry.key).collect(),
        Value::Set(at) => heap[at].table().entries().map(|entry| entry.key).collect(),
        Value::FrozenSet(at) => heap[at].table().entries().map(|entry| entry.key).collect(),
        Value::DictView(at) => {
            let (Value::Dict(dict), kind) = (heap[at].dict, heap[at].kind) else { return Ok(None) };
            (0..heap[dict].table().raw_entries().len())
                .filter_map(|i| {
                    let entry = heap[dict].table().raw_entries()[i];
                    (!entry.key.is_undef()).then(|| container::entry_item(heap, kind, &entry))
                })
                .collect()
        }
        Value::Range(at) => match heap[at].small() {
            Some((start, step, length)) => (0..length).map(|i| Value::Int(start + i * step)).collect(),
            None => big_range(heap, v, count),
        },
        _ => heap.as_items(v).unwrap_or_default().to_vec(),
    }))
}

/// Bytes of the object made for each item of a container, as far as one is.
fn made_bytes(heap: &Heap, v: Value) -> usize {
    match v {
        Value::Str(at) if !heap[at].is_ascii() => size_of::<Str>() + 40,
        Value::DictView(at) if heap[at].kind == ViewKind::Items => size_of::<Tuple>() + 8,
        Value::Range(at) if heap[at].small().is_none() => {
            let [start, stop, _] = heap[at].bounds;
            let bits = number::bit_length(heap, start).max(number::bit_length(heap, stop));
            size_of::<Int>() + 16 + bits.unwrap_or(0) as usize / 8
        }
        _ => 0,
    }
}

fn big_range(heap: &mut Heap, range: Value, count: usize) -> Vec<Value> {
    let Value::Range(at) = range else { return Vec::new() };
    let [start, _, step] = heap[at].bounds;
    let (Some(mut item), Some(step)) = (number::to_big(heap, start), number::to_big(heap, step)) else {
        return Vec::new();
    };
    let mut items = Vec::with_capacity(count);
    for _ in 0..count {
        items.push(heap.int(item.clone()));
        item += &step;
    }
    items
}

/// What to do with all the items of an iterable, collected in a list of their own.
pub trait Drain {
    /// Takes the items. They and `kept`, which was given to [`drain`], are rooted.
    fn then(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value], words: [i64; 3]) -> NativeResult;
}

/// Collects the items of `iterable`, then goes on with `D`, which gets `kept` and `words` back.
///
/// ```text
/// struct Join;
/// impl Drain for Join {
///     fn then(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value], _: [i64; 3]) -> NativeResult { … }
/// }
/// iterate::drain::<Join>(ctx, args[1], &[args[0]], [0; 3])
/// ```
pub fn drain<D: Drain>(ctx: &mut Ctx<'_>, iterable: Value, kept: &[Value], words: [i64; 3]) -> NativeResult {
    let items = collect(ctx, iterable)?;
    let at = ctx.heap.insert(List { items: Vec::new() });
    let Some(items) = items else {
        let mut values = vec![Value::List(at)];
        values.extend_from_slice(kept);
        values.insert(1, Value::Int(kept.len() as i64));
        return fold::<Draining<D>>(ctx, iterable, &values, words);
    };
    ctx.heap.list_edit(at, |list| *list = items);
    ctx.heap.scratch.push(Value::List(at));
    let result = D::then(ctx, at, kept, words);
    ctx.heap.scratch.pop();
    result
}

/// Keeps: the list, the number of values kept for `D`, and those.
struct Draining<D>(std::marker::PhantomData<D>);

impl<D: Drain> Fold for Draining<D> {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise> {
        push(ctx, kept.get(ctx, 0), item)
    }

    fn end(ctx: &mut Ctx<'_>, kept: &mut Kept) -> NativeResult {
        let (Value::List(at), Value::Int(count)) = (kept.get(ctx, 0), kept.get(ctx, 1)) else {
            return Ok(Value::None.into());
        };
        let values: Vec<Value> = (0..count as usize).map(|i| kept.get(ctx, 2 + i)).collect();
        let [a, b, c, _] = kept.words;
        D::then(ctx, at, &values, [a, b, c])
    }
}

/// Appends a rooted item to a rooted list.
#[inline]
fn push(ctx: &mut Ctx<'_>, list: Value, item: Value) -> Result<Flow, Raise> {
    if let Value::List(at) = list {
        let growth = ctx.heap.list_growth(at);
        ctx.reserve_large(growth)?;
        ctx.heap.list_push(at, item);
    }
    Ok(Flow::Continue)
}

/// Makes room for `more` items at the end of a list, which is rooted: it at least doubles, near the limit it grows
/// by an eighth. May collect.
pub fn grow_list(ctx: &mut Ctx<'_>, at: Ref<List>, more: usize) -> Result<(), Raise> {
    let items = &ctx.heap[at].items;
    let (len, capacity) = (items.len(), items.capacity());
    if capacity - len >= more {
        return Ok(());
    }
    let needed = len.saturating_add(more);
    let bytes = |items: usize| items.saturating_mul(size_of::<Value>());
    let tight = ctx.heap.bytes().saturating_add(bytes(capacity) * 3) > ctx.heap.meter.limits.memory;
    let capacity = needed.max(if tight { capacity + capacity / 8 } else { capacity * 2 });
    ctx.reserve_large(bytes(capacity))?;
    ctx.heap.list_edit(at, |items| items.reserve_exact(capacity - len));
    Ok(())
}

/// Appends every item of `iterable` to `list`, then returns `result`. All of them are rooted.
pub fn extend_list(ctx: &mut Ctx<'_>, list: Ref<List>, iterable: Value, result: Value) -> NativeResult {
    let Some(count) = count(ctx.heap, iterable) else {
        return fold::<ExtendList>(ctx, iterable, &[Value::List(list), result], [0; 3]);
    };
    grow_list(ctx, list, count)?;
    if let Some(items) = collect(ctx, iterable)? {
        ctx.heap.list_edit(list, |list| list.extend_from_slice(&items));
    }
    Ok(result.into())
}

/// Keeps: the list, the result.
struct ExtendList;

impl Fold for ExtendList {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise> {
        push(ctx, kept.get(ctx, 0), item)
    }

    fn end(ctx: &mut Ctx<'_>, kept: &mut Kept) -> NativeResult {
        Ok(kept.get(ctx, 1).into())
    }
}

/// Adds every item of `iterable` to `set`, then returns `result`. All of them are rooted.
pub fn extend_set(ctx: &mut Ctx<'_>, set: Ref<Set>, iterable: Value, result: Value) -> NativeResult {
    if iterable == Value::Set(set) {
        return Ok(result.into());
    }
    let mut at = 0;
    while let Some(&item) = ctx.heap.as_items(iterable).and_then(|items| items.get(at)) {
        ctx.charge(1)?;
        table::set_add(ctx, set, item)?;
        at += 1;
    }
    if ctx.heap.as_items(iterable).is_some() {
        return Ok(result.into());
    }
    fold::<ExtendSet>(ctx, iterable, &[Value::Set(set), result], [0; 3])
}

/// Keeps: the set, the result.
struct ExtendSet;

impl Fold for ExtendSet {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise> {
        if let Value::Set(set) = kept.get(ctx, 0) {
            table::set_add(ctx, set, item)?;
        }
        Ok(Flow::Continue)
    }

    fn end(ctx: &mut Ctx<'_>, kept: &mut Kept) -> NativeResult {
        Ok(Outcome::Return(kept.get(ctx, 1)))
    }
}
