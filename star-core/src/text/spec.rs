//! The format-spec mini-language: what stands after the colon in `f"{x:>10,.2f}"`.
//!
//! In: a spec and what it is for. Out: a [`Spec`], which [`super::format`] applies.
//! Rule: what can be refused by looking at the spec alone is refused here, in CPython's order.
//!
//! Source: the Python library reference, "Format Specification Mini-Language".

use super::error::TextError;
use super::unicode::decimal_value;

/// What a spec formats: decides the defaults, and is named in errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A `str`.
    Str,
    /// An `int`.
    Int,
    /// A `bool`, formatted as 0 or 1.
    Bool,
    /// A `float`.
    Float,
}

impl Subject {
    /// The type's name.
    pub fn name(self) -> &'static str {
        match self {
            Subject::Str => "str",
            Subject::Int => "int",
            Subject::Bool => "bool",
            Subject::Float => "float",
        }
    }

    fn default_code(self) -> Option<char> {
        match self {
            Subject::Str => Some('s'),
            Subject::Int | Subject::Bool => Some('d'),
            Subject::Float => None,
        }
    }
}

/// Where the padding goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// `<`: after the text.
    Left,
    /// `>`: before it.
    Right,
    /// `^`: on both sides, the odd one after.
    Center,
    /// `=`: between sign or prefix and digits.
    Inner,
}

/// What is written before a number that is not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignOption {
    /// `-`: nothing.
    Minus,
    /// `+`: a plus.
    Plus,
    /// A space.
    Space,
}

/// What separates groups of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// `,`: every three digits.
    Comma,
    /// `_`: every three digits, in bases 2, 8 and 16 every four.
    Underscore,
}

impl Grouping {
    pub(super) fn symbol(self) -> char {
        match self {
            Grouping::Comma => ',',
            Grouping::Underscore => '_',
        }
    }
}

/// A parsed spec: `[[fill]align][sign][z][#][0][width][grouping][.precision][code]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// What pads.
    pub fill: char,
    /// Where.
    pub align: Align,
    /// The sign option, if one is written.
    pub sign: Option<SignOption>,
    /// `z`: no minus before what rounds to zero.
    pub no_negative_zero: bool,
    /// `#`
    pub alternate: bool,
    /// The least number of characters.
    pub width: Option<usize>,
    /// The thousands separator.
    pub grouping: Option<Grouping>,
    /// Digits after the point, or the most characters of a string.
    pub precision: Option<usize>,
    /// The presentation type; only `None` for a float without one.
    pub code: Option<char>,
    pub(super) subject: Subject,
}

impl Spec {
    /// Parses `text`. An empty spec asks for `str(value)`, which for a bool is not what formatting
    /// by the result gives.
    pub fn parse(text: &str, subject: Subject) -> Result<Spec, TextError> {
        let mut spec = Spec::new(subject);
        let rest = spec.parse_layout(text);
        let rest = spec.parse_sizes(rest)?;
        let mut chars = rest.chars();
        if let Some(code) = chars.next() {
            if chars.next().is_some() {
                let name = subject.name();
                return Err(TextError::value(format!(
                    "Invalid format specifier '{text}' for object of type '{name}'"
                )));
            }
            spec.code = Some(code);
        }
        spec.check_grouping()?;
        Ok(spec)
    }

    /// The spec of the empty text.
    pub fn new(subject: Subject) -> Spec {
        Spec {
            fill: ' ',
            align: if subject == Subject::Str { Align::Left } else { Align::Right },
            sign: None,
            no_negative_zero: false,
            alternate: false,
            width: None,
            grouping: None,
            precision: None,
            code: subject.default_code(),
            subject,
        }
    }

