//! Operators.
//!
//! In: the tokens of an expression. Out: one [`Expr`] whose chains are flat lists or left spines. Rule: one
//! precedence loop; only brackets, lambdas and the few levels of the table below recurse.

use super::line::{Line, Parse};
use crate::ast::*;
use crate::lexer::codes;
use crate::token::TokenKind;

use TokenKind as T;

/// How tightly binary operators bind, from `or` to `*`; 0 for other tokens.
static PRECEDENCE: [u8; T::COUNT] = precedence();

const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARE: u8 = 4;
const BIT_OR: u8 = 5;

const fn precedence() -> [u8; T::COUNT] {
    const LEVELS: [&[T]; 10] = [
        &[T::Or],
        &[T::And],
        &[],
        &[T::Lt, T::Le, T::Eq, T::Ne, T::Gt, T::Ge, T::In, T::Not, T::Is],
        &[T::Pipe],
        &[T::Caret],
        &[T::Amper],
        &[T::Shl, T::Shr],
        &[T::Plus, T::Minus],
        &[T::Star, T::Slash, T::DoubleSlash, T::Percent, T::At],
    ];
    let mut table = [0; T::COUNT];
    let mut level = 0;
    while level < LEVELS.len() {
        let mut i = 0;
        while i < LEVELS[level].len() {
            table[LEVELS[level][i] as usize] = level as u8 + 1;
            i += 1;
        }
        level += 1;
    }
    table
}

