//! `str(…)` and the methods of strs.
//!
//! In: values. Out: strs. What strs share with bytes is in [`textual`](super::textual).

mod format;
mod letters;
mod translate;

use super::textual::codec::{self, CODED};
use super::textual::{search, shape, split};
use crate::heap::{Args, Arity, Ctx, Native, NativeFn, NativeResult, Owner, Raise};
use crate::host::arguments::{MAX_PARAMETERS, bind, count_message};
use crate::object::types::TypeId;
use crate::ops::{repr, types};
use crate::value::Value;

/// What calling `str` does.
pub const STR: Native = Native {
    name: "str",
    owner: None,
    arity: Arity::Variadic,
    doc: "str(object=''): its text; str(bytes, encoding='utf-8', errors='strict'): decodes",
    call: new,
    signature: None,
};

/// The same with its arguments by name, which is rare.
const NAMED: Native = Native {
    arity: Arity::Named { names: &["object", "encoding", "errors"], required: 0, positional: 3 },
    call: of_three,
    ..STR
};

const fn method(name: &'static str, arity: Arity, call: NativeFn, doc: &'static str) -> Native {
    Native { name, owner: Some(Owner::Type(TypeId::Str)), arity, doc, call, signature: None }
}

const NONE: Arity = Arity::None;
const ONE: Arity = Arity::One;
const MAYBE: Arity = Arity::Positional(0, 1);

/// Methods of strs, sorted by name.
pub static METHODS: &[Native] = &[
    method(
        "capitalize",
        NONE,
        letters::capitalize,
        "capitalize(): the first character in upper case, the rest in lower",
    ),
    method("casefold", NONE, letters::casefold, "casefold(): for comparing without regard to case"),
    method("center", shape::JUSTIFY, shape::center::<str>, "center(width, fill=' '): padded on both sides"),
    method(
        "count",
        search::BOUNDED,
        search::count::<str>,
        "count(sub, start, end): matches that do not overlap",
    ),
    method("encode", CODED, encode, "encode(encoding='utf-8', errors='strict'): as bytes"),
    method(
        "endswith",
        search::BOUNDED,
        search::ends_with::<str>,
        "endswith(suffix or tuple of them, start, end)",
    ),
    method(
        "expandtabs",
        shape::EXPANDTABS,
        shape::expand_tabs::<str>,
        "expandtabs(tabsize=8): spaces for tabs",
    ),
    method(
        "find",
        search::BOUNDED,
        search::find::<str>,
        "find(sub, start, end): index of the first match, or -1",
    ),
    method("format", Arity::Variadic, format::format, "format(*args, **kwargs): fills in the fields {}"),
    method("format_map", ONE, format::format_map, "format_map(mapping): fills in the fields {name}"),
    method(
        "index",
        search::BOUNDED,
        search::index::<str>,
        "index(sub, start, end): index of the first match",
    ),
    method("isalnum", NONE, letters::is_alnum, "isalnum(): only letters and digits"),
    method("isalpha", NONE, letters::is_alpha, "isalpha(): only letters"),
    method("isascii", NONE, letters::is_ascii, "isascii(): only ASCII"),
    method("isdecimal", NONE, letters::is_decimal, "isdecimal(): only decimal digits"),
    method("isdigit", NONE, letters::is_digit, "isdigit(): only digits"),
    method("isidentifier", NONE, letters::is_identifier, "isidentifier(): could be a name"),
    method("islower", NONE, letters::is_lower, "islower(): letters are in lower case"),
    method("isnumeric", NONE, letters::is_numeric, "isnumeric(): only numeric characters"),
    method("isprintable", NONE, letters::is_printable, "isprintable(): repr shows it as it is"),
    method("isspace", NONE, letters::is_space, "isspace(): only whitespace"),
    method("istitle", NONE, letters::is_title, "istitle(): words start in upper case"),
    method("isupper", NONE, letters::is_upper, "isupper(): letters are in upper case"),
    method("join", ONE, split::join::<str>, "join(iterable): its strs with this one between them"),
    method("ljust", shape::JUSTIFY, shape::ljust::<str>, "ljust(width, fill=' '): padded on the right"),
    method("lower", NONE, letters::lower, "lower(): in lower case"),
    method("lstrip", MAYBE, shape::lstrip::<str>, "lstrip(chars=None): without whitespace at the start"),
    method(
        "maketrans",
        Arity::Positional(1, 3),
        translate::maketrans,
        "str.maketrans(x, y, z): a table for translate",
    ),
    method("partition", ONE, search::partition::<str>, "partition(sep): before, sep, after the first match"),
    method("removeprefix", ONE, shape::remove_prefix::<str>, "removeprefix(prefix)"),
    method("removesuffix", ONE, shape::remove_suffix::<str>, "removesuffix(suffix)"),
    method("replace", search::REPLACE, search::replace::<str>, "replace(old, new, count=-1)"),
    method(
        "rfind",
        search::BOUNDED,
        search::rfind::<str>,
        "rfind(sub, start, end): index of the last match, or -1",
    ),
    method(
        "rindex",
        search::BOUNDED,
        search::rindex::<str>,
        "rindex(sub, start, end): index of the last match",
    ),
    method("rjust", shape::JUSTIFY, shape::rjust::<str>, "rjust(width, fill=' '): padded on the left"),
    method(
        "rpartition",
        ONE,
        search::rpartition::<str>,
        "rpartition(sep): before, sep, after the last match",
    ),
    method(
        "rsplit",
        split::SPLIT,
        split::rsplit::<str>,
        "rsplit(sep=None, maxsplit=-1): parts, split from the end",
    ),
    method("rstrip", MAYBE, shape::rstrip::<str>, "rstrip(chars=None): without whitespace at the end"),
    method("split", split::SPLIT, split::split::<str>, "split(sep=None, maxsplit=-1): parts"),
    method("splitlines", split::SPLITLINES, split::split_lines::<str>, "splitlines(keepends=False): lines"),
    method(
        "startswith",
        search::BOUNDED,
        search::starts_with::<str>,
        "startswith(prefix or tuple of them, start, end)",
    ),
    method("strip", MAYBE, shape::strip::<str>, "strip(chars=None): without whitespace at both ends"),
    method("swapcase", NONE, letters::swapcase, "swapcase(): upper case to lower, lower to upper"),
    method("title", NONE, letters::title, "title(): words start in upper case"),
    method("translate", ONE, translate::translate, "translate(table): characters replaced as the table says"),
    method("upper", NONE, letters::upper, "upper(): in upper case"),
    method("zfill", ONE, shape::zfill::<str>, "zfill(width): padded with zeros on the left"),
];

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let object = match (args.positional, args.names) {
        (&[object], []) => object,
        (given, []) if given.len() > 3 => {
            return Err(ctx.type_error(count_message("str", 0, 3, given.len())));
        }
        _ => {
            let mut buffer = [Value::Undef; MAX_PARAMETERS];
            let args = bind(ctx, &NAMED, args, false, &mut buffer)?;
            return of_three(ctx, args);
        }
    };
    match object {
        Value::Str(_) => return Ok(object.into()),
        Value::Int(small) => {
            return Ok(ctx.heap.str_known(itoa::Buffer::new().format(small), true).into());
        }
        _ => {}
    }
    let text = repr::str_of(ctx, object)?;
    ctx.reserve_large(text.len())?;
    Ok(ctx.heap.str_shared(text).into())
}

