//! Tuples, lists, sets and dicts.
//!
//! In: their items. Out: the items in registers and one instruction, or batch after batch. Rule: a key that cannot be
//! hashed fails when it does in CPython, which puts small sets and dicts together at the end and large ones item by
//! item.

use super::Emitter;
use crate::ast::{DictItem, ExprId, ExprKind, List};
use crate::bytecode::{Op, Reg};
use crate::span::Span;

/// Items that a list is extended by at once.
pub(super) const BATCH: usize = 30;
/// CPython's `STACK_USE_GUIDELINE`: sets and dicts with more items (a pair counts as two) grow item by item.
const AT_ONCE: usize = 30;
/// Lists with at least so many items, all constants, are copied from a constant tuple.
const COPIED: usize = 5;

impl Emitter<'_> {
    pub(super) fn tuple(&mut self, items: List<ExprId>, d: Reg, span: Span) {
        if let Some(k) = self.constant_tuple(items) {
            return self.f.emit(Op::LoadConst { d, k }, span);
        }
        if let Some(b) = self.in_registers(items) {
            return self.f.emit(Op::BuildTuple { d, b, count: items.len() as u8 }, span);
        }
        let w = self.f.temp();
        self.list_in_batches(self.items(items), w, span);
        self.f.emit(Op::ListToTuple { d, a: w }, span);
    }

    pub(super) fn list(&mut self, items: List<ExprId>, d: Reg, span: Span) {
        if items.len() >= COPIED
            && let Some(k) = self.constant_tuple(items)
        {
            let w = self.work_register(d);
            self.f.emit(Op::BuildList { d: w, b: 0, count: 0 }, span);
            let b = self.f.temp();
            self.f.emit(Op::LoadConst { d: b, k }, span);
            self.f.emit(Op::ListExtend { a: w, b }, span);
            return self.copy(d, w, span);
        }
        if let Some(b) = self.in_registers(items) {
            return self.f.emit(Op::BuildList { d, b, count: items.len() as u8 }, span);
        }
        let w = self.work_register(d);
        self.list_in_batches(self.items(items), w, span);
        self.copy(d, w, span);
    }

    /// Items, and whether they are starred.
    fn items<'b>(&self, items: List<ExprId>) -> impl Iterator<Item = (ExprId, bool)> + use<'b>
    where
        Self: 'b,
    {
        let ast = self.ast;
        ast[items].iter().map(move |&item| match ast[item].kind {
            ExprKind::Starred(value) => (value, true),
            _ => (item, false),
        })
    }

    /// Evaluates items into the next registers, if they are few and none is starred.
    fn in_registers(&mut self, items: List<ExprId>) -> Option<Reg> {
        let ast = self.ast;
        let starred = |item: &ExprId| matches!(ast[*item].kind, ExprKind::Starred(_));
        if items.len() > BATCH || ast[items].iter().any(starred) {
            return None;
        }
        Some(self.evaluate_all(&ast[items]))
    }

    fn evaluate_all(&mut self, items: &[ExprId]) -> Reg {
        let first = self.f.next as Reg;
        for &item in items {
            let d = self.f.temp();
            self.expr_to(item, d);
        }
        first
    }

    /// `R[d] =` a list of the items, batch by batch; starred ones extend it. `R[d]` is a temporary.
    pub(super) fn list_in_batches(
        &mut self,
        items: impl Iterator<Item = (ExprId, bool)>,
        d: Reg,
        span: Span,
    ) {
        let before = self.f.next;
        let mut items = items.peekable();
        let mut built = false;
        loop {
            let b = before as Reg;
            let mut count = 0;
            while count < BATCH
                && let Some((item, _)) = items.next_if(|&(_, starred)| !starred)
            {
                let register = self.f.temp();
                self.expr_to(item, register);
                count += 1;
            }
            match built {
                true if count == 0 => {}
                true => self.f.emit(Op::ListPush { a: d, b, count: count as u8 }, span),
                false => self.f.emit(Op::BuildList { d, b, count: count as u8 }, span),
            }
            built = true;
            self.f.next = before;
            if let Some((item, _)) = items.next_if(|&(_, starred)| starred) {
                let b = self.any(item);
                self.f.emit(Op::ListExtend { a: d, b }, span);
                self.f.next = before;
            } else if items.peek().is_none() {
                return;
            }
        }
    }

    pub(super) fn set(&mut self, items: List<ExprId>, d: Reg, span: Span) {
        let ast = self.ast;
        let starred = |item: &ExprId| matches!(ast[*item].kind, ExprKind::Starred(_));
        let prefix = ast[items].iter().position(starred).unwrap_or(items.len());
        let at_once = if items.len() > AT_ONCE { 0 } else { prefix };
        let (first, rest) = ast[items].split_at(at_once);
        let w = if rest.is_empty() { d } else { self.work_register(d) };
        let before = self.f.next;
        let b = self.evaluate_all(first);
        self.f.emit(Op::BuildSet { d: w, b, count: first.len() as u8 }, span);
        for &item in rest {
            self.f.next = before;
            let op = match ast[item].kind {
                ExprKind::Starred(value) => Op::SetExtend { a: w, b: self.any(value) },
                _ => Op::SetAdd { a: w, b: self.any(item) },
            };
            self.f.emit(op, span);
        }
        self.copy(d, w, span);
    }

    pub(super) fn dict(&mut self, items: List<DictItem>, d: Reg, span: Span) {
        let ast = self.ast;
        let items = &ast[items];
        let stars = items.iter().any(|item| matches!(item, DictItem::DoubleStar(_)));
        if !stars && items.len() * 2 <= AT_ONCE {
            let b = self.pairs(items);
            return self.f.emit(Op::BuildDict { d, b, count: items.len() as u8 }, span);
        }
        let w = self.work_register(d);
        let before = self.f.next;
        let is_pair = |item: &DictItem| matches!(item, DictItem::Pair(..));
        let mut built = false;
        for group in items.chunk_by(|a, b| is_pair(a) && is_pair(b)) {
            self.f.next = before;
            if let [DictItem::DoubleStar(value)] = *group {
                self.build_once(&mut built, w, span);
                let b = self.any(value);
                self.f.emit(Op::DictMerge { a: w, b }, span);
            } else {
                self.dict_group(group, w, &mut built, span);
            }
        }
        self.copy(d, w, span);
    }

    /// Pairs between two `**`, in runs as CPython makes them.
    fn dict_group(&mut self, group: &[DictItem], w: Reg, built: &mut bool, span: Span) {
        let before = self.f.next;
        for run in group.chunks(AT_ONCE / 2 + 2) {
            self.f.next = before;
            if run.len() * 2 <= AT_ONCE {
                let d = if *built { self.f.temp() } else { w };
                let b = self.pairs(run);
                self.f.emit(Op::BuildDict { d, b, count: run.len() as u8 }, span);
                if *built {
                    self.f.emit(Op::DictMerge { a: w, b: d }, span);
                }
                *built = true;
                continue;
            }
            self.build_once(built, w, span);
            for item in run {
                if let DictItem::Pair(key, value) = *item {
                    self.f.next = before;
                    let b = self.stable(key);
                    let c = self.any(value);
                    self.f.emit(Op::DictPut { a: w, b, c }, span);
                }
            }
        }
    }

    fn build_once(&mut self, built: &mut bool, d: Reg, span: Span) {
        if !std::mem::replace(built, true) {
            self.f.emit(Op::BuildDict { d, b: 0, count: 0 }, span);
        }
    }

    /// Keys and values, one after the other, in the next registers.
    fn pairs(&mut self, items: &[DictItem]) -> Reg {
        let first = self.f.next as Reg;
        for item in items {
            if let DictItem::Pair(key, value) = *item {
                for part in [key, value] {
                    let d = self.f.temp();
                    self.expr_to(part, d);
                }
            }
        }
        first
    }
}
