//! `%` formatting: the pieces of a template, for `str` and for `bytes`.
//!
//! In: a template. Out: an iterator of [`Piece`]s, whose texts are byte ranges of the template.
//! Rule: pieces come one at a time and errors stand where CPython meets them, so that the caller,
//! who fetches the arguments, raises the first error of the two.
//!
//! The values are formatted by [`super::percent_field`].
//! Source: the Python library reference, "printf-style String Formatting".

use std::ops::Range;

use super::error::TextError;

/// Whether a template is `str` or `bytes`: they differ in messages and in what `c` and `s` take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavor {
    /// A `str` template.
    Str,
    /// A `bytes` template.
    Bytes,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Bytes to copy.
    Literal(Range<usize>),
    /// A value to format.
    Conversion(Conversion),
}

/// `%(key)flags width.precision code`. The caller takes these steps, in this order: looks up
/// `key`, fetches the arguments of `width` and `precision`, raises [`Code::Invalid`], fetches the
/// value, raises [`Code::Unsupported`], formats the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// The key in parentheses.
    pub key: Key,
    /// The flags.
    pub flags: Flags,
    /// The least number of characters.
    pub width: Count,
    /// Digits, or the most characters.
    pub precision: Count,
    /// What to make of the value.
    pub code: Code,
}

/// The mapping key of a conversion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// Values come from the tuple.
    None,
    /// The text between the parentheses.
    Name(Range<usize>),
    /// The parenthesis is not closed: TypeError [`requires_mapping`] if there is no mapping, else
    /// the code's error.
    Unclosed,
}

/// The flags of a conversion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `-`: pad on the right.
    pub left: bool,
    /// `+`: a sign always.
    pub plus: bool,
    /// A space where a sign would be.
    pub space: bool,
    /// `#`: prefixes, points.
    pub alternate: bool,
    /// `0`: pad numbers with zeros.
    pub zero: bool,
}

/// A width or precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Not written.
    None,
    /// Written.
    Number(usize),
    /// `*`: the next argument.
    Argument,
}

/// What a conversion makes of its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    /// `d`, `i` or `u` (the letter is shown in errors): an int, or a float cut to one.
    Decimal(char),
    /// `o`
    Octal,
    /// `x`
    Hex,
    /// `X`
    HexUpper,
    /// `e`, `E`, `f`, `F`, `g` or `G`.
    Float(char),
    /// `c`: a character, or its code point.
    Char,
    /// `s`, in bytes also `b`: the `str` of the value, or bytes.
    Str,
    /// `r` (`a` if the template is bytes): its `repr`.
    Repr,
    /// `a`: its `ascii`.
    Ascii,
    /// Broken: raise before the value is fetched. No piece follows.
    Invalid(TextError),
    /// An unknown letter: raise after the value is fetched. No piece follows.
    Unsupported(TextError),
}

/// Takes a template apart. Cost: O(n) for all pieces together.
#[derive(Clone, Debug)]
pub struct Pieces<'a> {
    template: &'a [u8],
    flavor: Flavor,
    at: usize,
}

impl<'a> Pieces<'a> {
    /// The pieces of a `str` template.
    pub fn of_str(template: &'a str) -> Pieces<'a> {
        Pieces { template: template.as_bytes(), flavor: Flavor::Str, at: 0 }
    }

    /// The pieces of a `bytes` template.
    pub fn of_bytes(template: &'a [u8]) -> Pieces<'a> {
        Pieces { template, flavor: Flavor::Bytes, at: 0 }
    }

    /// The bytes taken so far.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Goes on where another iterator over the same template stood.
    pub fn resume_at(mut self, position: usize) -> Pieces<'a> {
        self.at = position.min(self.template.len());
        self
    }

    fn peek(&self) -> Option<u8> {
        self.template.get(self.at).copied()
    }

    fn conversion(&mut self) -> Conversion {
        let mut conversion = Conversion {
            key: Key::None,
            flags: Flags::default(),
            width: Count::None,
            precision: Count::None,
            code: Code::Str,
        };
        conversion.code = self.parts(&mut conversion).unwrap_or_else(Code::Invalid);
        if matches!(conversion.code, Code::Invalid(_) | Code::Unsupported(_)) {
            self.at = self.template.len();
        }
        conversion
    }

    /// Everything after the `%`.
    fn parts(&mut self, conversion: &mut Conversion) -> Result<Code, TextError> {
        if self.peek() == Some(b'(') {
            conversion.key = self.key();
            if conversion.key == Key::Unclosed {
                return Err(TextError::value("incomplete format key"));
            }
        }
        conversion.flags = self.flags();
        conversion.width = self.count(isize::MAX, "width too big")?;
        if self.peek() == Some(b'.') {
            self.at += 1;
            let too_big = match self.flavor {
                Flavor::Str => "precision too big",
                Flavor::Bytes => "prec too big",
            };
            conversion.precision = match self.count(i32::MAX as isize, too_big)? {
                Count::None => Count::Number(0),
                count => count,
            };
        }
        if matches!(self.peek(), Some(b'h' | b'l' | b'L')) {
            self.at += 1;
        }
        self.code()
    }

    /// `(key)`, where parentheses in the key balance.
    fn key(&mut self) -> Key {
        let start = self.at + 1;
        let mut depth = 0usize;
        for (i, &byte) in self.template.iter().enumerate().skip(self.at) {
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.at = i + 1;
                return Key::Name(start..i);
            }
        }
        Key::Unclosed
    }

