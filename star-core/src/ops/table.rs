//! Dicts and sets by key.
//!
//! In: a dict or set and a key. Out: what is there, or a TypeError for a key that cannot be hashed. Rule: looking up
//! and removing never collect; adding may, when the table grows beyond what is allocated freely.

mod algebra;
mod lookup;
mod pairs;

pub use algebra::{Algebra, combine, is_disjoint, is_subset, new_set, set_combine};
pub(crate) use lookup::{LookUp, look_up, look_up_in, next_key, with_table};
pub(crate) use pairs::items_of;

use super::{compare, hash};
use std::convert::Infallible;

use crate::heap::{Ctx, Heap, HostType, Raise, SMALL};
use crate::object::{Dict, Entry, Probe, Set, Table};
use crate::value::{Ref, Value};

/// Whether `v` is a dict whose order is part of what it is.
pub fn is_ordered(heap: &Heap, v: Value) -> bool {
    match v {
        Value::Dict(at) => heap[at].kind().is_some_and(|kind| kind.host.hooks.ordered),
        _ => false,
    }
}

/// The value of `key` in a dict.
#[inline]
pub fn dict_get(ctx: &mut Ctx<'_>, d: Ref<Dict>, key: Value) -> Result<Option<Value>, Raise> {
    Ok(match dict_find(ctx, d, key)? {
        (_, Probe::Found(entry)) => Some(ctx.heap[d].table().raw_entries()[entry].value),
        (_, Probe::Missing) => None,
    })
}

/// The hash of `key` and its entry in a dict.
#[inline]
pub fn dict_find(ctx: &mut Ctx<'_>, d: Ref<Dict>, key: Value) -> Result<(u64, Probe), Raise> {
    let hash = hash::table_hash(ctx, key)?;
    charge_key(ctx, key)?;
    match look_up(ctx.heap, ctx.heap[d].table(), hash, key) {
        LookUp::Found(entry) => Ok((hash, Probe::Found(entry))),
        LookUp::Missing => Ok((hash, Probe::Missing)),
        LookUp::Deep(candidates) => Ok((hash, search(ctx, Value::Dict(d), hash, key, candidates)?)),
    }
}

/// `d[key] = value`. **May collect**: `d`, `key` and `value` must be rooted, unless [`Ctx::reserve`] was called for
/// the growth or the dict is known to be small.
#[inline]
pub fn dict_set(ctx: &mut Ctx<'_>, d: Ref<Dict>, key: Value, value: Value) -> Result<(), Raise> {
    match dict_find(ctx, d, key)? {
        (_, Probe::Found(entry)) => {
            ctx.heap.dict_set_value(d, entry, value);
            Ok(())
        }
        (hash, Probe::Missing) => dict_insert(ctx, d, hash, key, value),
    }
}

/// Adds a key that [`dict_find`] did not find. May collect as [`dict_set`].
pub fn dict_insert(
    ctx: &mut Ctx<'_>,
    d: Ref<Dict>,
    hash: u64,
    key: Value,
    value: Value,
) -> Result<(), Raise> {
    let growth = ctx.heap[d].table().growth();
    if growth > SMALL {
        ctx.reserve(growth)?;
    }
    ctx.heap.dict_edit(d, |table| table.insert(hash, key, value));
    Ok(())
}

/// A dict of the keys and values that alternate in `pairs`, if all keys are short strs: allocated once, and as large
/// as it has to be. Does not collect.
#[inline]
pub fn dict_of_strs(heap: &mut Heap, pairs: &[Value]) -> Option<Ref<Dict>> {
    let mut table = Table::with_capacity(pairs.len() / 2);
    for pair in pairs.chunks_exact(2) {
        let Value::Str(at) = pair[0] else { return None };
        if heap[at].as_str().len() > FREE_KEY {
            return None;
        }
        let hash = hash::str_hash(heap, at);
        let same = |other: Value| {
            Ok::<bool, Infallible>(other == pair[0] || heap.as_str(other) == Some(heap[at].as_str()))
        };
        match table.find(hash, same) {
            Ok(Probe::Found(entry)) => table.set_value(entry, pair[1]),
            Ok(Probe::Missing) => table.insert(hash, pair[0], pair[1]),
        }
    }
    Some(heap.insert(Dict { table, kind: None }))
}

