//! Looking into tables without running a deep comparison.
//!
//! In: a table, a hash and a key. Out: the entry, or the keys that only a deep comparison can tell apart. Rule: no
//! recursion here; who asks decides how to compare deeply.

use std::convert::Infallible;

use crate::heap::{Ctx, Heap, Raise};
use crate::meter::Exceeded;
use crate::object::{Entry, Probe, Table, ViewKind};
use crate::ops::compare::{Shallow, shallow};
use crate::ops::hash;
use crate::value::Value;

/// What a table knows of a key.
pub(crate) enum LookUp {
    /// It is entry number `.0`.
    Found(usize),
    /// It is not there.
    Missing,
    /// It is one of these keys, if it is equal to one.
    Deep(Vec<Value>),
}

/// Looks for `key` in a table.
#[inline]
pub(crate) fn look_up<V: Copy>(heap: &Heap, table: &Table<V>, hash: u64, key: Value) -> LookUp {
    let mut deep = Vec::new();
    let same = |other: Value| {
        Ok::<bool, Infallible>(
            other == key
                || match shallow(heap, other, key) {
                    Shallow::Equal => true,
                    Shallow::Unequal => false,
                    Shallow::Deep => {
                        deep.push(other);
                        false
                    }
                },
        )
    };
    match table.find(hash, same) {
        Ok(Probe::Found(entry)) => LookUp::Found(entry),
        Ok(Probe::Missing) if deep.is_empty() => LookUp::Missing,
        Ok(Probe::Missing) => LookUp::Deep(deep),
    }
}

/// Looks for `key` in a set, frozenset or dict.
#[inline]
pub(crate) fn look_up_in(heap: &Heap, container: Value, hash: u64, key: Value) -> LookUp {
    match container {
        Value::Set(at) => look_up(heap, heap[at].table(), hash, key),
        Value::FrozenSet(at) => look_up(heap, heap[at].table(), hash, key),
        Value::Dict(at) => look_up(heap, heap[at].table(), hash, key),
        _ => LookUp::Missing,
    }
}

/// The key at raw entry `index` or after it, with its hash; `index` moves behind it.
pub(crate) fn next_key(heap: &Heap, container: Value, index: &mut usize) -> Option<(u64, Value)> {
    match container {
        Value::Set(at) => next_entry(heap[at].table(), index),
        Value::FrozenSet(at) => next_entry(heap[at].table(), index),
        Value::Dict(at) => next_entry(heap[at].table(), index),
        _ => None,
    }
}

fn next_entry<V>(table: &Table<V>, index: &mut usize) -> Option<(u64, Value)>
where
    V: Copy,
{
    let rest = table.raw_entries().get(*index..)?;
    let skipped = rest.iter().position(|entry| !entry.key.is_undef())?;
    *index += skipped + 1;
    Some((rest[skipped].hash, rest[skipped].key))
}

/// The set, frozenset or dict in whose table the items of `v` lie: `v` itself, the dict of a keys view, or a new
/// frozenset of the pairs of an items view. `None` if `v` is nothing like a set.
///
/// Does not collect, so that comparisons never do: an items view that does not fit as pairs ends the run.
pub(crate) fn with_table(ctx: &mut Ctx<'_>, v: Value) -> Result<Option<Value>, Raise> {
    let Value::DictView(at) = v else {
        return Ok(matches!(v, Value::Set(_) | Value::FrozenSet(_) | Value::Dict(_)).then_some(v));
    };
    let (kind, Value::Dict(dict)) = (ctx.heap[at].kind, ctx.heap[at].dict) else { return Ok(None) };
    match kind {
        ViewKind::Keys => Ok(Some(Value::Dict(dict))),
        ViewKind::Values => Ok(None),
        ViewKind::Items => {
            let len = ctx.heap[dict].table().len();
            ctx.charge(len)?;
            if ctx.heap.bytes().saturating_add(len * PAIR_BYTES) > ctx.heap.meter.limits.memory {
                return Err(Exceeded::Memory.into());
            }
            pairs(ctx, Value::Dict(dict)).map(Some)
        }
    }
}

/// Bytes that an items view takes per pair as a set: a tuple, an entry and its places in the index.
pub(super) const PAIR_BYTES: usize = 128;

/// A frozenset of the pairs of a dict. TypeError if a value cannot be hashed.
fn pairs(ctx: &mut Ctx<'_>, dict: Value) -> Result<Value, Raise> {
    let Value::Dict(dict) = dict else { return Ok(Value::Undef) };
    let mut table = Table::default();
    let mut index = 0;
    while let Some(&Entry { key, value, .. }) = ctx.heap[dict].table().raw_entries().get(index) {
        index += 1;
        if key.is_undef() {
            continue;
        }
        let pair = ctx.heap.tuple(&[key, value]);
        let hash = hash::table_hash(ctx, pair)?;
        // Keys differ, so pairs do.
        table.insert(hash, pair, ());
    }
    Ok(ctx.heap.frozen_set(table))
}
