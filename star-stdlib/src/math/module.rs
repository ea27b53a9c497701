//! `math` with Python's names.
//!
//! In: numbers. Out: numbers, exact where CPython's are. Rule: where a function has no result, ValueError; where its
//! result is too large for a float, OverflowError.

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};
use star::heap::Number;
use star::object::types::TypeId;
use star::ops::{hooks, number, plain, types};
use star::private::{Ctx, NativeResult, Raise, Value};
use star_macros::star_module;

use super::{exact, integers, iterables, special};
use crate::arguments::{Integer, Real, big_integer, clamped, integer, real};

pub(super) use module::module;

/// `math domain error`.
#[cold]
fn domain_error(ctx: &mut Ctx<'_>) -> Raise {
    ctx.value_error("math domain error")
}

/// `math range error`.
#[cold]
fn range_error(ctx: &mut Ctx<'_>) -> Raise {
    ctx.error(TypeId::OverflowError, "math range error")
}

/// The result of a function that is never too large: what is infinite has no result either.
fn domain(ctx: &mut Ctx<'_>, x: Real, f: impl FnOnce(f64) -> f64) -> Result<f64, Raise> {
    let r = f(x.0);
    let wrong = (r.is_nan() && !x.0.is_nan()) || (r.is_infinite() && x.0.is_finite());
    if wrong { Err(domain_error(ctx)) } else { Ok(r) }
}

/// The result of a function that may be too large.
fn range(ctx: &mut Ctx<'_>, x: Real, f: impl FnOnce(f64) -> f64) -> Result<f64, Raise> {
    let r = f(x.0);
    if r.is_infinite() && x.0.is_finite() {
        return Err(range_error(ctx));
    }
    if r.is_nan() && !x.0.is_nan() { Err(domain_error(ctx)) } else { Ok(r) }
}

/// The result of a gamma function: infinite at its poles, and where it is too large.
fn poles(ctx: &mut Ctx<'_>, x: Real, f: impl FnOnce(f64) -> f64) -> Result<f64, Raise> {
    if x.0 <= 0.0 && x.0 == x.0.floor() && x.0.is_finite() {
        return Err(domain_error(ctx));
    }
    range(ctx, x, f)
}

/// The logarithm of a number, which may be an int beyond all floats.
pub(crate) fn log_of(ctx: &mut Ctx<'_>, x: Value, log: fn(f64) -> f64) -> Result<f64, Raise> {
    if let Value::Int(_) | Value::BigInt(_) | Value::Bool(_) = x {
        let n = number::to_big(ctx.heap, x).unwrap_or_default();
        let r = integers::log(&n, log);
        return if r.is_nan() { Err(domain_error(ctx)) } else { Ok(r) };
    }
    let x = real(ctx, x)?;
    let r = log(x);
    if x == 0.0 || (r.is_nan() && !x.is_nan()) { Err(domain_error(ctx)) } else { Ok(r) }
}

/// `floor`, `ceil` or `trunc` of a number: an int, unless its type says otherwise.
fn whole(ctx: &mut Ctx<'_>, x: Value, ask: Number, round: fn(f64) -> f64) -> Result<Option<Value>, Raise> {
    match x {
        Value::Int(_) | Value::BigInt(_) | Value::Bool(_) => integer(ctx, x).map(Some),
        Value::Float(bits) => to_int(ctx, round(f64::from_bits(bits))).map(Some),
        _ => hooks::number(ctx, ask, x).transpose(),
    }
}

/// A whole float as an int.
fn to_int(ctx: &mut Ctx<'_>, x: f64) -> Result<Value, Raise> {
    match star::text::float::float_to_int(x) {
        Ok(int) => Ok(plain::int_value(ctx.heap, int)),
        Err(error) => Err(plain::raise(ctx, error)),
    }
}

/// `x` raised to the power `y`; NaN where there is none.
fn power(x: f64, y: f64) -> f64 {
    let odd = y.is_finite() && y.abs() % 2.0 == 1.0;
    match () {
        () if x.is_finite() && y.is_finite() => x.powf(y),
        () if x.is_nan() => {
            if y == 0.0 {
                1.0
            } else {
                x
            }
        }
        () if y.is_nan() => {
            if x == 1.0 {
                1.0
            } else {
                y
            }
        }
        () if x.is_infinite() && y > 0.0 => {
            if odd {
                x
            } else {
                x.abs()
            }
        }
        () if x.is_infinite() && y == 0.0 => 1.0,
        () if x.is_infinite() => {
            if odd {
                0f64.copysign(x)
            } else {
                0.0
            }
        }
        () if x.abs() == 1.0 => 1.0,
        () if y > 0.0 && x.abs() > 1.0 => y,
        () if y < 0.0 && x.abs() < 1.0 => -y,
        () => 0.0,
    }
}

