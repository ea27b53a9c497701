//! Iteration (stub until its owner's version is merged).
#![allow(clippy::unimplemented, unused_variables, missing_docs)]

use crate::heap::{Ctx, NativeResult, Outcome, Raise};
use crate::object::List;
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
#[derive(Clone, Copy, Debug)]
pub enum Flow { Continue, Stop(Outcome), Call(Value, Value) }
pub struct Kept { base: usize, pub words: [i64; 4] }
impl Kept { pub fn get(&self, ctx: &Ctx<'_>, index: usize) -> Value { ctx.heap.scratch[self.base + index] } }
pub trait Fold {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise>;
    fn called(_ctx: &mut Ctx<'_>, _kept: &mut Kept, _item: Value, _result: Value) -> Result<Flow, Raise> { Ok(Flow::Continue) }
    fn end(ctx: &mut Ctx<'_>, kept: &mut Kept) -> NativeResult;
}
pub fn fold<F: Fold>(ctx: &mut Ctx<'_>, iterable: Value, values: &[Value], words: [i64; 3]) -> NativeResult { unimplemented!() }
