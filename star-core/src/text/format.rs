//! `format(value, spec)` of strings, ints, bools and floats.
//!
//! In: a value and a [`Spec`] parsed for its type. Out: the text.
//! Rule: a result above the caller's `max` is refused before it is built, by a bound that costs O(1).
//!
//! The functions that take the spec's text parse it first. Cost: O(result), for ints in decimal
//! with the bounded constant of [`super::int`].

use super::error::TextError;
use super::float::{int_to_float, repr_float};
use super::float_digits::{Layout, Notation, format_double};
use super::int::{IntRef, Radix, decimal_str, radix_bound, radix_digits};
use super::spec::{Align, SignOption, Spec, Subject};

/// `format(value, spec)` of a string.
///
/// ```
/// assert_eq!(star_core::text::format::format_str("abc", "*^7.2", 100).unwrap(), "**ab***");
/// ```
pub fn format_str(value: &str, spec: &str, max: usize) -> Result<String, TextError> {
    if spec.is_empty() {
        return Ok(value.to_string());
    }
    Spec::parse(spec, Subject::Str)?.format_str(value, max)
}

/// `format(value, spec)` of an int.
pub fn format_int(value: IntRef<'_>, spec: &str, max: usize) -> Result<String, TextError> {
    if spec.is_empty() || spec == "d" {
        return decimal_str(value);
    }
    Spec::parse(spec, Subject::Int)?.format_int(value, max)
}

/// `format(value, spec)` of a bool: `True` or `False` if the spec is empty, else as 0 or 1.
pub fn format_bool(value: bool, spec: &str, max: usize) -> Result<String, TextError> {
    if spec.is_empty() {
        return Ok(if value { "True" } else { "False" }.to_string());
    }
    Spec::parse(spec, Subject::Bool)?.format_int(IntRef::Small(i64::from(value)), max)
}

/// `format(value, spec)` of a float.
pub fn format_float(value: f64, spec: &str, max: usize) -> Result<String, TextError> {
    if spec.is_empty() {
        return Ok(repr_float(value));
    }
    Spec::parse(spec, Subject::Float)?.format_float(value, max)
}

impl Spec {
    /// The most bytes of padding.
    fn padding_bound(&self) -> usize {
        self.width.unwrap_or(0).saturating_mul(self.fill.len_utf8()).saturating_add(4)
    }

    /// Formats a string.
    pub fn format_str(&self, value: &str, max: usize) -> Result<String, TextError> {
        let refused = |message: &str| Err(TextError::value(message));
        match () {
            _ if self.code != Some('s') => return Err(self.unknown_code()),
            _ if self.sign == Some(SignOption::Space) => {
                return refused("Space not allowed in string format specifier");
            }
            _ if self.sign.is_some() => {
                return refused("Sign not allowed in string format specifier");
            }
            _ if self.no_negative_zero => {
                return refused("Negative zero coercion (z) not allowed in string format specifier");
            }
            _ if self.alternate => {
                return refused("Alternate form (#) not allowed in string format specifier");
            }
            _ if self.align == Align::Inner => {
                return refused("'=' alignment not allowed in string format specifier");
            }
            _ => {}
        }
        let shown = match self.precision.and_then(|count| value.char_indices().nth(count)) {
            Some((end, _)) => &value[..end],
            None => value,
        };
        TextError::check_size(shown.len().saturating_add(self.padding_bound()), max)?;
        let Some(width) = self.width else {
            return Ok(shown.to_string());
        };
        let padding = width.saturating_sub(shown.chars().count());
        let (before, after) = self.split_padding(padding);
        let mut out = String::with_capacity(shown.len() + padding * self.fill.len_utf8());
        push_fill(&mut out, self.fill, before);
        out.push_str(shown);
        push_fill(&mut out, self.fill, after);
        Ok(out)
    }

    /// Formats an int, or a bool as 0 or 1.
    pub fn format_int(&self, value: IntRef<'_>, max: usize) -> Result<String, TextError> {
        let radix = match self.code {
            Some('d' | 'n') => Radix::Decimal,
            Some('b') => Radix::Binary,
            Some('o') => Radix::Octal,
            Some('x' | 'X') => Radix::Hex,
            Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => {
                return self.format_float(int_to_float(value)?, max);
            }
            Some('c') => return self.format_char(value, max),
            _ => return Err(self.unknown_code()),
        };
        self.check_int_options()?;
        let separated = radix_bound(value, radix).saturating_mul(2);
        TextError::check_size(separated.saturating_add(self.padding_bound()), max)?;
        let mut digits = radix_digits(value, radix)?;
        let mut prefix = if self.alternate { radix.prefix() } else { "" };
        if self.code == Some('X') {
            digits.make_ascii_uppercase();
            prefix = if self.alternate { "0X" } else { "" };
        }
        let negative = value.is_negative();
        if self.is_plain() && prefix.is_empty() && !negative {
            return Ok(digits);
        }
        let number = Number { negative, prefix, digits: &digits, rest: "" };
        Ok(self.lay_out(&number))
    }

