//! Means.
//!
//! In: data, and weights. Out: a number. Rule: `mean` and `harmonic_mean` are exact and have the type of the data;
//! `fmean` and `geometric_mean` are floats.

use star::ast::{BinaryOp as Op, CompareOp};
use star::object::List;
use star::object::types::TypeId;
use star::ops::iterate::drain;
use star::ops::types;
use star::private::{Ctx, NativeResult, Raise, Value};
use star::value::Ref;

use super::exact::{Exact, Sums};
use super::{error, error_with};
use crate::arguments::real;
use crate::calculate::{binary, order};
use crate::math::iterables::{sum_of_floats, sum_of_products};
use crate::math::log_of;
use crate::native::drains;

drains! {
    Mean = mean_of;
    Weights = fmean_weights;
    FMean = fmean_of;
    Geometric = geometric_of;
    Harmonic = harmonic_data;
    HarmonicWeighted = harmonic_weighted;
}

/// The items of a list.
pub(super) fn items_of(ctx: &Ctx<'_>, list: Ref<List>) -> Vec<Value> {
    ctx.heap[list].items().to_vec()
}

pub(super) fn mean(ctx: &mut Ctx<'_>, data: Value) -> NativeResult {
    drain::<Mean>(ctx, data, &[], [0; 3])
}

fn mean_of(ctx: &mut Ctx<'_>, items: Ref<List>, _: &[Value]) -> NativeResult {
    let mut sums = Sums::new(false);
    sums.add_all(ctx, Value::List(items))?;
    let kind = sums.kind(ctx)?;
    if sums.count == 0 {
        return Err(error(ctx, "mean requires at least one data point"));
    }
    let mean = sums.sum(ctx)?.over(ctx, sums.count)?;
    Ok(mean.convert(ctx, kind)?.into())
}

pub(super) fn fmean(ctx: &mut Ctx<'_>, data: Value, weights: Value) -> NativeResult {
    match weights {
        Value::None => drain::<FMean>(ctx, data, &[Value::None], [0; 3]),
        _ => drain::<Weights>(ctx, weights, &[data], [0; 3]),
    }
}

fn fmean_weights(ctx: &mut Ctx<'_>, weights: Ref<List>, kept: &[Value]) -> NativeResult {
    drain::<FMean>(ctx, kept[0], &[Value::List(weights)], [0; 3])
}

fn fmean_of(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value]) -> NativeResult {
    let data = Value::List(items);
    let count = ctx.heap[items].items().len();
    let Value::List(weights) = kept[0] else {
        let total = sum_of_floats(ctx, data)?;
        if count == 0 {
            return Err(error(ctx, "fmean requires at least one data point"));
        }
        return Ok(Value::float(total / count as f64).into());
    };
    if ctx.heap[weights].items().len() != count {
        return Err(error(ctx, "data and weights must be the same length"));
    }
    let above = sum_of_products(ctx, data, kept[0])?;
    let below = sum_of_floats(ctx, kept[0])?;
    if below == 0.0 {
        return Err(error(ctx, "sum of weights must be non-zero"));
    }
    Ok(binary(ctx, Op::Div, above, Value::float(below))?.into())
}

pub(super) fn geometric_mean(ctx: &mut Ctx<'_>, data: Value) -> NativeResult {
    drain::<Geometric>(ctx, data, &[], [0; 3])
}

fn geometric_of(ctx: &mut Ctx<'_>, items: Ref<List>, _: &[Value]) -> NativeResult {
    let data = items_of(ctx, items);
    ctx.charge(data.len() * 2)?;
    let mut zero = false;
    let mut sum = crate::math::exact::Partials::default();
    for &x in &data {
        if order(ctx, CompareOp::Gt, x, Value::float(0.0))? || x.as_float().is_some_and(f64::is_nan) {
            let log = log_of(ctx, x, f64::ln)?;
            sum.add(log).map_err(|wrong| crate::math::iterables::no_sum(ctx, wrong))?;
        } else if order(ctx, CompareOp::Lt, x, Value::float(0.0))? {
            let message = ctx.heap.str("No negative inputs allowed");
            return Err(error_with(ctx, &[message, x]));
        } else {
            zero = true;
        }
    }
    let total = sum.round().map_err(|wrong| crate::math::iterables::no_sum(ctx, wrong))?;
    if data.is_empty() {
        return Err(error(ctx, "Must have a non-empty dataset"));
    }
    let mean = match () {
        () if total.is_nan() || (zero && total == f64::INFINITY) => f64::NAN,
        () if zero => 0.0,
        () => (total / data.len() as f64).exp(),
    };
    Ok(Value::float(mean).into())
}

