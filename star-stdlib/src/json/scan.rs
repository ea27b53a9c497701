//! The words of JSON: strings and numbers.
//!
//! In: a document and a place in it. Out: what stands there and where it ends, or what is wrong. Rule: every byte is
//! looked at once; what is right and what is wrong follows CPython's scanner in C, places of errors included.

/// What is wrong with a document, and at which byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub message: &'static str,
    pub at: usize,
}

/// A string as it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found<'t> {
    /// As it stands in the document.
    Plain(&'t str),
    /// With escapes, which the buffer has without.
    Unescaped,
}

const UNTERMINATED: &str = "Unterminated string starting at";
const BAD_UNICODE: &str = "Invalid \\uXXXX escape";

/// The string whose opening quote is right before byte `start`, and the byte behind its closing quote. With `strict` no
/// control characters may stand in it.
#[inline]
pub(super) fn string<'t>(
    text: &'t str,
    start: usize,
    strict: bool,
    buffer: &mut String,
) -> Result<(Found<'t>, usize), Fault> {
    let end = start + plain(&text.as_bytes()[start..]);
    if text.as_bytes().get(end) == Some(&b'"') {
        return Ok((Found::Plain(&text[start..end]), end + 1));
    }
    buffer.clear();
    let end = escaped(text, start, end, strict, buffer)?;
    Ok((Found::Unescaped, end))
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// How many bytes come before the first quote, backslash or control character.
#[inline]
fn plain(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(chunk) = bytes[at..].first_chunk::<8>() {
        // The high bit of each byte that is wanted; above the lowest of them there may be others.
        let word = u64::from_le_bytes(*chunk);
        let controls = word.wrapping_sub(ONES * 0x20) & !word;
        let (quote, backslash) = (word ^ (ONES * b'"' as u64), word ^ (ONES * b'\\' as u64));
        let quotes = quote.wrapping_sub(ONES) & !quote;
        let backslashes = backslash.wrapping_sub(ONES) & !backslash;
        let special = (controls | quotes | backslashes) & HIGH;
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let tail = &bytes[at..];
    at + tail.iter().position(|&byte| byte < 0x20 || byte == b'"' || byte == b'\\').unwrap_or(tail.len())
}

/// Unescapes a string that starts at `start` and is plain up to `at`; the byte behind its closing quote.
#[inline(never)]
fn escaped(
    text: &str,
    start: usize,
    mut at: usize,
    strict: bool,
    buffer: &mut String,
) -> Result<usize, Fault> {
    let bytes = text.as_bytes();
    let unterminated = Fault { message: UNTERMINATED, at: start - 1 };
    let mut copied = start;
    loop {
        match *bytes.get(at).ok_or(unterminated)? {
            b'"' => {
                buffer.push_str(&text[copied..at]);
                return Ok(at + 1);
            }
            b'\\' => {
                buffer.push_str(&text[copied..at]);
                let &letter = bytes.get(at + 1).ok_or(unterminated)?;
                let (c, end) = match simple(letter) {
                    Some(c) => (c, at + 2),
                    None if letter == b'u' => code_point(bytes, at + 2)?,
                    None => return Err(Fault { message: "Invalid \\escape", at }),
                };
                buffer.push(c);
                (at, copied) = (end, end);
            }
            _ if strict => return Err(Fault { message: "Invalid control character at", at }),
            _ => at += 1,
        }
        // One escape often follows another.
        if bytes.get(at) != Some(&b'\\') {
            at += plain(&bytes[at..]);
        }
    }
}

fn simple(letter: u8) -> Option<char> {
    Some(match letter {
        b'"' | b'\\' | b'/' => letter as char,
        b'b' => '\x08',
        b'f' => '\x0c',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        _ => return None,
    })
}

/// The character whose hexadecimal digits begin at `at`, a surrogate pair in two escapes, and where it ends.
fn code_point(bytes: &[u8], at: usize) -> Result<(char, usize), Fault> {
    // Something has to follow, if only the closing quote.
    if at + 4 >= bytes.len() {
        return Err(Fault { message: BAD_UNICODE, at: at - 1 });
    }
    let high = hexadecimal(bytes, at)?;
    if let Some(c) = char::from_u32(high) {
        return Ok((c, at + 4));
    }
    if (0xD800..0xDC00).contains(&high)
        && bytes[at + 4..].starts_with(b"\\u")
        && bytes.len() > at + 10
        && let low = hexadecimal(bytes, at + 6)?
        && (0xDC00..0xE000).contains(&low)
        && let Some(c) = char::from_u32(0x10000 + ((high - 0xD800) << 10 | (low - 0xDC00)))
    {
        return Ok((c, at + 10));
    }
    Err(Fault { message: "Lone surrogate in \\uXXXX escape", at: at - 1 })
}

#[inline]
fn hexadecimal(bytes: &[u8], at: usize) -> Result<u32, Fault> {
    let digits = bytes[at..at + 4].iter().map(|&digit| DIGITS[digit as usize]);
    // What is no digit has bits above those of digits.
    match digits.fold(0, |value, digit| value << 4 | digit) {
        value @ 0..0x10000 => Ok(value),
        _ => Err(Fault { message: BAD_UNICODE, at: at - 1 }),
    }
}

/// The value of each hexadecimal digit; of other bytes, more than four digits can be.
static DIGITS: [u32; 256] = {
    let mut digits = [1 << 16; 256];
    let mut at = 0;
    while at < 16 {
        digits[b"0123456789abcdef"[at] as usize] = at as u32;
        digits[b"0123456789ABCDEF"[at] as usize] = at as u32;
        at += 1;
    }
    digits
};

/// A number as it was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    /// An int.
    Int(i64),
    /// An int of many digits.
    BigInt,
    /// A float.
    Float(f64),
}

/// The number that begins at byte `start`, and where it ends; `None` if none does.
#[inline]
pub(super) fn number(text: &str, start: usize) -> Option<(Number, usize)> {
    let bytes = text.as_bytes();
    let negative = bytes.get(start) == Some(&b'-');
    let first = start + negative as usize;
    let mut digits = Digits::default();
    let mut at = match bytes.get(first)? {
        b'0' => first + 1,
        b'1'..=b'9' => digits.take(bytes, first),
        _ => return None,
    };
    let whole = digits.count;
    if bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        at = digits.take(bytes, at + 1);
    } else if !matches!(bytes.get(at), Some(b'e' | b'E')) {
        return Some((digits.int(negative), at));
    }
    let fraction = digits.count - whole;
    let (exponent, end) = exponent(bytes, at);
    if end == first + whole.max(1) {
        return Some((digits.int(negative), at));
    }
    let float = match digits.float(exponent, fraction) {
        Some(x) if negative => -x,
        Some(x) => x,
        None => text[start..end].parse().unwrap_or(f64::NAN),
    };
    Some((Number::Float(float), end))
}

