//! When registers run out.
//!
//! In: an expression (or a target) that finds too many temporaries in use. Out: the same code with the temporaries
//! saved around it. Rule: no program is refused for how deep its expressions nest.
//!
//! Functions with more locals than registers have a spill list from the start; elsewhere the outermost expression
//! that needs one makes it, so that it is made on every way to where it is used.

use super::Emitter;
use super::function::SPILL_REGISTER;
use crate::ast::ExprId;
use crate::bytecode::{Op, Reg};
use crate::span::Span;

impl Emitter<'_> {
    /// `R[d] =` an expression, with the temporaries out of its way.
    pub(super) fn expr_to_with_room(&mut self, id: ExprId, d: Reg) {
        let span = self.ast[id].span;
        let Some(saved) = self.save_temps(span) else { return };
        let value = self.f.temp();
        self.expr_to(id, value);
        self.f.next = saved.end;
        if (saved.start..saved.end).contains(&u16::from(d)) {
            let kept = self.f.temp();
            self.copy(kept, value, span);
            self.restore_temps(saved, span);
            self.copy(d, kept, span);
        } else {
            self.copy(d, value, span);
            self.restore_temps(saved, span);
        }
    }

    /// Runs `body` with the temporaries out of its way; `R[a]` is at hand in the register it is given.
    pub(super) fn with_room(&mut self, a: Reg, span: Span, body: impl FnOnce(&mut Self, Reg)) {
        let Some(saved) = self.save_temps(span) else { return };
        let mut at_hand = a;
        if (saved.start..saved.end).contains(&u16::from(a)) {
            at_hand = self.f.temp();
            self.copy(at_hand, a, span);
        }
        body(self, at_hand);
        self.restore_temps(saved, span);
    }

    fn save_temps(&mut self, span: Span) -> Option<Saved> {
        let (start, end) = (self.f.movable(), self.f.next);
        if start >= end {
            self.f.overflow = true;
            return None;
        }
        let made = self.open_spill(span);
        let count = end - start;
        let at = self.spill_places(count.into());
        let s = self.f.spill.register.unwrap_or(SPILL_REGISTER);
        self.f.emit(Op::SaveTemps { a: start as Reg, count: count as u8, s, i: at }, span);
        self.f.next = start;
        Some(Saved { start, end, at, made })
    }

    fn restore_temps(&mut self, saved: Saved, span: Span) {
        let s = self.f.spill.register.unwrap_or(SPILL_REGISTER);
        let count = (saved.end - saved.start) as u8;
        self.f.emit(Op::RestoreTemps { a: saved.start as Reg, count, s, i: saved.at }, span);
        self.f.next = saved.end;
        self.f.spill.next = saved.at;
        self.close_spill(saved.made);
    }

    /// Makes a spill list, unless there is one. Returns what [`Self::close_spill`] takes.
    pub(super) fn open_spill(&mut self, span: Span) -> bool {
        if self.f.spill.register.is_some() {
            return false;
        }
        self.f.spill.register = Some(SPILL_REGISTER);
        self.f.spill.made_at = self.f.pc();
        self.f.spill.next = 0;
        self.f.spill.most = 0;
        self.f.touch(SPILL_REGISTER);
        self.f.emit(Op::NewSpill { d: SPILL_REGISTER, count: 0 }, span);
        true
    }

    /// Ends the use of the spill list, if it was `made` for this.
    pub(super) fn close_spill(&mut self, made: bool) {
        if made {
            self.f.set_spill_count();
            self.f.spill.register = None;
        }
    }

    /// Takes `count` places of the spill list; returns the first.
    pub(super) fn spill_places(&mut self, count: u32) -> u32 {
        let spill = &mut self.f.spill;
        let first = spill.next;
        spill.next += count;
        spill.most = spill.most.max(spill.next);
        first
    }

    /// A long `a ** b ** c`: the operands wait in the spill list, from left to right.
    pub(super) fn long_power(&mut self, items: &[ExprId], d: Reg, span: Span) {
        const CHUNK: usize = 8;
        let Some((&last, rest)) = items.split_last() else { return };
        let made = self.open_spill(span);
        let s = self.f.spill.register.unwrap_or(SPILL_REGISTER);
        let places = self.spill_places(rest.len() as u32);
        let b = self.work_register(d);
        let a = self.f.temps(CHUNK as u16);
        for (i, chunk) in rest.chunks(CHUNK).enumerate() {
            for (j, &item) in chunk.iter().enumerate() {
                self.expr_to(item, a.saturating_add(j as u8));
            }
            let i = places + (i * CHUNK) as u32;
            self.f.emit(Op::SaveTemps { a, count: chunk.len() as u8, s, i }, span);
        }
        self.expr_to(last, b);
        for (i, chunk) in rest.chunks(CHUNK).enumerate().rev() {
            let i = places + (i * CHUNK) as u32;
            self.f.emit(Op::RestoreTemps { a, count: chunk.len() as u8, s, i }, span);
            for j in (0..chunk.len()).rev() {
                let a = a.saturating_add(j as u8);
                self.f.emit(Op::Binary { op: crate::ast::BinaryOp::Pow, d: b, a, b }, span);
            }
        }
        self.copy(d, b, span);
        self.f.spill.next = places;
        self.close_spill(made);
    }
}

/// Temporaries `start..end`, saved at place `at`.
struct Saved {
    start: u16,
    end: u16,
    at: u32,
    /// Whether the spill list was made for them.
    made: bool,
}
