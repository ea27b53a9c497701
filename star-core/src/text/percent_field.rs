//! The values of `%` formatting, written as a conversion asks.
//!
//! In: a [`Conversion`], the ints of its `*`, and a plain value. Out: the text.
//! Rule: a result above the caller's `max` is refused before it is built.
//!
//! Cost: O(result), for ints in decimal with the bounded constant of [`super::int`].

use super::error::TextError;
use super::float_digits::{Layout, Notation, format_double};
use super::format::{Number, char_of_code, push_fill};
use super::int::{IntRef, Radix, radix_bound, radix_digits};
use super::percent::{Code, Conversion, Count, Flags, Flavor};
use super::spec::{Align, SignOption, Spec, Subject};

/// CPython refuses more digits of an int: `INT_MAX - 3`.
const MOST_INT_DIGITS: usize = 0x7fff_fffc;

/// A conversion whose width and precision are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    code: Code,
    flags: Flags,
    width: usize,
    precision: Option<usize>,
}

impl Field {
    /// A field with the width and precision that are written; those of `*` are set next.
    pub fn new(conversion: &Conversion) -> Field {
        let number = |count| match count {
            Count::Number(number) => Some(number),
            Count::None | Count::Argument => None,
        };
        Field {
            code: conversion.code.clone(),
            flags: conversion.flags,
            width: number(conversion.width).unwrap_or(0),
            precision: number(conversion.precision),
        }
    }

