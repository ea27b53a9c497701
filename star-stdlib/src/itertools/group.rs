//! `groupby`: runs of items that have the same key.
//!
//! In: an iterable and a function. Out: pairs of a key and an iterator over the items of its run. Rule: both walk the one
//! iterable, so a run ends for its iterator where the next one is asked for.

use star::heap::{Arity, HostType, Native, Outcome, Resumed};
use star::ops::compare;
use star::ops::iterate::{self, Kept, Machine, Progress, Turn, answer, turn};
use star::private::{Ctx, Hooks, Raise, Value};

use super::step::{self, Called, FLAGS, call, callee, iterator, part, set_part, set_word, word};
use crate::native::function;

/// `groupby`. Parts: the iterator, the function or None, the key of the run asked for, the key and the item at hand, each
/// Undef for none. `words`: the number of the run that may be walked.
pub(super) static GROUP_BY: HostType =
    iterator("groupby", "Runs of items of an iterable that have the same key.", &NEW, step::step::<GroupBy>);

static NEW: Native = function(
    "groupby",
    Arity::Named { names: &["iterable", "key"], required: 1, positional: 2 },
    |ctx, args| {
        let iter = iterate::iter(ctx, args[0])?;
        let (function, flags) = callee(ctx, args.get(1).unwrap_or(Value::None), 1);
        let parts = [iter, function, Value::Undef, Value::Undef, Value::Undef];
        Ok(ctx.heap.object(&GROUP_BY, parts, [0, 0, 0, flags]).into())
    },
    "groupby(iterable, key=None): pairs of a key and an iterator over the items in a row that have it",
);

const WANTED: usize = 2;
const KEY: usize = 3;
const ITEM: usize = 4;
/// Word: the run that may be walked.
const RUN: usize = 0;

/// The items of a run. Parts: the `groupby`, the key; `words`: the number of the run.
static GROUPER: HostType = HostType {
    hooks: Hooks { full_name: true, next: Some(step::step::<Grouper>), ..Hooks::NONE },
    ..HostType::named("_grouper", "itertools", "The items of a run.")
};

/// Reads the next item and its key into the parts of the `groupby` that `own` is. `waits` is where the machine notes what
/// it waits for, and `resumed` with what it was resumed for that. `Some` progress if it has to wait or has ended.
fn read(
    ctx: &mut Ctx<'_>,
    own: Value,
    waits: &mut i64,
    resumed: &mut Option<Resumed>,
) -> Result<Option<Progress>, Raise> {
    let function = part(ctx, own, 1);
    if *waits == FOR_KEY
        && let Some(resumed) = resumed.take()
    {
        *waits = 0;
        let key = iterate::result(ctx, resumed)?;
        set_part(ctx, own, KEY, key);
        return Ok(None);
    }
    let found = match resumed.take() {
        Some(resumed) => answer(ctx, resumed)?,
        None => match turn(ctx, part(ctx, own, 0))? {
            Turn::Item(item) => Some(item),
            Turn::End => None,
            Turn::Wait(progress) => {
                *waits = FOR_ITEM;
                return Ok(Some(progress));
            }
        },
    };
    *waits = 0;
    let Some(item) = found else { return Ok(Some(Progress::Done(Outcome::Exhausted))) };
    set_part(ctx, own, ITEM, item);
    let key = match function {
        Value::None => item,
        _ => match call(ctx, word(ctx, own, FLAGS), function, &[item])? {
            Called::Result(key) => key,
            Called::Wait(progress) => {
                *waits = FOR_KEY;
                return Ok(Some(progress));
            }
        },
    };
    set_part(ctx, own, KEY, key);
    Ok(None)
}

const FOR_ITEM: i64 = 1;
const FOR_KEY: i64 = 2;

/// One step of `groupby`. Keeps: itself; `words[0]`: what it waits for.
struct GroupBy;

impl Machine for GroupBy {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let own = kept.get(ctx, 0);
        let mut resumed = resumed;
        let run = word(ctx, own, RUN);
        if resumed.is_none() {
            // Whoever walks the run before has had its items.
            set_word(ctx, own, RUN, run + 1);
        }
        loop {
            if resumed.is_none() {
                let (wanted, key) = (part(ctx, own, WANTED), part(ctx, own, KEY));
                let same = match (wanted, key) {
                    (_, Value::Undef) => true,
                    (Value::Undef, _) => false,
                    _ => compare::same_item(ctx, wanted, key)?,
                };
                if !same {
                    break;
                }
                ctx.safe_point()?;
            }
            if let Some(progress) = read(ctx, own, &mut kept.words[0], &mut resumed)? {
                return Ok(progress);
            }
        }
        let key = part(ctx, own, KEY);
        set_part(ctx, own, WANTED, key);
        let run = word(ctx, own, RUN);
        let grouper = ctx.heap.object(&GROUPER, [own, key], [run, 0, 0, 0]);
        Ok(Progress::Done(ctx.heap.tuple(&[key, grouper]).into()))
    }
}

/// One step of a run. Keeps: itself; `words[0]`: what it waits for.
struct Grouper;

impl Machine for Grouper {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let run = kept.get(ctx, 0);
        let (own, wanted) = (part(ctx, run, 0), part(ctx, run, 1));
        if word(ctx, own, RUN) != word(ctx, run, RUN) {
            return Ok(Progress::Done(Outcome::Exhausted));
        }
        let mut resumed = resumed;
        if (resumed.is_some() || part(ctx, own, ITEM).is_undef())
            && let Some(progress) = read(ctx, own, &mut kept.words[0], &mut resumed)?
        {
            return Ok(progress);
        }
        let key = part(ctx, own, KEY);
        if !compare::same_item(ctx, wanted, key)? {
            return Ok(Progress::Done(Outcome::Exhausted));
        }
        let item = part(ctx, own, ITEM);
        set_part(ctx, own, ITEM, Value::Undef);
        set_part(ctx, own, KEY, Value::Undef);
        Ok(Progress::Done(item.into()))
    }
}
