//! Covariance, correlation and regression: relations of two series.
//!
//! In: two series of the same length. Out: numbers. Rule: deviations from the means are floats, their products are added
//! in extended precision.

use star::ast::BinaryOp as Op;
use star::builtins::sort::{Entry, sort_entries};
use star::object::List;
use star::object::types::TypeId;
use star::ops::iterate::drain;
use star::ops::{compare, repr, types};
use star::private::{Ctx, NativeResult, Raise, Value};
use star::value::Ref;

use super::averages::{float_mean, items_of};
use super::{LINEAR_REGRESSION, error};
use crate::arguments::real;
use crate::calculate::{binary, length};
use crate::math::exact::Triple;
use crate::math::iterables::sum_of_products;
use crate::native::drains;

drains! {
    CovarianceX = covariance_x;
    CovarianceXY = covariance_xy;
    CorrelationX = correlation_x;
    CorrelationXY = correlation_xy;
    RegressionX = regression_x;
    RegressionXY = regression_xy;
}

/// Checks that both series have the same length, of at least two.
fn check_lengths(ctx: &mut Ctx<'_>, x: Value, y: Value, what: &str) -> Result<(), Raise> {
    let count = length(ctx, x)?;
    if length(ctx, y)? != count {
        return Err(error(ctx, &format!("{what} requires that both inputs have same number of data points")));
    }
    if count < 2 {
        return Err(error(ctx, &format!("{what} requires at least two data points")));
    }
    Ok(())
}

/// Takes the mean from each item of a rooted list. The mean.
fn center(ctx: &mut Ctx<'_>, series: Ref<List>) -> Result<f64, Raise> {
    let mean = float_mean(ctx, Value::List(series))?;
    ctx.charge(ctx.heap[series].items().len())?;
    for (at, x) in items_of(ctx, series).into_iter().enumerate() {
        let away = binary(ctx, Op::Sub, x, Value::float(mean))?;
        ctx.heap.list_set(series, at, away);
    }
    Ok(mean)
}

pub(super) fn covariance(ctx: &mut Ctx<'_>, x: Value, y: Value) -> NativeResult {
    check_lengths(ctx, x, y, "covariance")?;
    drain::<CovarianceX>(ctx, x, &[y], [0; 3])
}

fn covariance_x(ctx: &mut Ctx<'_>, x: Ref<List>, kept: &[Value]) -> NativeResult {
    drain::<CovarianceXY>(ctx, kept[0], &[Value::List(x)], [0; 3])
}

fn covariance_xy(ctx: &mut Ctx<'_>, y: Ref<List>, kept: &[Value]) -> NativeResult {
    let Value::List(x) = kept[0] else { return Ok(Value::None.into()) };
    let count = ctx.heap[x].items().len() as i64;
    center(ctx, x)?;
    center(ctx, y)?;
    let products = sum_of_products(ctx, kept[0], Value::List(y))?;
    Ok(binary(ctx, Op::Div, products, Value::Int(count - 1))?.into())
}

pub(super) fn correlation(ctx: &mut Ctx<'_>, x: Value, y: Value, method: Value) -> NativeResult {
    check_lengths(ctx, x, y, "correlation")?;
    let ranked = match ctx.heap.as_str(method) {
        Some("linear") => false,
        Some("ranked") => true,
        None if method.is_undef() => false,
        _ => {
            let shown = repr::repr(ctx, method)?;
            return Err(ctx.value_error(format!("Unknown method: {shown}")));
        }
    };
    drain::<CorrelationX>(ctx, x, &[y, Value::bool(ranked)], [0; 3])
}

fn correlation_x(ctx: &mut Ctx<'_>, x: Ref<List>, kept: &[Value]) -> NativeResult {
    drain::<CorrelationXY>(ctx, kept[0], &[Value::List(x), kept[1]], [0; 3])
}

