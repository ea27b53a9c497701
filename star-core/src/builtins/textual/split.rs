//! `split`, `rsplit`, `splitlines` and `join`, of str and bytes.
//!
//! In: a text, or its parts. Out: its parts, or a text. Rule: what is made is counted first, so that room is made
//! for exactly that.

use std::marker::PhantomData;

use super::{Textual, built, whole_receiver};
use crate::heap::{Args, Arity, Ctx, NativeResult, Outcome, Raise};
use crate::object::Str;
use crate::object::types::TypeId;
use crate::ops::iterate::{self, Flow, Fold, Kept};
use crate::ops::plain::{budget, raise, ssize_arg};
use crate::ops::types;
use crate::text::split as text_split;
use crate::value::Value;

/// `(sep=None, maxsplit=-1)`
pub const SPLIT: Arity = Arity::Named { names: &["sep", "maxsplit"], required: 0, positional: 2 };

/// `(keepends=False)`
pub const SPLITLINES: Arity = Arity::Named { names: &["keepends"], required: 0, positional: 1 };

/// Bytes that a part takes beside its text: the object, its shared header, its place in the list.
const PER_PART: usize = size_of::<Str>() + 16 + 8 + size_of::<Value>();

/// Parts of a text this short need no counting: they fit what is allocated freely.
const SHORT: usize = 48;

/// A list of `parts` of `text`, which come last first if `reversed`.
fn list_of<'t, T: Textual + ?Sized, I: Iterator<Item = &'t T>>(
    ctx: &mut Ctx<'_>,
    args: Args<'_>,
    text: &'t T,
    parts: impl Fn() -> I,
    reversed: bool,
) -> Result<Outcome, Raise> {
    let len = text.as_bytes().len();
    let mut items = Vec::new();
    if len > SHORT {
        let count = parts().count();
        ctx.reserve(count.saturating_mul(PER_PART).saturating_add(len))?;
        items.reserve_exact(count);
    }
    for part in parts() {
        let whole = part.as_bytes().len() == len;
        items.push(if whole { args[0] } else { T::value(ctx.heap, part) });
    }
    ctx.charge(items.len())?;
    if reversed {
        items.reverse();
    }
    Ok(ctx.heap.list(items).into())
}

/// All parts of an ASCII text around a separator of one byte, which is what most texts are split at. `None` leaves
/// anything else to the general way.
fn split_at_byte<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> Result<Option<Outcome>, Raise> {
    let (Some(separator), None) = (args.get(1), args.get(2)) else { return Ok(None) };
    let (Some((text, true)), Some((separator, _))) =
        (T::lend(ctx.heap, args[0]), T::lend(ctx.heap, separator))
    else {
        return Ok(None);
    };
    let (&[separator], len) = (separator.as_bytes(), text.as_bytes().len()) else { return Ok(None) };
    let count = 1 + memchr::memchr_iter(separator, text.as_bytes()).count();
    ctx.charge(len / 16 + count)?;
    if count == 1 {
        return Ok(Some(ctx.heap.list(vec![args[0]]).into()));
    }
    ctx.reserve_large(count.saturating_mul(PER_PART).saturating_add(len))?;
    let Some((text, _)) = T::share(ctx.heap, args[0]) else { return Ok(None) };
    let bytes = text.as_bytes();
    let mut items = Vec::with_capacity(count);
    let mut from = 0;
    for _ in 1..count {
        let rest = &bytes[from..];
        let near = rest[..rest.len().min(NEAR)].iter().position(|&byte| byte == separator);
        let Some(at) = near.or_else(|| memchr::memchr(separator, rest)) else { break };
        items.push(T::ascii_value(ctx.heap, text.slice(from..from + at)));
        from += at + 1;
    }
    items.push(T::ascii_value(ctx.heap, text.slice(from..len)));
    Ok(Some(ctx.heap.list(items).into()))
}

/// So many bytes are looked at one by one before a search is prepared.
const NEAR: usize = 16;