fn of_three(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Some(object) = args.get(0) else {
        names(ctx, args)?;
        return Ok(ctx.heap.str("").into());
    };
    if args.get(1).is_none() && args.get(2).is_none() {
        return new(ctx, Args::new(&[object]));
    }
    let names = names(ctx, args)?;
    match object {
        Value::Bytes(at) => {
            let data = ctx.heap[at].share();
            Ok(codec::decode(ctx, object, &data, &names)?.into())
        }
        Value::Str(_) => Err(ctx.type_error("decoding str is not supported")),
        _ => {
            let given = types::type_name(ctx.heap, object);
            Err(ctx.type_error(format!("decoding to str: need a bytes-like object, {given} found")))
        }
    }
}

fn names(ctx: &mut Ctx<'_>, args: Args<'_>) -> Result<codec::Names, Raise> {
    for (index, name) in [(1, "encoding"), (2, "errors")] {
        // Here CPython names the type of None, elsewhere None itself.
        if args.get(index).is_some_and(Value::is_none) {
            return Err(ctx.type_error(format!("str() argument '{name}' must be str, not NoneType")));
        }
    }
    codec::names(ctx, "str", args.get(1), args.get(2))
}

fn encode(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let names = codec::names(ctx, "encode", args.get(1), args.get(2))?;
    let (text, _) = super::textual::receiver::<str>(ctx, args)?;
    Ok(codec::encode(ctx, args[0], &text, &names)?.into())
}
