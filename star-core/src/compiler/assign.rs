//! Assignment and `del`.
//!
//! In: a value in a register, and a target. Out: instructions that bind or change it. Rule: as in CPython the value
//! is evaluated first, then the targets from left to right, each with its parts when its turn comes.

use super::Emitter;
use super::chain::Index;
use super::display::BATCH;
use super::function::Var;
use crate::ast::{BinaryOp, Expr, ExprId, ExprKind, List};
use crate::bytecode::{Constant, Op, Reg};
use crate::span::Span;

impl Emitter<'_> {
    /// `t1 = t2 = value`
    pub(super) fn assignment(&mut self, targets: List<ExprId>, value: ExprId, span: Span) {
        let ast = self.ast;
        let targets = &ast[targets];
        if let [target] = *targets {
            return self.assign_value(target, value);
        }
        let names = targets.iter().all(|&target| matches!(ast[target].kind, ExprKind::Name(_)));
        let a = match targets.first().and_then(|&first| self.register_of(first)).filter(|_| names) {
            Some(register) => {
                self.expr_to(value, register);
                register
            }
            None => {
                // Not in place: one of the targets may bind what another still needs.
                let a = self.f.temp();
                self.expr_to(value, a);
                a
            }
        };
        let _ = span;
        for &target in targets {
            self.assign(target, a);
        }
    }

    /// `target = value`
    pub(super) fn assign_value(&mut self, target: ExprId, value: ExprId) {
        if let Some(register) = self.register_of(target) {
            self.expr_to(value, register);
            self.f.bound.insert(register);
            return;
        }
        if self.assign_in_parallel(target, value) {
            return;
        }
        let a = self.stable(value);
        self.assign(target, a);
    }

    /// `target: annotation [= value]`
    pub(super) fn annotated(&mut self, target: ExprId, value: Option<ExprId>) {
        match (value, self.ast[target].kind) {
            (Some(value), _) => self.assign_value(target, value),
            (None, ExprKind::Attribute { value, .. }) => {
                self.any(value);
            }
            (None, ExprKind::Subscript { value, index }) => {
                self.stable(value);
                self.any(index);
            }
            (None, _) => {}
        }
    }

    /// `a, b = b, a` without a tuple, if both sides are displays of as many items.
    fn assign_in_parallel(&mut self, target: ExprId, value: ExprId) -> bool {
        let (ExprKind::Tuple(targets) | ExprKind::List(targets)) = self.ast[target].kind else {
            return false;
        };
        let (ExprKind::Tuple(values) | ExprKind::List(values)) = self.ast[value].kind else { return false };
        let ast = self.ast;
        let (targets, values) = (&ast[targets], &ast[values]);
        let starred = |id: &ExprId| matches!(ast[*id].kind, ExprKind::Starred(_));
        if targets.len() != values.len() || targets.len() > BATCH || targets.iter().chain(values).any(starred)
        {
            return false;
        }
        let mut registers = [None; BATCH];
        for (i, (&value, register)) in values.iter().zip(&mut registers).enumerate() {
            // A constant may as well be loaded when its target's turn comes.
            if self.is_constant(value) {
                continue;
            }
            *register = Some(if self.is_overwritten(value, &targets[..i]) {
                let d = self.f.temp();
                self.expr_to(value, d);
                d
            } else {
                self.stable(value)
            });
        }
        for ((&target, &value), register) in targets.iter().zip(values).zip(registers) {
            match (register, self.register_of(target)) {
                (Some(register), _) => self.assign(target, register),
                (None, Some(register)) => {
                    self.expr_to(value, register);
                    self.f.bound.insert(register);
                }
                (None, None) => {
                    let before = self.f.next;
                    let d = self.f.temp();
                    self.expr_to(value, d);
                    self.assign(target, d);
                    self.f.next = before;
                }
            }
        }
        true
    }

    /// Whether `value` is a local read in place that one of `targets` may bind.
    fn is_overwritten(&self, value: ExprId, targets: &[ExprId]) -> bool {
        let ExprKind::Name(name) = self.ast[value].kind else { return false };
        targets.iter().any(|&target| match self.ast[target].kind {
            ExprKind::Name(target) => target == name,
            ExprKind::Attribute { .. } | ExprKind::Subscript { .. } => false,
            _ => true,
        })
    }

    /// `target = R[a]`. `R[a]` is a temporary, or a local that no part of the target can bind.
    pub(super) fn assign(&mut self, target: ExprId, a: Reg) {
        let before = self.f.next;
        let Expr { kind, span } = self.ast[target];
        match kind {
            ExprKind::Name(symbol) => self.store(symbol, a, span),
            ExprKind::Attribute { value, name } => {
                let object = self.any(value);
                let name = self.name(self.ast[name].symbol);
                self.set_attribute(object, name, a, span);
            }
            ExprKind::Subscript { value, index } => {
                let object = self.stable(value);
                if let ExprKind::Slice { lower, upper, step } = self.ast[index].kind {
                    let b = self.slice(lower, upper, step, self.ast[index].span);
                    self.f.emit(Op::SetSlice { a: object, b, c: a }, span);
                } else {
                    let index = self.index(index);
                    self.set_item(object, index, a, span);
                }
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                if self.f.crowded() {
                    self.with_room(a, span, |this, a| this.unpack(items, a, span));
                } else {
                    self.unpack(items, a, span);
                }
            }
            _ => {}
        }
        self.f.next = before;
    }

    fn set_attribute(&mut self, object: Reg, name: u32, b: Reg, span: Span) {
        let op = match self.f.cache(name) {
            Some((name, cache)) => Op::SetAttr { a: object, b, name, cache },
            None => Op::SetAttrWide { a: object, b, name },
        };
        self.f.emit(op, span);
    }

    /// `R[a][index] = R[c]`
    fn set_item(&mut self, a: Reg, index: Index, c: Reg, span: Span) {
        let op = match index {
            Index::Register(b) => Op::SetIndex { a, b, c },
            Index::Constant(k) => Op::SetIndexConst { a, c, k },
            Index::Int(value) => {
                let value = Constant::Int(value.into());
                match self.short_constant(value.clone()) {
                    Some(k) => Op::SetIndexConst { a, c, k },
                    None => {
                        let b = self.f.temp();
                        self.load_constant(value, b, span);
                        Op::SetIndex { a, b, c }
                    }
                }
            }
        };
        self.f.emit(op, span);
    }

    // ---- unpacking ----------------------------------------------------------------------------

    /// The two targets of `a, b`.
    pub(super) fn two_targets(&self, target: ExprId) -> Option<(ExprId, ExprId)> {
        let (ExprKind::Tuple(items) | ExprKind::List(items)) = self.ast[target].kind else { return None };
        match self.ast[items] {
            [first, second] if !self.is_starred(first) && !self.is_starred(second) => Some((first, second)),
            _ => None,
        }
    }

    /// The registers that two targets may be unpacked into at once. The second one only if binding the first
    /// cannot read or prevent it.
    pub(super) fn direct_pair(&self, first: ExprId, second: ExprId) -> (Option<Reg>, Option<Reg>) {
        let simple = matches!(self.ast[first].kind, ExprKind::Name(_));
        (self.register_of(first), self.register_of(second).filter(|_| simple))
    }

    fn is_starred(&self, id: ExprId) -> bool {
        matches!(self.ast[id].kind, ExprKind::Starred(_))
    }

    fn unpack(&mut self, items: List<ExprId>, a: Reg, span: Span) {
        let ast = self.ast;
        let items = &ast[items];
        if let Some(star) = items.iter().position(|&item| self.is_starred(item)) {
            return self.unpack_star(items, star, a, span);
        }
        if let [first, second] = *items {
            let direct = self.direct_pair(first, second);
            let d = direct.0.unwrap_or_else(|| self.f.temp());
            let e = direct.1.unwrap_or_else(|| self.f.temp());
            self.f.emit(Op::Unpack2 { a, d, e }, span);
            self.assigned(first, direct.0, d);
            self.assigned(second, direct.1, e);
        } else if let Some(d) = self.consecutive_registers(items) {
            self.f.emit(Op::Unpack { a, d, count: items.len() as u8 }, span);
            for i in 0..items.len() {
                self.f.bound.insert(d.saturating_add(i as u8));
            }
        } else if items.len() <= BATCH {
            let count = items.len() as u8;
            let d = self.f.temps(count.into());
            self.f.emit(Op::Unpack { a, d, count }, span);
            self.assign_run(items, d);
        } else {
            let d = self.f.temp();
            self.f.emit(Op::UnpackList { d, a, count: items.len() as u32 }, span);
            self.assign_from_list(items, d, span);
        }
    }

    fn unpack_star(&mut self, items: &[ExprId], star: usize, a: Reg, span: Span) {
        let after = items.len() - star - 1;
        if items.len() <= BATCH {
            let d = self.f.temps(items.len() as u16);
            self.f.emit(Op::UnpackStar { a, d, before: star as u8, after: after as u8 }, span);
            self.assign_run(items, d);
        } else {
            let d = self.f.temp();
            let ends = [star, after].map(|end| self.f.constants.index(Constant::Int(end as i64)));
            let k = self.f.constants.index(Constant::Tuple(ends.into()));
            self.f.emit(Op::UnpackStarList { d, a, k }, span);
            self.assign_from_list(items, d, span);
        }
    }

    /// The register of the first target, if all are locals in registers next to each other.
    fn consecutive_registers(&self, items: &[ExprId]) -> Option<Reg> {
        let first = self.register_of(*items.first()?)?;
        let all = items.iter().zip(u16::from(first)..).all(|(&item, expected)| {
            self.register_of(item).is_some_and(|register| u16::from(register) == expected)
        });
        all.then_some(first)
    }

    fn assign_run(&mut self, items: &[ExprId], d: Reg) {
        for (i, &item) in items.iter().enumerate() {
            self.assign_item(item, d.saturating_add(i as u8));
        }
    }

    fn assign_from_list(&mut self, items: &[ExprId], list: Reg, span: Span) {
        let d = self.f.temp();
        for (i, &item) in items.iter().enumerate() {
            self.f.emit(Op::ListItem { d, a: list, i: i as u32 }, span);
            self.assign_item(item, d);
        }
    }

    fn assign_item(&mut self, item: ExprId, a: Reg) {
        match self.ast[item].kind {
            ExprKind::Starred(target) => self.assign(target, a),
            _ => self.assign(item, a),
        }
    }

    // ---- op= and del ----------------------------------------------------------------------------

    /// `target op= value`: the parts of the target are evaluated once.
    pub(super) fn augmented(&mut self, target: ExprId, op: BinaryOp, value: ExprId, span: Span) {
        let at = self.ast[target].span;
        match self.ast[target].kind {
            ExprKind::Name(symbol) => {
                if let Var::Register(d) = self.var(symbol) {
                    let a = self.stable(target);
                    let op = self.binary_op(op, d, a, value);
                    return self.f.emit_inplace(op, span);
                }
                let d = self.f.temp();
                self.load(symbol, d, at);
                let op = self.binary_op(op, d, d, value);
                self.f.emit_inplace(op, span);
                self.store(symbol, d, at);
            }
            ExprKind::Attribute { value: object, name } => {
                let symbol = self.ast[name].symbol;
                let a = self.stable(object);
                let d = self.f.temp();
                self.attribute(d, a, symbol, at);
                let op = self.binary_op(op, d, d, value);
                self.f.emit_inplace(op, span);
                let name = self.name(symbol);
                self.set_attribute(a, name, d, at);
            }
            ExprKind::Subscript { value: object, index } => {
                let a = self.stable(object);
                if let ExprKind::Slice { lower, upper, step } = self.ast[index].kind {
                    let b = self.slice(lower, upper, step, self.ast[index].span);
                    let d = self.f.temp();
                    self.f.emit(Op::GetSlice { d, a, b }, at);
                    let op = self.binary_op(op, d, d, value);
                    self.f.emit_inplace(op, span);
                    return self.f.emit(Op::SetSlice { a, b, c: d }, at);
                }
                let index = match self.ast[index].kind {
                    ExprKind::Name(_) | ExprKind::Walrus { .. } => Index::Register(self.stable(index)),
                    _ => self.index(index),
                };
                let d = self.f.temp();
                let get = match index {
                    Index::Int(value) => Op::GetIndexInt { d, a, value },
                    Index::Constant(k) => Op::GetIndexConst { d, a, k },
                    Index::Register(b) => Op::GetIndex { d, a, b },
                };
                self.f.emit(get, at);
                let op = self.binary_op(op, d, d, value);
                self.f.emit_inplace(op, span);
                self.set_item(a, index, d, at);
            }
            _ => {}
        }
    }

    /// `del target`
    pub(super) fn delete(&mut self, target: ExprId) {
        let before = self.f.next;
        let Expr { kind, span } = self.ast[target];
        match kind {
            ExprKind::Name(symbol) => self.delete_name(symbol, span),
            ExprKind::Attribute { value, name } => {
                let a = self.any(value);
                let name = self.name(self.ast[name].symbol);
                self.f.emit(Op::DelAttr { a, name }, span);
            }
            ExprKind::Subscript { value, index } => {
                let a = self.stable(value);
                if let ExprKind::Slice { lower, upper, step } = self.ast[index].kind {
                    let b = self.slice(lower, upper, step, self.ast[index].span);
                    self.f.emit(Op::DelSlice { a, b }, span);
                } else {
                    let b = self.any(index);
                    self.f.emit(Op::DelIndex { a, b }, span);
                }
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                for &item in &self.ast[items] {
                    self.delete(item);
                }
            }
            _ => {}
        }
        self.f.next = before;
    }
}
