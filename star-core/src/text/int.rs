//! Integers read from text and written as text.
//!
//! In: `&str` or `&[u8]` and a base; an [`IntRef`]. Out: an [`Int`]; a `String`.
//! Rule: a base that is not a power of two never sees more than [`MAX_STR_DIGITS`] digits, so no
//! conversion costs more than linear time with a bounded constant.

use std::borrow::Cow;

use num_bigint::{BigInt, BigUint, Sign};

use super::error::TextError;
use super::quote::{write_repr, write_repr_bytes};
use super::unicode::{decimal_value, is_space};

/// The most digits converted between text and int, as CPython's `sys.get_int_max_str_digits()`.
pub const MAX_STR_DIGITS: usize = 4300;

/// An integer of any size; `Big` holds only what does not fit `Small`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Int {
    /// Fits 64 bits.
    Small(i64),
    /// Does not.
    Big(BigInt),
}

impl From<BigInt> for Int {
    fn from(value: BigInt) -> Int {
        match i64::try_from(&value) {
            Ok(small) => Int::Small(small),
            Err(_) => Int::Big(value),
        }
    }
}

/// A borrowed integer of any size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntRef<'a> {
    /// Fits 64 bits.
    Small(i64),
    /// Need not.
    Big(&'a BigInt),
}

impl<'a> From<&'a Int> for IntRef<'a> {
    fn from(value: &'a Int) -> IntRef<'a> {
        match value {
            Int::Small(small) => IntRef::Small(*small),
            Int::Big(big) => IntRef::Big(big),
        }
    }
}

impl IntRef<'_> {
    /// Whether the value is below zero.
    pub fn is_negative(self) -> bool {
        match self {
            IntRef::Small(value) => value < 0,
            IntRef::Big(value) => value.sign() == Sign::Minus,
        }
    }

    /// The value, if it fits.
    pub fn to_i64(self) -> Option<i64> {
        match self {
            IntRef::Small(value) => Some(value),
            IntRef::Big(value) => i64::try_from(value).ok(),
        }
    }

    /// Bits of the absolute value: `n.bit_length()`.
    pub fn bits(self) -> u64 {
        match self {
            IntRef::Small(value) => u64::from(64 - value.unsigned_abs().leading_zeros()),
            IntRef::Big(value) => value.bits(),
        }
    }
}

/// The bases in which ints are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Radix {
    /// `b`
    Binary,
    /// `o`
    Octal,
    /// `d`
    Decimal,
    /// `x`
    Hex,
}

impl Radix {
    fn base(self) -> u32 {
        match self {
            Radix::Binary => 2,
            Radix::Octal => 8,
            Radix::Decimal => 10,
            Radix::Hex => 16,
        }
    }

    /// `0b`, `0o`, `0x`, or nothing for decimal.
    pub fn prefix(self) -> &'static str {
        match self {
            Radix::Binary => "0b",
            Radix::Octal => "0o",
            Radix::Decimal => "",
            Radix::Hex => "0x",
        }
    }
}

/// `str(value)`. ValueError above [`MAX_STR_DIGITS`] digits.
pub fn decimal_str(value: IntRef<'_>) -> Result<String, TextError> {
    match value {
        IntRef::Small(value) => Ok(value.to_string()),
        IntRef::Big(value) => big_decimal(value),
    }
}

/// `bin(value)`, `oct(value)`, `hex(value)`, and `str(value)` for decimal, which alone can fail.
pub fn prefixed_str(value: IntRef<'_>, radix: Radix) -> Result<String, TextError> {
    let digits = radix_digits(value, radix)?;
    let sign = if value.is_negative() { "-" } else { "" };
    Ok(format!("{sign}{}{digits}", radix.prefix()))
}

/// The digits of the absolute value, lower case. ValueError if decimal and above
/// [`MAX_STR_DIGITS`] digits.
pub fn radix_digits(value: IntRef<'_>, radix: Radix) -> Result<String, TextError> {
    match (value, radix) {
        (IntRef::Small(value), _) => Ok(small_digits(value.unsigned_abs(), radix)),
        (IntRef::Big(value), Radix::Decimal) => {
            let mut text = big_decimal(value)?;
            if text.starts_with('-') {
                text.remove(0);
            }
            Ok(text)
        }
        (IntRef::Big(value), _) => Ok(value.magnitude().to_str_radix(radix.base())),
    }
}

