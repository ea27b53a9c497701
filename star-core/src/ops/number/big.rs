//! Products and quotients of big ints, charged and interruptible.
//!
//! In: big ints, and a context that counts. Out: their product or quotient. Rule: work beyond a few milliseconds is
//! cut into pieces and each is charged before it is done, so a limit on steps or time strikes between them.
//!
//! A limb has 64 bits. One step is about eight multiplications of limbs.

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_traits::Zero;

use crate::heap::{Ctx, Raise};

/// Operands of up to so many limbs are multiplied in one go: about 4 ms.
pub(super) const DIRECT: usize = 2048;

/// The length below which the schoolbook method is used; above it halving costs three products.
const SCHOOLBOOK: usize = 32;

/// Limbs of a number.
pub fn limbs(n: &BigInt) -> usize {
    n.bits().div_ceil(64) as usize
}

/// Bytes of a number.
pub(super) fn bytes(n: &BigInt) -> usize {
    limbs(n) * 8
}

/// Charges for linear work on a result of `bytes`, and makes room for it. May collect.
pub(super) fn budget(ctx: &mut Ctx<'_>, bytes: usize) -> Result<(), Raise> {
    ctx.charge(bytes / 16)?;
    ctx.reserve_large(bytes)
}

/// Steps for a product of `n` and `m` limbs.
pub fn product_cost(n: usize, m: usize) -> usize {
    let (mut short, long) = (n.min(m).max(1), n.max(m));
    let pieces = long.div_ceil(short);
    let mut products = 1usize;
    while short > SCHOOLBOOK {
        short = short.div_ceil(2);
        products = products.saturating_mul(3);
    }
    if products == 1 {
        return n.saturating_mul(m) / 8;
    }
    pieces.saturating_mul(products).saturating_mul(short * short) / 8
}

/// `a * b`. May collect.
pub fn product(ctx: &mut Ctx<'_>, a: &BigInt, b: &BigInt) -> Result<BigInt, Raise> {
    // The result, and the parts of it that are being added up.
    ctx.reserve_large((bytes(a) + bytes(b)).saturating_mul(4))?;
    let magnitude = multiply(ctx, a.magnitude(), b.magnitude())?;
    let sign = if a.sign() == b.sign() { Sign::Plus } else { Sign::Minus };
    Ok(BigInt::from_biguint(sign, magnitude))
}

fn limbs_of(n: &BigUint) -> usize {
    n.bits().div_ceil(64) as usize
}

/// Halves the longer operand, or both (Karatsuba), until they are short enough. Recursion is as deep as the number
/// of limbs has bits.
pub(super) fn multiply(ctx: &mut Ctx<'_>, a: &BigUint, b: &BigUint) -> Result<BigUint, Raise> {
    let (a, b) = if a.bits() <= b.bits() { (a, b) } else { (b, a) };
    let (short, long) = (limbs_of(a), limbs_of(b));
    if long <= DIRECT || short.saturating_mul(long) <= DIRECT * DIRECT / 16 {
        ctx.charge(product_cost(short, long))?;
        return Ok(a * b);
    }
    ctx.charge((short + long) / 2)?;
    let half = long.div_ceil(2) as u64 * 64;
    let (b_high, b_low) = split(b, half);
    if short * 2 <= long {
        let high = multiply(ctx, a, &b_high)?;
        let low = multiply(ctx, a, &b_low)?;
        return Ok((high << half) + low);
    }
    let (a_high, a_low) = split(a, half);
    let high = multiply(ctx, &a_high, &b_high)?;
    let low = multiply(ctx, &a_low, &b_low)?;
    let cross = multiply(ctx, &(a_high + a_low), &(b_high + b_low))? - &high - &low;
    Ok((((high << half) + cross) << half) + low)
}

/// `n` above and below bit `at`, a multiple of 64.
fn split(n: &BigUint, at: u64) -> (BigUint, BigUint) {
    let digits = n.to_u32_digits();
    let place = digits.len().min((at / 32) as usize);
    (BigUint::from_slice(&digits[place..]), BigUint::from_slice(&digits[..place]))
}

/// Quotient and remainder, rounded towards negative infinity; `b` is not 0. May collect.
pub fn floor_division(ctx: &mut Ctx<'_>, a: &BigInt, b: &BigInt) -> Result<(BigInt, BigInt), Raise> {
    let (n, m) = (limbs(a), limbs(b));
    ctx.reserve_large((n + m).saturating_mul(8 * 4))?;
    let (quotient, remainder) = divide(ctx, a.magnitude(), b.magnitude())?;
    let quotient = BigInt::from(quotient);
    let remainder = BigInt::from_biguint(b.sign(), remainder);
    Ok(match (a.sign() == b.sign(), remainder.is_zero()) {
        (true, _) => (quotient, remainder),
        (false, true) => (-quotient, remainder),
        (false, false) => (-quotient - 1, b - remainder),
    })
}

/// Quotient and remainder. Long quotients are found in pieces from the top, as on paper.
pub(super) fn divide(ctx: &mut Ctx<'_>, a: &BigUint, b: &BigUint) -> Result<(BigUint, BigUint), Raise> {
    let (n, m) = (limbs_of(a), limbs_of(b));
    let quotient = (n + 1).saturating_sub(m);
    ctx.charge(n / 2)?;
    if quotient.saturating_mul(m) <= DIRECT * DIRECT {
        ctx.charge(quotient * m / 8)?;
        return Ok(a.div_rem(b));
    }
    // Digits have 32 bits here.
    let digits = a.to_u32_digits();
    let piece = (DIRECT * DIRECT / m).max(1) * 2;
    let mut result = vec![0u32; digits.len()];
    let mut rest = BigUint::zero();
    let mut end = digits.len();
    while end > 0 {
        let start = (end - 1) / piece * piece;
        ctx.charge(piece / 2 * m / 8)?;
        let low = BigUint::from_slice(&digits[start..end]);
        let (part, remainder) = ((rest << (32 * (end - start))) + low).div_rem(b);
        for (place, digit) in part.iter_u32_digits().enumerate() {
            result[start + place] = digit;
        }
        rest = remainder;
        end = start;
    }
    Ok((BigUint::new(result), rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heap::{Heap, Natives};
    use crate::meter::Limits;

    fn number(limbs: usize, seed: u64) -> BigUint {
        let digit = |i: u64| (i.wrapping_add(seed)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
        let digits = (0..limbs as u64).flat_map(|i| [digit(i) as u32, (digit(i) >> 32) as u32 | 1]);
        BigUint::new(digits.collect())
    }

    #[test]
    fn pieces_agree_with_the_whole() {
        let mut heap = Heap::new(Limits::unlimited(), Natives::new(&[]), (1, 2));
        let mut ctx = Ctx::new(&mut heap, &());
        for (n, m) in [(3000, 3000), (2100, 9000), (100, 5000), (5000, 4999), (4000, 1)] {
            let (a, b) = (number(n, 1), number(m, 7));
            let product = multiply(&mut ctx, &a, &b).unwrap_or_default();
            assert!(product == &a * &b, "{n} * {m}");
            let sum = &product + &b - 1u32;
            let divided = divide(&mut ctx, &sum, &a).unwrap_or_default();
            assert!(divided == sum.div_rem(&a), "{} / {n}", n + m);
        }
    }
}
