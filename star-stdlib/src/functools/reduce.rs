//! `reduce`: what a function makes of all items of an iterable.

use star::builtins::direct;
use star::heap::{Args, Arity, CallArgs, Native, NativeResult, Resumed};
use star::host::arguments::count_message;
use star::object::types::TypeId;
use star::ops::iterate::{self, Kept, Machine, Progress, Turn, answer, call_direct, turn};
use star::ops::types;
use star::private::{Ctx, Raise, Value};

use crate::native::function;

/// `reduce(…)`.
pub(super) const REDUCE: Native = function(
    "reduce",
    Arity::Variadic,
    |ctx, args| match args.names {
        [] if (2..=3).contains(&args.len()) => reduce(ctx, args),
        [] => {
            let message = count_message("reduce", 2, 3, args.len());
            Err(ctx.type_error(message))
        }
        _ => Err(ctx.type_error("reduce() takes no keyword arguments")),
    },
    "reduce(function, iterable, initial=…): function(… function(function(initial, first), second) …, last)",
);

fn reduce(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let iter = match iterate::iter(ctx, args[1]) {
        Ok(iter) => iter,
        Err(Raise::Exception(at)) if types::type_id(ctx.heap, Value::Exception(at)) == TypeId::TypeError => {
            return Err(ctx.type_error("reduce() arg 2 must support iteration"));
        }
        Err(raise) => return Err(raise),
    };
    let (function, at_once) = match direct(ctx.heap, args[0], 2) {
        Some(native) => (native, 1),
        None => (args[0], 0),
    };
    let result = args.get(2).unwrap_or_default();
    iterate::start::<Reduce>(ctx, &[iter, function, result, Value::Undef], [0, at_once, 0, 0])
}

/// Keeps: the iterator, the function, the result so far or Undef, the item at hand; `words`: what it waits for, whether
/// the function is called at once.
struct Reduce;

const RESULT: i64 = 1;

impl Machine for Reduce {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let (iter, function) = (kept.get(ctx, 0), kept.get(ctx, 1));
        let mut resumed = resumed;
        loop {
            if kept.words[0] == RESULT
                && let Some(resumed) = resumed.take()
            {
                let result = iterate::result(ctx, resumed)?;
                kept.set(ctx, 2, result);
                kept.words[0] = 0;
            }
            let found = match resumed.take() {
                Some(resumed) => answer(ctx, resumed)?,
                None => {
                    ctx.safe_point()?;
                    match turn(ctx, iter)? {
                        Turn::Item(item) => Some(item),
                        Turn::End => None,
                        Turn::Wait(progress) => return Ok(progress),
                    }
                }
            };
            let result = kept.get(ctx, 2);
            let (item, result) = match (found, result) {
                (Some(item), Value::Undef) => {
                    kept.set(ctx, 2, item);
                    continue;
                }
                (Some(item), result) => (item, result),
                (None, Value::Undef) => {
                    return Err(ctx.type_error("reduce() of empty iterable with no initial value"));
                }
                (None, result) => return Ok(Progress::Done(result.into())),
            };
            kept.set(ctx, 3, item);
            if kept.words[1] == 0 {
                kept.words[0] = RESULT;
                let args = CallArgs::Tuple(ctx.heap.tuple(&[result, item]));
                return Ok(Progress::Call(function, args));
            }
            let result = call_direct(ctx, function, &[result, item])?;
            kept.set(ctx, 2, result);
        }
    }
}
