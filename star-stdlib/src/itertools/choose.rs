//! `combinations`, `combinations_with_replacement`, `permutations`: tuples of some of the items of an iterable.
//!
//! In: an iterable and a number. Out: tuples, in the order of the places that their items have in it. Rule: items are told
//! apart by place, never compared.

use star::heap::{Args, Arity, HostType, Native, NativeResult, Outcome};
use star::object::{HostData, List};
use star::ops::iterate::{self, Drain};
use star::private::{Ctx, Raise, Value};
use star::value::Ref;

use super::step::iterator;
use crate::arguments::ssize;
use crate::native::function;

/// `combinations`.
pub(super) static COMBINATIONS: HostType = iterator(
    "combinations",
    "Tuples of some items of an iterable, each at most once, in their order.",
    &NEW_COMBINATIONS,
    |ctx, args| next(ctx, args, Choice::next_combination),
);

static NEW_COMBINATIONS: Native = function(
    "combinations",
    ITERABLE_AND_R,
    |ctx, args| {
        let r = length(ctx, args[1])?;
        iterate::drain::<Combinations>(ctx, args[0], &[], [r, 0, 0])
    },
    "combinations(iterable, r): tuples of r of its items, each at most once, in their order",
);

/// `combinations_with_replacement`.
pub(super) static COMBINATIONS_WITH_REPLACEMENT: HostType = iterator(
    "combinations_with_replacement",
    "Tuples of some items of an iterable, each as often as may be, in their order.",
    &NEW_WITH_REPLACEMENT,
    |ctx, args| next(ctx, args, Choice::next_with_replacement),
);

static NEW_WITH_REPLACEMENT: Native = function(
    "combinations_with_replacement",
    ITERABLE_AND_R,
    |ctx, args| {
        let r = length(ctx, args[1])?;
        iterate::drain::<WithReplacement>(ctx, args[0], &[], [r, 0, 0])
    },
    "combinations_with_replacement(iterable, r): tuples of r of its items, each as often as may be, in their order",
);

/// `permutations`.
pub(super) static PERMUTATIONS: HostType = iterator(
    "permutations",
    "Tuples of some items of an iterable, each at most once, in every order.",
    &NEW_PERMUTATIONS,
    |ctx, args| next(ctx, args, Choice::next_permutation),
);

static NEW_PERMUTATIONS: Native = function(
    "permutations",
    Arity::Named { names: &["iterable", "r"], required: 1, positional: 2 },
    |ctx, args| {
        let r = match args.get(1) {
            None | Some(Value::None) => -1,
            Some(r @ (Value::Int(_) | Value::Bool(_) | Value::BigInt(_))) => length(ctx, r)?,
            Some(_) => return Err(ctx.type_error("Expected int as r")),
        };
        iterate::drain::<Permutations>(ctx, args[0], &[], [r, 0, 0])
    },
    "permutations(iterable, r=None): tuples of r of its items, or of all, each at most once, in every order",
);

const ITERABLE_AND_R: Arity = Arity::Named { names: &["iterable", "r"], required: 2, positional: 2 };

fn length(ctx: &mut Ctx<'_>, r: Value) -> Result<i64, Raise> {
    match ssize(ctx, r)? {
        r @ 0.. => Ok(r),
        _ => Err(ctx.value_error("r must be non-negative")),
    }
}

/// What is chosen from, and what is chosen.
struct Choice {
    pool: Vec<Value>,
    /// The places of the tuple's items. The first places of `permutations` are those of its tuple, the others follow in
    /// the order in which they come to stand there.
    indices: Vec<usize>,
    /// Of `permutations`: how many more items each place of the tuple takes.
    cycles: Vec<usize>,
    length: usize,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// No tuple has been given yet.
    Fresh,
    Going,
    Ended,
}

impl HostData for Choice {
    fn trace(&self, index: usize, visit: &mut dyn FnMut(Value) -> bool) -> usize {
        for (i, &value) in self.pool.iter().enumerate().skip(index) {
            if !visit(value) {
                return i + 1;
            }
        }
        usize::MAX
    }

    fn bytes(&self) -> usize {
        size_of::<Choice>()
            + self.pool.capacity() * size_of::<Value>()
            + (self.indices.capacity() + self.cycles.capacity()) * size_of::<usize>()
    }
}

struct Combinations;

impl Drain for Combinations {
    fn then(ctx: &mut Ctx<'_>, items: Ref<List>, _: &[Value], words: [i64; 3]) -> NativeResult {
        let (pool, r) = (items, words[0] as usize);
        let fits = r <= ctx.heap[pool].items().len();
        let indices = if fits { places(ctx, r)? } else { Vec::new() };
        choice(ctx, &COMBINATIONS, pool, Choice { indices, length: r, ..Choice::of(fits) })
    }
}

struct WithReplacement;

