//! Objects of the host: how natives take, borrow and close them, and read and assign their fields.
//!
//! In: values. Out: borrowed Rust objects, or what to raise instead. Rules: an object that a method borrows cannot be
//! changed by another meanwhile; a closed object answers nothing but that it is closed.

use std::cell::{Ref, RefMut};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::convert::{FromStar, HostClass, HostRef, InUse, IntoStar};
use super::hooks::Found;
use super::private::{Returned, guarded};
use crate::heap::{Attribute, Ctx, Heap, NativeResult, Outcome, Raise, Rooted, TypeDesc};
use crate::object::types::TypeId;
use crate::value::Value;

/// A new object of the host.
pub fn new_object<T: HostClass>(ctx: &mut Ctx<'_>, object: T) -> Result<Value, Raise> {
    ctx.reserve_large(object.bytes())?;
    Ok(ctx.heap.host_object(T::CLASS, object))
}

/// Whether a value is an object of this type, open or closed.
#[inline]
pub fn is<T: HostClass>(heap: &Heap, value: Value) -> bool {
    matches!(value, Value::Host(at) if heap[at].kind.is(T::CLASS))
}

/// The receiver of a method.
#[inline]
pub fn receiver<T: HostClass>(ctx: &mut Ctx<'_>, value: Value, function: &str) -> Result<HostRef<T>, Raise> {
    HostRef::from_star(ctx, value).map_err(|wrong| match is::<T>(ctx.heap, value) {
        true => ctx.value_error(format!("this {} is closed", T::CLASS.name)),
        false => wrong.at_field("self").into_raise(ctx, Some(function)),
    })
}

/// Borrows an object, or raises.
#[inline]
pub fn borrow<'a, T>(ctx: &mut Ctx<'_>, object: &'a HostRef<T>) -> Result<Ref<'a, T>, Raise> {
    object.borrow().or_else(|_| {
        ctx.heap.recall(object.address());
        object.borrow().map_err(|in_use| raise(ctx, in_use))
    })
}

/// Borrows an object to change it, or raises. Iterators that walk the object end by that.
#[inline]
pub fn borrow_mut<'a, T>(ctx: &mut Ctx<'_>, object: &'a HostRef<T>) -> Result<RefMut<'a, T>, Raise> {
    object.borrow_mut().or_else(|_| {
        ctx.heap.recall(object.address());
        object.borrow_mut().map_err(|in_use| raise(ctx, in_use))
    })
}

/// Ends iterators that walk an object, where a future is about to borrow it in a way that they do not allow.
pub fn recall<T>(ctx: &mut Ctx<'_>, object: &HostRef<T>, mutable: bool) {
    let in_use = if mutable { object.borrow_mut().is_err() } else { object.borrow().is_err() };
    if in_use {
        ctx.heap.recall(object.address());
    }
}

/// [`recall`] for an object that may not be there.
pub fn recall_option<T>(ctx: &mut Ctx<'_>, object: &Option<HostRef<T>>, mutable: bool) {
    object.iter().for_each(|object| recall(ctx, object, mutable));
}

/// [`borrow`] of an object that may not be there.
#[inline]
pub fn borrow_option<'a, T>(
    ctx: &mut Ctx<'_>,
    object: &'a Option<HostRef<T>>,
) -> Result<Option<Ref<'a, T>>, Raise> {
    object.as_ref().map(|object| borrow(ctx, object)).transpose()
}

/// [`borrow_mut`] of an object that may not be there.
#[inline]
pub fn borrow_option_mut<'a, T>(
    ctx: &mut Ctx<'_>,
    object: &'a Option<HostRef<T>>,
) -> Result<Option<RefMut<'a, T>>, Raise> {
    object.as_ref().map(|object| borrow_mut(ctx, object)).transpose()
}

#[cold]
fn raise(ctx: &mut Ctx<'_>, in_use: InUse) -> Raise {
    ctx.error(TypeId::RuntimeError, in_use.to_string())
}

/// [`borrow`] within a future, which has nothing to raise with.
pub fn hold<T>(object: &HostRef<T>) -> Result<Ref<'_, T>, InUse> {
    object.borrow()
}

/// [`borrow_mut`] within a future.
pub fn hold_mut<T>(object: &HostRef<T>) -> Result<RefMut<'_, T>, InUse> {
    object.borrow_mut()
}

/// [`borrow_option`] within a future.
pub fn hold_option<T>(object: &Option<HostRef<T>>) -> Result<Option<Ref<'_, T>>, InUse> {
    object.as_ref().map(HostRef::borrow).transpose()
}

/// [`borrow_option_mut`] within a future.
pub fn hold_option_mut<T>(object: &Option<HostRef<T>>) -> Result<Option<RefMut<'_, T>>, InUse> {
    object.as_ref().map(HostRef::borrow_mut).transpose()
}

/// What a future comes to that had to borrow objects first. That one was in use raises in both error styles, as
/// everything about arguments does.
pub struct Held<R>(pub Result<R, InUse>);

impl<R: Returned> Returned for Held<R> {
    const TYPE: &'static TypeDesc = R::TYPE;
    const FAILS: bool = R::FAILS;

    fn outcome(self, ctx: &mut Ctx<'_>) -> NativeResult {
        match self.0 {
            Ok(result) => result.outcome(ctx),
            Err(in_use) => Err(raise(ctx, in_use)),
        }
    }

    fn pair(self, ctx: &mut Ctx<'_>) -> NativeResult {
        match self.0 {
            Ok(result) => result.pair(ctx),
            Err(in_use) => Err(raise(ctx, in_use)),
        }
    }
}

