//! Variances and standard deviations.
//!
//! In: data, and their mean if it is known. Out: how far they are spread. Rule: exact until the one rounding at the end.

use num_integer::Integer;
use star::ast::BinaryOp as Op;
use star::object::List;
use star::object::types::TypeId;
use star::ops::iterate::drain;
use star::private::{Ctx, NativeResult, Raise, Value};
use star::value::Ref;

use super::averages::items_of;
use super::error;
use super::exact::{Exact, Kind, Sums, root_of_ratio};
use crate::calculate::binary;
use crate::native::drains;

drains! {
    Variance = variance_of;
    PVariance = pvariance_of;
    StDev = stdev_of;
    PStDev = pstdev_of;
}

pub(super) fn variance(ctx: &mut Ctx<'_>, data: Value, mean: Value) -> NativeResult {
    drain::<Variance>(ctx, data, &[mean], [0; 3])
}

pub(super) fn pvariance(ctx: &mut Ctx<'_>, data: Value, mean: Value) -> NativeResult {
    drain::<PVariance>(ctx, data, &[mean], [0; 3])
}

pub(super) fn stdev(ctx: &mut Ctx<'_>, data: Value, mean: Value) -> NativeResult {
    drain::<StDev>(ctx, data, &[mean], [0; 3])
}

pub(super) fn pstdev(ctx: &mut Ctx<'_>, data: Value, mean: Value) -> NativeResult {
    drain::<PStDev>(ctx, data, &[mean], [0; 3])
}

/// What there is to know of the deviations of data.
pub(super) struct Deviations {
    kind: Kind,
    /// The mean, where it was not given.
    pub(super) mean: Exact,
    /// The sum of squares.
    squares: Exact,
    pub(super) count: i64,
}

/// The deviations of the items of a rooted list from their mean.
pub(super) fn deviations(ctx: &mut Ctx<'_>, items: Ref<List>, mean: Value) -> Result<Deviations, Raise> {
    let mut sums = Sums::new(mean.is_none());
    if mean.is_none() {
        sums.add_all(ctx, Value::List(items))?;
        let (mean, squares) = sums.deviations(ctx)?;
        return Ok(Deviations { kind: sums.kind(ctx)?, mean, squares, count: sums.count });
    }
    for x in items_of(ctx, items) {
        let away = binary(ctx, Op::Sub, x, mean)?;
        ctx.heap.scratch.push(away);
        let square = binary(ctx, Op::Mul, away, away);
        ctx.heap.scratch.pop();
        let square = square?;
        ctx.heap.scratch.push(square);
        let added = sums.add(ctx, square);
        ctx.heap.scratch.pop();
        added?;
    }
    let kind = sums.kind(ctx)?;
    let squares = sums.sum(ctx)?;
    Ok(Deviations { kind, mean: Exact::from(0), squares, count: sums.count })
}

impl Deviations {
    /// The variance with `less` degrees of freedom less than there are data.
    fn variance(self, ctx: &mut Ctx<'_>, less: i64) -> Result<(Exact, Kind), Raise> {
        Ok((self.squares.over(ctx, self.count - less)?, self.kind))
    }

    /// The standard deviation, as a float.
    pub(super) fn root(self, ctx: &mut Ctx<'_>, less: i64) -> Result<f64, Raise> {
        match self.squares.over(ctx, self.count - less)? {
            Exact::Ratio(n, d) => {
                let common = n.gcd(&d);
                root_of_ratio(ctx, &(n / &common), &(d / common))
            }
            Exact::Special(value) => {
                let given = star::ops::types::type_name(ctx.heap, value);
                let message = format!("'{given}' object has no attribute 'numerator'");
                Err(ctx.error(TypeId::AttributeError, message))
            }
        }
    }
}

/// The deviations of at least so many data.
fn checked(
    ctx: &mut Ctx<'_>,
    items: Ref<List>,
    mean: Value,
    least: i64,
    message: &str,
) -> Result<Deviations, Raise> {
    let deviations = deviations(ctx, items, mean)?;
    if deviations.count < least { Err(error(ctx, message)) } else { Ok(deviations) }
}

fn variance_of(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value]) -> NativeResult {
    let found = checked(ctx, items, kept[0], 2, "variance requires at least two data points")?;
    let (variance, kind) = found.variance(ctx, 1)?;
    Ok(variance.convert(ctx, kind)?.into())
}

fn pvariance_of(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value]) -> NativeResult {
    let found = checked(ctx, items, kept[0], 1, "pvariance requires at least one data point")?;
    let (variance, kind) = found.variance(ctx, 0)?;
    Ok(variance.convert(ctx, kind)?.into())
}

fn stdev_of(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value]) -> NativeResult {
    let found = checked(ctx, items, kept[0], 2, "stdev requires at least two data points")?;
    Ok(Value::float(found.root(ctx, 1)?).into())
}

fn pstdev_of(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value]) -> NativeResult {
    let found = checked(ctx, items, kept[0], 1, "pstdev requires at least one data point")?;
    Ok(Value::float(found.root(ctx, 0)?).into())
}