const NEGATIVE: &str = "harmonic mean does not support negative values";

pub(super) fn harmonic_mean(ctx: &mut Ctx<'_>, data: Value, weights: Value) -> NativeResult {
    drain::<Harmonic>(ctx, data, &[weights], [0; 3])
}

fn harmonic_data(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value]) -> NativeResult {
    let data = items_of(ctx, items);
    if data.is_empty() {
        return Err(error(ctx, "harmonic_mean requires at least one data point"));
    }
    if !kept[0].is_none() {
        return drain::<HarmonicWeighted>(ctx, kept[0], &[Value::List(items)], [0; 3]);
    }
    if let [x] = data[..] {
        if !is_real(ctx, x) {
            return Err(ctx.type_error("unsupported type"));
        }
        if order(ctx, CompareOp::Lt, x, Value::Int(0))? {
            return Err(error(ctx, NEGATIVE));
        }
        return Ok(x.into());
    }
    let weights = vec![Value::Int(1); data.len()];
    harmonic_of(ctx, &weights, &data, Exact::from(data.len() as i64))
}

/// Whether it is a number: also one of another module's type.
fn is_real(ctx: &Ctx<'_>, x: Value) -> bool {
    let other = |x| star::ops::hooks::find(ctx.heap, x, |hooks| hooks.number).is_some();
    star::ops::number::is_number(x) || other(x)
}

fn harmonic_weighted(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value]) -> NativeResult {
    let Value::List(data) = kept[0] else { return Ok(Value::None.into()) };
    let (weights, data) = (items_of(ctx, items), items_of(ctx, data));
    if weights.len() != data.len() {
        return Err(error(ctx, "Number of weights does not match data size"));
    }
    let mut sums = Sums::new(false);
    for &weight in &weights {
        if order(ctx, CompareOp::Lt, weight, Value::Int(0))? {
            return Err(error(ctx, NEGATIVE));
        }
        sums.add(ctx, weight)?;
    }
    sums.kind(ctx)?;
    let total = sums.sum(ctx)?;
    harmonic_of(ctx, &weights, &data, total)
}

/// `sum_of_weights` over the sum of each weight over its item.
fn harmonic_of(ctx: &mut Ctx<'_>, weights: &[Value], data: &[Value], sum_of_weights: Exact) -> NativeResult {
    let mut sums = Sums::new(false);
    for (&weight, &x) in weights.iter().zip(data) {
        if order(ctx, CompareOp::Lt, x, Value::Int(0))? {
            return Err(error(ctx, NEGATIVE));
        }
        let share = match types::truthy(ctx.heap, weight) {
            true => binary(ctx, Op::Div, weight, x),
            false => Ok(Value::Int(0)),
        };
        match share {
            Ok(share) => {
                ctx.heap.scratch.push(share);
                let added = sums.add(ctx, share);
                ctx.heap.scratch.pop();
                added?;
            }
            Err(Raise::Exception(at))
                if types::type_id(ctx.heap, Value::Exception(at)) == TypeId::ZeroDivisionError =>
            {
                return Ok(Value::Int(0).into());
            }
            Err(raise) => return Err(raise),
        }
    }
    let kind = sums.kind(ctx)?;
    let total = sums.sum(ctx)?;
    let result = match (sum_of_weights, total) {
        (Exact::Ratio(n, d), Exact::Ratio(n2, d2)) => {
            if n2.sign() != num_bigint::Sign::Plus {
                return Err(error(ctx, "Weighted sum must be positive"));
            }
            Exact::Ratio(n * d2, d * n2)
        }
        (weights, total) => {
            let (weights, total) = (weights.float(ctx)?, total.float(ctx)?);
            if total <= 0.0 {
                return Err(error(ctx, "Weighted sum must be positive"));
            }
            Exact::Special(Value::float(weights / total))
        }
    };
    Ok(result.convert(ctx, kind)?.into())
}

/// The mean of floats, as `fsum` over how many there are.
pub(super) fn float_mean(ctx: &mut Ctx<'_>, items: Value) -> Result<f64, Raise> {
    let count = ctx.heap.as_items(items).map_or(0, <[Value]>::len);
    let total = sum_of_floats(ctx, items)?;
    real(ctx, Value::float(total / count as f64))
}
