//! `NormalDist`.
//!
//! In: a mean and a standard deviation, or a sample. Out: a distribution: probabilities, draws, sums. Rule: two of them
//! are equal where their parameters are.

use std::f64::consts::{SQRT_2, TAU};

use star::ast::{BinaryOp as Op, CompareOp, UnaryOp};
use star::heap::{Args, Arity, Attribute, Compared, HostType, Native, Outcome};
use star::object::types::TypeId;
use star::object::{HostData, List};
use star::ops::iterate::drain;
use star::ops::number;
use star::private::{Ctx, Hooks, NativeResult, Piece, Raise, Value};
use star::value::Ref;

use super::error;
use super::exact::Exact;
use super::spread::deviations;
use crate::arguments::{clamped, real};
use crate::calculate::{binary, order};
use crate::math::exact::norm;
use crate::math::special::normal_quantile;
use crate::native::{attribute, drains, method, script};
use crate::random;

/// `NormalDist`.
pub(super) static NORMAL_DIST: HostType = HostType {
    new: Some(&NEW),
    methods: METHODS,
    statics: &[method(
        &NORMAL_DIST,
        "from_samples",
        script(&["data"], 1),
        from_samples,
        "from_samples(data): the distribution with the mean and deviation of a sample",
    )],
    attributes: ATTRIBUTES,
    hooks: Hooks {
        repr: Some(pieces),
        compare: Some(compare),
        hash: Some(hash),
        binary: Some(calculate),
        unary: Some(signed),
        ..Hooks::NONE
    },
    ..HostType::named("NormalDist", "statistics", "A normal distribution.")
};

static NEW: Native = method(
    &NORMAL_DIST,
    "__init__",
    script(&["mu", "sigma"], 0),
    new,
    "NormalDist(mu=0.0, sigma=1.0): the distribution with that mean and standard deviation",
);

static ATTRIBUTES: &[Attribute] = &[
    attribute("mean", "The mean.", |ctx, me| Ok(Value::float(parameters(ctx, me).0))),
    attribute("median", "The median.", |ctx, me| Ok(Value::float(parameters(ctx, me).0))),
    attribute("mode", "The mode.", |ctx, me| Ok(Value::float(parameters(ctx, me).0))),
    attribute("stdev", "The standard deviation.", |ctx, me| Ok(Value::float(parameters(ctx, me).1))),
    attribute("variance", "The variance.", |ctx, me| {
        let sigma = parameters(ctx, me).1;
        Ok(Value::float(sigma * sigma))
    }),
];

static METHODS: &[Native] = &[
    method(&NORMAL_DIST, "cdf", script(&["x"], 1), cdf, "cdf(x): the probability of a value up to x"),
    method(
        &NORMAL_DIST,
        "inv_cdf",
        script(&["p"], 1),
        inv_cdf,
        "inv_cdf(p): the value up to which there is probability p",
    ),
    method(
        &NORMAL_DIST,
        "overlap",
        script(&["other"], 1),
        overlap,
        "overlap(other): the area under both densities",
    ),
    method(&NORMAL_DIST, "pdf", script(&["x"], 1), pdf, "pdf(x): the density at x"),
    method(
        &NORMAL_DIST,
        "quantiles",
        script(&["n"], 0),
        quantiles,
        "quantiles(n=4): the points that divide it into n parts of equal probability",
    ),
    method(
        &NORMAL_DIST,
        "samples",
        Arity::Script { names: &["n", "seed"], positional_only: 0, positional: 1, required: 1 },
        samples,
        "samples(n, *, seed=None): a list of n random values",
    ),
    method(
        &NORMAL_DIST,
        "zscore",
        script(&["x"], 1),
        zscore,
        "zscore(x): how many standard deviations x is above the mean",
    ),
];

drains! {
    Samples = of_samples;
}

#[derive(Clone, Copy)]
struct NormalDist {
    mu: f64,
    sigma: f64,
}

impl HostData for NormalDist {}

/// The mean and the standard deviation of a receiver.
fn parameters(ctx: &Ctx<'_>, me: Value) -> (f64, f64) {
    found(ctx, me).unwrap_or((0.0, 0.0))
}

/// The parameters, if it is a distribution.
fn found(ctx: &Ctx<'_>, value: Value) -> Option<(f64, f64)> {
    let Value::Host(at) = value else { return None };
    ctx.heap[at].borrow::<NormalDist>().map(|own| (own.mu, own.sigma))
}

fn make(ctx: &mut Ctx<'_>, mu: f64, sigma: f64) -> Value {
    ctx.heap.host_object(&NORMAL_DIST, NormalDist { mu, sigma })
}

