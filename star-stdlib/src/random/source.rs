//! Draws.
//!
//! In: a generator. Out: bits, floats, ints below a bound. Rule: each takes as many words as CPython's takes, in the same
//! order.

use num_bigint::BigUint;
use num_traits::ToPrimitive;
use star::object::HostData;
use star::private::{Ctx, Raise, Value};

use super::twister::Twister;

/// What a `Random` object holds.
pub(super) struct Generator {
    /// The generator; none where every draw is the machine's own.
    pub(super) twister: Option<Twister>,
    /// The second of a pair of normal numbers.
    pub(super) gauss_next: Option<f64>,
}

impl HostData for Generator {
    fn bytes(&self) -> usize {
        size_of::<Generator>() + self.twister.as_ref().map_or(0, |_| super::twister::WORDS * 4)
    }
}

/// Looks at or changes the generator of a receiver, which is one.
pub(super) fn with<R>(ctx: &mut Ctx<'_>, me: Value, work: impl FnOnce(&mut Generator) -> R) -> Option<R> {
    let Value::Host(at) = me else { return None };
    let mut generator = ctx.heap[at].borrow_mut::<Generator>()?;
    Some(work(&mut generator))
}

/// The next word.
#[inline]
pub(super) fn word(ctx: &mut Ctx<'_>, me: Value) -> u32 {
    match with(ctx, me, |generator| generator.twister.as_mut().map(Twister::next)) {
        Some(Some(word)) => word,
        _ => (ctx.entropy() >> 32) as u32,
    }
}

/// A float from 0 on, below 1, of 53 bits.
#[inline]
pub(super) fn unit(ctx: &mut Ctx<'_>, me: Value) -> f64 {
    let both = |twister: &mut Twister| {
        let (high, low) = (twister.next() >> 5, twister.next() >> 6);
        (f64::from(high) * f64::from(1 << 26) + f64::from(low)) / (1u64 << 53) as f64
    };
    match with(ctx, me, |generator| generator.twister.as_mut().map(both)) {
        Some(Some(unit)) => unit,
        _ => (ctx.entropy() >> 11) as f64 / (1u64 << 53) as f64,
    }
}

/// An int of up to 64 bits.
#[inline]
fn bits(ctx: &mut Ctx<'_>, me: Value, count: u32) -> u64 {
    match count {
        0 => 0,
        1..=32 => u64::from(word(ctx, me) >> (32 - count)),
        _ => {
            let low = u64::from(word(ctx, me));
            let high = u64::from(word(ctx, me) >> (64 - count));
            low | high << 32
        }
    }
}

/// An int of any number of bits. Charged and with room made for it.
pub(super) fn many_bits(ctx: &mut Ctx<'_>, me: Value, count: usize) -> Result<BigUint, Raise> {
    let words = count.div_ceil(32);
    ctx.charge(words)?;
    ctx.reserve_large(words.saturating_mul(8))?;
    let mut digits: Vec<u32> = (0..words).map(|_| word(ctx, me)).collect();
    if let Some(last) = digits.last_mut()
        && !count.is_multiple_of(32)
    {
        *last >>= 32 - count % 32;
    }
    Ok(BigUint::new(digits))
}

/// An int below `bound`, which is not 0.
#[inline]
pub(super) fn below(ctx: &mut Ctx<'_>, me: Value, bound: u64) -> u64 {
    let count = 64 - bound.leading_zeros();
    loop {
        let drawn = bits(ctx, me, count);
        if drawn < bound {
            return drawn;
        }
    }
}

/// An int below `bound`, which is not 0.
pub(super) fn below_big(ctx: &mut Ctx<'_>, me: Value, bound: &BigUint) -> Result<BigUint, Raise> {
    if let Some(small) = bound.to_u64() {
        return Ok(below(ctx, me, small).into());
    }
    loop {
        let drawn = many_bits(ctx, me, bound.bits() as usize)?;
        if drawn < *bound {
            return Ok(drawn);
        }
    }
}