/// The float `steps` after `x` on the way to `y`.
pub(super) fn next_after(x: f64, y: f64, steps: u64) -> f64 {
    if x.is_nan() || steps == 0 {
        return x;
    }
    if y.is_nan() || x == y {
        return y;
    }
    const SIGN: u64 = 1 << 63;
    let (from, to) = (x.to_bits(), y.to_bits());
    if (from ^ to) & SIGN != 0 {
        let (down, up) = (from & !SIGN, to & !SIGN);
        return f64::from_bits(match steps {
            _ if down + up <= steps => to,
            _ if down < steps => (to & SIGN) | (steps - down),
            _ => from - steps,
        });
    }
    f64::from_bits(match from > to {
        true => from - steps.min(from - to),
        false => from + steps.min(to - from),
    })
}

/// Mathematical functions of the C standard, of ints, and of many numbers at once.
#[star_module("math", family = "python")]
mod module {
    use super::*;

    /// The ratio of a circle's circumference to its diameter.
    #[star(name = "pi")]
    const PI: f64 = std::f64::consts::PI;
    /// The base of natural logarithms.
    #[star(name = "e")]
    const E: f64 = std::f64::consts::E;
    /// The ratio of a circle's circumference to its radius.
    #[star(name = "tau")]
    const TAU: f64 = std::f64::consts::TAU;
    /// Infinity.
    #[star(name = "inf")]
    const INF: f64 = f64::INFINITY;
    /// What is no number.
    #[star(name = "nan")]
    const NAN: f64 = f64::NAN;

    /// The angle in radians whose cosine is `x`.
    #[star_fn(pos)]
    fn acos(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        domain(ctx, x, f64::acos)
    }

    /// The inverse hyperbolic cosine of `x`.
    #[star_fn(pos)]
    fn acosh(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        domain(ctx, x, special::acosh)
    }

    /// The angle in radians whose sine is `x`.
    #[star_fn(pos)]
    fn asin(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        domain(ctx, x, f64::asin)
    }

    /// The inverse hyperbolic sine of `x`.
    #[star_fn(pos)]
    fn asinh(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        domain(ctx, x, special::asinh)
    }

    /// The angle in radians whose tangent is `x`.
    #[star_fn(pos)]
    fn atan(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        domain(ctx, x, f64::atan)
    }

    /// The inverse hyperbolic tangent of `x`.
    #[star_fn(pos)]
    fn atanh(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        domain(ctx, x, special::atanh)
    }

    /// The cube root of `x`.
    #[star_fn(pos)]
    fn cbrt(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        domain(ctx, x, f64::cbrt)
    }

    /// The cosine of `x` radians.
    #[star_fn(pos)]
    fn cos(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        domain(ctx, x, f64::cos)
    }

    /// The hyperbolic cosine of `x`.
    #[star_fn(pos)]
    fn cosh(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        range(ctx, x, f64::cosh)
    }

    /// The error function of `x`.
    #[star_fn(pos)]
    fn erf(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        domain(ctx, x, libm::erf)
    }

    /// 1 without the error function of `x`.
    #[star_fn(pos)]
    fn erfc(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        domain(ctx, x, special::erfc)
    }

    /// e raised to the power `x`.
    #[star_fn(pos)]
    fn exp(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        range(ctx, x, f64::exp)
    }

    /// 2 raised to the power `x`.
    #[star_fn(pos)]
    fn exp2(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        range(ctx, x, f64::exp2)
    }

    /// e raised to the power `x`, minus 1, without the loss of the subtraction.
    #[star_fn(pos)]
    fn expm1(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        range(ctx, x, f64::exp_m1)
    }

    /// The absolute value of `x`, as a float.
    #[star_fn(pos)]
    fn fabs(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        domain(ctx, x, f64::abs)
    }

    /// The gamma function of `x`.
    #[star_fn(pos)]
    fn gamma(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        poles(ctx, x, special::gamma)
    }

