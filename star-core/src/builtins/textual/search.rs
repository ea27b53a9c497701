//! `find`, `index`, `count`, `startswith`, `partition`, `replace` and their kin, of str and bytes.
//!
//! In: a receiver, what to look for, bounds. Out: places, answers, parts.

use super::{Textual, bounds, built, receiver, whole_receiver};
use crate::heap::{Args, Arity, Ctx, Heap, NativeResult, Raise};
use crate::object::types::TypeId;
use crate::ops::plain::{budget, raise, ssize_arg};
use crate::ops::types;
use crate::text::TextError;
use crate::text::index::Bounds;
use crate::text::search;
use crate::value::Value;

/// `(sub[, start[, end]])`
pub const BOUNDED: Arity = Arity::Positional(1, 3);

/// `(old, new, /, count=-1)`
pub const REPLACE: Arity = Arity::Named { names: &["", "", "count"], required: 2, positional: 3 };

/// What to look for and where. A str complains of the first of them first, bytes of the bounds.
#[inline]
fn wanted<T: Textual + ?Sized>(
    ctx: &mut Ctx<'_>,
    args: Args<'_>,
    native: &str,
) -> Result<(T::Shared, Bounds), Raise> {
    if T::TYPE == TypeId::Bytes {
        bounds(ctx, args, 2)?;
    }
    let needle = T::needle(ctx, args[1], native)?;
    Ok((needle, bounds(ctx, args, 2)?))
}

/// A receiver, a first argument of its type, and no bounds: the common case, for which nothing is shared.
struct Plain<'h, T: ?Sized> {
    text: &'h T,
    other: &'h T,
    ascii: bool,
}

/// Texts this long are paid for before they are looked into.
const LONG: usize = 4096;

#[inline]
fn plain<'h, T: Textual + ?Sized>(ctx: &'h Ctx<'_>, args: Args<'_>) -> Option<Plain<'h, T>> {
    if !args.positional[2..].iter().all(|bound| bound.is_undef()) {
        return None;
    }
    let (text, ascii) = T::lend(ctx.heap, args[0])?;
    let (other, _) = T::lend(ctx.heap, args[1])?;
    (text.as_bytes().len() < LONG).then_some(Plain { text, other, ascii })
}

/// The place of the first or last match, as a unit number.
#[inline]
fn place<T: Textual + ?Sized>(
    ctx: &mut Ctx<'_>,
    args: Args<'_>,
    native: &str,
    last: bool,
) -> Result<Option<usize>, Raise> {
    let find = if last { search::rfind } else { search::find };
    if let Some(Plain { text, other, ascii }) = plain::<T>(ctx, args) {
        let touched = text.as_bytes().len();
        let found = if ascii && touched <= SHORT && !last {
            search::find_short(text.as_bytes(), other.as_bytes())
        } else {
            find(text, other, Bounds::default(), ascii)
        };
        ctx.charge(touched / 16)?;
        return Ok(found);
    }
    let (text, ascii) = receiver::<T>(ctx, args)?;
    let (needle, bounds) = wanted::<T>(ctx, args, native)?;
    ctx.charge(text.as_bytes().len() / 16)?;
    Ok(find(&*text, &*needle, bounds, ascii))
}

fn index_or(found: Option<usize>) -> NativeResult {
    Ok(Value::Int(found.map_or(-1, |at| at as i64)).into())
}

/// `find`
pub fn find<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    index_or(place::<T>(ctx, args, "find", false)?)
}

/// `rfind`
pub fn rfind<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    index_or(place::<T>(ctx, args, "rfind", true)?)
}

/// `index`
pub fn index<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let found = place::<T>(ctx, args, "index", false)?;
    found_or_raise::<T>(ctx, found)
}

/// `rindex`
pub fn rindex<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let found = place::<T>(ctx, args, "rindex", true)?;
    found_or_raise::<T>(ctx, found)
}

fn found_or_raise<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, found: Option<usize>) -> NativeResult {
    match (found, T::TYPE) {
        (Some(at), _) => Ok(Value::Int(at as i64).into()),
        (None, TypeId::Str) => Err(ctx.value_error("substring not found")),
        (None, _) => Err(ctx.value_error("subsection not found")),
    }
}

/// `count`
pub fn count<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (text, ascii) = receiver::<T>(ctx, args)?;
    let (needle, bounds) = wanted::<T>(ctx, args, "count")?;
    ctx.charge(text.as_bytes().len() / 16)?;
    Ok(Value::Int(search::count(&*text, &*needle, bounds, ascii) as i64).into())
}

/// `startswith`
pub fn starts_with<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    at_end::<T>(ctx, args, "startswith", false)
}

/// `endswith`
pub fn ends_with<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    at_end::<T>(ctx, args, "endswith", true)
}

