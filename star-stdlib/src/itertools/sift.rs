//! `compress`, `dropwhile`, `filterfalse`, `takewhile`: the items of an iterable that something speaks for.
//!
//! Parts: the iterator; the function, or the iterator over selectors. `words[0]`: items come unseen from now on.

use std::marker::PhantomData;

use star::heap::{Args, Arity, HostType, Native, NativeResult, Resumed};
use star::ops::iterate::{self, Kept, Machine, Progress, Turn, answer, turn};
use star::ops::types;
use star::private::{Ctx, Raise, Value};

use super::step::{self, Called, FLAGS, call, callee, finish, iterator, part, set_word, word};
use crate::native::function;

/// `compress`.
pub(super) static COMPRESS: HostType = iterator(
    "compress",
    "The items of an iterable beside which another has a true one.",
    &NEW_COMPRESS,
    step::step::<Compress>,
);

static NEW_COMPRESS: Native = function(
    "compress",
    Arity::Named { names: &["data", "selectors"], required: 2, positional: 2 },
    |ctx, args| {
        let data = iterate::iter(ctx, args[0])?;
        ctx.heap.scratch.push(data);
        let selectors = iterate::iter(ctx, args[1]);
        ctx.heap.scratch.pop();
        Ok(ctx.heap.object(&COMPRESS, [data, selectors?], [0; 4]).into())
    },
    "compress(data, selectors): the items of data beside which selectors has a true one",
);

/// `dropwhile`.
pub(super) static DROP_WHILE: HostType = iterator(
    "dropwhile",
    "The items of an iterable from the first on of which a function is not true.",
    &NEW_DROP_WHILE,
    step::step::<Sift<DropWhile>>,
);

static NEW_DROP_WHILE: Native = function(
    "dropwhile",
    Arity::Positional(2, 2),
    |ctx, args| new(ctx, &DROP_WHILE, args),
    "dropwhile(predicate, iterable): its items from the first on of which predicate is not true",
);

/// `filterfalse`.
pub(super) static FILTER_FALSE: HostType = iterator(
    "filterfalse",
    "The items of an iterable of which a function is not true.",
    &NEW_FILTER_FALSE,
    step::step::<Sift<FilterFalse>>,
);

static NEW_FILTER_FALSE: Native = function(
    "filterfalse",
    Arity::Positional(2, 2),
    |ctx, args| new(ctx, &FILTER_FALSE, args),
    "filterfalse(function, iterable): the items for which it is false; None stands for the items themselves",
);

/// `takewhile`.
pub(super) static TAKE_WHILE: HostType = iterator(
    "takewhile",
    "The items of an iterable up to the first of which a function is not true.",
    &NEW_TAKE_WHILE,
    step::step::<Sift<TakeWhile>>,
);

static NEW_TAKE_WHILE: Native = function(
    "takewhile",
    Arity::Positional(2, 2),
    |ctx, args| new(ctx, &TAKE_WHILE, args),
    "takewhile(predicate, iterable): its items up to the first of which predicate is not true",
);

fn new(ctx: &mut Ctx<'_>, kind: &'static HostType, args: Args<'_>) -> NativeResult {
    let iter = iterate::iter(ctx, args[1])?;
    let (function, flags) = callee(ctx, args[0], 1);
    Ok(ctx.heap.object(kind, [iter, function], [0, 0, 0, flags]).into())
}

/// What becomes of an item.
enum Decision {
    Yield,
    Skip,
    /// Of this and all after it.
    End,
}

/// Which items pass.
trait Mode {
    /// None stands for the items themselves.
    const NONE: bool = false;
    /// What becomes of an item that the function calls true or false.
    fn decide(truth: bool) -> Decision;
    /// Whether no item is judged after one has passed.
    const OPENS: bool = false;
}

struct DropWhile;
impl Mode for DropWhile {
    const OPENS: bool = true;
    fn decide(truth: bool) -> Decision {
        if truth { Decision::Skip } else { Decision::Yield }
    }
}

struct FilterFalse;
impl Mode for FilterFalse {
    const NONE: bool = true;
    fn decide(truth: bool) -> Decision {
        if truth { Decision::Skip } else { Decision::Yield }
    }
}

struct TakeWhile;
impl Mode for TakeWhile {
    fn decide(truth: bool) -> Decision {
        if truth { Decision::Yield } else { Decision::End }
    }
}

/// One step of an iterator that judges items. Keeps: itself, the item being judged; `words[0]` tells what it waits for.
struct Sift<M>(PhantomData<M>);

/// It waits for what the function says.
const VERDICT: i64 = 1;

/// How far it is with an item.
enum State {
    Ask,
    Item(Value),
    Verdict(Value),
    End,
}

impl<M: Mode> Machine for Sift<M> {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let own = kept.get(ctx, 0);
        let (iter, function, flags) = (part(ctx, own, 0), part(ctx, own, 1), word(ctx, own, FLAGS));
        let mut state = match resumed {
            None => State::Ask,
            Some(resumed) if kept.words[0] == VERDICT => State::Verdict(iterate::result(ctx, resumed)?),
            Some(resumed) => answer(ctx, resumed)?.map_or(State::End, State::Item),
        };
        loop {
            state = match state {
                State::Ask => match turn(ctx, iter)? {
                    Turn::Item(item) => State::Item(item),
                    Turn::End => State::End,
                    Turn::Wait(progress) => {
                        kept.words[0] = 0;
                        return Ok(progress);
                    }
                },
                State::Item(item) => {
                    if M::OPENS && word(ctx, own, 0) != 0 {
                        return Ok(Progress::Done(item.into()));
                    }
                    kept.set(ctx, 1, item);
                    if M::NONE && function.is_none() {
                        State::Verdict(item)
                    } else {
                        match call(ctx, flags, function, &[item])? {
                            Called::Result(verdict) => State::Verdict(verdict),
                            Called::Wait(progress) => {
                                kept.words[0] = VERDICT;
                                return Ok(progress);
                            }
                        }
                    }
                }
                State::Verdict(verdict) => match M::decide(types::truthy(ctx.heap, verdict)) {
                    Decision::Yield => {
                        set_word(ctx, own, 0, 1);
                        return Ok(Progress::Done(kept.get(ctx, 1).into()));
                    }
                    Decision::Skip => {
                        ctx.safe_point()?;
                        State::Ask
                    }
                    Decision::End => State::End,
                },
                State::End => return Ok(finish(ctx, own)),
            }
        }
    }
}

/// One step of `compress`. Keeps: itself, the item beside which a selector is asked for; `words[0]` tells what it waits
/// for.
struct Compress;

const SELECTOR: i64 = 1;

impl Machine for Compress {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let own = kept.get(ctx, 0);
        let parts = [part(ctx, own, 0), part(ctx, own, 1)];
        let mut found = match resumed {
            None => None,
            Some(resumed) => Some(answer(ctx, resumed)?),
        };
        loop {
            match found {
                None => {}
                Some(None) => return Ok(finish(ctx, own)),
                Some(Some(selector)) if kept.words[0] == SELECTOR => {
                    if types::truthy(ctx.heap, selector) {
                        return Ok(Progress::Done(kept.get(ctx, 1).into()));
                    }
                    kept.words[0] = 0;
                    ctx.safe_point()?;
                }
                Some(Some(item)) => {
                    kept.set(ctx, 1, item);
                    kept.words[0] = SELECTOR;
                }
            }
            found = match turn(ctx, parts[kept.words[0] as usize])? {
                Turn::Item(item) => Some(Some(item)),
                Turn::End => Some(None),
                Turn::Wait(progress) => return Ok(progress),
            };
        }
    }
}
