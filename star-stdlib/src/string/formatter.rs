//! `string.Formatter`: `str.format` taken apart.
//!
//! In: a template, positional arguments and keywords. Out: text, or what a template consists of. Rule: errors are those
//! of CPython's class, whose words differ from those of `str.format`.

use star::heap::{Args, Arity, HostType, Native};
use star::object::{HostData, Text};
use star::ops::format::format_to;
use star::ops::plain::{Builder, raise, str_arg};
use star::ops::{attribute, index, repr, table, types};
use star::private::{Ctx, NativeResult, Raise, Value};
use star::text::TextError;
use star::text::brace::{First, Numbering, Piece, Pieces, Step};

use crate::native::{method, script};

/// `Formatter`.
pub(super) static FORMATTER: HostType = HostType {
    new: Some(&NEW),
    methods: METHODS,
    ..HostType::named("Formatter", "string", "What str.format does, step by step.")
};

static NEW: Native = method(&FORMATTER, "__init__", Arity::Variadic, new, "Formatter(): a formatter");

static METHODS: &[Native] = &[
    method(
        &FORMATTER,
        "check_unused_args",
        script(&["used_args", "args", "kwargs"], 3),
        |_, _| Ok(Value::None.into()),
        "check_unused_args(used_args, args, kwargs): nothing is wrong with arguments that are not used",
    ),
    method(
        &FORMATTER,
        "convert_field",
        script(&["value", "conversion"], 2),
        convert_field,
        "convert_field(value, conversion): the value after conversion 's', 'r', 'a' or None",
    ),
    method(
        &FORMATTER,
        "format",
        Arity::Variadic,
        format,
        "format(format_string, /, *args, **kwargs): the text with values in it",
    ),
    method(
        &FORMATTER,
        "format_field",
        script(&["value", "format_spec"], 2),
        format_field,
        "format_field(value, format_spec): format(value, format_spec)",
    ),
    method(
        &FORMATTER,
        "get_field",
        script(&["field_name", "args", "kwargs"], 3),
        get_field,
        "get_field(field_name, args, kwargs): the value of a field, and the key it was found by",
    ),
    method(
        &FORMATTER,
        "get_value",
        script(&["key", "args", "kwargs"], 3),
        get_value,
        "get_value(key, args, kwargs): args[key] for an int, else kwargs[key]",
    ),
    method(
        &FORMATTER,
        "parse",
        script(&["format_string"], 1),
        parse,
        "parse(format_string): tuples of text, and the name, spec and conversion of the field after it",
    ),
    method(
        &FORMATTER,
        "vformat",
        script(&["format_string", "args", "kwargs"], 3),
        vformat,
        "vformat(format_string, args, kwargs): the text with values in it",
    ),
];

/// A `Formatter` object holds nothing.
struct Formatter;

impl HostData for Formatter {}

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    if args.len() > 1 || !args.names.is_empty() {
        return Err(ctx.type_error("Formatter() takes no arguments"));
    }
    Ok(ctx.heap.host_object(&FORMATTER, Formatter).into())
}

fn ok<T>(ctx: &mut Ctx<'_>, result: Result<T, TextError>) -> Result<T, Raise> {
    result.map_err(|error| raise(ctx, error))
}

/// `f.format(format_string, /, *args, **kwargs)`
fn format(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Some(template) = args.get(1) else {
        let message = "Formatter.format() missing 1 required positional argument: 'format_string'";
        return Err(ctx.type_error(message));
    };
    let root = ctx.heap.scratch.len();
    let positional = ctx.heap.tuple(&args.positional[2..]);
    ctx.heap.scratch.push(positional);
    let keywords = ctx.heap.dict();
    ctx.heap.scratch.push(Value::Dict(keywords));
    let mut pairs = args.names.iter().zip(args.keywords);
    let result = pairs
        .try_for_each(|(&name, &value)| table::dict_set(ctx, keywords, name, value))
        .and_then(|()| fill(ctx, template, positional, Value::Dict(keywords)));
    ctx.heap.scratch.truncate(root);
    result.map(Into::into)
}

