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
}

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
