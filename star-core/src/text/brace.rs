//! `str.format`: the pieces of a template.
//!
//! In: a template. Out: an iterator of [`Piece`]s; for each field the first part of its name and
//! an iterator over the rest, and a spec that may be a template again.
//! Rule: everything comes one at a time and errors stand where CPython meets them, so that the
//! caller, who looks the names up, raises the first error of the two.
//!
//! A field's spec may hold fields, theirs may not: two levels, so the caller needs no recursion.
//! Cost: O(n) for all pieces of a template together.
//! Source: the Python library reference, "Format String Syntax".

use super::error::{ErrorKind, TextError};
use super::spec::parse_index;

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text to copy.
    Literal(&'a str),
    /// A value to format.
    Field(Field<'a>),
}

/// `{name!conversion:spec}`. The caller takes these steps, in this order: finds the value by
/// [`Numbering::first`] and its path, applies [`Field::conversion`], expands the spec if
/// [`Field::spec_has_fields`] (at the second level: raises [`too_deep`]), formats the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// Which value: `0.name[key]`.
    pub name: &'a str,
    /// The letter after `!`.
    conversion: Option<char>,
    /// The text after `:`.
    pub spec: &'a str,
    /// Whether the spec is a template itself; if not, its text is the spec.
    pub spec_has_fields: bool,
}

/// How a value is turned into text before it is formatted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversion {
    /// Not at all: `format(value, spec)`.
    None,
    /// `!s`
    Str,
    /// `!r`
    Repr,
    /// `!a`
    Ascii,
}

impl Field<'_> {
    /// The letter after `!`.
    pub fn conversion_letter(&self) -> Option<char> {
        self.conversion
    }

    /// The conversion; ValueError if there is none of that letter.
    pub fn conversion(&self) -> Result<Conversion, TextError> {
        Ok(match self.conversion {
            None => Conversion::None,
            Some('s') => Conversion::Str,
            Some('r') => Conversion::Repr,
            Some('a') => Conversion::Ascii,
            Some(c @ '!'..='~') => {
                return Err(TextError::value(format!("Unknown conversion specifier {c}")));
            }
            Some(c) => {
                let code = u32::from(c);
                return Err(TextError::value(format!("Unknown conversion specifier \\x{code:x}")));
            }
        })
    }
}

/// Takes a template apart. After an error it ends.
#[derive(Clone, Debug)]
pub struct Pieces<'a> {
    rest: &'a str,
}

impl<'a> Pieces<'a> {
    /// The pieces of a template.
    pub fn new(template: &'a str) -> Pieces<'a> {
        Pieces { rest: template }
    }

    /// What is not taken apart yet: the pieces of it are the pieces left.
    pub fn rest(&self) -> &'a str {
        self.rest
    }

    fn take(&mut self, len: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(len);
        self.rest = rest;
        taken
    }

    fn piece(&mut self) -> Result<Piece<'a>, TextError> {
        let literal = self.rest.find(['{', '}']).unwrap_or(self.rest.len());
        if literal > 0 {
            return Ok(Piece::Literal(self.take(literal)));
        }
        let brace = self.take(1);
        if self.rest.starts_with(brace) {
            self.take(1);
            return Ok(Piece::Literal(brace));
        }
        if brace == "}" || self.rest.is_empty() {
            return Err(TextError::value(format!("Single '{brace}' encountered in format string")));
        }
        self.field().map(Piece::Field)
    }

    /// Everything after the opening brace, the closing one included.
    fn field(&mut self) -> Result<Field<'a>, TextError> {
        let (name, end) = self.field_name()?;
        let mut field = Field { name, conversion: None, spec: "", spec_has_fields: false };
        if end == '!' {
            let Some(conversion) = self.rest.chars().next() else {
                let message = "end of string while looking for conversion specifier";
                return Err(TextError::value(message));
            };
            self.take(conversion.len_utf8());
            field.conversion = Some(conversion);
            match self.rest.chars().next() {
                Some('}') => {
                    self.take(1);
                    return Ok(field);
                }
                Some(':') => self.take(1),
                Some(_) => return Err(TextError::value("expected ':' after conversion specifier")),
                None => "",
            };
        }
        if end != '}' {
            (field.spec, field.spec_has_fields) = self.spec()?;
        }
        Ok(field)
    }

    /// The name, and which of `}`, `:`, `!` ended it. Between brackets anything goes.
    fn field_name(&mut self) -> Result<(&'a str, char), TextError> {
        let mut in_brackets = false;
        for (at, c) in self.rest.char_indices() {
            match c {
                ']' if in_brackets => in_brackets = false,
                _ if in_brackets => {}
                '[' => in_brackets = true,
                '{' => return Err(TextError::value("unexpected '{' in field name")),
                '}' | ':' | '!' => {
                    let name = self.take(at);
                    self.take(1);
                    return Ok((name, c));
                }
                _ => {}
            }
        }
        Err(TextError::value("expected '}' before end of string"))
    }

    /// The text up to the brace that closes the field, and whether it holds fields itself.
    fn spec(&mut self) -> Result<(&'a str, bool), TextError> {
        let mut depth = 0usize;
        let mut has_fields = false;
        for (at, byte) in self.rest.bytes().enumerate() {
            match byte {
                b'{' => {
                    depth += 1;
                    has_fields = true;
                }
                b'}' if depth == 0 => {
                    let spec = self.take(at);
                    self.take(1);
                    return Ok((spec, has_fields));
                }
                b'}' => depth -= 1,
                _ => {}
            }
        }
        Err(TextError::value("unmatched '{' in format spec"))
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Result<Piece<'a>, TextError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let piece = self.piece();
        if piece.is_err() {
            self.rest = "";
        }
        Some(piece)
    }
}

