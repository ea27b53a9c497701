//! A value of the language: 16 bytes, `Copy`, no pointers.
//!
//! In: ids that the [`Heap`](crate::heap::Heap) hands out. Out: [`Value`]. Rule: every payload is a 64-bit
//! integer, so that rustc passes a value in two registers (a mix of payload types costs 1.4 times as much); what an
//! id refers to is known only to the heap that made it.

use std::marker::PhantomData;

use crate::object::{
    BoundMethod, Bytes, Cell, Dict, DictView, Exception, FrozenSet, Function, Generator, HostObject, Int,
    Iter, List, Module, Range, Set, Slice, Str, Struct, Tuple,
};

/// The place of a `T` in its slab.
#[repr(transparent)]
pub struct Ref<T>(u64, PhantomData<fn() -> T>);

impl<T> Ref<T> {
    /// The reference to slab place `index`.
    #[inline]
    pub(crate) fn new(index: u32) -> Ref<T> {
        Ref(index as u64, PhantomData)
    }

    /// The slab place.
    #[inline]
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

impl<T> Clone for Ref<T> {
    #[inline]
    fn clone(&self) -> Ref<T> {
        *self
    }
}
impl<T> Copy for Ref<T> {}
impl<T> PartialEq for Ref<T> {
    #[inline]
    fn eq(&self, other: &Ref<T>) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Ref<T> {}
impl<T> std::hash::Hash for Ref<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> std::fmt::Debug for Ref<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "@{}", self.0)
    }
}

/// A value, or one of a few markers that scripts never see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Value {
    /// Marker: unbound variable, argument left out, empty place.
    #[default]
    Undef,
    /// `None`.
    None,
    /// `...`.
    Ellipsis,
    /// `False` (0) or `True` (1). See [`Value::bool`].
    Bool(u64),
    /// An `int` that fits. An int that fits is never a `BigInt`.
    Int(i64),
    /// A `float`, as its bits. See [`Value::float`].
    Float(u64),
    /// A built-in function: index into the isolate's table of natives.
    Native(u64),
    /// A type: see [`crate::object::types`].
    Type(u64),
    /// `str`.
    Str(Ref<Str>),
    /// `bytes`.
    Bytes(Ref<Bytes>),
    /// An `int` beyond 64 bits.
    BigInt(Ref<Int>),
    /// `list`.
    List(Ref<List>),
    /// `tuple`.
    Tuple(Ref<Tuple>),
    /// `dict`.
    Dict(Ref<Dict>),
    /// `set`.
    Set(Ref<Set>),
    /// `frozenset`.
    FrozenSet(Ref<FrozenSet>),
    /// `range`.
    Range(Ref<Range>),
    /// `slice`.
    Slice(Ref<Slice>),
    /// A function or lambda of a script.
    Function(Ref<Function>),
    /// A method of a built-in type, bound to its receiver.
    BoundMethod(Ref<BoundMethod>),
    /// An iterator of a built-in type.
    Iter(Ref<Iter>),
    /// A generator.
    Generator(Ref<Generator>),
    /// An exception.
    Exception(Ref<Exception>),
    /// A `struct` value.
    Struct(Ref<Struct>),
    /// `dict.keys()`, `.values()`, `.items()`.
    DictView(Ref<DictView>),
    /// A module.
    Module(Ref<Module>),
    /// An object of the host.
    Host(Ref<HostObject>),
    /// Marker: a variable shared with closures.
    Cell(Ref<Cell>),
    /// Marker in a loop's state: a range being walked, with its step; the next two registers hold the next
    /// number and how many are left.
    RangeState(i64),
    /// Marker in a loop's state: a list being walked; the next register holds the index.
    ListState(Ref<List>),
}

const _: () = assert!(size_of::<Value>() == 16);

impl Value {
    /// `True` or `False`.
    #[inline]
    pub fn bool(value: bool) -> Value {
        Value::Bool(value as u64)
    }

    /// A float.
    #[inline]
    pub fn float(value: f64) -> Value {
        Value::Float(value.to_bits())
    }

    /// The number, if this is an `int` that fits or a `bool`.
    #[inline]
    pub fn as_int(self) -> Option<i64> {
        match self {
            Value::Int(i) => Some(i),
            Value::Bool(b) => Some(b as i64),
            _ => None,
        }
    }

    /// The number, if this is a `float`.
    #[inline]
    pub fn as_float(self) -> Option<f64> {
        match self {
            Value::Float(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    /// Whether this is the unbound marker.
    #[inline]
    pub fn is_undef(self) -> bool {
        matches!(self, Value::Undef)
    }

    /// Whether this is `None`.
    #[inline]
    pub fn is_none(self) -> bool {
        matches!(self, Value::None)
    }

    /// This value unless it is the unbound marker.
    #[inline]
    pub fn given(self) -> Option<Value> {
        if self.is_undef() { None } else { Some(self) }
    }
}