/// `f.vformat(format_string, args, kwargs)`
fn vformat(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let root = ctx.heap.scratch.len();
    let result = fill(ctx, args[1], args[2], args[3]);
    ctx.heap.scratch.truncate(root);
    result.map(Into::into)
}

fn template_of(ctx: &mut Ctx<'_>, template: Value) -> Result<Text, Raise> {
    match template {
        Value::Str(at) => Ok(ctx.heap[at].share()),
        _ => {
            let given = types::type_name(ctx.heap, template);
            Err(ctx.type_error(format!("expected str, got {given}")))
        }
    }
}

fn fill(ctx: &mut Ctx<'_>, template: Value, args: Value, keywords: Value) -> Result<Value, Raise> {
    let template = template_of(ctx, template)?;
    let mut filler = Filler { args, keywords, next: Some(0) };
    let mut out = Builder::default();
    filler.fill(ctx, &mut out, &template, DEPTH)?;
    out.finish(ctx)
}

/// How deep a spec may lie in specs.
const DEPTH: u32 = 2;

struct Filler {
    args: Value,
    keywords: Value,
    /// The number of the next field without a name; none once a field has had a number.
    next: Option<usize>,
}

impl Filler {
    fn fill(
        &mut self,
        ctx: &mut Ctx<'_>,
        out: &mut Builder,
        template: &str,
        depth: u32,
    ) -> Result<(), Raise> {
        for piece in Pieces::new(template) {
            let field = match ok(ctx, piece)? {
                Piece::Literal(text) => {
                    out.push(ctx, text)?;
                    continue;
                }
                Piece::Field(field) => field,
            };
            let root = ctx.heap.scratch.len();
            let name = self.name(ctx, field.name)?;
            let (value, _) = find(ctx, &name, self.args, self.keywords)?;
            ctx.heap.scratch.push(value);
            let value = convert(ctx, value, field.conversion_letter())?;
            ctx.heap.scratch.push(value);
            let mut spec = Builder::default();
            match depth.checked_sub(1) {
                Some(depth) => self.fill(ctx, &mut spec, field.spec, depth)?,
                None => return Err(ctx.value_error("Max string recursion exceeded")),
            }
            format_to(ctx, out, value, &spec.text)?;
            ctx.heap.scratch.truncate(root);
        }
        Ok(())
    }

    /// The name of a field, or the number of one without a name.
    fn name(&mut self, ctx: &mut Ctx<'_>, name: &str) -> Result<String, Raise> {
        let is_number = !name.is_empty() && name.chars().all(star::text::unicode::is_digit);
        match (name, self.next) {
            ("", Some(next)) => {
                self.next = Some(next + 1);
                return Ok(next.to_string());
            }
            (_, None | Some(0)) if is_number => self.next = None,
            _ if !is_number && !name.is_empty() => {}
            _ => {
                let message = "cannot switch from manual field specification to automatic field numbering";
                return Err(ctx.value_error(message));
            }
        }
        Ok(name.to_string())
    }
}

/// The value of a field and the key it was found by, both in the scratch.
fn find(ctx: &mut Ctx<'_>, name: &str, args: Value, keywords: Value) -> Result<(Value, Value), Raise> {
    ctx.charge(1 + name.len() / 16)?;
    // A name that is empty is a key here, and no number.
    let (first, path) = match name.starts_with(['.', '[']) || name.is_empty() {
        true => (First::Name(""), ok(ctx, Numbering::default().first(name))?.1),
        false => ok(ctx, Numbering::default().first(name))?,
    };
    let key = match first {
        First::Index(index) => Value::Int(index as i64),
        First::Name(name) => ctx.heap.str(name),
    };
    ctx.heap.scratch.push(key);
    let mut value = value_of(ctx, key, args, keywords)?;
    ctx.heap.scratch.push(value);
    for step in path {
        ctx.charge(1)?;
        value = match ok(ctx, step)? {
            Step::Attribute(name) => {
                let name = ctx.heap.str(name);
                ctx.heap.scratch.push(name);
                attribute::get_attr(ctx, value, name)?
            }
            Step::Index(index) => index::get_item(ctx, value, Value::Int(index as i64))?,
            Step::Key(key) => {
                let key = ctx.heap.str(key);
                ctx.heap.scratch.push(key);
                index::get_item(ctx, value, key)?
            }
        };
        ctx.heap.scratch.push(value);
    }
    Ok((value, key))
}