fn correlation_xy(ctx: &mut Ctx<'_>, y: Ref<List>, kept: &[Value]) -> NativeResult {
    let Value::List(x) = kept[0] else { return Ok(Value::None.into()) };
    for series in [x, y] {
        if types::truthy(ctx.heap, kept[1]) {
            rank(ctx, series)?;
        } else {
            center(ctx, series)?;
        }
    }
    let (x, y) = (Value::List(x), Value::List(y));
    let xy = sum_of_products(ctx, x, y)?;
    let xy = real(ctx, xy)?;
    let xx = sum_of_products(ctx, x, x)?;
    let xx = real(ctx, xx)?;
    let yy = sum_of_products(ctx, y, y)?;
    let yy = real(ctx, yy)?;
    match root_of_product(xx, yy) {
        0.0 => Err(error(ctx, "at least one of the inputs is constant")),
        root => Ok(Value::float(xy / root).into()),
    }
}

/// Puts in the place of each item its rank, the middle one 0; equal items share the mean of theirs.
fn rank(ctx: &mut Ctx<'_>, series: Ref<List>) -> Result<(), Raise> {
    let items = items_of(ctx, series);
    let places = items.iter().enumerate().map(|(at, &key)| Entry { key, value: Value::Int(at as i64) });
    let mut entries: Vec<Entry> = places.collect();
    sort_entries(ctx, &mut entries, false)?;
    let mut before = (items.len() as f64 - 1.0) / -2.0 - 1.0;
    let mut start = 0;
    while start < entries.len() {
        let mut end = start + 1;
        while end < entries.len() && compare::equal(ctx, entries[start].key, entries[end].key)? {
            end += 1;
        }
        let size = (end - start) as f64;
        for entry in &entries[start..end] {
            let place = entry.value.as_int().unwrap_or_default() as usize;
            ctx.heap.list_set(series, place, Value::float(before + (size + 1.0) / 2.0));
        }
        before += size;
        start = end;
    }
    Ok(())
}

/// `sqrt(x * y)`, more closely, and where the product is no float.
fn root_of_product(x: f64, y: f64) -> f64 {
    let root = (x * y).sqrt();
    if !root.is_finite() {
        if root.is_infinite() && x.is_finite() && y.is_finite() {
            let scale = 2f64.powi(-512);
            return root_of_product(scale * x, scale * y) / scale;
        }
        return root;
    }
    if root == 0.0 {
        if x != 0.0 && y != 0.0 {
            let scale = 2f64.powi(537);
            return root_of_product(scale * x, scale * y) / scale;
        }
        return root;
    }
    let rest = Triple::default().add_product(x, y).add_product(root, -root).round();
    root + rest / (2.0 * root)
}

pub(super) fn linear_regression(ctx: &mut Ctx<'_>, x: Value, y: Value, proportional: Value) -> NativeResult {
    check_lengths(ctx, x, y, "linear regression")?;
    let proportional = types::truthy(ctx.heap, proportional);
    drain::<RegressionX>(ctx, x, &[y, Value::bool(proportional)], [0; 3])
}

fn regression_x(ctx: &mut Ctx<'_>, x: Ref<List>, kept: &[Value]) -> NativeResult {
    drain::<RegressionXY>(ctx, kept[0], &[Value::List(x), kept[1]], [0; 3])
}

fn regression_xy(ctx: &mut Ctx<'_>, y: Ref<List>, kept: &[Value]) -> NativeResult {
    let Value::List(x) = kept[0] else { return Ok(Value::None.into()) };
    let means = match types::truthy(ctx.heap, kept[1]) {
        true => None,
        false => Some((center(ctx, x)?, center(ctx, y)?)),
    };
    let xy = sum_of_products(ctx, kept[0], Value::List(y))?;
    let xy = binary(ctx, Op::Add, xy, Value::float(0.0))?;
    let xx = sum_of_products(ctx, kept[0], kept[0])?;
    let slope = match binary(ctx, Op::Div, xy, xx) {
        Ok(slope) => slope,
        Err(Raise::Exception(at))
            if types::type_id(ctx.heap, Value::Exception(at)) == TypeId::ZeroDivisionError =>
        {
            return Err(error(ctx, "x is constant"));
        }
        Err(raise) => return Err(raise),
    };
    let intercept = match means {
        None => 0.0,
        Some((x, y)) => y - real(ctx, slope)? * x,
    };
    let class = ctx.heap.host_type(&LINEAR_REGRESSION);
    Ok(ctx.heap.named_tuple(class, &[slope, Value::float(intercept)]).into())
}