/// The most bytes that `value` takes in `radix`, sign and prefix included; O(1).
pub fn radix_bound(value: IntRef<'_>, radix: Radix) -> usize {
    let bits_per_digit = match radix {
        Radix::Binary => 1,
        Radix::Octal | Radix::Decimal => 3,
        Radix::Hex => 4,
    };
    usize::try_from(value.bits() / bits_per_digit).unwrap_or(usize::MAX).saturating_add(4)
}

fn small_digits(value: u64, radix: Radix) -> String {
    match radix {
        Radix::Binary => format!("{value:b}"),
        Radix::Octal => format!("{value:o}"),
        Radix::Decimal => value.to_string(),
        Radix::Hex => format!("{value:x}"),
    }
}

fn big_decimal(value: &BigInt) -> Result<String, TextError> {
    // 10^4300 has 14,285 bits: what is clearly longer is refused before the quadratic conversion.
    let clearly_too_long = value.bits() > 14_300;
    let text = if clearly_too_long { String::new() } else { value.to_str_radix(10) };
    let digits = text.len() - usize::from(text.starts_with('-'));
    if clearly_too_long || digits > MAX_STR_DIGITS {
        return Err(TextError::value(format!(
            "Exceeds the limit ({MAX_STR_DIGITS} digits) for integer string conversion; \
             use sys.set_int_max_str_digits() to increase the limit"
        )));
    }
    Ok(text)
}

/// `int(text, base)`: base 0 or 2 to 36, whitespace, sign, prefix, single underscores between
/// digits, decimal digits of any script. ValueError with the text's repr, cut at 200 characters.
pub fn parse_int(text: &str, base: i64) -> Result<Int, TextError> {
    if base == 10
        && let Some(value) = short_decimal(text.as_bytes())
    {
        return Ok(Int::Small(value));
    }
    let number = ascii_number(text);
    parse_ascii(number.as_deref(), base, |message| write_repr(message, text))
}

/// `int(data, base)` of bytes.
pub fn parse_int_bytes(data: &[u8], base: i64) -> Result<Int, TextError> {
    let number = std::str::from_utf8(data).ok().filter(|text| text.is_ascii());
    let number = number.map(|text| text.trim_matches(is_ascii_space));
    parse_ascii(number, base, |message| write_repr_bytes(message, data))
}

/// A decimal, hex, octal or binary literal as the lexer cut it, prefix and underscores included.
/// The error is the one CPython gives for the literal.
pub fn parse_int_literal(text: &str) -> Result<Int, TextError> {
    parse_int(text, 0).map_err(|mut error| {
        if error.message.starts_with("Exceeds") {
            error.message.push_str(
                " - Consider hexadecimal for huge integer literals to avoid decimal conversion limits.",
            );
        }
        error
    })
}

/// Up to 18 digits with an optional sign and nothing else: what a program mostly reads.
fn short_decimal(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut value = 0;
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Some(if negative { -value } else { value })
}

/// A number's text as CPython prepares it: surrounding whitespace gone, decimal digits of other
/// scripts as ASCII. `None` if it holds any other character beyond ASCII.
pub(super) fn ascii_number(text: &str) -> Option<Cow<'_, str>> {
    let text = text.trim_matches(|c| is_ascii_space(c) || !c.is_ascii() && is_space(c));
    if text.is_ascii() {
        return Some(Cow::Borrowed(text));
    }
    let ascii = |c: char| match c.is_ascii() {
        true => Some(c),
        false if is_space(c) => Some(' '),
        false => char::from_digit(decimal_value(c)?, 10),
    };
    text.chars().map(ascii).collect::<Option<String>>().map(Cow::Owned)
}

/// Whitespace around a number; unlike `str.strip`, without the four ASCII separators.
pub(super) fn is_ascii_space(c: char) -> bool {
    matches!(c, '\t'..='\r' | ' ')
}

