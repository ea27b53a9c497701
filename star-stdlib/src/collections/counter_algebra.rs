//! Operators of Counters: `+ - & |`, unary `+ -`, and comparisons, which take a missing count for 0.
//!
//! In: two Counters. Out: a new one of counts above 0, or a bool. Rule: what is counted keeps the order of the left
//! operand, then of the right.

use star::heap::{Compared, Outcome};
use star::object::types::TypeId;
use star::object::{Dict, Entry, Probe, Table};
use star::ops::{compare as ops, hooks, table};
use star::private::{BinaryOp, CompareOp, Ctx, Heap, Raise, UnaryOp, Value};
use star::value::Ref;

use super::counter::{COUNTER, add, no_items, set, value};

fn as_counter(heap: &Heap, v: Value) -> Option<Ref<Dict>> {
    match v {
        Value::Dict(at) if heap[at].kind().is_some_and(|kind| kind.host.is(&COUNTER)) => Some(at),
        _ => None,
    }
}

fn is_positive(ctx: &mut Ctx<'_>, count: Value) -> Result<bool, Raise> {
    match count {
        Value::Int(n) => Ok(n > 0),
        _ => ctx.deeper(|ctx| ops::order(ctx, CompareOp::Gt, count, Value::Int(0))),
    }
}

fn is_less(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<bool, Raise> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Ok(a < b),
        _ => ctx.deeper(|ctx| ops::order(ctx, CompareOp::Lt, a, b)),
    }
}

/// The entry at place `at` of a table or the one after it; `at` moves behind it.
fn next(ctx: &mut Ctx<'_>, counter: Ref<Dict>, at: &mut usize) -> Result<Option<Entry<Value>>, Raise> {
    while let Some(&entry) = ctx.heap[counter].table().raw_entries().get(*at) {
        *at += 1;
        if !entry.key.is_undef() {
            ctx.charge(1)?;
            return Ok(Some(entry));
        }
    }
    Ok(None)
}

