//! `pairwise` and `batched`: items of an iterable in tuples.
//!
//! Parts of `pairwise`: the iterator, the item before. Of `batched`: the iterator; `words`: how many items make a batch,
//! whether the last one must be full.

use star::heap::{Arity, HostType, Native, Outcome, Resumed};
use star::ops::iterate::{self, Kept, Machine, Progress, Turn, answer, grow_list, turn};
use star::ops::types;
use star::private::{Ctx, Raise, Value};

use super::step::{self, finish, iterator, part, set_part, word};
use crate::arguments::ssize;
use crate::native::function;

/// `pairwise`.
pub(super) static PAIRWISE: HostType = iterator(
    "pairwise",
    "Each item of an iterable with the one after it.",
    &NEW_PAIRWISE,
    step::step::<Pairwise>,
);

static NEW_PAIRWISE: Native = function(
    "pairwise",
    Arity::Positional(1, 1),
    |ctx, args| {
        let iter = iterate::iter(ctx, args[0])?;
        Ok(ctx.heap.object(&PAIRWISE, [iter, Value::Undef], [0; 4]).into())
    },
    "pairwise(iterable): pairs of each item and the one after it",
);

/// One step. Keeps: itself.
struct Pairwise;

impl Machine for Pairwise {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let own = kept.get(ctx, 0);
        let mut resumed = resumed;
        loop {
            let found = match resumed.take() {
                Some(resumed) => answer(ctx, resumed)?,
                None => match turn(ctx, part(ctx, own, 0))? {
                    Turn::Item(item) => Some(item),
                    Turn::End => None,
                    Turn::Wait(progress) => return Ok(progress),
                },
            };
            let Some(item) = found else { return Ok(finish(ctx, own)) };
            let before = part(ctx, own, 1);
            set_part(ctx, own, 1, item);
            if let Some(before) = before.given() {
                return Ok(Progress::Done(ctx.heap.tuple(&[before, item]).into()));
            }
        }
    }
}

/// `batched`.
pub(super) static BATCHED: HostType = iterator(
    "batched",
    "The items of an iterable in tuples of one length.",
    &NEW_BATCHED,
    step::step::<Batched>,
);

static NEW_BATCHED: Native = function(
    "batched",
    Arity::Named { names: &["iterable", "n", "strict"], required: 2, positional: 2 },
    |ctx, args| {
        let count = ssize(ctx, args[1])?;
        if count < 1 {
            return Err(ctx.value_error("n must be at least one"));
        }
        let strict = types::truthy(ctx.heap, args.get(2).unwrap_or(Value::None));
        let iter = iterate::iter(ctx, args[0])?;
        Ok(ctx.heap.object(&BATCHED, [iter], [count, strict as i64, 0, 0]).into())
    },
    "batched(iterable, n, *, strict=False): its items in tuples of n; the last one may be shorter, unless strict",
);

/// One step. Keeps: itself, a list of the items so far.
struct Batched;

impl Machine for Batched {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let own = kept.get(ctx, 0);
        let Value::List(batch) = kept.get(ctx, 1) else {
            let batch = ctx.heap.list(Vec::new());
            kept.set(ctx, 1, batch);
            return Batched::run(ctx, kept, resumed);
        };
        let count = word(ctx, own, 0) as usize;
        let mut resumed = resumed;
        while ctx.heap[batch].items().len() < count {
            let found = match resumed.take() {
                Some(resumed) => answer(ctx, resumed)?,
                None => match turn(ctx, part(ctx, own, 0))? {
                    Turn::Item(item) => Some(item),
                    Turn::End => None,
                    Turn::Wait(progress) => return Ok(progress),
                },
            };
            let Some(item) = found else {
                finish(ctx, own);
                if ctx.heap[batch].items().is_empty() {
                    return Ok(Progress::Done(Outcome::Exhausted));
                }
                if word(ctx, own, 1) != 0 {
                    return Err(ctx.value_error("batched(): incomplete batch"));
                }
                break;
            };
            ctx.heap.scratch.push(item);
            let room = grow_list(ctx, batch, 1);
            ctx.heap.scratch.pop();
            room?;
            ctx.heap.list_push(batch, item);
        }
        ctx.reserve_large(size_of_val::<[Value]>(ctx.heap[batch].items()))?;
        let items = ctx.heap.list_edit(batch, std::mem::take);
        Ok(Progress::Done(ctx.heap.tuple(&items).into()))
    }
}
