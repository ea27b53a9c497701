//! The operations of sets: union, intersection, difference, inclusion.
//!
//! In: two values with the keys of a set: sets, frozensets, dicts, keys and items views. Out: a table of keys, or a
//! bool. Rule: results keep order: the keys of the left operand in its order, then new ones of the right in its
//! order. (CPython's order is that of hashes; star's sets keep insertion order by design.)

use super::lookup::{LookUp, PAIR_BYTES, look_up, next_key, with_table};
use super::{compare, find_hashed, pairs, set_insert};
use crate::heap::{Ctx, Raise};
use crate::object::{Entry, Probe, Set, Table, ViewKind};
use crate::value::{Ref, Value};

/// An operation on two sets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Algebra {
    /// `|`
    Union,
    /// `&`
    Intersection,
    /// `-`
    Difference,
    /// `^`
    SymmetricDifference,
}

/// Bytes that a key takes in a new table at most: an entry in a vector that doubled, four places of the index.
const KEY_BYTES: usize = 2 * size_of::<Entry<()>>() + 16;

/// The keys of `a op b`. May collect before it starts: `a` and `b` must be rooted. Neither is changed.
pub fn combine(ctx: &mut Ctx<'_>, op: Algebra, a: Value, b: Value) -> Result<Table<()>, Raise> {
    let (a_len, b_len) = (len(ctx, a), len(ctx, b));
    let most = match op {
        Algebra::Union | Algebra::SymmetricDifference => a_len + b_len,
        Algebra::Intersection => a_len.min(b_len),
        Algebra::Difference => a_len,
    };
    ctx.reserve_large(most * KEY_BYTES + pair_bytes(ctx, a) + pair_bytes(ctx, b))?;
    let mut result = Table::default();
    if op == Algebra::Intersection
        && (pairs::items_of(ctx.heap, a).or(pairs::items_of(ctx.heap, b))).is_some()
    {
        pairs::common(ctx, &mut result, a, b)?;
        return Ok(result);
    }
    let (Some(a), Some(b)) = (with_table(ctx, a)?, with_table(ctx, b)?) else { return Ok(result) };
    match op {
        Algebra::Union => {
            add_keys(ctx, &mut result, a)?;
            add_new_keys(ctx, &mut result, b)?;
        }
        Algebra::Intersection if b_len < a_len => common_keys(ctx, &mut result, a, b)?,
        Algebra::Intersection => filter_keys(ctx, &mut result, a, b, true)?,
        Algebra::Difference => filter_keys(ctx, &mut result, a, b, false)?,
        Algebra::SymmetricDifference => {
            filter_keys(ctx, &mut result, a, b, false)?;
            filter_keys(ctx, &mut result, b, a, false)?;
        }
    }
    Ok(result)
}

/// Number of keys.
fn len(ctx: &Ctx<'_>, v: Value) -> usize {
    match v {
        Value::Dict(at) => ctx.heap[at].table().len(),
        _ => compare::set_len(ctx.heap, v).unwrap_or(0),
    }
}

/// Bytes for the pairs of an items view.
fn pair_bytes(ctx: &Ctx<'_>, v: Value) -> usize {
    match v {
        Value::DictView(at) if ctx.heap[at].kind == ViewKind::Items => len(ctx, v) * PAIR_BYTES,
        _ => 0,
    }
}

/// Adds every key of `from` to an empty table.
fn add_keys(ctx: &mut Ctx<'_>, result: &mut Table<()>, from: Value) -> Result<(), Raise> {
    let mut index = 0;
    ctx.charge(len(ctx, from))?;
    while let Some((hash, key)) = next_key(ctx.heap, from, &mut index) {
        result.insert(hash, key, ());
    }
    Ok(())
}

/// Adds those keys of `from` that the table does not have.
fn add_new_keys(ctx: &mut Ctx<'_>, result: &mut Table<()>, from: Value) -> Result<(), Raise> {
    let mut index = 0;
    while let Some((hash, key)) = next_key(ctx.heap, from, &mut index) {
        ctx.charge(1)?;
        let found = match look_up(ctx.heap, result, hash, key) {
            LookUp::Found(_) => true,
            LookUp::Missing => false,
            LookUp::Deep(candidates) => any_equal(ctx, key, &candidates)?,
        };
        if !found {
            result.insert(hash, key, ());
        }
    }
    Ok(())
}

