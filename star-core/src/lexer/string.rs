//! String and bytes literals.
//!
//! In: a quote, after its prefix. Out: one token for the whole literal, and, for the parser, its value. Rule: a
//! literal is scanned once, from where the last chunk ended; its escapes are decoded when the line is parsed.

use std::borrow::Cow;

use super::problem::{Problem, quote};
use super::{Lexer, Nest, NestKind, State, Step, codes, fail};
use crate::span::Span;
use crate::token::{Token, TokenKind, flag};

/// How far a string has been read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum StringState {
    /// Up to its first quote, at the scan position.
    Open,
    /// Into its body.
    Body,
}

/// The prefix and quote of the string being read.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Opening {
    /// Bits of [`flag`].
    pub(super) flags: u32,
    pub(super) prefix: u8,
    pub(super) quote: u8,
    pub(super) triple: bool,
}

impl Opening {
    /// The prefix `word`, if it is one.
    pub(super) fn of_prefix(word: &str) -> Option<Opening> {
        let mut flags = 0;
        for byte in word.bytes() {
            let flag = match byte {
                b'r' | b'R' => flag::RAW,
                b'b' | b'B' => flag::BYTES,
                b'f' | b'F' => flag::FORMAT,
                b'u' | b'U' => flag::UNICODE,
                _ => return None,
            };
            if flags & flag != 0 {
                return None;
            }
            flags |= flag;
        }
        let kinds = flags & (flag::BYTES | flag::FORMAT | flag::UNICODE);
        let legal = kinds.count_ones() <= 1 && flags != flag::UNICODE | flag::RAW;
        legal.then_some(Opening { flags, prefix: word.len() as u8, ..Opening::default() })
    }

    fn quote_len(self) -> usize {
        if self.triple { 3 } else { 1 }
    }

    /// What a token of it carries.
    pub(super) fn value(self) -> u32 {
        self.flags | u32::from(self.prefix) | (self.quote_len() as u32) << 8
    }
}

impl Lexer {
    /// Goes on with the string that starts at `token_start` and was read up to `at`.
    pub(super) fn string(&mut self, text: &str, state: StringState, tokens: &mut Vec<Token>) -> Step {
        let bytes = text.as_bytes();
        if state == StringState::Open {
            match self.open_string(text, tokens) {
                Step::Go if self.state == State::String(StringState::Body) => {}
                step => return step,
            }
        }
        let quote = self.string.quote;
        let triple = self.string.triple;
        let mut i = self.at;
        loop {
            let Some(&byte) = bytes.get(i) else {
                self.at = i;
                return if self.eof() { fail(self.unterminated(i, true)) } else { Step::NeedMore };
            };
            match byte {
                b'"' | b'\'' if byte == quote => {
                    let len = self.string.quote_len();
                    if triple && !bytes[i..].starts_with(&[quote; 3]) {
                        if bytes.len() < i + 3 && !self.eof() && bytes[i..].iter().all(|b| *b == quote) {
                            self.at = i;
                            return Step::NeedMore;
                        }
                        i += 1;
                        continue;
                    }
                    self.at = i + len;
                    return self.end_string(text, tokens);
                }
                b'\\' => {
                    let Some(len) = self.escape_len(bytes, i) else {
                        self.at = i;
                        return if self.eof() {
                            fail(self.unterminated(bytes.len(), true))
                        } else {
                            Step::NeedMore
                        };
                    };
                    self.string.flags |= flag::DECODE;
                    i += len;
                }
                b'\n' | b'\r' if !triple => {
                    self.at = i;
                    return fail(self.unterminated(i, false));
                }
                b'\r' => {
                    self.string.flags |= flag::DECODE;
                    i += 1;
                }
                _ => i += 1,
            }
        }
    }

    /// Reads the opening quotes.
    fn open_string(&mut self, text: &str, tokens: &mut Vec<Token>) -> Step {
        let bytes = text.as_bytes();
        let start = self.at;
        let quote = bytes[start];
        let waits = |len: usize| bytes.len() < start + len && !self.eof();
        if waits(2) {
            return Step::NeedMore;
        }
        let second = bytes.get(start + 1) == Some(&quote);
        if second && waits(3) {
            return Step::NeedMore;
        }
        self.string.quote = quote;
        self.string.triple = second && bytes.get(start + 2) == Some(&quote);
        self.at = start + self.string.quote_len();
        if self.string.flags & flag::UNICODE != 0 {
            return fail(self.unicode_prefix());
        }
        if self.string.flags & flag::FORMAT != 0 {
            return self.open_fstring(text, tokens);
        }
        self.state = State::String(StringState::Body);
        if second && !self.string.triple {
            self.at += 1;
            return self.end_string(text, tokens);
        }
        Step::Go
    }

