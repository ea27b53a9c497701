//! `product`: tuples of an item of each of some iterables, in all ways.
//!
//! In: iterables. Out: tuples; the last item changes fastest. Rule: the iterables are walked once, before the first tuple.

use star::heap::{Args, Arity, HostType, Native, NativeResult, Outcome, Resumed};
use star::object::HostData;
use star::object::types::TypeId;
use star::ops::iterate::{self, Kept, Machine, Progress, Turn, answer, grow_list, turn};
use star::private::{Ctx, Raise, Value};

use super::step::iterator;
use crate::arguments::ssize;
use crate::native::function;

/// `product`.
pub(super) static PRODUCT: HostType =
    iterator("product", "Tuples of an item of each of some iterables, in all ways.", &NEW, next);

static NEW: Native = function(
    "product",
    Arity::Variadic,
    new,
    "product(*iterables, repeat=1): tuples of an item of each, in all ways; of the iterables so many times",
);

/// What the items come from.
struct Product {
    /// Items of all iterables, one after the other.
    items: Vec<Value>,
    /// Where the items of each iterable lie.
    pools: Vec<std::ops::Range<usize>>,
    /// Places of the tuple's items; they come from the pools, over and over.
    indices: Vec<usize>,
    started: bool,
    ended: bool,
}

impl HostData for Product {
    fn trace(&self, index: usize, visit: &mut dyn FnMut(Value) -> bool) -> usize {
        for (i, &value) in self.items.iter().enumerate().skip(index) {
            if !visit(value) {
                return i + 1;
            }
        }
        usize::MAX
    }

    fn bytes(&self) -> usize {
        size_of::<Product>()
            + (self.items.capacity() + self.pools.capacity()) * size_of::<Value>()
            + self.indices.capacity() * size_of::<usize>()
    }
}

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let repeat = match (args.names, args.keywords) {
        ([], _) => 1,
        (&[name], &[value]) if ctx.heap.as_str(name) == Some("repeat") => match ssize(ctx, value)? {
            repeat @ 0.. => repeat,
            _ => return Err(ctx.value_error("repeat argument cannot be negative")),
        },
        (&[name, ..], _) => {
            let name = ctx.heap.as_str(name).unwrap_or_default();
            let known = ["repeat"].into_iter();
            let message = star::host::arguments::unexpected("product", name, known);
            return Err(ctx.type_error(message));
        }
    };
    if repeat.checked_mul(8 * args.len().max(1) as i64).is_none() {
        return Err(ctx.error(TypeId::OverflowError, "repeat argument too large"));
    }
    ctx.charge(args.len())?;
    ctx.reserve_large(size_of_val::<[Value]>(args.positional) * 3)?;
    let given = if repeat == 0 { &[] } else { args.positional };
    let iterables = ctx.heap.tuple(given);
    let ends = ctx.heap.list(Vec::with_capacity(given.len()));
    let items = ctx.heap.list(Vec::new());
    iterate::start::<Collect>(ctx, &[iterables, ends, items, Value::Undef], [repeat, 0, 0, 0])
}

/// Collects the items of all iterables. Keeps: a tuple of them, a list of where the items of each end, a list of items, the
/// iterator at hand; `words[0]`: how often they are repeated.
struct Collect;

impl Machine for Collect {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let (iterables, Value::List(ends), Value::List(items)) =
            (kept.get(ctx, 0), kept.get(ctx, 1), kept.get(ctx, 2))
        else {
            return Ok(Progress::Done(Outcome::Exhausted));
        };
        let mut resumed = resumed;
        loop {
            let at = ctx.heap[ends].items().len();
            let Some(&iterable) = ctx.heap.as_items(iterables).and_then(|all| all.get(at)) else { break };
            let iter = match kept.get(ctx, 3) {
                Value::Undef => {
                    let iter = iterate::iter(ctx, iterable)?;
                    kept.set(ctx, 3, iter);
                    iter
                }
                iter => iter,
            };
            let found = match resumed.take() {
                Some(resumed) => answer(ctx, resumed)?,
                None => match turn(ctx, iter)? {
                    Turn::Item(item) => Some(item),
                    Turn::End => None,
                    Turn::Wait(progress) => return Ok(progress),
                },
            };
            match found {
                Some(item) => {
                    ctx.heap.scratch.push(item);
                    let room = grow_list(ctx, items, 1);
                    ctx.heap.scratch.pop();
                    room?;
                    ctx.heap.list_push(items, item);
                }
                None => {
                    let end = ctx.heap[items].items().len();
                    ctx.heap.list_push(ends, Value::Int(end as i64));
                    kept.set(ctx, 3, Value::Undef);
                }
            }
            ctx.safe_point()?;
        }
        let count = ctx.heap[ends].items().len() * kept.words[0] as usize;
        ctx.charge(count / 8)?;
        ctx.reserve_large(count.saturating_mul(size_of::<usize>()))?;
        let mut pools = Vec::new();
        let mut start = 0;
        for &end in ctx.heap[ends].items() {
            let end = end.as_int().unwrap_or_default() as usize;
            pools.push(start..end);
            start = end;
        }
        let ended = pools.iter().any(|pool| pool.is_empty());
        // The list is known to nobody else.
        let items = ctx.heap.list_edit(items, std::mem::take);
        let indices = if ended { Vec::new() } else { vec![0; count] };
        let product = Product { items, pools, indices, started: false, ended };
        Ok(Progress::Done(ctx.heap.host_object(&PRODUCT, product).into()))
    }
}

impl Product {
    /// Goes on to the next tuple; false if there is none.
    fn go_on(&mut self) -> bool {
        if self.ended || !std::mem::replace(&mut self.started, true) {
            return !self.ended;
        }
        let width = self.pools.len();
        for (at, index) in self.indices.iter_mut().enumerate().rev() {
            *index += 1;
            if *index < self.pools[at % width].len() {
                return true;
            }
            *index = 0;
        }
        self.ended = true;
        false
    }

    fn items(&self) -> impl Iterator<Item = Value> + '_ {
        let pools = self.pools.iter().cycle();
        self.indices.iter().zip(pools).map(|(&index, pool)| self.items[pool.start + index])
    }
}

fn next(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Value::Host(at) = args[0] else { return Ok(Outcome::Exhausted) };
    let length = ctx.heap[at].borrow::<Product>().map_or(0, |product| product.indices.len());
    if length > FEW {
        ctx.charge(length / 4)?;
        ctx.reserve_large(length * 2 * size_of::<Value>())?;
    }
    let mut few = [Value::Undef; FEW];
    let mut many = Vec::new();
    {
        let Some(mut product) = ctx.heap[at].borrow_mut::<Product>() else { return Ok(Outcome::Exhausted) };
        if !product.go_on() {
            return Ok(Outcome::Exhausted);
        }
        let items = product.items();
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