    fn check_int_options(&self) -> Result<(), TextError> {
        let message = match () {
            _ if self.precision.is_some() => "Precision not allowed in integer format specifier",
            _ if self.no_negative_zero => {
                "Negative zero coercion (z) not allowed in integer format specifier"
            }
            _ => return Ok(()),
        };
        Err(TextError::value(message))
    }

    /// Code `c`. A surrogate, which CPython would take, is a ValueError: star's strings hold none.
    fn format_char(&self, value: IntRef<'_>, max: usize) -> Result<String, TextError> {
        self.check_int_options()?;
        if self.sign.is_some() {
            return Err(TextError::value("Sign not allowed with integer format specifier 'c'"));
        }
        if self.alternate {
            let message = "Alternate form (#) not allowed with integer format specifier 'c'";
            return Err(TextError::value(message));
        }
        TextError::check_size(self.padding_bound(), max)?;
        let mut buffer = [0; 4];
        let c = char_of_code(value)?.encode_utf8(&mut buffer);
        let number = Number { negative: false, prefix: "", digits: "", rest: c };
        Ok(self.lay_out(&number))
    }

    /// Formats a float.
    pub fn format_float(&self, value: f64, max: usize) -> Result<String, TextError> {
        let mut layout = match self.code {
            None => Layout { add_dot_zero: true, ..Layout::new(Notation::Shortest, 0) },
            Some('e' | 'E') => Layout::new(Notation::Exponent, 6),
            Some('f' | 'F' | '%') => Layout::new(Notation::Fixed, 6),
            Some('g' | 'G' | 'n') => Layout::new(Notation::General, 6),
            _ => return Err(self.unknown_code()),
        };
        if let Some(precision) = self.precision {
            if i32::try_from(precision).is_err() {
                return Err(TextError::value("precision too big"));
            }
            layout.precision = precision;
            if self.code.is_none() {
                layout.notation = Notation::General;
            }
        }
        layout.upper = matches!(self.code, Some('E' | 'F' | 'G'));
        layout.alternate = self.alternate;
        layout.no_negative_zero = self.no_negative_zero;
        TextError::check_size(layout.bound().saturating_add(self.padding_bound()), max)?;
        let percent = self.code == Some('%');
        let mut text = format_double(if percent { value * 100.0 } else { value }, &layout);
        if percent {
            text.push('%');
        }
        if self.is_plain() {
            return Ok(text);
        }
        let (negative, text) = match text.strip_prefix('-') {
            Some(text) => (true, text),
            None => (false, text.as_str()),
        };
        let whole = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (digits, rest) = text.split_at(whole);
        Ok(self.lay_out(&Number { negative, prefix: "", digits, rest }))
    }

    /// Nothing is added to a number's own text.
    fn is_plain(&self) -> bool {
        let bare = self.sign.is_none() || self.sign == Some(SignOption::Minus);
        bare && self.width.is_none() && self.grouping.is_none()
    }

    /// `padding sign prefix padding digits rest padding`.
    pub(super) fn lay_out(&self, number: &Number<'_>) -> String {
        let sign = match self.sign {
            _ if number.negative => "-",
            Some(SignOption::Plus) => "+",
            Some(SignOption::Space) => " ",
            _ => "",
        };
        let width = self.width.unwrap_or(0);
        let fixed = sign.len() + number.prefix.len() + number.rest.chars().count();
        let zero_padded = self.fill == '0' && self.align == Align::Inner;
        let min_digits = if zero_padded { width.saturating_sub(fixed) } else { 0 };
        let digits = self.group(number.digits, min_digits);
        let padding = width.saturating_sub(fixed + digits.len());
        let (before, after) = self.split_padding(padding);
        let inner = padding - before - after;

        let text = fixed + number.rest.len() + digits.len();
        let mut out = String::with_capacity(text + padding * self.fill.len_utf8());
        push_fill(&mut out, self.fill, before);
        out.push_str(sign);
        out.push_str(number.prefix);
        push_fill(&mut out, self.fill, inner);
        out.push_str(&digits);
        out.push_str(number.rest);
        push_fill(&mut out, self.fill, after);
        out
    }

    /// How much of the padding goes before and after everything else.
    fn split_padding(&self, padding: usize) -> (usize, usize) {
        match self.align {
            Align::Left => (0, padding),
            Align::Right => (padding, 0),
            Align::Center => (padding / 2, padding - padding / 2),
            Align::Inner => (0, 0),
        }
    }

