//! String literals and f-strings.
//!
//! In: adjacent string tokens. Out: one Str, Bytes or FString expression. Rule: adjacent literals are joined here,
//! so that nothing later knows how a string was written.

use std::sync::Arc;

use super::line::{Line, Parse};
use crate::ast::*;
use crate::lexer::problem::Problem;
use crate::lexer::{codes, decode_bytes, decode_str, unify_newlines};
use crate::span::Span;
use crate::token::{Token, TokenKind, flag};

use TokenKind as T;

impl Line<'_> {
    /// strings = (STRING | fstring) {STRING | fstring}
    pub(super) fn strings(&mut self) -> Parse<ExprId> {
        let first = self.token();
        let single = first.kind == T::Str && !matches!(self.next_kind(), T::Str | T::FStringStart);
        if first.value & flag::BYTES != 0 {
            return self.bytes_literal();
        }
        if single {
            self.bump();
            let text = self.text;
            let (body, at) = body(text, first);
            let decoded = decode_str(body, at, first.value);
            let value = match decoded {
                Ok(value) => self.add_string(Arc::<str>::from(&*value)),
                Err(problem) => return self.fail(problem),
            };
            return Ok(self.expr(ExprKind::Str(value), first.span));
        }
        self.joined(first)
    }

    fn bytes_literal(&mut self) -> Parse<ExprId> {
        let start = self.here();
        let mut value = Vec::new();
        while let token @ Token { kind: T::Str | T::FStringStart, .. } = self.token() {
            if token.value & flag::BYTES == 0 {
                return self.mixed(token);
            }
            let (body, at) = body(self.text, token);
            match decode_bytes(body, at, token.value) {
                Ok(bytes) => value.extend_from_slice(&bytes),
                Err(problem) => return self.fail(problem),
            }
            self.bump();
        }
        let value = self.add_bytes(value);
        Ok(self.expr_from(ExprKind::Bytes(value), start))
    }

    #[cold]
    fn mixed(&mut self, token: Token) -> Parse<ExprId> {
        self.fail_at(codes::STRING, token.span, "bytes and str literals cannot be joined")
    }

    /// Several literals, or an f-string.
    fn joined(&mut self, first: Token) -> Parse<ExprId> {
        let mark = self.scratch.fstring_parts.len();
        let mut text = String::new();
        let mut is_format = false;
        loop {
            let token = self.token();
            match token.kind {
                T::Str if token.value & flag::BYTES != 0 => return self.mixed(token),
                T::Str => {
                    self.bump();
                    let (body, at) = body(self.text, token);
                    match decode_str(body, at, token.value) {
                        Ok(value) => text.push_str(&value),
                        Err(problem) => return self.fail(problem),
                    }
                }
                T::FStringStart => {
                    is_format = true;
                    self.bump();
                    self.enter()?;
                    self.fstring_parts(&mut text)?;
                    if self.kind() != T::FStringEnd {
                        return self.expected("the end of the f-string");
                    }
                    self.bump();
                    self.leave();
                }
                _ => break,
            }
        }
        let start = first.span.start;
        if !is_format {
            let value = self.add_string(text);
            return Ok(self.expr_from(ExprKind::Str(value), start));
        }
        self.flush_text(&mut text);
        let parts = self.take_fstring_parts(mark);
        Ok(self.expr_from(ExprKind::FString(parts), start))
    }

    /// fstring_parts = {FSTRING_MIDDLE | field}
    fn fstring_parts(&mut self, text: &mut String) -> Parse<()> {
        loop {
            let token = self.token();
            match token.kind {
                T::FStringMiddle => {
                    self.bump();
                    match decode_str(self.text_of(token.span), token.span.start, token.value) {
                        Ok(value) => text.push_str(&value),
                        Err(problem) => return self.fail(problem),
                    }
                }
                T::FieldOpen => self.field(text)?,
                _ => return Ok(()),
            }
        }
    }

    fn flush_text(&mut self, text: &mut String) {
        if !text.is_empty() {
            let index = self.add_string(std::mem::take(text));
            self.scratch.fstring_parts.push(FStringPart::Text(index));
        }
    }

    /// field = '{' (yield_expr | star_expressions) ['='] ['!' NAME] [':' fstring_parts] '}'
    fn field(&mut self, text: &mut String) -> Parse<()> {
        let open = self.bump();
        self.enter()?;
        if !self.starts_element() && self.kind() != T::Yield {
            return self.bad_field();
        }
        let value = if self.kind() == T::Yield { self.yield_expr()? } else { self.star_expressions()? };
        self.no_lone_star(value)?;
        let debug = self.eat(T::Assign);
        if debug {
            let shown = self.debug_text(open);
            text.push_str(&shown);
        }
        self.flush_text(text);
        let mut conversion = Conversion::None;
        if self.eat(T::Bang) {
            conversion = self.conversion()?;
        }
        let mut spec = None;
        if self.eat(T::FieldColon) {
            let mark = self.scratch.fstring_parts.len();
            let mut spec_text = String::new();
            self.fstring_parts(&mut spec_text)?;
            self.flush_text(&mut spec_text);
            spec = Some(self.take_fstring_parts(mark));
        }
        if self.kind() != T::FieldClose {
            return self.unclosed_field();
        }
        let span = Span::new(open.span.start, self.bump().span.end);
        self.leave();
        if debug && conversion == Conversion::None && spec.is_none() {
            conversion = Conversion::Repr;
        }
        self.scratch.fstring_parts.push(FStringPart::Field { value, conversion, spec, span });
        Ok(())
    }

    /// The text that `{x=}` shows: from the `{` to what follows the `=`, without comments.
    fn debug_text(&self, open: Token) -> String {
        let shown = Span::new(open.span.end, self.here());
        if !self.text_of(shown).contains('#') {
            return unify_newlines(self.text_of(shown)).into_owned();
        }
        let mut out = String::new();
        let mut end = open.span.end;
        let inside = self.tokens[..=self.at].iter().filter(|token| token.span.start >= open.span.end);
        for token in inside {
            // Between two tokens there is only space and comments.
            for line in self.text_of(Span::new(end, token.span.start)).split_inclusive(['\n', '\r']) {
                let code = line.find('#').unwrap_or(line.len());
                out.push_str(&line[..code]);
                out.push_str(&line[code.max(line.trim_end_matches(['\n', '\r']).len())..]);
            }
            let is_last = token.span.start == shown.end;
            out.push_str(if is_last { "" } else { self.text_of(token.span) });
            end = token.span.end;
        }
        unify_newlines(&out).into_owned()
    }

    /// 's' | 'r' | 'a', right behind the '!'
    fn conversion(&mut self) -> Parse<Conversion> {
        let token = self.token();
        let bang = self.tokens[self.at - 1];
        let conversion = match self.text_of(token.span) {
            "s" => Conversion::Str,
            "r" => Conversion::Repr,
            "a" => Conversion::Ascii,
            _ => return self.expected("'s', 'r' or 'a' after '!' in the f-string"),
        };
        if token.span.start != bang.span.end {
            let message = "f-string: the conversion must follow the '!' without a space";
            return self.fail_at(codes::FSTRING, token.span, message);
        }
        self.bump();
        Ok(conversion)
    }

    #[cold]
    fn bad_field(&mut self) -> Parse<()> {
        let token = self.token();
        let message = match token.kind {
            T::FieldClose | T::Bang | T::FieldColon | T::Assign => {
                format!("f-string: expected an expression before '{}'", token.kind)
            }
            _ => return self.expected("an expression in the f-string's '{}'"),
        };
        let problem = Problem::new(codes::FSTRING, token.span, message).expecting("an expression");
        self.fail(problem)
    }

    #[cold]
    fn unclosed_field(&mut self) -> Parse<()> {
        self.expected("'=', '!', ':' or '}' in the f-string")
    }
}

/// The text between a string token's quotes, and where it starts.
fn body(text: &str, token: Token) -> (&str, u32) {
    let prefix = token.value & 0xFF;
    let quote = token.value >> 8 & 0xFF;
    let start = token.span.start + prefix + quote;
    (text.get(start as usize..(token.span.end - quote) as usize).unwrap_or(""), start)
}
