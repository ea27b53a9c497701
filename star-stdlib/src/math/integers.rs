//! Functions of ints.
//!
//! In: ints of any size. Out: ints. Rule: products and quotients are charged one by one before they are made, so that a
//! limit strikes between them.

use num_bigint::{BigInt, Sign};
use num_integer::Integer as _;
use num_traits::{One, Signed, ToPrimitive, Zero};
use star::object::types::TypeId;
use star::ops::number::{self, big};
use star::private::{Ctx, Raise, Value};
use star::text::float::int_to_float;
use star::text::int::IntRef;

use crate::arguments::{Integer, integer};

/// As many factors are multiplied without a charge between them.
const FEW: u64 = 16;

/// The product of `count` numbers from `first` down.
fn falling(ctx: &mut Ctx<'_>, first: &BigInt, count: u64) -> Result<BigInt, Raise> {
    if count > FEW {
        let half = count / 2;
        let high = falling(ctx, first, half)?;
        let low = falling(ctx, &(first - half), count - half)?;
        return big::product(ctx, &high, &low);
    }
    ctx.charge(1 + count as usize * big::limbs(first) / 8)?;
    let mut product = BigInt::one();
    for i in 0..count {
        product *= first - i;
    }
    Ok(product)
}

/// `n!`, of an int that is not negative and fits 63 bits.
pub(super) fn factorial(ctx: &mut Ctx<'_>, n: Integer) -> Result<BigInt, Raise> {
    match n.0 {
        Value::Int(n) if n >= 0 => falling(ctx, &BigInt::from(n), n as u64),
        _ if n.big(ctx).is_negative() => Err(ctx.value_error("factorial() not defined for negative values")),
        _ => {
            let message = format!("factorial() argument should not exceed {}", i64::MAX);
            Err(ctx.error(TypeId::OverflowError, message))
        }
    }
}

/// Checks that `n` and `k` are not negative.
fn check_signs(ctx: &mut Ctx<'_>, n: &BigInt, k: &BigInt) -> Result<(), Raise> {
    for (name, number) in [("n", n), ("k", k)] {
        if number.is_negative() {
            return Err(ctx.value_error(format!("{name} must be a non-negative integer")));
        }
    }
    Ok(())
}

/// The number of ways to choose `k` of `n` items in order; all of them without `k`.
pub(super) fn perm(ctx: &mut Ctx<'_>, n: Value, k: Value) -> Result<BigInt, Raise> {
    if k.is_none() {
        return crate::arguments::integer(ctx, n).and_then(|n| factorial(ctx, Integer(n)));
    }
    let (n, k) = (integer(ctx, n)?, integer(ctx, k)?);
    let (n, k) = (Integer(n).big(ctx), Integer(k).big(ctx));
    check_signs(ctx, &n, &k)?;
    if n < k {
        return Ok(BigInt::zero());
    }
    match k.to_i64() {
        Some(k) => falling(ctx, &n, k as u64),
        None => {
            let message = format!("k must not exceed {}", i64::MAX);
            Err(ctx.error(TypeId::OverflowError, message))
        }
    }
}

/// The number of ways to choose `k` of `n` items without order.
pub(super) fn comb(ctx: &mut Ctx<'_>, n: Integer, k: Integer) -> Result<BigInt, Raise> {
    let (n, k) = (n.big(ctx), k.big(ctx));
    check_signs(ctx, &n, &k)?;
    if n < k {
        return Ok(BigInt::zero());
    }
    let k = k.clone().min(&n - k);
    match k.to_i64() {
        Some(k) => choose(ctx, &n, k as u64),
        None => {
            let message = format!("min(n - k, k) must not exceed {}", i64::MAX);
            Err(ctx.error(TypeId::OverflowError, message))
        }
    }
}

fn choose(ctx: &mut Ctx<'_>, n: &BigInt, k: u64) -> Result<BigInt, Raise> {
    ctx.charge(1)?;
    if let Some(n) = n.to_u64()
        && let Some(result) = small_choose(n, k)
    {
        return Ok(BigInt::from(result));
    }
    let above = falling(ctx, n, k)?;
    let below = falling(ctx, &BigInt::from(k), k)?;
    Ok(big::floor_division(ctx, &above, &below)?.0)
}