    /// `[[fill]align][sign][z][#][0]`; returns the rest.
    fn parse_layout<'a>(&mut self, text: &'a str) -> &'a str {
        let mut rest = text;
        let (mut has_fill, mut has_align) = (false, false);
        let mut chars = text.chars();
        let (first, second) = (chars.next(), chars.next());
        if let (Some(fill), Some(align)) = (first, second.and_then(align_of)) {
            (self.fill, self.align) = (fill, align);
            (has_fill, has_align) = (true, true);
            rest = chars.as_str();
        } else if let Some(align) = first.and_then(align_of) {
            self.align = align;
            has_align = true;
            rest = &text[1..];
        }
        self.sign = match rest.as_bytes().first() {
            Some(b'+') => Some(SignOption::Plus),
            Some(b'-') => Some(SignOption::Minus),
            Some(b' ') => Some(SignOption::Space),
            _ => None,
        };
        rest = &rest[usize::from(self.sign.is_some())..];
        self.no_negative_zero = skip(&mut rest, 'z');
        self.alternate = skip(&mut rest, '#');
        if !has_fill && skip(&mut rest, '0') {
            self.fill = '0';
            if !has_align && self.align == Align::Right {
                self.align = Align::Inner;
            }
        }
        rest
    }

    /// `[width][grouping][.precision]`; returns the rest.
    fn parse_sizes<'a>(&mut self, text: &'a str) -> Result<&'a str, TextError> {
        let mut rest = text;
        self.width = number(&mut rest)?;
        if skip(&mut rest, ',') {
            self.grouping = Some(Grouping::Comma);
        }
        if rest.starts_with('_') && self.grouping.is_some() {
            return Err(TextError::value("Cannot specify both ',' and '_'."));
        }
        if skip(&mut rest, '_') {
            self.grouping = Some(Grouping::Underscore);
            if rest.starts_with(',') {
                return Err(TextError::value("Cannot specify both ',' and '_'."));
            }
        }
        if skip(&mut rest, '.') {
            self.precision = number(&mut rest)?;
            if self.precision.is_none() {
                return Err(TextError::value("Format specifier missing precision"));
            }
        }
        Ok(rest)
    }

    fn check_grouping(&self) -> Result<(), TextError> {
        let (Some(grouping), Some(code)) = (self.grouping, self.code) else {
            return Ok(());
        };
        match code {
            'd' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F' => Ok(()),
            'b' | 'o' | 'x' | 'X' if grouping == Grouping::Underscore => Ok(()),
            _ => {
                let (symbol, code) = (grouping.symbol(), shown_code(code));
                Err(TextError::value(format!("Cannot specify '{symbol}' with '{code}'.")))
            }
        }
    }

    /// The error for a code that the subject does not have.
    pub(super) fn unknown_code(&self) -> TextError {
        let code = self.code.map(shown_code).unwrap_or_default();
        let name = self.subject.name();
        TextError::value(format!("Unknown format code '{code}' for object of type '{name}'"))
    }
}

fn shown_code(code: char) -> String {
    match code {
        '!'..='\x7f' => code.to_string(),
        _ => format!("\\x{:x}", u32::from(code)),
    }
}

fn align_of(c: char) -> Option<Align> {
    match c {
        '<' => Some(Align::Left),
        '>' => Some(Align::Right),
        '^' => Some(Align::Center),
        '=' => Some(Align::Inner),
        _ => None,
    }
}

fn skip(text: &mut &str, c: char) -> bool {
    match text.strip_prefix(c) {
        Some(rest) => {
            *text = rest;
            true
        }
        None => false,
    }
}

/// The decimal number, in digits of any script, that `text` starts with.
fn number(text: &mut &str) -> Result<Option<usize>, TextError> {
    let end = text.find(|c| decimal_value(c).is_none()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    *text = rest;
    parse_index(digits)
}

/// The value of a text of decimal digits; `None` if it is empty or holds anything else.
/// ValueError if it does not fit CPython's index type.
pub(super) fn parse_index(text: &str) -> Result<Option<usize>, TextError> {
    let mut value: Option<isize> = None;
    for c in text.chars() {
        let Some(digit) = decimal_value(c).and_then(|digit| isize::try_from(digit).ok()) else {
            return Ok(None);
        };
        let next = value.unwrap_or(0).checked_mul(10).and_then(|value| value.checked_add(digit));
        if next.is_none() {
            return Err(TextError::value("Too many decimal digits in format string"));
        }
        value = next;
    }
    Ok(value.and_then(|value| usize::try_from(value).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part() {
        let spec = Spec::parse("é^+z#12_.3f", Subject::Float).expect("a valid spec");
        let expected = Spec {
            fill: 'é',
            align: Align::Center,
            sign: Some(SignOption::Plus),
            no_negative_zero: true,
            alternate: true,
            width: Some(12),
            grouping: Some(Grouping::Underscore),
            precision: Some(3),
            code: Some('f'),
            subject: Subject::Float,
        };
        assert_eq!(spec, expected);
        assert_eq!(Spec::parse("", Subject::Int), Ok(Spec::new(Subject::Int)));
    }

    #[test]
    fn refused_for_any_subject() {
        let cases = [
            ("99999999999999999999", "Too many decimal digits in format string"),
            (".99999999999999999999", "Too many decimal digits in format string"),
            ("5,_", "Cannot specify both ',' and '_'."),
            ("_,", "Cannot specify both ',' and '_'."),
            (",,", "Cannot specify ',' with ','."),
            (",b", "Cannot specify ',' with 'b'."),
            ("_n", "Cannot specify '_' with 'n'."),
            (",é", r"Cannot specify ',' with '\xe9'."),
            (",\x01", r"Cannot specify ',' with '\x1'."),
            ("10.", "Format specifier missing precision"),
            ("xé", "Invalid format specifier 'xé' for object of type 'float'"),
            ("0x=5", "Invalid format specifier '0x=5' for object of type 'float'"),
        ];
        for (text, message) in cases {
            assert_eq!(Spec::parse(text, Subject::Float), Err(TextError::value(message)), "{text:?}");
        }
        let message = "Cannot specify ',' with 's'.";
        assert_eq!(Spec::parse(",", Subject::Str), Err(TextError::value(message)));
    }
}
