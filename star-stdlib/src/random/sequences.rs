//! Choices, shuffles and samples.
//!
//! In: a sequence. Out: items of it. Rule: what is asked of a sequence is its length and its items by index, as CPython
//! asks it.

use std::collections::HashSet;

use star::ast::{BinaryOp, CompareOp};
use star::heap::Args;
use star::object::List;
use star::object::types::TypeId;
use star::ops::iterate::{self, Drain};
use star::ops::{hooks, index};
use star::private::{Ctx, NativeResult, Raise, Value};
use star::value::Ref;

use super::source::{below, unit};
use crate::arguments::{real, ssize};
use crate::calculate::{binary, length, order};

/// `r.choice(seq)`.
pub(super) fn choice(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(choose(ctx, args[0], args[1])?.into())
}

/// An item of a sequence.
pub(super) fn choose(ctx: &mut Ctx<'_>, me: Value, sequence: Value) -> Result<Value, Raise> {
    let len = length(ctx, sequence)?;
    if len == 0 {
        return Err(ctx.error(TypeId::IndexError, "Cannot choose from an empty sequence"));
    }
    let at = below(ctx, me, len as u64);
    index::get_item(ctx, sequence, Value::Int(at as i64))
}

/// `r.shuffle(x)`.
pub(super) fn shuffle(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (me, x) = (args[0], args[1]);
    let len = length(ctx, x)?;
    ctx.charge(len)?;
    for i in (1..len).rev() {
        let j = below(ctx, me, i as u64 + 1) as usize;
        match x {
            Value::List(at) => ctx.heap.list_edit(at, |items| items.swap(i, j)),
            _ => swap(ctx, x, i as i64, j as i64)?,
        }
    }
    Ok(Value::None.into())
}

fn swap(ctx: &mut Ctx<'_>, x: Value, i: i64, j: i64) -> Result<(), Raise> {
    let base = ctx.heap.scratch.len();
    let both = || -> Result<(), Raise> {
        let first = index::get_item(ctx, x, Value::Int(j))?;
        ctx.heap.scratch.push(first);
        let second = index::get_item(ctx, x, Value::Int(i))?;
        ctx.heap.scratch.push(second);
        index::set_item(ctx, x, Value::Int(i), first)?;
        index::set_item(ctx, x, Value::Int(j), second)
    };
    let result = { both }();
    ctx.heap.scratch.truncate(base);
    result
}

/// The items of a sequence at these places, as a list.
fn items_at(ctx: &mut Ctx<'_>, sequence: Value, places: &[i64]) -> NativeResult {
    ctx.reserve_large(size_of_val(places))?;
    let Value::List(result) = ctx.heap.list(Vec::with_capacity(places.len())) else {
        return Ok(Value::None.into());
    };
    ctx.heap.scratch.push(Value::List(result));
    let filled = places.iter().try_for_each(|&place| {
        let item = index::get_item(ctx, sequence, Value::Int(place))?;
        ctx.heap.list_push(result, item);
        Ok(())
    });
    ctx.heap.scratch.pop();
    filled.map(|()| Value::List(result).into())
}

/// Whether it is a sequence as `collections.abc` has it: with a length and items by index, and no dict.
fn is_sequence(ctx: &Ctx<'_>, v: Value) -> bool {
    match v {
        Value::List(_) | Value::Tuple(_) | Value::Str(_) | Value::Bytes(_) | Value::Range(_) => true,
        Value::Host(_) => {
            let has = |pick: fn(&star::heap::Hooks) -> bool| {
                hooks::find(ctx.heap, v, |hooks| pick(hooks).then_some(())).is_some()
            };
            has(|hooks| hooks.len.is_some())
                && has(|hooks| hooks.item.is_some())
                && star::ops::attribute::find_method(ctx.heap, v, "keys").is_none()
        }
        _ => false,
    }
}

/// `r.sample(population, k, *, counts=None)`.
pub(super) fn sample(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let [me, population, k] = [args[0], args[1], args[2]];
    if !is_sequence(ctx, population) {
        return Err(ctx.type_error("Population must be a sequence.  For dicts or sets, use sorted(d)."));
    }
    match args.get(3) {
        None | Some(Value::None) => {
            let len = length(ctx, population)?;
            let places = sample_places(ctx, me, len as u64, k)?;
            items_at(ctx, population, &places)
        }
        Some(counts) => iterate::drain::<Counted>(ctx, counts, &[me, population, k], [0; 3]),
    }
}

/// `k` different places below `len`, in the order in which they are drawn.
fn sample_places(ctx: &mut Ctx<'_>, me: Value, len: u64, k: Value) -> Result<Vec<i64>, Raise> {
    let fits =
        order(ctx, CompareOp::Le, Value::Int(0), k)? && order(ctx, CompareOp::Le, k, Value::Int(len as i64))?;
    if !fits {
        return Err(ctx.value_error("Sample larger than population or is negative"));
    }
    if k.as_float().is_some() {
        return Err(ctx.type_error("can't multiply sequence by non-int of type 'float'"));
    }
    let k = ssize(ctx, k)? as u64;
    ctx.charge(k as usize)?;
    // Where CPython's pool takes less room than its set of those that are taken, both draw otherwise.
    let room = match k {
        0..=5 => 21.0,
        _ => 21.0 + 4f64.powf(((k as f64 * 3.0).ln() / 4f64.ln()).ceil()),
    };
    let mut places = Vec::with_capacity(k as usize);
    if len as f64 <= room {
        let mut pool: Vec<i64> = (0..len as i64).collect();
        for i in 0..k {
            let j = below(ctx, me, len - i) as usize;
            places.push(pool[j]);
            pool[j] = pool[(len - i - 1) as usize];
        }
        return Ok(places);
    }
    let mut taken = HashSet::new();
    for _ in 0..k {
        let mut j = below(ctx, me, len);
        while !taken.insert(j) {
            j = below(ctx, me, len);
        }
        places.push(j as i64);
    }
    Ok(places)
}

