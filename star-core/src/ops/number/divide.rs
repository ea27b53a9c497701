//! Division of ints: `/`, `//`, `%`, `divmod`.
//!
//! In: ints of any size, for `divmod` floats too. Out: numbers, or ZeroDivisionError. Rules: `//` rounds towards
//! negative infinity and `%` takes the sign of the divisor; `/` is rounded once, correctly, whatever the sizes.

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_traits::{ToPrimitive, Zero};

use super::int::cow;
use super::{big, error, float, is_number, to_f64};
use crate::heap::{Ctx, Raise};
use crate::object::types::TypeId;
use crate::value::Value;

#[cold]
pub(super) fn by_zero(ctx: &mut Ctx<'_>, message: &str) -> Raise {
    ctx.error(TypeId::ZeroDivisionError, message)
}

/// Floor quotient and modulus of small ints. The quotient of the least number and −1 needs 65 bits.
pub(super) fn floor_small(ctx: &mut Ctx<'_>, a: i64, b: i64, message: &str) -> Result<(i128, i64), Raise> {
    if b == 0 {
        return Err(by_zero(ctx, message));
    }
    let (quotient, rest) = (a as i128 / b as i128, a.wrapping_rem(b));
    // Rounded towards zero so far.
    Ok(if rest != 0 && (rest < 0) != (b < 0) { (quotient - 1, rest + b) } else { (quotient, rest) })
}

/// Floor quotient and modulus. May collect.
pub(super) fn floor_big(
    ctx: &mut Ctx<'_>,
    a: Value,
    b: Value,
    message: &str,
) -> Result<(BigInt, BigInt), Raise> {
    let divisor = cow(ctx.heap, b).into_owned();
    if divisor.is_zero() {
        return Err(by_zero(ctx, message));
    }
    let dividend = cow(ctx.heap, a).into_owned();
    big::floor_division(ctx, &dividend, &divisor)
}