    /// The digits with separators, and with zeros before them until `min_width` is reached. A zero
    /// more is written where a separator would come first.
    fn group(&self, digits: &str, min_width: usize) -> String {
        if digits.is_empty() {
            return String::new();
        }
        let Some(grouping) = self.grouping else {
            let mut out = String::with_capacity(min_width.max(digits.len()));
            push_fill(&mut out, '0', min_width.saturating_sub(digits.len()));
            out.push_str(digits);
            return out;
        };
        let size = if matches!(self.code, Some('b' | 'o' | 'x' | 'X')) { 4 } else { 3 };
        let extra = usize::from(min_width > 0 && min_width.is_multiple_of(size + 1));
        let count = (min_width - min_width / (size + 1) + extra).max(digits.len());
        let zeros = std::iter::repeat_n('0', count - digits.len());
        let mut out = String::with_capacity(count + count / size);
        for (i, digit) in zeros.chain(digits.chars()).enumerate() {
            if i > 0 && (count - i).is_multiple_of(size) {
                out.push(grouping.symbol());
            }
            out.push(digit);
        }
        out
    }
}

/// A number taken apart for padding: `rest` is the point and what follows, or the character of
/// code `c`, or `inf`.
pub(super) struct Number<'a> {
    pub(super) negative: bool,
    pub(super) prefix: &'a str,
    pub(super) digits: &'a str,
    pub(super) rest: &'a str,
}

/// The character of a code point, as `%c` and code `c` ask for it.
pub(super) fn char_of_code(value: IntRef<'_>) -> Result<char, TextError> {
    let Some(code) = value.to_i64() else {
        return Err(TextError::overflow("Python int too large to convert to C long"));
    };
    match u32::try_from(code) {
        Ok(code @ 0xd800..=0xdfff) => {
            Err(TextError::value(format!("character U+{code:04X} is a surrogate, which a str cannot hold")))
        }
        Ok(code) => char::from_u32(code).ok_or_else(not_a_code_point),
        Err(_) => Err(not_a_code_point()),
    }
}

fn not_a_code_point() -> TextError {
    TextError::overflow("%c arg not in range(0x110000)")
}

/// Appends `count` times `fill`.
pub(super) fn push_fill(out: &mut String, fill: char, count: usize) {
    out.extend(std::iter::repeat_n(fill, count));
}

#[cfg(test)]
mod tests {
    use super::super::ErrorKind;
    use super::*;
    use num_bigint::BigInt;

    const MAX: usize = 2000;

    fn shown(result: Result<String, TextError>) -> String {
        result.unwrap_or_else(|error| format!("! {}", error.message))
    }

    #[test]
    fn strings() {
        let cases = [
            ("", "abc"),
            ("s", "abc"),
            ("5", "abc  "),
            (">5", "  abc"),
            ("^6", " abc  "),
            ("é<5", "abcéé"),
            ("05", "abc00"),
            (".2", "ab"),
            ("4.2", "ab  "),
            (".9999999999", "abc"),
            ("y", "! Unknown format code 'y' for object of type 'str'"),
            ("\x01", r"! Unknown format code '\x1' for object of type 'str'"),
            ("d", "! Unknown format code 'd' for object of type 'str'"),
            ("+", "! Sign not allowed in string format specifier"),
            (" ", "! Space not allowed in string format specifier"),
            ("#", "! Alternate form (#) not allowed in string format specifier"),
            ("z", "! Negative zero coercion (z) not allowed in string format specifier"),
            ("=5", "! '=' alignment not allowed in string format specifier"),
        ];
        for (spec, text) in cases {
            assert_eq!(shown(format_str("abc", spec, MAX)), text, "{spec:?}");
        }
        assert_eq!(shown(format_str("日本", "4.1", MAX)), "日   ");
    }