    fn end_string(&mut self, text: &str, tokens: &mut Vec<Token>) -> Step {
        let span = self.span(self.token_start, self.at);
        tokens.push(Token { kind: TokenKind::Str, span, value: self.string.value() });
        self.state = State::Token;
        self.after_string(text, tokens)
    }

    fn open_fstring(&mut self, text: &str, tokens: &mut Vec<Token>) -> Step {
        let span = self.span(self.token_start, self.at);
        if self.nest.len() + self.indents.depth() >= self.max_nesting as usize {
            return fail(self.too_deep(self.token_start));
        }
        tokens.push(Token { kind: TokenKind::FStringStart, span, value: self.string.value() });
        self.nest.push(Nest {
            kind: NestKind::FString,
            quote: self.string.quote,
            triple: self.string.triple,
            raw: self.string.flags & flag::RAW != 0,
            start: span.start,
        });
        self.token_start = self.at;
        self.state = State::FText;
        self.after_string(text, tokens)
    }

    fn after_string(&mut self, text: &str, tokens: &[Token]) -> Step {
        if (self.fresh || self.watching)
            && let Some(step) = self.look_at_token(text, tokens)
        {
            return step;
        }
        Step::Go
    }

    /// The length of the escape at `i`, as far as it matters for finding the end: a backslash hides one
    /// character, or one line end. `None` if that has not arrived.
    pub(super) fn escape_len(&self, bytes: &[u8], i: usize) -> Option<usize> {
        match bytes.get(i + 1)? {
            b'\r' => match bytes.get(i + 2) {
                Some(b'\n') => Some(3),
                None if !self.eof() => None,
                _ => Some(2),
            },
            _ => Some(2),
        }
    }
}

/// The value of the string `body`, whose first byte is at `at` of the piece.
pub(crate) fn decode_str(body: &str, at: u32, flags: u32) -> Result<Cow<'_, str>, Box<Problem>> {
    if flags & flag::DECODE == 0 {
        return Ok(Cow::Borrowed(body));
    }
    let raw = flags & flag::RAW != 0;
    let braces = flags & flag::FORMAT != 0;
    if raw && !braces {
        return Ok(unify_newlines(body));
    }
    let special = |c: char| (c == '\\' && !raw) || c == '\r' || (braces && (c == '{' || c == '}'));
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(i) = rest.find(special) {
        out.push_str(&rest[..i]);
        rest = &rest[i..];
        let here = at + (body.len() - rest.len()) as u32;
        let after = match rest.as_bytes()[0] {
            b'\r' => {
                out.push('\n');
                if rest.starts_with("\r\n") { 2 } else { 1 }
            }
            b'\\' => str_escape(rest, here, &mut out)?,
            brace => {
                out.push(brace as char);
                2.min(rest.len()) // doubled, the lexer saw to that
            }
        };
        rest = &rest[after..];
    }
    out.push_str(rest);
    Ok(Cow::Owned(out))
}

/// The value of the bytes literal `body`, whose first byte is at `at` of the piece.
pub(crate) fn decode_bytes(body: &str, at: u32, flags: u32) -> Result<Vec<u8>, Box<Problem>> {
    if let Some(i) = body.find(|c: char| !c.is_ascii()) {
        let len = body[i..].chars().next().map_or(1, char::len_utf8) as u32;
        let span = Span::new(at + i as u32, at + i as u32 + len);
        let message = "a bytes literal can only hold ASCII characters; write others as \\x escapes";
        return Err(Problem::new(codes::STRING, span, message));
    }
    if flags & flag::DECODE == 0 {
        return Ok(body.as_bytes().to_vec());
    }
    if flags & flag::RAW != 0 {
        return Ok(unify_newlines(body).into_owned().into_bytes());
    }
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(i) = rest.find(['\\', '\r']) {
        out.extend_from_slice(&rest.as_bytes()[..i]);
        rest = &rest[i..];
        let here = at + (body.len() - rest.len()) as u32;
        let after = if rest.starts_with('\\') {
            bytes_escape(rest, here, &mut out)?
        } else {
            out.push(b'\n');
            if rest.starts_with("\r\n") { 2 } else { 1 }
        };
        rest = &rest[after..];
    }
    out.extend_from_slice(rest.as_bytes());
    Ok(out)
}

