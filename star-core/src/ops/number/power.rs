//! `**` and `pow`.
//!
//! In: two or three numbers. Out: the power. Rule: products are charged one by one before they are made, and the
//! size of the result is reserved before the first.

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use super::int::cow;
use super::{big, error, float, is_number, to_f64};
use crate::ast::BinaryOp;
use crate::heap::{Ctx, Raise};
use crate::meter::Exceeded;
use crate::value::Value;

/// `pow(a, b)`, or `pow(a, b, modulus)` if that is neither `Undef` nor `None`. The operands must be rooted.
pub fn power(ctx: &mut Ctx<'_>, a: Value, b: Value, modulus: Value) -> Result<Value, Raise> {
    if matches!(modulus, Value::Undef | Value::None) {
        return super::binary(ctx, BinaryOp::Pow, a, b);
    }
    if ![a, b, modulus].into_iter().all(is_number) {
        return Err(error::unsupported_by(ctx, "** or pow()", &[a, b, modulus]));
    }
    if [a, b, modulus].into_iter().any(|v| v.as_float().is_some()) {
        let message = "pow() 3rd argument not allowed unless all arguments are integers";
        return Err(ctx.type_error(message));
    }
    modular(ctx, a, b, modulus)
}

/// `a ** b` of small ints.
pub(super) fn small(ctx: &mut Ctx<'_>, a: i64, b: i64) -> Result<Value, Raise> {
    match u32::try_from(b).ok().and_then(|exponent| a.checked_pow(exponent)) {
        Some(result) => Ok(Value::Int(result)),
        None => ints(ctx, Value::Int(a), Value::Int(b)),
    }
}

/// `a ** b` of ints. May collect.
pub(super) fn ints(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<Value, Raise> {
    let exponent = cow(ctx.heap, b);
    if exponent.sign() == Sign::Minus {
        return match (to_f64(ctx, a)?, to_f64(ctx, b)?) {
            (Some(a), Some(b)) => Ok(Value::float(float::power(ctx, a, b)?)),
            _ => Ok(Value::None),
        };
    }
    let odd = exponent.is_odd();
    match (a.as_int(), b.as_int()) {
        (_, Some(0)) | (Some(1), _) => Ok(Value::Int(1)),
        (Some(0), _) => Ok(Value::Int(0)),
        (Some(-1), _) => Ok(Value::Int(if odd { -1 } else { 1 })),
        // At least two to a power beyond 64 bits.
        (_, None) => Err(Exceeded::Memory.into()),
        (_, Some(exponent)) => {
            let base = cow(ctx.heap, a).into_owned();
            let result = raise(ctx, &base, exponent as u64)?;
            Ok(ctx.heap.int(result))
        }
    }
}

/// `base ** exponent`; `base` is none of 0, 1, −1, and `exponent` is not 0.
fn raise(ctx: &mut Ctx<'_>, base: &BigInt, exponent: u64) -> Result<BigInt, Raise> {
    let shift = base.magnitude().trailing_zeros().unwrap_or(0);
    let odd_part = base >> shift;
    // A power of two is a shift; any other has that many bits at most.
    let bits = if odd_part.magnitude().is_one() { 0 } else { odd_part.bits() };
    let size = bits.saturating_add(shift).saturating_mul(exponent) / 8;
    big::budget(ctx, usize::try_from(size).unwrap_or(usize::MAX).saturating_add(8))?;
    let mut result = odd_part.clone();
    if bits == 0 {
        // 1 or −1.
        result = if exponent.is_odd() { odd_part } else { BigInt::one() };
        return Ok(result << (shift * exponent));
    }
    for place in (0..exponent.ilog2()).rev() {
        result = big::product(ctx, &result, &result)?;
        if exponent >> place & 1 == 1 {
            result = big::product(ctx, &result, &odd_part)?;
        }
    }
    Ok(if shift == 0 { result } else { result << (shift * exponent) })
}

/// `pow(a, b, modulus)` of ints: takes the sign of the modulus. ValueError `base is not invertible for the given
/// modulus`.
fn modular(ctx: &mut Ctx<'_>, a: Value, b: Value, modulus: Value) -> Result<Value, Raise> {
    let modulus = cow(ctx.heap, modulus).into_owned();
    if modulus.is_zero() {
        return Err(ctx.value_error("pow() 3rd argument cannot be 0"));
    }
    let (base, exponent) = (cow(ctx.heap, a).into_owned(), cow(ctx.heap, b).into_owned());
    let size = big::limbs(&modulus);
    let positive = modulus.abs();
    let mut base = big::floor_division(ctx, &base, &positive)?.1;
    if exponent.sign() == Sign::Minus {
        // Euclid's algorithm takes about 40 words of work for each pair of limbs.
        ctx.charge(size.saturating_mul(size).saturating_mul(5))?;
        match base.modinv(&positive) {
            Some(inverse) => base = inverse,
            None => return Err(ctx.value_error("base is not invertible for the given modulus")),
        }
    }
    let mut result = modular_power(ctx, &base, &exponent.abs(), &positive)?;
    if modulus.sign() == Sign::Minus && !result.is_zero() {
        result += modulus;
    }
    Ok(ctx.heap.int(result))
}

/// Below so many steps a modular power is computed in one go: about 10 ms.
const AT_ONCE: usize = 1 << 20;

/// `base ** exponent % modulus` for `0 <= base < modulus`.
fn modular_power(
    ctx: &mut Ctx<'_>,
    base: &BigInt,
    exponent: &BigInt,
    modulus: &BigInt,
) -> Result<BigInt, Raise> {
    let size = big::limbs(modulus);
    let each = big::product_cost(size, size) + size.saturating_mul(size) / 8 + 1;
    let all = each.saturating_mul(exponent.bits() as usize).saturating_mul(2);
    if all <= AT_ONCE {
        ctx.charge(all)?;
        return Ok(base.modpow(exponent, modulus));
    }
    let mut result = BigInt::one() % modulus;
    for place in (0..exponent.bits()).rev() {
        ctx.charge(1)?;
        let square = big::product(ctx, &result, &result)?;
        result = big::floor_division(ctx, &square, modulus)?.1;
        if exponent.bit(place) {
            let product = big::product(ctx, &result, base)?;
            result = big::floor_division(ctx, &product, modulus)?.1;
        }
    }
    Ok(result)
}