/// A new Counter that `fill` puts counts into.
fn make(
    ctx: &mut Ctx<'_>,
    fill: impl FnOnce(&mut Ctx<'_>, Ref<Dict>) -> Result<(), Raise>,
) -> Result<Option<Value>, Raise> {
    let result = ctx.heap.dict_of(&COUNTER, Table::default(), Value::None);
    ctx.heap.scratch.push(Value::Dict(result));
    let filled = fill(ctx, result);
    ctx.heap.scratch.pop();
    filled.map(|()| Some(Value::Dict(result)))
}

/// `a op b`.
pub(super) fn binary(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> Result<Option<Value>, Raise> {
    let (Some(a), Some(b)) = (as_counter(ctx.heap, a), as_counter(ctx.heap, b)) else { return Ok(None) };
    if !matches!(op, BinaryOp::Add | BinaryOp::Sub | BinaryOp::And | BinaryOp::Or) {
        return Ok(None);
    }
    make(ctx, |ctx, result| {
        let mut at = 0;
        while let Some(Entry { hash, key, value: count }) = next(ctx, a, &mut at)? {
            let other = value(ctx, b, hash, key)?;
            let new = match op {
                BinaryOp::Add => add(ctx, count, other, 1)?,
                BinaryOp::Sub => add(ctx, count, other, -1)?,
                _ if is_less(ctx, count, other)? == (op == BinaryOp::Or) => other,
                _ => count,
            };
            if is_positive(ctx, new)? {
                set(ctx, result, hash, key, new)?;
            }
        }
        if op == BinaryOp::And {
            return Ok(());
        }
        let mut at = 0;
        while let Some(Entry { hash, key, value: count }) = next(ctx, b, &mut at)? {
            if table::find_hashed(ctx, Value::Dict(a), hash, key)? != Probe::Missing {
                continue;
            }
            match op {
                BinaryOp::Sub => take_negative(ctx, result, hash, key, count)?,
                _ if is_positive(ctx, count)? => set(ctx, result, hash, key, count)?,
                _ => {}
            }
        }
        Ok(())
    })
}

/// Sets the count of `key` to `0 - count`, if that is above 0.
fn take_negative(
    ctx: &mut Ctx<'_>,
    result: Ref<Dict>,
    hash: u64,
    key: Value,
    count: Value,
) -> Result<(), Raise> {
    if is_less(ctx, count, Value::Int(0))? {
        let new = add(ctx, Value::Int(0), count, -1)?;
        set(ctx, result, hash, key, new)?;
    }
    Ok(())
}

/// `+a` and `-a`.
pub(super) fn unary(ctx: &mut Ctx<'_>, op: UnaryOp, a: Value) -> Result<Option<Value>, Raise> {
    let (Some(a), UnaryOp::Pos | UnaryOp::Neg) = (as_counter(ctx.heap, a), op) else { return Ok(None) };
    make(ctx, |ctx, result| {
        let mut at = 0;
        while let Some(Entry { hash, key, value: count }) = next(ctx, a, &mut at)? {
            if op == UnaryOp::Neg {
                take_negative(ctx, result, hash, key, count)?;
            } else if is_positive(ctx, count)? {
                set(ctx, result, hash, key, count)?;
            }
        }
        Ok(())
    })
}

/// `a op= b`, where `b` may be any mapping.
pub(super) fn inplace(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> Result<Option<Outcome>, Raise> {
    let (Some(own), BinaryOp::Add | BinaryOp::Sub | BinaryOp::And | BinaryOp::Or) =
        (as_counter(ctx.heap, a), op)
    else {
        return Ok(None);
    };
    let other = match (b, hooks::find(ctx.heap, b, |hooks| hooks.entries)) {
        (_, Some(entries)) => entries(ctx, b)?,
        _ => b,
    };
    let Value::Dict(other) = other else { return Err(no_items(ctx, b)) };
    ctx.heap.scratch.push(Value::Dict(other));
    let changed = match op {
        BinaryOp::And => keep_least(ctx, own, other),
        _ => change(ctx, op, own, other),
    };
    ctx.heap.scratch.pop();
    changed?;
    keep_positive(ctx, own)?;
    Ok(Some(a.into()))
}

fn change(ctx: &mut Ctx<'_>, op: BinaryOp, own: Ref<Dict>, other: Ref<Dict>) -> Result<(), Raise> {
    let mut at = 0;
    while let Some(Entry { hash, key, value: count }) = next(ctx, other, &mut at)? {
        let old = value(ctx, own, hash, key)?;
        let new = match op {
            BinaryOp::Add => add(ctx, old, count, 1)?,
            BinaryOp::Sub => add(ctx, old, count, -1)?,
            _ if is_less(ctx, old, count)? => count,
            _ => continue,
        };
        set(ctx, own, hash, key, new)?;
    }
    Ok(())
}

fn keep_least(ctx: &mut Ctx<'_>, own: Ref<Dict>, other: Ref<Dict>) -> Result<(), Raise> {
    let mut at = 0;
    while let Some(Entry { hash, key, value: count }) = next(ctx, own, &mut at)? {
        let found = table::find_hashed(ctx, Value::Dict(other), hash, key)?;
        let least = match found {
            Probe::Found(entry) => ctx.heap[other].table().raw_entries()[entry].value,
            Probe::Missing if as_counter(ctx.heap, Value::Dict(other)).is_some() => Value::Int(0),
            Probe::Missing => {
                return Err(ctx.error_with(TypeId::KeyError, &[key]));
            }
        };
        if is_less(ctx, least, count)? {
            set(ctx, own, hash, key, least)?;
        }
    }
    Ok(())
}

/// Removes the counts that are not above 0.
fn keep_positive(ctx: &mut Ctx<'_>, own: Ref<Dict>) -> Result<(), Raise> {
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(entry) = next(ctx, own, &mut at)? {
        if !is_positive(ctx, entry.value)? {
            places.push(at - 1);
        }
    }
    ctx.heap.dict_edit(own, |table| {
        for place in places {
            table.remove(place);
        }
    });
    Ok(())
}

/// Comparisons with another Counter. Equality is that of the lists of their counts.
pub(super) fn compare(ctx: &mut Ctx<'_>, op: CompareOp, a: Value, b: Value) -> Result<Compared, Raise> {
    let (Some(a), Some(b)) = (as_counter(ctx.heap, a), as_counter(ctx.heap, b)) else {
        return Ok(Compared::Unknown);
    };
    let (ours, theirs) = beside(ctx, a, b)?;
    if let CompareOp::Eq | CompareOp::Ne = op {
        let ours = ctx.heap.list(ours);
        return Ok(Compared::As(ours, ctx.heap.list(theirs)));
    }
    let either = match op {
        CompareOp::Lt => CompareOp::Le,
        CompareOp::Gt => CompareOp::Ge,
        op => op,
    };
    let mut strictly = either == op;
    for (ours, theirs) in ours.into_iter().zip(theirs) {
        ctx.charge(1)?;
        if !ctx.deeper(|ctx| ops::order(ctx, either, ours, theirs))? {
            return Ok(Compared::Is(false));
        }
        strictly = strictly || !ops::equal(ctx, ours, theirs)?;
    }
    Ok(Compared::Is(strictly))
}

/// The counts of two Counters beside each other, 0 where one has none.
fn beside(ctx: &mut Ctx<'_>, a: Ref<Dict>, b: Ref<Dict>) -> Result<(Vec<Value>, Vec<Value>), Raise> {
    let most = ctx.heap[a].table().len() + ctx.heap[b].table().len();
    ctx.claim(most * 2 * size_of::<Value>())?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(Entry { hash, key, value: count }) = next(ctx, a, &mut at)? {
        ours.push(count);
        theirs.push(value(ctx, b, hash, key)?);
    }
    let mut at = 0;
    while let Some(Entry { hash, key, value: count }) = next(ctx, b, &mut at)? {
        if table::find_hashed(ctx, Value::Dict(a), hash, key)? == Probe::Missing {
            ours.push(Value::Int(0));
            theirs.push(count);
        }
    }
    Ok((ours, theirs))
}