fn parse_ascii(
    number: Option<&str>,
    base: i64,
    write_source: impl FnOnce(&mut String),
) -> Result<Int, TextError> {
    let invalid = || {
        let mut source = String::new();
        write_source(&mut source);
        let shown = source.char_indices().nth(200).map_or(&source[..], |(end, _)| &source[..end]);
        TextError::value(format!("invalid literal for int() with base {base}: {shown}"))
    };
    if base != 0 && !(2..=36).contains(&base) {
        return Err(TextError::value("int() base must be >= 2 and <= 36, or 0"));
    }
    let Some(number) = number.and_then(|text| Number::split(text, base)) else {
        return Err(invalid());
    };
    let Some(digits) = digit_values(number.digits, number.base) else {
        return Err(invalid());
    };
    if number.must_be_zero && digits.iter().any(|&digit| digit != 0) {
        return Err(invalid());
    }
    if !number.base.is_power_of_two() && digits.len() > MAX_STR_DIGITS {
        return Err(TextError::value(format!(
            "Exceeds the limit ({MAX_STR_DIGITS} digits) for integer string conversion: \
             value has {} digits; use sys.set_int_max_str_digits() to increase the limit",
            digits.len()
        )));
    }
    Ok(from_digits(&digits, number.base, number.negative))
}

/// A number in its parts.
struct Number<'a> {
    negative: bool,
    base: u32,
    digits: &'a str,
    /// Base 0, no prefix and a leading zero, as in `007`.
    must_be_zero: bool,
}

impl Number<'_> {
    fn split(text: &str, base: i64) -> Option<Number<'_>> {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let negative = text.starts_with('-');
        let prefix_base = match unsigned.as_bytes() {
            [b'0', b'x' | b'X', ..] => 16,
            [b'0', b'o' | b'O', ..] => 8,
            [b'0', b'b' | b'B', ..] => 2,
            _ => 0,
        };
        if prefix_base != 0 && (base == 0 || base == i64::from(prefix_base)) {
            let digits = &unsigned[2..];
            let digits = digits.strip_prefix('_').unwrap_or(digits);
            return Some(Number { negative, base: prefix_base, digits, must_be_zero: false });
        }
        let must_be_zero = base == 0 && unsigned.starts_with('0');
        let base = if base == 0 { 10 } else { u32::try_from(base).ok()? };
        Some(Number { negative, base, digits: unsigned, must_be_zero })
    }
}

/// The value of each digit; `None` if one is not of the base, or an underscore is not between two.
fn digit_values(text: &str, base: u32) -> Option<Vec<u8>> {
    let mut digits = Vec::with_capacity(text.len());
    let mut after_digit = false;
    for c in text.chars() {
        match c {
            '_' if after_digit => after_digit = false,
            _ => {
                digits.push(u8::try_from(c.to_digit(base)?).ok()?);
                after_digit = true;
            }
        }
    }
    after_digit.then_some(digits)
}

fn from_digits(digits: &[u8], base: u32, negative: bool) -> Int {
    let mut small: i64 = 0;
    for &digit in digits {
        let signed = if negative { -i64::from(digit) } else { i64::from(digit) };
        match small.checked_mul(i64::from(base)).and_then(|value| value.checked_add(signed)) {
            Some(value) => small = value,
            None => return big_from_digits(digits, base, negative),
        }
    }
    Int::Small(small)
}