/// The exponent at `at` and where it ends; 0 and `at` if there is none, `None` if it is out of all bounds.
#[inline]
fn exponent(bytes: &[u8], at: usize) -> (Option<i32>, usize) {
    if !matches!(bytes.get(at), Some(b'e' | b'E')) {
        return (Some(0), at);
    }
    let sign = bytes.get(at + 1).copied().filter(|sign| matches!(sign, b'+' | b'-'));
    let first = at + 1 + sign.is_some() as usize;
    let mut digits = Digits::default();
    match digits.take(bytes, first) {
        end if end == first => (Some(0), at),
        end if digits.count > 4 => (None, end),
        end if sign == Some(b'-') => (Some(-(digits.value as i32)), end),
        end => (Some(digits.value as i32), end),
    }
}

/// Decimal digits: their value, which is right for up to 19 of them, and how many.
#[derive(Default)]
struct Digits {
    value: u64,
    count: usize,
}

impl Digits {
    /// Takes digits from `at` on; where they end.
    #[inline]
    fn take(&mut self, bytes: &[u8], mut at: usize) -> usize {
        let start = at;
        while let Some(digit) = bytes.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10)
        {
            self.value = self.value.wrapping_mul(10).wrapping_add(digit as u64);
            at += 1;
        }
        self.count += at - start;
        at
    }

    #[inline]
    fn int(&self, negative: bool) -> Number {
        match self.count {
            0..=18 if negative => Number::Int(-(self.value as i64)),
            0..=18 => Number::Int(self.value as i64),
            _ => Number::BigInt,
        }
    }

    /// The float of these digits, the last `fraction` of them behind the point, if one exact operation gives it.
    #[inline]
    fn float(&self, exponent: Option<i32>, fraction: usize) -> Option<f64> {
        if self.count > 19 || self.value > 1 << 53 {
            return None;
        }
        let exponent = exponent? - fraction as i32;
        let power = *POWERS.get(exponent.unsigned_abs() as usize)?;
        let value = self.value as f64;
        Some(if exponent < 0 { value / power } else { value * power })
    }
}

