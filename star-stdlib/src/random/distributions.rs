//! Floats of every distribution.
//!
//! In: parameters. Out: a number. Rule: the method of each, and the order of its draws and of its operations, is
//! CPython's, so that a seed gives the same numbers to the last digit. Operators that meet a parameter for the first time
//! are those of scripts: they raise what scripts would.

use std::f64::consts::{E, TAU};

use star::ast::{BinaryOp as Op, CompareOp};
use star::heap::Args;
use star::object::types::TypeId;
use star::ops::types;
use star::private::{Ctx, NativeResult, Raise, Value};

use super::source::{unit, with};
use crate::arguments::real;
use crate::calculate::{binary, order};
use crate::math::special::lgamma;

/// Argument `at`, or a float that stands for it.
fn or(args: Args<'_>, at: usize, default: f64) -> Value {
    args.get(at).unwrap_or(Value::float(default))
}

/// `mu + z * sigma`.
fn scaled(ctx: &mut Ctx<'_>, z: f64, mu: Value, sigma: Value) -> Result<Value, Raise> {
    let spread = binary(ctx, Op::Mul, Value::float(z), sigma)?;
    binary(ctx, Op::Add, mu, spread)
}

/// `r.uniform(a, b)`.
pub(super) fn uniform(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let width = binary(ctx, Op::Sub, args[2], args[1])?;
    ctx.heap.scratch.push(width);
    let drawn = unit(ctx, args[0]);
    ctx.heap.scratch.pop();
    let part = binary(ctx, Op::Mul, width, Value::float(drawn))?;
    Ok(binary(ctx, Op::Add, args[1], part)?.into())
}

/// `r.triangular(low=0.0, high=1.0, mode=None)`.
pub(super) fn triangular(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (low, high) = (or(args, 1, 0.0), or(args, 2, 1.0));
    let mut u = unit(ctx, args[0]);
    let mut c = match args.get(3).filter(|mode| !mode.is_none()) {
        None => 0.5,
        Some(mode) => match share(ctx, low, high, mode) {
            Ok(share) => real(ctx, share)?,
            Err(Raise::Exception(at))
                if types::type_id(ctx.heap, Value::Exception(at)) == TypeId::ZeroDivisionError =>
            {
                return Ok(low.into());
            }
            Err(raise) => return Err(raise),
        },
    };
    let (mut from, mut to) = (low, high);
    if u > c {
        (u, c) = (1.0 - u, 1.0 - c);
        (from, to) = (high, low);
    }
    let root = (u * c).sqrt();
    if root.is_nan() && !(u * c).is_nan() {
        return Err(ctx.value_error("math domain error"));
    }
    let width = binary(ctx, Op::Sub, to, from)?;
    let part = binary(ctx, Op::Mul, width, Value::float(root))?;
    Ok(binary(ctx, Op::Add, from, part)?.into())
}

/// `(mode - low) / (high - low)`
fn share(ctx: &mut Ctx<'_>, low: Value, high: Value, mode: Value) -> Result<Value, Raise> {
    let above = binary(ctx, Op::Sub, mode, low)?;
    ctx.heap.scratch.push(above);
    let below = binary(ctx, Op::Sub, high, low);
    ctx.heap.scratch.pop();
    binary(ctx, Op::Div, above, below?)
}

/// A number of the normal distribution, by the method of Kinderman and Monahan.
fn standard_normal(ctx: &mut Ctx<'_>, me: Value) -> Result<f64, Raise> {
    let magic = 4.0 * (-0.5f64).exp() / 2f64.sqrt();
    loop {
        ctx.charge(1)?;
        let u1 = unit(ctx, me);
        let u2 = 1.0 - unit(ctx, me);
        let z = magic * (u1 - 0.5) / u2;
        if z * z / 4.0 <= -u2.ln() {
            return Ok(z);
        }
    }
}

/// `r.normalvariate(mu=0.0, sigma=1.0)`.
pub(super) fn normal(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let z = standard_normal(ctx, args[0])?;
    Ok(scaled(ctx, z, or(args, 1, 0.0), or(args, 2, 1.0))?.into())
}

/// `r.gauss(mu=0.0, sigma=1.0)`.
pub(super) fn gauss(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let me = args[0];
    let z = match with(ctx, me, |generator| generator.gauss_next.take()).flatten() {
        Some(z) => z,
        None => {
            let angle = unit(ctx, me) * TAU;
            let radius = (-2.0 * (1.0 - unit(ctx, me)).ln()).sqrt();
            with(ctx, me, |generator| generator.gauss_next = Some(angle.sin() * radius));
            angle.cos() * radius
        }
    };
    Ok(scaled(ctx, z, or(args, 1, 0.0), or(args, 2, 1.0))?.into())
}