    /// The logarithm of the absolute value of the gamma function of `x`.
    #[star_fn(pos)]
    fn lgamma(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        poles(ctx, x, special::lgamma)
    }

    /// The logarithm of `1 + x`, without the loss of the addition.
    #[star_fn(pos)]
    fn log1p(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        domain(ctx, x, f64::ln_1p)
    }

    /// The sine of `x` radians.
    #[star_fn(pos)]
    fn sin(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        domain(ctx, x, f64::sin)
    }

    /// The hyperbolic sine of `x`.
    #[star_fn(pos)]
    fn sinh(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        range(ctx, x, f64::sinh)
    }

    /// The square root of `x`.
    #[star_fn(pos)]
    fn sqrt(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        domain(ctx, x, f64::sqrt)
    }

    /// The tangent of `x` radians.
    #[star_fn(pos)]
    fn tan(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        domain(ctx, x, f64::tan)
    }

    /// The hyperbolic tangent of `x`.
    #[star_fn(pos)]
    fn tanh(ctx: &mut Ctx<'_>, x: Real) -> Result<f64, Raise> {
        domain(ctx, x, f64::tanh)
    }

    /// The angle in radians of the point `(x, y)`, from −pi to pi.
    #[star_fn(pos)]
    fn atan2(y: Real, x: Real) -> f64 {
        y.0.atan2(x.0)
    }

    /// The least int that is not less than `x`.
    #[star_fn(pos)]
    fn ceil(ctx: &mut Ctx<'_>, x: Value) -> Result<Value, Raise> {
        match whole(ctx, x, Number::Ceil, f64::ceil)? {
            Some(int) => Ok(int),
            None => real(ctx, x).and_then(|x| to_int(ctx, x.ceil())),
        }
    }

    /// The number of ways to choose `k` of `n` items, without order.
    #[star_fn(pos)]
    fn comb(ctx: &mut Ctx<'_>, n: Integer, k: Integer) -> Result<BigInt, Raise> {
        integers::comb(ctx, n, k)
    }

    /// The absolute value of `x` with the sign of `y`.
    #[star_fn(pos)]
    fn copysign(x: Real, y: Real) -> f64 {
        x.0.copysign(y.0)
    }

    /// An angle in radians as degrees.
    #[star_fn(pos)]
    fn degrees(x: Real) -> f64 {
        x.0 * (180.0 / std::f64::consts::PI)
    }

    /// The distance between two points, each an iterable of coordinates.
    #[star_fn(pos)]
    fn dist(ctx: &mut Ctx<'_>, p: Value, q: Value) -> NativeResult {
        iterables::dist(ctx, p, q)
    }

    /// `n!`
    #[star_fn(pos)]
    fn factorial(ctx: &mut Ctx<'_>, n: Integer) -> Result<BigInt, Raise> {
        integers::factorial(ctx, n)
    }

    /// The greatest int that is not greater than `x`.
    #[star_fn(pos)]
    fn floor(ctx: &mut Ctx<'_>, x: Value) -> Result<Value, Raise> {
        match whole(ctx, x, Number::Floor, f64::floor)? {
            Some(int) => Ok(int),
            None => real(ctx, x).and_then(|x| to_int(ctx, x.floor())),
        }
    }

    /// `x * y + z`, rounded once.
    #[star_fn(pos)]
    fn fma(ctx: &mut Ctx<'_>, x: Real, y: Real, z: Real) -> Result<f64, Raise> {
        let (x, y, z) = (x.0, y.0, z.0);
        let r = x.mul_add(y, z);
        if r.is_nan() && !x.is_nan() && !y.is_nan() && !z.is_nan() {
            return Err(ctx.value_error("invalid operation in fma"));
        }
        if r.is_infinite() && x.is_finite() && y.is_finite() && z.is_finite() {
            return Err(ctx.error(TypeId::OverflowError, "overflow in fma"));
        }
        Ok(r)
    }

    /// The remainder of `x / y` with the sign of `x`.
    #[star_fn(pos)]
    fn fmod(ctx: &mut Ctx<'_>, x: Real, y: Real) -> Result<f64, Raise> {
        let r = x.0 % y.0;
        if r.is_nan() && !x.0.is_nan() && !y.0.is_nan() { Err(domain_error(ctx)) } else { Ok(r) }
    }