/// The powers of ten that floats hold exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_number(text: &str, expected: Option<(Number, usize)>) {
        assert_eq!(number(text, 0), expected, "{text}");
    }

    #[test]
    fn numbers() {
        let int = |value, end| Some((Number::Int(value), end));
        let float = |value, end| Some((Number::Float(value), end));
        check_number("0", int(0, 1));
        check_number("-0", int(0, 2));
        check_number("012", int(0, 1));
        check_number("-12]", int(-12, 3));
        check_number("999999999999999999", int(999_999_999_999_999_999, 18));
        check_number("1000000000000000000", Some((Number::BigInt, 19)));
        check_number("1.", int(1, 1));
        check_number("1.x", int(1, 1));
        check_number("1e", int(1, 1));
        check_number("1e+", int(1, 1));
        check_number("0e", int(0, 1));
        check_number("1.5e", float(1.5, 3));
        check_number("0.1", float(0.1, 3));
        check_number("-0.0", float(-0.0, 4));
        check_number("0e1", float(0.0, 3));
        check_number("1E5,", float(1e5, 3));
        check_number("123.456e-7 ", float(123.456e-7, 10));
        check_number("1e400", float(f64::INFINITY, 5));
        check_number("1e-99999999999", float(0.0, 14));
        check_number("0.000000000000000000000000000001", float(1e-30, 32));
        check_number("9007199254740993.0", float(9007199254740992.0, 18));
        check_number("123456789012345678901234567890.5", float(1.2345678901234568e29, 32));
        check_number("-", None);
        check_number(".5", None);
        check_number("+1", None);
    }

    #[track_caller]
    fn check_string(text: &str, expected: Result<(&str, usize), (&'static str, usize)>) {
        let mut buffer = String::new();
        let found = string(text, 1, true, &mut buffer);
        let found = found.map(|(found, end)| match found {
            Found::Plain(text) => (text, end),
            Found::Unescaped => (buffer.as_str(), end),
        });
        assert_eq!(found, expected.map_err(|(message, at)| Fault { message, at }), "{text}");
    }

    #[test]
    fn strings() {
        check_string(r#""""#, Ok(("", 2)));
        check_string(r#""abc" "#, Ok(("abc", 5)));
        check_string(r#""a longer text, with ünïcödé" x"#, Ok(("a longer text, with ünïcödé", 33)));
        check_string(r#""\"\\\/\b\f\n\r\t""#, Ok(("\"\\/\x08\x0c\n\r\t", 18)));
        check_string(r#""x\u00e9\ud83d\ude00y""#, Ok(("xé😀y", 22)));
        check_string(r#""abc"#, Err((UNTERMINATED, 0)));
        check_string(r#""abc\"#, Err((UNTERMINATED, 0)));
        check_string(r#""a\x""#, Err(("Invalid \\escape", 2)));
        check_string(r#""\u12"#, Err((BAD_UNICODE, 2)));
        check_string(r#""\u12g4""#, Err((BAD_UNICODE, 2)));
        check_string(r#""\ud800\u12g4""#, Err((BAD_UNICODE, 8)));
        check_string("\"ab\tc\"", Err(("Invalid control character at", 3)));
    }
}
