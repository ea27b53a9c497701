//! Floats as hexadecimal text: `float.hex` and `float.fromhex`.
//!
//! In: an `f64` or its hex text. Out: the other.
//! Rule: `from_hex(to_hex(x))` is `x`, to the bit; other texts are rounded, ties to even.

use super::error::TextError;
use super::int::is_ascii_space;

/// `x.hex()`: `0x1.8000000000000p+1`; `inf`, `-inf` and `nan` as they are.
pub fn to_hex(x: f64) -> String {
    if !x.is_finite() {
        return super::float::repr_float(x);
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if x == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let fraction = x.to_bits() & ((1 << 52) - 1);
    let (whole, exponent) = match (x.to_bits() >> 52) & 0x7ff {
        0 => (0, -1022),
        biased => (1, i64::try_from(biased).unwrap_or(0) - 1023),
    };
    format!("{sign}0x{whole}.{fraction:013x}p{exponent:+}")
}

/// `float.fromhex(text)`: `[sign] ['0x'] hex ['.' hex] ['p' exponent]`, or an infinity or nan.
/// ValueError if malformed, OverflowError if too large.
pub fn from_hex(text: &str) -> Result<f64, TextError> {
    let invalid = || TextError::value("invalid hexadecimal floating-point string");
    let text = text.trim_matches(is_ascii_space);
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    let lower = unsigned.get(..unsigned.len().min(8)).unwrap_or("").to_ascii_lowercase();
    let magnitude = match lower.as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" => f64::NAN,
        _ => {
            let digits = unsigned.strip_prefix("0x").or(unsigned.strip_prefix("0X"));
            let (significand, exponent, rest) = split(digits.unwrap_or(unsigned)).ok_or_else(invalid)?;
            // CPython meets what is too large before it meets what should not follow.
            let too_large = "hexadecimal value too large to represent as a float";
            let scaled = significand.scaled(exponent).ok_or_else(|| TextError::overflow(too_large))?;
            if !rest.is_empty() {
                return Err(invalid());
            }
            scaled
        }
    };
    Ok(sign * magnitude)
}

/// The significand, the exponent after `p`, and what follows.
fn split(text: &str) -> Option<(Significand, i64, &str)> {
    let (digits, (exponent, rest)) = match text.split_once(['p', 'P']) {
        Some((digits, exponent)) => (digits, leading_int(exponent)?),
        None => (text, (0, "")),
    };
    let mut significand = Significand::default();
    let (mut after_point, mut any_digit) = (false, false);
    for c in digits.chars() {
        if c == '.' && !after_point {
            after_point = true;
            continue;
        }
        significand.push(c.to_digit(16)?, after_point);
        any_digit = true;
    }
    any_digit.then_some((significand, exponent, rest))
}

/// The decimal integer that `text` starts with, and the rest; what does not fit is as good as ±10¹⁵.
fn leading_int(text: &str) -> Option<(i64, &str)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let rest = unsigned.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &unsigned[..unsigned.len() - rest.len()];
    if digits.is_empty() {
        return None;
    }
    let push = |value: i64, digit: u8| (value * 10 + i64::from(digit - b'0')).min(1_000_000_000_000_000);
    let value = digits.bytes().fold(0, push);
    Some((if text.starts_with('-') { -value } else { value }, rest))
}

/// The leading bits of a hex number: `bits × 2^exponent`, and whether a one was cut off.
#[derive(Default)]
struct Significand {
    bits: u64,
    exponent: i64,
    cut: bool,
}

impl Significand {
    fn push(&mut self, digit: u32, after_point: bool) {
        let fits = self.bits >> 60 == 0;
        if fits {
            self.bits = self.bits << 4 | u64::from(digit);
        } else {
            self.cut |= digit != 0;
        }
        self.exponent += match (fits, after_point) {
            (true, true) => -4,
            (false, false) => 4,
            _ => 0,
        };
    }

    /// The float nearest to `self × 2^exponent`; `None` if it is beyond the largest.
    fn scaled(self, exponent: i64) -> Option<f64> {
        if self.bits == 0 {
            return Some(0.0);
        }
        // Left-justified: the value is bits × 2^exponent with the top bit of 64 set.
        let shift = self.bits.leading_zeros();
        let bits = self.bits << shift;
        let exponent = self.exponent + exponent - i64::from(shift);
        let top = exponent + 63;
        if top > 1023 {
            return None;
        }
        // The bits below the last one a float of this size has: 11, more for subnormals.
        let dropped = u32::try_from(11 + (-1022 - top).max(0)).unwrap_or(u32::MAX).min(66);
        let wide = u128::from(bits) << 1 | u128::from(self.cut);
        let kept = wide >> (dropped + 1);
        let rest = wide & ((1 << (dropped + 1)) - 1);
        let half = 1 << dropped;
        let kept = kept + u128::from(rest > half || rest == half && kept & 1 == 1);
        // A float's bits count up across exponents, so a carry lands in the right place.
        let biased = u128::try_from((top + 1022).max(0)).unwrap_or(0);
        let float = f64::from_bits(u64::try_from((biased << 52) + kept).unwrap_or(0));
        float.is_finite().then_some(float)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_as_cpython() {
        let cases = [
            (0.0, "0x0.0p+0"),
            (-0.0, "-0x0.0p+0"),
            (1.0, "0x1.0000000000000p+0"),
            (-2.71, "-0x1.5ae147ae147aep+1"),
            (0.1, "0x1.999999999999ap-4"),
            (5e-324, "0x0.0000000000001p-1022"),
            (f64::MAX, "0x1.fffffffffffffp+1023"),
            (f64::NEG_INFINITY, "-inf"),
        ];
        for (x, text) in cases {
            assert_eq!(to_hex(x), text);
            assert_eq!(from_hex(text).map(f64::to_bits), Ok(x.to_bits()), "{text}");
        }
    }

    #[test]
    fn reads_as_cpython() {
        let cases = [
            (" 0X1p4\n", 16.0),
            ("a.8", 10.5),
            (".8", 0.5),
            ("8.", 8.0),
            ("0x00000000000000000000000001", 1.0),
            ("0x1.00000000000008", 1.0),
            ("0x1.00000000000018", 1.0000000000000004),
            ("0x1.000000000000080000000000000000001", 1.0000000000000002),
            ("0x1p-1075", 0.0),
            ("0x1.8p-1075", 5e-324),
            ("0x1.0000000000000000001p-1075", 5e-324),
            ("0x1p-99999999999999999999", 0.0),
            ("0x0p99999999999999999999", 0.0),
            ("0x1.fffffffffffff7p1023", f64::MAX),
            ("+INFINITY", f64::INFINITY),
        ];
        for (text, x) in cases {
            assert_eq!(from_hex(text), Ok(x), "{text:?}");
        }
        for text in ["", "0x", ".", "p1", "1p", "1p+", "0xg", "1.2.3", "1 2", "--1", "infin", "１"] {
            let message = "invalid hexadecimal floating-point string";
            assert_eq!(from_hex(text), Err(TextError::value(message)), "{text:?}");
        }
        for text in ["0x1p1024", "0x1.fffffffffffff8p1023", "0x1p99999999999999999999"] {
            let message = "hexadecimal value too large to represent as a float";
            assert_eq!(from_hex(text), Err(TextError::overflow(message)), "{text:?}");
        }
    }
}
