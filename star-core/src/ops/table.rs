//! Dicts and sets by key.
#![allow(clippy::unimplemented, unused_variables)]

use crate::heap::{Ctx, Raise};
use crate::object::{Dict, Probe, Set, Table};
use crate::value::{Ref, Value};

/// `d.get(key)`.
pub fn dict_get(ctx: &mut Ctx<'_>, d: Ref<Dict>, key: Value) -> Result<Option<Value>, Raise> {
    unimplemented!()
}

/// The hash of `key` and its entry in `d`.
pub fn dict_find(ctx: &mut Ctx<'_>, d: Ref<Dict>, key: Value) -> Result<(u64, Probe), Raise> {
    unimplemented!()
}

/// `d[key] = value`. May collect: `d`, `key` and `value` must be rooted, as arguments of a native are.
pub fn dict_set(ctx: &mut Ctx<'_>, d: Ref<Dict>, key: Value, value: Value) -> Result<(), Raise> {
    unimplemented!()
}

/// `d[name] = value`.
pub fn dict_set_str(ctx: &mut Ctx<'_>, d: Ref<Dict>, name: &str, value: Value) -> Result<(), Raise> {
    unimplemented!()
}

/// Removes `key` and returns its value.
pub fn dict_remove(ctx: &mut Ctx<'_>, d: Ref<Dict>, key: Value) -> Result<Option<Value>, Raise> {
    unimplemented!()
}

/// `key in s` for a set.
pub fn set_contains(ctx: &mut Ctx<'_>, s: Ref<Set>, key: Value) -> Result<bool, Raise> {
    unimplemented!()
}

/// Adds `key`; whether it is new. May collect, as [`dict_set`].
pub fn set_add(ctx: &mut Ctx<'_>, s: Ref<Set>, key: Value) -> Result<bool, Raise> {
    unimplemented!()
}

/// Removes `key`; whether it was there.
pub fn set_remove(ctx: &mut Ctx<'_>, s: Ref<Set>, key: Value) -> Result<bool, Raise> {
    unimplemented!()
}

/// `key in container` for a set, frozenset or dict.
pub fn table_contains(ctx: &mut Ctx<'_>, container: Value, key: Value) -> Result<bool, Raise> {
    unimplemented!()
}

/// A set of `items`, which must be rooted.
pub fn build_set(ctx: &mut Ctx<'_>, items: &[Value]) -> Result<Ref<Set>, Raise> {
    unimplemented!()
}

/// Which of the set operations.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Algebra {
    /// `|`
    Union,
    /// `&`
    Intersection,
    /// `-`
    Difference,
    /// `^`
    SymmetricDifference,
}

/// The keys of `a op b`, both of them sets, frozensets, dicts, or keys or items views: first those of `a` in its
/// order, then those of `b` in its order.
pub fn combine(ctx: &mut Ctx<'_>, op: Algebra, a: Value, b: Value) -> Result<Table<()>, Raise> {
    unimplemented!()
}

/// A new set that owns `table`.
pub fn new_set(ctx: &mut Ctx<'_>, table: Table<()>) -> Value {
    unimplemented!()
}

/// `a <= b` of two sets, frozensets or views.
pub fn is_subset(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<bool, Raise> {
    unimplemented!()
}

/// Whether two sets, frozensets or views have no key in common.
pub fn is_disjoint(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<bool, Raise> {
    unimplemented!()
}
