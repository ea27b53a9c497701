//! Objects of the host.

use std::any::Any;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use super::Object;
use crate::heap::HostType;
use crate::value::Value;

/// A Rust value that scripts hold: a socket, a file, a deque.
pub struct HostObject {
    /// `Value::Type` of its type in this isolate.
    pub class: Value,
    /// What it can do.
    pub kind: &'static HostType,
    /// The Rust value; `None` once it has been closed.
    pub state: Option<Rc<dyn HostState>>,
    /// What it is made of, in place of a Rust value: see [`Parts`].
    pub parts: Option<Box<Parts>>,
}

/// The state of an object that is made of values and numbers: an iterator, a deque. The heap knows all of it, so
/// that it is reached without asking for its Rust type.
#[derive(Clone, Default, Debug)]
pub struct Parts {
    /// Values, at whose ends more can be put.
    pub values: VecDeque<Value>,
    /// Numbers.
    pub words: [i64; 4],
}

static NONE: HostType = HostType::named("object", "", "");

impl Default for HostObject {
    fn default() -> HostObject {
        HostObject { class: Value::Undef, kind: &NONE, state: None, parts: None }
    }
}

impl HostObject {
    /// The Rust value, if it is a `T` and the object has not been closed.
    #[inline]
    pub fn state<T: HostData>(&self) -> Option<Rc<RefCell<T>>> {
        let state: Rc<dyn Any> = self.state.clone()?;
        state.downcast().ok()
    }

    /// The Rust value to look at, without sharing it.
    #[inline]
    pub fn borrow<T: HostData>(&self) -> Option<std::cell::Ref<'_, T>> {
        let state: &dyn Any = &**self.state.as_ref()?;
        state.downcast_ref::<RefCell<T>>()?.try_borrow().ok()
    }

    /// The Rust value to change, without sharing it. What it then takes is accounted for if this happens within
    /// [`Heap::update`](crate::heap::Heap::update).
    #[inline]
    pub fn borrow_mut<T: HostData>(&self) -> Option<std::cell::RefMut<'_, T>> {
        let state: &dyn Any = &**self.state.as_ref()?;
        state.downcast_ref::<RefCell<T>>()?.try_borrow_mut().ok()
    }
}

/// A Rust type whose values scripts can hold.
pub trait HostData: Any {
    /// The values of the isolate that it holds, as [`Object::trace`]. Only types of the runtime itself hold any; those
    /// of a host keep `Rooted` handles.
    fn trace(&self, _index: usize, _visit: &mut dyn FnMut(Value) -> bool) -> usize {
        usize::MAX
    }

    /// Bytes it owns, itself included, as far as it knows.
    fn bytes(&self) -> usize
    where
        Self: Sized,
    {
        size_of::<Self>()
    }
}

/// [`HostData`] in its cell, whatever its type.
pub trait HostState: Any {
    /// See [`HostData::trace`].
    fn trace(&self, index: usize, visit: &mut dyn FnMut(Value) -> bool) -> usize;
    /// See [`HostData::bytes`].
    fn bytes(&self) -> usize;
}

impl<T: HostData> HostState for RefCell<T> {
    fn trace(&self, index: usize, visit: &mut dyn FnMut(Value) -> bool) -> usize {
        // What is being changed is in the hands of a method, which holds no values across a collection: types that
        // hold any are the runtime's own, and their methods end their borrow before they reserve memory.
        self.try_borrow().map_or(usize::MAX, |state| state.trace(index, visit))
    }

    fn bytes(&self) -> usize {
        self.try_borrow().map_or(0, |state| state.bytes())
    }
}

impl Object for HostObject {
    fn payload(&self) -> usize {
        let parts = self.parts.as_ref();
        let parts =
            parts.map_or(0, |parts| size_of::<Parts>() + parts.values.capacity() * size_of::<Value>());
        parts + self.state.as_ref().map_or(0, |state| state.bytes())
    }

    fn trace(&self, index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize {
        if index == 0 && !visit(self.class) {
            return 1;
        }
        if let Some(parts) = &self.parts {
            for (i, &value) in parts.values.iter().enumerate().skip(index.saturating_sub(1)) {
                if !visit(value) {
                    return i + 2;
                }
            }
        }
        let Some(state) = &self.state else { return usize::MAX };
        match state.trace(index.saturating_sub(1), visit) {
            usize::MAX => usize::MAX,
            next => next + 1,
        }
    }
}
