//! The named parameters of host functions that take any number of arguments beside them.
//!
//! In: what a call gave, and a [`Shape`]. Out: one value per named parameter, or a TypeError. Rule: such a function
//! is worded as CPython words a function of a script.

use super::arguments::{missing, multiple_values, unexpected};
use crate::heap::{Args, Ctx, Raise};
use crate::value::Value;

/// The parameters of a function with `*args` or `**kwargs`. Those by position come first, then those by name only.
pub struct Shape {
    /// Names of all of them.
    pub names: &'static [&'static str],
    /// Which may be left out.
    pub optional: &'static [bool],
    /// How many can be given by position only.
    pub nameless: usize,
    /// How many can be given by position.
    pub positional: usize,
    /// It takes more by position.
    pub args: bool,
    /// It takes others by name.
    pub kwargs: bool,
}

/// Puts arguments into `places`, one for each name; `Undef` where one is left out.
pub fn bind(
    ctx: &mut Ctx<'_>,
    args: Args<'_>,
    function: &str,
    shape: &Shape,
    places: &mut [Value],
) -> Result<(), Raise> {
    let given = args.len().min(shape.positional);
    places[..given].copy_from_slice(&args.positional[..given]);
    for (&name, &value) in args.names.iter().zip(args.keywords) {
        let text = ctx.heap.as_str(name).unwrap_or_default();
        match shape.names.iter().skip(shape.nameless).position(|known| *known == text) {
            Some(at) if places[shape.nameless + at].is_undef() => places[shape.nameless + at] = value,
            Some(_) => {
                let message = multiple_values(function, text);
                return Err(ctx.type_error(message));
            }
            None if shape.kwargs => {}
            None => {
                let nameable = shape.names[shape.nameless..].iter().copied();
                let message = unexpected(function, text, nameable);
                return Err(ctx.type_error(message));
            }
        }
    }
    if args.len() > shape.positional && !shape.args {
        return Err(too_many(ctx, function, shape, args.len()));
    }
    let absent = |range: std::ops::Range<usize>| -> Vec<&str> {
        range.filter(|&at| places[at].is_undef() && !shape.optional[at]).map(|at| shape.names[at]).collect()
    };
    let parts = [("positional", 0..shape.positional), ("keyword-only", shape.positional..shape.names.len())];
    for (kind, range) in parts {
        let absent = absent(range);
        if !absent.is_empty() {
            let message = missing(function, kind, &absent);
            return Err(ctx.type_error(message));
        }
    }
    Ok(())
}

#[cold]
fn too_many(ctx: &mut Ctx<'_>, function: &str, shape: &Shape, given: usize) -> Raise {
    let most = shape.positional;
    let least = shape.optional[..most].iter().filter(|optional| !**optional).count();
    let takes = if least < most { format!("from {least} to {most}") } else { most.to_string() };
    let s = if least < most || most != 1 { "s" } else { "" };
    let were = if given == 1 { "was" } else { "were" };
    ctx.type_error(format!("{function}() takes {takes} positional argument{s} but {given} {were} given"))
}

/// A parameter by name only that has to be given.
#[inline]
pub fn given(ctx: &mut Ctx<'_>, value: Value, function: &str, name: &str) -> Result<Value, Raise> {
    if value.is_undef() { Err(not_given(ctx, function, name)) } else { Ok(value) }
}

#[cold]
fn not_given(ctx: &mut Ctx<'_>, function: &str, name: &str) -> Raise {
    let message = missing(function, "keyword-only", &[name]);
    ctx.type_error(message)
}

/// The arguments of a method after its receiver.
pub fn without_receiver(args: Args<'_>) -> Args<'_> {
    Args { positional: args.positional.get(1..).unwrap_or_default(), ..args }
}