/// Keys up to this length are compared for free.
const FREE_KEY: usize = 256;

/// `d[name] = value`. May collect as [`dict_set`].
pub fn dict_set_str(ctx: &mut Ctx<'_>, d: Ref<Dict>, name: &str, value: Value) -> Result<(), Raise> {
    let key = ctx.heap.str(name);
    dict_set(ctx, d, key, value)
}

/// Removes `key` from a dict and returns its value.
pub fn dict_remove(ctx: &mut Ctx<'_>, d: Ref<Dict>, key: Value) -> Result<Option<Value>, Raise> {
    match dict_find(ctx, d, key)? {
        (_, Probe::Found(entry)) => Ok(Some(ctx.heap.dict_edit(d, |table| table.remove(entry)).value)),
        (_, Probe::Missing) => Ok(None),
    }
}

/// A new dict with the entries of `d`, which must be rooted: may collect first.
pub fn dict_copy(ctx: &mut Ctx<'_>, d: Ref<Dict>) -> Result<Ref<Dict>, Raise> {
    let table = copy_of_table(ctx, d)?;
    Ok(ctx.heap.insert(Dict { table, kind: None }))
}

/// [`dict_copy`] as a dict of type `kind`. `default` is rooted too.
pub fn dict_copy_as(
    ctx: &mut Ctx<'_>,
    d: Ref<Dict>,
    kind: &'static HostType,
    default: Value,
) -> Result<Ref<Dict>, Raise> {
    let table = copy_of_table(ctx, d)?;
    Ok(ctx.heap.dict_of(kind, table, default))
}

fn copy_of_table(ctx: &mut Ctx<'_>, d: Ref<Dict>) -> Result<Table<Value>, Raise> {
    let len = ctx.heap[d].table().len();
    ctx.charge(len)?;
    // An entry, and up to four places of the index.
    ctx.reserve_large(len * (size_of::<Entry<Value>>() + 16))?;
    Ok(ctx.heap[d].table().clone())
}

/// `d.update(other)` for a dict. **May collect**: both must be rooted.
pub fn dict_update(ctx: &mut Ctx<'_>, d: Ref<Dict>, other: Ref<Dict>) -> Result<(), Raise> {
    if d == other {
        return Ok(());
    }
    ctx.charge(ctx.heap[other].table().len())?;
    let mut index = 0;
    while let Some(&Entry { hash, key, value }) = ctx.heap[other].table().raw_entries().get(index) {
        index += 1;
        if key.is_undef() {
            continue;
        }
        match find_hashed(ctx, Value::Dict(d), hash, key)? {
            Probe::Found(entry) => ctx.heap.dict_set_value(d, entry, value),
            Probe::Missing => dict_insert(ctx, d, hash, key, value)?,
        }
    }
    Ok(())
}

/// Entry of `key` in a set. A set as key is looked for as the frozenset of its items.
fn set_find(ctx: &mut Ctx<'_>, s: Ref<Set>, key: Value) -> Result<(u64, Probe), Raise> {
    let hash = hash::table_hash_in_set(ctx, key)?;
    Ok((hash, find_hashed(ctx, Value::Set(s), hash, key)?))
}

/// `key in s`.
#[inline]
pub fn set_contains(ctx: &mut Ctx<'_>, s: Ref<Set>, key: Value) -> Result<bool, Raise> {
    Ok(set_find(ctx, s, key)?.1 != Probe::Missing)
}