/// Counts the fields without a name; one for a whole `format` call, nested specs included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numbering {
    /// No positional field yet.
    #[default]
    Unknown,
    /// `{}`: the number of the next field.
    Automatic(usize),
    /// `{0}`.
    Manual,
}

/// Where a field's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First<'a> {
    /// A positional argument.
    Index(usize),
    /// A keyword argument.
    Name(&'a str),
}

impl Numbering {
    /// The first part of a field's name, and the path that follows.
    pub fn first<'a>(&mut self, name: &'a str) -> Result<(First<'a>, Path<'a>), TextError> {
        let (first, rest) = name.split_at(name.find(['.', '[']).unwrap_or(name.len()));
        let path = Path { rest };
        let index = parse_index(first)?;
        if first.is_empty() {
            let next = match *self {
                Numbering::Unknown => 0,
                Numbering::Automatic(next) => next,
                Numbering::Manual => {
                    return Err(cannot_switch("manual field specification", "automatic field numbering"));
                }
            };
            *self = Numbering::Automatic(next + 1);
            return Ok((First::Index(next), path));
        }
        let Some(index) = index else {
            return Ok((First::Name(first), path));
        };
        if matches!(self, Numbering::Automatic(_)) {
            return Err(cannot_switch("automatic field numbering", "manual field specification"));
        }
        *self = Numbering::Manual;
        Ok((First::Index(index), path))
    }
}

fn cannot_switch(from: &str, to: &str) -> TextError {
    TextError::value(format!("cannot switch from {from} to {to}"))
}

/// The part of a field's name after the first `.` or `[`.
#[derive(Clone, Debug)]
pub struct Path<'a> {
    rest: &'a str,
}

/// A step from a value to one of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// `.name`
    Attribute(&'a str),
    /// `[12]`
    Index(usize),
    /// `[key]`
    Key(&'a str),
}

impl<'a> Path<'a> {
    fn step(&mut self) -> Result<Step<'a>, TextError> {
        if let Some(rest) = self.rest.strip_prefix('.') {
            let (name, rest) = rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len()));
            self.rest = rest;
            return not_empty(name).map(Step::Attribute);
        }
        let Some(rest) = self.rest.strip_prefix('[') else {
            let message = "Only '.' or '[' may follow ']' in format field specifier";
            return Err(TextError::value(message));
        };
        let Some((key, rest)) = rest.split_once(']') else {
            return Err(TextError::value("Missing ']' in format string"));
        };
        self.rest = rest;
        match parse_index(key)? {
            Some(index) => Ok(Step::Index(index)),
            None => not_empty(key).map(Step::Key),
        }
    }
}

fn not_empty(name: &str) -> Result<&str, TextError> {
    if name.is_empty() {
        return Err(TextError::value("Empty attribute in format string"));
    }
    Ok(name)
}

impl<'a> Iterator for Path<'a> {
    type Item = Result<Step<'a>, TextError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let step = self.step();
        if step.is_err() {
            self.rest = "";
        }
        Some(step)
    }
}

/// ValueError for a field in the spec of a field in a spec.
pub fn too_deep() -> TextError {
    TextError::value("Max string recursion exceeded")
}

/// IndexError for a positional argument that is not there.
pub fn index_out_of_range(index: usize) -> TextError {
    let message = format!("Replacement index {index} out of range for positional args tuple");
    TextError::new(ErrorKind::IndexError, message)
}

