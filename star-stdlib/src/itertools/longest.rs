//! `zip_longest`: tuples of an item of each iterable, until the last has ended.
//!
//! Parts: what stands for items that are missing, then an iterator for each iterable, Undef once it has ended. `words`: how
//! many have not ended.

use star::heap::{Args, Arity, HostType, Native, NativeResult, Outcome, Resumed};
use star::ops::iterate::{self, Kept, Machine, Progress, Turn, answer, turn};
use star::private::{Ctx, Raise, Value};

use super::step::{iterator, part, set_part, set_word, word};
use crate::native::function;

/// `zip_longest`.
pub(super) static ZIP_LONGEST: HostType = iterator(
    "zip_longest",
    "Tuples of an item of each iterable, until the last has ended.",
    &NEW,
    |ctx, args| {
        let row = ctx.heap.list(Vec::new());
        iterate::start::<Row>(ctx, &[args[0], row], [0; 4])
    },
);

static NEW: Native = function(
    "zip_longest",
    Arity::Variadic,
    new,
    "zip_longest(*iterables, fillvalue=None): tuples of an item of each, fillvalue for those that are missing",
);

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let fill = match (args.names, args.keywords) {
        ([], _) => Value::None,
        (&[name], &[value]) if ctx.heap.as_str(name) == Some("fillvalue") => value,
        _ => return Err(ctx.type_error("zip_longest() got an unexpected keyword argument")),
    };
    ctx.charge(args.len() / 16)?;
    ctx.reserve_large(args.len() * 4 * size_of::<Value>())?;
    let mut parts = vec![fill];
    for &iterable in args.positional {
        parts.push(iterate::iter(ctx, iterable)?);
    }
    Ok(ctx.heap.object(&ZIP_LONGEST, parts, [args.len() as i64, 0, 0, 0]).into())
}

/// One step. Keeps: itself, a list of the items so far.
struct Row;

impl Machine for Row {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let (own, Value::List(row)) = (kept.get(ctx, 0), kept.get(ctx, 1)) else {
            return Ok(Progress::Done(Outcome::Exhausted));
        };
        let mut resumed = resumed;
        let width = ctx.heap.parts(own).values.len() - 1;
        if word(ctx, own, 0) == 0 {
            return Ok(Progress::Done(Outcome::Exhausted));
        }
        while ctx.heap[row].items().len() < width {
            let at = ctx.heap[row].items().len() + 1;
            let found = match (resumed.take(), part(ctx, own, at)) {
                (Some(resumed), _) => answer(ctx, resumed)?,
                (None, iter) => match turn(ctx, iter)? {
                    Turn::Item(item) => Some(item),
                    Turn::End => None,
                    Turn::Wait(progress) => return Ok(progress),
                },
            };
            let item = match found {
                Some(item) => item,
                None => {
                    if part(ctx, own, at).given().is_some() {
                        set_part(ctx, own, at, Value::Undef);
                        let left = word(ctx, own, 0) - 1;
                        set_word(ctx, own, 0, left);
                        if left == 0 {
                            return Ok(Progress::Done(Outcome::Exhausted));
                        }
                    }
                    part(ctx, own, 0)
                }
            };
            ctx.heap.scratch.push(item);
            let room = iterate::grow_list(ctx, row, 1);
            ctx.heap.scratch.pop();
            room?;
            ctx.heap.list_push(row, item);
        }
        ctx.reserve_large(width * size_of::<Value>())?;
        let items = ctx.heap.list_edit(row, std::mem::take);
        Ok(Progress::Done(ctx.heap.tuple(&items).into()))
    }
}
