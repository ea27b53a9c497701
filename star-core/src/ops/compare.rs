//! Identity, equality, order and membership.
#![allow(clippy::unimplemented, unused_variables)]

use std::cmp::Ordering;

use crate::ast::CompareOp;
use crate::heap::{Ctx, Heap, NativeResult, Raise};
use crate::value::Value;

/// `a is b`.
#[inline]
pub fn is_same(a: Value, b: Value) -> bool {
    a == b
}

/// `a == b`.
pub fn equal(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<bool, Raise> {
    unimplemented!()
}

/// `a op b` for one of `< <= > >=`.
pub fn order(ctx: &mut Ctx<'_>, op: CompareOp, a: Value, b: Value) -> Result<bool, Raise> {
    unimplemented!()
}

/// `item in container`.
pub fn contains(ctx: &mut Ctx<'_>, container: Value, item: Value) -> NativeResult {
    unimplemented!()
}

/// The order of two ints, two floats or two strs; `None` for anything else, and for NaN.
#[inline]
pub fn compare_key(heap: &Heap, a: Value, b: Value) -> Option<Ordering> {
    unimplemented!()
}
