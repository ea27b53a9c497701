//! Numbers.
//!
//! In: digits, one state per part of a number so that a cut costs nothing. Out: an integer or float token; its
//! value is decoded here too, once the token is complete. Rule: the forms and errors are CPython's tokenizer's.

use std::sync::Arc;

use num_bigint::{BigInt, BigUint};

use super::chars::IN_WORD;
use super::problem::Problem;
use super::{Lexer, State, Step, codes, fail};
use crate::span::Span;
use crate::token::{Token, TokenKind};

/// Which part of a number is being read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum NumberState {
    /// Its first digit.
    Start,
    /// After a leading zero: more zeros, or a base.
    Zero,
    /// Decimal digits; `zero` if the first is a zero and a later one is not.
    Decimal { zero: bool },
    /// Digits of base 16, 8 or 2, after the letter; `empty` until the first.
    Based { base: u8, empty: bool },
    /// Digits after the point.
    Fraction,
    /// After `e`, if a sign or digit follows.
    Exponent,
    /// Digits of the exponent.
    ExponentDigits,
}

/// How a run of digits ended.
enum Run {
    /// At a byte that is no part of it.
    Done,
    /// At the end of what has arrived.
    Cut,
    /// At an underscore that no digit follows.
    Underscore,
}

use NumberState::*;

impl Lexer {
    /// Goes on with the number that starts at `token_start` and was read up to `at`.
    pub(super) fn number(&mut self, text: &str, state: NumberState, tokens: &mut Vec<Token>) -> Step {
        let bytes = text.as_bytes();
        let mut state = state;
        loop {
            self.state = State::Number(state);
            let next = match state {
                Start => match bytes[self.at] {
                    b'0' => {
                        self.at += 1;
                        Ok(Zero)
                    }
                    _ => Ok(Decimal { zero: false }),
                },
                Zero => match self.zero(bytes) {
                    Some(next) => next,
                    None => return self.end_number(text, TokenKind::Int, "decimal", tokens),
                },
                Decimal { zero } => match self.digits(bytes, 10) {
                    Run::Cut => return Step::NeedMore,
                    Run::Underscore => return fail(self.bad_number("decimal", text)),
                    Run::Done => match bytes.get(self.at) {
                        Some(b'.') => {
                            self.at += 1;
                            Ok(Fraction)
                        }
                        Some(b'e' | b'E') => Ok(Exponent),
                        _ if zero && !matches!(bytes.get(self.at), Some(b'j' | b'J')) => {
                            return fail(self.leading_zeros());
                        }
                        _ => return self.end_number(text, TokenKind::Int, "decimal", tokens),
                    },
                },
                Based { base, empty } => {
                    let before = self.at;
                    let run = match bytes.get(self.at) {
                        Some(b'_') if empty => match bytes.get(self.at + 1) {
                            None if !self.eof() => Run::Cut,
                            Some(&byte) if is_digit(byte, base) => {
                                self.at += 1;
                                self.digits(bytes, base)
                            }
                            _ => Run::Underscore,
                        },
                        _ => self.digits(bytes, base),
                    };
                    let empty = empty && self.at == before;
                    match run {
                        Run::Cut => {
                            self.state = State::Number(Based { base, empty });
                            return Step::NeedMore;
                        }
                        Run::Underscore => return fail(self.bad_number(base_name(base), text)),
                        Run::Done => {
                            if let Some(digit) = bytes.get(self.at).filter(|byte| byte.is_ascii_digit()) {
                                return fail(self.bad_digit(*digit, base_name(base)));
                            }
                            if empty {
                                return fail(self.bad_number(base_name(base), text));
                            }
                            self.state = State::Number(Based { base, empty }); // what follows may be cut
                            return self.end_number(text, TokenKind::Int, base_name(base), tokens);
                        }
                    }
                }
                Fraction => {
                    // The point may have no digits; an underscore right after it has none before.
                    let run = match bytes.get(self.at) {
                        Some(b'_') if bytes[self.at - 1] == b'.' => Run::Underscore,
                        _ => self.digits(bytes, 10),
                    };
                    match run {
                        Run::Cut => return Step::NeedMore,
                        Run::Underscore => return fail(self.bad_number("decimal", text)),
                        Run::Done => match bytes.get(self.at) {
                            Some(b'e' | b'E') => Ok(Exponent),
                            _ => return self.end_number(text, TokenKind::Float, "decimal", tokens),
                        },
                    }
                }
                Exponent => match self.exponent(bytes) {
                    None => return Step::NeedMore,
                    Some(Some(digits)) => {
                        self.at = digits;
                        Ok(ExponentDigits)
                    }
                    Some(None) => {
                        let whole = text[self.token_start..self.at].bytes().all(|b| b != b'.');
                        let kind = if whole { TokenKind::Int } else { TokenKind::Float };
                        return self.end_number(text, kind, "decimal", tokens);
                    }
                },
                ExponentDigits => match self.digits(bytes, 10) {
                    Run::Cut => return Step::NeedMore,
                    Run::Underscore => return fail(self.bad_number("decimal", text)),
                    Run::Done => return self.end_number(text, TokenKind::Float, "decimal", tokens),
                },
            };
            match next {
                Ok(next) => state = next,
                Err(step) => return step,
            }
        }
    }