/// The object that a method closes: `None` if it is closed already.
pub fn closing<T: HostClass>(
    ctx: &mut Ctx<'_>,
    value: Value,
    function: &str,
) -> Result<Option<HostRef<T>>, Raise> {
    match value {
        Value::Host(at) if ctx.heap[at].kind.is(T::CLASS) && ctx.heap[at].state.is_none() => Ok(None),
        _ => receiver(ctx, value, function).map(Some),
    }
}

/// The answer of a method that has nothing left to close.
pub fn closed(ctx: &mut Ctx<'_>, pair: bool) -> NativeResult {
    super::private::answer(ctx, Ok::<(), Raise>(()), pair)
}

/// Drops the Rust value of an object: it is closed.
pub fn close(ctx: &mut Ctx<'_>, value: Value) {
    if let Value::Host(at) = value {
        ctx.heap.update(at, |object| object.state = None);
    }
}

/// Closes an object and takes its Rust value. Raises, and leaves it open, while something else holds it.
pub fn take<T: HostClass>(ctx: &mut Ctx<'_>, object: HostRef<T>, value: Value) -> Result<T, Raise> {
    let Value::Host(at) = value else { return Err(raise(ctx, InUse)) };
    recall(ctx, &object, true);
    close(ctx, value);
    object.into_inner().map_err(|object| {
        ctx.heap.update(at, |open| open.state = Some(object.into_state()));
        raise(ctx, InUse)
    })
}

/// A result that nobody asked for: what closes an object at the end of a `with` block must not swallow its error.
pub struct Discard<R>(pub R);

impl<R: Returned> Returned for Discard<R> {
    const TYPE: &'static TypeDesc = &TypeDesc::None;
    const FAILS: bool = R::FAILS;

    fn outcome(self, ctx: &mut Ctx<'_>) -> NativeResult {
        self.0.outcome(ctx).map(|_| Value::None.into())
    }

    fn pair(self, ctx: &mut Ctx<'_>) -> NativeResult {
        self.0.pair(ctx)
    }
}

/// A result in whose place a value is the answer: the object that a `with` block enters.
pub struct Instead<R>(pub R, pub Rooted);

impl<R: Returned> Returned for Instead<R> {
    const TYPE: &'static TypeDesc = &TypeDesc::Any;
    const FAILS: bool = R::FAILS;

    fn outcome(self, ctx: &mut Ctx<'_>) -> NativeResult {
        self.0.outcome(ctx)?;
        self.1.outcome(ctx)
    }

    fn pair(self, ctx: &mut Ctx<'_>) -> NativeResult {
        self.outcome(ctx)
    }
}

/// What an iterator answers: its next item, or that there is none.
pub struct Step<R>(pub R);

impl<R: Found> Returned for Step<R> {
    const TYPE: &'static TypeDesc = &TypeDesc::Any;
    const FAILS: bool = true;

    fn outcome(self, ctx: &mut Ctx<'_>) -> NativeResult {
        Ok(self.0.found(ctx)?.map_or(Outcome::Exhausted, Outcome::Return))
    }

    fn pair(self, ctx: &mut Ctx<'_>) -> NativeResult {
        self.outcome(ctx)
    }
}

/// Looks at an object without a context; `None` if it is closed or being changed, or if `look` panics.
#[inline]
pub fn peek<T: HostClass, R>(heap: &Heap, value: Value, look: impl FnOnce(&T) -> R) -> Option<R> {
    let Value::Host(at) = value else { return None };
    let object = heap[at].borrow::<T>()?;
    catch_unwind(AssertUnwindSafe(|| look(&object))).ok()
}

/// Reads a field.
pub fn get_field<T: HostClass, F: IntoStar>(
    ctx: &mut Ctx<'_>,
    value: Value,
    name: &'static str,
    read: fn(&T) -> F,
) -> Result<Value, Raise> {
    let object = receiver::<T>(ctx, value, name)?;
    let object = borrow(ctx, &object)?;
    let field = guarded(ctx, name, |_| read(&object))?;
    field.into_star(ctx)
}

/// Assigns a field.
pub fn set_field<T: HostClass, F: FromStar>(
    ctx: &mut Ctx<'_>,
    value: Value,
    assigned: Value,
    name: &'static str,
    write: fn(&mut T, F),
) -> Result<(), Raise> {
    let field = super::private::arg::<F>(ctx, assigned, "", name)?;
    let object = receiver::<T>(ctx, value, name)?;
    let mut object = borrow_mut(ctx, &object)?;
    guarded(ctx, name, |_| write(&mut object, field))
}

/// The attributes of a struct whose fields are none: those that `#[star_object]` puts on a struct come before this.
pub trait NoFields {
    /// Accessors, sorted by name.
    const __STAR_FIELDS: &'static [Attribute] = &[];
}

impl<T> NoFields for T {}

/// Two tables of attributes as one, sorted by name. Fails to compile if both have the same name.
pub const fn merged<const N: usize>(a: &[Attribute], b: &[Attribute]) -> [Attribute; N] {
    const NOTHING: Attribute =
        Attribute { name: "", doc: "", ty: &TypeDesc::Any, get: |_, value| Ok(value), set: None };
    let mut all = [NOTHING; N];
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let first = j == b.len() || i < a.len() && is_less(a[i].name, b[j].name);
        all[i + j] = if first { a[i] } else { b[j] };
        if first {
            i += 1;
        } else {
            assert!(
                i == a.len() || is_less(b[j].name, a[i].name),
                "a field and a method of this type are the same attribute"
            );
            j += 1;
        }
    }
    all
}

const fn is_less(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut i = 0;
    while i < a.len() && i < b.len() {
        if a[i] != b[i] {
            return a[i] < b[i];
        }
        i += 1;
    }
    a.len() < b.len()
}
