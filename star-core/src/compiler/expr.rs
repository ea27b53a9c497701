//! Expressions.
//!
//! In: an expression and where its value should go. Out: instructions that put it there. Rules: operands are
//! evaluated in CPython's order; a register that is no temporary is written by the last instruction only, since the
//! expression may still read it, or fail; native recursion goes only through brackets and levels of precedence.

use super::Emitter;
use super::function::Var;
use crate::ast::{BinaryOp, CompareItem, CompareOp, Expr, ExprId, ExprKind, List, Name, UnaryOp};
use crate::bytecode::{CodeKind, Op, Reg};
use crate::span::Span;

impl Emitter<'_> {
    /// Evaluates an expression and returns where its value is: a local in its own register, anything else in a new
    /// temporary. To be used before anything else is evaluated; otherwise see [`Self::stable`].
    pub(super) fn any(&mut self, id: ExprId) -> Reg {
        let Expr { kind, span } = self.ast[id];
        match kind {
            ExprKind::Name(symbol) => {
                if let Var::Register(register) = self.var(symbol) {
                    self.check_bound(register, span);
                    return register;
                }
            }
            ExprKind::Walrus { name, value } => {
                if let Var::Register(register) = self.var(name.symbol) {
                    self.expr_to(value, register);
                    self.f.bound.insert(register);
                    return register;
                }
            }
            _ => {}
        }
        let d = self.f.temp();
        self.expr_to(id, d);
        d
    }

    /// The same, for a value that must stay what it is while other operands are evaluated.
    pub(super) fn stable(&mut self, id: ExprId) -> Reg {
        let changes = match self.ast[id].kind {
            ExprKind::Name(symbol) => self.may_change(symbol),
            ExprKind::Walrus { .. } => true,
            _ => false,
        };
        if !changes {
            return self.any(id);
        }
        let d = self.f.temp();
        self.expr_to(id, d);
        d
    }

    /// The same, if nothing but `later` is evaluated before the value is used.
    pub(super) fn stable_before(&mut self, id: ExprId, later: ExprId) -> Reg {
        if self.binds_nothing(later) { self.any(id) } else { self.stable(id) }
    }

    /// Whether an expression is too simple to bind a name.
    pub(super) fn binds_nothing(&self, id: ExprId) -> bool {
        matches!(self.ast[id].kind, ExprKind::Name(_)) || self.is_constant(id)
    }

    /// Evaluates an expression into `R[d]`.
    pub(super) fn expr_to(&mut self, id: ExprId, d: Reg) {
        let Expr { kind, span } = self.ast[id];
        match kind {
            ExprKind::None
            | ExprKind::Ellipsis
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::BigInt(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_)
            | ExprKind::Bytes(_) => {
                if let Some(value) = self.fold(id) {
                    self.load_constant(value, d, span);
                }
            }
            ExprKind::Name(symbol) => self.load(symbol, d, span),
            _ if self.f.crowded() => self.expr_to_with_room(id, d),
            _ => {
                let before = self.f.next;
                self.compound(id, kind, d, span);
                self.f.next = before;
            }
        }
    }

    fn compound(&mut self, id: ExprId, kind: ExprKind, d: Reg, span: Span) {
        match kind {
            ExprKind::Binary { .. }
            | ExprKind::Attribute { .. }
            | ExprKind::Subscript { .. }
            | ExprKind::Call { .. } => self.chain(id, d),
            ExprKind::Unary { ops, operand } => match self.fold(id) {
                Some(value) => self.load_constant(value, d, span),
                None => self.unary(ops, operand, d, span),
            },
            ExprKind::Power(items) => match self.fold(id) {
                Some(value) => self.load_constant(value, d, span),
                None => self.power(items, d, span),
            },
            ExprKind::And(items) => self.and_or(items, false, d, span),
            ExprKind::Or(items) => self.and_or(items, true, d, span),
            ExprKind::Compare { first, rest } => self.compare(first, rest, d, span),
            ExprKind::Conditional(items) => self.conditional(items, d, span),
            ExprKind::Tuple(items) => self.tuple(items, d, span),
            ExprKind::List(items) => self.list(items, d, span),
            ExprKind::Set(items) => self.set(items, d, span),
            ExprKind::Dict(items) => self.dict(items, d, span),
            ExprKind::FString(parts) => self.fstring(parts, d, span),
            ExprKind::Lambda(func) => self.lambda(func, d, span),
            ExprKind::Generator(func) => self.generator(func, d, span),
            ExprKind::ListComp { .. } | ExprKind::SetComp { .. } | ExprKind::DictComp { .. } => {
                self.comprehension(id, kind, d, span);
            }
            ExprKind::Walrus { name, value } => self.walrus(name, value, d),
            ExprKind::Yield(value) => self.yield_value(value, d, span),
            ExprKind::YieldFrom(value) => self.yield_from(value, d, span),
            ExprKind::Slice { lower, upper, step } => {
                let b = self.slice(lower, upper, step, span);
                self.f.emit(Op::BuildSlice { d, b }, span);
            }
            // The parser lets it stand only where displays, calls and targets look for it.
            ExprKind::Starred(value) => self.expr_to(value, d),
            _ => {}
        }
    }

    /// A temporary to compute a result of several steps in: `d` itself, if it is one.
    pub(super) fn work_register(&mut self, d: Reg) -> Reg {
        if self.f.is_temp(d) { d } else { self.f.temp() }
    }

    fn unary(&mut self, ops: List<UnaryOp>, operand: ExprId, d: Reg, span: Span) {
        let ops = &self.ast[ops];
        let w = if ops.len() > 1 { self.work_register(d) } else { d };
        let mut a = self.any(operand);
        for (i, op) in ops.iter().enumerate().rev() {
            let d = if i == 0 { d } else { w };
            let op = match op {
                UnaryOp::Neg => Op::Neg { d, a },
                UnaryOp::Pos => Op::Pos { d, a },
                UnaryOp::Invert => Op::Invert { d, a },
                UnaryOp::Not => Op::Not { d, a },
            };
            self.f.emit(op, span);
            a = d;
        }
    }

    /// `a ** b ** c`: all operands from left to right, then the operators from right to left.
    fn power(&mut self, items: List<ExprId>, d: Reg, span: Span) {
        let ast = self.ast;
        let items = &ast[items];
        if items.len() > 16 {
            return self.long_power(items, d, span);
        }
        let Some((&last, rest)) = items.split_last() else { return };
        let mut registers = [0; 16];
        for (register, &item) in registers.iter_mut().zip(rest) {
            *register = self.stable(item);
        }
        let mut b = self.any(last);
        let end = ast[last].span;
        let w = if rest.len() > 1 { self.work_register(d) } else { d };
        for (i, (&a, &item)) in registers.iter().zip(rest).enumerate().rev() {
            let d = if i == 0 { d } else { w };
            let span = if i == 0 { span } else { ast[item].span.to(end) };
            self.f.emit(Op::Binary { op: BinaryOp::Pow, d, a, b }, span);
            b = d;
        }
    }

    /// `a and b`, `a or b` as values: the first operand that decides, else the last one.
    fn and_or(&mut self, items: List<ExprId>, is_or: bool, d: Reg, span: Span) {
        let w = self.work_register(d);
        let end = self.label();
        let ast = self.ast;
        let items = &ast[items];
        let mut bound = None;
        for (i, &item) in items.iter().enumerate() {
            self.expr_to(item, w);
            bound.get_or_insert(self.f.bound);
            if i + 1 < items.len() {
                let op = if is_or { Op::JumpIfTrue { a: w, to: 0 } } else { Op::JumpIfFalse { a: w, to: 0 } };
                self.f.emit_jump(op, end, ast[item].span);
            }
        }
        self.f.bind(end);
        self.f.bound = bound.unwrap_or(self.f.bound);
        self.copy(d, w, span);
    }

    /// `[a, p, b, q, c]`: `a if p else b if q else c`.
    fn conditional(&mut self, items: List<ExprId>, d: Reg, span: Span) {
        let ast = self.ast;
        let end = self.label();
        let mut bound = None;
        for part in ast[items].chunks(2) {
            let (value, next) = match *part {
                [value, test] => {
                    let next = self.label();
                    self.jump_if(test, false, next);
                    (value, Some(next))
                }
                [value] => (value, None),
                _ => return,
            };
            let before = *bound.get_or_insert(self.f.bound);
            self.expr_to(value, d);
            if let Some(next) = next {
                self.f.emit_jump(Op::Jump { to: 0 }, end, span);
                self.f.bind(next);
            }
            self.f.bound = before;
        }
        self.f.bind(end);
    }

    /// `a < b < c` as a value.
    fn compare(&mut self, first: ExprId, rest: List<CompareItem>, d: Reg, span: Span) {
        let ast = self.ast;
        let items = &ast[rest];
        if let [item] = items {
            let a = self.stable_before(first, item.right);
            let b = self.comparand(item);
            return self.f.emit(Op::Compare { op: item.op, d, a, b }, span);
        }
        let w = self.work_register(d);
        let end = self.label();
        let mut a = self.stable(first);
        let pair = self.f.temps(2);
        let mut bound = None;
        for (i, item) in items.iter().enumerate() {
            let before = self.f.next;
            let b = self.comparand_of_chain(item, pair.saturating_add(i as u8 & 1));
            self.f.next = before;
            bound.get_or_insert(self.f.bound);
            self.f.emit(Op::Compare { op: item.op, d: w, a, b }, span);
            if i + 1 < items.len() {
                self.f.emit_jump(Op::JumpIfFalse { a: w, to: 0 }, end, span);
            }
            a = b;
        }
        self.f.bind(end);
        self.f.bound = bound.unwrap_or(self.f.bound);
        self.copy(d, w, span);
    }

    /// The right side of a comparison. A list of constants that is only searched may as well be a tuple.
    pub(super) fn comparand(&mut self, item: &CompareItem) -> Reg {
        if let ExprKind::List(items) = self.ast[item.right].kind
            && matches!(item.op, CompareOp::In | CompareOp::NotIn)
            && let Some(k) = self.constant_tuple(items)
        {
            let d = self.f.temp();
            self.f.emit(Op::LoadConst { d, k }, self.ast[item.right].span);
            return d;
        }
        self.any(item.right)
    }

    /// An operand in the middle of a chained comparison, in place or in `register`.
    pub(super) fn comparand_of_chain(&mut self, item: &CompareItem, register: Reg) -> Reg {
        if let ExprKind::Name(symbol) = self.ast[item.right].kind
            && let Var::Register(_) = self.var(symbol)
            && !self.may_change(symbol)
        {
            return self.any(item.right);
        }
        self.expr_to(item.right, register);
        register
    }

    fn walrus(&mut self, name: Name, value: ExprId, d: Reg) {
        if let Var::Register(register) = self.var(name.symbol) {
            self.expr_to(value, register);
            self.f.bound.insert(register);
            self.copy(d, register, name.span);
        } else {
            let w = self.work_register(d);
            self.expr_to(value, w);
            self.store(name.symbol, w, name.span);
            self.copy(d, w, name.span);
        }
    }

    fn yield_value(&mut self, value: Option<ExprId>, d: Reg, span: Span) {
        self.check_yield(span);
        let a = match value {
            Some(value) => self.any(value),
            None => {
                let a = self.f.temp();
                self.f.emit(Op::LoadNone { d: a }, span);
                a
            }
        };
        self.f.emit(Op::Yield { d, a }, span);
    }

    fn yield_from(&mut self, value: ExprId, d: Reg, span: Span) {
        self.check_yield(span);
        let w = self.f.temp();
        let a = self.any(value);
        self.f.emit(Op::IterValue { d: w, a }, span);
        self.f.emit(Op::YieldFrom { d, a: w }, span);
    }

    fn check_yield(&mut self, span: Span) {
        if self.f.kind == CodeKind::Module {
            self.error(span, "E0312", || "'yield' outside function".into());
        }
    }

    /// The three parts of a slice, in three temporaries.
    pub(super) fn slice(
        &mut self,
        lower: Option<ExprId>,
        upper: Option<ExprId>,
        step: Option<ExprId>,
        span: Span,
    ) -> Reg {
        let first = self.f.temps(3);
        for (i, part) in [lower, upper, step].into_iter().enumerate() {
            let d = first.saturating_add(i as u8);
            match part {
                Some(part) => self.expr_to(part, d),
                None => self.f.emit(Op::LoadNone { d }, span),
            }
        }
        first
    }
}
