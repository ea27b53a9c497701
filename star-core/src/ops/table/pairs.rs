//! Items views as sets of pairs.
//!
//! In: an items view and another set. Out: the pairs they have in common. Rule: only pairs of the result are hashed,
//! so values that cannot be may lie in the dicts.

use super::lookup::next_key;
use super::{compare, find_hashed, hash};
use crate::heap::{Ctx, Heap, Raise};
use crate::object::{Dict, Probe, Table, ViewKind};
use crate::value::{Ref, Value};

/// The dict behind an items view.
pub(crate) fn items_of(heap: &Heap, v: Value) -> Option<Ref<Dict>> {
    match v {
        Value::DictView(at) if heap[at].kind == ViewKind::Items => match heap[at].dict {
            Value::Dict(dict) => Some(dict),
            _ => None,
        },
        _ => None,
    }
}

/// A pair of some set: the hash of its key, its key and value, and the tuple if there is one.
struct Pair {
    hash: u64,
    key: Value,
    value: Value,
    tuple: Option<Value>,
}

/// Adds what `a` and `b` have in common, in the order of `a`; one of them is an items view.
pub(super) fn common(ctx: &mut Ctx<'_>, result: &mut Table<()>, a: Value, b: Value) -> Result<(), Raise> {
    // Walk one and look its pairs up in the dict of the other.
    let (walked, dict) = match (items_of(ctx.heap, b), items_of(ctx.heap, a)) {
        (Some(dict), _) => (a, dict),
        (None, Some(dict)) => (b, dict),
        (None, None) => return Ok(()),
    };
    let mut found = Vec::new();
    let mut index = 0;
    while let Some(pair) = next_pair(ctx, walked, &mut index)? {
        ctx.charge(1)?;
        let Some(Pair { hash, key, value, tuple }) = pair else { continue };
        let Probe::Found(place) = find_hashed(ctx, Value::Dict(dict), hash, key)? else { continue };
        let other = ctx.heap[dict].table().raw_entries()[place].value;
        if compare::same_item(ctx, other, value)? {
            found.push((place, tuple.unwrap_or_else(|| ctx.heap.tuple(&[key, value]))));
        }
    }
    if walked != a {
        found.sort_unstable_by_key(|&(place, _)| place);
    }
    for (_, tuple) in found {
        let hash = hash::table_hash(ctx, tuple)?;
        result.insert(hash, tuple, ());
    }
    Ok(())
}

/// The next item of a set, keys view or items view; `Some(None)` if it is not a pair.
fn next_pair(ctx: &mut Ctx<'_>, v: Value, index: &mut usize) -> Result<Option<Option<Pair>>, Raise> {
    if let Some(dict) = items_of(ctx.heap, v) {
        return Ok(next_key(ctx.heap, Value::Dict(dict), index).map(|(hash, key)| {
            let value = ctx.heap[dict].table().raw_entries()[*index - 1].value;
            Some(Pair { hash, key, value, tuple: None })
        }));
    }
    let table = match v {
        Value::DictView(at) => ctx.heap[at].dict,
        _ => v,
    };
    let Some((_, item)) = next_key(ctx.heap, table, index) else { return Ok(None) };
    let Value::Tuple(tuple) = item else { return Ok(Some(None)) };
    let &[key, value] = ctx.heap[tuple].items() else { return Ok(Some(None)) };
    let hash = hash::table_hash(ctx, key)?;
    Ok(Some(Some(Pair { hash, key, value, tuple: Some(item) })))
}