/// A distribution of any two values.
fn checked(ctx: &mut Ctx<'_>, mu: Value, sigma: Value) -> Result<Value, Raise> {
    if order(ctx, CompareOp::Lt, sigma, Value::float(0.0))? {
        return Err(error(ctx, "sigma must be non-negative"));
    }
    let mu = to_float(ctx, mu)?;
    let sigma = to_float(ctx, sigma)?;
    Ok(make(ctx, mu, sigma))
}

/// `float(value)`
fn to_float(ctx: &mut Ctx<'_>, value: Value) -> Result<f64, Raise> {
    let Value::Type(float) = TypeId::Float.value() else { return real(ctx, value) };
    match star::builtins::construct(ctx, float, Args::new(&[value]))? {
        Outcome::Return(value) => real(ctx, value),
        _ => real(ctx, value),
    }
}

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let or = |at: usize, default: f64| args.get(at).unwrap_or(Value::float(default));
    Ok(checked(ctx, or(1, 0.0), or(2, 1.0))?.into())
}

fn from_samples(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    drain::<Samples>(ctx, args[1], &[], [0; 3])
}

fn of_samples(ctx: &mut Ctx<'_>, items: Ref<List>, _: &[Value]) -> NativeResult {
    let found = deviations(ctx, items, Value::None)?;
    if found.count < 2 {
        return Err(error(ctx, "stdev requires at least two data points"));
    }
    let mean = found.mean.float(ctx)?;
    let sigma = match found.mean {
        Exact::Ratio(..) => found.root(ctx, 1)?,
        Exact::Special(_) => f64::NAN,
    };
    Ok(checked(ctx, Value::float(mean), Value::float(sigma))?.into())
}

fn samples(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let generator = match args.get(2).filter(|seed| !seed.is_none()) {
        None => random::shared(ctx)?,
        Some(seed) => random::generator(ctx, seed)?,
    };
    let count = clamped(ctx, args[1])?.max(0) as usize;
    ctx.charge(count)?;
    ctx.heap.scratch.push(generator);
    let room = ctx.reserve_large(count.saturating_mul(size_of::<Value>()));
    ctx.heap.scratch.pop();
    room?;
    let (mu, sigma) = parameters(ctx, args[0]);
    let draw = |_| Value::float(mu + normal_quantile(random::unit(ctx, generator)) * sigma);
    let drawn = (0..count).map(draw).collect();
    Ok(ctx.heap.list(drawn).into())
}

fn pdf(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (mu, sigma) = parameters(ctx, args[0]);
    let variance = sigma * sigma;
    if variance == 0.0 {
        return Err(error(ctx, "pdf() not defined when sigma is zero"));
    }
    let away = binary(ctx, Op::Sub, args[1], Value::float(mu))?;
    let away = real(ctx, away)?;
    Ok(Value::float((away * away / (-2.0 * variance)).exp() / (TAU * variance).sqrt()).into())
}

fn cumulative(x: f64, mu: f64, sigma: f64) -> f64 {
    0.5 * (1.0 + libm::erf((x - mu) / (sigma * SQRT_2)))
}

fn cdf(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (mu, sigma) = parameters(ctx, args[0]);
    if sigma == 0.0 {
        return Err(error(ctx, "cdf() not defined when sigma is zero"));
    }
    let away = binary(ctx, Op::Sub, args[1], Value::float(mu))?;
    let away = real(ctx, away)?;
    Ok(Value::float(cumulative(away, 0.0, sigma)).into())
}

fn inv_cdf(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let outside = order(ctx, CompareOp::Le, args[1], Value::float(0.0))?
        || order(ctx, CompareOp::Ge, args[1], Value::float(1.0))?;
    if outside {
        return Err(error(ctx, "p must be in the range 0.0 < p < 1.0"));
    }
    let (mu, sigma) = parameters(ctx, args[0]);
    let p = real(ctx, args[1])?;
    Ok(Value::float(mu + normal_quantile(p) * sigma).into())
}

fn quantiles(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let n = clamped(ctx, args.get(1).unwrap_or(Value::Int(4)))?;
    let (mu, sigma) = parameters(ctx, args[0]);
    let count = (n - 1).max(0) as usize;
    ctx.charge(count)?;
    ctx.reserve_large(count.saturating_mul(size_of::<Value>()))?;
    let cuts = (1..n).map(|i| Value::float(mu + normal_quantile(i as f64 / n as f64) * sigma)).collect();
    Ok(ctx.heap.list(cuts).into())
}

