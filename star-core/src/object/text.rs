//! `str` and `bytes`.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use super::Object;
use crate::value::Value;

/// A string: immutable UTF-8.
pub struct Str {
    text: Rc<str>,
    /// Length in code points; equal to the length in bytes exactly when the text is ASCII.
    chars: usize,
    /// Hash for tables, 0 while unknown.
    pub(crate) hash: Cell<u64>,
    /// Byte offset of every 64th code point, made at the first index into a text that is not ASCII.
    index: OnceCell<Box<[u32]>>,
}

/// Code points per entry of `Str::index`.
const STRIDE: usize = 64;

thread_local! {
    /// What every free place shares: an empty `Rc` is an allocation too, and a sweep fills many places.
    static EMPTY: (Rc<str>, Rc<[u8]>) = (Rc::from(""), Rc::from([]));
}

impl Default for Str {
    fn default() -> Str {
        let text = EMPTY.try_with(|(text, _)| text.clone()).unwrap_or_else(|_| Rc::from(""));
        Str { text, chars: 0, hash: Cell::new(0), index: OnceCell::new() }
    }
}

impl Str {
    /// A string of `text`. Costs one pass to count code points.
    pub fn new(text: Rc<str>) -> Str {
        let chars = if text.is_ascii() { text.len() } else { text.chars().count() };
        Str { text, chars, hash: Cell::new(0), index: OnceCell::new() }
    }

    /// The text.
    #[inline]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text, to keep beyond the borrow of the heap.
    pub fn share(&self) -> Rc<str> {
        self.text.clone()
    }

    /// Length in code points.
    #[inline]
    pub fn chars(&self) -> usize {
        self.chars
    }

    /// Whether every code point is ASCII, so that code points and bytes count alike.
    #[inline]
    pub fn is_ascii(&self) -> bool {
        self.chars == self.text.len()
    }

    /// Byte offset of code point `index` (at most `chars()`). Constant time after a first pass.
    pub fn byte_offset(&self, index: usize) -> usize {
        if self.is_ascii() {
            return index;
        }
        if index >= self.chars {
            return self.text.len();
        }
        let index_table = self.index.get_or_init(|| {
            self.text.char_indices().step_by(STRIDE).map(|(offset, _)| offset as u32).collect()
        });
        let start = index_table[index / STRIDE] as usize;
        let rest = &self.text[start..];
        start + rest.char_indices().nth(index % STRIDE).map_or(rest.len(), |(offset, _)| offset)
    }

    /// Code point index of byte `offset`, which lies on a boundary. O(offset) unless ASCII.
    pub fn char_index(&self, offset: usize) -> usize {
        if self.is_ascii() { offset } else { self.text[..offset].chars().count() }
    }

    /// The text of code points `start..end`.
    pub fn slice(&self, start: usize, end: usize) -> &str {
        &self.text[self.byte_offset(start)..self.byte_offset(end.max(start))]
    }
}

impl Object for Str {
    const LEAF: bool = true;

    fn payload(&self) -> usize {
        // The offset index of a non-ASCII text counts from the start, so that reading never changes the figure.
        let index = if self.is_ascii() { 0 } else { self.chars / STRIDE * 4 + 4 };
        self.text.len() + 16 + index
    }

    fn trace(&self, _: usize, _: &mut dyn FnMut(Value) -> bool) -> usize {
        usize::MAX
    }
}

/// A byte string: immutable.
pub struct Bytes {
    data: Rc<[u8]>,
    pub(crate) hash: Cell<u64>,
}

impl Default for Bytes {
    fn default() -> Bytes {
        Bytes::new(EMPTY.try_with(|(_, data)| data.clone()).unwrap_or_else(|_| Rc::from([])))
    }
}

impl Bytes {
    /// Bytes of `data`.
    pub fn new(data: Rc<[u8]>) -> Bytes {
        Bytes { data, hash: Cell::new(0) }
    }

    /// The data.
    #[inline]
    pub fn as_slice(&self) -> &[u8] {
        &self.data
    }

    /// The data, to keep beyond the borrow of the heap.
    pub fn share(&self) -> Rc<[u8]> {
        self.data.clone()
    }
}

impl Object for Bytes {
    const LEAF: bool = true;

    fn payload(&self) -> usize {
        self.data.len() + 16
    }

    fn trace(&self, _: usize, _: &mut dyn FnMut(Value) -> bool) -> usize {
        usize::MAX
    }
}
