//! Objects of the host, and handles to values.

use std::cell::{Ref, RefCell, RefMut};
use std::rc::Rc;

use super::{FromStar, IntoStar, Mismatch};
use crate::heap::{Ctx, HostType, Raise, Rooted, TypeDesc};
use crate::object::{HostData, HostState};
use crate::value::Value;

/// A Rust type that `#[star_object]` made known to scripts.
pub trait HostClass: HostData + Sized {
    /// The type as scripts see it.
    const CLASS: &'static HostType;
    /// The type as documents, stubs and schemas name it.
    const TYPE: &'static TypeDesc;
}

/// A handle to a host object that a script holds too.
pub struct HostRef<T>(Rc<RefCell<T>>);

impl<T> Clone for HostRef<T> {
    fn clone(&self) -> HostRef<T> {
        HostRef(self.0.clone())
    }
}

impl<T> HostRef<T> {
    /// Looks at the object. Fails while it is being changed, which another task may do for as long as it waits.
    pub fn borrow(&self) -> Result<Ref<'_, T>, InUse> {
        self.0.try_borrow().map_err(|_| InUse)
    }

    /// Changes the object. Fails while something else looks at it or changes it.
    pub fn borrow_mut(&self) -> Result<RefMut<'_, T>, InUse> {
        self.0.try_borrow_mut().map_err(|_| InUse)
    }

    /// Where the object lies, as long as there is a handle to it.
    pub(crate) fn address(&self) -> usize {
        Rc::as_ptr(&self.0) as usize
    }

    /// Takes the object out. Fails, and keeps the handle, while there is another.
    pub(crate) fn into_inner(self) -> Result<T, HostRef<T>> {
        Rc::try_unwrap(self.0).map(RefCell::into_inner).map_err(HostRef)
    }

    /// The object as it lies in the heap.
    pub(crate) fn into_state(self) -> Rc<dyn HostState>
    where
        T: HostData,
    {
        self.0
    }
}

/// The object is in use: a method of it that has not returned yet borrows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InUse;

impl std::fmt::Display for InUse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the object is in use: a method of it has not returned yet")
    }
}

impl std::error::Error for InUse {}

impl<T: HostClass> FromStar for HostRef<T> {
    const TYPE: &'static TypeDesc = T::TYPE;

    #[inline]
    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<HostRef<T>, Mismatch> {
        if let Value::Host(at) = value
            && let Some(state) = ctx.heap[at].state::<T>()
        {
            return Ok(HostRef(state));
        }
        Err(wrong_object(ctx, T::CLASS, value))
    }
}

#[cold]
fn wrong_object(ctx: &mut Ctx<'_>, class: &'static HostType, value: Value) -> Mismatch {
    match value {
        Value::Host(at) if ctx.heap[at].kind.is(class) && ctx.heap[at].state.is_none() => {
            Mismatch::value(ctx.heap, format!("an open {}", class.name), value)
        }
        _ => Mismatch::new(ctx.heap, class.name, value),
    }
}

/// The very object that the handle came from is what scripts see again only if it was kept as a value: this makes a
/// second one around the same Rust value.
impl<T: HostClass> IntoStar for HostRef<T> {
    const TYPE: &'static TypeDesc = T::TYPE;

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        Ok(ctx.heap.shared_object(T::CLASS, self.0))
    }
}

impl FromStar for Rooted {
    const TYPE: &'static TypeDesc = &TypeDesc::Any;

    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<Rooted, Mismatch> {
        Ok(ctx.heap.root(value))
    }
}

impl IntoStar for Rooted {
    const TYPE: &'static TypeDesc = &TypeDesc::Any;

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        self.get(ctx.heap).ok_or_else(|| {
            ctx.error(
                crate::object::types::TypeId::RuntimeError,
                "a value of one isolate cannot be used in another",
            )
        })
    }
}
