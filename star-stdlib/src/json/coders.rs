//! `JSONDecoder` and `JSONEncoder`: options, kept to be used again.
//!
//! In: options. Out: objects whose methods read and write as `loads` and `dumps` do. Rule: an object is made of its
//! options as they were given; what is wrong with them is said when they are used, as in CPython.

use star::heap::{Base, CallArgs, NativeFn, Outcome};
use star::host::arguments;
use star::ops::{plain, types};
use star::private::{
    Args, Arity, Attribute, Constant, Ctx, HostType, Native, NativeResult, Raise, TypeDesc, Value,
};

use super::load::{self, Answer};
use super::options::{self, Given, NAMES};
use super::read::Hooks;
use super::{dump, error, write};
use crate::native::{attribute, method};

/// What `JSONDecoder` takes.
pub(super) const DECODER_OPTIONS: [&str; 6] =
    ["object_hook", "parse_float", "parse_int", "parse_constant", "strict", "object_pairs_hook"];

/// TypeError unless `class` is left out or the type itself: scripts cannot derive another from it.
pub(super) fn check_class(ctx: &mut Ctx<'_>, class: Value, expected: &'static HostType) -> Result<(), Raise> {
    let given = class.given().filter(|class| !class.is_none());
    if given.is_none_or(|class| class == ctx.heap.host_type(expected)) {
        return Ok(());
    }
    let name = expected.name;
    Err(ctx.type_error(format!("cls has to be {name}: give the options that it would have to this function")))
}

/// The option `name` among the keywords of a call that are none of `bound`; TypeError if one of them is no option of
/// the type that has `options` either.
pub(super) fn last_option(
    ctx: &mut Ctx<'_>,
    args: Args<'_>,
    bound: &[&str],
    name: &str,
    options: &[&str],
) -> Result<Option<Value>, Raise> {
    let mut found = None;
    for (&keyword, &value) in args.names.iter().zip(args.keywords) {
        let text = ctx.heap.as_str(keyword).unwrap_or_default();
        if text == name {
            found = Some(value);
        } else if !bound.contains(&text) {
            let class = if options.len() == NAMES.len() { "JSONEncoder" } else { "JSONDecoder" };
            let function = format!("{class}.__init__");
            let message = arguments::unexpected(&function, text, options.iter().copied());
            return Err(ctx.type_error(message));
        }
    }
    Ok(found)
}

/// Part `index` of an object.
fn part(ctx: &Ctx<'_>, object: Value, index: usize) -> Value {
    ctx.heap.parts(object).values.get(index).copied().unwrap_or_default()
}

fn option(ctx: &Ctx<'_>, object: Value, index: usize, default: Value) -> Value {
    part(ctx, object, index).given().unwrap_or(default)
}

