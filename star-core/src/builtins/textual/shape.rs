//! `strip`, `removeprefix`, `ljust`, `zfill`, `expandtabs` and their kin, of str and bytes.
//!
//! In: a receiver and how to cut or pad it. Out: a shorter or longer one.

use super::{Textual, built, part, receiver, whole_receiver};
use crate::heap::{Args, Arity, Ctx, NativeResult, Raise};
use crate::object::types::TypeId;
use crate::ops::plain::{budget, raise, ssize_arg};
use crate::ops::types;
use crate::text::pad::{self, Justify};
use crate::text::strip::{self, Side};
use crate::value::Value;

/// `(width[, fillchar])`
pub const JUSTIFY: Arity = Arity::Positional(1, 2);

/// `(tabsize=8)`
pub const EXPANDTABS: Arity = Arity::Named { names: &["tabsize"], required: 0, positional: 1 };

/// Cuts characters of a set from a text of this type.
trait Strip: Textual {
    fn strip_set<'a>(text: &'a Self, set: &Self, side: Side) -> &'a Self;
}

impl Strip for str {
    fn strip_set<'a>(text: &'a str, set: &str, side: Side) -> &'a str {
        strip::strip_chars(text, set, side)
    }
}

impl Strip for [u8] {
    fn strip_set<'a>(text: &'a [u8], set: &[u8], side: Side) -> &'a [u8] {
        strip::strip_bytes(text, set, side)
    }
}

fn stripped<T: Strip + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>, native: &str, side: Side) -> NativeResult {
    let text = whole_receiver::<T>(ctx, args)?;
    let set = match args.get(1) {
        None | Some(Value::None) => {
            return part(ctx, args, &*text, strip::strip_whitespace(&*text, side));
        }
        Some(set) => set,
    };
    let set: T::Shared = match T::share(ctx.heap, set) {
        Some((set, _)) => set,
        None if T::TYPE == TypeId::Str => {
            return Err(ctx.type_error(format!("{native} arg must be None or str")));
        }
        None => T::arg(ctx, set, "")?,
    };
    ctx.charge(set.as_bytes().len() / 16)?;
    part(ctx, args, &*text, T::strip_set(&text, &set, side))
}

macro_rules! strips {
    ($($(#[$doc:meta])* $name:ident $native:literal $side:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name<T: StripAny + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
            stripped::<T>(ctx, args, $native, Side::$side)
        }
    )*};
}

/// str or bytes, for the methods below.
#[allow(private_bounds)]
pub trait StripAny: Strip {}
impl StripAny for str {}
impl StripAny for [u8] {}

strips! {
    /// `strip`
    strip "strip" Both;
    /// `lstrip`
    lstrip "lstrip" Left;
    /// `rstrip`
    rstrip "rstrip" Right;
}

/// `removeprefix`
pub fn remove_prefix<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (text, _) = receiver::<T>(ctx, args)?;
    let affix = T::arg(ctx, args[1], "removeprefix() argument")?;
    budget(ctx, text.as_bytes().len())?;
    part(ctx, args, &*text, strip::remove_prefix(&*text, &*affix))
}

/// `removesuffix`
pub fn remove_suffix<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (text, _) = receiver::<T>(ctx, args)?;
    let affix = T::arg(ctx, args[1], "removesuffix() argument")?;
    budget(ctx, text.as_bytes().len())?;
    part(ctx, args, &*text, strip::remove_suffix(&*text, &*affix))
}

/// The character to pad with.
fn fill<T: Textual + ?Sized>(
    ctx: &mut Ctx<'_>,
    fill: Option<Value>,
    native: &str,
) -> Result<T::Shared, Raise> {
    let Some(value) = fill else { return Ok(space::<T>(ctx)) };
    let shared = T::share(ctx.heap, value);
    if let Some((fill, _)) = &shared
        && fill.as_bytes().len() <= 4
        && fill.units() == 1
    {
        return Ok(fill.clone());
    }
    let given = types::type_name(ctx.heap, value);
    let message = match (T::TYPE, shared) {
        (TypeId::Str, Some(_)) => "The fill character must be exactly one character long".to_string(),
        (TypeId::Str, None) => format!("The fill character must be a unicode character, not {given}"),
        _ => {
            let given = if value.is_none() { "None" } else { &given };
            format!("{native}() argument 2 must be a byte string of length 1, not {given}")
        }
    };
    Err(ctx.type_error(message))
}

fn space<T: Textual + ?Sized>(ctx: &mut Ctx<'_>) -> T::Shared {
    let space = T::value(ctx.heap, T::ascii(" "));
    T::share(ctx.heap, space).expect("a value is of the type it was made of").0
}

fn justified<T: Textual + ?Sized>(
    ctx: &mut Ctx<'_>,
    args: Args<'_>,
    native: &str,
    justify: Justify,
) -> NativeResult {
    let width = ssize_arg(ctx, args[1])?;
    let text = whole_receiver::<T>(ctx, args)?;
    let fill = fill::<T>(ctx, args.get(2), native)?;
    let padding = usize::try_from(width).unwrap_or(0).saturating_sub(text.units());
    if padding == 0 {
        return Ok(args[0].into());
    }
    let bound = padding.saturating_mul(fill.as_bytes().len()).saturating_add(text.as_bytes().len());
    budget(ctx, bound)?;
    match pad::justify(&*text, width, &*fill, justify, bound) {
        Ok(padded) => Ok(built::<T>(ctx, &padded)),
        Err(error) => Err(raise(ctx, error)),
    }
}

/// `ljust`
pub fn ljust<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    justified::<T>(ctx, args, "ljust", Justify::Left)
}

/// `rjust`
pub fn rjust<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    justified::<T>(ctx, args, "rjust", Justify::Right)
}

/// `center`
pub fn center<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    justified::<T>(ctx, args, "center", Justify::Center)
}

/// `zfill`
pub fn zfill<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let width = ssize_arg(ctx, args[1])?;
    let text = whole_receiver::<T>(ctx, args)?;
    let padding = usize::try_from(width).unwrap_or(0).saturating_sub(text.units());
    if padding == 0 {
        return Ok(args[0].into());
    }
    let bound = padding.saturating_add(text.as_bytes().len());
    budget(ctx, bound)?;
    match pad::zfill(&*text, width, bound) {
        Ok(padded) => Ok(built::<T>(ctx, &padded)),
        Err(error) => Err(raise(ctx, error)),
    }
}

/// `expandtabs`
pub fn expand_tabs<T: Textual + ?Sized>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let tabsize = match args.get(1) {
        Some(tabsize) => int_arg32(ctx, tabsize)?,
        None => 8,
    };
    let text = whole_receiver::<T>(ctx, args)?;
    let tabs = text.as_bytes().iter().filter(|&&byte| byte == b'\t').count();
    let stop = usize::try_from(tabsize).unwrap_or(0);
    let bound = tabs.saturating_mul(stop).saturating_add(text.as_bytes().len());
    budget(ctx, bound)?;
    match pad::expand_tabs(&*text, tabsize, bound) {
        Ok(expanded) => Ok(built::<T>(ctx, &expanded)),
        Err(error) => Err(raise(ctx, error)),
    }
}

/// An argument that C holds in an `int`.
pub fn int_arg32(ctx: &mut Ctx<'_>, value: Value) -> Result<i64, Raise> {
    match crate::ops::plain::int_arg(ctx, value)? {
        Some(int) if i32::try_from(int).is_ok() => Ok(int),
        _ => Err(ctx.error(TypeId::OverflowError, "Python int too large to convert to C int")),
    }
}
