//! Parameters and lambdas.
//!
//! In: the tokens of a parameter list. Out: [`Param`]s in source order with their kinds. Rule: the order of
//! `/`, `*`, defaults and `**` is CPython's grammar.

use super::call::repeated;
use super::line::{LambdaScope, Line, Parse};
use crate::ast::*;
use crate::lexer::codes;
use crate::lexer::problem::quote;
use crate::span::Span;
use crate::token::TokenKind;

use TokenKind as T;

/// What has been passed on the way through a parameter list.
struct State {
    /// Kind of the next plain parameter.
    kind: ParamKind,
    slash: bool,
    default: bool,
    /// A bare `*` that no parameter has followed yet.
    bare_star: Option<Span>,
    kwargs: bool,
}

impl Line<'_> {
    /// parameters = [parameter {',' parameter} [',']], up to `end`
    ///
    /// parameter = NAME [':' annotation] ['=' expression] | '/' | '*' | '*' NAME [':' annotation] | '**' NAME [':' annotation]
    pub(super) fn parameters(&mut self, end: T) -> Parse<List<Param>> {
        let annotated = end == T::RParen;
        let mark = self.scratch.params.len();
        let mut state =
            State { kind: ParamKind::Normal, slash: false, default: false, bare_star: None, kwargs: false };
        while self.kind() != end {
            self.parameter(mark, annotated, &mut state)?;
            if !self.eat(T::Comma) {
                break;
            }
        }
        if let Some(star) = state.bare_star {
            return self.fail_at(codes::PARAMETERS, star, "a bare '*' must be followed by a named parameter");
        }
        let names = self.scratch.params[mark..].iter().map(|param| param.name).collect();
        if let Some(name) = repeated(names) {
            let message = format!("duplicate parameter {}", quote(self.text_of(name.span)));
            return self.fail_at(codes::PARAMETERS, name.span, message);
        }
        Ok(self.take_params(mark))
    }

    fn parameter(&mut self, mark: usize, annotated: bool, state: &mut State) -> Parse<()> {
        let token = self.token();
        if state.kwargs {
            return self.fail_at(codes::PARAMETERS, token.span, "no parameter can follow the one with '**'");
        }
        match token.kind {
            T::Slash => self.slash(mark, state),
            T::Star => self.star(annotated, state),
            T::DoubleStar => {
                if let Some(star) = state.bare_star {
                    let message = "a bare '*' must be followed by a named parameter";
                    return self.fail_at(codes::PARAMETERS, star, message);
                }
                self.bump();
                state.kwargs = true;
                self.rest_param(ParamKind::KwArgs, annotated, "**")
            }
            T::LParen => {
                let message = "a parameter is a plain name; unpack the argument in the body";
                self.fail_at(codes::PARAMETERS, token.span, message)
            }
            _ => self.plain_param(annotated, state),
        }
    }

    fn slash(&mut self, mark: usize, state: &mut State) -> Parse<()> {
        let span = self.bump().span;
        let problem = if state.slash {
            Some("'/' can stand in a parameter list only once")
        } else if state.kind == ParamKind::KeywordOnly {
            Some("'/' must come before '*'")
        } else if self.scratch.params.len() == mark {
            Some("at least one parameter must precede '/'")
        } else {
            None
        };
        if let Some(message) = problem {
            return self.fail_at(codes::PARAMETERS, span, message);
        }
        state.slash = true;
        for param in &mut self.scratch.params[mark..] {
            param.kind = ParamKind::PositionalOnly;
        }
        Ok(())
    }

    fn star(&mut self, annotated: bool, state: &mut State) -> Parse<()> {
        let span = self.bump().span;
        if state.kind == ParamKind::KeywordOnly {
            return self.fail_at(codes::PARAMETERS, span, "'*' can stand in a parameter list only once");
        }
        state.kind = ParamKind::KeywordOnly;
        state.default = false;
        if self.kind().is_name() {
            return self.rest_param(ParamKind::VarArgs, annotated, "*");
        }
        state.bare_star = Some(span);
        Ok(())
    }

    /// The name after `*` or `**`.
    fn rest_param(&mut self, kind: ParamKind, annotated: bool, stars: &str) -> Parse<()> {
        let name = self.name(&format!("a parameter name after '{stars}'"))?;
        let annotation = if annotated && self.eat(T::Colon) { Some(self.star_expression()?) } else { None };
        if self.kind() == T::Assign {
            let message = format!("the parameter with '{stars}' cannot have a default");
            return self.fail_at(codes::PARAMETERS, self.token().span, message);
        }
        self.scratch.params.push(Param { name, kind, default: None, annotation });
        Ok(())
    }

    fn plain_param(&mut self, annotated: bool, state: &mut State) -> Parse<()> {
        let name = self.name("a parameter name")?;
        state.bare_star = None;
        let annotation = if annotated && self.eat(T::Colon) { Some(self.expression()?) } else { None };
        let default = if self.eat(T::Assign) {
            if !self.kind().starts_expression() {
                return self.expected("a default value after '='");
            }
            Some(self.expression()?)
        } else {
            None
        };
        if default.is_none() && state.default && state.kind != ParamKind::KeywordOnly {
            let shown = quote(self.text_of(name.span));
            let message = format!("parameter {shown} without a default follows one with a default");
            return self.fail_at(codes::PARAMETERS, name.span, message);
        }
        state.default |= default.is_some();
        self.scratch.params.push(Param { name, kind: state.kind, default, annotation });
        Ok(())
    }

    /// lambda = 'lambda' parameters ':' expression
    pub(super) fn lambda(&mut self) -> Parse<ExprId> {
        let start = self.here();
        self.enter()?;
        self.bump();
        let params = self.parameters(T::Colon)?;
        if self.kind() == T::FieldColon {
            let message = "f-string: a lambda needs parentheses, since ':' starts the format spec";
            return self.fail_at(codes::FSTRING, self.token().span, message);
        }
        self.expect(T::Colon, "after the parameters of 'lambda'")?;
        let outer = self.lambda.replace(LambdaScope::default());
        let outer_yields = self.yields;
        let outer_iterable = std::mem::take(&mut self.in_iterable);
        let body = self.expression()?;
        let yields = std::mem::replace(&mut self.lambda, outer).is_some_and(|lambda| lambda.yields);
        self.yields = outer_yields;
        self.in_iterable = outer_iterable;
        self.leave();
        let span = self.span_from(start);
        let name = Name { symbol: self.interner.intern("<lambda>"), span };
        let func = self.add_func(FuncKind::Lambda { body }, name, params, span);
        self.ast.funcs[func.index()].is_generator = yields;
        Ok(self.expr(ExprKind::Lambda(func), span))
    }
}
