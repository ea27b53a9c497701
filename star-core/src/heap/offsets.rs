//! Where code points lie in texts that are not ASCII.
//!
//! In: a string and the number of a code point. Out: its byte offset, in constant time after a first pass. Rule: a table
//! belongs to a string as long as that lives; strings count its bytes from the start, so that reading one never changes
//! what the heap has in use.

use std::cell::RefCell;
use std::collections::HashMap;

use super::Heap;
use crate::object::{STRIDE, Str};
use crate::value::Ref;

/// By index of the string: the byte offset of every [`STRIDE`]th code point. They are few, so they do not lie in the
/// strings, where they would make all of them larger.
#[derive(Default)]
pub(super) struct Offsets(RefCell<HashMap<u32, Box<[u32]>>>);

impl Offsets {
    /// Forgets the tables of strings that `lives` does not know.
    pub fn retain(&mut self, lives: impl Fn(usize) -> bool) {
        self.0.get_mut().retain(|&index, _| lives(index as usize));
    }

    fn of(&self, at: Ref<Str>, text: &str, entry: usize) -> usize {
        let mut tables = self.0.borrow_mut();
        let table = tables.entry(at.index() as u32).or_insert_with(|| {
            text.char_indices().step_by(STRIDE).map(|(offset, _)| offset as u32).collect()
        });
        table[entry] as usize
    }
}

impl Heap {
    /// Byte offset of code point `index` of a string, or the length of its text if there are no more than that.
    pub fn byte_offset(&self, at: Ref<Str>, index: usize) -> usize {
        let object = &self[at];
        let text = object.as_str();
        if object.is_ascii() {
            return index.min(text.len());
        }
        if index >= object.chars() {
            return text.len();
        }
        let start = if index < STRIDE { 0 } else { self.offsets.of(at, text, index / STRIDE) };
        let rest = &text[start..];
        start + rest.char_indices().nth(index % STRIDE).map_or(rest.len(), |(offset, _)| offset)
    }

    /// Code point `index` of a string.
    pub fn char_at(&self, at: Ref<Str>, index: usize) -> Option<char> {
        self[at].as_str()[self.byte_offset(at, index)..].chars().next()
    }
}