impl Line<'_> {
    /// star_expressions = star_expression {',' star_expression} [',']
    pub(super) fn star_expressions(&mut self) -> Parse<ExprId> {
        let start = self.here();
        let first = self.star_expression()?;
        if self.kind() != T::Comma {
            return Ok(first);
        }
        let mark = self.scratch.exprs.len();
        self.scratch.exprs.push(first);
        while self.eat(T::Comma) && self.starts_element() {
            let element = self.star_expression()?;
            self.scratch.exprs.push(element);
        }
        let list = self.take_exprs(mark);
        Ok(self.expr_from(ExprKind::Tuple(list), start))
    }

    /// star_expression = '*' bitwise_or | expression
    pub(super) fn star_expression(&mut self) -> Parse<ExprId> {
        if self.kind() == T::Star { self.starred() } else { self.expression() }
    }

    /// star_named_expression = '*' bitwise_or | named_expression
    pub(super) fn star_named_expression(&mut self) -> Parse<ExprId> {
        if self.kind() == T::Star { self.starred() } else { self.named_expression() }
    }

    /// starred = '*' bitwise_or
    pub(super) fn starred(&mut self) -> Parse<ExprId> {
        let start = self.here();
        self.bump();
        let value = self.bitwise_or()?;
        Ok(self.expr_from(ExprKind::Starred(value), start))
    }

    /// Whether the current token can start an element of a list of expressions.
    pub(super) fn starts_element(&self) -> bool {
        let kind = self.kind();
        kind.starts_expression() || kind == T::Star
    }

    /// named_expression = NAME ':=' expression | expression
    pub(super) fn named_expression(&mut self) -> Parse<ExprId> {
        let token = self.token();
        if !token.kind.is_name() || self.next_kind() != T::Walrus {
            let value = self.expression()?;
            if self.kind() == T::Walrus {
                let message = "the target of ':=' must be a plain name";
                return self.fail_at(codes::TARGET, self.span_of(value), message);
            }
            return Ok(value);
        }
        let name = self.name("a name")?;
        if self.in_iterable > 0 {
            let message = "':=' cannot be used in the iterable of a comprehension";
            return self.fail_at(codes::COMPREHENSION, token.span, message);
        }
        self.bump();
        let value = self.expression()?;
        Ok(self.expr_from(ExprKind::Walrus { name, value }, token.span.start))
    }

    /// expression = lambda | disjunction {'if' disjunction 'else' disjunction} ['if' disjunction 'else' lambda]
    #[inline]
    pub(super) fn expression(&mut self) -> Parse<ExprId> {
        if self.kind() == T::Lambda {
            return self.lambda();
        }
        let start = self.here();
        let first = self.disjunction()?;
        if self.kind() != T::If { Ok(first) } else { self.conditional(first, start) }
    }

    fn conditional(&mut self, first: ExprId, start: u32) -> Parse<ExprId> {
        let mark = self.scratch.exprs.len();
        self.scratch.exprs.push(first);
        while self.eat(T::If) {
            let test = self.disjunction()?;
            self.scratch.exprs.push(test);
            self.expect(T::Else, "after the condition of a conditional expression")?;
            let is_lambda = self.kind() == T::Lambda;
            let other = if is_lambda { self.lambda()? } else { self.disjunction()? };
            self.scratch.exprs.push(other);
        }
        let list = self.take_exprs(mark);
        Ok(self.expr_from(ExprKind::Conditional(list), start))
    }

    /// disjunction = conjunction {'or' conjunction}
    #[inline]
    pub(super) fn disjunction(&mut self) -> Parse<ExprId> {
        self.binary(OR)
    }

    /// bitwise_or = bitwise_xor {'|' bitwise_xor}, and everything that binds tighter
    pub(super) fn bitwise_or(&mut self) -> Parse<ExprId> {
        self.binary(BIT_OR)
    }

    /// Operators that bind at least as tightly as `min`.
    fn binary(&mut self, min: u8) -> Parse<ExprId> {
        let start = self.here();
        let mut left = if self.kind() == T::Not && min <= NOT { self.negation()? } else { self.unary()? };
        loop {
            let kind = self.kind();
            let level = PRECEDENCE[kind as usize];
            if level < min || level == 0 {
                return Ok(left);
            }
            left = match level {
                OR | AND => self.logic(left, start, kind, level)?,
                COMPARE if kind == T::Not && self.next_kind() != T::In => return Ok(left),
                COMPARE => self.comparison(left, start)?,
                _ => {
                    self.bump();
                    let right = self.binary(level + 1)?;
                    self.expr_from(ExprKind::Binary { op: binary_op(kind), left, right }, start)
                }
            };
        }
    }

    /// conjunction = inversion {'and' inversion}, and the same for `or`
    fn logic(&mut self, first: ExprId, start: u32, kind: T, level: u8) -> Parse<ExprId> {
        let mark = self.scratch.exprs.len();
        self.scratch.exprs.push(first);
        while self.eat(kind) {
            let operand = self.binary(level + 1)?;
            self.scratch.exprs.push(operand);
        }
        let list = self.take_exprs(mark);
        let kind = if kind == T::Or { ExprKind::Or(list) } else { ExprKind::And(list) };
        Ok(self.expr_from(kind, start))
    }

    /// inversion = 'not' inversion | comparison
    fn negation(&mut self) -> Parse<ExprId> {
        let start = self.here();
        let mark = self.scratch.unary_ops.len();
        while self.eat(T::Not) {
            self.scratch.unary_ops.push(UnaryOp::Not);
        }
        let ops = self.take_unary_ops(mark);
        let operand = self.binary(COMPARE)?;
        Ok(self.expr_from(ExprKind::Unary { ops, operand }, start))
    }

    /// comparison = bitwise_or {comp_op bitwise_or}
    fn comparison(&mut self, first: ExprId, start: u32) -> Parse<ExprId> {
        let mark = self.scratch.compares.len();
        while let Some(op) = self.compare_op() {
            let right = self.bitwise_or()?;
            self.scratch.compares.push(CompareItem { op, right });
        }
        let rest = self.take_compares(mark);
        Ok(self.expr_from(ExprKind::Compare { first, rest }, start))
    }

    /// comp_op = '<' | '<=' | '==' | '!=' | '>' | '>=' | 'in' | 'not' 'in' | 'is' ['not']
    fn compare_op(&mut self) -> Option<CompareOp> {
        let op = match self.kind() {
            T::Lt => CompareOp::Lt,
            T::Le => CompareOp::Le,
            T::Eq => CompareOp::Eq,
            T::Ne => CompareOp::Ne,
            T::Gt => CompareOp::Gt,
            T::Ge => CompareOp::Ge,
            T::In => CompareOp::In,
            T::Is => {
                self.bump();
                return Some(if self.eat(T::Not) { CompareOp::IsNot } else { CompareOp::Is });
            }
            T::Not if self.next_kind() == T::In => {
                self.bump();
                CompareOp::NotIn
            }
            _ => return None,
        };
        self.bump();
        Some(op)
    }

    /// factor = {'-' | '+' | '~'} power
    fn unary(&mut self) -> Parse<ExprId> {
        let start = self.here();
        let mark = self.scratch.unary_ops.len();
        loop {
            let op = match self.kind() {
                T::Minus => UnaryOp::Neg,
                T::Plus => UnaryOp::Pos,
                T::Tilde => UnaryOp::Invert,
                _ => break,
            };
            self.bump();
            self.scratch.unary_ops.push(op);
        }
        if self.scratch.unary_ops.len() == mark {
            return self.power();
        }
        let ops = self.take_unary_ops(mark);
        let operand = self.power()?;
        Ok(self.expr_from(ExprKind::Unary { ops, operand }, start))
    }

    /// power = primary {'**' primary} ['**' factor]
    ///
    /// A sign inside the chain (`a ** -b ** c`) makes the rest of it an operand, which counts as nesting.
    #[inline]
    fn power(&mut self) -> Parse<ExprId> {
        let start = self.here();
        let base = self.primary()?;
        if self.kind() != T::DoubleStar { Ok(base) } else { self.power_chain(base, start) }
    }

    fn power_chain(&mut self, base: ExprId, start: u32) -> Parse<ExprId> {
        let mark = self.scratch.exprs.len();
        self.scratch.exprs.push(base);
        while self.eat(T::DoubleStar) {
            let operand = if matches!(self.kind(), T::Minus | T::Plus | T::Tilde) {
                self.enter()?;
                let operand = self.unary()?;
                self.leave();
                operand
            } else {
                self.primary()?
            };
            self.scratch.exprs.push(operand);
        }
        let list = self.take_exprs(mark);
        Ok(self.expr_from(ExprKind::Power(list), start))
    }
}

fn binary_op(kind: T) -> BinaryOp {
    match kind {
        T::Plus | T::PlusAssign => BinaryOp::Add,
        T::Minus | T::MinusAssign => BinaryOp::Sub,
        T::Star | T::StarAssign => BinaryOp::Mul,
        T::Slash | T::SlashAssign => BinaryOp::Div,
        T::DoubleSlash | T::DoubleSlashAssign => BinaryOp::FloorDiv,
        T::Percent | T::PercentAssign => BinaryOp::Mod,
        T::At | T::AtAssign => BinaryOp::MatMul,
        T::Shl | T::ShlAssign => BinaryOp::Shl,
        T::Shr | T::ShrAssign => BinaryOp::Shr,
        T::Amper | T::AmperAssign => BinaryOp::And,
        T::Pipe | T::PipeAssign => BinaryOp::Or,
        T::Caret | T::CaretAssign => BinaryOp::Xor,
        _ => BinaryOp::Pow,
    }
}

/// The operator of an augmented assignment.
pub(super) fn augmented_op(kind: T) -> Option<BinaryOp> {
    (kind >= T::PlusAssign && kind <= T::ShrAssign).then(|| binary_op(kind))
}
