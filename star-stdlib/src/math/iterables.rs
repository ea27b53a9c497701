//! Functions of many numbers at once.
//!
//! In: iterables. Out: a number, or a request when an iterable has to run. Rule: what CPython computes from exact
//! intermediate results is exact here too.

use star::ast::BinaryOp;
use star::heap::Resumed;
use star::object::List;
use star::object::types::TypeId;
use star::ops::iterate::{self, Drain, Flow, Fold, Kept, Machine, Progress, Step};
use star::ops::number;
use star::private::{Ctx, NativeResult, Raise, Value};
use star::value::Ref;

use super::exact::{self, NoSum, Partials, Triple};
use crate::arguments::real;

/// `fsum(seq)`.
pub(super) fn fsum(ctx: &mut Ctx<'_>, seq: Value) -> NativeResult {
    if let Value::List(_) | Value::Tuple(_) = seq {
        return fsum_items(ctx, seq);
    }
    let parts = ctx.heap.list(Vec::new());
    iterate::fold::<Sum>(ctx, seq, &[parts], [0; 3])
}

fn fsum_items(ctx: &mut Ctx<'_>, items: Value) -> NativeResult {
    Ok(Value::float(sum_of_floats(ctx, items)?).into())
}

/// The sum of the items of a rooted list or tuple as floats, rounded once.
pub(crate) fn sum_of_floats(ctx: &mut Ctx<'_>, items: Value) -> Result<f64, Raise> {
    let mut partials = Partials::default();
    let mut at = 0;
    while let Some(&item) = ctx.heap.as_items(items).and_then(|items| items.get(at)) {
        ctx.charge(1)?;
        let x = real(ctx, item)?;
        partials.add(x).map_err(|wrong| no_sum(ctx, wrong))?;
        at += 1;
    }
    partials.round().map_err(|wrong| no_sum(ctx, wrong))
}

/// The raise for a sum that has no value.
#[cold]
pub(crate) fn no_sum(ctx: &mut Ctx<'_>, wrong: NoSum) -> Raise {
    match wrong {
        NoSum::Overflow => ctx.error(TypeId::OverflowError, "intermediate overflow in fsum"),
        NoSum::Invalid => ctx.value_error("-inf + inf in fsum"),
    }
}

/// Keeps: a list of the numbers of [`Partials`].
struct Sum;

impl Sum {
    fn partials(ctx: &Ctx<'_>, kept: &Kept) -> Partials {
        let numbers = ctx.heap.as_items(kept.get(ctx, 0)).unwrap_or_default();
        Partials::of_numbers(numbers.iter().filter_map(|number| number.as_float()))
    }
}

impl Fold for Sum {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise> {
        let mut partials = Sum::partials(ctx, kept);
        let x = real(ctx, item)?;
        partials.add(x).map_err(|wrong| no_sum(ctx, wrong))?;
        if let Value::List(at) = kept.get(ctx, 0) {
            ctx.heap.list_edit(at, |list| {
                list.clear();
                list.extend(partials.numbers().map(Value::float));
            });
        }
        Ok(Flow::Continue)
    }

    fn end(ctx: &mut Ctx<'_>, kept: &mut Kept) -> NativeResult {
        match Sum::partials(ctx, kept).round() {
            Ok(sum) => Ok(Value::float(sum).into()),
            Err(wrong) => Err(no_sum(ctx, wrong)),
        }
    }
}

/// `prod(iterable, start=start)`.
pub(super) fn prod(ctx: &mut Ctx<'_>, iterable: Value, start: Value) -> NativeResult {
    iterate::fold::<Product>(ctx, iterable, &[start], [0; 3])
}

/// Keeps: the product so far.
struct Product;

impl Fold for Product {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise> {
        let product = number::binary(ctx, BinaryOp::Mul, kept.get(ctx, 0), item)?;
        kept.set(ctx, 0, product);
        Ok(Flow::Continue)
    }

    fn end(ctx: &mut Ctx<'_>, kept: &mut Kept) -> NativeResult {
        Ok(kept.get(ctx, 0).into())
    }
}

/// `dist(p, q)`.
pub(super) fn dist(ctx: &mut Ctx<'_>, p: Value, q: Value) -> NativeResult {
    iterate::drain::<First>(ctx, p, &[q], [0; 3])
}

/// Has the first point; keeps the second.
struct First;

impl Drain for First {
    fn then(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value], _: [i64; 3]) -> NativeResult {
        iterate::drain::<Second>(ctx, kept[0], &[Value::List(items)], [0; 3])
    }
}

/// Has the second point; keeps the first.
struct Second;

impl Drain for Second {
    fn then(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value], _: [i64; 3]) -> NativeResult {
        let p = ctx.heap.as_items(kept[0]).unwrap_or_default().to_vec();
        let q = ctx.heap[items].items().to_vec();
        if p.len() != q.len() {
            return Err(ctx.value_error("both points must have the same number of dimensions"));
        }
        ctx.charge(p.len())?;
        let mut apart = Vec::with_capacity(p.len());
        for (p, q) in p.into_iter().zip(q) {
            apart.push((real(ctx, p)? - real(ctx, q)?).abs());
        }
        Ok(Value::float(exact::norm(&mut apart)).into())
    }
}

/// `sumprod(p, q)`.
pub(super) fn sumprod(ctx: &mut Ctx<'_>, p: Value, q: Value) -> NativeResult {
    let p = iterate::iter(ctx, p)?;
    ctx.heap.scratch.push(p);
    let q = iterate::iter(ctx, q);
    ctx.heap.scratch.pop();
    let (ps, qs) = (ctx.heap.list(Vec::new()), ctx.heap.list(Vec::new()));
    iterate::start::<Pairs>(ctx, &[p, q?, ps, qs], [0; 4])
}

