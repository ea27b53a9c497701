//! Names as small numbers.
//!
//! In: identifiers and attribute names. Out: [`Symbol`]s, equal exactly when the names are. Rule: a symbol
//! means something only with the [`Interner`] that made it; compiled code carries names as text.

use std::collections::HashMap;
use std::sync::Arc;

/// An interned name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Symbol(pub u32);

/// The names seen so far.
#[derive(Default)]
pub struct Interner {
    by_text: HashMap<Arc<str>, Symbol, BuildHasher>,
    texts: Vec<Arc<str>>,
    /// What the texts take.
    text_bytes: usize,
}

/// What a name takes besides its text: the counts of references to it, its place here and in the map, its slot.
const NAME_BYTES: usize = 80;

/// Keyed at random per process: names come from untrusted source.
type BuildHasher = std::collections::hash_map::RandomState;

impl Interner {
    /// The symbol of `text`.
    pub fn intern(&mut self, text: &str) -> Symbol {
        if let Some(&symbol) = self.by_text.get(text) {
            return symbol;
        }
        let symbol = Symbol(self.texts.len() as u32);
        self.text_bytes += text.len();
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.by_text.insert(text, symbol);
        symbol
    }

    /// The symbol of `text` if it has been seen.
    pub fn get(&self, text: &str) -> Option<Symbol> {
        self.by_text.get(text).copied()
    }

    /// The text of a symbol of this interner.
    pub fn text(&self, symbol: Symbol) -> &Arc<str> {
        &self.texts[symbol.0 as usize]
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.text_bytes + self.texts.len() * NAME_BYTES
    }

    /// Whether no name has been seen.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}