fn big_from_digits(digits: &[u8], base: u32, negative: bool) -> Int {
    let magnitude = BigUint::from_radix_be(digits, base).unwrap_or_default();
    let sign = if negative { Sign::Minus } else { Sign::Plus };
    Int::from(BigInt::from_biguint(sign, magnitude))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(result: Result<Int, TextError>) -> String {
        match result {
            Ok(Int::Small(value)) => value.to_string(),
            Ok(Int::Big(value)) => format!("big {value}"),
            Err(error) => error.message,
        }
    }

    #[test]
    fn parses_as_cpython() {
        let cases = [
            ("0", 10, "0"),
            ("-12", 10, "-12"),
            (" +1_000\n", 10, "1000"),
            ("\u{2003}１２\u{2003}", 10, "12"),
            ("٣", 0, "3"),
            ("9223372036854775807", 10, "9223372036854775807"),
            ("-9223372036854775808", 10, "-9223372036854775808"),
            ("9223372036854775808", 10, "big 9223372036854775808"),
            ("-9223372036854775809", 10, "big -9223372036854775809"),
            ("000000000000000000000000001", 10, "1"),
            ("0x1F", 16, "31"),
            ("0x_1f", 0, "31"),
            ("-0b101", 0, "-5"),
            ("0o17", 8, "15"),
            ("0b", 16, "11"),
            ("zz", 36, "1295"),
            ("00", 0, "0"),
            ("0_0", 0, "0"),
            ("01", 0, "invalid literal for int() with base 0: '01'"),
            ("0x", 16, "invalid literal for int() with base 16: '0x'"),
            ("0x__1", 16, "invalid literal for int() with base 16: '0x__1'"),
            ("", 10, "invalid literal for int() with base 10: ''"),
            ("-", 10, "invalid literal for int() with base 10: '-'"),
            ("--1", 10, "invalid literal for int() with base 10: '--1'"),
            ("- 1", 10, "invalid literal for int() with base 10: '- 1'"),
            ("_1", 10, "invalid literal for int() with base 10: '_1'"),
            ("1_", 10, "invalid literal for int() with base 10: '1_'"),
            ("1__0", 10, "invalid literal for int() with base 10: '1__0'"),
            ("1.5", 10, "invalid literal for int() with base 10: '1.5'"),
            ("it's", 10, "invalid literal for int() with base 10: \"it's\""),
            ("\x1c1", 10, r"invalid literal for int() with base 10: '\x1c1'"),
            ("1²", 10, "invalid literal for int() with base 10: '1²'"),
            ("2", 2, "invalid literal for int() with base 2: '2'"),
            ("1", 1, "int() base must be >= 2 and <= 36, or 0"),
            ("1", 37, "int() base must be >= 2 and <= 36, or 0"),
            ("1", -1, "int() base must be >= 2 and <= 36, or 0"),
        ];
        for (text, base, expected) in cases {
            assert_eq!(shown(parse_int(text, base)), expected, "int({text:?}, {base})");
        }
        assert_eq!(shown(parse_int_bytes(b" 12\n", 10)), "12");
        assert_eq!(shown(parse_int_bytes(b"x\xff", 10)), r"invalid literal for int() with base 10: b'x\xff'");
    }

    #[test]
    fn long_texts_are_bounded() {
        let limit = "Exceeds the limit (4300 digits) for integer string conversion: value has 5000 digits; \
                     use sys.set_int_max_str_digits() to increase the limit";
        assert_eq!(shown(parse_int(&"9".repeat(5000), 10)), limit);
        assert_eq!(shown(parse_int(&"0".repeat(5000), 10)), limit);
        assert!(shown(parse_int_literal(&"9".repeat(5000))).ends_with("decimal conversion limits."));
        assert!(parse_int(&"9".repeat(4300), 10).is_ok());
        assert!(parse_int(&"f".repeat(100_000), 16).is_ok());
        let garbage = "é".repeat(300);
        let message = format!("invalid literal for int() with base 10: '{}", "é".repeat(199));
        assert_eq!(shown(parse_int(&garbage, 10)), message);
    }

    #[test]
    fn writes_in_every_base() {
        let big = BigInt::from(2).pow(100);
        let cases = [
            (Int::Small(-10), "-10", "-0b1010", "-0o12", "-0xa"),
            (Int::Small(0), "0", "0b0", "0o0", "0x0"),
            (
                Int::Small(i64::MIN),
                "-9223372036854775808",
                "-0b1000000000000000000000000000000000000000000000000000000000000000",
                "-0o1000000000000000000000",
                "-0x8000000000000000",
            ),
        ];
        for (value, decimal, binary, octal, hex) in cases {
            let value = IntRef::from(&value);
            assert_eq!(decimal_str(value).as_deref(), Ok(decimal));
            assert_eq!(prefixed_str(value, Radix::Binary).as_deref(), Ok(binary));
            assert_eq!(prefixed_str(value, Radix::Octal).as_deref(), Ok(octal));
            assert_eq!(prefixed_str(value, Radix::Hex).as_deref(), Ok(hex));
            assert!(radix_bound(value, Radix::Binary) >= binary.len());
        }
        let minus = -&big;
        assert_eq!(
            prefixed_str(IntRef::Big(&minus), Radix::Hex).as_deref(),
            Ok("-0x10000000000000000000000000")
        );
        assert_eq!(
            radix_digits(IntRef::Big(&minus), Radix::Decimal).as_deref(),
            Ok("1267650600228229401496703205376")
        );
    }

    #[test]
    fn decimal_limit_is_exact() {
        let longest = BigInt::from(10).pow(4300) - 1;
        assert_eq!(decimal_str(IntRef::Big(&longest)).map(|text| text.len()), Ok(4300));
        let message = "Exceeds the limit (4300 digits) for integer string conversion; \
                       use sys.set_int_max_str_digits() to increase the limit";
        for value in [longest + 1, -BigInt::from(10).pow(9000)] {
            assert_eq!(decimal_str(IntRef::Big(&value)), Err(TextError::value(message)));
        }
    }
}
