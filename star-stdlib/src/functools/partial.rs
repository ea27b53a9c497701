//! `partial`: a function with some of its arguments.
//!
//! Parts: the function, a tuple of arguments, a dict of those by keyword, what scripts have set.

use star::heap::{Args, Arity, CallArgs, HostType, Native, NativeResult, Outcome, SMALL};
use star::ops::{table, types};
use star::private::{Attribute, Ctx, Hooks, Piece, Raise, Value};

use super::attributes;
use crate::native::{attribute, function};

/// `partial`.
pub(crate) static PARTIAL: HostType = HostType {
    new: Some(&NEW),
    attributes: ATTRIBUTES,
    hooks: Hooks {
        full_name: true,
        call: Some(call),
        repr: Some(pieces),
        attribute: Some(|ctx, own, name| Ok(attributes::get(ctx, own, SET, name))),
        set_attribute: Some(|ctx, own, name, value| attributes::set(ctx, own, SET, name, value)),
        ..Hooks::NONE
    },
    ..HostType::named("partial", "functools", "A function with some of its arguments.")
};

static NEW: Native = function(
    "partial",
    Arity::Variadic,
    new,
    "partial(func, *args, **keywords): what calls func with these arguments before those it is called with",
);

static ATTRIBUTES: &[Attribute] = &[
    attribute("args", "The arguments by position.", |ctx, own| Ok(part(ctx, own, ARGS))),
    attribute("func", "The function.", |ctx, own| Ok(part(ctx, own, FUNCTION))),
    attribute("keywords", "The arguments by keyword.", |ctx, own| Ok(part(ctx, own, KEYWORDS))),
];

const FUNCTION: usize = 0;
const ARGS: usize = 1;
const KEYWORDS: usize = 2;
const SET: usize = 3;

fn part(ctx: &Ctx<'_>, own: Value, index: usize) -> Value {
    ctx.heap.parts(own).values.get(index).copied().unwrap_or_default()
}

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Some((&function, rest)) = args.positional.split_first() else {
        return Err(ctx.type_error("type 'partial' takes at least one argument"));
    };
    if !types::is_callable(ctx.heap, function) {
        return Err(ctx.type_error("the first argument must be callable"));
    }
    // One of a partial that nothing was set on calls its function itself.
    let inner = matches!(function, Value::Host(at) if ctx.heap[at].kind.is(&PARTIAL))
        && part(ctx, function, SET).is_undef();
    let (function, before, named) = match inner {
        true => (part(ctx, function, FUNCTION), part(ctx, function, ARGS), part(ctx, function, KEYWORDS)),
        false => (function, Value::Undef, Value::Undef),
    };
    Ok(make(ctx, function, [before, named], Args { positional: rest, ..args })?.into())
}

/// A partial of `function` with the arguments in a tuple and a dict, either of which may be Undef, then others.
pub(super) fn make(
    ctx: &mut Ctx<'_>,
    function: Value,
    [before, named]: [Value; 2],
    args: Args<'_>,
) -> Result<Value, Raise> {
    let count = ctx.heap.as_items(before).map_or(0, <[Value]>::len) + args.len();
    ctx.charge(count + args.names.len())?;
    ctx.reserve_large(count * 2 * size_of::<Value>())?;
    let items = [ctx.heap.as_items(before).unwrap_or_default(), args.positional].concat();
    let keywords = ctx.heap.dict();
    let all = ctx.heap.tuple(&items);
    let own = ctx.heap.object(&PARTIAL, [function, all, Value::Dict(keywords), Value::Undef], [0; 4]);
    ctx.heap.scratch.push(own);
    let filled = (|| {
        if let Value::Dict(named) = named {
            table::dict_update(ctx, keywords, named)?;
        }
        let mut pairs = args.names.iter().zip(args.keywords);
        pairs.try_for_each(|(&name, &value)| table::dict_set(ctx, keywords, name, value))
    })();
    ctx.heap.scratch.pop();
    filled.map(|()| own)
}

/// Calls the function with its own arguments, then those given.
fn call(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (own, given) = (args[0], &args.positional[1..]);
    let (function, before, named) =
        (part(ctx, own, FUNCTION), part(ctx, own, ARGS), part(ctx, own, KEYWORDS));
    let Value::Dict(named) = named else { return Ok(Value::None.into()) };
    let count = ctx.heap.as_items(before).map_or(0, <[Value]>::len) + given.len();
    let keywords = ctx.heap[named].table().len() + args.names.len();
    let bytes = (count + keywords * 2) * 3 * size_of::<Value>();
    if bytes > SMALL {
        ctx.charge((count + keywords) / 4)?;
        ctx.reserve(bytes)?;
    }
    let items = [ctx.heap.as_items(before).unwrap_or_default(), given].concat();
    if keywords == 0 {
        let args = match *items {
            [one] => CallArgs::One(one),
            _ => CallArgs::Tuple(ctx.heap.tuple(&items)),
        };
        return Ok(Outcome::Call { function, args, then: None });
    }
    let (mut names, mut values): (Vec<Value>, Vec<Value>) =
        ctx.heap[named].table().entries().map(|entry| (entry.key, entry.value)).unzip();
    for (&name, &value) in args.names.iter().zip(args.keywords) {
        let text = ctx.heap.as_str(name);
        let known = names.iter().position(|&known| known == name || ctx.heap.as_str(known) == text);
        match known {
            Some(at) => values[at] = value,
            None => {
                names.push(name);
                values.push(value);
            }
        }
    }
    let args = ctx.named_args(&items, &names, &values);
    Ok(Outcome::Call { function, args, then: None })
}

fn pieces(ctx: &mut Ctx<'_>, own: Value) -> Result<Vec<Piece>, Raise> {
    let text = |text: &str| Piece::Text(text.into());
    let mut pieces = vec![text("functools.partial("), Piece::Repr(part(ctx, own, FUNCTION))];
    for &item in ctx.heap.as_items(part(ctx, own, ARGS)).unwrap_or_default() {
        pieces.extend([text(", "), Piece::Repr(item)]);
    }
    if let Value::Dict(named) = part(ctx, own, KEYWORDS) {
        for entry in ctx.heap[named].table().entries() {
            pieces.extend([text(", "), Piece::Str(entry.key), text("="), Piece::Repr(entry.value)]);
        }
    }
    pieces.push(text(")"));
    Ok(pieces)
}
