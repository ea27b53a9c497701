//! `tee`: one iterable walked by several iterators.
//!
//! In: an iterable. Out: iterators that all give its items. Rule: what the slowest has not had yet is kept, in a chain of
//! [`LINK`]s that each of them holds on to where it stands; what all have had is garbage.

use star::heap::{Args, Arity, Copying, HostType, Native, NativeResult, Outcome, Resumed};
use star::object::types::TypeId;
use star::ops::iterate::{self, Kept, Machine, Progress, Turn, answer, turn};
use star::private::{Ctx, Hooks, Raise, Value};

use super::step::{self, part, set_part, set_word, word};
use crate::arguments::ssize;
use crate::native::function;

/// `tee(…)`.
pub(super) const TEE: Native = function(
    "tee",
    Arity::Positional(1, 2),
    new,
    "tee(iterable, n=2): a tuple of n iterators, each over all of its items",
);

/// An iterator of `tee`. Parts: the link where it stands; `words`: how many of its items it has had.
static BRANCH: HostType = HostType {
    hooks: Hooks {
        full_name: true,
        next: Some(step::step::<Branch>),
        copying: Some(&Copying {
            shallow: |ctx, own| Ok(branch(ctx, own)),
            parts: |_, _| Vec::new(),
            empty: |ctx, own| Ok(branch(ctx, own)),
            fill: |_, _, _, _| Ok(()),
        }),
        ..Hooks::NONE
    },
    ..HostType::named("_tee", "itertools", "One of several iterators over one iterable.")
};

/// Items in a row. Parts: the iterator, the link after this or Undef, then up to [`ITEMS`] items. `words`: whether it is
/// being asked for one more.
static LINK: HostType =
    HostType::named("_tee_dataobject", "itertools", "Items that some iterators have had.");

/// Parts of a link before its items.
const FIRST: usize = 2;
/// Items in a link.
const ITEMS: usize = 57;

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let count = match args.get(1) {
        Some(count) => ssize(ctx, count)?,
        None => 2,
    };
    if count < 0 {
        return Err(ctx.value_error("n must be >= 0"));
    }
    ctx.charge(count as usize)?;
    ctx.reserve_large((count as usize).saturating_mul(192))?;
    if count == 0 {
        return Ok(ctx.heap.tuple(&[]).into());
    }
    let iter = iterate::iter(ctx, args[0])?;
    // A branch of another tee walks on beside new ones.
    let first = match iter {
        Value::Host(at) if ctx.heap[at].kind.is(&BRANCH) => iter,
        _ => {
            let link = ctx.heap.object(&LINK, [iter, Value::Undef], [0; 4]);
            ctx.heap.object(&BRANCH, [link], [0; 4])
        }
    };
    let mut branches = vec![first];
    branches.extend((1..count).map(|_| branch(ctx, first)));
    Ok(ctx.heap.tuple(&branches).into())
}

/// One more iterator that stands where `own` does.
fn branch(ctx: &mut Ctx<'_>, own: Value) -> Value {
    let (link, had) = (part(ctx, own, 0), word(ctx, own, 0));
    ctx.heap.object(&BRANCH, [link], [had, 0, 0, 0])
}

/// One step. Keeps: itself, the link it asked an item for.
struct Branch;

impl Machine for Branch {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let own = kept.get(ctx, 0);
        if let Some(resumed) = resumed {
            let link = kept.get(ctx, 1);
            set_word(ctx, link, 0, 0);
            if let Some(item) = answer(ctx, resumed)? {
                keep(ctx, link, item);
            } else {
                return Ok(Progress::Done(Outcome::Exhausted));
            }
        }
        loop {
            let (mut link, mut had) = (part(ctx, own, 0), word(ctx, own, 0) as usize);
            if had == ITEMS {
                let next = match part(ctx, link, 1) {
                    Value::Undef => {
                        let iter = part(ctx, link, 0);
                        let next = ctx.heap.object(&LINK, [iter, Value::Undef], [0; 4]);
                        set_part(ctx, link, 1, next);
                        next
                    }
                    next => next,
                };
                set_part(ctx, own, 0, next);
                (link, had) = (next, 0);
            }
            if let Some(&item) = ctx.heap.parts(link).values.get(FIRST + had) {
                set_word(ctx, own, 0, had as i64 + 1);
                return Ok(Progress::Done(item.into()));
            }
            set_word(ctx, own, 0, had as i64);
            if word(ctx, link, 0) != 0 {
                let message = "cannot re-enter the tee iterator";
                return Err(ctx.error(TypeId::RuntimeError, message));
            }
            match turn(ctx, part(ctx, link, 0))? {
                Turn::Item(item) => keep(ctx, link, item),
                Turn::End => return Ok(Progress::Done(Outcome::Exhausted)),
                Turn::Wait(progress) => {
                    set_word(ctx, link, 0, 1);
                    kept.set(ctx, 1, link);
                    return Ok(progress);
                }
            }
        }
    }
}

/// Puts an item at the end of a link, which is small.
fn keep(ctx: &mut Ctx<'_>, link: Value, item: Value) {
    ctx.heap.edit_parts(link, |parts| parts.values.push_back(item));
}
