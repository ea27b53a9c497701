//! Targets of assignments, loops, `with` and `del`.
//!
//! In: an expression that was read where a target stands. Out: nothing, or an error that names what cannot be
//! assigned to. Rule: CPython's meaning: names, attributes, subscripts, and (except for `op=` and annotations)
//! lists and tuples of them.

use super::line::{Line, Parse};
use crate::ast::*;
use crate::lexer::codes;
use crate::lexer::problem::Problem;
use crate::token::TokenKind;

use TokenKind as T;

/// What a target is used for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Use {
    /// `target = value`.
    Assign,
    /// `target op= value`.
    Augment,
    /// `target: annotation`.
    Annotate,
    /// `del target`.
    Delete,
    /// `for target in …`.
    For,
    /// `with … as target`.
    With,
}

impl Line<'_> {
    /// targets = target {',' target} [',']; target = ['*'] bitwise_or, checked by the caller
    pub(super) fn targets(&mut self, after: &str) -> Parse<ExprId> {
        let start = self.here();
        if !self.starts_element() {
            return self.expected(&format!("a target {after}"));
        }
        let first = self.target()?;
        if self.kind() != T::Comma {
            return Ok(first);
        }
        let mark = self.scratch.exprs.len();
        self.scratch.exprs.push(first);
        while self.eat(T::Comma) && self.starts_element() {
            let target = self.target()?;
            self.scratch.exprs.push(target);
        }
        let list = self.take_exprs(mark);
        Ok(self.expr_from(ExprKind::Tuple(list), start))
    }

    fn target(&mut self) -> Parse<ExprId> {
        if self.kind() == T::Star { self.starred() } else { self.bitwise_or() }
    }

    /// Checks that `target` can be one. Recursion is bounded by the brackets that were read.
    pub(super) fn check_target(&mut self, target: ExprId, usage: Use) -> Parse<()> {
        match self.ast[target].kind {
            ExprKind::Starred(_) if usage != Use::Delete => {
                let message = "a starred target must be in a list or tuple";
                self.fail_at(codes::TARGET, self.span_of(target), message)
            }
            _ => self.check_part(target, usage, true),
        }
    }

    fn check_part(&mut self, target: ExprId, usage: Use, whole: bool) -> Parse<()> {
        match self.ast[target].kind {
            ExprKind::Name(_) | ExprKind::Attribute { .. } | ExprKind::Subscript { .. } => Ok(()),
            ExprKind::Tuple(list) | ExprKind::List(list) => match usage {
                Use::Augment | Use::Annotate => self.not_a_target(target, usage),
                _ => self.check_parts(list, usage),
            },
            ExprKind::Starred(inner) if !whole && usage != Use::Delete => self.check_part(inner, usage, true),
            _ => self.not_a_target(target, usage),
        }
    }

    fn check_parts(&mut self, list: List<ExprId>, usage: Use) -> Parse<()> {
        let mut starred = false;
        for i in list.range() {
            let part = self.ast.expr_lists[i];
            if let ExprKind::Starred(_) = self.ast[part].kind
                && usage != Use::Delete
                && std::mem::replace(&mut starred, true)
            {
                let message = "an assignment can have only one starred target";
                return self.fail_at(codes::TARGET, self.span_of(part), message);
            }
            self.check_part(part, usage, false)?;
        }
        Ok(())
    }

    #[cold]
    fn not_a_target(&mut self, target: ExprId, usage: Use) -> Parse<()> {
        let span = self.span_of(target);
        let what = self.describe(target);
        let message = match usage {
            Use::Delete => format!("cannot delete {what}"),
            Use::Augment => format!("{what} cannot be the target of an augmented assignment"),
            Use::Annotate => {
                format!("only a single name, attribute or subscript can be annotated, not {what}")
            }
            _ => format!("cannot assign to {what}"),
        };
        let problem = Problem::new(codes::TARGET, span, message);
        let problem = match usage {
            Use::Assign => self.hint_comparison(problem, target),
            _ => problem,
        };
        self.fail(problem)
    }

    /// An expression in words, as CPython names it in such messages.
    pub(super) fn describe(&self, id: ExprId) -> &'static str {
        match self.ast[id].kind {
            ExprKind::None => "None",
            ExprKind::Bool(true) => "True",
            ExprKind::Bool(false) => "False",
            ExprKind::Ellipsis => "an ellipsis",
            ExprKind::Int(_) | ExprKind::BigInt(_) | ExprKind::Float(_) => "a number",
            ExprKind::Str(_) | ExprKind::Bytes(_) => "a string literal",
            ExprKind::FString(_) => "an f-string",
            ExprKind::Name(_) => "a name",
            ExprKind::Tuple(_) => "a tuple",
            ExprKind::List(_) => "a list",
            ExprKind::Set(_) => "a set display",
            ExprKind::Dict(_) => "a dict literal",
            ExprKind::Starred(_) => "a starred expression",
            ExprKind::Unary { .. }
            | ExprKind::Binary { .. }
            | ExprKind::Power(_)
            | ExprKind::And(_)
            | ExprKind::Or(_) => "an expression",
            ExprKind::Compare { .. } => "a comparison",
            ExprKind::Conditional(_) => "a conditional expression",
            ExprKind::Lambda(_) => "a lambda",
            ExprKind::Walrus { .. } => "a named expression",
            ExprKind::Yield(_) | ExprKind::YieldFrom(_) => "a yield expression",
            ExprKind::Attribute { .. } => "an attribute",
            ExprKind::Subscript { .. } => "a subscript",
            ExprKind::Slice { .. } => "a slice",
            ExprKind::Call { .. } => "a function call",
            ExprKind::ListComp { .. } => "a list comprehension",
            ExprKind::SetComp { .. } => "a set comprehension",
            ExprKind::DictComp { .. } => "a dict comprehension",
            ExprKind::Generator(_) => "a generator expression",
        }
    }
}
