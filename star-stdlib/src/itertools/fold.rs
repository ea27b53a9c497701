//! `accumulate` and `starmap`: what a function makes of the items of an iterable.
//!
//! Parts: the iterator; the function, None for addition; of `accumulate` also the total, and what it begins with.

use star::ast::BinaryOp;
use star::heap::{Arity, CallArgs, HostType, Native, Resumed};
use star::object::List;
use star::ops::iterate::{self, Drain, Kept, Machine, Progress, Turn, answer, turn};
use star::ops::number;
use star::private::{Ctx, NativeResult, Raise, Value};
use star::value::Ref;

use super::step::{self, Called, FLAGS, call, callee, finish, iterator, part, set_part, set_word, word};
use crate::native::function;

/// `accumulate`.
pub(super) static ACCUMULATE: HostType = iterator(
    "accumulate",
    "The sums of the first items of an iterable, or what another function makes of them.",
    &NEW_ACCUMULATE,
    step::step::<Accumulate>,
);

static NEW_ACCUMULATE: Native = function(
    "accumulate",
    Arity::Named { names: &["iterable", "func", "initial"], required: 1, positional: 2 },
    |ctx, args| {
        let iter = iterate::iter(ctx, args[0])?;
        let (function, flags) = callee(ctx, args.get(1).unwrap_or(Value::None), 2);
        let initial = args.get(2).unwrap_or(Value::None);
        let parts = [iter, function, Value::Undef, initial];
        Ok(ctx.heap.object(&ACCUMULATE, parts, [0, 0, 0, flags]).into())
    },
    "accumulate(iterable, func=operator.add, *, initial=None): initial, if given, then func of what came last and the \
     next item",
);

const TOTAL: usize = 2;
const INITIAL: usize = 3;

/// One step. Keeps: itself, the item that is added; `words[0]` tells what it waits for.
struct Accumulate;

const SUM: i64 = 1;

impl Machine for Accumulate {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let own = kept.get(ctx, 0);
        let found = match resumed {
            Some(resumed) if kept.words[0] == SUM => {
                let total = iterate::result(ctx, resumed)?;
                set_part(ctx, own, TOTAL, total);
                return Ok(Progress::Done(total.into()));
            }
            Some(resumed) => answer(ctx, resumed)?,
            None => {
                let initial = part(ctx, own, INITIAL);
                if !initial.is_none() {
                    set_part(ctx, own, INITIAL, Value::None);
                    set_part(ctx, own, TOTAL, initial);
                    if initial.given().is_some() {
                        return Ok(Progress::Done(initial.into()));
                    }
                }
                match turn(ctx, part(ctx, own, 0))? {
                    Turn::Item(item) => Some(item),
                    Turn::End => None,
                    Turn::Wait(progress) => return Ok(progress),
                }
            }
        };
        let Some(item) = found else { return Ok(finish(ctx, own)) };
        kept.set(ctx, 1, item);
        let (function, total) = (part(ctx, own, 1), part(ctx, own, TOTAL));
        let total = match (total, function) {
            (Value::Undef, _) => item,
            (_, Value::None) => number::binary(ctx, BinaryOp::Add, total, item)?,
            _ => match call(ctx, word(ctx, own, FLAGS), function, &[total, item])? {
                Called::Result(total) => total,
                Called::Wait(progress) => {
                    kept.words[0] = SUM;
                    return Ok(progress);
                }
            },
        };
        set_part(ctx, own, TOTAL, total);
        Ok(Progress::Done(total.into()))
    }
}

/// `starmap`.
pub(super) static STAR_MAP: HostType = iterator(
    "starmap",
    "What a function makes of the items of each item of an iterable.",
    &NEW_STAR_MAP,
    step::step::<StarMap>,
);

static NEW_STAR_MAP: Native = function(
    "starmap",
    Arity::Positional(2, 2),
    |ctx, args| {
        let iter = iterate::iter(ctx, args[1])?;
        Ok(ctx.heap.object(&STAR_MAP, [iter, args[0], Value::Undef], [0; 4]).into())
    },
    "starmap(function, iterable): function(*item) of each item",
);

/// One step. Keeps: itself, the arguments; `words[0]` tells what it waits for.
struct StarMap;

const RESULT: i64 = 1;

impl Machine for StarMap {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let own = kept.get(ctx, 0);
        let found = match resumed {
            Some(resumed) if kept.words[0] == RESULT => {
                return Ok(Progress::Done(iterate::result(ctx, resumed)?.into()));
            }
            Some(resumed) => answer(ctx, resumed)?,
            None => match turn(ctx, part(ctx, own, 0))? {
                Turn::Item(item) => Some(item),
                Turn::End => None,
                Turn::Wait(progress) => return Ok(progress),
            },
        };
        let Some(item) = found else { return Ok(finish(ctx, own)) };
        kept.set(ctx, 1, item);
        let function = part(ctx, own, 1);
        if let Some(args) = ctx.heap.as_items(item) {
            // A native that takes so few is called at once.
            let mut few = [Value::Undef; 3];
            if let Some(few) = few.get_mut(..args.len()) {
                few.copy_from_slice(args);
                let flags = native(ctx, own, few.len());
                if flags != 0
                    && let Called::Result(value) = call(ctx, flags, part(ctx, own, 2), few)?
                {
                    return Ok(Progress::Done(value.into()));
                }
            }
        }
        kept.words[0] = RESULT;
        if let Value::Tuple(_) = item {
            return Ok(Progress::Call(function, CallArgs::Tuple(item)));
        }
        // Any other iterable is collected first; the call is the result then.
        Ok(Progress::Done(iterate::drain::<Spread>(ctx, item, &[function], [0; 3])?))
    }
}

/// The flags of the function, called with so many arguments; part 2 is what to call then.
fn native(ctx: &mut Ctx<'_>, own: Value, given: usize) -> i64 {
    let [known, _, _, flags] = ctx.heap.parts(own).words;
    if known == given as i64 + 1 {
        return flags;
    }
    let (function, flags) = callee(ctx, part(ctx, own, 1), given);
    set_part(ctx, own, 2, function);
    set_word(ctx, own, 0, given as i64 + 1);
    set_word(ctx, own, FLAGS, flags);
    flags
}

/// Calls a function with the items. Keeps: the function.
struct Spread;

impl Drain for Spread {
    fn then(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value], _: [i64; 3]) -> NativeResult {
        ctx.reserve_large(size_of_val::<[Value]>(ctx.heap[items].items()))?;
        let items = ctx.heap[items].items().to_vec();
        Ok(ctx.call(kept[0], &items, None))
    }
}
