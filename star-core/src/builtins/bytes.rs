//! `bytes(…)` and the methods of bytes.
//!
//! In: values. Out: bytes. What bytes share with strs is in [`textual`](super::textual).

use std::marker::PhantomData;
use std::rc::Rc;

use super::textual::codec::{self, CODED};
use super::textual::{Textual, built, receiver, search, shape, split, whole_receiver};
use crate::heap::{Args, Arity, Ctx, Native, NativeFn, NativeResult, Owner, Raise};
use crate::object::types::TypeId;
use crate::ops::iterate::{self, Flow, Fold, Kept};
use crate::ops::plain::{budget, int_arg, int_ref, raise, str_arg};
use crate::ops::types;
use crate::text::bytes as text;
use crate::value::Value;

/// What calling `bytes` does.
pub const BYTES: Native = Native {
    name: "bytes",
    owner: None,
    arity: Arity::Named { names: &["source", "encoding", "errors"], required: 0, positional: 3 },
    doc: "bytes(size), bytes(iterable of ints), bytes(str, encoding, errors='strict')",
    call: new,
    signature: None,
};

const fn method(name: &'static str, arity: Arity, call: NativeFn, doc: &'static str) -> Native {
    Native { name, owner: Some(Owner::Type(TypeId::Bytes)), arity, doc, call, signature: None }
}

const NONE: Arity = Arity::None;
const ONE: Arity = Arity::One;
const MAYBE: Arity = Arity::Positional(0, 1);
const HEX: Arity = Arity::Named { names: &["sep", "bytes_per_sep"], required: 0, positional: 2 };
const TRANSLATE: Arity = Arity::Named { names: &["", "delete"], required: 1, positional: 2 };

/// Methods of bytes, sorted by name.
pub static METHODS: &[Native] = &[
    method("capitalize", NONE, capitalize, "capitalize(): the first letter in upper case, the rest in lower"),
    method("center", shape::JUSTIFY, shape::center::<[u8]>, "center(width, fill=b' '): padded on both sides"),
    method(
        "count",
        search::BOUNDED,
        search::count::<[u8]>,
        "count(sub, start, end): matches that do not overlap",
    ),
    method("decode", CODED, decode, "decode(encoding='utf-8', errors='strict'): as str"),
    method(
        "endswith",
        search::BOUNDED,
        search::ends_with::<[u8]>,
        "endswith(suffix or tuple of them, start, end)",
    ),
    method(
        "expandtabs",
        shape::EXPANDTABS,
        shape::expand_tabs::<[u8]>,
        "expandtabs(tabsize=8): spaces for tabs",
    ),
    method(
        "find",
        search::BOUNDED,
        search::find::<[u8]>,
        "find(sub, start, end): index of the first match, or -1",
    ),
    method("fromhex", ONE, fromhex, "bytes.fromhex(text): the bytes that hex() wrote"),
    method("hex", HEX, hex, "hex(sep, bytes_per_sep=1): two digits for each byte"),
    method(
        "index",
        search::BOUNDED,
        search::index::<[u8]>,
        "index(sub, start, end): index of the first match",
    ),
    method("isalnum", NONE, is_alnum, "isalnum(): only ASCII letters and digits"),
    method("isalpha", NONE, is_alpha, "isalpha(): only ASCII letters"),
    method("isascii", NONE, is_ascii, "isascii(): only ASCII"),
    method("isdigit", NONE, is_digit, "isdigit(): only ASCII digits"),
    method("islower", NONE, is_lower, "islower(): letters are in lower case"),
    method("isspace", NONE, is_space, "isspace(): only ASCII whitespace"),
    method("istitle", NONE, is_title, "istitle(): words start in upper case"),
    method("isupper", NONE, is_upper, "isupper(): letters are in upper case"),
    method("join", ONE, split::join::<[u8]>, "join(iterable): its bytes with these between them"),
    method("ljust", shape::JUSTIFY, shape::ljust::<[u8]>, "ljust(width, fill=b' '): padded on the right"),
    method("lower", NONE, lower, "lower(): in lower case"),
    method("lstrip", MAYBE, shape::lstrip::<[u8]>, "lstrip(bytes=None): without whitespace at the start"),
    method(
        "maketrans",
        Arity::Positional(2, 2),
        maketrans,
        "bytes.maketrans(from, to): a table for translate",
    ),
    method("partition", ONE, search::partition::<[u8]>, "partition(sep): before, sep, after the first match"),
    method("removeprefix", ONE, shape::remove_prefix::<[u8]>, "removeprefix(prefix)"),
    method("removesuffix", ONE, shape::remove_suffix::<[u8]>, "removesuffix(suffix)"),
    method("replace", REPLACE, search::replace::<[u8]>, "replace(old, new, count=-1)"),
    method(
        "rfind",
        search::BOUNDED,
        search::rfind::<[u8]>,
        "rfind(sub, start, end): index of the last match, or -1",
    ),
    method(
        "rindex",
        search::BOUNDED,
        search::rindex::<[u8]>,
        "rindex(sub, start, end): index of the last match",
    ),
    method("rjust", shape::JUSTIFY, shape::rjust::<[u8]>, "rjust(width, fill=b' '): padded on the left"),
    method(
        "rpartition",
        ONE,
        search::rpartition::<[u8]>,
        "rpartition(sep): before, sep, after the last match",
    ),
    method(
        "rsplit",
        split::SPLIT,
        split::rsplit::<[u8]>,
        "rsplit(sep=None, maxsplit=-1): parts, split from the end",
    ),
    method("rstrip", MAYBE, shape::rstrip::<[u8]>, "rstrip(bytes=None): without whitespace at the end"),
    method("split", split::SPLIT, split::split::<[u8]>, "split(sep=None, maxsplit=-1): parts"),
    method("splitlines", split::SPLITLINES, split::split_lines::<[u8]>, "splitlines(keepends=False): lines"),
    method(
        "startswith",
        search::BOUNDED,
        search::starts_with::<[u8]>,
        "startswith(prefix or tuple of them, start, end)",
    ),
    method("strip", MAYBE, shape::strip::<[u8]>, "strip(bytes=None): without whitespace at both ends"),
    method("swapcase", NONE, swapcase, "swapcase(): upper case to lower, lower to upper"),
    method("title", NONE, title, "title(): words start in upper case"),
    method(
        "translate",
        TRANSLATE,
        translate,
        "translate(table, delete=b''): bytes replaced as the table says",
    ),
    method("upper", NONE, upper, "upper(): in upper case"),
    method("zfill", ONE, shape::zfill::<[u8]>, "zfill(width): padded with zeros on the left"),
];

