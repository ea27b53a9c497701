//! Floats read from text, written as text, and turned into integers and ratios.
//!
//! In: an `f64` or its text. Out: the text, the `f64`, or exact integers.
//! Rule: every conversion is correctly rounded, ties to even.
//!
//! `%` and format specs are [`super::percent`] and [`super::spec`].

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use super::error::TextError;
use super::float_digits::{Layout, format_double};
use super::int::{Int, IntRef, ascii_number, is_ascii_space};
use super::quote::{repr_bytes, repr_str};

/// `repr(x)`: the fewest digits that read back as `x`; an exponent below 1e-4 and from 1e16 on.
///
/// ```
/// use star_core::text::float::repr_float;
/// assert_eq!([repr_float(0.1), repr_float(1e16), repr_float(-0.0)], ["0.1", "1e+16", "-0.0"]);
/// ```
pub fn repr_float(x: f64) -> String {
    let mut out = String::new();
    write_repr(&mut out, x);
    out
}

/// Appends [`repr_float`] of `x`.
pub fn write_repr(out: &mut String, x: f64) {
    // Where there is no exponent the shortest digits are laid out alike everywhere.
    if x == 0.0 || (1e-4..1e16).contains(&x.abs()) {
        out.push_str(zmij::Buffer::new().format_finite(x));
    } else {
        out.push_str(&format_double(x, &Layout::REPR));
    }
}

/// `float(text)`: whitespace, sign, `inf`, `nan`, single underscores between digits, decimal digits
/// of any script.
pub fn parse_float(text: &str) -> Result<f64, TextError> {
    ascii_number(text).and_then(|number| parse_ascii(&number)).ok_or_else(|| not_a_float(&repr_str(text)))
}

/// `float(data)` of bytes.
pub fn parse_float_bytes(data: &[u8]) -> Result<f64, TextError> {
    std::str::from_utf8(data)
        .ok()
        .filter(|text| text.is_ascii())
        .and_then(|text| parse_ascii(text.trim_matches(is_ascii_space)))
        .ok_or_else(|| not_a_float(&repr_bytes(data)))
}

fn not_a_float(repr: &str) -> TextError {
    TextError::value(format!("could not convert string to float: {repr}"))
}

/// A number without whitespace around it. Without underscores std's grammar is Python's.
fn parse_ascii(number: &str) -> Option<f64> {
    if !number.contains('_') {
        return number.parse().ok();
    }
    let digit_at = |i: usize| number.as_bytes().get(i).is_some_and(u8::is_ascii_digit);
    let between_digits = |i: usize| i > 0 && digit_at(i - 1) && digit_at(i + 1);
    if number.match_indices('_').any(|(i, _)| !between_digits(i)) {
        return None;
    }
    number.replace('_', "").parse().ok()
}

/// `int(x)`, for the result of truncating, or of `floor` and `ceil` before it.
/// OverflowError for infinities, ValueError for nan.
pub fn float_to_int(x: f64) -> Result<Int, TextError> {
    if x.is_nan() {
        return Err(TextError::value("cannot convert float NaN to integer"));
    }
    if x.is_infinite() {
        return Err(TextError::overflow("cannot convert float infinity to integer"));
    }
    if (-(2f64.powi(63))..2f64.powi(63)).contains(&x) {
        return Ok(Int::Small(x as i64));
    }
    let (mantissa, exponent) = decompose(x);
    Ok(Int::from(BigInt::from(mantissa) << exponent.unsigned_abs()))
}

/// `float(value)` of an int, to nearest, ties to even. OverflowError beyond the largest float.
pub fn int_to_float(value: IntRef<'_>) -> Result<f64, TextError> {
    let float = match value {
        IntRef::Small(value) => Some(value as f64),
        IntRef::Big(value) => value.to_f64().filter(|float| float.is_finite()),
    };
    float.ok_or_else(|| TextError::overflow("int too large to convert to float"))
}

/// `round(x)`: to the nearest integer, ties to even.
pub fn round_to_int(x: f64) -> Result<Int, TextError> {
    float_to_int(x.round_ties_even())
}

