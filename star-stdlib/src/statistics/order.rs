//! Medians, modes and quantiles: what depends on the order of the data, or on which are equal.
//!
//! In: data. Out: items of them, or numbers between. Rule: items are compared as scripts compare them.

use num_integer::Integer;
use star::ast::{BinaryOp as Op, CompareOp};
use star::builtins::sort::sort_plain;
use star::heap::{Args, Outcome};
use star::object::List;
use star::object::types::TypeId;
use star::ops::iterate::drain;
use star::ops::{repr, table, types};
use star::private::{Ctx, NativeResult, Raise, Value};
use star::value::Ref;

use super::averages::items_of;
use super::error;
use crate::arguments::{real, ssize};
use crate::calculate::{binary, order};
use crate::native::drains;

drains! {
    Median = median_of;
    MedianLow = median_low_of;
    MedianHigh = median_high_of;
    MedianGrouped = median_grouped_of;
    Mode = mode_of;
    MultiMode = multimode_of;
    Quantiles = quantiles_of;
}

pub(super) fn median(ctx: &mut Ctx<'_>, data: Value) -> NativeResult {
    drain::<Median>(ctx, data, &[], [0; 3])
}

pub(super) fn median_low(ctx: &mut Ctx<'_>, data: Value) -> NativeResult {
    drain::<MedianLow>(ctx, data, &[], [0; 3])
}

pub(super) fn median_high(ctx: &mut Ctx<'_>, data: Value) -> NativeResult {
    drain::<MedianHigh>(ctx, data, &[], [0; 3])
}

/// The items of a list in order; an error if there are none.
fn sorted(ctx: &mut Ctx<'_>, items: Ref<List>) -> Result<Vec<Value>, Raise> {
    sort_plain(ctx, items, false)?;
    let data = items_of(ctx, items);
    if data.is_empty() { Err(error(ctx, "no median for empty data")) } else { Ok(data) }
}

fn median_of(ctx: &mut Ctx<'_>, items: Ref<List>, _: &[Value]) -> NativeResult {
    let data = sorted(ctx, items)?;
    let middle = data.len() / 2;
    if data.len() % 2 == 1 {
        return Ok(data[middle].into());
    }
    let sum = binary(ctx, Op::Add, data[middle - 1], data[middle])?;
    Ok(binary(ctx, Op::Div, sum, Value::Int(2))?.into())
}

fn median_low_of(ctx: &mut Ctx<'_>, items: Ref<List>, _: &[Value]) -> NativeResult {
    let data = sorted(ctx, items)?;
    Ok(data[(data.len() - 1) / 2].into())
}

fn median_high_of(ctx: &mut Ctx<'_>, items: Ref<List>, _: &[Value]) -> NativeResult {
    let data = sorted(ctx, items)?;
    Ok(data[data.len() / 2].into())
}

pub(super) fn median_grouped(ctx: &mut Ctx<'_>, data: Value, interval: Value) -> NativeResult {
    drain::<MedianGrouped>(ctx, data, &[interval], [0; 3])
}

fn median_grouped_of(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value]) -> NativeResult {
    let data = sorted(ctx, items)?;
    let x = data[data.len() / 2];
    let below = bisect(ctx, &data, x, CompareOp::Lt)?;
    let up_to = bisect(ctx, &data, x, CompareOp::Le)?;
    let interval = to_float(ctx, kept[0])?;
    let x = to_float(ctx, x)?;
    let least = x - interval / 2.0;
    let half = data.len() as f64 / 2.0;
    Ok(Value::float(least + interval * (half - below as f64) / (up_to - below) as f64).into())
}