    /// `(m, e)` with `x == m * 2**e` and `0.5 <= abs(m) < 1`.
    #[star_fn(pos)]
    fn frexp(x: Real) -> (f64, i64) {
        if !x.0.is_finite() {
            return (x.0, 0);
        }
        let (mantissa, exponent) = libm::frexp(x.0);
        (mantissa, exponent.into())
    }

    /// The sum of an iterable's numbers, rounded once.
    #[star_fn(pos)]
    fn fsum(ctx: &mut Ctx<'_>, seq: Value) -> NativeResult {
        iterables::fsum(ctx, seq)
    }

    /// The greatest common divisor of ints.
    #[star_fn]
    fn gcd(ctx: &mut Ctx<'_>, #[star(args)] integers: Vec<Value>) -> Result<BigInt, Raise> {
        integers::gcd(ctx, &integers)
    }

    /// The length of a vector with these coordinates.
    #[star_fn]
    fn hypot(#[star(args)] coordinates: Vec<Real>) -> f64 {
        let mut numbers: Vec<f64> = coordinates.iter().map(|x| x.0.abs()).collect();
        exact::norm(&mut numbers)
    }

    /// Whether two numbers differ by no more than a share of the larger, or an amount.
    #[star_fn]
    fn isclose(
        ctx: &mut Ctx<'_>,
        a: Real,
        b: Real,
        #[star(kw, default = Real(1e-9))] rel_tol: Real,
        #[star(kw, default = Real(0.0))] abs_tol: Real,
    ) -> Result<bool, Raise> {
        let (a, b, rel_tol, abs_tol) = (a.0, b.0, rel_tol.0, abs_tol.0);
        if rel_tol < 0.0 || abs_tol < 0.0 {
            return Err(ctx.value_error("tolerances must be non-negative"));
        }
        if a == b {
            return Ok(true);
        }
        if a.is_infinite() || b.is_infinite() {
            return Ok(false);
        }
        let apart = (b - a).abs();
        Ok(apart <= (rel_tol * b).abs() || apart <= (rel_tol * a).abs() || apart <= abs_tol)
    }

    /// Whether a number is neither infinite nor NaN.
    #[star_fn(pos)]
    fn isfinite(x: Real) -> bool {
        x.0.is_finite()
    }

    /// Whether a number is infinite.
    #[star_fn(pos)]
    fn isinf(x: Real) -> bool {
        x.0.is_infinite()
    }

    /// Whether a number is NaN.
    #[star_fn(pos)]
    fn isnan(x: Real) -> bool {
        x.0.is_nan()
    }

    /// The greatest int whose square is not greater than `n`.
    #[star_fn(pos)]
    fn isqrt(ctx: &mut Ctx<'_>, n: Integer) -> Result<BigInt, Raise> {
        integers::isqrt(ctx, n)
    }

    /// The least common multiple of ints.
    #[star_fn]
    fn lcm(ctx: &mut Ctx<'_>, #[star(args)] integers: Vec<Value>) -> Result<BigInt, Raise> {
        integers::lcm(ctx, &integers)
    }

    /// `x * 2**i`
    #[star_fn(pos)]
    fn ldexp(ctx: &mut Ctx<'_>, x: Real, i: Value) -> Result<f64, Raise> {
        if !matches!(i, Value::Int(_) | Value::Bool(_) | Value::BigInt(_)) {
            return Err(ctx.type_error("Expected an int as second argument to ldexp."));
        }
        let exponent = clamped(ctx, i)?.clamp(i32::MIN.into(), i32::MAX.into()) as i32;
        if x.0 == 0.0 || !x.0.is_finite() {
            return Ok(x.0);
        }
        let r = libm::ldexp(x.0, exponent);
        if r.is_infinite() { Err(range_error(ctx)) } else { Ok(r) }
    }

    /// The logarithm of `x` to a base; the natural one without.
    #[star_fn(pos)]
    fn log(ctx: &mut Ctx<'_>, x: Value, #[star(default = Value::Undef)] base: Value) -> Result<f64, Raise> {
        let above = log_of(ctx, x, f64::ln)?;
        if base.is_undef() {
            return Ok(above);
        }
        let below = log_of(ctx, base, f64::ln)?;
        if below == 0.0 {
            return Err(ctx.error(TypeId::ZeroDivisionError, "float division by zero"));
        }
        Ok(above / below)
    }