/// `divmod(a, b)`, a tuple. May collect: the operands must be rooted.
pub fn divmod(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<Value, Raise> {
    if !is_number(a) || !is_number(b) {
        return Err(error::unsupported_by(ctx, "divmod()", &[a, b]));
    }
    let (quotient, rest) = match (a, b) {
        (Value::Float(_), _) | (_, Value::Float(_)) => {
            let (Some(a), Some(b)) = (to_f64(ctx, a)?, to_f64(ctx, b)?) else { return Ok(Value::None) };
            if b == 0.0 {
                return Err(by_zero(ctx, "float divmod()"));
            }
            let (quotient, rest) = float::floor_division(a, b);
            (Value::float(quotient), Value::float(rest))
        }
        _ => match (a.as_int(), b.as_int()) {
            (Some(a), Some(b)) => {
                let (quotient, rest) = floor_small(ctx, a, b, "integer division or modulo by zero")?;
                (ctx.heap.int128(quotient), Value::Int(rest))
            }
            _ => {
                let (quotient, rest) = floor_big(ctx, a, b, "integer division or modulo by zero")?;
                (ctx.heap.int(quotient), ctx.heap.int(rest))
            }
        },
    };
    Ok(ctx.heap.tuple(&[quotient, rest]))
}

/// `a / b` of small ints.
pub(super) fn true_small(ctx: &mut Ctx<'_>, a: i64, b: i64) -> Result<Value, Raise> {
    if b == 0 {
        return Err(by_zero(ctx, "division by zero"));
    }
    // Both are exact as floats, so the division rounds once.
    if a.unsigned_abs() <= 1 << 53 && b.unsigned_abs() <= 1 << 53 {
        return Ok(Value::float(a as f64 / b as f64));
    }
    let negative = (a < 0) != (b < 0);
    let quotient = ratio(&a.unsigned_abs().into(), &b.unsigned_abs().into()).unwrap_or(0.0);
    Ok(Value::float(if negative { -quotient } else { quotient }))
}

/// `a / b`. OverflowError `integer division result too large for a float`.
pub(super) fn true_big(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<Value, Raise> {
    let (dividend, divisor) = (cow(ctx.heap, a), cow(ctx.heap, b));
    if divisor.is_zero() {
        return Err(by_zero(ctx, "division by zero"));
    }
    let cost = big::limbs(&dividend) + big::limbs(&divisor);
    ctx.charge(cost / 2)?;
    // The operands are shifted to sizes that differ by a limb.
    ctx.reserve_large(cost * 16)?;
    let (dividend, divisor) = (cow(ctx.heap, a), cow(ctx.heap, b));
    let negative = (dividend.sign() == Sign::Minus) != (divisor.sign() == Sign::Minus);
    match ratio(dividend.magnitude(), divisor.magnitude()) {
        Some(quotient) => Ok(Value::float(if negative { -quotient } else { quotient })),
        None => Err(ctx.error(TypeId::OverflowError, "integer division result too large for a float")),
    }
}

/// `a / b` to the nearest float, ties to even; `None` beyond the largest. Linear in the longer operand.
fn ratio(a: &BigUint, b: &BigUint) -> Option<f64> {
    if a.is_zero() {
        return Some(0.0);
    }
    // 2^(size − 1) < a / b < 2^(size + 1)
    let size = a.bits() as i64 - b.bits() as i64;
    if size > 1025 {
        return None;
    }
    if size < -1080 {
        return Some(0.0);
    }
    // A quotient of 66 or 67 bits; whether something is left over breaks ties.
    let shift = 66 - size;
    let (quotient, rest) = match shift >= 0 {
        true => (a << shift).div_rem(b),
        false => a.div_rem(&(b << -shift)),
    };
    let quotient = quotient.to_u128()?;
    round(quotient, !rest.is_zero(), -shift)
}

/// `(quotient + something below 1 if sticky) * 2^exponent` to the nearest float.
fn round(quotient: u128, sticky: bool, exponent: i64) -> Option<f64> {
    let bits = 128 - quotient.leading_zeros() as i64;
    // The value lies in [2^(top - 1), 2^top). Below 2^-1022 precision is lost bit by bit.
    let top = bits + exponent;
    let precision = 53.min(top + 1074);
    if precision < 0 {
        return Some(0.0);
    }
    let dropped = bits - precision;
    let (kept, lost) = (quotient >> dropped, quotient & ((1 << dropped) - 1));
    let half = 1u128 << (dropped - 1);
    let up = lost > half || lost == half && (sticky || kept & 1 == 1);
    let float = scale((kept + u128::from(up)) as f64, exponent + dropped);
    float.is_finite().then_some(float)
}

/// `x * 2^exponent` where that is exact, in two steps because 2^exponent itself may not be a float.
fn scale(x: f64, exponent: i64) -> f64 {
    let half = exponent / 2;
    x * 2f64.powi(half as i32) * 2f64.powi((exponent - half) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_once() {
        let big = |text: &str| text.parse::<BigUint>().unwrap_or_default();
        let ten = |n: u32| BigUint::from(10u32).pow(n);
        assert_eq!(ratio(&big("9007199254740993"), &big("9007199254740992")), Some(1.0));
        assert_eq!(ratio(&ten(400), &ten(399)), Some(10.0));
        assert_eq!(ratio(&ten(400), &big("3")), None);
        assert_eq!(ratio(&big("1"), &ten(320)), Some(1e-320));
        assert_eq!(ratio(&big("1"), &(BigUint::from(1u32) << 1074u32)), Some(5e-324));
        assert_eq!(ratio(&big("1"), &(BigUint::from(1u32) << 1075u32)), Some(0.0));
        assert_eq!(ratio(&big("3"), &(BigUint::from(1u32) << 1075u32)), Some(1e-323));
        assert_eq!(ratio(&big("18446744073709551617"), &big("3")), Some(6.148914691236517e18));
        assert_eq!(ratio(&(BigUint::from(u64::MAX) << 960u32), &big("1")), None);
    }
}
