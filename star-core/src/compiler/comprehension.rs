//! Comprehensions and the loops of generator expressions.
//!
//! In: an element and clauses. Out: loops in line. Rule: the first iterable is evaluated outside; the targets are
//! variables of their own, made anew each time, in registers among the temporaries that stay where they are.

use super::Emitter;
use super::function::{BLOCK_LIMIT, CROWDED, Var};
use super::labels::Label;
use crate::ast::{CompClause, ExprId, ExprKind, List};
use crate::bytecode::{Op, Reg, Variable};
use crate::resolve::flag;
use crate::span::Span;

/// As many loops may nest as statements may.
const MAX_LOOPS: usize = 20;

/// What a round of the innermost loop does.
#[derive(Clone, Copy)]
pub(super) enum Element {
    List(Reg, ExprId),
    Set(Reg, ExprId),
    Dict(Reg, ExprId, ExprId),
    Yield(ExprId),
}

impl Emitter<'_> {
    pub(super) fn comprehension(&mut self, id: ExprId, kind: ExprKind, d: Reg, span: Span) {
        let w = self.work_register(d);
        let (clauses, element, build) = match kind {
            ExprKind::ListComp { element, clauses } => {
                (clauses, Element::List(w, element), Op::BuildList { d: w, b: 0, count: 0 })
            }
            ExprKind::SetComp { element, clauses } => {
                (clauses, Element::Set(w, element), Op::BuildSet { d: w, b: 0, count: 0 })
            }
            ExprKind::DictComp { key, value, clauses } => {
                (clauses, Element::Dict(w, key, value), Op::BuildDict { d: w, b: 0, count: 0 })
            }
            _ => return,
        };
        let Some(&CompClause::For { iter, .. }) = self.ast[clauses].first() else { return };
        let r = self.f.temps(3);
        let a = self.iterable(iter, r);
        self.f.emit(Op::GetIter { d: r, a }, self.ast[iter].span);
        self.f.emit(build, span);

        let scope = self.scopes.comprehension(id);
        let start = self.f.pc();
        let (pinned, spilled) = (self.f.pinned, self.f.spill.next);
        let bound = self.f.bound;
        let made = self.iteration_variables(scope, span);
        self.scopes.enter(scope);
        self.loops(clauses, r, element, span);
        self.scopes.leave(scope);
        self.name_variables(scope, start);
        self.f.bound = bound;
        self.f.pinned = pinned;
        self.f.spill.next = spilled;
        self.close_spill(made);
        self.copy(d, w, span);
    }

    /// Evaluates an iterable in place, or into `R[r]`. A list of constants that is only iterated may be a tuple.
    fn iterable(&mut self, iter: ExprId, r: Reg) -> Reg {
        if let Some(k) = self.constant_iterable(iter) {
            self.f.emit(Op::LoadConst { d: r, k }, self.ast[iter].span);
            return r;
        }
        match self.register_of(iter) {
            Some(_) => self.any(iter),
            None => {
                self.expr_to(iter, r);
                r
            }
        }
    }

    /// The index of the constant tuple that is as good as a list of constants to iterate.
    pub(super) fn constant_iterable(&mut self, iter: ExprId) -> Option<u32> {
        match self.ast[iter].kind {
            ExprKind::List(items) => self.constant_tuple(items),
            _ => None,
        }
    }

    /// Makes the variables of a comprehension. Returns whether a spill list was made for them.
    fn iteration_variables(&mut self, scope: u32, span: Span) -> bool {
        let mut made = false;
        let mut id = self.scopes.scopes.get(scope as usize).map_or(crate::resolve::NONE, |scope| scope.first);
        while let Some(&entry) = self.scopes.entries.get(id as usize) {
            let captured = entry.is(flag::CAPTURED);
            let var = if self.f.next < BLOCK_LIMIT {
                let r = self.f.temp();
                self.f.pinned = self.f.next;
                self.f.bound.insert(r);
                if captured || entry.is(flag::EARLY) {
                    self.f.emit(Op::LoadUndef { d: r }, span);
                    self.f.bound.remove(r);
                }
                if captured {
                    self.f.emit(Op::MakeCell { c: r }, span);
                }
                if captured { Var::Cell(r) } else { Var::Register(r) }
            } else {
                made |= self.open_spill(span);
                let i = self.spill_places(1);
                self.spilled_variable(i, captured, span)
            };
            if let Some(place) = self.vars.get_mut(id as usize) {
                *place = var;
            }
            id = entry.next;
        }
        made
    }

    /// A variable of a comprehension in the spill list: unbound at first, or an empty cell.
    fn spilled_variable(&mut self, i: u32, captured: bool, span: Span) -> Var {
        let s = self.f.spill.register.unwrap_or(super::function::SPILL_REGISTER);
        let before = self.f.next;
        let a = self.f.temp();
        self.f.emit(Op::LoadUndef { d: a }, span);
        if captured {
            self.f.emit(Op::MakeCell { c: a }, span);
        }
        self.f.emit(Op::StoreSpill { a, s, i }, span);
        self.f.next = before;
        if captured { Var::SpillCell(i) } else { Var::Spill(i) }
    }

    /// Tells where the variables of a scope lived from instruction `start` to here.
    pub(super) fn name_variables(&mut self, scope: u32, start: u32) {
        let end = self.f.pc();
        let mut id = self.scopes.scopes.get(scope as usize).map_or(crate::resolve::NONE, |scope| scope.first);
        while let Some(&entry) = self.scopes.entries.get(id as usize) {
            if let Some(place) = self.vars.get(id as usize).and_then(|var| var.place()) {
                let name = self.interner.text(entry.symbol).clone();
                self.f.variables.push(Variable { name, place, start, end });
            }
            id = entry.next;
        }
    }

    /// The clauses after the first iterable, whose iteration state is at `R[r]`, and the element.
    pub(super) fn loops(&mut self, clauses: List<CompClause>, r: Reg, element: Element, span: Span) {
        let ast = self.ast;
        let end = self.label();
        // Where to go when the loop at hand is exhausted, and for its next round.
        let mut exhausted = end;
        let mut again: Option<Label> = None;
        // What the innermost loop does at its bottom.
        let mut bottom = None;
        let mut count = 0;
        for clause in &ast[clauses] {
            match *clause {
                CompClause::For { target, iter } => {
                    let at = ast[iter].span;
                    let mut state = r;
                    if let Some(again) = again {
                        exhausted = again;
                        state = self.inner_state(iter, &mut count);
                    }
                    let head = self.label();
                    self.f.bind(head);
                    let before = self.f.next;
                    let taken = self.take_item(state, target, exhausted, at);
                    let body = self.label();
                    self.f.bind(body);
                    self.store_item(&taken);
                    self.f.next = before;
                    again = Some(head);
                    bottom = Some((taken.advance, body));
                }
                CompClause::If(test) => {
                    if let Some(again) = again {
                        self.jump_if(test, false, again);
                    }
                }
            }
        }
        self.element(element, span);
        if let Some((advance, body)) = bottom {
            self.advance(advance, body);
        }
        if exhausted != end {
            self.f.emit_jump(Op::Jump { to: 0 }, exhausted, span);
        }
        self.f.bind(end);
    }

    fn inner_state(&mut self, iter: ExprId, count: &mut usize) -> Reg {
        *count += 1;
        let span = self.ast[iter].span;
        if *count >= MAX_LOOPS || self.f.next + 3 > CROWDED + 24 {
            self.error(span, "E0320", || "too many statically nested blocks".into());
            return 0;
        }
        let state = self.f.temps(3);
        let a = self.iterable(iter, state);
        self.f.emit(Op::GetIter { d: state, a }, span);
        state
    }

    fn element(&mut self, element: Element, span: Span) {
        let before = self.f.next;
        match element {
            Element::List(a, value) => {
                let b = self.any(value);
                self.f.emit(Op::ListAppend { a, b }, span);
            }
            Element::Set(a, value) => {
                let b = self.any(value);
                self.f.emit(Op::SetAdd { a, b }, span);
            }
            Element::Dict(a, key, value) => {
                let b = self.stable(key);
                let c = self.any(value);
                self.f.emit(Op::DictPut { a, b, c }, span);
            }
            Element::Yield(value) => {
                let a = self.any(value);
                let d = self.f.temp();
                self.f.emit(Op::Yield { d, a }, self.ast[value].span);
            }
        }
        self.f.next = before;
    }
}
