//! Operators and delimiters.
//!
//! In: a byte that starts one, and the two after it. Out: the token, and the open brackets kept. Rule: the
//! longest spelling wins, so a prefix of a longer one waits for what follows.

use super::messages::found;
use super::{Lexer, Nest, NestKind, Scan, State, Step, fail};
use crate::token::{Token, TokenKind};

use TokenKind::{
    Amper, AmperAssign, Arrow, Assign, At, AtAssign, Bang, Caret, CaretAssign, Colon, Comma, Dot,
    DoubleSlash, DoubleSlashAssign, DoubleStar, DoubleStarAssign, Ellipsis, Eq, FieldClose, FieldColon, Ge,
    Gt, LBrace, LBracket, LParen, Le, Lt, Minus, MinusAssign, Ne, Percent, PercentAssign, Pipe, PipeAssign,
    Plus, PlusAssign, RBrace, RBracket, RParen, Semicolon, Shl, ShlAssign, Shr, ShrAssign, Slash,
    SlashAssign, Star, StarAssign, Tilde, Walrus,
};

impl NestKind {
    /// What opens it.
    pub(super) fn text(self) -> &'static str {
        match self {
            NestKind::Paren => "(",
            NestKind::Bracket => "[",
            NestKind::Brace | NestKind::Field | NestKind::Spec => "{",
            NestKind::FString => "f",
        }
    }

    /// What closes it.
    pub(super) fn closing(self) -> &'static str {
        match self {
            NestKind::Paren => ")",
            NestKind::Bracket => "]",
            NestKind::Brace | NestKind::Field | NestKind::Spec => "}",
            NestKind::FString => "\"",
        }
    }
}

impl Lexer {
    /// The operator at `i` and its length; `None` if what follows must be seen first.
    #[inline]
    pub(super) fn operator(&self, bytes: &[u8], i: usize) -> Option<(TokenKind, usize)> {
        match bytes[i..] {
            [a, b, c, ..] => Some(longest(a, b, c)),
            [a, b] if self.eof() => Some(longest(a, b, 0)),
            [a, b] => {
                let (kind, len) = longest(a, b, 0);
                let grows = matches!(kind, DoubleStar | DoubleSlash | Shl | Shr) || (a == b'.' && b == b'.');
                (!grows).then_some((kind, len))
            }
            [a] if self.eof()
                || matches!(a, b'(' | b')' | b'[' | b']' | b'{' | b'}' | b',' | b';' | b'~') =>
            {
                Some(longest(a, 0, 0))
            }
            _ => None,
        }
    }

    /// Takes a bracket, a `!` or the token after a restricted name, in that order of what it may be.
    pub(super) fn delimiter(&mut self, token: Token, tokens: &mut Vec<Token>) -> Option<Step> {
        let mut token = token;
        let watching = std::mem::take(&mut self.watching);
        let mut step = None;
        match token.kind {
            LParen => step = self.open(NestKind::Paren, token),
            LBracket => step = self.open(NestKind::Bracket, token),
            LBrace => step = self.open(NestKind::Brace, token),
            RParen | RBracket | RBrace => match self.close(&mut token) {
                Ok(()) => {}
                Err(problem) => step = Some(fail(problem)),
            },
            Bang if !self.in_field() => step = Some(fail(self.lone_bang(token, tokens))),
            Colon | Walrus => {
                self.at = self.colon(token, tokens);
                return Some(if watching { Step::Stop(Scan::Restricted) } else { Step::Go });
            }
            _ => {}
        }
        if step.is_some() {
            return step;
        }
        tokens.push(token);
        if watching {
            return Some(Step::Stop(Scan::Restricted));
        }
        (self.state != State::Token).then_some(Step::Go)
    }

    /// Takes a `:` or `:=`; the first of them right inside a field starts its format spec.
    pub(super) fn colon(&mut self, token: Token, tokens: &mut Vec<Token>) -> usize {
        let mut token = token;
        let mut end = self.at;
        if let Some(&nest) = self.nest.last()
            && nest.kind == NestKind::Field
        {
            token.kind = FieldColon;
            token.span.end = token.span.start + 1;
            end = self.buffer.base + token.span.end as usize;
            self.nest.push(Nest { kind: NestKind::Spec, start: token.span.start, ..nest });
            self.token_start = end;
            self.state = State::FText;
        }
        tokens.push(token);
        self.at = end;
        end
    }

