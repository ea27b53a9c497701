//! Operators and delimiters.
//!
//! In: a byte that starts one, and the two after it. Out: the token, and the open brackets kept. Rule: the
//! longest spelling wins, so a prefix of a longer one waits for what follows.

use super::problem::Problem;
use super::{Lexer, Nest, NestKind, Scan, State, Step, fail};
use crate::span::Span;
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

    /// Takes a bracket, a `:`, a `!` or the token after a restricted name, and keeps account of what is open.
    ///
    /// The token is built where it is pushed: one put together on the stack would be read back before its parts
    /// have arrived there, which costs as much as the rest.
    pub(super) fn delimiter(&mut self, kind: TokenKind, span: Span, tokens: &mut Vec<Token>) -> Option<Step> {
        let opened = match kind {
            LParen => self.open(NestKind::Paren, span.start),
            LBracket => self.open(NestKind::Bracket, span.start),
            LBrace => self.open(NestKind::Brace, span.start),
            Colon | Walrus if self.in_field() => return Some(self.open_spec(span.start, tokens)),
            Colon if self.is_stray_colon(tokens) => Err(self.colon_in_parens(span)),
            Bang if !self.in_field() => Err(self.bang_outside_field(span)),
            _ => Ok(()),
        };
        if let Err(problem) = opened {
            return Some(fail(problem));
        }
        let mut kind = kind;
        if matches!(kind, RParen | RBracket | RBrace) {
            match self.close(kind, span) {
                Ok(closing) => kind = closing,
                Err(problem) => return Some(fail(problem)),
            }
        }
        tokens.push(Token { kind, span, value: 0 });
        if self.watching {
            self.watching = false;
            return Some(Step::Stop(Scan::Restricted));
        }
        (kind == FieldClose).then_some(Step::Go)
    }

    /// The first `:` right inside a field starts its format spec; the `=` of a `:=` belongs to that.
    fn open_spec(&mut self, start: u32, tokens: &mut Vec<Token>) -> Step {
        if let Some(&nest) = self.nest.last() {
            self.nest.push(Nest { kind: NestKind::Spec, start, ..nest });
        }
        tokens.push(Token { kind: FieldColon, span: Span::new(start, start + 1), value: 0 });
        self.at = self.buffer.base + start as usize + 1;
        self.token_start = self.at;
        self.state = State::FText;
        if std::mem::take(&mut self.watching) { Step::Stop(Scan::Restricted) } else { Step::Go }
    }

    /// Whether a `:` right inside parentheses belongs to no lambda there: the `)` before it is missing. It is said
    /// at once, since the bracket would swallow the rest of the stream.
    fn is_stray_colon(&self, tokens: &[Token]) -> bool {
        let Some(nest) = self.nest.last().filter(|nest| nest.kind == NestKind::Paren) else { return false };
        if tokens.first().is_some_and(|first| matches!(first.kind, TokenKind::Def | TokenKind::Class)) {
            return false; // an annotated parameter
        }
        let inside = tokens.iter().rev().take(LOOK_BACK).take_while(|token| token.span.start >= nest.start);
        let (mut seen, mut lambda) = (0, false);
        for token in inside {
            seen += 1;
            lambda |= token.kind == TokenKind::Lambda;
        }
        !lambda && seen < LOOK_BACK
    }

    fn in_field(&self) -> bool {
        self.nest.last().is_some_and(|nest| nest.kind == NestKind::Field)
    }

    fn open(&mut self, kind: NestKind, start: u32) -> Result<(), Box<Problem>> {
        if self.nest.len() + self.indents.depth() >= self.max_nesting as usize {
            return Err(self.too_deep(self.buffer.base + start as usize));
        }
        let (quote, triple, raw) = self.nest.last().map_or((0, false, false), |n| (n.quote, n.triple, n.raw));
        self.nest.push(Nest { kind, quote, triple, raw, start });
        Ok(())
    }

    /// Closes the innermost bracket; returns the kind of the closing token.
    fn close(&mut self, kind: TokenKind, span: Span) -> Result<TokenKind, Box<Problem>> {
        let Some(&nest) = self.nest.last() else { return Err(self.unopened(kind, span)) };
        if nest.kind.closing() != kind.text() {
            return Err(self.mismatched(nest, kind, span));
        }
        self.nest.pop();
        self.fresh = false;
        if nest.kind != NestKind::Field {
            return Ok(kind);
        }
        self.token_start = self.at;
        self.state = State::FText;
        Ok(FieldClose)
    }
}

/// How many tokens before a stray `:` are looked at.
const LOOK_BACK: usize = 64;

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