/// `(old, new, count=-1, /)`
const REPLACE: Arity = Arity::Positional(2, 3);

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let names = codec::names(ctx, "bytes", args.get(1), args.get(2))?;
    let source = args.get(0);
    match (source, args.get(1), args.get(2)) {
        (Some(Value::Str(at)), Some(_), _) => {
            let text = ctx.heap[at].share();
            return Ok(codec::encode(ctx, args[0], &text, &names)?.into());
        }
        (Some(Value::Str(_)), None, _) => return Err(ctx.type_error("string argument without an encoding")),
        (_, Some(_), _) => return Err(ctx.type_error("encoding without a string argument")),
        (_, None, Some(_)) => return Err(ctx.type_error("errors without a string argument")),
        _ => {}
    }
    let Some(source) = source else { return Ok(ctx.heap.new_bytes(&[]).into()) };
    if let Value::Bytes(_) = source {
        return Ok(source.into());
    }
    if int_ref(ctx.heap, source).is_some() {
        return zeros(ctx, source);
    }
    of_iterable::<Plain>(ctx, source, [0; 3])
}

fn zeros(ctx: &mut Ctx<'_>, count: Value) -> NativeResult {
    let Some(count) = int_arg(ctx, count)? else {
        return Err(ctx.error(TypeId::OverflowError, "cannot fit 'int' into an index-sized integer"));
    };
    let Ok(count) = usize::try_from(count) else { return Err(ctx.value_error("negative count")) };
    budget(ctx, count)?;
    Ok(ctx.heap.new_bytes(&vec![0; count]).into())
}

/// What is made of bytes that come one by one.
pub trait Finish {
    /// The result, of all bytes and the words given to [`of_iterable`].
    fn finish(ctx: &mut Ctx<'_>, data: &[u8], words: [i64; 3]) -> NativeResult;
}

/// `bytes(iterable)`
struct Plain;

impl Finish for Plain {
    fn finish(ctx: &mut Ctx<'_>, data: &[u8], _: [i64; 3]) -> NativeResult {
        Ok(ctx.heap.new_bytes(data).into())
    }
}

/// Makes something of the bytes that the ints of `iterable` are.
pub fn of_iterable<F: Finish>(ctx: &mut Ctx<'_>, iterable: Value, words: [i64; 3]) -> NativeResult {
    let iter = match (iterable, iterate::iter(ctx, iterable)) {
        (Value::Str(_), _) | (_, Err(Raise::Exception(_))) => {
            let given = types::type_name(ctx.heap, iterable);
            return Err(ctx.type_error(format!("cannot convert '{given}' object to bytes")));
        }
        (_, Err(end)) => return Err(end),
        (_, Ok(iter)) => iter,
    };
    let items = ctx.heap.list(Vec::new());
    iterate::fold::<Gather<F>>(ctx, iter, &[items], words)
}

/// Checks and collects the ints.
struct Gather<F>(PhantomData<F>);

impl<F: Finish> Fold for Gather<F> {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise> {
        let byte = int_arg(ctx, item)?.filter(|byte| (0..256).contains(byte));
        let Some(byte) = byte else { return Err(ctx.value_error("bytes must be in range(0, 256)")) };
        if let Value::List(items) = kept.get(ctx, 0) {
            let growth = ctx.heap.list_growth(items);
            ctx.reserve_large(growth)?;
            ctx.heap.list_push(items, Value::Int(byte));
        }
        Ok(Flow::Continue)
    }