    fn in_field(&self) -> bool {
        self.nest.last().is_some_and(|nest| nest.kind == NestKind::Field)
    }

    fn open(&mut self, kind: NestKind, token: Token) -> Option<Step> {
        if self.nest.len() + self.indents.depth() >= self.max_nesting as usize {
            return Some(fail(self.too_deep(self.buffer.base + token.span.start as usize)));
        }
        let (quote, triple, raw) = self.nest.last().map_or((0, false, false), |n| (n.quote, n.triple, n.raw));
        self.nest.push(Nest { kind, quote, triple, raw, start: token.span.start });
        None
    }

    fn close(&mut self, token: &mut Token) -> Result<(), Box<super::Problem>> {
        let Some(&nest) = self.nest.last() else { return Err(self.unopened(*token)) };
        if nest.kind.closing() != token.kind.text() {
            return Err(self.mismatched(nest, *token));
        }
        self.nest.pop();
        self.fresh = false;
        if nest.kind == NestKind::Field {
            token.kind = FieldClose;
            self.token_start = self.at;
            self.state = State::FText;
        }
        Ok(())
    }

    /// A `!` outside a field.
    fn lone_bang(&self, token: Token, tokens: &[Token]) -> Box<super::Problem> {
        self.bang_outside_field(token, tokens.last().map(|&before| found(before.kind)))
    }
}

/// The longest operator that `a b c` starts with, and its length.
#[inline]
fn longest(a: u8, b: u8, c: u8) -> (TokenKind, usize) {
    match (a, b, c) {
        (b'(', ..) => (LParen, 1),
        (b')', ..) => (RParen, 1),
        (b'[', ..) => (LBracket, 1),
        (b']', ..) => (RBracket, 1),
        (b'{', ..) => (LBrace, 1),
        (b'}', ..) => (RBrace, 1),
        (b',', ..) => (Comma, 1),
        (b';', ..) => (Semicolon, 1),
        (b'~', ..) => (Tilde, 1),
        (b'.', b'.', b'.') => (Ellipsis, 3),
        (b'.', ..) => (Dot, 1),
        (b'=', b'=', _) => (Eq, 2),
        (b'=', ..) => (Assign, 1),
        (b':', b'=', _) => (Walrus, 2),
        (b':', ..) => (Colon, 1),
        (b'+', b'=', _) => (PlusAssign, 2),
        (b'+', ..) => (Plus, 1),
        (b'-', b'=', _) => (MinusAssign, 2),
        (b'-', b'>', _) => (Arrow, 2),
        (b'-', ..) => (Minus, 1),
        (b'*', b'*', b'=') => (DoubleStarAssign, 3),
        (b'*', b'*', _) => (DoubleStar, 2),
        (b'*', b'=', _) => (StarAssign, 2),
        (b'*', ..) => (Star, 1),
        (b'/', b'/', b'=') => (DoubleSlashAssign, 3),
        (b'/', b'/', _) => (DoubleSlash, 2),
        (b'/', b'=', _) => (SlashAssign, 2),
        (b'/', ..) => (Slash, 1),
        (b'%', b'=', _) => (PercentAssign, 2),
        (b'%', ..) => (Percent, 1),
        (b'@', b'=', _) => (AtAssign, 2),
        (b'@', ..) => (At, 1),
        (b'&', b'=', _) => (AmperAssign, 2),
        (b'&', ..) => (Amper, 1),
        (b'|', b'=', _) => (PipeAssign, 2),
        (b'|', ..) => (Pipe, 1),
        (b'^', b'=', _) => (CaretAssign, 2),
        (b'^', ..) => (Caret, 1),
        (b'<', b'<', b'=') => (ShlAssign, 3),
        (b'<', b'<', _) => (Shl, 2),
        (b'<', b'=', _) => (Le, 2),
        (b'<', ..) => (Lt, 1),
        (b'>', b'>', b'=') => (ShrAssign, 3),
        (b'>', b'>', _) => (Shr, 2),
        (b'>', b'=', _) => (Ge, 2),
        (b'>', ..) => (Gt, 1),
        (b'!', b'=', _) => (Ne, 2),
        _ => (Bang, 1),
    }
}