/// Adds `key` to a set; whether it is new. **May collect**: `s` and `key` must be rooted.
#[inline]
pub fn set_add(ctx: &mut Ctx<'_>, s: Ref<Set>, key: Value) -> Result<bool, Raise> {
    let hash = hash::table_hash(ctx, key)?;
    if find_hashed(ctx, Value::Set(s), hash, key)? != Probe::Missing {
        return Ok(false);
    }
    set_insert(ctx, s, hash, key)?;
    Ok(true)
}

/// Adds a key that is known to be missing. May collect as [`set_add`].
pub(crate) fn set_insert(ctx: &mut Ctx<'_>, s: Ref<Set>, hash: u64, key: Value) -> Result<(), Raise> {
    let growth = ctx.heap[s].table().growth();
    if growth > SMALL {
        ctx.reserve(growth)?;
    }
    ctx.heap.set_edit(s, |table| table.insert(hash, key, ()));
    Ok(())
}

/// Removes `key` from a set; whether it was there.
pub fn set_remove(ctx: &mut Ctx<'_>, s: Ref<Set>, key: Value) -> Result<bool, Raise> {
    match set_find(ctx, s, key)? {
        (_, Probe::Found(entry)) => {
            ctx.heap.set_edit(s, |table| table.remove(entry));
            Ok(true)
        }
        (_, Probe::Missing) => Ok(false),
    }
}

/// `key in container` of a set, frozenset or dict; false for anything else.
#[inline]
pub fn table_contains(ctx: &mut Ctx<'_>, container: Value, key: Value) -> Result<bool, Raise> {
    let hash = match container {
        Value::Dict(_) => hash::table_hash(ctx, key)?,
        _ => hash::table_hash_in_set(ctx, key)?,
    };
    Ok(find_hashed(ctx, container, hash, key)? != Probe::Missing)
}

/// A new set of `items`, which must be rooted: may collect.
pub fn build_set(ctx: &mut Ctx<'_>, items: &[Value]) -> Result<Ref<Set>, Raise> {
    ctx.charge(items.len())?;
    let set = ctx.heap.set();
    // Rooted by the caller's items, but the set itself is not: it grows only here.
    ctx.heap.scratch.push(Value::Set(set));
    let result = items.iter().try_for_each(|&item| set_add(ctx, set, item).map(|_| ()));
    ctx.heap.scratch.pop();
    result.map(|()| set)
}

/// Entry of `key`, whose hash is known, in a set, frozenset or dict.
pub fn find_hashed(ctx: &mut Ctx<'_>, container: Value, hash: u64, key: Value) -> Result<Probe, Raise> {
    charge_key(ctx, key)?;
    match look_up_in(ctx.heap, container, hash, key) {
        LookUp::Found(entry) => Ok(Probe::Found(entry)),
        LookUp::Missing => Ok(Probe::Missing),
        LookUp::Deep(candidates) => search(ctx, container, hash, key, candidates),
    }
}

/// A long text is compared with the key that is found, which is worth counting.
#[inline]
fn charge_key(ctx: &mut Ctx<'_>, key: Value) -> Result<(), Raise> {
    match key {
        Value::Str(at) if ctx.heap[at].as_str().len() > FREE_KEY => {
            ctx.charge(ctx.heap[at].as_str().len() / 16)
        }
        Value::Bytes(at) => ctx.charge(ctx.heap[at].as_slice().len() / 16),
        Value::BigInt(at) => ctx.charge(ctx.heap[at].value.bits() as usize / 128),
        _ => Ok(()),
    }
}

/// Compares `key` with keys of the same hash whose items decide: almost always one, and equal.
#[cold]
fn search(
    ctx: &mut Ctx<'_>,
    container: Value,
    hash: u64,
    key: Value,
    candidates: Vec<Value>,
) -> Result<Probe, Raise> {
    for candidate in candidates {
        if compare::equal(ctx, candidate, key)? {
            // The candidate is identical to itself: this finds its entry.
            if let LookUp::Found(entry) = look_up_in(ctx.heap, container, hash, candidate) {
                return Ok(Probe::Found(entry));
            }
        }
    }
    Ok(Probe::Missing)
}
