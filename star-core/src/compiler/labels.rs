//! Jump targets.
//!
//! In: labels as blocks and expressions open them, and the places where they are bound. Out: the `to` of each jump.
//! Rule: numbers are never used twice in a unit, since jumps of earlier segments go on referring to them; only
//! labels of blocks still open are remembered from piece to piece.

use crate::bytecode::{FAR, Op};

/// A place to jump to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Label(pub(super) u32);

/// The label was made and nothing jumps to it yet.
const UNUSED: u32 = u32::MAX;
/// Something jumps to it; where it lies is not known yet.
const USED: u32 = u32::MAX - 1;
/// It was bound in an earlier piece.
const EARLIER: u32 = u32::MAX - 2;

/// The labels of a function, or of a unit of the top level.
#[derive(Default)]
pub(super) struct Labels {
    /// The first label made in this piece.
    first: u32,
    /// States of the labels made in this piece.
    here: Vec<u32>,
    /// States of older labels whose blocks are open.
    older: Vec<(u32, u32)>,
}

impl Labels {
    /// Forgets everything: a new unit or function.
    pub(super) fn clear(&mut self) {
        self.first = 0;
        self.here.clear();
        self.older.clear();
    }

    pub(super) fn make(&mut self) -> Label {
        self.here.push(UNUSED);
        Label(self.first + self.here.len() as u32 - 1)
    }

    fn state(&mut self, label: Label) -> Option<&mut u32> {
        match label.0.checked_sub(self.first) {
            Some(index) => self.here.get_mut(index as usize),
            None => self.older.iter_mut().find(|(number, _)| *number == label.0).map(|(_, state)| state),
        }
    }

    /// Notes that something jumps there.
    pub(super) fn reference(&mut self, label: Label) {
        if let Some(state) = self.state(label)
            && *state == UNUSED
        {
            *state = USED;
        }
    }

    /// Binds a label; tells whether anything jumped to it before.
    pub(super) fn bind(&mut self, label: Label, pc: usize) -> bool {
        let Some(state) = self.state(label) else { return false };
        std::mem::replace(state, pc as u32) != UNUSED
    }

    /// Where a label lies, or `FAR` and its number.
    pub(super) fn place(&mut self, label: u32) -> u32 {
        match self.state(Label(label)) {
            Some(&mut pc) if pc < EARLIER => pc,
            _ => FAR + label,
        }
    }

    /// Ends a piece: returns what it bound that others may refer to. `open` are the labels of blocks still open.
    pub(super) fn end_piece(&mut self, open: impl Iterator<Item = Label>) -> Vec<(u32, u32)> {
        let mut bound: Vec<(u32, u32)> =
            self.older.iter().copied().filter(|&(_, state)| state < EARLIER).collect();
        let mut live = Vec::new();
        for label in open {
            let Some(&mut state) = self.state(label) else { continue };
            if state < EARLIER && label.0 >= self.first {
                bound.push((label.0, state));
            }
            live.push((label.0, if state < EARLIER { EARLIER } else { state }));
        }
        self.older = live;
        self.first += self.here.len() as u32;
        self.here.clear();
        bound
    }
}

/// The `to` of a jump.
pub(super) fn target(op: &Op) -> Option<i32> {
    let mut op = *op;
    target_mut(&mut op).copied()
}

/// The `to` of a jump, to change it.
pub(super) fn target_mut(op: &mut Op) -> Option<&mut i32> {
    match op {
        Op::Jump { to }
        | Op::JumpIfTrue { to, .. }
        | Op::JumpIfFalse { to, .. }
        | Op::JumpIfNone { to, .. }
        | Op::JumpIfNotNone { to, .. }
        | Op::JumpIfEq { to, .. }
        | Op::JumpIfNe { to, .. }
        | Op::JumpIfLt { to, .. }
        | Op::JumpIfLe { to, .. }
        | Op::JumpIfGt { to, .. }
        | Op::JumpIfGe { to, .. }
        | Op::JumpUnlessLt { to, .. }
        | Op::JumpUnlessLe { to, .. }
        | Op::JumpUnlessGt { to, .. }
        | Op::JumpUnlessGe { to, .. }
        | Op::JumpIfEqInt { to, .. }
        | Op::JumpIfNeInt { to, .. }
        | Op::JumpIfLtInt { to, .. }
        | Op::JumpIfLeInt { to, .. }
        | Op::JumpIfGtInt { to, .. }
        | Op::JumpIfGeInt { to, .. }
        | Op::JumpUnlessLtInt { to, .. }
        | Op::JumpUnlessLeInt { to, .. }
        | Op::JumpUnlessGtInt { to, .. }
        | Op::JumpUnlessGeInt { to, .. }
        | Op::JumpIfEqConst { to, .. }
        | Op::JumpIfNeConst { to, .. }
        | Op::JumpIfIn { to, .. }
        | Op::JumpIfNotIn { to, .. }
        | Op::JumpIfUndef { to, .. }
        | Op::ForIter { to, .. }
        | Op::ForIter2 { to, .. }
        | Op::ForNext { to, .. }
        | Op::ForNext2 { to, .. }
        | Op::JumpUnlessMatch { to, .. }
        | Op::JumpUnlessSequence { to, .. }
        | Op::JumpUnlessMapping { to, .. }
        | Op::JumpUnlessInstance { to, .. } => Some(to),
        _ => None,
    }
}