/// `round(x, digits)`: to a multiple of 10^-digits, from the exact value of `x`.
pub fn round_to_digits(x: f64, digits: i64) -> Result<f64, TextError> {
    // CPython's bounds: beyond them nothing changes, or nothing is left.
    if !x.is_finite() || x == 0.0 || digits > 323 {
        return Ok(x);
    }
    if digits < -308 {
        return Ok(0.0 * x);
    }
    let rounded: f64 = match usize::try_from(digits) {
        Ok(places) => format!("{x:.places$}").parse().unwrap_or(x),
        Err(_) => round_left_of_point(x, digits.unsigned_abs()),
    };
    if rounded.is_infinite() {
        return Err(TextError::overflow("rounded value too large to represent"));
    }
    Ok(rounded)
}

/// Rounds to a multiple of 10^dropped on the decimal digits of `x`.
fn round_left_of_point(x: f64, dropped: u64) -> f64 {
    let whole = format!("{:.0}", x.abs().trunc());
    let dropped = usize::try_from(dropped).unwrap_or(usize::MAX);
    if dropped > whole.len() {
        return 0.0f64.copysign(x);
    }
    let (kept, rest) = whole.split_at(whole.len() - dropped);
    let half = format!("5{}", "0".repeat(dropped - 1));
    let has_more = x.fract() != 0.0;
    let round_up = match rest.cmp(half.as_str()) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => has_more || kept.ends_with(['1', '3', '5', '7', '9']),
    };
    let kept: BigInt = kept.parse().unwrap_or_default();
    let decimal = format!("{}e{dropped}", kept + i32::from(round_up));
    decimal.parse().unwrap_or(f64::INFINITY).copysign(x)
}

/// `x.as_integer_ratio()`: numerator and denominator in lowest terms.
pub fn as_integer_ratio(x: f64) -> Result<(Int, Int), TextError> {
    if x.is_nan() {
        return Err(TextError::value("cannot convert NaN to integer ratio"));
    }
    if x.is_infinite() {
        return Err(TextError::overflow("cannot convert Infinity to integer ratio"));
    }
    let (mantissa, exponent) = decompose(x);
    if exponent >= 0 {
        let numerator = BigInt::from(mantissa) << exponent.unsigned_abs();
        return Ok((Int::from(numerator), Int::Small(1)));
    }
    let halvings = mantissa.trailing_zeros().min(exponent.unsigned_abs());
    let denominator = BigInt::from(1) << (exponent.unsigned_abs() - halvings);
    Ok((Int::Small(mantissa >> halvings), Int::from(denominator)))
}

/// `x.is_integer()`.
pub fn is_integer(x: f64) -> bool {
    x.is_finite() && x.fract() == 0.0
}