fn overlap(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let mut x = parameters(ctx, args[0]);
    let Some(mut y) = found(ctx, args[1]) else {
        return Err(ctx.type_error("Expected another NormalDist instance"));
    };
    if (y.1, y.0) < (x.1, x.0) {
        (x, y) = (y, x);
    }
    let ((x_mu, x_sigma), (y_mu, y_sigma)) = (x, y);
    let (x_var, y_var) = (x_sigma * x_sigma, y_sigma * y_sigma);
    if x_var == 0.0 || y_var == 0.0 {
        return Err(error(ctx, "overlap() not defined when sigma is zero"));
    }
    let dv = y_var - x_var;
    let dm = (y_mu - x_mu).abs();
    if dv == 0.0 {
        return Ok(Value::float(1.0 - libm::erf(dm / (2.0 * x_sigma * SQRT_2))).into());
    }
    let a = x_mu * y_var - y_mu * x_var;
    let b = x_sigma * y_sigma * (dm * dm + dv * (y_var / x_var).ln()).sqrt();
    let apart = |at: f64| (cumulative(at, y_mu, y_sigma) - cumulative(at, x_mu, x_sigma)).abs();
    Ok(Value::float(1.0 - (apart((a + b) / dv) + apart((a - b) / dv))).into())
}

fn zscore(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (mu, sigma) = parameters(ctx, args[0]);
    if sigma == 0.0 {
        return Err(error(ctx, "zscore() not defined when sigma is zero"));
    }
    let away = binary(ctx, Op::Sub, args[1], Value::float(mu))?;
    Ok(binary(ctx, Op::Div, away, Value::float(sigma))?.into())
}

fn pieces(ctx: &mut Ctx<'_>, me: Value) -> Result<Vec<Piece>, Raise> {
    let (mu, sigma) = parameters(ctx, me);
    Ok(vec![
        Piece::Text("NormalDist(mu=".into()),
        Piece::Repr(Value::float(mu)),
        Piece::Text(", sigma=".into()),
        Piece::Repr(Value::float(sigma)),
        Piece::Text(")".into()),
    ])
}

fn compare(ctx: &mut Ctx<'_>, op: CompareOp, a: Value, b: Value) -> Result<Compared, Raise> {
    Ok(match (op, found(ctx, a), found(ctx, b)) {
        (CompareOp::Eq, Some(a), Some(b)) => Compared::Is(a == b),
        (CompareOp::Ne, Some(a), Some(b)) => Compared::Is(a != b),
        _ => Compared::Unknown,
    })
}

fn hash(ctx: &mut Ctx<'_>, me: Value) -> Result<Value, Raise> {
    let (mu, sigma) = parameters(ctx, me);
    let both = ctx.heap.tuple(&[Value::float(mu), Value::float(sigma)]);
    Ok(Value::Int(star::ops::hash::script_hash(ctx, both)?))
}

/// Sums and differences with distributions and numbers, products and quotients with numbers.
fn calculate(ctx: &mut Ctx<'_>, op: Op, a: Value, b: Value) -> Result<Option<Value>, Raise> {
    let (left, right) = (found(ctx, a), found(ctx, b));
    Ok(Some(match (op, left, right) {
        (Op::Add, Some(x), Some(y)) => make(ctx, x.0 + y.0, norm(&mut [x.1, y.1])),
        (Op::Sub, Some(x), Some(y)) => make(ctx, x.0 - y.0, norm(&mut [x.1, y.1])),
        (Op::Add, Some((mu, sigma)), None) => shifted(ctx, op, mu, b, sigma)?,
        (Op::Add, None, Some((mu, sigma))) => shifted(ctx, op, mu, a, sigma)?,
        (Op::Sub, Some((mu, sigma)), None) => shifted(ctx, op, mu, b, sigma)?,
        (Op::Sub, None, Some((mu, sigma))) => {
            let moved = shifted(ctx, op, mu, a, sigma)?;
            let (mu, sigma) = parameters(ctx, moved);
            make(ctx, -mu, sigma)
        }
        (Op::Mul | Op::Div, Some(own), _) => scaled(ctx, op, own, b)?,
        (Op::Mul, None, Some(own)) => scaled(ctx, op, own, a)?,
        _ => return Ok(None),
    }))
}

/// `NormalDist(mu op other, sigma)`
fn shifted(ctx: &mut Ctx<'_>, op: Op, mu: f64, other: Value, sigma: f64) -> Result<Value, Raise> {
    let mu = number::binary(ctx, op, Value::float(mu), other)?;
    checked(ctx, mu, Value::float(sigma))
}

/// `NormalDist(mu op other, sigma op fabs(other))`
fn scaled(ctx: &mut Ctx<'_>, op: Op, (mu, sigma): (f64, f64), other: Value) -> Result<Value, Raise> {
    let mu = number::binary(ctx, op, Value::float(mu), other)?;
    let size = real(ctx, other)?.abs();
    let sigma = number::binary(ctx, op, Value::float(sigma), Value::float(size))?;
    checked(ctx, mu, sigma)
}

fn signed(ctx: &mut Ctx<'_>, op: UnaryOp, me: Value) -> Result<Option<Value>, Raise> {
    let (mu, sigma) = parameters(ctx, me);
    Ok(match op {
        UnaryOp::Pos => Some(make(ctx, mu, sigma)),
        UnaryOp::Neg => Some(make(ctx, -mu, sigma)),
        _ => None,
    })
}