    fn flags(&mut self) -> Flags {
        let mut flags = Flags::default();
        while let Some(byte) = self.peek() {
            match byte {
                b'-' => flags.left = true,
                b'+' => flags.plus = true,
                b' ' => flags.space = true,
                b'#' => flags.alternate = true,
                b'0' => flags.zero = true,
                _ => break,
            }
            self.at += 1;
        }
        flags
    }

    fn count(&mut self, most: isize, too_big: &str) -> Result<Count, TextError> {
        if self.peek() == Some(b'*') {
            self.at += 1;
            return Ok(Count::Argument);
        }
        let mut value: Option<isize> = None;
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            let digit = isize::from(digit - b'0');
            let next = value.unwrap_or(0).checked_mul(10).and_then(|value| value.checked_add(digit));
            value = next.filter(|&next| next <= most);
            if value.is_none() {
                return Err(TextError::value(too_big));
            }
            self.at += 1;
        }
        let value = value.and_then(|value| usize::try_from(value).ok());
        Ok(value.map_or(Count::None, Count::Number))
    }

    fn code(&mut self) -> Result<Code, TextError> {
        let start = self.at;
        let Some(byte) = self.peek() else {
            return Err(TextError::value("incomplete format"));
        };
        self.at += 1;
        Ok(match byte {
            b'd' | b'i' | b'u' => Code::Decimal(char::from(byte)),
            b'o' => Code::Octal,
            b'x' => Code::Hex,
            b'X' => Code::HexUpper,
            b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => Code::Float(char::from(byte)),
            b'c' => Code::Char,
            b's' => Code::Str,
            b'b' if self.flavor == Flavor::Bytes => Code::Str,
            b'r' => Code::Repr,
            b'a' => Code::Ascii,
            _ => Code::Unsupported(self.unsupported(start)),
        })
    }

    fn unsupported(&self, at: usize) -> TextError {
        let rest = self.template.get(at..).unwrap_or_default();
        let (shown, code, index) = match self.flavor {
            Flavor::Bytes => {
                let byte = rest.first().copied().unwrap_or_default();
                if !byte.is_ascii() {
                    // CPython formats the byte as a signed char.
                    return TextError::overflow("character argument not in range(0x110000)");
                }
                (char::from(byte), u32::from(byte), at)
            }
            Flavor::Str => {
                let text = std::str::from_utf8(rest).unwrap_or_default();
                let c = text.chars().next().unwrap_or_default();
                let continues = |byte: &&u8| (**byte & 0xc0) == 0x80;
                let index = at - self.template[..at].iter().filter(continues).count();
                let shown = if matches!(c, '\x1f'..='~') { c } else { '?' };
                (shown, u32::from(c), index)
            }
        };
        TextError::value(format!("unsupported format character '{shown}' (0x{code:x}) at index {index}"))
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let rest = self.template.get(self.at..).filter(|rest| !rest.is_empty())?;
        let literal = rest.iter().position(|&byte| byte == b'%').unwrap_or(rest.len());
        if literal > 0 {
            let start = self.at;
            self.at += literal;
            return Some(Piece::Literal(start..self.at));
        }
        self.at += 1;
        if self.peek() == Some(b'%') {
            self.at += 1;
            return Some(Piece::Literal(self.at - 1..self.at));
        }
        Some(Piece::Conversion(self.conversion()))
    }
}

