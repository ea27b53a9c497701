//! Reading, binding and unbinding names.
//!
//! In: symbols. Out: the instruction for where the variable lives. Rule: a local in a register is checked when it is
//! read unless it is certainly bound; everything else checks itself.

use super::Emitter;
use super::function::{SPILL_REGISTER, Var};
use crate::ast::{ExprId, ExprKind};
use crate::bytecode::{Constant, Op, Place, Reg, Variable};
use crate::intern::Symbol;
use crate::lexer::codes;
use crate::resolve::flag;
use crate::span::Span;

impl Emitter<'_> {
    /// Where the variable of a name lives.
    pub(super) fn var(&self, symbol: Symbol) -> Var {
        self.vars.get(self.scopes.lookup(symbol) as usize).copied().unwrap_or(Var::Global)
    }

    /// The module's slot of a global name.
    pub(super) fn slot(&mut self, symbol: Symbol) -> u32 {
        self.names.slot(symbol, self.interner)
    }

    /// The register of a target that is a local in a register: a value may be computed right into it.
    pub(super) fn register_of(&self, target: ExprId) -> Option<Reg> {
        let ExprKind::Name(symbol) = self.ast[target].kind else { return None };
        match self.var(symbol) {
            Var::Register(r) => Some(r),
            _ => None,
        }
    }

    /// Whether a name is bound by `:=` somewhere, so that an operand must not be read in place.
    pub(super) fn may_change(&self, symbol: Symbol) -> bool {
        let entry = self.scopes.lookup(symbol) as usize;
        self.scopes.entries.get(entry).is_some_and(|entry| entry.is(flag::WALRUS))
    }

    pub(super) fn check_bound(&mut self, register: Reg, span: Span) {
        if !self.f.bound.has(register) {
            self.f.emit(Op::CheckBound { a: register }, span);
            self.f.bound.insert(register);
        }
    }

    fn spill_register(&self) -> Reg {
        self.f.spill.register.unwrap_or(SPILL_REGISTER)
    }

    /// `R[d] =` the value of a name.
    pub(super) fn load(&mut self, symbol: Symbol, d: Reg, span: Span) {
        let op = match self.var(symbol) {
            Var::Global => Op::LoadGlobal { d, slot: self.slot(symbol) },
            Var::Register(a) => {
                self.check_bound(a, span);
                return self.copy(d, a, span);
            }
            Var::Cell(c) => Op::LoadCell { d, c },
            Var::Free(i) => Op::LoadFree { d, i },
            Var::Spill(i) => Op::LoadSpill { d, s: self.spill_register(), i },
            Var::SpillCell(i) => {
                // The result may be a variable, which must keep its value if the cell is empty.
                let before = self.f.next;
                let c = if self.f.is_temp(d) { d } else { self.f.temp() };
                self.f.emit(Op::LoadSpill { d: c, s: self.spill_register(), i }, span);
                self.f.next = before;
                self.name_spilled_cell(symbol, c);
                Op::LoadCell { d, c }
            }
        };
        self.f.emit(op, span);
    }

    /// Binds a name to `R[a]`.
    pub(super) fn store(&mut self, symbol: Symbol, a: Reg, span: Span) {
        let op = match self.var(symbol) {
            Var::Global => return self.store_global(symbol, a, span),
            Var::Register(d) => {
                self.f.bound.insert(d);
                return self.copy(d, a, span);
            }
            Var::Cell(c) => Op::StoreCell { c, a },
            Var::Free(i) => Op::StoreFree { a, i },
            Var::Spill(i) => Op::StoreSpill { a, s: self.spill_register(), i },
            Var::SpillCell(i) => {
                let c = self.spilled_cell(i, span);
                Op::StoreCell { c, a }
            }
        };
        self.f.emit(op, span);
    }

    fn store_global(&mut self, symbol: Symbol, a: Reg, span: Span) {
        let slot = self.slot(symbol);
        if self.names.is_fixed(slot) {
            return self.cannot_rebind(symbol, span);
        }
        self.f.emit(Op::StoreGlobal { a, slot }, span);
        // Where registers are short the note is left out.
        if !self.f.crowded()
            && let Some(note) = self.names.note(slot)
        {
            let before = self.f.next;
            let d = self.f.temp();
            let at = self.ast.source.base.offset + u64::from(span.start);
            self.load_constant(Constant::Int(at as i64), d, span);
            self.f.emit(Op::StoreGlobal { a: d, slot: note }, span);
            self.f.next = before;
        }
    }

    #[cold]
    fn cannot_rebind(&mut self, symbol: Symbol, span: Span) {
        let name = self.interner.text(symbol).clone();
        self.error(span, codes::FIXED, || {
            format!("'{name}' is given by the host: beside that only '{name} = ...' at the top level can stand, as its default")
        });
    }

    /// `del name`.
    pub(super) fn delete_name(&mut self, symbol: Symbol, span: Span) {
        let op = match self.var(symbol) {
            Var::Global => {
                let slot = self.slot(symbol);
                if self.names.is_fixed(slot) {
                    return self.cannot_rebind(symbol, span);
                }
                Op::DelGlobal { slot }
            }
            Var::Register(a) => {
                self.f.bound.remove(a);
                Op::DelLocal { a }
            }
            Var::Cell(c) => Op::DelCell { c },
            Var::Free(i) => Op::DelFree { i },
            Var::Spill(i) => Op::DelSpill { s: self.spill_register(), i },
            Var::SpillCell(i) => {
                let c = self.spilled_cell(i, span);
                self.name_spilled_cell(symbol, c);
                Op::DelCell { c }
            }
        };
        self.f.emit(op, span);
    }

    /// A spilled cell, loaded for the next instruction.
    fn spilled_cell(&mut self, i: u32, span: Span) -> Reg {
        let before = self.f.next;
        let d = self.f.temp();
        self.f.emit(Op::LoadSpill { d, s: self.spill_register(), i }, span);
        self.f.next = before;
        d
    }

    /// Tells whose cell is in a temporary for the next instruction, which names it if it is empty.
    fn name_spilled_cell(&mut self, symbol: Symbol, c: Reg) {
        let (name, start) = (self.interner.text(symbol).clone(), self.f.pc());
        self.f.variables.push(Variable { name, place: Place::Cell(c), start, end: start + 1 });
    }

    /// `R[d] = R[a]`, if they differ.
    pub(super) fn copy(&mut self, d: Reg, a: Reg, span: Span) {
        if d != a {
            self.f.emit(Op::Move { d, a }, span);
        }
    }
}
