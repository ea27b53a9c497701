//! Lists, tuples and slices.

use super::{Object, trace_slice};
use crate::value::Value;

/// A list. Changed only through the heap's mutators, which account for growth.
#[derive(Default)]
pub struct List {
    pub(crate) items: Vec<Value>,
}

impl List {
    /// The items.
    #[inline]
    pub fn items(&self) -> &[Value] {
        &self.items
    }
}

impl Object for List {
    const BARE: bool = true;
    fn payload(&self) -> usize {
        self.items.capacity() * size_of::<Value>()
    }

    fn trace(&self, index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize {
        trace_slice(&self.items, index, visit)
    }
}

/// A tuple. Up to three items lie inside the object: pairs and triples are most tuples there are.
pub enum Tuple {
    /// The first `.0` items of `.1`.
    Inline(u8, [Value; 3]),
    /// Four or more.
    Boxed(Box<[Value]>),
    /// Of a type with names for its items.
    Named(Box<NamedTuple>),
}

/// A tuple whose type names its items: what `namedtuple` makes.
pub struct NamedTuple {
    /// `Value::Type` of it.
    pub class: Value,
    /// The items.
    pub items: Box<[Value]>,
}

impl Default for Tuple {
    fn default() -> Tuple {
        Tuple::Inline(0, [Value::Undef; 3])
    }
}

impl Tuple {
    /// A tuple of `items`.
    #[inline]
    pub fn new(items: &[Value]) -> Tuple {
        match *items {
            [] => Tuple::Inline(0, [Value::Undef; 3]),
            [a] => Tuple::Inline(1, [a, Value::Undef, Value::Undef]),
            [a, b] => Tuple::Inline(2, [a, b, Value::Undef]),
            [a, b, c] => Tuple::Inline(3, [a, b, c]),
            _ => Tuple::Boxed(items.into()),
        }
    }

    /// The items.
    #[inline]
    pub fn items(&self) -> &[Value] {
        match self {
            Tuple::Inline(len, items) => &items[..*len as usize],
            Tuple::Boxed(items) => items,
            Tuple::Named(named) => &named.items,
        }
    }

    /// Its type, if that is not plain `tuple`.
    #[inline]
    pub fn named(&self) -> Option<Value> {
        match self {
            Tuple::Named(named) => Some(named.class),
            _ => None,
        }
    }
}

impl Object for Tuple {
    const BARE: bool = true;
    fn payload(&self) -> usize {
        match self {
            Tuple::Inline(..) => 0,
            Tuple::Boxed(items) => size_of_val::<[Value]>(items),
            Tuple::Named(named) => size_of::<NamedTuple>() + size_of_val::<[Value]>(&named.items),
        }
    }

    fn trace(&self, index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize {
        match self {
            Tuple::Named(named) => {
                if index == 0 && !visit(named.class) {
                    return 1;
                }
                match trace_slice(&named.items, index.saturating_sub(1), visit) {
                    usize::MAX => usize::MAX,
                    next => next + 1,
                }
            }
            _ => trace_slice(self.items(), index, visit),
        }
    }
}

/// A `slice(start, stop, step)`.
pub struct Slice {
    /// `[start, stop, step]`, None where left out.
    pub bounds: [Value; 3],
}

impl Default for Slice {
    fn default() -> Slice {
        Slice { bounds: [Value::None; 3] }
    }
}

impl Object for Slice {
    const BARE: bool = true;
    fn payload(&self) -> usize {
        0
    }

    fn trace(&self, index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize {
        trace_slice(&self.bounds, index, visit)
    }
}
