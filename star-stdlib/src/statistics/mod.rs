//! `statistics`.
//!
//! In: data: any iterable of numbers. Out: averages, spreads, relations, distributions. Rule: what CPython computes
//! exactly and rounds once is exact here, and the rest is computed in its order.
//!
//! | file | |
//! | --- | --- |
//! | `exact` | sums as fractions, and the types of results |
//! | `averages` | means |
//! | `order` | medians, modes, quantiles |
//! | `spread` | variances and deviations |
//! | `relations` | covariance, correlation, regression |
//! | `normal` | `NormalDist` |
//! | `density` | `kde`, `kde_random` |
//! | `kernels` | their kernels |

mod averages;
mod density;
mod exact;
mod kernels;
mod normal;
mod order;
mod relations;
mod spread;

use star::heap::{ExceptionBase, HostException, HostType};
use star::object::types::TypeId;
use star::ops::exception;
use star::private::{Base, Ctx, NativeResult, Raise, Value};
use star_macros::star_module;

use crate::collections::NAMED;

pub use module::module;

/// `StatisticsError`.
static STATISTICS_ERROR: HostException = HostException::named(
    "StatisticsError",
    "statistics",
    "Data that have no such statistic.",
    ExceptionBase::Type(TypeId::ValueError),
);

/// `LinearRegression`.
static LINEAR_REGRESSION: HostType = HostType {
    base: Base::Host(&NAMED),
    fields: &["slope", "intercept"],
    ..HostType::named("LinearRegression", "statistics", "LinearRegression(slope, intercept)")
};

/// A raise of `StatisticsError`.
#[cold]
fn error(ctx: &mut Ctx<'_>, message: &str) -> Raise {
    let message = ctx.heap.str(message);
    error_with(ctx, &[message])
}

/// A raise of `StatisticsError` with these arguments.
#[cold]
fn error_with(ctx: &mut Ctx<'_>, args: &[Value]) -> Raise {
    let class = ctx.heap.host_exception(&STATISTICS_ERROR);
    Raise::Exception(exception::new(ctx.heap, class, args))
}

/// Statistics of numbers.
#[star_module(
    "statistics",
    family = "python",
    types = [super::LINEAR_REGRESSION, super::normal::NORMAL_DIST],
    exceptions = [super::STATISTICS_ERROR]
)]
mod module {
    use super::*;

    /// Pearson's correlation of two series, or Spearman's with method "ranked".
    #[star_fn(script)]
    fn correlation(
        ctx: &mut Ctx<'_>,
        #[star(pos)] x: Value,
        #[star(pos)] y: Value,
        #[star(kw, default = Value::Undef)] method: Value,
    ) -> NativeResult {
        relations::correlation(ctx, x, y, method)
    }

    /// The sample covariance of two series.
    #[star_fn(script, pos)]
    fn covariance(ctx: &mut Ctx<'_>, x: Value, y: Value) -> NativeResult {
        relations::covariance(ctx, x, y)
    }

    /// The mean of the data as floats, or their weighted mean.
    #[star_fn(script)]
    fn fmean(ctx: &mut Ctx<'_>, data: Value, #[star(default = Value::None)] weights: Value) -> NativeResult {
        averages::fmean(ctx, data, weights)
    }

    /// The root of the product of the data, as many times as there are.
    #[star_fn(script)]
    fn geometric_mean(ctx: &mut Ctx<'_>, data: Value) -> NativeResult {
        averages::geometric_mean(ctx, data)
    }

    /// The reciprocal of the mean of the reciprocals of the data.
    #[star_fn(script)]
    fn harmonic_mean(
        ctx: &mut Ctx<'_>,
        data: Value,
        #[star(default = Value::None)] weights: Value,
    ) -> NativeResult {
        averages::harmonic_mean(ctx, data, weights)
    }

    /// A function that estimates the density that a sample was drawn from, or with cumulative its integral.
    #[star_fn(script)]
    fn kde(
        ctx: &mut Ctx<'_>,
        data: Value,
        h: Value,
        #[star(default = Value::Undef)] kernel: Value,
        #[star(kw, default = Value::Undef)] cumulative: Value,
    ) -> NativeResult {
        density::estimate(ctx, data, h, kernel, cumulative)
    }

