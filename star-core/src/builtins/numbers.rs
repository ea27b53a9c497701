//! Functions of numbers: `abs divmod pow round`.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, Zero};

use super::function;
use crate::heap::{Args, Arity, Ctx, Native, NativeResult, Number, Raise};
use crate::ops::plain::{int_value, raise};
use crate::ops::{hooks, number, types};
use crate::text::float::{round_to_digits, round_to_int};
use crate::value::Value;

/// `abs(…)`.
pub const ABS: Native = function("abs", Arity::One, abs, "abs(number): it without its sign");

/// `divmod(…)`.
pub const DIVMOD: Native =
    function("divmod", Arity::Positional(2, 2), divmod, "divmod(a, b): the pair (a // b, a % b)");

/// `pow(…)`.
pub const POW: Native = function(
    "pow",
    Arity::Named { names: &["base", "exp", "mod"], required: 2, positional: 3 },
    pow,
    "pow(base, exp, mod=None): base ** exp, modulo mod",
);

/// `round(…)`.
pub const ROUND: Native = function(
    "round",
    Arity::Named { names: &["number", "ndigits"], required: 1, positional: 2 },
    round,
    "round(number, ndigits=None): the nearest number with so many decimals; without, the nearest int",
);

fn abs(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(match args[0] {
        Value::Int(i) => match i.checked_abs() {
            Some(i) => Value::Int(i),
            None => ctx.heap.int128((i as i128).abs()),
        },
        Value::Bool(b) => Value::Int(b as i64),
        Value::Float(bits) => Value::float(f64::from_bits(bits).abs()),
        Value::BigInt(at) => {
            if !ctx.heap[at].value.is_negative() {
                return Ok(args[0].into());
            }
            let bits = ctx.heap[at].value.bits() as usize;
            ctx.charge(bits / 128)?;
            ctx.reserve_large(bits / 8)?;
            let positive = ctx.heap[at].value.abs();
            ctx.heap.int(positive)
        }
        other => {
            if let Some(number) = hooks::number(ctx, Number::Abs, other) {
                return Ok(number?.into());
            }
            let name = types::type_name(ctx.heap, other);
            return Err(ctx.type_error(format!("bad operand type for abs(): '{name}'")));
        }
    }
    .into())
}

fn divmod(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(number::divmod(ctx, args[0], args[1])?.into())
}

fn pow(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(number::power(ctx, args[0], args[1], args[2])?.into())
}

fn round(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let digits = args.get(1).filter(|digits| !digits.is_none());
    Ok(match (args[0], digits) {
        (Value::Float(bits), None) => {
            let int = round_to_int(f64::from_bits(bits)).map_err(|error| raise(ctx, error))?;
            int_value(ctx.heap, int)
        }
        (Value::Float(bits), Some(digits)) => {
            let digits = digits_arg(ctx, digits)?;
            Value::float(round_to_digits(f64::from_bits(bits), digits).map_err(|error| raise(ctx, error))?)
        }
        (Value::Int(_) | Value::Bool(_) | Value::BigInt(_), digits) => {
            let int = args[0].as_int().map_or(args[0], Value::Int);
            match digits {
                None => int,
                Some(digits) => match digits_arg(ctx, digits)? {
                    0.. => int,
                    digits => round_int(ctx, int, digits.unsigned_abs())?,
                },
            }
        }
        (other, digits) => {
            let digits = digits.map(|digits| digits_arg(ctx, digits)).transpose()?;
            if let Some(number) = hooks::number(ctx, Number::Round(digits), other) {
                return Ok(number?.into());
            }
            let name = types::type_name(ctx.heap, other);
            return Err(ctx.type_error(format!("type {name} doesn't define __round__ method")));
        }
    }
    .into())
}

/// A number of digits, cut to 64 bits.
fn digits_arg(ctx: &mut Ctx<'_>, digits: Value) -> Result<i64, Raise> {
    match digits {
        Value::BigInt(at) if ctx.heap[at].value.is_negative() => Ok(i64::MIN),
        Value::BigInt(_) => Ok(i64::MAX),
        _ => number::index(ctx, digits),
    }
}

/// The multiple of 10 to the power of `zeros` that is nearest, the even one half way.
fn round_int(ctx: &mut Ctx<'_>, int: Value, zeros: u64) -> Result<Value, Raise> {
    let bits = number::bit_length(ctx.heap, int).unwrap_or(0);
    // 10 ** zeros has more than 3 * zeros bits: if it is above twice the number, 0 is nearest.
    if zeros.saturating_mul(3) > bits + 1 {
        return Ok(Value::Int(0));
    }
    let limbs = (bits / 64) as usize + 1;
    ctx.charge(limbs.saturating_mul(limbs))?;
    ctx.reserve_large(limbs * 8 * 4)?;
    let number = number::to_big(ctx.heap, int).unwrap_or_default();
    let unit = BigInt::from(10).pow(zeros as u32);
    let (quotient, rest) = number.div_mod_floor(&unit);
    let up = match (rest * 2u8).cmp(&unit) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => quotient.is_odd(),
        std::cmp::Ordering::Greater => true,
    };
    let quotient = if up { quotient + 1u8 } else { quotient };
    if quotient.is_zero() {
        return Ok(Value::Int(0));
    }
    Ok(ctx.heap.int(quotient * unit))
}
