//! The global names of a module as slots.
//!
//! In: symbols as the compiler meets them. Out: slot numbers in order of first appearance. Rule: slots are never
//! taken back; what a slot holds is the isolate's matter.

use std::sync::Arc;

use crate::intern::{Interner, Symbol};

/// The slots of one module. All symbols given to it come from the same [`Interner`].
#[derive(Default, Debug)]
pub struct ModuleNames {
    /// Symbol → slot + 1, or 0.
    slots: Vec<u32>,
    names: Vec<Arc<str>>,
    /// Slots that the host has bound for good.
    fixed: Vec<u32>,
    /// Where assignments are noted: slot of a name → slot of its note + 1, or 0.
    notes: Option<Vec<u32>>,
}

/// Begins the names of slots that hold notes; no name of a script has it.
const NOTE: &str = "__assigned ";

impl ModuleNames {
    /// The slot of `symbol`, which gets one if it has none.
    pub fn slot(&mut self, symbol: Symbol, interner: &Interner) -> u32 {
        let index = symbol.0 as usize;
        if let Some(&slot) = self.slots.get(index)
            && slot != 0
        {
            return slot - 1;
        }
        if index >= self.slots.len() {
            self.slots.resize(index + 1, 0);
        }
        self.names.push(interner.text(symbol).clone());
        self.slots[index] = self.names.len() as u32;
        self.names.len() as u32 - 1
    }

    /// Makes another interner's symbols the names' own.
    pub fn move_to(&mut self, interner: &mut Interner) {
        self.slots.clear();
        self.slots.shrink_to_fit();
        for (slot, name) in self.names.iter().enumerate() {
            let index = interner.intern(name).0 as usize;
            if index >= self.slots.len() {
                self.slots.resize(index + 1, 0);
            }
            self.slots[index] = slot as u32 + 1;
        }
    }

    /// Leaves the slot to the host: what the script assigns to it at its top level is passed over.
    pub fn fix(&mut self, slot: u32) {
        if !self.is_fixed(slot) {
            self.fixed.push(slot);
        }
    }

    /// Whether the host has bound the slot for good.
    pub fn is_fixed(&self, slot: u32) -> bool {
        self.fixed.contains(&slot)
    }

    /// From now on, code that binds a global also notes where.
    pub fn note_assignments(&mut self) {
        self.notes.get_or_insert_default();
    }

    /// The slot that is to hold where `slot` was last bound, if that is noted. It gets one if it has none.
    pub fn note(&mut self, slot: u32) -> Option<u32> {
        let notes = self.notes.as_mut()?;
        let index = slot as usize;
        if let Some(&note) = notes.get(index)
            && note != 0
        {
            return Some(note - 1);
        }
        if index >= notes.len() {
            notes.resize(index + 1, 0);
        }
        self.names.push(format!("{NOTE}{}", self.names[index]).into());
        notes[index] = self.names.len() as u32;
        Some(self.names.len() as u32 - 1)
    }

    /// The slot of the note about `slot`, if there is one.
    pub fn noted(&self, slot: u32) -> Option<u32> {
        self.notes.as_ref()?.get(slot as usize)?.checked_sub(1)
    }

    /// The slot of `symbol` if it has one.
    pub fn get(&self, symbol: Symbol) -> Option<u32> {
        self.slots.get(symbol.0 as usize).and_then(|slot| slot.checked_sub(1))
    }

    /// The slot of the name `text` if it has one.
    pub fn find(&self, text: &str, interner: &Interner) -> Option<u32> {
        self.get(interner.get(text)?)
    }

    /// The name of a slot.
    pub fn name(&self, slot: u32) -> Option<&Arc<str>> {
        self.names.get(slot as usize)
    }

    /// All names, by slot.
    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// How many slots there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}
