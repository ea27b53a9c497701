//! Atoms and what trails them: names, literals, displays, attributes, subscripts.
//!
//! In: the tokens of an operand. Out: one expression; trailers build a left spine in a loop. Rule: each bracket
//! counts as one level of nesting.

use std::sync::Arc;

use super::line::{Line, Parse};
use crate::ast::*;
use crate::intern::Symbol;
use crate::lexer::{IntValue, codes, float_value, int_value};
use crate::span::Span;
use crate::token::{Token, TokenKind};

use TokenKind as T;

impl Line<'_> {
    /// primary = atom {'.' NAME | '(' arguments ')' | '[' slices ']'}
    pub(super) fn primary(&mut self) -> Parse<ExprId> {
        let start = self.here();
        let mut value = self.atom()?;
        loop {
            value = match self.kind() {
                T::Dot => self.attribute(value, start)?,
                T::LParen => self.call(value, start)?,
                T::LBracket => self.subscript(value, start)?,
                _ => return Ok(value),
            };
        }
    }

    /// '.' NAME
    fn attribute(&mut self, value: ExprId, start: u32) -> Parse<ExprId> {
        self.bump();
        let token = self.token();
        if !token.kind.is_name() {
            return self.expected("an attribute name after '.'");
        }
        self.bump();
        let name = Id::new(self.ast.names.len());
        self.ast.names.push(self.name_of(token));
        Ok(self.expr_from(ExprKind::Attribute { value, name }, start))
    }

    /// atom = NAME | NUMBER | strings | 'None' | 'True' | 'False' | '...' | group | tuple | list | dict | set
    fn atom(&mut self) -> Parse<ExprId> {
        let token = self.token();
        let kind = match token.kind {
            // Names and small numbers are most of all atoms: each is built right where it is pushed.
            T::Name | T::Match | T::Case | T::Type => {
                self.at += 1;
                return Ok(self.expr(ExprKind::Name(Symbol(token.value)), token.span));
            }
            T::Int if token.value != Token::LARGE => {
                self.at += 1;
                return Ok(self.expr(ExprKind::Int(i64::from(token.value)), token.span));
            }
            T::Int => self.large_int(token),
            T::Float => ExprKind::Float(float_value(self.text_of(token.span))),
            T::Str | T::FStringStart => return self.strings(),
            T::None => ExprKind::None,
            T::True => ExprKind::Bool(true),
            T::False => ExprKind::Bool(false),
            T::Ellipsis => ExprKind::Ellipsis,
            T::LParen => return self.parenthesized(),
            T::LBracket => return self.list(),
            T::LBrace => return self.braces(),
            T::Restricted => return self.refuse_name(token),
            _ => return self.no_operand(),
        };
        self.at += 1;
        Ok(self.expr(kind, token.span))
    }

    #[cold]
    fn large_int(&mut self, token: Token) -> ExprKind {
        match int_value(self.text_of(token.span)) {
            IntValue::Small(value) => ExprKind::Int(value),
            IntValue::Big(value) => {
                self.ast.big_ints.push(value);
                ExprKind::BigInt((self.ast.big_ints.len() - 1) as u32)
            }
        }
    }

    /// '(' [yield_expr | star_named_expressions | named_expression for_clauses] ')'
    fn parenthesized(&mut self) -> Parse<ExprId> {
        let open = self.bump();
        let start = open.span.start;
        self.enter()?;
        if self.eat(T::RParen) {
            self.leave();
            return Ok(self.expr_from(ExprKind::Tuple(List::empty()), start));
        }
        if self.kind() == T::Yield {
            let value = self.yield_expr()?;
            self.close(T::RParen, open)?;
            return Ok(value);
        }
        let yields = self.yields;
        let first = self.star_named_expression()?;
        if self.kind() == T::For {
            return self.generator(first, yields, start, Some(open));
        }
        if self.kind() != T::Comma {
            if matches!(self.ast[first].kind, ExprKind::Starred(_)) {
                let message = "a starred expression in parentheses needs a ',' to be a tuple";
                return self.fail_at(codes::STARRED, self.span_of(first), message);
            }
            self.close(T::RParen, open)?;
            return Ok(first);
        }
        let list = self.elements(first)?;
        self.close(T::RParen, open)?;
        Ok(self.expr_from(ExprKind::Tuple(list), start))
    }

    /// {',' star_named_expression} [',']
    fn elements(&mut self, first: ExprId) -> Parse<List<ExprId>> {
        let mark = self.scratch.exprs.len();
        self.scratch.exprs.push(first);
        while self.eat(T::Comma) && self.starts_element() {
            let element = self.star_named_expression()?;
            if self.kind() == T::For {
                return self.comprehension_needs_brackets(element);
            }
            self.scratch.exprs.push(element);
        }
        Ok(self.take_exprs(mark))
    }

    /// '[' [star_named_expressions | named_expression for_clauses] ']'
    fn list(&mut self) -> Parse<ExprId> {
        let open = self.bump();
        let start = open.span.start;
        self.enter()?;
        if self.kind() == T::RBracket {
            self.close(T::RBracket, open)?;
            return Ok(self.expr_from(ExprKind::List(List::empty()), start));
        }
        let yields = self.yields;
        let first = self.star_named_expression()?;
        if self.kind() == T::For {
            let clauses = self.comprehension(&[first], yields, "a list comprehension")?;
            self.close(T::RBracket, open)?;
            return Ok(self.expr_from(ExprKind::ListComp { element: first, clauses }, start));
        }
        let list = self.elements(first)?;
        self.close(T::RBracket, open)?;
        Ok(self.expr_from(ExprKind::List(list), start))
    }

    /// '{' [dict_items | star_named_expressions | (pair | named_expression) for_clauses] '}'
    fn braces(&mut self) -> Parse<ExprId> {
        let open = self.bump();
        let start = open.span.start;
        self.enter()?;
        if self.kind() == T::RBrace {
            self.close(T::RBrace, open)?;
            return Ok(self.expr_from(ExprKind::Dict(List::empty()), start));
        }
        if self.kind() == T::DoubleStar {
            return self.dict(open, None);
        }
        let yields = self.yields;
        let first = self.star_named_expression()?;
        if self.kind() == T::Colon {
            self.plain(first, open.span.end)?;
            let value = self.pair_value()?;
            if self.kind() == T::For {
                let clauses = self.comprehension(&[first, value], yields, "a dict comprehension")?;
                self.close(T::RBrace, open)?;
                return Ok(self.expr_from(ExprKind::DictComp { key: first, value, clauses }, start));
            }
            return self.dict(open, Some(DictItem::Pair(first, value)));
        }
        if self.kind() == T::For {
            let clauses = self.comprehension(&[first], yields, "a set comprehension")?;
            self.close(T::RBrace, open)?;
            return Ok(self.expr_from(ExprKind::SetComp { element: first, clauses }, start));
        }
        let list = self.elements(first)?;
        self.close(T::RBrace, open)?;
        Ok(self.expr_from(ExprKind::Set(list), start))
    }

    /// dict_items = dict_item {',' dict_item} [',']; dict_item = '**' bitwise_or | expression ':' expression
    fn dict(&mut self, open: Token, first: Option<DictItem>) -> Parse<ExprId> {
        let mark = self.scratch.dict_items.len();
        if let Some(first) = first {
            self.scratch.dict_items.push(first);
        }
        let mut more = first.is_none() || self.eat(T::Comma);
        while more && self.kind() != T::RBrace {
            let item = if self.eat(T::DoubleStar) {
                let value = self.bitwise_or()?;
                if self.kind() == T::For {
                    let message = "'**' cannot be used in a dict comprehension";
                    return self.fail_at(codes::COMPREHENSION, self.span_of(value), message);
                }
                DictItem::DoubleStar(value)
            } else {
                let key = self.expression()?;
                if self.kind() != T::Colon {
                    return self.expected_in_dict();
                }
                DictItem::Pair(key, self.pair_value()?)
            };
            self.scratch.dict_items.push(item);
            more = self.eat(T::Comma);
        }
        let items = self.take_dict_items(mark);
        self.close(T::RBrace, open)?;
        Ok(self.expr_from(ExprKind::Dict(items), open.span.start))
    }

    /// ':' expression, after a key
    fn pair_value(&mut self) -> Parse<ExprId> {
        self.bump();
        if !self.kind().starts_expression() {
            return self.expected("a value after ':' in the dict");
        }
        self.expression()
    }

    /// Fails if `value`, whose first token starts after `before`, is starred or an assignment without parentheses.
    fn plain(&mut self, value: ExprId, before: u32) -> Parse<()> {
        let Expr { kind, span } = self.ast[value];
        let bare = match kind {
            ExprKind::Starred(_) => true,
            ExprKind::Walrus { .. } => !self.text_of(Span::new(before, span.start)).contains('('),
            _ => false,
        };
        if bare {
            return self.fail_at(codes::UNEXPECTED, span, "expected a plain expression before ':'");
        }
        Ok(())
    }

    /// '[' slice {',' slice} [','] ']'
    fn subscript(&mut self, value: ExprId, start: u32) -> Parse<ExprId> {
        let open = self.bump();
        self.enter()?;
        let inner = self.here();
        if self.kind() == T::RBracket {
            return self.expected("an index or a slice");
        }
        let first = self.slice()?;
        let index = if self.kind() == T::Comma || matches!(self.ast[first].kind, ExprKind::Starred(_)) {
            let mark = self.scratch.exprs.len();
            self.scratch.exprs.push(first);
            while self.eat(T::Comma) && self.kind() != T::RBracket {
                let index = self.slice()?;
                self.scratch.exprs.push(index);
            }
            let list = self.take_exprs(mark);
            self.expr_from(ExprKind::Tuple(list), inner)
        } else {
            first
        };
        self.close(T::RBracket, open)?;
        Ok(self.expr_from(ExprKind::Subscript { value, index }, start))
    }

    /// slice = [expression] ':' [expression] [':' [expression]] | star_named_expression
    fn slice(&mut self) -> Parse<ExprId> {
        let start = self.here();
        let lower = if self.kind() == T::Colon { None } else { Some(self.star_named_expression()?) };
        if self.kind() != T::Colon {
            return match lower {
                Some(index) => Ok(index),
                None => self.expected("an index or a slice"),
            };
        }
        if let Some(bound) = lower {
            self.plain(bound, start)?;
        }
        self.bump();
        let upper = self.slice_bound()?;
        let step = if self.eat(T::Colon) { self.slice_bound()? } else { None };
        Ok(self.expr_from(ExprKind::Slice { lower, upper, step }, start))
    }

    fn slice_bound(&mut self) -> Parse<Option<ExprId>> {
        if matches!(self.kind(), T::Colon | T::Comma | T::RBracket) {
            return Ok(None);
        }
        self.expression().map(Some)
    }

    /// Passes the bracket that closes `open` and leaves its level.
    pub(super) fn close(&mut self, kind: T, open: Token) -> Parse<()> {
        if self.kind() != kind {
            return self.unclosed(kind, open);
        }
        self.at += 1;
        self.leave();
        Ok(())
    }

    /// yield_expr = 'yield' ['from' expression | star_expressions]
    pub(super) fn yield_expr(&mut self) -> Parse<ExprId> {
        let token = self.bump();
        if let Some(lambda) = &mut self.lambda {
            lambda.yields = true;
        } else if let Some(function) = self.functions.last_mut() {
            function.yields = true;
        } else {
            let message = "'yield' outside a function";
            return self.fail_at(codes::OUTSIDE_FUNCTION, token.span, message);
        }
        self.yields += 1;
        self.last_yield = token.span;
        let kind = if self.eat(T::From) {
            ExprKind::YieldFrom(self.expression()?)
        } else if self.starts_element() {
            let value = self.star_expressions()?;
            self.no_lone_star(value)?;
            ExprKind::Yield(Some(value))
        } else {
            ExprKind::Yield(None)
        };
        Ok(self.expr_from(kind, token.span.start))
    }

    /// A bytes constant.
    pub(super) fn add_bytes(&mut self, bytes: Vec<u8>) -> u32 {
        self.ast.bytes.push(Arc::from(bytes));
        (self.ast.bytes.len() - 1) as u32
    }
}