    fn end(ctx: &mut Ctx<'_>, kept: &mut Kept) -> NativeResult {
        let count = ctx.heap.as_items(kept.get(ctx, 0)).map_or(0, <[Value]>::len);
        budget(ctx, count)?;
        let items = ctx.heap.as_items(kept.get(ctx, 0)).unwrap_or_default();
        let data: Vec<u8> = items.iter().filter_map(|item| u8::try_from(item.as_int()?).ok()).collect();
        let [a, b, c, _] = kept.words;
        F::finish(ctx, &data, [a, b, c])
    }
}

fn decode(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let names = codec::names(ctx, "decode", args.get(1), args.get(2))?;
    let (data, _) = receiver::<[u8]>(ctx, args)?;
    Ok(codec::decode(ctx, args[0], &data, &names)?.into())
}

fn fromhex(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let digits = str_arg(ctx, args[1], "fromhex() argument")?;
    budget(ctx, digits.len())?;
    match text::from_hex(&digits) {
        Ok(data) => Ok(ctx.heap.new_bytes(&data).into()),
        Err(error) => Err(raise(ctx, error)),
    }
}

fn hex(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let group = match args.get(2) {
        None => 1,
        Some(group) => shape::int_arg32(ctx, group)?,
    };
    let separator = match args.get(1) {
        None => None,
        Some(separator) => Some(hex_separator(ctx, separator)?),
    };
    let (data, _) = receiver::<[u8]>(ctx, args)?;
    budget(ctx, data.len().saturating_mul(3))?;
    let digits = text::hex(&data, separator, group);
    Ok(ctx.heap.str(&digits).into())
}

fn hex_separator(ctx: &mut Ctx<'_>, separator: Value) -> Result<u8, Raise> {
    let separator = match separator {
        Value::Str(at) => text::hex_separator(ctx.heap[at].as_str()),
        Value::Bytes(at) => text::hex_separator(ctx.heap[at].as_slice()),
        _ => {
            let given = types::type_name(ctx.heap, separator);
            return Err(ctx.type_error(format!("object of type '{given}' has no len()")));
        }
    };
    separator.map_err(|error| raise(ctx, error))
}

fn maketrans(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let from = <[u8]>::arg(ctx, args[1], "")?;
    let to = <[u8]>::arg(ctx, args[2], "")?;
    ctx.charge(from.len() / 16)?;
    match text::make_table(&from, &to) {
        Ok(table) => Ok(ctx.heap.new_bytes(&table).into()),
        Err(error) => Err(raise(ctx, error)),
    }
}

fn translate(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let table: Option<Rc<[u8]>> = match args[1] {
        Value::None => None,
        table => Some(<[u8]>::arg(ctx, table, "")?),
    };
    if table.as_ref().is_some_and(|table| table.len() != 256) {
        return Err(ctx.value_error("translation table must be 256 characters long"));
    }
    let delete: Rc<[u8]> = match args.get(2) {
        None => Rc::from([]),
        Some(delete) => <[u8]>::arg(ctx, delete, "")?,
    };
    let (data, _) = receiver::<[u8]>(ctx, args)?;
    budget(ctx, data.len() + delete.len() / 2)?;
    match text::translate(&data, table.as_deref(), &delete) {
        Ok(data) => Ok(built::<[u8]>(ctx, &data)),
        Err(error) => Err(raise(ctx, error)),
    }
}

macro_rules! changes {
    ($($name:ident: $change:expr;)*) => {$(
        fn $name(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
            let (data, _) = receiver::<[u8]>(ctx, args)?;
            budget(ctx, data.len())?;
            let change: fn(&[u8]) -> Vec<u8> = $change;
            let changed = change(&data);
            Ok(built::<[u8]>(ctx, &changed))
        }
    )*};
}

changes! {
    capitalize: text::capitalize;
    lower: <[u8]>::to_ascii_lowercase;
    swapcase: text::swapcase;
    title: text::title;
    upper: <[u8]>::to_ascii_uppercase;
}

macro_rules! tests {
    ($($name:ident: $test:expr;)*) => {$(
        fn $name(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
            let data = whole_receiver::<[u8]>(ctx, args)?;
            let test: fn(&[u8]) -> bool = $test;
            Ok(Value::bool(test(&data)).into())
        }
    )*};
}

tests! {
    is_alnum: |data| text::all_bytes(data, u8::is_ascii_alphanumeric);
    is_alpha: |data| text::all_bytes(data, u8::is_ascii_alphabetic);
    is_ascii: <[u8]>::is_ascii;
    is_digit: |data| text::all_bytes(data, u8::is_ascii_digit);
    is_lower: text::is_lower;
    is_space: text::is_space;
    is_title: text::is_title;
    is_upper: text::is_upper;
}