    /// The logarithm of `x` to base 10.
    #[star_fn(pos)]
    fn log10(ctx: &mut Ctx<'_>, x: Value) -> Result<f64, Raise> {
        log_of(ctx, x, f64::log10)
    }

    /// The logarithm of `x` to base 2.
    #[star_fn(pos)]
    fn log2(ctx: &mut Ctx<'_>, x: Value) -> Result<f64, Raise> {
        log_of(ctx, x, f64::log2)
    }

    /// The fraction of `x` and its whole part, both with its sign.
    #[star_fn(pos)]
    fn modf(x: Real) -> (f64, f64) {
        match x.0 {
            x if x.is_infinite() => (0f64.copysign(x), x),
            x if x.is_nan() => (x, x),
            x => ((x - x.trunc()).copysign(x), x.trunc()),
        }
    }

    /// The float after `x` on the way to `y`, or so many after it.
    #[star_fn]
    fn nextafter(
        ctx: &mut Ctx<'_>,
        #[star(pos)] x: Real,
        #[star(pos)] y: Real,
        #[star(kw, default = Value::None)] steps: Value,
    ) -> Result<f64, Raise> {
        let steps = match steps {
            Value::None => BigInt::from(1),
            steps => big_integer(ctx, steps)?,
        };
        if steps.is_negative() {
            return Err(ctx.value_error("steps must be a non-negative integer"));
        }
        Ok(next_after(x.0, y.0, steps.to_u64().unwrap_or(u64::MAX)))
    }

    /// The number of ways to choose `k` of `n` items in order; `n!` without `k`.
    #[star_fn(pos)]
    fn perm(ctx: &mut Ctx<'_>, n: Value, #[star(default = Value::None)] k: Value) -> Result<BigInt, Raise> {
        integers::perm(ctx, n, k)
    }

    /// `x` raised to the power `y`, as floats.
    #[star_fn(pos)]
    fn pow(ctx: &mut Ctx<'_>, x: Real, y: Real) -> Result<f64, Raise> {
        let r = power(x.0, y.0);
        if x.0.is_finite() && y.0.is_finite() && !r.is_finite() {
            return Err(if r.is_nan() || x.0 == 0.0 { domain_error(ctx) } else { range_error(ctx) });
        }
        Ok(r)
    }

    /// The product of `start` and all items of an iterable.
    #[star_fn]
    fn prod(
        ctx: &mut Ctx<'_>,
        #[star(pos)] iterable: Value,
        #[star(kw, default = Value::Int(1))] start: Value,
    ) -> NativeResult {
        iterables::prod(ctx, iterable, start)
    }

    /// An angle in degrees as radians.
    #[star_fn(pos)]
    fn radians(x: Real) -> f64 {
        x.0 * (std::f64::consts::PI / 180.0)
    }

    /// `x` without the multiple of `y` that is nearest to it.
    #[star_fn(pos)]
    fn remainder(ctx: &mut Ctx<'_>, x: Real, y: Real) -> Result<f64, Raise> {
        let (x, y) = (x.0, y.0);
        match () {
            () if x.is_nan() => Ok(x),
            () if y.is_nan() => Ok(y),
            () if x.is_infinite() || y == 0.0 => Err(domain_error(ctx)),
            () if y.is_infinite() => Ok(x),
            () => Ok(libm::remainder(x, y)),
        }
    }

    /// The sum of the products of the items of two iterables.
    #[star_fn(pos)]
    fn sumprod(ctx: &mut Ctx<'_>, p: Value, q: Value) -> NativeResult {
        iterables::sumprod(ctx, p, q)
    }

    /// A number without its fraction, as an int.
    #[star_fn(pos)]
    fn trunc(ctx: &mut Ctx<'_>, x: Value) -> Result<Value, Raise> {
        match whole(ctx, x, Number::Trunc, f64::trunc)? {
            Some(int) => Ok(int),
            None => {
                let given = types::type_name(ctx.heap, x);
                Err(ctx.type_error(format!("type {given} doesn't define __trunc__ method")))
            }
        }
    }

    /// The worth of the last binary place of `x`.
    #[star_fn(pos)]
    fn ulp(x: Real) -> f64 {
        let size = x.0.abs();
        match size.next_up() {
            _ if !size.is_finite() => size,
            above if above.is_infinite() => size - size.next_down(),
            above => above - size,
        }
    }
}