impl Drain for WithReplacement {
    fn then(ctx: &mut Ctx<'_>, items: Ref<List>, _: &[Value], words: [i64; 3]) -> NativeResult {
        let (pool, r) = (items, words[0] as usize);
        let fits = r == 0 || !ctx.heap[pool].items().is_empty();
        let mut indices = if fits { places(ctx, r)? } else { Vec::new() };
        indices.fill(0);
        choice(ctx, &COMBINATIONS_WITH_REPLACEMENT, pool, Choice { indices, length: r, ..Choice::of(fits) })
    }
}

struct Permutations;

impl Drain for Permutations {
    fn then(ctx: &mut Ctx<'_>, items: Ref<List>, _: &[Value], words: [i64; 3]) -> NativeResult {
        let pool = items;
        let n = ctx.heap[pool].items().len();
        let r = usize::try_from(words[0]).unwrap_or(n);
        if r > n {
            return choice(ctx, &PERMUTATIONS, pool, Choice { length: r, ..Choice::of(false) });
        }
        let indices = places(ctx, n)?;
        let cycles = (n - r + 1..=n).rev().collect();
        choice(ctx, &PERMUTATIONS, pool, Choice { indices, cycles, length: r, ..Choice::of(true) })
    }
}

/// The first `count` places.
fn places(ctx: &mut Ctx<'_>, count: usize) -> Result<Vec<usize>, Raise> {
    ctx.charge(count / 8)?;
    ctx.reserve_large(count.saturating_mul(2 * size_of::<usize>()))?;
    Ok((0..count).collect())
}

fn choice(ctx: &mut Ctx<'_>, kind: &'static HostType, pool: Ref<List>, choice: Choice) -> NativeResult {
    // The list is known to nobody else.
    let pool = ctx.heap.list_edit(pool, std::mem::take);
    Ok(ctx.heap.host_object(kind, Choice { pool, ..choice }).into())
}

/// The next tuple, once `advance` has moved the places on.
fn next(ctx: &mut Ctx<'_>, args: Args<'_>, advance: fn(&mut Choice) -> bool) -> NativeResult {
    let Value::Host(at) = args[0] else { return Ok(Outcome::Exhausted) };
    let length = ctx.heap[at].borrow::<Choice>().map_or(0, |choice| choice.length);
    if length > FEW {
        ctx.charge(length / 4)?;
        ctx.reserve_large(length * 2 * size_of::<Value>())?;
    }
    let mut few = [Value::Undef; FEW];
    let mut many = Vec::new();
    {
        let Some(mut choice) = ctx.heap[at].borrow_mut::<Choice>() else { return Ok(Outcome::Exhausted) };
        if !choice.go_on(advance) {
            return Ok(Outcome::Exhausted);
        }
        let items = choice.items();
        if length <= FEW {
            few.iter_mut().zip(items).for_each(|(place, item)| *place = item);
        } else {
            many.extend(items);
        }
    }
    let items = if length <= FEW { &few[..length] } else { &many };
    Ok(ctx.heap.tuple(items).into())
}

/// Tuples of so many items are made without a vector.
const FEW: usize = 8;

impl Choice {
    /// Nothing yet, with tuples to come or not.
    fn of(any: bool) -> Choice {
        let state = if any { State::Fresh } else { State::Ended };
        Choice { pool: Vec::new(), indices: Vec::new(), cycles: Vec::new(), length: 0, state }
    }

    /// Goes on to the next tuple; false if there is none.
    fn go_on(&mut self, advance: fn(&mut Choice) -> bool) -> bool {
        match self.state {
            State::Ended => {}
            State::Fresh => self.state = State::Going,
            State::Going => {
                if !advance(self) {
                    self.state = State::Ended;
                }
            }
        }
        self.state == State::Going
    }

    fn items(&self) -> impl Iterator<Item = Value> + '_ {
        self.indices[..self.length].iter().map(|&place| self.pool[place])
    }

    fn next_combination(&mut self) -> bool {
        let (n, r) = (self.pool.len(), self.length);
        let Some(at) = (0..r).rev().find(|&at| self.indices[at] != at + n - r) else { return false };
        self.indices[at] += 1;
        for after in at + 1..r {
            self.indices[after] = self.indices[after - 1] + 1;
        }
        true
    }

    fn next_with_replacement(&mut self) -> bool {
        let last = self.pool.len().wrapping_sub(1);
        let Some(at) = self.indices.iter().rposition(|&place| place != last) else { return false };
        let place = self.indices[at] + 1;
        self.indices[at..].fill(place);
        true
    }

    fn next_permutation(&mut self) -> bool {
        let n = self.pool.len();
        for at in (0..self.length).rev() {
            self.cycles[at] -= 1;
            if self.cycles[at] == 0 {
                self.indices[at..].rotate_left(1);
                self.cycles[at] = n - at;
            } else {
                let other = n - self.cycles[at];
                self.indices.swap(at, other);
                return true;
            }
        }
        false
    }
}