/// TypeError for a key where the right operand is no mapping.
pub fn requires_mapping() -> TextError {
    TextError::type_error("format requires a mapping")
}

/// TypeError for a conversion without an argument left.
pub fn not_enough_arguments() -> TextError {
    TextError::type_error("not enough arguments for format string")
}

/// TypeError for arguments left over.
pub fn not_all_converted(flavor: Flavor) -> TextError {
    let what = match flavor {
        Flavor::Str => "string",
        Flavor::Bytes => "bytes",
    };
    TextError::type_error(format!("not all arguments converted during {what} formatting"))
}

/// TypeError for an argument of `*` that is not an int.
pub fn star_wants_int() -> TextError {
    TextError::type_error("* wants int")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(template: &str) -> Vec<String> {
        let show = |piece| match piece {
            Piece::Literal(range) => template[range].to_string(),
            Piece::Conversion(c) => {
                let key = match c.key {
                    Key::None => "-".to_string(),
                    Key::Name(range) => template[range].to_string(),
                    Key::Unclosed => "unclosed".to_string(),
                };
                let flags = [c.flags.left, c.flags.plus, c.flags.space, c.flags.alternate, c.flags.zero];
                let flags: String = flags.map(|flag| if flag { '1' } else { '0' }).iter().collect();
                format!("{key} {flags} {:?} {:?} {:?}", c.width, c.precision, c.code)
            }
        };
        Pieces::of_str(template).map(show).collect()
    }

    #[test]
    fn pieces() {
        assert_eq!(shown(""), [""; 0]);
        assert_eq!(shown("100%% é"), ["100", "%", " é"]);
        assert_eq!(shown("a%sb%%"), ["a", "- 00000 None None Str", "b", "%"]);
        assert_eq!(shown("%(k(1)é)-+ #010.5lf"), ["k(1)é 11111 Number(10) Number(5) Float('f')"]);
        assert_eq!(shown("%*.*i"), ["- 00000 Argument Argument Decimal('i')"]);
        assert_eq!(shown("%.x"), ["- 00000 None Number(0) Hex"]);
        let bytes: Vec<Piece> = Pieces::of_bytes(b"\xff%b").collect();
        assert!(matches!(&bytes[..], [Piece::Literal(_), Piece::Conversion(c)] if c.code == Code::Str));
    }

    #[test]
    fn errors() {
        // The error; whether the value is fetched before it is raised.
        let cases = [
            ("%", false, "incomplete format"),
            ("%5", false, "incomplete format"),
            ("%*", false, "incomplete format"),
            ("%-.", false, "incomplete format"),
            ("%(a)", false, "incomplete format"),
            ("%h", false, "incomplete format"),
            ("%(a(b)", false, "incomplete format key"),
            ("%99999999999999999999d", false, "width too big"),
            ("%.2147483648d", false, "precision too big"),
            ("%y", true, "unsupported format character 'y' (0x79) at index 1"),
            ("é%é", true, "unsupported format character '?' (0xe9) at index 2"),
            ("%\n", true, "unsupported format character '?' (0xa) at index 1"),
            ("%lld", true, "unsupported format character 'l' (0x6c) at index 2"),
            ("%(a)%", true, "unsupported format character '%' (0x25) at index 4"),
            ("%b", true, "unsupported format character 'b' (0x62) at index 1"),
        ];
        for (template, after_value, message) in cases {
            let error = TextError::value(message);
            let code = if after_value { Code::Unsupported(error) } else { Code::Invalid(error) };
            let Some(Piece::Conversion(last)) = Pieces::of_str(template).last() else {
                panic!("{template} ends in a conversion");
            };
            assert_eq!(last.code, code, "{template:?}");
            assert_eq!(last.key == Key::Unclosed, message.ends_with("key"), "{template:?}");
        }
        let overflow = TextError::overflow("character argument not in range(0x110000)");
        let pieces = Pieces::of_bytes(b"%\xff").last();
        assert!(matches!(pieces, Some(Piece::Conversion(c)) if c.code == Code::Unsupported(overflow)));
    }
}