/// Takes an item of either iterable in turn, so that they run as a script's loop would run them. Keeps: both iterators,
/// the items of each so far; which one comes next, and whether the first has ended.
struct Pairs;

impl Machine for Pairs {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        if let Some(resumed) = resumed
            && let Some(done) = take(ctx, kept, item_of(ctx, resumed)?)?
        {
            return Ok(done);
        }
        loop {
            ctx.charge(1)?;
            ctx.safe_point()?;
            let iter = kept.get(ctx, (kept.words[0] % 2) as usize);
            if !iterate::ready(ctx.heap, iter) {
                return Ok(Progress::Next(iter));
            }
            let item = match iterate::next(ctx, iter) {
                Ok(Step::Item(item)) => Some(item),
                Ok(_) => None,
                Err(Raise::Exception(exception)) if iterate::stops(ctx, exception) => None,
                Err(raise) => return Err(raise),
            };
            if let Some(done) = take(ctx, kept, item)? {
                return Ok(done);
            }
        }
    }
}

/// The item that was asked for, if there was one.
fn item_of(ctx: &Ctx<'_>, resumed: Resumed) -> Result<Option<Value>, Raise> {
    match resumed {
        Resumed::Value(item) => Ok(Some(item)),
        Resumed::Exhausted(_) => Ok(None),
        Resumed::Raised(exception) if iterate::stops(ctx, exception) => Ok(None),
        Resumed::Raised(exception) => Err(Raise::Exception(exception)),
    }
}

/// Takes the next item, or that there is none, and goes on with the other iterable.
fn take(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Option<Value>) -> Result<Option<Progress>, Raise> {
    let first = kept.words[0] % 2 == 0;
    kept.words[0] += 1;
    let ended = std::mem::replace(&mut kept.words[1], item.is_none().into()) != 0;
    match item {
        _ if !first && ended != item.is_none() => Err(ctx.value_error("Inputs are not the same length")),
        Some(item) => {
            if let Value::List(at) = kept.get(ctx, if first { 2 } else { 3 }) {
                ctx.heap.scratch.push(item);
                let growth = ctx.heap.list_growth(at);
                let room = ctx.reserve_large(growth);
                ctx.heap.scratch.pop();
                room?;
                ctx.heap.list_push(at, item);
            }
            Ok(None)
        }
        None if first => Ok(None),
        None => {
            let (p, q) = (kept.get(ctx, 2), kept.get(ctx, 3));
            sum_of_products(ctx, p, q).map(|sum| Some(Progress::Done(sum.into())))
        }
    }
}

/// The sum of the products of the items of two rooted lists of the same length.
pub(crate) fn sum_of_products(ctx: &mut Ctx<'_>, p: Value, q: Value) -> Result<Value, Raise> {
    let base = ctx.heap.scratch.len();
    ctx.heap.scratch.push(Value::Int(0));
    let result = add_products(ctx, p, q, base);
    let total = ctx.heap.scratch[base];
    ctx.heap.scratch.truncate(base);
    result.map(|()| total)
}

/// Adds the products to the total, which is in the scratch at `base`: ints as ints, floats in extended precision, and
/// from the first of another type on by the operators.
fn add_products(ctx: &mut Ctx<'_>, ps: Value, qs: Value, base: usize) -> Result<(), Raise> {
    let mut ints = Some(0i64);
    let mut floats = Some(Triple::default());
    let mut used = false;
    let mut at = 0;
    let item = |ctx: &Ctx<'_>, list: Value, at: usize| ctx.heap.as_items(list)?.get(at).copied();
    while let (Some(p), Some(q)) = (item(ctx, ps, at), item(ctx, qs, at)) {
        ctx.charge(1)?;
        at += 1;
        if let Some(total) = ints {
            ints = match (p, q) {
                (Value::Int(p), Value::Int(q)) => p.checked_mul(q).and_then(|pq| total.checked_add(pq)),
                _ => None,
            };
            if ints.is_some() {
                continue;
            }
            add(ctx, base, Value::Int(total))?;
        }
        if let Some(total) = floats {
            floats = as_floats(ctx, p, q).map(|(p, q)| total.add_product(p, q)).filter(Triple::is_finite);
            if floats.is_some() {
                used = true;
                continue;
            }
            if used {
                add(ctx, base, Value::float(total.round()))?;
            }
        }
        let product = number::binary(ctx, BinaryOp::Mul, p, q)?;
        add(ctx, base, product)?;
    }
    match (ints, floats) {
        (Some(total), _) => add(ctx, base, Value::Int(total)),
        (None, Some(total)) if used => add(ctx, base, Value::float(total.round())),
        _ => Ok(()),
    }
}

/// Adds to the total.
fn add(ctx: &mut Ctx<'_>, base: usize, item: Value) -> Result<(), Raise> {
    ctx.heap.scratch.push(item);
    let total = number::binary(ctx, BinaryOp::Add, ctx.heap.scratch[base], item);
    ctx.heap.scratch.pop();
    ctx.heap.scratch[base] = total?;
    Ok(())
}

/// Two floats, or a float and an int that becomes one.
fn as_floats(ctx: &mut Ctx<'_>, p: Value, q: Value) -> Option<(f64, f64)> {
    if !matches!((p, q), (Value::Float(_), _) | (_, Value::Float(_))) {
        return None;
    }
    let float = |v: Value| match v {
        Value::Float(bits) => Some(f64::from_bits(bits)),
        Value::Int(i) => Some(i as f64),
        Value::Bool(b) => Some(b as f64),
        Value::BigInt(_) => {
            let int = star::ops::plain::int_ref(ctx.heap, v)?;
            star::text::float::int_to_float(int).ok()
        }
        _ => None,
    };
    Some((float(p)?, float(q)?))
}