    /// The width given for `*`; below zero it pads on the right.
    pub fn set_width(&mut self, value: IntRef<'_>) -> Result<(), TextError> {
        let width = value.to_i64().ok_or_else(|| too_large_for("ssize_t"))?;
        self.flags.left |= width < 0;
        self.width = usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX);
        Ok(())
    }

    /// The precision given for `*`; below zero it counts as zero.
    pub fn set_precision(&mut self, value: IntRef<'_>) -> Result<(), TextError> {
        let precision = value.to_i64().and_then(|value| i32::try_from(value).ok());
        let precision = precision.ok_or_else(|| too_large_for("int"))?;
        self.precision = Some(usize::try_from(precision).unwrap_or(0));
        Ok(())
    }

    /// Codes `d i u o x X`. A float for `d i u` is first cut by
    /// [`float_to_int`](super::float::float_to_int).
    pub fn format_int(&self, value: IntRef<'_>, max: usize) -> Result<String, TextError> {
        let (radix, upper) = match self.code {
            Code::Octal => (Radix::Octal, false),
            Code::Hex => (Radix::Hex, false),
            Code::HexUpper => (Radix::Hex, true),
            _ => (Radix::Decimal, false),
        };
        let min_digits = self.precision.unwrap_or(0);
        if min_digits > MOST_INT_DIGITS {
            return Err(TextError::overflow("precision too large"));
        }
        let digits_bound = radix_bound(value, radix).max(min_digits + 4);
        TextError::check_size(digits_bound.saturating_add(self.width), max)?;
        let mut digits = radix_digits(value, radix)?;
        if digits.len() < min_digits {
            let mut padded = String::with_capacity(min_digits);
            push_fill(&mut padded, '0', min_digits - digits.len());
            padded.push_str(&digits);
            digits = padded;
        }
        let prefix = match upper {
            _ if !self.flags.alternate => "",
            true => "0X",
            false => radix.prefix(),
        };
        if upper {
            digits.make_ascii_uppercase();
        }
        Ok(self.lay_out(&Number { negative: value.is_negative(), prefix, digits: &digits, rest: "" }))
    }

    /// Codes `e E f F g G`.
    pub fn format_float(&self, value: f64, max: usize) -> Result<String, TextError> {
        let code = match self.code {
            Code::Float(code) => code,
            _ => 'f',
        };
        let notation = match code {
            'e' | 'E' => Notation::Exponent,
            'g' | 'G' => Notation::General,
            _ => Notation::Fixed,
        };
        let mut layout = Layout::new(notation, self.precision.unwrap_or(6));
        layout.upper = code.is_ascii_uppercase();
        layout.alternate = self.flags.alternate;
        TextError::check_size(layout.bound().saturating_add(self.width), max)?;
        let text = format_double(value, &layout);
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.as_str()),
        };
        Ok(self.lay_out(&Number { negative, prefix: "", digits, rest: "" }))
    }

    /// Codes `s r a`, given the value's `str`, `repr` or `ascii`: cut to the precision.
    pub fn format_text(&self, text: &str, max: usize) -> Result<String, TextError> {
        let shown = match self.precision.and_then(|count| text.char_indices().nth(count)) {
            Some((end, _)) => &text[..end],
            None => text,
        };
        self.pad(shown, max)
    }

    /// Code `c`, given the character.
    pub fn format_char(&self, c: char, max: usize) -> Result<String, TextError> {
        self.pad(c.encode_utf8(&mut [0; 4]), max)
    }

    /// Codes `s b r a c` of a bytes template, given the bytes; `c` ignores the precision.
    pub fn format_bytes(&self, data: &[u8], max: usize) -> Result<Vec<u8>, TextError> {
        let most = match self.code {
            Code::Char => data.len(),
            _ => self.precision.unwrap_or(data.len()),
        };
        let shown = &data[..data.len().min(most)];
        TextError::check_size(shown.len().max(self.width), max)?;
        let padding = self.width.saturating_sub(shown.len());
        let (before, after) = if self.flags.left { (0, padding) } else { (padding, 0) };
        let mut out = Vec::with_capacity(shown.len() + padding);
        out.resize(before, b' ');
        out.extend_from_slice(shown);
        out.resize(out.len() + after, b' ');
        Ok(out)
    }

    /// The character of code `c`, given as an int.
    pub fn char_of(&self, value: IntRef<'_>) -> Result<char, TextError> {
        match value.to_i64() {
            Some(code) => char_of_code(IntRef::Small(code)),
            None => Err(TextError::overflow("%c arg not in range(0x110000)")),
        }
    }

    /// The byte of code `c` in a bytes template, given as an int.
    pub fn byte_of(&self, value: IntRef<'_>) -> Result<u8, TextError> {
        let byte = value.to_i64().and_then(|code| u8::try_from(code).ok());
        byte.ok_or_else(|| TextError::overflow("%c arg not in range(256)"))
    }

    /// TypeError for a value of type `type_name`, which the code does not take. In a bytes template
    /// an int too large for a float is reported this way too.
    pub fn wrong_type(&self, type_name: &str, flavor: Flavor) -> TextError {
        let bytes = flavor == Flavor::Bytes;
        TextError::type_error(match self.code {
            Code::Decimal(_) | Code::Octal | Code::Hex | Code::HexUpper => {
                let (code, number) = match self.code {
                    Code::Decimal('i') if bytes => ('d', "a real number"),
                    Code::Decimal(code) => (code, "a real number"),
                    Code::Octal => ('o', "an integer"),
                    Code::Hex => ('x', "an integer"),
                    _ => ('X', "an integer"),
                };
                format!("%{code} format: {number} is required, not {type_name}")
            }
            Code::Float(_) if bytes => format!("float argument required, not {type_name}"),
            Code::Float(_) => format!("must be real number, not {type_name}"),
            Code::Char if bytes => "%c requires an integer in range(256) or a single byte".to_string(),
            Code::Char => "%c requires int or char".to_string(),
            _ => format!(
                "%b requires a bytes-like object, or an object that implements __bytes__, not '{type_name}'"
            ),
        })
    }

    fn pad(&self, text: &str, max: usize) -> Result<String, TextError> {
        TextError::check_size(text.len().saturating_add(self.width), max)?;
        let padding = self.width.saturating_sub(text.chars().count());
        let mut out = String::with_capacity(text.len() + padding);
        push_fill(&mut out, ' ', if self.flags.left { 0 } else { padding });
        out.push_str(text);
        push_fill(&mut out, ' ', if self.flags.left { padding } else { 0 });
        Ok(out)
    }

    /// A number is padded as by a format spec.
    fn lay_out(&self, number: &Number<'_>) -> String {
        let mut spec = Spec::new(Subject::Int);
        spec.width = Some(self.width);
        spec.sign = match self.flags {
            Flags { plus: true, .. } => Some(SignOption::Plus),
            Flags { space: true, .. } => Some(SignOption::Space),
            _ => None,
        };
        match self.flags {
            Flags { left: true, .. } => spec.align = Align::Left,
            Flags { zero: true, .. } => (spec.fill, spec.align) = ('0', Align::Inner),
            _ => {}
        }
        spec.lay_out(number)
    }
}

fn too_large_for(c_type: &str) -> TextError {
    TextError::overflow(format!("Python int too large to convert to C {c_type}"))
}

#[cfg(test)]
mod tests {
    use super::super::percent::{Piece, Pieces};
    use super::*;