/// The same where everything fits 128 bits.
fn small_choose(n: u64, k: u64) -> Option<u128> {
    let mut result = 1u128;
    for i in 0..k {
        // A product of i + 1 numbers in a row, divided by i numbers in a row, is a multiple of the next.
        result = result.checked_mul(u128::from(n - i))? / u128::from(i + 1);
    }
    Some(result)
}

/// The int whose square is at most `n`, while the next one's is greater.
pub(super) fn isqrt(ctx: &mut Ctx<'_>, n: Integer) -> Result<BigInt, Raise> {
    let n = n.big(ctx);
    if n.is_negative() {
        return Err(ctx.value_error("isqrt() argument must be nonnegative"));
    }
    if let Some(small) = n.to_u64() {
        return Ok(small.isqrt().into());
    }
    // Newton's method, with twice the bits in each round: a is near the root of n >> (2 * (c - d)).
    let c = (n.bits() - 1) / 2;
    let mut a = BigInt::one();
    let mut d = 0;
    for s in (0..64 - c.leading_zeros()).rev() {
        let e = d;
        d = c >> s;
        if d == 0 {
            continue;
        }
        ctx.charge(1 + big::limbs(&n) / 2)?;
        let part = &n >> (2 * c - e - d + 1);
        a = (&a << (d - e - 1)) + big::floor_division(ctx, &part, &a)?.0;
    }
    let square = big::product(ctx, &a, &a)?;
    Ok(if square > n { a - 1 } else { a })
}

/// The greatest common divisor of two numbers.
fn gcd_of(ctx: &mut Ctx<'_>, a: BigInt, b: BigInt) -> Result<BigInt, Raise> {
    let (mut a, mut b) = (a.abs(), b.abs());
    // Long ones are shortened a quotient at a time, so that each is charged.
    while big::limbs(&b) > 64 {
        let rest = big::floor_division(ctx, &a, &b)?.1;
        (a, b) = (b, rest);
    }
    if big::limbs(&a) > 64 && !b.is_zero() {
        a = big::floor_division(ctx, &a, &b)?.1;
    }
    let size = big::limbs(&a).max(big::limbs(&b)).min(64);
    ctx.charge(1 + size * size * 4)?;
    Ok(a.gcd(&b))
}

/// The greatest common divisor of all of them, which are ints; 0 of none.
pub(super) fn gcd(ctx: &mut Ctx<'_>, numbers: &[Value]) -> Result<BigInt, Raise> {
    let mut result = BigInt::zero();
    for &number in numbers {
        let number = integer(ctx, number)?;
        let number = number::to_big(ctx.heap, number).unwrap_or_default();
        result = gcd_of(ctx, result, number)?;
    }
    Ok(result)
}

/// The least common multiple of all of them, which are ints; 1 of none.
pub(super) fn lcm(ctx: &mut Ctx<'_>, numbers: &[Value]) -> Result<BigInt, Raise> {
    let mut result = BigInt::one();
    for &number in numbers {
        let number = integer(ctx, number)?;
        let number = number::to_big(ctx.heap, number).unwrap_or_default();
        if result.is_zero() || number.is_zero() {
            result = BigInt::zero();
            continue;
        }
        let divisor = gcd_of(ctx, result.clone(), number.clone())?;
        let quotient = big::floor_division(ctx, &result, &divisor)?.0;
        result = big::product(ctx, &quotient, &number)?.abs();
    }
    Ok(result)
}

/// The logarithm of a positive int as `log` finds it, however large it is; NaN for others.
pub(super) fn log(n: &BigInt, log: fn(f64) -> f64) -> f64 {
    if n.sign() != Sign::Plus {
        return f64::NAN;
    }
    if let Ok(x) = int_to_float(IntRef::Big(n)) {
        return log(x);
    }
    // The first 62 bits, and one for what follows, are rounded as all of them would be.
    let bits = n.bits();
    let shift = bits - 62;
    let top = (n >> shift).to_u64().unwrap_or_default() << 1;
    let rest = n.trailing_zeros().is_some_and(|zeros| zeros < shift);
    let (fraction, carry) = libm::frexp(libm::ldexp((top | u64::from(rest)) as f64, -63));
    log(fraction) + log(2.0) * (bits as f64 + f64::from(carry))
}