    /// A function that draws from the density that `kde` estimates.
    #[star_fn(script)]
    fn kde_random(
        ctx: &mut Ctx<'_>,
        data: Value,
        h: Value,
        #[star(default = Value::Undef)] kernel: Value,
        #[star(kw, default = Value::None)] seed: Value,
    ) -> NativeResult {
        density::random(ctx, data, h, kernel, seed)
    }

    /// Slope and intercept of the line that is nearest to the points.
    #[star_fn(script)]
    fn linear_regression(
        ctx: &mut Ctx<'_>,
        #[star(pos)] x: Value,
        #[star(pos)] y: Value,
        #[star(kw, default = Value::Undef)] proportional: Value,
    ) -> NativeResult {
        relations::linear_regression(ctx, x, y, proportional)
    }

    /// The arithmetic mean of the data, in their type.
    #[star_fn(script)]
    fn mean(ctx: &mut Ctx<'_>, data: Value) -> NativeResult {
        averages::mean(ctx, data)
    }

    /// The middle of the data in order, or the mean of the two in the middle.
    #[star_fn(script)]
    fn median(ctx: &mut Ctx<'_>, data: Value) -> NativeResult {
        order::median(ctx, data)
    }

    /// The median of data that stand for intervals of a width.
    #[star_fn(script)]
    fn median_grouped(
        ctx: &mut Ctx<'_>,
        data: Value,
        #[star(default = Value::float(1.0))] interval: Value,
    ) -> NativeResult {
        order::median_grouped(ctx, data, interval)
    }

    /// The middle of the data in order, or the larger of the two in the middle.
    #[star_fn(script)]
    fn median_high(ctx: &mut Ctx<'_>, data: Value) -> NativeResult {
        order::median_high(ctx, data)
    }

    /// The middle of the data in order, or the smaller of the two in the middle.
    #[star_fn(script)]
    fn median_low(ctx: &mut Ctx<'_>, data: Value) -> NativeResult {
        order::median_low(ctx, data)
    }

    /// The value that occurs most often, the first of several.
    #[star_fn(script)]
    fn mode(ctx: &mut Ctx<'_>, data: Value) -> NativeResult {
        order::mode(ctx, data)
    }

    /// The values that occur most often, as a list.
    #[star_fn(script)]
    fn multimode(ctx: &mut Ctx<'_>, data: Value) -> NativeResult {
        order::multimode(ctx, data)
    }

    /// The square root of the population variance.
    #[star_fn(script)]
    fn pstdev(ctx: &mut Ctx<'_>, data: Value, #[star(default = Value::None)] mu: Value) -> NativeResult {
        spread::pstdev(ctx, data, mu)
    }

    /// The variance of the data as a whole population.
    #[star_fn(script)]
    fn pvariance(ctx: &mut Ctx<'_>, data: Value, #[star(default = Value::None)] mu: Value) -> NativeResult {
        spread::pvariance(ctx, data, mu)
    }

    /// The points that divide the data into `n` parts of equal probability.
    #[star_fn(script)]
    fn quantiles(
        ctx: &mut Ctx<'_>,
        data: Value,
        #[star(kw, default = Value::Int(4))] n: Value,
        #[star(kw, default = Value::Undef)] method: Value,
    ) -> NativeResult {
        order::quantiles(ctx, data, n, method)
    }

    /// The square root of the sample variance.
    #[star_fn(script)]
    fn stdev(ctx: &mut Ctx<'_>, data: Value, #[star(default = Value::None)] xbar: Value) -> NativeResult {
        spread::stdev(ctx, data, xbar)
    }

    /// The variance of the data as a sample of a population.
    #[star_fn(script)]
    fn variance(ctx: &mut Ctx<'_>, data: Value, #[star(default = Value::None)] xbar: Value) -> NativeResult {
        spread::variance(ctx, data, xbar)
    }
}