/// How many of the sorted data are less than `x`, or `Le`: not greater.
pub(super) fn bisect(ctx: &mut Ctx<'_>, data: &[Value], x: Value, op: CompareOp) -> Result<usize, Raise> {
    let (mut low, mut high) = (0, data.len());
    while low < high {
        let middle = (low + high) / 2;
        let before = match op {
            CompareOp::Lt => order(ctx, CompareOp::Lt, data[middle], x)?,
            _ => !order(ctx, CompareOp::Lt, x, data[middle])?,
        };
        if before {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

/// `float(value)`, where a text that is no number is a TypeError.
fn to_float(ctx: &mut Ctx<'_>, value: Value) -> Result<f64, Raise> {
    let Value::Type(float) = TypeId::Float.value() else { return real(ctx, value) };
    match star::builtins::construct(ctx, float, Args::new(&[value])) {
        Ok(Outcome::Return(value)) => real(ctx, value),
        Ok(_) => real(ctx, value),
        Err(Raise::Exception(at)) if types::type_id(ctx.heap, Value::Exception(at)) == TypeId::ValueError => {
            Err(ctx.type_error("Value cannot be converted to a float"))
        }
        Err(raise) => Err(raise),
    }
}

pub(super) fn mode(ctx: &mut Ctx<'_>, data: Value) -> NativeResult {
    drain::<Mode>(ctx, data, &[], [0; 3])
}

pub(super) fn multimode(ctx: &mut Ctx<'_>, data: Value) -> NativeResult {
    drain::<MultiMode>(ctx, data, &[], [0; 3])
}

/// Each value among the items with how often it occurs, in the order in which they come.
fn counts(ctx: &mut Ctx<'_>, items: Ref<List>) -> Result<Vec<(Value, i64)>, Raise> {
    let counts = ctx.heap.dict();
    ctx.heap.scratch.push(Value::Dict(counts));
    let mut at = 0;
    let counted = loop {
        let Some(&item) = ctx.heap[items].items().get(at) else { break Ok(()) };
        at += 1;
        let more = ctx.charge(1).and_then(|()| table::dict_get(ctx, counts, item)).and_then(|count| {
            let count = count.and_then(Value::as_int).unwrap_or(0);
            table::dict_set(ctx, counts, item, Value::Int(count + 1))
        });
        if let Err(raise) = more {
            break Err(raise);
        }
    };
    ctx.heap.scratch.pop();
    counted?;
    let entries = ctx.heap[counts].table().entries();
    Ok(entries.map(|entry| (entry.key, entry.value.as_int().unwrap_or(0))).collect())
}

fn mode_of(ctx: &mut Ctx<'_>, items: Ref<List>, _: &[Value]) -> NativeResult {
    let counts = counts(ctx, items)?;
    let first_of_most = counts.iter().rev().max_by_key(|(_, count)| *count);
    match first_of_most {
        Some(&(value, _)) => Ok(value.into()),
        None => Err(error(ctx, "no mode for empty data")),
    }
}

fn multimode_of(ctx: &mut Ctx<'_>, items: Ref<List>, _: &[Value]) -> NativeResult {
    let counts = counts(ctx, items)?;
    let most = counts.iter().map(|&(_, count)| count).max().unwrap_or(0);
    let modes = counts.into_iter().filter(|&(_, count)| count == most).map(|(value, _)| value).collect();
    Ok(ctx.heap.list(modes).into())
}

pub(super) fn quantiles(ctx: &mut Ctx<'_>, data: Value, n: Value, method: Value) -> NativeResult {
    if order(ctx, CompareOp::Lt, n, Value::Int(1))? {
        return Err(error(ctx, "n must be at least 1"));
    }
    drain::<Quantiles>(ctx, data, &[n, method], [0; 3])
}

fn quantiles_of(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value]) -> NativeResult {
    sort_plain(ctx, items, false)?;
    let data = items_of(ctx, items);
    let count = data.len() as i64;
    if count < 2 {
        let Some(&only) = data.first() else {
            return Err(error(ctx, "must have at least one data point"));
        };
        if kept[0].as_float().is_some() {
            return Err(ctx.type_error("can't multiply sequence by non-int of type 'float'"));
        }
        let n = ssize(ctx, kept[0])? as usize;
        ctx.charge(n)?;
        ctx.reserve_large(n.saturating_mul(size_of::<Value>()))?;
        return Ok(ctx.heap.list(vec![only; n - 1]).into());
    }
    let inclusive = match kept[1] {
        Value::Undef => false,
        method => match ctx.heap.as_str(method) {
            Some("exclusive") => false,
            Some("inclusive") => true,
            _ => {
                let shown = repr::repr(ctx, method)?;
                return Err(ctx.value_error(format!("Unknown method: {shown}")));
            }
        },
    };
    let n = ssize(ctx, kept[0])?;
    let Value::List(result) = ctx.heap.list(Vec::new()) else { return Ok(Value::None.into()) };
    ctx.heap.scratch.push(Value::List(result));
    let mut cut = |i: i64| -> Result<(), Raise> {
        ctx.charge(2)?;
        let (at, delta) = match inclusive {
            true => (i * (count - 1)).div_rem(&n),
            false => {
                let at = (i * (count + 1) / n).clamp(1, count - 1);
                (at - 1, i * (count + 1) - at * n)
            }
        };
        let at = at as usize;
        let low = binary(ctx, Op::Mul, data[at], Value::Int(n - delta))?;
        ctx.heap.scratch.push(low);
        let high = binary(ctx, Op::Mul, data[at + 1], Value::Int(delta));
        ctx.heap.scratch.pop();
        let sum = binary(ctx, Op::Add, low, high?)?;
        let between = binary(ctx, Op::Div, sum, Value::Int(n))?;
        ctx.heap.list_push(result, between);
        Ok(())
    };
    let cuts = (1..n).try_for_each(&mut cut);
    ctx.heap.scratch.pop();
    cuts.map(|()| Value::List(result).into())
}
