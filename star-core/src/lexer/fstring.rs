//! The text parts of f-strings and format specs.
//!
//! In: what stands between the quotes, outside fields. Out: `FStringMiddle` tokens with what opens and closes
//! fields between them; the fields' expressions are ordinary tokens. Rule: PEP 701: strings and f-strings nest in
//! fields with any quotes, each on the stack of brackets.

use super::{Lexer, Nest, NestKind, Scan, State, Step, fail};
use crate::token::{Token, TokenKind, flag};

impl Lexer {
    /// Goes on with the text that starts at `token_start` and was read up to `at`.
    pub(super) fn ftext(&mut self, text: &str, tokens: &mut Vec<Token>) -> Step {
        let bytes = text.as_bytes();
        let Some(&nest) = self.nest.last() else {
            self.state = State::Token;
            return Step::Go;
        };
        let in_spec = nest.kind == NestKind::Spec;
        let mut i = self.at;
        loop {
            if tokens.len() == tokens.capacity() && tokens.len() * size_of::<Token>() > self.token_budget {
                self.at = i;
                return Step::Stop(Scan::Full);
            }
            let Some(&byte) = bytes.get(i) else {
                self.at = i;
                return if self.eof() { fail(self.unterminated_fstring(i)) } else { Step::NeedMore };
            };
            let next = bytes.get(i + 1).copied();
            let waits = next.is_none() && !self.eof();
            match byte {
                b'"' | b'\'' if byte == nest.quote => {
                    if nest.triple && !bytes[i..].starts_with(&[byte; 3]) {
                        if bytes.len() < i + 3 && !self.eof() && bytes[i..].iter().all(|b| *b == byte) {
                            self.at = i;
                            return Step::NeedMore;
                        }
                        i += 1;
                        continue;
                    }
                    self.at = i;
                    if in_spec {
                        return fail(self.unclosed_field(i));
                    }
                    return self.end_fstring(i, tokens);
                }
                b'{' if !in_spec && waits => {
                    self.at = i;
                    return Step::NeedMore;
                }
                b'{' if !in_spec && next == Some(b'{') => {
                    self.string.flags |= flag::DECODE;
                    i += 2;
                }
                b'{' => return self.open_field(i, nest, tokens),
                b'}' if in_spec => {
                    self.push_text(i, tokens);
                    tokens.push(Token::new(TokenKind::FieldClose, self.span(i, i + 1)));
                    self.nest.truncate(self.nest.len() - 2);
                    self.at = i + 1;
                    self.token_start = i + 1;
                    return Step::Go;
                }
                b'}' if waits => {
                    self.at = i;
                    return Step::NeedMore;
                }
                b'}' if next == Some(b'}') => {
                    self.string.flags |= flag::DECODE;
                    i += 2;
                }
                b'}' => {
                    self.at = i;
                    return fail(self.single_brace(i));
                }
                b'\\' => match self.ftext_escape(bytes, i, nest.raw) {
                    Some(len) => {
                        self.string.flags |= flag::DECODE;
                        i += len;
                    }
                    None => {
                        self.at = i;
                        return if self.eof() { fail(self.unterminated_fstring(i)) } else { Step::NeedMore };
                    }
                },
                b'\n' | b'\r' if !nest.triple => {
                    self.at = i;
                    let problem =
                        if in_spec { self.newline_in_spec(i) } else { self.unterminated_fstring(i) };
                    return fail(problem);
                }
                b'\r' => {
                    self.string.flags |= flag::DECODE;
                    i += 1;
                }
                _ => i += 1,
            }
        }
    }

    /// How much a backslash in an f-string hides: not a brace, which opens or closes a field all the same, but
    /// the whole name of `\N{…}`.
    fn ftext_escape(&self, bytes: &[u8], i: usize, raw: bool) -> Option<usize> {
        match bytes.get(i + 1)? {
            b'{' | b'}' => Some(1),
            b'N' if !raw => match bytes.get(i + 2) {
                None if !self.eof() => None,
                // The name is short: waiting for its end looks at it again for each chunk, but only so often.
                Some(b'{') => {
                    let name = bytes[i + 3..].iter().take(MAX_NAME);
                    let len =
                        name.take_while(|byte| byte.is_ascii_alphanumeric() || b" -_".contains(byte)).count();
                    match bytes.get(i + 3 + len) {
                        Some(b'}') => Some(len + 4),
                        None if !self.eof() && len < MAX_NAME => None,
                        _ => Some(2),
                    }
                }
                _ => Some(2),
            },
            _ => self.escape_len(bytes, i),
        }
    }

    /// The text up to `end` becomes a token, unless it is empty.
    fn push_text(&mut self, end: usize, tokens: &mut Vec<Token>) {
        let raw = self.nest.last().is_some_and(|nest| nest.raw);
        let spec = self.nest.last().is_some_and(|nest| nest.kind == NestKind::Spec);
        let mut value = self.string.flags & flag::DECODE;
        if raw {
            value |= flag::RAW;
        }
        if !spec {
            value |= flag::FORMAT;
        }
        self.string.flags &= !flag::DECODE;
        if end > self.token_start {
            let span = self.span(self.token_start, end);
            tokens.push(Token { kind: TokenKind::FStringMiddle, span, value });
        }
    }

    fn open_field(&mut self, i: usize, nest: Nest, tokens: &mut Vec<Token>) -> Step {
        if self.nest.len() + self.indents.depth() >= self.max_nesting as usize {
            return fail(self.too_deep(i));
        }
        self.push_text(i, tokens);
        tokens.push(Token::new(TokenKind::FieldOpen, self.span(i, i + 1)));
        self.nest.push(Nest { kind: NestKind::Field, start: self.rel(i), ..nest });
        self.at = i + 1;
        self.state = State::Token;
        Step::Go
    }

    fn end_fstring(&mut self, i: usize, tokens: &mut Vec<Token>) -> Step {
        self.push_text(i, tokens);
        let len = if self.nest.last().is_some_and(|nest| nest.triple) { 3 } else { 1 };
        tokens.push(Token::new(TokenKind::FStringEnd, self.span(i, i + len)));
        self.nest.pop();
        self.at = i + len;
        self.state = State::Token;
        Step::Go
    }
}

/// No character's name is longer.
const MAX_NAME: usize = 100;
