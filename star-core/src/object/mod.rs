//! The objects that values refer to.
//!
//! In: parts given by the heap, which owns them. Out: plain structs, one per kind of object. Rule: an object holds
//! values and plain data, never a pointer to another object, and implements [`Object`] so that the heap can trace
//! and account for it.

mod callable;
mod exception;
mod host;
mod iter;
mod number;
mod sequence;
mod structure;
mod table;
mod text;
pub mod types;

pub use callable::{BoundMethod, Cell, Function, Generator, GeneratorState, Module, NativeState, ResumeFn};
pub use exception::{Exception, TraceEntry};
pub use host::{HostData, HostObject, HostState, Parts};
pub use iter::{Iter, ViewKind};
pub use number::{Int, Range};
pub use sequence::{List, NamedTuple, Slice, Tuple};
pub use structure::{Struct, TypeKind, UserType};
pub use table::{Dict, DictKind, DictView, Entry, FrozenSet, Probe, Set, Table};
pub use text::{Bytes, Str, Text};
pub(crate) use text::{INLINE, STRIDE, is_short_ascii};

use crate::value::Value;

/// What the heap needs to know of an object. `Default` is what a free place holds.
pub trait Object: Default {
    /// Bytes it owns beyond its own struct.
    fn payload(&self) -> usize;

    /// The values it holds, from number `index` on: calls `visit` with each until that returns false, and
    /// returns the index to go on from, or `usize::MAX` when it has no more. Keeping a cursor instead of pushing
    /// all children bounds the collector's work stack by nesting depth.
    fn trace(&self, index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize;

    /// Whether objects of this kind hold no values.
    const LEAF: bool = false;

    /// Whether an object of this kind without payload owns nothing, so that a sweep may leave it where it is.
    const BARE: bool = false;

    /// Indices of the instances (compiled code in this isolate) it needs.
    fn instances(&self, _visit: &mut dyn FnMut(u32)) {}
}

/// `Object::trace` for a slice of values.
pub(crate) fn trace_slice(values: &[Value], index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize {
    for (i, &value) in values.iter().enumerate().skip(index) {
        if !visit(value) {
            return i + 1;
        }
    }
    usize::MAX
}
