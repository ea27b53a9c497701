//! The lexer's error messages.
//!
//! In: where scanning stands and what is wrong. Out: a [`Problem`]. Rule: what was found, what was expected, and
//! the fix when one is likely.

use super::buffer::Bad;
use super::indent::Misfit;
use super::problem::{Problem, escape, is_invisible, quote};
use super::{Lexer, Nest, NestKind, codes};
use crate::span::Span;
use crate::token::{Token, TokenKind};

/// A token as the object of "found": `'='`, `keyword 'def'`, `name 'x'`.
pub(crate) fn found(token: Token, text: &str) -> String {
    use TokenKind::*;
    let kind = token.kind;
    let text = text.get(token.span.start as usize..token.span.end as usize).unwrap_or("");
    match kind {
        _ if kind.is_name() && !text.is_empty() => format!("name {}", quote(text)),
        Int | Float => format!("number {}", quote(text)),
        Match | Case | Type | Newline | EndOfInput | Stop => kind.text().to_string(),
        FieldOpen | FieldClose | FieldColon | Bang => format!("'{}'", kind.text()),
        _ if kind.is_keyword() => format!("keyword '{}'", kind.text()),
        _ if kind.is_name() || kind < FieldOpen => kind.text().to_string(),
        _ => format!("'{}'", kind.text()),
    }
}

impl Lexer {
    pub(super) fn bad_input(&self, bad: Bad, end: usize) -> Box<Problem> {
        let message = match bad {
            Bad::Utf8(byte) => format!("the source is not UTF-8: byte 0x{byte:02x} starts no character here"),
            Bad::Cut => "the source is not UTF-8: the input ends in the middle of a character".to_string(),
            Bad::Null => "source cannot contain null bytes".to_string(),
        };
        Problem::new(codes::ENCODING, self.span(end, end), message)
    }

    pub(super) fn bad_indent(&self, misfit: Misfit) -> Box<Problem> {
        let span = self.span(self.line_begin, self.at);
        match misfit {
            Misfit::Tabs => {
                Problem::new(codes::TABS, span, "inconsistent use of tabs and spaces in indentation")
                    .with_kind("TabError")
            }
            Misfit::Unindent => Problem::new(
                codes::UNINDENT,
                span,
                "this unindent does not match the indentation of any block around it",
            )
            .with_kind("IndentationError"),
        }
    }

    pub(super) fn too_deep(&self, at: usize) -> Box<Problem> {
        let message = format!("the source is nested more than {} levels deep", self.max_nesting);
        Problem::new(codes::NESTING, self.span(at, at + 1), message)
    }

    pub(super) fn bad_continuation(&self, i: usize) -> Box<Problem> {
        let message = "a backslash continues a line only as its last character";
        Problem::new(codes::CONTINUATION, self.span(i, i + 1), message)
    }

    pub(super) fn cut_continuation(&self, i: usize) -> Box<Problem> {
        let message = "the input ended after a backslash that continues the line";
        Problem::new(codes::CONTINUATION, self.span(i, i + 1), message)
    }