    const MAX: usize = 2000;

    fn field(template: &str) -> Field {
        match Pieces::of_bytes(template.as_bytes()).next() {
            Some(Piece::Conversion(conversion)) => Field::new(&conversion),
            other => panic!("{template} is one conversion, not {other:?}"),
        }
    }

    #[test]
    fn ints() {
        let cases = [
            ("%d", -5, "-5"),
            ("%i", 5, "5"),
            ("%05d", -3, "-0003"),
            ("%-05d", -3, "-3   "),
            ("%+d", 5, "+5"),
            ("% d", 5, " 5"),
            ("%+ d", 5, "+5"),
            ("%8.5d", 3, "   00003"),
            ("%+08.5d", 3, "+0000003"),
            ("%x", 255, "ff"),
            ("%#x", 255, "0xff"),
            ("%#X", -255, "-0XFF"),
            ("%#.5x", 255, "0x000ff"),
            ("%#08.3x", 255, "0x0000ff"),
            ("%#.3o", 8, "0o010"),
            ("%.0d", 0, "0"),
            ("%#d", 3, "3"),
        ];
        for (template, value, text) in cases {
            let found = field(template).format_int(IntRef::Small(value), MAX);
            assert_eq!(found.as_deref(), Ok(text), "{template}");
        }
        let error = field("%.2147483645d").format_int(IntRef::Small(1), MAX);
        assert_eq!(error, Err(TextError::overflow("precision too large")));
    }

    #[test]
    fn floats_and_texts() {
        let cases = [
            ("%f", 2.5, "2.500000"),
            ("%05.1f", -2.5, "-02.5"),
            ("%#.0f", 3.0, "3."),
            ("%g", 1e6, "1e+06"),
            ("%G", 1e-10, "1E-10"),
            ("%+f", f64::NAN, "+nan"),
            ("%05f", f64::INFINITY, "00inf"),
            ("%.3e", 12345.0, "1.234e+04"),
        ];
        for (template, value, text) in cases {
            assert_eq!(field(template).format_float(value, MAX).as_deref(), Ok(text), "{template}");
        }
        let cases = [("%s", "aé"), ("%5s", "   aé"), ("%-5s", "aé   "), ("%.1s", "a"), ("%05s", "   aé")];
        for (template, text) in cases {
            assert_eq!(field(template).format_text("aé", MAX).as_deref(), Ok(text), "{template}");
        }
        assert_eq!(field("%3.0c").format_char('日', MAX).as_deref(), Ok("  日"));
        assert_eq!(field("%-4.2b").format_bytes(b"abc", MAX).as_deref(), Ok(&b"ab  "[..]));
        assert_eq!(field("%3.0c").format_bytes(b"x", MAX).as_deref(), Ok(&b"  x"[..]));
    }

    #[test]
    fn arguments_of_stars() {
        let mut padded = field("%*.*d");
        assert_eq!(padded.set_width(IntRef::Small(-6)), Ok(()));
        assert_eq!(padded.set_precision(IntRef::Small(3)), Ok(()));
        assert_eq!(padded.format_int(IntRef::Small(5), MAX).as_deref(), Ok("005   "));
        assert_eq!(padded.set_precision(IntRef::Small(-3)), Ok(()));
        assert_eq!(padded.format_int(IntRef::Small(5), MAX).as_deref(), Ok("5     "));
        let message = "Python int too large to convert to C int";
        assert_eq!(padded.set_precision(IntRef::Small(1 << 40)), Err(TextError::overflow(message)));
    }

    #[test]
    fn type_errors() {
        let cases = [
            ("%d", Flavor::Str, "%d format: a real number is required, not list"),
            ("%i", Flavor::Str, "%i format: a real number is required, not list"),
            ("%i", Flavor::Bytes, "%d format: a real number is required, not list"),
            ("%X", Flavor::Str, "%X format: an integer is required, not list"),
            ("%f", Flavor::Str, "must be real number, not list"),
            ("%f", Flavor::Bytes, "float argument required, not list"),
            ("%c", Flavor::Str, "%c requires int or char"),
            ("%c", Flavor::Bytes, "%c requires an integer in range(256) or a single byte"),
            (
                "%s",
                Flavor::Bytes,
                "%b requires a bytes-like object, or an object that implements __bytes__, not 'list'",
            ),
        ];
        for (template, flavor, message) in cases {
            let error = field(template).wrong_type("list", flavor);
            assert_eq!(error, TextError::type_error(message));
        }
    }
}