const fn constructor(class: &'static HostType, names: &'static [&'static str], call: NativeFn) -> Native {
    let arity = Arity::Script { names, positional_only: 0, positional: 0, required: 0 };
    method(class, "__init__", arity, call, "its options")
}

// ---- JSONDecoder --------------------------------------------------------------------------------------

pub(super) static DECODER: HostType = HostType {
    base: Base::Object,
    new: Some(&NEW_DECODER),
    methods: &[
        method(
            &DECODER,
            "decode",
            Arity::Script { names: &["s"], positional_only: 0, positional: 1, required: 1 },
            decode,
            "decode(s): the value that a document stands for",
        ),
        method(
            &DECODER,
            "raw_decode",
            Arity::Script { names: &["s", "idx"], positional_only: 0, positional: 2, required: 1 },
            raw_decode,
            "raw_decode(s, idx=0): the value that begins at idx, and the index behind it",
        ),
    ],
    attributes: &[
        attribute("object_hook", "What makes values of objects.", |ctx, v| {
            Ok(option(ctx, v, 0, Value::None))
        }),
        attribute("object_pairs_hook", "What makes values of the pairs of objects.", |ctx, v| {
            Ok(option(ctx, v, 5, Value::None))
        }),
        attribute("strict", "Whether control characters are refused in strings.", |ctx, v| {
            Ok(option(ctx, v, 4, Value::bool(true)))
        }),
    ],
    ..HostType::named("JSONDecoder", "json.decoder", "Reads documents.")
};

static NEW_DECODER: Native = constructor(&DECODER, &DECODER_OPTIONS, new_decoder);

fn new_decoder(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(ctx.heap.object(&DECODER, args.positional[1..].to_vec(), [0; 4]).into())
}

fn decoding(ctx: &Ctx<'_>, decoder: Value) -> (bool, Hooks) {
    let [object, float, int, constant, strict, pairs] = std::array::from_fn(|at| part(ctx, decoder, at));
    let strict = strict.given().is_none_or(|strict| types::truthy(ctx.heap, strict));
    (strict, Hooks::new(ctx, object, float, int, constant, pairs))
}

fn decode(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    if let Value::Bytes(_) = args[1] {
        return Err(ctx.type_error("cannot use a string pattern on a bytes-like object"));
    }
    let Value::Str(_) = args[1] else {
        let given = types::type_name(ctx.heap, args[1]);
        return Err(ctx.type_error(format!("expected string or bytes-like object, got '{given}'")));
    };
    let (strict, hooks) = decoding(ctx, args[0]);
    load::decode(ctx, args[1], strict, hooks)
}

fn raw_decode(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let index = match args.get(2) {
        Some(index) => plain::ssize_arg(ctx, index)?,
        None => 0,
    };
    let Value::Str(at) = args[1] else {
        let given = types::type_name(ctx.heap, args[1]);
        return Err(ctx.type_error(format!("first argument must be a string, not {given}")));
    };
    let Ok(place) = usize::try_from(index) else { return Err(ctx.value_error("idx cannot be negative")) };
    let text = ctx.heap[at].as_str();
    let start = match ctx.heap[at].is_ascii() {
        true => Some(place).filter(|place| *place < text.len()),
        false => text.char_indices().nth(place).map(|(byte, _)| byte),
    };
    let Some(start) = start else { return Err(error::raise_at(ctx, args[1], "Expecting value", index)) };
    let (strict, hooks) = decoding(ctx, args[0]);
    load::read(ctx, args[1], start, strict, hooks, Answer::Pair)
}

// ---- JSONEncoder --------------------------------------------------------------------------------------

/// Parts of an encoder behind its options: the separators.
const ITEM: usize = options::NAMES.len();
const KEY: usize = ITEM + 1;

pub(super) static ENCODER: HostType = HostType {
    base: Base::Object,
    new: Some(&NEW_ENCODER),
    methods: &[
        method(
            &ENCODER,
            "default",
            Arity::Script { names: &["o"], positional_only: 0, positional: 1, required: 1 },
            default,
            "default(o): a value that can be written for one that cannot; raises TypeError unless it was given",
        ),
        method(
            &ENCODER,
            "encode",
            Arity::Script { names: &["o"], positional_only: 0, positional: 1, required: 1 },
            encode,
            "encode(o): the value as a document",
        ),
        method(
            &ENCODER,
            "iterencode",
            Arity::Script { names: &["o"], positional_only: 0, positional: 1, required: 1 },
            iterencode,
            "iterencode(o): an iterator over parts of the document",
        ),
    ],
    attributes: &[
        flag("allow_nan", "Whether floats without a form in JSON are written.", |ctx, v| {
            Ok(option(ctx, v, 3, Value::bool(true)))
        }),
        flag("check_circular", "Whether containers within themselves are looked for.", |ctx, v| {
            Ok(option(ctx, v, 2, Value::bool(true)))
        }),
        flag("ensure_ascii", "Whether all beyond ASCII is escaped.", |ctx, v| {
            Ok(option(ctx, v, 1, Value::bool(true)))
        }),
        attribute("indent", "What lines are indented with.", |ctx, v| Ok(option(ctx, v, 5, Value::None))),
        attribute("item_separator", "What stands between items.", |ctx, v| Ok(part(ctx, v, ITEM))),
        attribute("key_separator", "What stands behind keys.", |ctx, v| Ok(part(ctx, v, KEY))),
        flag("skipkeys", "Whether keys that cannot be written are left out.", |ctx, v| {
            Ok(option(ctx, v, 0, Value::bool(false)))
        }),
        flag("sort_keys", "Whether entries are sorted by key.", |ctx, v| {
            Ok(option(ctx, v, 4, Value::bool(false)))
        }),
    ],
    constants: &[
        separator("item_separator", "What stands between items, unless they are indented.", |ctx| {
            Ok(ctx.heap.str(", "))
        }),
        separator("key_separator", "What stands behind keys.", |ctx| Ok(ctx.heap.str(": "))),
    ],
    ..HostType::named("JSONEncoder", "json.encoder", "Writes documents.")
};

const fn flag(
    name: &'static str,
    doc: &'static str,
    get: fn(&mut Ctx<'_>, Value) -> Result<Value, Raise>,
) -> Attribute {
    Attribute { ty: &TypeDesc::Bool, ..attribute(name, doc, get) }
}

const fn separator(
    name: &'static str,
    doc: &'static str,
    make: fn(&mut Ctx<'_>) -> Result<Value, Raise>,
) -> Constant {
    Constant { name, doc, ty: &TypeDesc::Str, make }
}

static NEW_ENCODER: Native = constructor(&ENCODER, &NAMES, new_encoder);

fn new_encoder(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let given = Given(std::array::from_fn(|at| args[at + 1]));
    let (item, key) = given.separators(ctx)?;
    let mut values = args.positional[1..].to_vec();
    values.extend([item, key]);
    Ok(ctx.heap.object(&ENCODER, values, [0; 4]).into())
}

fn encoding(ctx: &mut Ctx<'_>, encoder: Value) -> Result<options::Options, Raise> {
    let given = Given(std::array::from_fn(|at| part(ctx, encoder, at)));
    let separators = (part(ctx, encoder, ITEM), part(ctx, encoder, KEY));
    given.options(ctx, separators)
}

fn encode(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let options = encoding(ctx, args[0])?;
    dump::encode(ctx, args[1], options)
}

fn iterencode(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let options = encoding(ctx, args[0])?;
    Ok(dump::parts(ctx, args[1], options).into())
}

fn default(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    match option(ctx, args[0], 7, Value::None) {
        Value::None => Err(write::not_serializable(ctx, args[1])),
        function => Ok(Outcome::Call { function, args: CallArgs::One(args[1]), then: None }),
    }
}