    /// After a leading zero: what follows, or `None` if the number is just zeros.
    fn zero(&mut self, bytes: &[u8]) -> Option<Result<NumberState, Step>> {
        loop {
            let next = match bytes.get(self.at) {
                None if !self.eof() => return Some(Err(Step::NeedMore)),
                Some(b'0') => {
                    self.at += 1;
                    continue;
                }
                Some(b'_') => match bytes.get(self.at + 1) {
                    None if !self.eof() => return Some(Err(Step::NeedMore)),
                    Some(b'0') => {
                        self.at += 2;
                        continue;
                    }
                    Some(b'1'..=b'9') => {
                        self.at += 1;
                        Decimal { zero: true }
                    }
                    _ => return Some(Err(fail(self.bad_number("decimal", "")))),
                },
                Some(b'1'..=b'9') => Decimal { zero: true },
                Some(b'.') => {
                    self.at += 1;
                    Fraction
                }
                Some(b'e' | b'E') => Exponent,
                Some(letter) if self.at == self.token_start + 1 => {
                    let base = match letter {
                        b'x' | b'X' => 16,
                        b'o' | b'O' => 8,
                        b'b' | b'B' => 2,
                        _ => return None,
                    };
                    self.at += 1;
                    Based { base, empty: true }
                }
                _ => return None,
            };
            return Some(Ok(next));
        }
    }

    /// Passes digits with single underscores between them.
    fn digits(&mut self, bytes: &[u8], base: u8) -> Run {
        loop {
            match bytes.get(self.at) {
                None if self.eof() => return Run::Done,
                None => return Run::Cut,
                Some(&byte) if is_digit(byte, base) => self.at += 1,
                Some(b'_') => match bytes.get(self.at + 1) {
                    None if !self.eof() => return Run::Cut,
                    Some(&byte) if is_digit(byte, base) => self.at += 2,
                    Some(&byte) if base < 10 && byte.is_ascii_digit() => {
                        self.at += 1;
                        return Run::Done;
                    }
                    _ => return Run::Underscore,
                },
                Some(_) => return Run::Done,
            }
        }
    }

    /// At an `e`: `None` if more must be seen, else where the exponent's digits start if it is one.
    fn exponent(&self, bytes: &[u8]) -> Option<Option<usize>> {
        let after = match bytes.get(self.at + 1) {
            None if !self.eof() => return None,
            Some(b'+' | b'-') => self.at + 2,
            _ => self.at + 1,
        };
        match bytes.get(after) {
            None if !self.eof() => None,
            Some(byte) if byte.is_ascii_digit() => Some(Some(after)),
            _ => Some(None),
        }
    }

    /// The number is complete; what follows must not go on like a name, except some keywords.
    fn end_number(
        &mut self,
        text: &str,
        kind: TokenKind,
        base: &'static str,
        tokens: &mut Vec<Token>,
    ) -> Step {
        let rest = &text.as_bytes()[self.at..];
        match rest {
            [b'j' | b'J', ..] => return fail(self.imaginary()),
            [byte, ..] if IN_WORD[*byte as usize] || self.is_wide_word(text) => {
                if rest.len() < 3 && !self.eof() && rest.iter().all(|byte| IN_WORD[*byte as usize]) {
                    return Step::NeedMore;
                }
                const MAY_FOLLOW: [&[u8]; 8] = [b"and", b"el", b"for", b"if", b"in", b"is", b"or", b"not"];
                if !MAY_FOLLOW.iter().any(|word| rest.starts_with(word)) {
                    return fail(self.bad_number(base, text));
                }
            }
            _ => {}
        }
        let number = &text[self.token_start..self.at];
        let mut token = Token::new(kind, self.span(self.token_start, self.at));
        if kind == TokenKind::Int {
            token.value = small_value(number.as_bytes());
            if base == "decimal" && number.len() > MAX_DIGITS && digit_count(number) > MAX_DIGITS {
                return fail(self.too_many_digits(digit_count(number)));
            }
        }
        tokens.push(token);
        self.state = State::Token;
        if (self.fresh || self.watching)
            && let Some(step) = self.look_at_token(text, tokens)
        {
            return step;
        }
        Step::Go
    }

