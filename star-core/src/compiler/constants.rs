//! The constants and attribute names of a function, each once.
//!
//! In: constants as expressions need them. Out: their indices. Rule: constants are the same if no script can tell
//! them apart (so `0.0`, `-0.0`, `0` and `False` are four).

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::bytecode::Constant;
use crate::intern::Symbol;

/// Up to this many are found by looking at each; most functions have fewer, and need no map.
const SCANNED: usize = 12;
/// Maps that grew beyond this are dropped with their function: clearing one costs as much as its size.
const KEPT: usize = 4096;

/// The constants of a function.
#[derive(Default)]
pub(super) struct Constants {
    pub(super) items: Vec<Constant>,
    map: HashMap<Key, u32>,
}

impl Constants {
    pub(super) fn clear(&mut self) {
        self.items.clear();
        if self.map.capacity() > KEPT { self.map = HashMap::new() } else { self.map.clear() }
    }

    /// The index of `constant`.
    #[inline(never)]
    pub(super) fn index(&mut self, constant: Constant) -> u32 {
        let index = self.items.len() as u32;
        if self.items.len() < SCANNED {
            if let Some(at) = self.items.iter().position(|item| same(item, &constant)) {
                return at as u32;
            }
        } else {
            if self.map.is_empty() {
                self.map.extend(self.items.iter().cloned().map(Key).zip(0..));
            }
            match self.map.entry(Key(constant.clone())) {
                std::collections::hash_map::Entry::Occupied(entry) => return *entry.get(),
                std::collections::hash_map::Entry::Vacant(entry) => entry.insert(index),
            };
        }
        self.items.push(constant);
        index
    }
}

/// A constant that is equal to another only if they are the same.
struct Key(Constant);

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        same(&self.0, &other.0)
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(&self.0).hash(state);
        match &self.0 {
            Constant::None | Constant::Ellipsis => {}
            Constant::Bool(value) => value.hash(state),
            Constant::Int(value) => value.hash(state),
            Constant::BigInt(value) => value.hash(state),
            Constant::Float(value) => value.to_bits().hash(state),
            Constant::Str(value) => value.hash(state),
            Constant::Bytes(value) => value.hash(state),
            Constant::Tuple(value) => value.hash(state),
        }
    }
}

fn same(a: &Constant, b: &Constant) -> bool {
    match (a, b) {
        (Constant::Float(a), Constant::Float(b)) => a.to_bits() == b.to_bits(),
        _ => a == b,
    }
}

/// The attribute names of a function.
#[derive(Default)]
pub(super) struct Names {
    pub(super) items: Vec<Arc<str>>,
    symbols: Vec<Option<Symbol>>,
    map: HashMap<Symbol, u32>,
}

impl Names {
    pub(super) fn clear(&mut self) {
        self.items.clear();
        self.symbols.clear();
        if self.map.capacity() > KEPT { self.map = HashMap::new() } else { self.map.clear() }
    }

    /// The index of a name.
    pub(super) fn index(&mut self, symbol: Symbol, text: &Arc<str>) -> u32 {
        let index = self.items.len() as u32;
        if self.items.len() < SCANNED {
            if let Some(at) = self.symbols.iter().position(|&known| known == Some(symbol)) {
                return at as u32;
            }
        } else {
            if self.map.is_empty() {
                self.map
                    .extend(self.symbols.iter().zip(0..).filter_map(|(symbol, at)| Some(((*symbol)?, at))));
            }
            match self.map.entry(symbol) {
                std::collections::hash_map::Entry::Occupied(entry) => return *entry.get(),
                std::collections::hash_map::Entry::Vacant(entry) => entry.insert(index),
            };
        }
        self.items.push(text.clone());
        self.symbols.push(Some(symbol));
        index
    }

    /// The index of a name that is no symbol: `a` of `from m import a as b`.
    pub(super) fn text(&mut self, text: &Arc<str>) -> u32 {
        self.items.push(text.clone());
        self.symbols.push(None);
        self.items.len() as u32 - 1
    }
}