    #[test]
    fn ints() {
        let cases = [
            (5, "", "5"),
            (-5, "05", "-0005"),
            (5, "<05", "50000"),
            (-5, "=6", "-    5"),
            (5, "+", "+5"),
            (5, " ", " 5"),
            (255, "#x", "0xff"),
            (-255, "#010X", "-0X00000FF"),
            (255, "b", "11111111"),
            (255, "#o", "0o377"),
            (1234567, ",", "1,234,567"),
            (-1234567, "_", "-1_234_567"),
            (1234, "08,", "0,001,234"),
            (1234, "07,", "001,234"),
            (1234, "010,", "00,001,234"),
            (123, "04,", "0,123"),
            (65535, "#_b", "0b1111_1111_1111_1111"),
            (65535, "_x", "ffff"),
            (65535, "012_x", "00_0000_ffff"),
            (65, "c", "A"),
            (65, "^5c", "  A  "),
            (65, "05c", "0000A"),
            (3, ".2f", "3.00"),
            (3, "%", "300.000000%"),
            (1234567, ",.1f", "1,234,567.0"),
            (5, ".2", "! Precision not allowed in integer format specifier"),
            (5, "z", "! Negative zero coercion (z) not allowed in integer format specifier"),
            (5, "+c", "! Sign not allowed with integer format specifier 'c'"),
            (5, "#c", "! Alternate form (#) not allowed with integer format specifier 'c'"),
            (-1, "c", "! %c arg not in range(0x110000)"),
            (0x110000, "c", "! %c arg not in range(0x110000)"),
            (5, "s", "! Unknown format code 's' for object of type 'int'"),
        ];
        for (value, spec, text) in cases {
            let value = IntRef::Small(value);
            assert_eq!(shown(format_int(value, spec, MAX)), text, "{value:?} {spec:?}");
        }
        let big = BigInt::from(10).pow(400);
        let cases = [
            ("x", format!("{big:x}")),
            ("f", "! int too large to convert to float".to_string()),
            ("c", "! Python int too large to convert to C long".to_string()),
        ];
        for (spec, text) in cases {
            assert_eq!(shown(format_int(IntRef::Big(&big), spec, MAX)), text);
        }
        assert_eq!(shown(format_bool(true, "", MAX)), "True");
        assert_eq!(shown(format_bool(true, "3", MAX)), "  1");
        assert_eq!(shown(format_bool(true, "s", MAX)), "! Unknown format code 's' for object of type 'bool'");
    }

    #[test]
    fn floats() {
        let cases = [
            (2.5, "", "2.5"),
            (2.5, ".2f", "2.50"),
            (2.5, ".0f", "2"),
            (3.5, ".0f", "4"),
            (2.5, "#.0f", "2."),
            (1e22, "f", "10000000000000000000000.000000"),
            (1234.5, "e", "1.234500e+03"),
            (1234.5, ".0e", "1e+03"),
            (1234.5, "#.0E", "1.E+03"),
            (1234567.0, "g", "1.23457e+06"),
            (123456.0, "g", "123456"),
            (0.0001, "g", "0.0001"),
            (0.00001, "g", "1e-05"),
            (1.0, "#g", "1.00000"),
            (100.0, ".3", "1e+02"),
            (10.0, ".3", "10.0"),
            (1.0, ".1", "1e+00"),
            (1e16, ",", "1e+16"),
            (1234567.891, ",", "1,234,567.891"),
            (1234567.891, "_.1f", "1_234_567.9"),
            (1234.5, "010,.1f", "0,001,234.5"),
            (-0.001, ".1f", "-0.0"),
            (-0.001, "z.1f", "0.0"),
            (-0.0, "z", "0.0"),
            (-0.0, "ze", "0.000000e+00"),
            (0.256, ".1%", "25.6%"),
            (-1.5, "08", "-00001.5"),
            (f64::INFINITY, "08", "00000inf"),
            (f64::NEG_INFINITY, "+F", "-INF"),
            (f64::NAN, "+8", "    +nan"),
            (f64::NAN, "%", "nan%"),
            (1.0, ".2147483648f", "! precision too big"),
            (1.0, "d", "! Unknown format code 'd' for object of type 'float'"),
        ];
        for (value, spec, text) in cases {
            assert_eq!(shown(format_float(value, spec, MAX)), text, "{value} {spec:?}");
        }
    }

    #[test]
    fn too_large_is_refused_first() {
        let wide = "9999999999999";
        for result in [
            format_str("abc", wide, MAX),
            format_int(IntRef::Small(5), wide, MAX),
            format_int(IntRef::Small(65), "9999999999999c", MAX),
            format_int(IntRef::Small(5), "é^9223372036854775807_x", MAX),
            format_float(0.5, wide, MAX),
            format_float(0.5, ".999999999f", MAX),
        ] {
            assert!(result.is_err_and(|error| error.kind == ErrorKind::TooLarge));
        }
        assert_eq!(format_float(0.5, ".999999999", MAX).as_deref(), Ok("0.5"));
    }

    #[test]
    fn results_stay_below_max() {
        let specs = ["#_b", "#0300_b", "é>9", "_x", ",", "d", "c", "é^200c", ".400f", "020,.3e", "%"];
        for text in specs {
            let spec = Spec::parse(text, Subject::Int).expect("a valid spec");
            for value in [0, 65, 0x10ffff] {
                for max in 0..2000 {
                    match spec.format_int(IntRef::Small(value), max) {
                        Ok(result) => assert!(result.len() <= max, "{text} {value}"),
                        Err(_) => assert!(max < 1200, "{text} {value}"),
                    }
                }
            }
        }
    }
}
