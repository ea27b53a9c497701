//! Iteration (stub until its owner's version is merged).
#![allow(clippy::unimplemented, unused_variables, missing_docs)]

use crate::heap::{Ctx, NativeResult, Outcome, Raise};
use crate::object::{Dict, List};
use crate::value::{Ref, Value};

pub enum Step {
    Item(Value),
    Done,
    Request(Outcome),
}

pub fn iter(ctx: &mut Ctx<'_>, v: Value) -> Result<Value, Raise> {
    unimplemented!()
}

pub fn next(ctx: &mut Ctx<'_>, iter: Value) -> Result<Step, Raise> {
    unimplemented!()
}

/// Appends every item of `iterable` to `list`, then returns `result`.
pub fn extend_list(ctx: &mut Ctx<'_>, list: Ref<List>, iterable: Value, result: Value) -> NativeResult {
    unimplemented!()
}

/// `item in iterable` by walking it: for iterators and generators.
pub fn contains(ctx: &mut Ctx<'_>, iterable: Value, item: Value) -> NativeResult {
    unimplemented!()
}

/// `dict |= iterable` and `dict.update(iterable)` of pairs, then returns `result`: TypeError `cannot convert
/// dictionary update sequence element #0 to a sequence`, ValueError `dictionary update sequence element #0 has
/// length 3; 2 is required`.
pub fn update_dict(ctx: &mut Ctx<'_>, dict: Ref<Dict>, iterable: Value, result: Value) -> NativeResult {
    unimplemented!()
}