/// `r.lognormvariate(mu, sigma)`.
pub(super) fn log_normal(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let z = standard_normal(ctx, args[0])?;
    let exponent = scaled(ctx, z, args[1], args[2])?;
    let exponent = real(ctx, exponent)?;
    let result = exponent.exp();
    if result.is_infinite() && exponent.is_finite() {
        return Err(ctx.error(TypeId::OverflowError, "math range error"));
    }
    Ok(Value::float(result).into())
}

/// `r.expovariate(lambd=1.0)`.
pub(super) fn exponential(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let drawn = -(1.0 - unit(ctx, args[0])).ln();
    Ok(binary(ctx, Op::Div, Value::float(drawn), or(args, 1, 1.0))?.into())
}

/// `r.vonmisesvariate(mu, kappa)`: by the method of Best and Fisher.
pub(super) fn von_mises(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (me, mu) = (args[0], args[1]);
    if order(ctx, CompareOp::Le, args[2], Value::float(1e-6))? {
        return Ok(Value::float(TAU * unit(ctx, me)).into());
    }
    let s = 0.5 / real(ctx, args[2])?;
    let r = s + (1.0 + s * s).sqrt();
    let z = loop {
        ctx.charge(1)?;
        let z = (std::f64::consts::PI * unit(ctx, me)).cos();
        let d = z / (r + z);
        let u = unit(ctx, me);
        if u < 1.0 - d * d || u <= (1.0 - d) * d.exp() {
            break z;
        }
    };
    let q = 1.0 / r;
    let angle = Value::float(((q + z) / (1.0 + q * z)).acos());
    let op = if unit(ctx, me) > 0.5 { Op::Add } else { Op::Sub };
    let theta = binary(ctx, op, mu, angle)?;
    Ok(binary(ctx, Op::Mod, theta, Value::float(TAU))?.into())
}

/// `r.gammavariate(alpha, beta)`.
pub(super) fn gamma(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(Value::float(gamma_of(ctx, args[0], args[1], args[2])?).into())
}

fn gamma_of(ctx: &mut Ctx<'_>, me: Value, alpha: Value, beta: Value) -> Result<f64, Raise> {
    let zero = Value::float(0.0);
    if order(ctx, CompareOp::Le, alpha, zero)? || order(ctx, CompareOp::Le, beta, zero)? {
        return Err(ctx.value_error("gammavariate: alpha and beta must be > 0.0"));
    }
    let (alpha, beta) = (real(ctx, alpha)?, real(ctx, beta)?);
    if alpha == 1.0 {
        return Ok(-(1.0 - unit(ctx, me)).ln() * beta);
    }
    let x = if alpha > 1.0 { cheng(ctx, me, alpha)? } else { kennedy_gentle(ctx, me, alpha)? };
    Ok(x * beta)
}

/// Cheng's method, for parameters above 1.
fn cheng(ctx: &mut Ctx<'_>, me: Value, alpha: f64) -> Result<f64, Raise> {
    let magic = 1.0 + 4.5f64.ln();
    let a = (2.0 * alpha - 1.0).sqrt();
    let b = alpha - 4f64.ln();
    let c = alpha + a;
    loop {
        ctx.charge(1)?;
        let u1 = unit(ctx, me);
        if u1 <= 1e-7 || u1 >= 0.9999999 {
            continue;
        }
        let u2 = 1.0 - unit(ctx, me);
        let v = (u1 / (1.0 - u1)).ln() / a;
        let x = alpha * v.exp();
        let z = u1 * u1 * u2;
        let r = b + c * v - x;
        if r + magic - 4.5 * z >= 0.0 || r >= z.ln() {
            return Ok(x);
        }
    }
}

/// Algorithm GS of Kennedy and Gentle, for parameters below 1.
fn kennedy_gentle(ctx: &mut Ctx<'_>, me: Value, alpha: f64) -> Result<f64, Raise> {
    let b = (E + alpha) / E;
    loop {
        ctx.charge(1)?;
        let p = b * unit(ctx, me);
        let x = if p <= 1.0 { p.powf(1.0 / alpha) } else { -((b - p) / alpha).ln() };
        let u = unit(ctx, me);
        if (p > 1.0 && u <= x.powf(alpha - 1.0)) || (p <= 1.0 && u <= (-x).exp()) {
            return Ok(x);
        }
    }
}

