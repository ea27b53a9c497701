//! `islice`: some of the items of an iterable, by number.
//!
//! Parts: the iterator. `words`: how many items have been taken from it; the number of the next one to give; where to
//! stop, −1 for nowhere; the step.

use star::heap::{Args, Arity, HostType, Native, NativeResult, Resumed};
use star::ops::iterate::{self, Kept, Machine, Progress, Turn, answer, turn};
use star::private::{Ctx, Raise, Value};

use super::step::{self, finish, iterator, part};
use crate::native::function;

/// `islice`.
pub(super) static ISLICE: HostType =
    iterator("islice", "Some of the items of an iterable, by number.", &NEW, step::step::<Slice>);

static NEW: Native = function(
    "islice",
    Arity::Positional(2, 4),
    new,
    "islice(iterable, stop) or islice(iterable, start, stop, step=1): the items that a slice of a list would have",
);

/// A number from 0 up; `None` if it is none.
fn number(v: Value, default: i64) -> Option<i64> {
    match v {
        Value::None | Value::Undef => Some(default),
        _ => v.as_int().filter(|&n| n >= 0),
    }
}

const WANTED: &str = "must be None or an integer: 0 <= x <= sys.maxsize.";

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (start, stop, stride) = match args.get(2) {
        None => (Value::None, args[1], Value::None),
        Some(stop) => (args[1], stop, args[3]),
    };
    let Some(stop) = number(stop, -1) else {
        return Err(ctx.value_error(format!("Stop argument for islice() {WANTED}")));
    };
    let Some(start) = number(start, 0) else {
        return Err(ctx.value_error(format!("Indices for islice() {WANTED}")));
    };
    let Some(stride @ 1..) = number(stride, 1) else {
        return Err(ctx.value_error("Step for islice() must be a positive integer or None."));
    };
    let iter = iterate::iter(ctx, args[0])?;
    Ok(ctx.heap.object(&ISLICE, [iter], [0, start, stop, stride]).into())
}

/// One step. Keeps: itself.
struct Slice;

impl Machine for Slice {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let own = kept.get(ctx, 0);
        let iter = part(ctx, own, 0);
        let mut found = match resumed {
            None => None,
            Some(resumed) => Some(answer(ctx, resumed)?),
        };
        loop {
            let [mut taken, next, stop, stride] = ctx.heap.parts(own).words;
            match found {
                None => {}
                Some(None) => return Ok(finish(ctx, own)),
                Some(Some(item)) => {
                    taken += 1;
                    let given = taken > next;
                    let after = match next.checked_add(stride) {
                        _ if !given => next,
                        Some(after) if stop < 0 || after <= stop => after,
                        Some(after) if stop < 0 => after,
                        _ => stop,
                    };
                    if let Some(parts) = ctx.heap.parts_mut(own) {
                        (parts.words[0], parts.words[1]) = (taken, after);
                    }
                    if given {
                        return Ok(Progress::Done(item.into()));
                    }
                    ctx.safe_point()?;
                }
            }
            // What is to be skipped is taken even where that is beyond the stop.
            if stop >= 0 && taken >= next && taken >= stop {
                return Ok(finish(ctx, own));
            }
            found = match turn(ctx, iter)? {
                Turn::Item(item) => Some(Some(item)),
                Turn::End => Some(None),
                Turn::Wait(progress) => return Ok(progress),
            };
        }
    }
}