#[inline]
fn at_end<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>, native: &str, end: bool) -> NativeResult {
    let test = if end { search::ends_with } else { search::starts_with };
    if let Some(Plain { text, other, ascii }) = plain::<T>(ctx, args) {
        let walked = if ascii { 0 } else { text.as_bytes().len() };
        let (found, touched) = (test(text, other, Bounds::default(), ascii), walked + other.as_bytes().len());
        ctx.charge(touched / 16)?;
        return Ok(Value::bool(found).into());
    }
    let (text, ascii) = receiver::<T>(ctx, args)?;
    let bounds = bounds(ctx, args, 2)?;
    if let Some((affix, _)) = T::share(ctx.heap, args[1]) {
        // Counting the units of other text walks through it.
        let walked = if ascii { 0 } else { text.as_bytes().len() };
        ctx.charge((walked + affix.as_bytes().len()) / 16)?;
        return Ok(Value::bool(test(&*text, &*affix, bounds, ascii)).into());
    }
    let class = T::TYPE.name();
    let Value::Tuple(tuple) = args[1] else {
        let given = types::type_name(ctx.heap, args[1]);
        return Err(
            ctx.type_error(format!("{native} first arg must be {class} or a tuple of {class}, not {given}"))
        );
    };
    let mut index = 0;
    while let Some(&item) = ctx.heap[tuple].items().get(index) {
        index += 1;
        let affix: T::Shared = match T::share(ctx.heap, item) {
            Some((affix, _)) => affix,
            None if T::TYPE == TypeId::Bytes => T::arg(ctx, item, "")?,
            None => {
                let given = types::type_name(ctx.heap, item);
                return Err(
                    ctx.type_error(format!("tuple for {native} must only contain {class}, not {given}"))
                );
            }
        };
        let walked = if ascii { 0 } else { text.as_bytes().len() };
        ctx.charge(1 + (walked + affix.as_bytes().len()) / 16)?;
        if test(&*text, &*affix, bounds, ascii) {
            return Ok(Value::bool(true).into());
        }
    }
    Ok(Value::bool(false).into())
}

/// `partition`
pub fn partition<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    parts::<T>(ctx, args, false)
}

/// `rpartition`
pub fn rpartition<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    parts::<T>(ctx, args, true)
}

fn parts<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>, last: bool) -> NativeResult {
    let text = whole_receiver::<T>(ctx, args)?;
    // "must be str": CPython names no argument here.
    let separator = match T::share(ctx.heap, args[1]) {
        Some((separator, _)) => separator,
        None if T::TYPE == TypeId::Str => {
            let given = types::type_name(ctx.heap, args[1]);
            return Err(ctx.type_error(format!("must be str, not {given}")));
        }
        None => T::arg(ctx, args[1], "")?,
    };
    let split: Result<[&T; 3], TextError> =
        if last { search::rpartition(&*text, &*separator) } else { search::partition(&*text, &*separator) };
    let parts = match split {
        Ok(parts) => parts,
        Err(error) => return Err(raise(ctx, error)),
    };
    ctx.reserve_large(text.as_bytes().len() + separator.as_bytes().len())?;
    let parts = parts.map(|part| match part.as_bytes().len() == text.as_bytes().len() {
        true => args[0],
        false => T::value(ctx.heap, part),
    });
    Ok(ctx.heap.tuple(&parts).into())
}

/// Every match in a short str of ASCII. `None` leaves anything else to the general way.
fn replace_short(ctx: &mut Ctx<'_>, args: Args<'_>) -> Result<Option<Value>, Raise> {
    let (Value::Str(text), Value::Str(old), Value::Str(new), None) = (args[0], args[1], args[2], args.get(3))
    else {
        return Ok(None);
    };
    let [text_len, old_len, new_len] = [text, old, new].map(|text| ctx.heap[text].as_str().len());
    if text_len > SHORT || new_len > SHORT || old_len == 0 || !ctx.heap[text].is_ascii() {
        return Ok(None);
    }
    ctx.charge(text_len / 16)?;
    let find = |heap: &Heap, from: usize| {
        let rest = &heap[text].as_str().as_bytes()[from..];
        search::find_short(rest, heap[old].as_str().as_bytes()).map(|at| from + at)
    };
    let Some(mut at) = find(ctx.heap, 0) else { return Ok(Some(args[0])) };
    budget(ctx, text_len / old_len * new_len.saturating_sub(old_len) + text_len)?;
    Ok(Some(ctx.heap.str_of(|heap, out| {
        let (text, new) = (heap[text].as_str(), heap[new].as_str());
        let mut copied = 0;
        loop {
            out.push_str(&text[copied..at]);
            out.push_str(new);
            copied = at + old_len;
            match find(heap, copied) {
                Some(next) => at = next,
                None => break,
            }
        }
        out.push_str(&text[copied..]);
    })))
}

/// Texts up to this length are short.
const SHORT: usize = 63;

/// `replace`
pub fn replace<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    if let Some(replaced) = replace_short(ctx, args)? {
        return Ok(replaced.into());
    }
    let text = whole_receiver::<T>(ctx, args)?;
    let old = T::arg(ctx, args[1], "replace() argument 1")?;
    let new = T::arg(ctx, args[2], "replace() argument 2")?;
    let count = match args.get(3) {
        Some(count) => ssize_arg(ctx, count)?,
        None => -1,
    };
    if count == 0 || !search::contains(&*text, &*old) {
        return Ok(args[0].into());
    }
    let bound = replaced_bound::<T>(&text, &old, &new, count);
    budget(ctx, bound)?;
    match search::replace(&*text, &*old, &*new, count, bound) {
        Ok(replaced) => Ok(built::<T>(ctx, &replaced)),
        Err(error) => Err(raise(ctx, error)),
    }
}

/// The most bytes that replacing gives: the exact number of matches is counted only where it matters.
fn replaced_bound<T: Textual + ?Sized>(text: &T, old: &T, new: &T, count: i64) -> usize {
    let [text_len, old_len, new_len] = [text, old, new].map(|part| part.as_bytes().len());
    let growth = new_len.saturating_sub(old_len);
    let most = text_len.checked_div(old_len).unwrap_or(text_len + 1);
    let most = usize::try_from(count).map_or(most, |count| count.min(most));
    let bound = most.saturating_mul(growth).saturating_add(text_len);
    if bound <= crate::heap::SMALL || growth == 0 {
        return bound;
    }
    let matches = search::count(text, old, Default::default(), false).min(most);
    matches.saturating_mul(growth).saturating_add(text_len)
}
