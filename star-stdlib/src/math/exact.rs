//! Sums and norms of floats that are rounded once.
//!
//! In: floats. Out: the float nearest to the exact result, or what cannot be one. Rule: nothing is lost on the way;
//! what rounding takes from one number is kept in another.

/// A sum as numbers that do not overlap, smallest first: Shewchuk, "Adaptive precision floating-point arithmetic".
#[derive(Clone, Debug, Default)]
pub(crate) struct Partials {
    parts: Vec<f64>,
    /// The sum of the infinities and NaNs among the items.
    special: f64,
    /// The sum of the infinities.
    infinities: f64,
}

/// Why a sum has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoSum {
    /// Finite numbers went beyond the largest float.
    Overflow,
    /// Infinities of both signs.
    Invalid,
}

impl Partials {
    /// Adds one number.
    pub(crate) fn add(&mut self, item: f64) -> Result<(), NoSum> {
        let mut x = item;
        let mut kept = 0;
        for at in 0..self.parts.len() {
            let mut y = self.parts[at];
            if x.abs() < y.abs() {
                (x, y) = (y, x);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                self.parts[kept] = low;
                kept += 1;
            }
            x = high;
        }
        self.parts.truncate(kept);
        if x == 0.0 {
            return Ok(());
        }
        if x.is_finite() {
            self.parts.push(x);
            return Ok(());
        }
        if item.is_finite() {
            return Err(NoSum::Overflow);
        }
        if item.is_infinite() {
            self.infinities += item;
        }
        self.special += item;
        self.parts.clear();
        Ok(())
    }

    /// The sum, half way cases to even.
    pub(crate) fn round(&self) -> Result<f64, NoSum> {
        if self.special != 0.0 {
            return if self.infinities.is_nan() { Err(NoSum::Invalid) } else { Ok(self.special) };
        }
        let mut rest = self.parts.iter().rev().copied();
        let Some(mut high) = rest.next() else { return Ok(0.0) };
        let mut low = 0.0;
        for y in rest.by_ref() {
            let x = high;
            high = x + y;
            low = y - (high - x);
            if low != 0.0 {
                break;
            }
        }
        // `low` is half of the last place, and what follows decides which way it goes.
        if let Some(y) = rest.next()
            && ((low < 0.0 && y < 0.0) || (low > 0.0 && y > 0.0))
        {
            let y = low * 2.0;
            let x = high + y;
            if y == x - high {
                high = x;
            }
        }
        Ok(high)
    }

    /// What it holds, as a fold keeps it.
    pub(super) fn numbers(&self) -> impl Iterator<Item = f64> {
        [self.special, self.infinities].into_iter().chain(self.parts.iter().copied())
    }

    /// What [`Self::numbers`] gave.
    pub(super) fn of_numbers(mut numbers: impl Iterator<Item = f64>) -> Partials {
        let (special, infinities) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
        Partials { parts: numbers.collect(), special, infinities }
    }
}

/// A sum of two floats and what rounding took from it (Knuth).
#[inline]
fn sum(a: f64, b: f64) -> (f64, f64) {
    let x = a + b;
    let z = x - a;
    (x, (a - (x - z)) + (b - z))
}

/// The same where `a` is the larger (Dekker).
#[inline]
fn fast_sum(a: f64, b: f64) -> (f64, f64) {
    let x = a + b;
    (x, (a - x) + b)
}

/// A product and what rounding took from it.
#[inline]
fn product(x: f64, y: f64) -> (f64, f64) {
    let z = x * y;
    (z, x.mul_add(y, -z))
}

/// A sum of products in three times the precision: Ogita, Rump and Oishi, "Accurate sum and dot product".
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Triple {
    high: f64,
    low: f64,
    tiny: f64,
}

impl Triple {
    /// Adds `x * y`.
    pub(crate) fn add_product(self, x: f64, y: f64) -> Triple {
        let (p, p_low) = product(x, y);
        let (high, s_low) = sum(self.high, p);
        let (r, r_low) = sum(self.low, p_low);
        let (low, q_low) = sum(r, s_low);
        Triple { high, low, tiny: self.tiny + r_low + q_low }
    }

    /// Whether it is neither infinite nor NaN.
    pub(crate) fn is_finite(&self) -> bool {
        self.high.is_finite()
    }

    /// The sum, rounded.
    pub(crate) fn round(self) -> f64 {
        let (high, low) = sum(self.low, self.high);
        self.tiny + low + high
    }
}

/// The square root of the sum of the squares of `numbers`, none of which is negative.
pub(crate) fn norm(numbers: &mut [f64]) -> f64 {
    let largest = numbers.iter().copied().fold(0.0, |a: f64, b| if b > a { b } else { a });
    if largest.is_infinite() {
        return largest;
    }
    if numbers.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    if largest == 0.0 || numbers.len() <= 1 {
        return largest;
    }
    let (_, exponent) = libm::frexp(largest);
    if exponent < -1023 {
        // So small that scaling by a power of two would overflow.
        numbers.iter_mut().for_each(|x| *x /= f64::MIN_POSITIVE);
        return f64::MIN_POSITIVE * norm(numbers);
    }
    let scale = libm::ldexp(1.0, -exponent);
    // All squares are at most 1, so that the sum, which begins there, stays the larger operand.
    let mut total = 1.0;
    let (mut low_products, mut low_sums) = (0.0, 0.0);
    let mut add = |x: f64, y: f64| {
        let (p, p_low) = product(x, y);
        let (t, s_low) = fast_sum(total, p);
        total = t;
        low_products += p_low;
        low_sums += s_low;
        total - 1.0 + (low_products + low_sums)
    };
    let mut squares = 0.0;
    for x in numbers.iter() {
        squares = add(x * scale, x * scale);
    }
    let root = squares.sqrt();
    // One step of Newton's method with the exact rest.
    let rest = add(-root, root);
    (root + rest / (2.0 * root)) / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_sum(items: &[f64], expected: Result<f64, NoSum>) {
        let mut partials = Partials::default();
        let added = items.iter().try_for_each(|&item| partials.add(item));
        let kept = Partials::of_numbers(partials.numbers());
        assert_eq!(added.and_then(|()| kept.round()), expected);
    }

    #[test]
    fn sums_are_rounded_once() {
        check_sum(&[], Ok(0.0));
        check_sum(&[0.1; 10], Ok(1.0));
        check_sum(&[1e100, 1.0, -1e100], Ok(1.0));
        // Half way between two floats, and a little more.
        check_sum(&[1.0, f64::EPSILON / 2.0, 1e-30], Ok(1.0 + f64::EPSILON));
        check_sum(&[1.0, f64::EPSILON / 2.0, -1e-30], Ok(1.0));
        check_sum(&[1e308, 1e308], Err(NoSum::Overflow));
        check_sum(&[f64::INFINITY, 1.0], Ok(f64::INFINITY));
        check_sum(&[f64::INFINITY, f64::NEG_INFINITY], Err(NoSum::Invalid));
    }

    #[test]
    fn norms_neither_overflow_nor_vanish() {
        assert_eq!(norm(&mut [3.0, 4.0]), 5.0);
        // As CPython: neither operand is the number that its digits say.
        assert_eq!(norm(&mut [3e200, 4e200]), 4.9999999999999995e200);
        assert_eq!(norm(&mut [5e-324, 0.0]), 5e-324);
        assert_eq!(norm(&mut [3e-320, 4e-320]), 5e-320);
        assert!(norm(&mut [f64::NAN, 1.0]).is_nan());
        assert_eq!(norm(&mut [f64::NAN, f64::INFINITY]), f64::INFINITY);
    }
}