/// `text` with every line end as `\n`.
pub(crate) fn unify_newlines(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Decodes the escape that `text` starts with; returns its length. An unknown one stands for itself.
fn str_escape(text: &str, at: u32, out: &mut String) -> Result<usize, Box<Problem>> {
    let (len, digits) = match text.as_bytes().get(1) {
        Some(b'x') => (4, 2),
        Some(b'u') => (6, 4),
        Some(b'U') => (10, 8),
        Some(b'N') => return name_escape(text, at, out),
        _ => {
            return Ok(match common_escape(text) {
                Some((Some(value), len)) => {
                    out.push(char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER));
                    len
                }
                Some((None, len)) => len,
                None => {
                    out.push('\\');
                    1
                }
            });
        }
    };
    let hex = text.get(2..len).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let Some(hex) = hex else {
        let found = text[2..].bytes().take(digits).take_while(u8::is_ascii_hexdigit).count();
        let span = Span::new(at, at + 2 + found as u32);
        let message = format!("the escape {} needs {digits} hexadecimal digits", quote(&text[..2]));
        return Err(Problem::new(codes::STRING, span, message));
    };
    let value = u32::from_str_radix(hex, 16).unwrap_or(u32::MAX);
    match char::from_u32(value) {
        Some(c) => {
            out.push(c);
            Ok(len)
        }
        None => {
            let span = Span::new(at, at + len as u32);
            let message = if value > 0x10FFFF {
                format!("the escape {} is beyond the last character, \\U0010ffff", quote(&text[..len]))
            } else {
                let shown = quote(&text[..len]);
                format!(
                    "the escape {shown} is half of a surrogate pair, which a str of star cannot hold; write the character as \\U and eight digits"
                )
            };
            Err(Problem::new(codes::STRING, span, message))
        }
    }
}

/// `\N{NAME}`.
fn name_escape(text: &str, at: u32, out: &mut String) -> Result<usize, Box<Problem>> {
    let close = text.strip_prefix("\\N{").and_then(|rest| rest.find('}'));
    let Some(close) = close.filter(|close| *close > 0) else {
        let message = "the escape '\\N' needs the name of a character in braces, like \\N{BULLET}";
        return Err(Problem::new(codes::STRING, Span::new(at, at + 2), message));
    };
    let name = &text[3..3 + close];
    match unicode_names2::character(name).filter(|c| is_exact_name(name, *c)) {
        Some(c) => {
            out.push(c);
            Ok(close + 4)
        }
        None => {
            let span = Span::new(at, at + close as u32 + 4);
            let message =
                format!("no character is named {}; \\u and four hexadecimal digits always work", quote(name));
            Err(Problem::new(codes::STRING, span, message))
        }
    }
}

/// Whether `name` is a name of `c` but for case. The table ignores spaces and hyphens as well, CPython does not;
/// what does not match the character's own name even so is an alias.
fn is_exact_name(name: &str, c: char) -> bool {
    let Some(own) = unicode_names2::name(c).map(|own| own.to_string()) else { return true };
    let bare = |text: &str| text.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>();
    own.eq_ignore_ascii_case(name) || !bare(&own).eq_ignore_ascii_case(&bare(name))
}

fn bytes_escape(text: &str, at: u32, out: &mut Vec<u8>) -> Result<usize, Box<Problem>> {
    if text.as_bytes().get(1) == Some(&b'x') {
        let value = text.get(2..4).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let Some(value) = value.and_then(|hex| u8::from_str_radix(hex, 16).ok()) else {
            let message = "the escape '\\x' needs 2 hexadecimal digits";
            return Err(Problem::new(codes::STRING, Span::new(at, at + 2), message));
        };
        out.push(value);
        return Ok(4);
    }
    Ok(match common_escape(text) {
        Some((Some(value), len)) => {
            out.push(value as u8); // CPython keeps the low byte of `\777` too
            len
        }
        Some((None, len)) => len,
        None => {
            out.push(b'\\');
            1
        }
    })
}

/// An escape that str and bytes share: its value, if it has one, and its length.
fn common_escape(text: &str) -> Option<(Option<u32>, usize)> {
    let bytes = text.as_bytes();
    let value = match bytes.get(1)? {
        b'\n' => return Some((None, 2)),
        b'\r' => return Some((None, if bytes.get(2) == Some(&b'\n') { 3 } else { 2 })),
        b'\\' => '\\',
        b'\'' => '\'',
        b'"' => '"',
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b'f' => '\u{C}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'v' => '\u{B}',
        b'0'..=b'7' => {
            let digits = bytes[1..].iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7'));
            let (len, value) =
                digits.fold((1, 0), |(len, value), byte| (len + 1, value * 8 + u32::from(byte - b'0')));
            return Some((Some(value), len));
        }
        _ => return None,
    };
    Some((Some(u32::from(value)), 2))
}