    pub(super) fn bad_character(&self, text: &str, i: usize) -> Box<Problem> {
        let c = text[i..].chars().next().unwrap_or('\0');
        let span = self.span(i, i + c.len_utf8());
        let code_point = format!("U+{:04X}", c as u32);
        let plain = match c {
            '$' | '?' | '`' => {
                let message = format!("unexpected character '{c}'");
                return Problem::new(codes::CHARACTER, span, message);
            }
            '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{201B}' | '\u{2032}' | '\u{FF07}' => "'",
            '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{201F}' | '\u{2033}' | '\u{FF02}' | '\u{AB}'
            | '\u{BB}' => "\"",
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FF0D}' => "-",
            '\u{D7}' => "*",
            '\u{F7}' => "/",
            '\u{2260}' => "!=",
            '\u{2264}' => "<=",
            '\u{2265}' => ">=",
            '\u{2192}' => "->",
            '\u{2026}' => "...",
            '\u{FF08}' => "(",
            '\u{FF09}' => ")",
            '\u{FF0C}' | '\u{3001}' => ",",
            '\u{FF1A}' => ":",
            '\u{FF1B}' => ";",
            '\u{FF1D}' => "=",
            _ if c.is_whitespace() => " ",
            _ => "",
        };
        if plain == " " && !c.is_control() {
            let message =
                format!("unexpected space character {code_point}: only plain spaces and tabs separate");
            return Problem::new(codes::CHARACTER, span, message).suggesting(
                span,
                " ",
                "write a plain space",
            );
        }
        if is_invisible(c) {
            let message = format!("unexpected invisible character {code_point}");
            return Problem::new(codes::CHARACTER, span, message).suggesting(span, "", "delete it");
        }
        let message = format!("unexpected character {} ({code_point})", quote(&c.to_string()));
        let problem = Problem::new(codes::CHARACTER, span, message);
        if plain.is_empty() { problem } else { problem.suggesting(span, plain, format!("write {plain}")) }
    }

    pub(super) fn blocked_keyword(&self, word: &str, span: Span) -> Box<Problem> {
        Problem::new(
            codes::BLOCKED,
            span,
            format!("'{}' is not allowed here: the host has blocked it", escape(word)),
        )
    }

    pub(super) fn refused_keyword(&self, kind: TokenKind, span: Span) -> Box<Problem> {
        let message = match kind {
            TokenKind::Async => "'async' is not needed in star: every function can wait; leave the word out",
            _ => {
                "'await' is not needed in star: a call that waits is awaited by the runtime; leave the word out"
            }
        };
        let word = Span::new(span.start, span.end);
        Problem::new(codes::REFUSED, span, message).suggesting(word, "", format!("delete '{kind}'"))
    }

    pub(super) fn unicode_prefix(&self) -> Box<Problem> {
        let prefix = self.span(self.token_start, self.token_start + self.string.prefix as usize);
        Problem::new(codes::REFUSED, prefix, "star has no prefix 'u': every string is Unicode; leave it out")
            .suggesting(prefix, "", "delete the prefix")
    }

    /// The innermost bracket that is open, as a note.
    fn with_opening(&self, problem: Box<Problem>) -> Box<Problem> {
        match self.nest.last() {
            Some(nest) => {
                let span = Span::new(nest.start, nest.start + 1);
                problem.noting(span, format!("'{}' was opened here", nest.kind.text()))
            }
            None => problem,
        }
    }

    /// The input ended inside a bracket.
    pub(super) fn unclosed(&self) -> Box<Problem> {
        let Some(&nest) = self.nest.last() else {
            return Problem::new(codes::CUT_OFF, self.span(self.at, self.at), "the input ended here");
        };
        let span = Span::new(nest.start, nest.start + 1);
        let end = self.span(self.at, self.at);
        Problem::new(codes::UNCLOSED, span, format!("'{}' was never closed", nest.kind.text()))
            .expecting(format!("'{}'", nest.kind.closing()))
            .noting(end, "the input ends here")
    }

    /// A new line inside a bracket starts with what cannot go on the expression.
    pub(super) fn unclosed_before(&self, before: Token, token: Token, text: &str) -> Box<Problem> {
        let (opening, closing) = self.nest.last().map_or(("(", ")"), |n| (n.kind.text(), n.kind.closing()));
        let message = format!(
            "expected ',' or '{closing}', found {}: '{opening}' is not closed",
            found(token, &text[self.buffer.base..])
        );
        let end = Span::at(before.span.end);
        let problem = Problem::new(codes::UNCLOSED, token.span, message)
            .expecting("','")
            .expecting(format!("'{closing}'"))
            .suggesting(end, closing, format!("close it with '{closing}'"))
            .suggesting(end, ",", "put a ',' between the two");
        self.with_opening(problem)
    }

    pub(super) fn keyword_in_bracket(&self, word: &str, span: Span) -> Box<Problem> {
        let (opening, closing) = self.nest.last().map_or(("(", ")"), |n| (n.kind.text(), n.kind.closing()));
        let problem = if self.fresh {
            let message = format!("expected '{closing}', found keyword '{word}': '{opening}' is not closed");
            Problem::new(codes::UNCLOSED, span, message)
        } else {
            let message = format!("expected an expression, found keyword '{word}'");
            Problem::new(codes::UNEXPECTED, span, message)
        };
        self.with_opening(problem.expecting(format!("'{closing}'")))
    }

    pub(super) fn unopened(&self, kind: TokenKind, span: Span) -> Box<Problem> {
        let message = format!("'{kind}' closes nothing: no bracket is open");
        Problem::new(codes::MISMATCHED, span, message)
    }

    pub(super) fn mismatched(&self, nest: Nest, kind: TokenKind, span: Span) -> Box<Problem> {
        let closing = nest.kind.closing();
        let problem = Problem::new(codes::MISMATCHED, span, format!("expected '{closing}', found '{kind}'"))
            .expecting(format!("'{closing}'"))
            .suggesting(span, closing, format!("write '{closing}'"));
        self.with_opening(problem)
    }

    pub(super) fn bang_outside_field(&self, span: Span) -> Box<Problem> {
        Problem::new(codes::FOREIGN, span, "'!' is no operator; negation is 'not'").suggesting(
            span,
            "not ",
            "write 'not'",
        )
    }

    pub(super) fn colon_in_parens(&self, span: Span) -> Box<Problem> {
        let problem = Problem::new(codes::UNCLOSED, span, "expected ')', found ':': '(' is not closed");
        let before = Span::at(span.start);
        self.with_opening(problem.expecting("')'").suggesting(before, ")", "close it with ')'"))
    }

    pub(super) fn unterminated(&self, end: usize, at_end: bool) -> Box<Problem> {
        if let Some(nest) = self.nest.last()
            && (nest.quote, nest.triple) == (self.string.quote, self.string.triple)
        {
            // What looks like the start of a string is the end of the f-string around it.
            return self.unclosed_field(self.token_start);
        }
        let span = self.span(self.token_start, end);
        let quotes = if self.string.triple { 3 } else { 1 };
        let quotes = (self.string.quote as char).to_string().repeat(quotes);
        let shown = if self.string.quote == b'\'' { format!("\"{quotes}\"") } else { format!("'{quotes}'") };
        let opening = Span::new(span.start, span.start + self.string.prefix as u32 + quotes.len() as u32);
        let problem = if self.string.triple {
            Problem::new(
                codes::UNTERMINATED,
                opening,
                format!("this string is never closed: expected {shown}, found the end of input"),
            )
        } else {
            let at = if at_end { "end of the input" } else { "end of its line" };
            Problem::new(
                codes::UNTERMINATED,
                span,
                format!("this string is not closed at the {at}: expected {shown}"),
            )
            .noting(opening, "the string starts here")
        };
        problem.expecting(shown)
    }

    fn fstring_start(&self) -> (Span, &'static str) {
        match self.nest.iter().rev().find(|nest| nest.kind == NestKind::FString) {
            Some(nest) => {
                let quotes = match (nest.quote, nest.triple) {
                    (b'"', false) => "'\"'",
                    (b'"', true) => "'\"\"\"'",
                    (_, false) => "\"'\"",
                    (_, true) => "\"'''\"",
                };
                (Span::new(nest.start, nest.start + 2), quotes)
            }
            None => (Span::default(), "a quote"),
        }
    }

    pub(super) fn unterminated_fstring(&self, end: usize) -> Box<Problem> {
        let (start, quotes) = self.fstring_start();
        let span = Span::new(start.start, self.rel(end).max(start.end));
        let triple = self.nest.last().is_some_and(|nest| nest.triple);
        let problem = if triple {
            Problem::new(
                codes::UNTERMINATED,
                start,
                format!("this f-string is never closed: expected {quotes}, found the end of input"),
            )
        } else {
            Problem::new(
                codes::UNTERMINATED,
                span,
                format!("this f-string is not closed at the end of its line: expected {quotes}"),
            )
            .noting(start, "the f-string starts here")
        };
        problem.expecting(quotes)
    }

    pub(super) fn unclosed_field(&self, end: usize) -> Box<Problem> {
        let problem = Problem::new(
            codes::FSTRING,
            self.span(end, end + 1),
            "f-string: expected '}' before the string ends",
        );
        self.with_opening(problem.expecting("'}'"))
    }

    pub(super) fn newline_in_spec(&self, end: usize) -> Box<Problem> {
        let message = "f-string: a format spec cannot go on in the next line; use triple quotes";
        Problem::new(codes::FSTRING, self.span(end, end), message)
    }

    pub(super) fn single_brace(&self, i: usize) -> Box<Problem> {
        let span = self.span(i, i + 1);
        Problem::new(
            codes::FSTRING,
            span,
            "f-string: a single '}' closes nothing; write '}}' for the character",
        )
        .suggesting(span, "}}", "write '}}'")
    }
}
