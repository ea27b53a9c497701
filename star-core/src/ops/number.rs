//! Operators on numbers and everything else.
#![allow(clippy::unimplemented, unused_variables, missing_docs)]

mod compare;

use num_bigint::BigInt;

pub use compare::compare;

use crate::ast::{BinaryOp, UnaryOp};
use crate::heap::{Ctx, Heap, NativeResult, Raise};
use crate::value::Value;

/// `a op b`.
pub fn binary(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> Result<Value, Raise> {
    unimplemented!()
}

/// `a op= b`.
pub fn inplace(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> NativeResult {
    unimplemented!()
}

/// `op a`.
pub fn unary(ctx: &mut Ctx<'_>, op: UnaryOp, a: Value) -> Result<Value, Raise> {
    unimplemented!()
}

/// The integer that `v` is, as an index.
pub fn index(ctx: &mut Ctx<'_>, v: Value) -> Result<i64, Raise> {
    unimplemented!()
}

/// The number, if `v` is an int or bool.
pub fn to_big(heap: &Heap, v: Value) -> Option<BigInt> {
    unimplemented!()
}

/// The number, if `v` is a float, an int or a bool.
pub fn to_f64(ctx: &mut Ctx<'_>, v: Value) -> Result<Option<f64>, Raise> {
    unimplemented!()
}

/// `divmod(a, b)`: a tuple.
pub fn divmod(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<Value, Raise> {
    unimplemented!()
}

/// `pow(a, b, modulus)`.
pub fn pow_mod(ctx: &mut Ctx<'_>, a: Value, b: Value, modulus: Value) -> Result<Value, Raise> {
    unimplemented!()
}

/// `n.bit_length()`, if `v` is an int or bool.
pub fn bit_length(heap: &Heap, v: Value) -> Option<u64> {
    unimplemented!()
}
