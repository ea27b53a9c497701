//! Calls.
//!
//! In: the tokens between a call's parentheses. Out: its arguments in source order. Rule: order and repetition
//! are checked here as CPython's parser and compiler check them.

use super::line::{Line, Parse};
use crate::ast::*;
use crate::intern::Symbol;
use crate::lexer::codes;
use crate::lexer::problem::quote;
use crate::token::TokenKind;

use TokenKind as T;

/// What has been passed on the way through the arguments.
#[derive(Default)]
struct Seen {
    keyword: bool,
    double_star: bool,
    /// A generator without parentheses of its own.
    generator: Option<ExprId>,
}

impl Line<'_> {
    /// '(' [argument {',' argument} [',']] ')'
    pub(super) fn call(&mut self, func: ExprId, start: u32) -> Parse<ExprId> {
        let open = self.bump();
        self.enter()?;
        let mark = self.scratch.args.len();
        let mut seen = Seen::default();
        while self.kind() != T::RParen {
            let arg = self.argument(mark, &mut seen)?;
            self.scratch.args.push(arg);
            if !self.eat(T::Comma) {
                break;
            }
            if let Some(generator) = seen.generator {
                return self.generator_needs_parens(generator);
            }
        }
        if seen.keyword {
            self.check_keywords(mark)?;
        }
        let args = self.take_args(mark);
        self.close(T::RParen, open)?;
        Ok(self.expr_from(ExprKind::Call { func, args }, start))
    }

    /// argument = '*' expression | '**' expression | NAME '=' expression | named_expression [for_clauses]
    fn argument(&mut self, mark: usize, seen: &mut Seen) -> Parse<Arg> {
        let token = self.token();
        match token.kind {
            T::Star => {
                self.bump();
                let value = self.expression()?;
                if seen.double_star {
                    let message = "an argument '*…' cannot follow one with '**'";
                    return self.fail_at(codes::ARGUMENTS, token.span.to(self.span_of(value)), message);
                }
                return Ok(Arg::Star(value));
            }
            T::DoubleStar => {
                self.bump();
                seen.double_star = true;
                return Ok(Arg::DoubleStar(self.expression()?));
            }
            kind if kind.is_name() && self.next_kind() == T::Assign => {
                self.at += 2;
                seen.keyword = true;
                if matches!(self.kind(), T::Comma | T::RParen) {
                    return self.expected("a value for the keyword argument");
                }
                let value = self.expression()?;
                return Ok(Arg::Keyword { name: self.name_of(token), value });
            }
            _ => {}
        }
        let yields = self.yields;
        let value = self.named_expression()?;
        if self.kind() == T::For {
            if self.scratch.args.len() > mark {
                return self.generator_needs_parens(value);
            }
            // The call's parentheses are the generator's too.
            let value = self.generator(value, yields, token.span.start, None)?;
            seen.generator = Some(value);
            return Ok(Arg::Positional(value));
        }
        if self.kind() == T::Assign {
            return self.bad_keyword(value);
        }
        if seen.double_star {
            let message = "a positional argument cannot follow one with '**'";
            return self.fail_at(codes::ARGUMENTS, self.span_of(value), message);
        }
        if seen.keyword {
            let message = "a positional argument cannot follow a keyword argument";
            return self.fail_at(codes::ARGUMENTS, self.span_of(value), message);
        }
        Ok(Arg::Positional(value))
    }

    fn check_keywords(&mut self, mark: usize) -> Parse<()> {
        let names = self.scratch.args[mark..].iter().filter_map(|arg| match arg {
            Arg::Keyword { name, .. } => Some(*name),
            _ => None,
        });
        match repeated(names.collect()) {
            None => Ok(()),
            Some(name) => {
                let message = format!("the keyword argument {} is repeated", quote(self.text_of(name.span)));
                self.fail_at(codes::ARGUMENTS, name.span, message)
            }
        }
    }

    #[cold]
    fn bad_keyword(&mut self, value: ExprId) -> Parse<Arg> {
        let span = self.span_of(value);
        let message = match self.ast[value].kind {
            ExprKind::None | ExprKind::Bool(_) => {
                format!("{} cannot be the name of an argument", quote(self.text_of(span)))
            }
            _ => "the name of a keyword argument must be a plain name; a comparison is '=='".to_string(),
        };
        let equals = self.token().span;
        let problem = crate::lexer::problem::Problem::new(codes::ARGUMENTS, span.to(equals), message);
        self.fail(problem.suggesting(equals, "==", "write '=='"))
    }
}

/// The first name, in source order, that repeats an earlier one.
pub(super) fn repeated(names: Vec<Name>) -> Option<Name> {
    if names.len() <= 8 {
        let again = |(i, name): (usize, &Name)| names[..i].iter().any(|other| other.symbol == name.symbol);
        return names.iter().enumerate().find(|(i, name)| again((*i, name))).map(|(_, name)| *name);
    }
    let mut sorted: Vec<(Symbol, u32)> = names.iter().map(|name| (name.symbol, name.span.start)).collect();
    sorted.sort_unstable();
    let again = sorted.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1].1).min()?;
    names.into_iter().find(|name| name.span.start == again)
}