    /// Whether a character beyond ASCII that can be part of a name stands at the scan position.
    fn is_wide_word(&self, text: &str) -> bool {
        let c = text[self.at..].chars().next();
        c.is_some_and(|c| !c.is_ascii() && unicode_ident::is_xid_continue(c))
    }

    fn bad_digit(&self, digit: u8, base: &str) -> Box<Problem> {
        let message = format!("the digit '{}' is not {base}", digit as char);
        Problem::new(codes::NUMBER, self.span(self.at, self.at + 1), message)
    }

    fn bad_number(&self, base: &str, text: &str) -> Box<Problem> {
        let span = self.span(self.token_start, self.at.max(self.token_start + 1));
        let rest = text.get(self.at..).unwrap_or("_").chars().next();
        match rest {
            Some('_') => {
                let message = format!("an underscore in a {base} number must stand between two digits");
                Problem::new(codes::NUMBER, self.span(self.token_start, self.at + 1), message)
            }
            Some(c) if c.is_alphanumeric() => {
                let message = format!(
                    "a {base} number cannot be followed by {}",
                    super::problem::quote(&c.to_string())
                );
                Problem::new(codes::NUMBER, self.span(self.token_start, self.at + c.len_utf8()), message)
            }
            _ => Problem::new(codes::NUMBER, span, format!("this {base} number has no digits")),
        }
    }

    fn leading_zeros(&self) -> Box<Problem> {
        let span = self.span(self.token_start, self.at);
        let message = "a decimal number cannot start with zeros; an octal one starts with 0o";
        let zeros = Span::new(span.start, span.start + 1);
        Problem::new(codes::NUMBER, span, message).suggesting(zeros, "0o", "write '0o' for an octal number")
    }

    fn imaginary(&self) -> Box<Problem> {
        let span = self.span(self.token_start, self.at + 1);
        let message = "star has no complex numbers: keep the two parts as a pair of floats";
        Problem::new(codes::REFUSED, span, message)
    }

    fn too_many_digits(&self, count: usize) -> Box<Problem> {
        let message = format!(
            "a decimal number of {count} digits exceeds the limit of {MAX_DIGITS}; hexadecimal ones have none"
        );
        Problem::new(codes::NUMBER, self.span(self.token_start, self.at), message)
    }
}

/// CPython's limit on decimal digits of an integer.
const MAX_DIGITS: usize = 4300;

fn digit_count(number: &str) -> usize {
    number.bytes().filter(|byte| *byte != b'_').count()
}

fn base_name(base: u8) -> &'static str {
    match base {
        16 => "hexadecimal",
        8 => "octal",
        _ => "binary",
    }
}

fn is_digit(byte: u8, base: u8) -> bool {
    match base {
        16 => byte.is_ascii_hexdigit(),
        10 => byte.is_ascii_digit(),
        _ => byte.is_ascii_digit() && byte - b'0' < base,
    }
}

/// The value of a short decimal integer, else [`Token::LARGE`].
fn small_value(number: &[u8]) -> u32 {
    if number.len() > 9 || !number.iter().all(u8::is_ascii_digit) {
        return Token::LARGE;
    }
    number.iter().fold(0, |value, byte| value * 10 + u32::from(byte - b'0'))
}

/// The value of an integer literal.
pub(crate) enum IntValue {
    /// One that fits.
    Small(i64),
    /// One that does not.
    Big(Arc<BigInt>),
}

/// Decodes the text of an `Int` token.
pub(crate) fn int_value(text: &str) -> IntValue {
    let digits: String = text.chars().filter(|c| *c != '_').collect();
    let (base, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, &digits[2..]),
        Some("0o" | "0O") => (8, &digits[2..]),
        Some("0b" | "0B") => (2, &digits[2..]),
        _ => (10, &digits[..]),
    };
    match i64::from_str_radix(digits, base) {
        Ok(value) => IntValue::Small(value),
        Err(_) => {
            let value = BigUint::parse_bytes(digits.as_bytes(), base).unwrap_or_default();
            IntValue::Big(Arc::new(value.into()))
        }
    }
}

/// Decodes the text of a `Float` token.
pub(crate) fn float_value(text: &str) -> f64 {
    if !text.contains('_') {
        return text.parse().unwrap_or(f64::INFINITY);
    }
    let digits: String = text.chars().filter(|c| *c != '_').collect();
    digits.parse().unwrap_or(f64::INFINITY)
}