/// `r.betavariate(alpha, beta)`.
pub(super) fn beta(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let one = Value::float(1.0);
    let y = gamma_of(ctx, args[0], args[1], one)?;
    if y == 0.0 {
        return Ok(Value::float(0.0).into());
    }
    Ok(Value::float(y / (y + gamma_of(ctx, args[0], args[2], one)?)).into())
}

/// `r.paretovariate(alpha)`.
pub(super) fn pareto(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let u = 1.0 - unit(ctx, args[0]);
    let exponent = binary(ctx, Op::Div, Value::float(-1.0), args[1])?;
    Ok(binary(ctx, Op::Pow, Value::float(u), exponent)?.into())
}

/// `r.weibullvariate(alpha, beta)`.
pub(super) fn weibull(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let drawn = -(1.0 - unit(ctx, args[0])).ln();
    let exponent = binary(ctx, Op::Div, Value::float(1.0), args[2])?;
    let power = binary(ctx, Op::Pow, Value::float(drawn), exponent)?;
    Ok(binary(ctx, Op::Mul, args[1], power)?.into())
}

/// `r.binomialvariate(n=1, p=0.5)`.
pub(super) fn binomial(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (me, n, p) = (args[0], args.get(1).unwrap_or(Value::Int(1)), or(args, 2, 0.5));
    if order(ctx, CompareOp::Lt, n, Value::Int(0))? {
        return Err(ctx.value_error("n must be non-negative"));
    }
    order(ctx, CompareOp::Le, p, Value::float(0.0))?;
    let p = real(ctx, p)?;
    if p <= 0.0 || p >= 1.0 {
        return match p {
            0.0 => Ok(Value::Int(0).into()),
            1.0 => Ok(n.into()),
            _ => Err(ctx.value_error("p must be in the range 0.0 <= p <= 1.0")),
        };
    }
    let trials = real(ctx, n)?;
    if trials == 1.0 {
        return Ok(Value::Int((unit(ctx, me) < p).into()).into());
    }
    if p <= 0.5 {
        return Ok(Value::Int(successes(ctx, me, trials, p)?).into());
    }
    let failures = successes(ctx, me, trials, 1.0 - p)?;
    Ok(binary(ctx, Op::Sub, n, Value::Int(failures))?.into())
}

/// How many of `n` trials succeed with a probability of at most one half.
fn successes(ctx: &mut Ctx<'_>, me: Value, n: f64, p: f64) -> Result<i64, Raise> {
    if n * p < 10.0 {
        return waiting_times(ctx, me, n, p);
    }
    // Hörmann's transformed rejection with squeeze.
    let deviation = (n * p * (1.0 - p)).sqrt();
    let b = 1.15 + 2.53 * deviation;
    let a = -0.0873 + 0.0248 * b + 0.01 * p;
    let c = n * p + 0.5;
    let vr = 0.92 - 4.2 / b;
    loop {
        ctx.charge(1)?;
        let u = unit(ctx, me) - 0.5;
        let us = 0.5 - u.abs();
        let k = ((2.0 * a / us + b) * u + c).floor();
        if k < 0.0 || k > n {
            continue;
        }
        let v = unit(ctx, me);
        if us >= 0.07 && v <= vr {
            return Ok(k as i64);
        }
        let alpha = (2.83 + 5.1 / b) * deviation;
        let log_odds = (p / (1.0 - p)).ln();
        let mode = ((n + 1.0) * p).floor();
        let h = lgamma(mode + 1.0) + lgamma(n - mode + 1.0);
        let v = v * (alpha / (a / (us * us) + b));
        if v.ln() <= h - lgamma(k + 1.0) - lgamma(n - k + 1.0) + (k - mode) * log_odds {
            return Ok(k as i64);
        }
    }
}

/// Devroye's method for few successes: adds up how long each takes.
fn waiting_times(ctx: &mut Ctx<'_>, me: Value, n: f64, p: f64) -> Result<i64, Raise> {
    let c = (1.0 - p).log2();
    if c == 0.0 {
        return Ok(0);
    }
    let (mut x, mut y) = (0, 0.0);
    loop {
        ctx.charge(1)?;
        y += (unit(ctx, me).log2() / c).floor() + 1.0;
        if y > n {
            return Ok(x);
        }
        x += 1;
    }
}