fn split_any<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>, from_end: bool) -> NativeResult {
    if let Some(parts) = split_at_byte::<T>(ctx, args)? {
        return Ok(parts);
    }
    let text = whole_receiver::<T>(ctx, args)?;
    let maxsplit = match args.get(2) {
        Some(maxsplit) => ssize_arg(ctx, maxsplit)?,
        None => -1,
    };
    let text = &*text;
    let separator = match args.get(1) {
        None | Some(Value::None) if from_end => {
            return list_of(ctx, args, text, || text_split::rsplit_whitespace(text, maxsplit), true);
        }
        None | Some(Value::None) => {
            return list_of(ctx, args, text, || text_split::split_whitespace(text, maxsplit), false);
        }
        Some(separator) => separator_of::<T>(ctx, separator)?,
    };
    let separator = &*separator;
    if let Err(error) = text_split::split(text, separator, 0) {
        return Err(raise(ctx, error));
    }
    if from_end {
        let parts = || text_split::rsplit(text, separator, maxsplit).into_iter().flatten();
        list_of(ctx, args, text, parts, true)
    } else {
        let parts = || text_split::split(text, separator, maxsplit).into_iter().flatten();
        list_of(ctx, args, text, parts, false)
    }
}

fn separator_of<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, separator: Value) -> Result<T::Shared, Raise> {
    match T::share(ctx.heap, separator) {
        Some((separator, _)) => Ok(separator),
        None if T::TYPE == TypeId::Str => {
            let given = types::type_name(ctx.heap, separator);
            Err(ctx.type_error(format!("must be str or None, not {given}")))
        }
        None => T::arg(ctx, separator, ""),
    }
}

/// `split`
pub fn split<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    split_any::<T>(ctx, args, false)
}

/// `rsplit`
pub fn rsplit<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    split_any::<T>(ctx, args, true)
}

/// `splitlines`
pub fn split_lines<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let text = whole_receiver::<T>(ctx, args)?;
    let keep_ends = args.get(1).is_some_and(|keep| types::truthy(ctx.heap, keep));
    let text = &*text;
    list_of(ctx, args, text, || text_split::split_lines(text, keep_ends), false)
}

/// `join`
pub fn join<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    if let Value::List(_) | Value::Tuple(_) = args[1] {
        return join_items::<T>(ctx, args[0], args[1]);
    }
    let iter = match iterate::iter(ctx, args[1]) {
        Ok(iter) => iter,
        Err(Raise::Exception(_)) => return Err(ctx.type_error("can only join an iterable")),
        Err(end) => return Err(end),
    };
    let items = ctx.heap.list(Vec::new());
    iterate::fold::<Join<T>>(ctx, iter, &[args[0], items], [0; 3])
}

/// Collects what is to be joined; types are looked at when all is there, as CPython does.
struct Join<T: ?Sized>(PhantomData<T>);

impl<T: Textual + ?Sized> Fold for Join<T> {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise> {
        if let Value::List(items) = kept.get(ctx, 1) {
            let growth = ctx.heap.list_growth(items);
            ctx.reserve_large(growth)?;
            ctx.heap.list_push(items, item);
        }
        Ok(Flow::Continue)
    }

    fn end(ctx: &mut Ctx<'_>, kept: &mut Kept) -> NativeResult {
        let (separator, items) = (kept.get(ctx, 0), kept.get(ctx, 1));
        join_items::<T>(ctx, separator, items)
    }
}

/// Joins the items of a list or tuple; both are rooted.
fn join_items<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, separator: Value, container: Value) -> NativeResult {
    let items = ctx.heap.as_items(container).unwrap_or_default();
    let mut size = 0_usize;
    for (index, &item) in items.iter().enumerate() {
        match T::lend(ctx.heap, item) {
            Some((part, _)) => size = size.saturating_add(part.as_bytes().len()),
            None => return Err(not_joinable::<T>(ctx, index, item)),
        }
    }
    let count = items.len();
    if let ([only], TypeId::Str) = (items, T::TYPE) {
        return Ok((*only).into());
    }
    let Some((separator, _)) = T::share(ctx.heap, separator) else {
        return Err(ctx.type_error("the receiver is of another type"));
    };
    size = size.saturating_add(separator.as_bytes().len().saturating_mul(count.saturating_sub(1)));
    ctx.charge(count)?;
    budget(ctx, size)?;
    let mut out = T::buffer(size);
    for (index, &item) in ctx.heap.as_items(container).unwrap_or_default().iter().enumerate() {
        if index > 0 {
            T::append(&mut out, &separator);
        }
        if let Some((part, _)) = T::lend(ctx.heap, item) {
            T::append(&mut out, part);
        }
    }
    Ok(built::<T>(ctx, &out))
}

#[cold]
fn not_joinable<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, index: usize, item: Value) -> Raise {
    let given = types::type_name(ctx.heap, item);
    let expected = if T::TYPE == TypeId::Str { "str instance" } else { "a bytes-like object" };
    ctx.type_error(format!("sequence item {index}: expected {expected}, {given} found"))
}