fn any_equal(ctx: &mut Ctx<'_>, key: Value, candidates: &[Value]) -> Result<bool, Raise> {
    for &candidate in candidates {
        if compare::equal(ctx, candidate, key)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Adds the keys of `a` that are (`wanted`), or are not, in `b`; none of them is in the table yet.
fn filter_keys(
    ctx: &mut Ctx<'_>,
    result: &mut Table<()>,
    a: Value,
    b: Value,
    wanted: bool,
) -> Result<(), Raise> {
    let mut index = 0;
    while let Some((hash, key)) = next_key(ctx.heap, a, &mut index) {
        ctx.charge(1)?;
        if (find_hashed(ctx, b, hash, key)? != Probe::Missing) == wanted {
            result.insert(hash, key, ());
        }
    }
    Ok(())
}

/// Adds the keys of `a` that are in `b`, in the order of `a`, by walking the smaller `b`.
fn common_keys(ctx: &mut Ctx<'_>, result: &mut Table<()>, a: Value, b: Value) -> Result<(), Raise> {
    let mut places = Vec::new();
    let mut index = 0;
    while let Some((hash, key)) = next_key(ctx.heap, b, &mut index) {
        ctx.charge(1)?;
        if let Probe::Found(place) = find_hashed(ctx, a, hash, key)? {
            places.push(place);
        }
    }
    places.sort_unstable();
    for mut place in places {
        if let Some((hash, key)) = next_key(ctx.heap, a, &mut place) {
            result.insert(hash, key, ());
        }
    }
    Ok(())
}

/// A set with the keys of `table`.
pub fn new_set(ctx: &mut Ctx<'_>, table: Table<()>) -> Value {
    Value::Set(ctx.heap.insert(Set { table }))
}

/// `set op= other`, where `other` is a set, frozenset, dict or view. May collect: both must be rooted.
pub fn set_combine(ctx: &mut Ctx<'_>, op: Algebra, set: Ref<Set>, other: Value) -> Result<(), Raise> {
    let small = len(ctx, other) <= ctx.heap[set].table().len() / 2;
    match op {
        Algebra::Union => {
            ctx.reserve_large(pair_bytes(ctx, other))?;
            let Some(other) = with_table(ctx, other)? else { return Ok(()) };
            // Pairs of an items view are known to nobody else while the set grows.
            ctx.heap.scratch.push(other);
            let result = add_to_set(ctx, set, other);
            ctx.heap.scratch.pop();
            result
        }
        Algebra::Difference if small => remove_from_set(ctx, set, other),
        _ => {
            let keys = combine(ctx, op, Value::Set(set), other)?;
            ctx.heap.set_edit(set, |old| *old = keys);
            Ok(())
        }
    }
}

fn add_to_set(ctx: &mut Ctx<'_>, set: Ref<Set>, other: Value) -> Result<(), Raise> {
    let mut index = 0;
    while let Some((hash, key)) = next_key(ctx.heap, other, &mut index) {
        ctx.charge(1)?;
        if find_hashed(ctx, Value::Set(set), hash, key)? == Probe::Missing {
            set_insert(ctx, set, hash, key)?;
        }
    }
    Ok(())
}

fn remove_from_set(ctx: &mut Ctx<'_>, set: Ref<Set>, other: Value) -> Result<(), Raise> {
    ctx.reserve_large(pair_bytes(ctx, other))?;
    let Some(other) = with_table(ctx, other)? else { return Ok(()) };
    let mut index = 0;
    while let Some((hash, key)) = next_key(ctx.heap, other, &mut index) {
        ctx.charge(1)?;
        if let Probe::Found(entry) = find_hashed(ctx, Value::Set(set), hash, key)? {
            ctx.heap.set_edit(set, |table| table.remove(entry));
        }
    }
    Ok(())
}

/// `a <= b` for sets, frozensets, dicts and views.
pub fn is_subset(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<bool, Raise> {
    Ok(len(ctx, a) <= len(ctx, b) && compare::subset(ctx, a, b)?)
}

/// Whether `a` and `b` (sets, frozensets, dicts, views) have no key in common.
pub fn is_disjoint(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<bool, Raise> {
    let (small, large) = if len(ctx, a) <= len(ctx, b) { (a, b) } else { (b, a) };
    let (Some(small), Some(large)) = (with_table(ctx, small)?, with_table(ctx, large)?) else {
        return Ok(true);
    };
    let mut index = 0;
    while let Some((hash, key)) = next_key(ctx.heap, small, &mut index) {
        ctx.charge(1)?;
        if find_hashed(ctx, large, hash, key)? != Probe::Missing {
            return Ok(false);
        }
    }
    Ok(true)
}