/// ValueError for a positional field in `str.format_map`.
pub fn positional_in_format_map() -> TextError {
    TextError::value("Format string contains positional fields")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(template: &str) -> Vec<String> {
        let show = |piece| match piece {
            Ok(Piece::Literal(text)) => text.to_string(),
            Ok(Piece::Field(f)) => {
                let nested = if f.spec_has_fields { "nested " } else { "" };
                format!("<{} {:?} {nested}{}>", f.name, f.conversion(), f.spec)
            }
            Err(TextError { message, .. }) => message,
        };
        Pieces::new(template).map(show).collect()
    }

    fn path(numbering: &mut Numbering, name: &str) -> String {
        match numbering.first(name) {
            Ok((first, path)) => {
                let steps: Result<Vec<Step<'_>>, TextError> = path.collect();
                steps.map_or_else(|error| error.message, |steps| format!("{first:?} {steps:?}"))
            }
            Err(error) => error.message,
        }
    }

    #[test]
    fn pieces() {
        let cases: [(&str, &[&str]); 13] = [
            ("", &[]),
            ("a{{b}}c", &["a", "{", "b", "}", "c"]),
            ("é{}é", &["é", "< Ok(None) >", "é"]),
            ("{0!r}", &["<0 Ok(Repr) >"]),
            ("{a.b[!:{}]!s:>10}", &["<a.b[!:{}] Ok(Str) >10>"]),
            ("{0:{1}{w}}}}", &["<0 Ok(None) nested {1}{w}>", "}"]),
            ("{:!r}", &["< Ok(None) !r>"]),
            ("{!a:}", &["< Ok(Ascii) >"]),
            ("{:é{:日}}", &["< Ok(None) nested é{:日}>"]),
            ("{0:}}", &["<0 Ok(None) >", "Single '}' encountered in format string"]),
            ("{}{", &["< Ok(None) >", "Single '{' encountered in format string"]),
            ("a}b", &["a", "Single '}' encountered in format string"]),
            ("{0{1}}", &["unexpected '{' in field name"]),
        ];
        for (template, pieces) in cases {
            assert_eq!(shown(template), pieces, "{template:?}");
        }
    }

    #[test]
    fn errors() {
        let cases = [
            ("{", "Single '{' encountered in format string"),
            ("{0", "expected '}' before end of string"),
            ("{0[}", "expected '}' before end of string"),
            ("{0:", "unmatched '{' in format spec"),
            ("{0:{}", "unmatched '{' in format spec"),
            ("{0!r:{", "unmatched '{' in format spec"),
            ("{0!r", "unmatched '{' in format spec"),
            ("{0!}", "unmatched '{' in format spec"),
            ("{0!", "end of string while looking for conversion specifier"),
            ("{0!rx}", "expected ':' after conversion specifier"),
            (
                "{0!日}x",
                "<0 Err(TextError { kind: ValueError, message: \"Unknown conversion specifier \\\\x65e5\" }) >",
            ),
            ("{!:}", "< Err(TextError { kind: ValueError, message: \"Unknown conversion specifier :\" }) >"),
        ];
        for (template, message) in cases {
            assert_eq!(shown(template).first().map(String::as_str), Some(message), "{template:?}");
        }
    }

    #[test]
    fn names() {
        let cases = [
            ("a", "Name(\"a\") []"),
            ("", "Index(0) []"),
            (".x[1][k]", "Index(1) [Attribute(\"x\"), Index(1), Key(\"k\")]"),
            ("[٣]", "Index(2) [Index(3)]"),
            ("-1", "Name(\"-1\") []"),
            ("a.b[c].d", "Name(\"a\") [Attribute(\"b\"), Key(\"c\"), Attribute(\"d\")]"),
            ("a[b]c", "Only '.' or '[' may follow ']' in format field specifier"),
            ("a[b", "Missing ']' in format string"),
            ("a..b", "Empty attribute in format string"),
            ("a[]", "Empty attribute in format string"),
            ("a[99999999999999999999]", "Too many decimal digits in format string"),
            ("99999999999999999999", "Too many decimal digits in format string"),
            ("0", "cannot switch from automatic field numbering to manual field specification"),
        ];
        let mut numbering = Numbering::default();
        for (name, expected) in cases {
            assert_eq!(path(&mut numbering, name), expected, "{name:?}");
        }
        let mut numbering = Numbering::default();
        assert_eq!(path(&mut numbering, "7"), "Index(7) []");
        let message = "cannot switch from manual field specification to automatic field numbering";
        assert_eq!(path(&mut numbering, ""), message);
    }
}