/// `args[key]` for an int, else `kwargs[key]`
fn value_of(ctx: &mut Ctx<'_>, key: Value, args: Value, keywords: Value) -> Result<Value, Raise> {
    let is_int = matches!(key, Value::Int(_) | Value::Bool(_) | Value::BigInt(_));
    index::get_item(ctx, if is_int { args } else { keywords }, key)
}

/// `f.get_value(key, args, kwargs)`
fn get_value(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(value_of(ctx, args[1], args[2], args[3])?.into())
}

/// `f.get_field(field_name, args, kwargs)`
fn get_field(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let name = template_of(ctx, args[1])?;
    let root = ctx.heap.scratch.len();
    let found = find(ctx, &name, args[2], args[3]);
    let pair = found.map(|(value, key)| ctx.heap.tuple(&[value, key]));
    ctx.heap.scratch.truncate(root);
    Ok(pair?.into())
}

/// The value after a conversion.
fn convert(ctx: &mut Ctx<'_>, value: Value, conversion: Option<char>) -> Result<Value, Raise> {
    let text = match conversion {
        None => return Ok(value),
        Some('s') => repr::str_of(ctx, value)?,
        Some('r') => repr::repr(ctx, value)?,
        Some('a') => repr::ascii(ctx, value)?,
        Some(other) => return Err(ctx.value_error(format!("Unknown conversion specifier {other}"))),
    };
    ctx.reserve_large(text.len())?;
    Ok(ctx.heap.str_shared(text))
}

/// `f.convert_field(value, conversion)`
fn convert_field(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let conversion = match args[2] {
        Value::None => None,
        other => {
            let text = repr::str_of(ctx, other)?;
            let mut chars = text.chars();
            match (chars.next(), chars.next(), other) {
                (Some(letter), None, Value::Str(_)) => Some(letter),
                _ => return Err(ctx.value_error(format!("Unknown conversion specifier {text}"))),
            }
        }
    };
    Ok(convert(ctx, args[1], conversion)?.into())
}

/// `f.format_field(value, format_spec)`
fn format_field(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let spec = str_arg(ctx, args[2], "format() argument 2")?;
    let mut out = Builder::default();
    format_to(ctx, &mut out, args[1], &spec)?;
    Ok(out.finish(ctx)?.into())
}

/// `f.parse(format_string)`
fn parse(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let template = template_of(ctx, args[1])?;
    ctx.charge(template.len() / 4)?;
    ctx.reserve(template.len().saturating_mul(32))?;
    let root = ctx.heap.scratch.len();
    let mut literal = String::new();
    for piece in Pieces::new(&template) {
        let piece = match piece {
            Ok(piece) => piece,
            Err(error) => {
                ctx.heap.scratch.truncate(root);
                return Err(raise(ctx, error));
            }
        };
        match piece {
            Piece::Literal(text) => {
                literal.push_str(text);
                // A doubled brace ends a text.
                if matches!(text, "{" | "}") {
                    let text = ctx.heap.str(&std::mem::take(&mut literal));
                    push(ctx, [text, Value::None, Value::None, Value::None]);
                }
            }
            Piece::Field(field) => {
                let text = ctx.heap.str(&std::mem::take(&mut literal));
                let (name, spec) = (ctx.heap.str(field.name), ctx.heap.str(field.spec));
                let conversion = field.conversion_letter().map_or(Value::None, |c| ctx.heap.char(c));
                push(ctx, [text, name, spec, conversion]);
            }
        }
    }
    if !literal.is_empty() {
        let text = ctx.heap.str(&literal);
        push(ctx, [text, Value::None, Value::None, Value::None]);
    }
    let items = ctx.heap.scratch.split_off(root);
    let list = ctx.heap.list(items);
    Ok(star::ops::iterate::iter(ctx, list)?.into())
}

/// Adds a tuple to the scratch.
fn push(ctx: &mut Ctx<'_>, items: [Value; 4]) {
    let tuple = ctx.heap.tuple(&items);
    ctx.heap.scratch.push(tuple);
}
