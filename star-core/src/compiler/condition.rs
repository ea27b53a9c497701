//! Tests: expressions that decide where control goes.
//!
//! In: an expression, a label, and for which outcome to jump there. Out: compare-and-jump instructions. Rule: `and`,
//! `or`, `not` and chained comparisons become jumps and never a value.

use super::Emitter;
use super::fold::Truth;
use super::labels::Label;
use crate::ast::{CompareItem, CompareOp, Expr, ExprId, ExprKind, List, UnaryOp};
use crate::bytecode::{Op, Reg};
use crate::span::Span;

impl Emitter<'_> {
    /// Jumps to `label` if the test's outcome is `when`; else control goes on. A jump that is always taken does not
    /// end reachability: nobody writes it to save instructions.
    pub(super) fn jump_if(&mut self, id: ExprId, when: bool, label: Label) {
        let before = self.f.next;
        let Expr { kind, span } = self.ast[id];
        match self.truth(id) {
            Truth::Unknown => match kind {
                ExprKind::And(items) => self.jump_if_chain(items, false, when, label),
                ExprKind::Or(items) => self.jump_if_chain(items, true, when, label),
                ExprKind::Compare { first, rest } => self.jump_if_compare(first, rest, when, label, span),
                ExprKind::Unary { ops, operand } => self.jump_if_unary(id, ops, operand, when, label),
                _ => {
                    let a = self.any(id);
                    self.jump_if_register(a, when, label, span);
                }
            },
            known => {
                if (known == Truth::True) == when {
                    self.f.emit_jump(Op::Jump { to: 0 }, label, span);
                }
            }
        }
        self.f.next = before;
    }

    fn jump_if_register(&mut self, a: Reg, when: bool, label: Label, span: Span) {
        let op = if when { Op::JumpIfTrue { a, to: 0 } } else { Op::JumpIfFalse { a, to: 0 } };
        self.f.emit_jump(op, label, span);
    }

    /// `and` if `decides` is false (the value that ends it early), `or` if it is true.
    fn jump_if_chain(&mut self, items: List<ExprId>, decides: bool, when: bool, label: Label) {
        let ast = self.ast;
        let Some((&last, rest)) = ast[items].split_last() else { return };
        let past = self.label();
        let mut bound = None;
        for &item in rest {
            let to = if decides == when { label } else { past };
            self.jump_if(item, decides, to);
            bound.get_or_insert(self.f.bound);
        }
        self.jump_if(last, when, label);
        self.f.bind(past);
        self.f.bound = bound.unwrap_or(self.f.bound);
    }

    fn jump_if_unary(&mut self, id: ExprId, ops: List<UnaryOp>, operand: ExprId, when: bool, label: Label) {
        let ops = &self.ast[ops];
        if ops.iter().all(|&op| op == UnaryOp::Not) {
            let when = when ^ (ops.len() % 2 == 1);
            return self.jump_if(operand, when, label);
        }
        let span = self.ast[id].span;
        let a = self.any(id);
        self.jump_if_register(a, when, label, span);
    }

    fn jump_if_compare(
        &mut self,
        first: ExprId,
        rest: List<CompareItem>,
        when: bool,
        label: Label,
        span: Span,
    ) {
        let ast = self.ast;
        let Some((last, chained)) = ast[rest].split_last() else { return };
        if chained.is_empty() {
            let a = self.stable_before(first, last.right);
            return self.compare_and_jump(a, last, when, label, span);
        }
        let mut a = self.stable(first);
        let past = self.label();
        let fails = if when { past } else { label };
        let pair = self.f.temps(2);
        let mut bound = None;
        for (i, item) in chained.iter().enumerate() {
            let before = self.f.next;
            let b = self.comparand_of_chain(item, pair.saturating_add(i as u8 & 1));
            bound.get_or_insert(self.f.bound);
            self.jump_registers(a, item.op, b, false, fails, span);
            self.f.next = before;
            a = b;
        }
        self.compare_and_jump(a, last, when, label, span);
        self.f.bind(past);
        self.f.bound = bound.unwrap_or(self.f.bound);
    }

    /// `R[a] op right`, with the fused form for the right side that there is.
    pub(super) fn compare_and_jump(
        &mut self,
        a: Reg,
        item: &CompareItem,
        when: bool,
        label: Label,
        span: Span,
    ) {
        let (op, right) = (item.op, item.right);
        let is_none = matches!(self.ast[right].kind, ExprKind::None);
        let fused = match op {
            CompareOp::Is | CompareOp::IsNot if is_none => {
                if (op == CompareOp::Is) == when {
                    Some(Op::JumpIfNone { a, to: 0 })
                } else {
                    Some(Op::JumpIfNotNone { a, to: 0 })
                }
            }
            CompareOp::Is | CompareOp::IsNot | CompareOp::In | CompareOp::NotIn => None,
            _ => match self.small_int(right) {
                Some(value) => int_jump(op, when, a, value),
                None => self.constant_jump(op, when, a, right),
            },
        };
        match fused {
            Some(op) => self.f.emit_jump(op, label, span),
            None => {
                let b = self.comparand(item);
                self.jump_registers(a, op, b, when, label, span);
            }
        }
    }

    fn constant_jump(&mut self, op: CompareOp, when: bool, a: Reg, right: ExprId) -> Option<Op> {
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return None;
        }
        let value = self.fold(right)?;
        let k = self.short_constant(value)?;
        Some(if (op == CompareOp::Eq) == when {
            Op::JumpIfEqConst { a, k, to: 0 }
        } else {
            Op::JumpIfNeConst { a, k, to: 0 }
        })
    }

    fn jump_registers(&mut self, a: Reg, op: CompareOp, b: Reg, when: bool, label: Label, span: Span) {
        let to = 0;
        let op = match (op, when) {
            (CompareOp::Lt, true) => Op::JumpIfLt { a, b, to },
            (CompareOp::Lt, false) => Op::JumpUnlessLt { a, b, to },
            (CompareOp::Le, true) => Op::JumpIfLe { a, b, to },
            (CompareOp::Le, false) => Op::JumpUnlessLe { a, b, to },
            (CompareOp::Gt, true) => Op::JumpIfGt { a, b, to },
            (CompareOp::Gt, false) => Op::JumpUnlessGt { a, b, to },
            (CompareOp::Ge, true) => Op::JumpIfGe { a, b, to },
            (CompareOp::Ge, false) => Op::JumpUnlessGe { a, b, to },
            (CompareOp::Eq, true) | (CompareOp::Ne, false) => Op::JumpIfEq { a, b, to },
            (CompareOp::Eq, false) | (CompareOp::Ne, true) => Op::JumpIfNe { a, b, to },
            (CompareOp::In, true) | (CompareOp::NotIn, false) => Op::JumpIfIn { a, b, to },
            (CompareOp::In, false) | (CompareOp::NotIn, true) => Op::JumpIfNotIn { a, b, to },
            (CompareOp::Is | CompareOp::IsNot, _) => {
                let d = self.f.temp();
                self.f.emit(Op::Compare { op, d, a, b }, span);
                return self.jump_if_register(d, when, label, span);
            }
        };
        self.f.emit_jump(op, label, span);
    }
}

fn int_jump(op: CompareOp, when: bool, a: Reg, value: i16) -> Option<Op> {
    let to = 0;
    Some(match (op, when) {
        (CompareOp::Lt, true) => Op::JumpIfLtInt { a, value, to },
        (CompareOp::Lt, false) => Op::JumpUnlessLtInt { a, value, to },
        (CompareOp::Le, true) => Op::JumpIfLeInt { a, value, to },
        (CompareOp::Le, false) => Op::JumpUnlessLeInt { a, value, to },
        (CompareOp::Gt, true) => Op::JumpIfGtInt { a, value, to },
        (CompareOp::Gt, false) => Op::JumpUnlessGtInt { a, value, to },
        (CompareOp::Ge, true) => Op::JumpIfGeInt { a, value, to },
        (CompareOp::Ge, false) => Op::JumpUnlessGeInt { a, value, to },
        (CompareOp::Eq, true) | (CompareOp::Ne, false) => Op::JumpIfEqInt { a, value, to },
        (CompareOp::Eq, false) | (CompareOp::Ne, true) => Op::JumpIfNeInt { a, value, to },
        _ => return None,
    })
}