/// Makes sums of the items of `list`, each with those before it, in their place.
fn accumulate(ctx: &mut Ctx<'_>, list: Ref<List>) -> Result<(), Raise> {
    let len = ctx.heap[list].items().len();
    ctx.charge(len)?;
    for at in 1..len {
        let &[.., last, item] = &ctx.heap[list].items()[..=at] else { break };
        let sum = binary(ctx, BinaryOp::Add, last, item)?;
        ctx.heap.list_set(list, at, sum);
    }
    Ok(())
}

/// The place in the sums before which `x` belongs, after equal ones.
fn bisect(ctx: &mut Ctx<'_>, sums: Value, x: Value, mut high: usize) -> Result<usize, Raise> {
    let mut low = 0;
    while low < high {
        let middle = (low + high) / 2;
        let sum = index::get_item(ctx, sums, Value::Int(middle as i64))?;
        if order(ctx, CompareOp::Lt, x, sum)? {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(low)
}

/// Has the counts of `sample`; keeps the generator, the population and how many.
struct Counted;

impl Drain for Counted {
    fn then(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value], _: [i64; 3]) -> NativeResult {
        let &[me, population, k] = kept else { return Ok(Value::None.into()) };
        accumulate(ctx, items)?;
        let len = length(ctx, population)?;
        let count = ctx.heap[items].items().len();
        if count != len {
            return Err(ctx.value_error("The number of counts does not match the population"));
        }
        let Some(&total) = ctx.heap[items].items().last() else {
            return Err(ctx.error(TypeId::IndexError, "pop from empty list"));
        };
        if !matches!(total, Value::Int(_) | Value::Bool(_) | Value::BigInt(_)) {
            return Err(ctx.type_error("Counts must be integers"));
        }
        if order(ctx, CompareOp::Le, total, Value::Int(0))? {
            return Err(ctx.value_error("Total of counts must be greater than zero"));
        }
        let total = ssize(ctx, total)?;
        let drawn = sample_places(ctx, me, total as u64, k)?;
        let mut places = Vec::with_capacity(drawn.len());
        for place in drawn {
            // The last sum is above every place.
            let at = bisect(ctx, Value::List(items), Value::Int(place), count - 1)?;
            places.push(at as i64);
        }
        items_at(ctx, population, &places)
    }
}

/// `r.choices(population, weights=None, *, cum_weights=None, k=1)`.
pub(super) fn choices(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let given = |at: usize| args.get(at).filter(|value| !value.is_none());
    let (me, population, k) = (args[0], args[1], args.get(4).unwrap_or(Value::Int(1)));
    let len = length(ctx, population)?;
    match (given(2), given(3)) {
        (None, None) => {
            let count = how_many(ctx, k)?;
            let place = |_| (unit(ctx, me) * len as f64).floor() as i64;
            let places: Vec<i64> = (0..count).map(place).collect();
            items_at(ctx, population, &places)
        }
        (None, Some(sums)) => weighted(ctx, me, population, sums, k),
        (Some(_), Some(_)) => Err(ctx.type_error("Cannot specify both weights and cumulative weights")),
        (Some(weights @ (Value::Int(_) | Value::Bool(_) | Value::BigInt(_))), None) => {
            let shown = star::ops::repr::repr(ctx, weights)?;
            Err(ctx.type_error(format!("The number of choices must be a keyword argument: k={shown}")))
        }
        (Some(weights), None) => iterate::drain::<Weighed>(ctx, weights, &[me, population, k], [0; 3]),
    }
}

/// The number of choices; none for a negative one.
fn how_many(ctx: &mut Ctx<'_>, k: Value) -> Result<usize, Raise> {
    let count = ssize(ctx, k)?.max(0) as usize;
    ctx.charge(count)?;
    ctx.reserve_large(count.saturating_mul(size_of::<Value>() + size_of::<i64>()))?;
    Ok(count)
}

/// Has the weights of `choices`; keeps the generator, the population and how many.
struct Weighed;

impl Drain for Weighed {
    fn then(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value], _: [i64; 3]) -> NativeResult {
        let &[me, population, k] = kept else { return Ok(Value::None.into()) };
        accumulate(ctx, items)?;
        weighted(ctx, me, population, Value::List(items), k)
    }
}

fn weighted(ctx: &mut Ctx<'_>, me: Value, population: Value, sums: Value, k: Value) -> NativeResult {
    let len = length(ctx, population)?;
    if length(ctx, sums)? != len {
        return Err(ctx.value_error("The number of weights does not match the population"));
    }
    let last = index::get_item(ctx, sums, Value::Int(-1))?;
    let total = binary(ctx, BinaryOp::Add, last, Value::float(0.0))?;
    if order(ctx, CompareOp::Le, total, Value::float(0.0))? {
        return Err(ctx.value_error("Total of weights must be greater than zero"));
    }
    let total = real(ctx, total)?;
    if !total.is_finite() {
        return Err(ctx.value_error("Total of weights must be finite"));
    }
    let count = how_many(ctx, k)?;
    let mut places = Vec::with_capacity(count);
    for _ in 0..count {
        let x = Value::float(unit(ctx, me) * total);
        places.push(bisect(ctx, sums, x, len - 1)? as i64);
    }
    items_at(ctx, population, &places)
}
