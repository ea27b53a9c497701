//! Comparing values by a function of a script.
//!
//! In: two values whose type names a comparator. Out: a request, whose result is a bool. Rule: only who can wait for a
//! script comes here; everyone else gets a TypeError from the type.

use super::order;
use crate::ast::CompareOp;
use crate::heap::{CallArgs, Ctx, NativeResult, Raise, Resumed};
use crate::ops::hooks;
use crate::ops::iterate::{self, Kept, Machine, Progress};
use crate::value::Value;

/// The call that compares `a` with `b`: its result has to be compared with 0. Both are rooted.
pub fn comparison(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<(Value, CallArgs), Raise> {
    let own = if hooks::compares_by_call(ctx.heap, a) { a } else { b };
    let Some(hook) = hooks::find(ctx.heap, own, |hooks| hooks.comparator) else {
        return Err(ctx.type_error("these values are not compared by a function"));
    };
    let [function, x, y] = hook(ctx, a, b)?;
    Ok((function, CallArgs::Tuple(ctx.heap.tuple(&[x, y]))))
}

/// `a op b`, one of which is compared by a function.
pub fn compare_by_call(ctx: &mut Ctx<'_>, op: CompareOp, a: Value, b: Value) -> NativeResult {
    let number = OPS.iter().position(|&known| known == op).unwrap_or(0);
    iterate::start::<Ask>(ctx, &[a, b], [number as i64, 0, 0, 0])
}

const OPS: [CompareOp; 6] =
    [CompareOp::Lt, CompareOp::Le, CompareOp::Eq, CompareOp::Ne, CompareOp::Gt, CompareOp::Ge];

/// Keeps: the values; `words[0]`: the number of the operator.
struct Ask;

impl Machine for Ask {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let Some(resumed) = resumed else {
            let (a, b) = (kept.get(ctx, 0), kept.get(ctx, 1));
            let (function, args) = comparison(ctx, a, b)?;
            return Ok(Progress::Call(function, args));
        };
        let result = iterate::result(ctx, resumed)?;
        let op = OPS[kept.words[0] as usize];
        let holds = match op {
            CompareOp::Eq => super::equal(ctx, result, Value::Int(0))?,
            CompareOp::Ne => !super::equal(ctx, result, Value::Int(0))?,
            _ => order(ctx, op, result, Value::Int(0))?,
        };
        Ok(Progress::Done(Value::bool(holds).into()))
    }
}
