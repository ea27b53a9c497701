//! `chain`: the items of some iterables, one after the other.
//!
//! Parts: an iterator over the iterables, the iterator over the one at hand or Undef.

use star::heap::{Arity, HostType, Native, Outcome, Resumed};
use star::ops::iterate::{self, Kept, Machine, Progress, Turn, answer, turn};
use star::private::{Ctx, Raise, Value};

use super::step::{self, finish, iterator, part, set_part};
use crate::native::{function, method};

/// `chain`.
pub(super) static CHAIN: HostType = HostType {
    statics: STATICS,
    ..iterator("chain", "The items of some iterables, one after the other.", &NEW, step::step::<Chain>)
};

static NEW: Native = function(
    "chain",
    Arity::VariadicPositional,
    |ctx, args| {
        ctx.charge(args.len() / 16)?;
        ctx.reserve_large(size_of_val::<[Value]>(args.positional))?;
        let all = ctx.heap.tuple(args.positional);
        let source = iterate::iter(ctx, all)?;
        Ok(ctx.heap.object(&CHAIN, [source, Value::Undef], [0; 4]).into())
    },
    "chain(*iterables): the items of each, one after the other",
);

static STATICS: &[Native] = &[method(
    &CHAIN,
    "from_iterable",
    Arity::One,
    |ctx, args| {
        let source = iterate::iter(ctx, args[1])?;
        Ok(ctx.heap.object(&CHAIN, [source, Value::Undef], [0; 4]).into())
    },
    "chain.from_iterable(iterable): the items of each of its items, one after the other",
)];

/// One step. Keeps: itself.
struct Chain;

impl Machine for Chain {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let own = kept.get(ctx, 0);
        let mut found = match resumed {
            None => None,
            Some(resumed) => Some(answer(ctx, resumed)?),
        };
        loop {
            let active = part(ctx, own, 1);
            match (found, active) {
                (None, _) => {}
                (Some(None), Value::Undef) => return Ok(finish(ctx, own)),
                (Some(None), _) => set_part(ctx, own, 1, Value::Undef),
                (Some(Some(iterable)), Value::Undef) => {
                    kept.set(ctx, 1, iterable);
                    let iter = match iterate::iter(ctx, iterable) {
                        Ok(iter) => iter,
                        Err(raise) => {
                            finish(ctx, own);
                            return Err(raise);
                        }
                    };
                    set_part(ctx, own, 1, iter);
                }
                (Some(Some(item)), _) => return Ok(Progress::Done(Outcome::Return(item))),
            }
            ctx.safe_point()?;
            let asked = match part(ctx, own, 1) {
                Value::Undef => part(ctx, own, 0),
                active => active,
            };
            found = match turn(ctx, asked)? {
                Turn::Item(item) => Some(Some(item)),
                Turn::End => Some(None),
                Turn::Wait(progress) => return Ok(progress),
            };
        }
    }
}
