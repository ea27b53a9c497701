//! `str` and `bytes`.

use std::cell::Cell;
use std::rc::Rc;

use super::Object;
use crate::value::Value;

/// The text of a string, cheap to clone: up to 23 bytes lie inside, longer ones are shared.
///
/// Most strings of most scripts are that short, and then cost no allocation (against `Rc<str>`: half the time and a
/// third of the memory of a program that splits and formats).
pub type Text = smol_str::SmolStr;

/// A string: immutable UTF-8. 32 bytes.
#[derive(Default)]
pub struct Str {
    text: Text,
    /// Length in code points, `MANY` if it is not less; equal to the length in bytes exactly when the text is ASCII.
    chars: u32,
    /// Half of the hash for tables, 0 while unknown.
    pub(crate) hash: Cell<u32>,
}

/// Of every so manieth code point of a text that is not ASCII the heap notes the byte offset.
pub(crate) const STRIDE: usize = 64;

/// So many code points are counted again when asked for.
const MANY: u32 = u32::MAX;

impl Str {
    /// A string of `text`. Costs one pass to count code points.
    #[inline]
    pub fn new(text: Text) -> Str {
        let chars = count(&text);
        Str { text, chars: u32::try_from(chars).unwrap_or(MANY), hash: Cell::new(0) }
    }

    /// A string of `text`, which is ASCII.
    #[inline]
    pub(crate) fn ascii(text: &str) -> Str {
        let chars = u32::try_from(text.len()).unwrap_or(MANY);
        let text = if text.len() <= INLINE { Text::new_inline(text) } else { Text::new(text) };
        Str { text, chars, hash: Cell::new(0) }
    }

    /// The text.
    #[inline(always)]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text, to keep beyond the borrow of the heap.
    #[inline]
    pub fn share(&self) -> Text {
        self.text.clone()
    }

    /// Length in code points.
    #[inline]
    pub fn chars(&self) -> usize {
        if self.chars == MANY { count(&self.text) } else { self.chars as usize }
    }

    /// Whether every code point is ASCII, so that code points and bytes count alike.
    #[inline]
    pub fn is_ascii(&self) -> bool {
        self.chars() == self.text.len()
    }

    /// Code point index of byte `offset`, which lies on a boundary. O(offset) unless ASCII.
    pub fn char_index(&self, offset: usize) -> usize {
        if self.is_ascii() { offset } else { self.text[..offset].chars().count() }
    }
}

/// Texts up to this length lie inside.
pub(crate) const INLINE: usize = 23;

/// Whether a text of at most [`INLINE`] bytes is ASCII: a few words of it, which may overlap, looked at in one go.
#[inline]
pub(crate) fn is_short_ascii(text: &[u8]) -> bool {
    let len = text.len();
    let bits = match (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        (Some(first), Some(last)) => {
            let middle = if len > 16 { text[8..16].first_chunk::<8>().map_or(0, word) } else { 0 };
            word(first) | middle | word(last)
        }
        _ => match (text.first_chunk::<4>(), text.last_chunk::<4>()) {
            (Some(first), Some(last)) => (u32::from_ne_bytes(*first) | u32::from_ne_bytes(*last)) as u64,
            _ => text.iter().fold(0, |bits, &byte| bits | byte) as u64,
        },
    };
    bits & 0x8080_8080_8080_8080 == 0
}

#[inline]
fn word(bytes: &[u8; 8]) -> u64 {
    u64::from_ne_bytes(*bytes)
}

/// Number of code points.
#[inline]
fn count(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

impl Object for Str {
    const LEAF: bool = true;
    const BARE: bool = true;

    #[inline(always)]
    fn payload(&self) -> usize {
        if self.chars as usize == self.text.len() && !self.text.is_heap_allocated() {
            return 0;
        }
        self.long_payload()
    }

    fn trace(&self, _: usize, _: &mut impl FnMut(Value) -> bool) -> usize {
        usize::MAX
    }
}

impl Str {
    #[inline(never)]
    fn long_payload(&self) -> usize {
        let text = if self.text.is_heap_allocated() { self.text.len() + 16 } else { 0 };
        // The offsets of a non-ASCII text count from the start, so that reading never changes the figure.
        let offsets = if self.is_ascii() { 0 } else { self.chars() / STRIDE * 4 + 64 };
        text + offsets
    }
}

thread_local! {
    /// What every free place shares: an empty `Rc` is an allocation too, and a sweep fills many places.
    static EMPTY: Rc<[u8]> = Rc::from([]);
}

/// A byte string: immutable.
pub struct Bytes {
    data: Rc<[u8]>,
    pub(crate) hash: Cell<u64>,
}

impl Default for Bytes {
    fn default() -> Bytes {
        Bytes::new(EMPTY.try_with(Rc::clone).unwrap_or_else(|_| Rc::from([])))
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

    fn trace(&self, _: usize, _: &mut impl FnMut(Value) -> bool) -> usize {
        usize::MAX
    }
}