/// A finite float as `mantissa × 2^exponent`; zero as `0 × 2^0`.
fn decompose(x: f64) -> (i64, i32) {
    let bits = x.to_bits();
    let fraction = i64::try_from(bits & ((1 << 52) - 1)).unwrap_or(0);
    let biased = i32::try_from((bits >> 52) & 0x7ff).unwrap_or(0);
    let (magnitude, exponent) = match (biased, fraction) {
        (0, 0) => (0, 0),
        (0, _) => (fraction, -1074),
        _ => (fraction | 1 << 52, biased - 1075),
    };
    (if x.is_sign_negative() { -magnitude } else { magnitude }, exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repr_is_the_shortest_text() {
        let cases = [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (1.0 / 3.0, "0.3333333333333333"),
            (100.0, "100.0"),
            (123456789012345.6, "123456789012345.6"),
            (9999999999999998.0, "9999999999999998.0"),
            (1e16, "1e+16"),
            (1.5e16, "1.5e+16"),
            (1e22, "1e+22"),
            (0.0001, "0.0001"),
            (0.00012345, "0.00012345"),
            (0.00001, "1e-05"),
            (1.5e-7, "1.5e-07"),
            (1e100, "1e+100"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (-f64::NAN, "nan"),
        ];
        for (x, text) in cases {
            assert_eq!(repr_float(x), text);
        }
    }

    /// Both ways of finding the shortest digits agree, also where a float lies half-way between two candidates.
    #[test]
    fn one_repr_whichever_way() {
        let mut state = 1u64;
        let mut next = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            state >> 11
        };
        for _ in 0..20_000 {
            let (mantissa, shift) = (next(), next() % 70);
            let random = f64::from_bits(next() << 11 ^ next());
            let half_way = ((mantissa % (1 << 50)) | 1) as f64 / (1u64 << (shift % 26)) as f64;
            for x in
                [random, half_way, -half_way, mantissa as f64, mantissa as f64 / 10f64.powi(shift as i32)]
            {
                assert_eq!(repr_float(x), format_double(x, &Layout::REPR), "{x:e}");
            }
        }
    }

    #[test]
    fn parses_as_cpython() {
        let cases = [
            ("1.5", 1.5),
            (" -1e3\n", -1000.0),
            ("1_0.2_5", 10.25),
            ("1e1_0", 1e10),
            (".5", 0.5),
            ("5.", 5.0),
            ("+5.e-1", 0.5),
            ("１.５", 1.5),
            ("1e400", f64::INFINITY),
            ("-Infinity", f64::NEG_INFINITY),
            ("iNf", f64::INFINITY),
            ("1e99999999999999999999", f64::INFINITY),
            ("1e-99999999999999999999", 0.0),
        ];
        for (text, x) in cases {
            assert_eq!(parse_float(text), Ok(x), "{text:?}");
        }
        assert!(parse_float("-NaN").is_ok_and(f64::is_nan));
        assert_eq!(parse_float_bytes(b" 1_0 "), Ok(10.0));
    }

    #[test]
    fn refuses_as_cpython() {
        let bad = [
            "", " ", "x", ".", "1e", "e5", "1__0", "_1", "1_", "1_.5", "1._5", "1_e5", "1e_5", "0x10", "1 2",
            "infi", "na", "--1", "1²", "1f", "1\0", "\x1c1",
        ];
        for text in bad {
            let message = format!("could not convert string to float: {}", repr_str(text));
            assert_eq!(parse_float(text), Err(TextError::value(message)));
        }
        let message = r"could not convert string to float: b'1\xff'";
        assert_eq!(parse_float_bytes(b"1\xff"), Err(TextError::value(message)));
    }

    #[test]
    fn rounds_exactly() {
        let cases = [
            (2.675, 2, 2.67),
            (0.5, 0, 0.0),
            (1.5, 0, 2.0),
            (2.5, 0, 2.0),
            (0.125, 2, 0.12),
            (-0.375, 2, -0.38),
            (1.005, 2, 1.0),
            (25.0, -1, 20.0),
            (35.0, -1, 40.0),
            (25.5, -1, 30.0),
            (5.0, -1, 0.0),
            (5.5, -1, 10.0),
            (15.0, -1, 20.0),
            (4.0, -1, 0.0),
            (50.0, -2, 0.0),
            (51.0, -2, 100.0),
            (1234567.0, -3, 1235000.0),
            (1e22, -21, 1e22),
            (-7.0, -5, -0.0),
            (1e300, 400, 1e300),
            (1e300, -400, 0.0),
            (5e-324, 323, 0.0),
        ];
        for (x, digits, expected) in cases {
            let expected: f64 = expected;
            let found = round_to_digits(x, digits).expect("no overflow in this table");
            assert_eq!(found.to_bits(), expected.to_bits(), "round({x}, {digits}) = {found}");
        }
        let message = "rounded value too large to represent";
        assert_eq!(round_to_digits(f64::MAX, -308), Err(TextError::overflow(message)));
        assert_eq!(round_to_int(-2.5), Ok(Int::Small(-2)));
    }

    #[test]
    fn integers_and_ratios() {
        assert_eq!(float_to_int(-1.9), Ok(Int::Small(-1)));
        assert_eq!(float_to_int(-(2f64.powi(63))), Ok(Int::Small(i64::MIN)));
        assert_eq!(float_to_int(2f64.powi(63)), Ok(Int::Big(BigInt::from(1) << 63)));
        assert_eq!(as_integer_ratio(0.0), Ok((Int::Small(0), Int::Small(1))));
        assert_eq!(as_integer_ratio(-0.75), Ok((Int::Small(-3), Int::Small(4))));
        assert_eq!(as_integer_ratio(10.0), Ok((Int::Small(10), Int::Small(1))));
        assert_eq!(as_integer_ratio(5e-324), Ok((Int::Small(1), Int::Big(BigInt::from(1) << 1074))));
        let infinity = TextError::overflow("cannot convert float infinity to integer");
        assert_eq!(float_to_int(f64::INFINITY), Err(infinity));
        assert!(is_integer(-0.0) && is_integer(1e300) && !is_integer(0.5) && !is_integer(f64::NAN));
    }
}
