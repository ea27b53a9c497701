//! Comprehensions and generator expressions.
//!
//! In: what follows the element, from the first `for` on. Out: a flat list of clauses. Rule: `yield` and starred
//! elements have no place in them.

use super::line::{Line, Parse};
use super::target::Use;
use crate::ast::*;
use crate::lexer::codes;
use crate::lexer::problem::Problem;
use crate::span::Span;
use crate::token::{Token, TokenKind};

use TokenKind as T;

impl Line<'_> {
    /// for_clauses = for_clause {for_clause | 'if' disjunction}; for_clause = 'for' targets 'in' disjunction
    ///
    /// `elements` are what precedes it, read when `yields` yields had been.
    pub(super) fn comprehension(
        &mut self,
        elements: &[ExprId],
        yields: u32,
        what: &str,
    ) -> Parse<List<CompClause>> {
        for &element in elements {
            if let ExprKind::Starred(_) = self.ast[element].kind {
                let message = format!("a starred expression cannot be the element of {what}");
                return self.fail_at(codes::COMPREHENSION, self.span_of(element), message);
            }
        }
        let mark = self.scratch.clauses.len();
        let mut outer_yields = 0;
        loop {
            if self.eat(T::For) {
                let target = self.targets("after 'for'")?;
                self.check_target(target, Use::For)?;
                self.expect(T::In, "after the target of 'for'")?;
                let before = self.yields;
                self.in_iterable += 1;
                let iter = self.disjunction()?;
                self.in_iterable -= 1;
                if self.scratch.clauses.len() == mark {
                    outer_yields = self.yields - before; // the first iterable is evaluated outside
                }
                self.scratch.clauses.push(CompClause::For { target, iter });
            } else if self.eat(T::If) {
                let test = self.disjunction()?;
                if self.kind() == T::Else {
                    let message = format!(
                        "the condition of {what} has no 'else'; a conditional element goes in front of 'for'"
                    );
                    return self.fail_at(codes::COMPREHENSION, self.token().span, message);
                }
                self.scratch.clauses.push(CompClause::If(test));
            } else {
                break;
            }
        }
        if self.yields - yields > outer_yields {
            let message = format!("'yield' cannot be used inside {what}");
            return self.fail_at(codes::COMPREHENSION, self.last_yield, message);
        }
        Ok(self.take_clauses(mark))
    }

    /// What follows the element of a generator expression, with the closing bracket of `open`.
    pub(super) fn generator(
        &mut self,
        element: ExprId,
        yields: u32,
        start: u32,
        open: Option<Token>,
    ) -> Parse<ExprId> {
        let clauses = self.comprehension(&[element], yields, "a generator expression")?;
        if let Some(open) = open {
            self.close(T::RParen, open)?;
        }
        let span = self.span_from(start);
        let name = Name { symbol: self.interner.intern("<genexpr>"), span };
        let func = self.add_func(FuncKind::Generator { element, clauses }, name, List::empty(), span);
        self.ast.funcs[func.index()].is_generator = true;
        Ok(self.expr(ExprKind::Generator(func), span))
    }

    /// Adds a function without decorators, annotation or docstring.
    pub(super) fn add_func(&mut self, kind: FuncKind, name: Name, params: List<Param>, span: Span) -> FuncId {
        let id = Id::new(self.ast.funcs.len());
        self.ast.funcs.push(Func {
            kind,
            name,
            params,
            decorators: List::empty(),
            returns: None,
            is_generator: false,
            doc: None,
            span,
        });
        id
    }

    #[cold]
    pub(super) fn generator_needs_parens<T>(&mut self, value: ExprId) -> Parse<T> {
        let span = self.span_of(value);
        let message = "a generator expression beside other arguments needs parentheses of its own";
        let problem = Problem::new(codes::COMPREHENSION, span, message).suggesting(
            Span::at(span.start),
            "(",
            "put parentheses around it",
        );
        self.fail(problem)
    }

    #[cold]
    pub(super) fn comprehension_needs_brackets<T>(&mut self, element: ExprId) -> Parse<T> {
        let message = "the element of a comprehension that is a tuple needs parentheses";
        let span = self.span_of(element);
        self.fail_at(codes::COMPREHENSION, span, message)
    }
}
