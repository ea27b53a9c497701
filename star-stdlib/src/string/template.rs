//! `string.Template`: text with `$name` in it.
//!
//! In: a template and values by name. Out: text. Rule: `$$` is `$`, `$name` and `${name}` are values, any other `$` is an
//! error, or stays.

use star::heap::{Args, Arity, Attribute, Constant, HostType, Native};
use star::object::types::TypeId;
use star::object::{HostData, Text};
use star::ops::plain::Builder;
use star::ops::{index, repr, types};
use star::private::{Ctx, NativeResult, Raise, TypeDesc, Value};
use star::text::split;

use crate::native::{method, script};

/// `Template`.
pub(super) static TEMPLATE: HostType = HostType {
    new: Some(&NEW),
    methods: METHODS,
    attributes: &[Attribute {
        name: "template",
        doc: "The text of the template.",
        ty: &TypeDesc::Str,
        get: |ctx, me| Ok(text_of(ctx, me)),
        set: Some(set_text),
    }],
    constants: &[
        Constant {
            name: "braceidpattern",
            doc: "A pattern for names in braces, if it is another than that of names.",
            ty: &TypeDesc::None,
            make: |_| Ok(Value::None),
        },
        Constant {
            name: "delimiter",
            doc: "What names begin with.",
            ty: &TypeDesc::Str,
            make: |ctx| Ok(ctx.heap.str("$")),
        },
        Constant {
            name: "idpattern",
            doc: "A pattern for names.",
            ty: &TypeDesc::Str,
            make: |ctx| Ok(ctx.heap.str("(?a:[_a-z][_a-z0-9]*)")),
        },
    ],
    ..HostType::named("Template", "string", "Text with names in it that values are put in the place of.")
};

static NEW: Native = method(
    &TEMPLATE,
    "__init__",
    script(&["template"], 1),
    new,
    "Template(template): a template of that text",
);

static METHODS: &[Native] = &[
    method(
        &TEMPLATE,
        "get_identifiers",
        script(&[], 0),
        identifiers,
        "get_identifiers(): the names in the template, each once",
    ),
    method(
        &TEMPLATE,
        "is_valid",
        script(&[], 0),
        is_valid,
        "is_valid(): whether every $ begins a name or is doubled",
    ),
    method(
        &TEMPLATE,
        "safe_substitute",
        Arity::Variadic,
        |ctx, args| substitute(ctx, args, "safe_substitute", true),
        "safe_substitute(mapping={}, /, **kws): the text with values in it; names without a value stay",
    ),
    method(
        &TEMPLATE,
        "substitute",
        Arity::Variadic,
        |ctx, args| substitute(ctx, args, "substitute", false),
        "substitute(mapping={}, /, **kws): the text with values in it",
    ),
];

/// What a `Template` object holds.
struct Template {
    text: Value,
}

impl HostData for Template {
    fn trace(&self, index: usize, visit: &mut dyn FnMut(Value) -> bool) -> usize {
        if index == 0 && !visit(self.text) { 1 } else { usize::MAX }
    }
}

fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(ctx.heap.host_object(&TEMPLATE, Template { text: args[1] }).into())
}

fn text_of(ctx: &Ctx<'_>, me: Value) -> Value {
    match me {
        Value::Host(at) => ctx.heap[at].borrow::<Template>().map_or(Value::None, |template| template.text),
        _ => Value::None,
    }
}

fn set_text(ctx: &mut Ctx<'_>, me: Value, value: Value) -> Result<(), Raise> {
    if let Value::Host(at) = me
        && let Some(mut template) = ctx.heap[at].borrow_mut::<Template>()
    {
        template.text = value;
    }
    Ok(())
}

/// The text of a receiver, charged for.
fn text(ctx: &mut Ctx<'_>, me: Value) -> Result<Text, Raise> {
    match text_of(ctx, me) {
        Value::Str(at) => {
            let text = ctx.heap[at].share();
            ctx.charge(1 + text.len() / 8)?;
            Ok(text)
        }
        other => {
            let given = types::type_name(ctx.heap, other);
            Err(ctx.type_error(format!("expected string or bytes-like object, got '{given}'")))
        }
    }
}

/// A part of a template.
#[derive(Clone, Copy)]
enum Part<'a> {
    Text(&'a str),
    /// `$$`
    Escaped,
    /// A name, and all of what stands for it.
    Name(&'a str, &'a str),
    /// A `$` before anything else, and how many bytes are before what follows it.
    Invalid(usize),
}

/// The parts of a template, in order.
fn parts(template: &str) -> impl Iterator<Item = Part<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = template.get(at..).filter(|rest| !rest.is_empty())?;
        let Some(after) = rest.strip_prefix('$') else {
            let text = rest.split('$').next().unwrap_or(rest);
            at += text.len();
            return Some(Part::Text(text));
        };
        let part = part(after);
        at += match part {
            Part::Escaped => 2,
            Part::Name(_, all) => all.len() + 1,
            _ => 1,
        };
        Some(match part {
            Part::Invalid(_) => Part::Invalid(at),
            Part::Name(name, all) => Part::Name(name, &rest[..=all.len()]),
            part => part,
        })
    })
}

/// What a `$` before `after` begins.
fn part(after: &str) -> Part<'_> {
    if after.starts_with('$') {
        return Part::Escaped;
    }
    if let Some(inside) = after.strip_prefix('{') {
        return match name(inside) {
            Some(name) if inside[name.len()..].starts_with('}') => Part::Name(name, &after[..name.len() + 2]),
            _ => Part::Invalid(0),
        };
    }
    name(after).map_or(Part::Invalid(0), |name| Part::Name(name, name))
}

/// The name that a text begins with.
fn name(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    (end > 0 && !text.starts_with(|c: char| c.is_ascii_digit())).then(|| &text[..end])
}

fn is_valid(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let text = text(ctx, args[0])?;
    Ok(Value::bool(!parts(&text).any(|part| matches!(part, Part::Invalid(_)))).into())
}

fn identifiers(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let text = text(ctx, args[0])?;
    let mut names: Vec<&str> = Vec::new();
    for part in parts(&text) {
        if let Part::Name(name, _) = part {
            ctx.charge(1 + names.len() / 16)?;
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let names: Vec<String> = names.into_iter().map(str::to_string).collect();
    Ok(star::private::IntoStar::into_star(names, ctx)?.into())
}

fn substitute(ctx: &mut Ctx<'_>, args: Args<'_>, function: &str, safe: bool) -> NativeResult {
    if args.len() > 2 {
        let given = args.len();
        let message =
            format!("Template.{function}() takes from 1 to 2 positional arguments but {given} were given");
        return Err(ctx.type_error(message));
    }
    let text = text(ctx, args[0])?;
    let mut out = Builder::new(ctx);
    for part in parts(&text) {
        match part {
            Part::Text(text) => out.push(ctx, text)?,
            Part::Escaped => out.push(ctx, "$")?,
            Part::Invalid(_) if safe => out.push(ctx, "$")?,
            Part::Invalid(at) => return Err(invalid(ctx, &text, at)),
            Part::Name(name, all) => match value(ctx, args, name) {
                Ok(value) => {
                    ctx.heap.scratch.push(value);
                    let value = repr::str_of(ctx, value);
                    ctx.heap.scratch.pop();
                    out.push(ctx, &value?)?;
                }
                Err(Raise::Exception(at))
                    if safe && types::type_id(ctx.heap, Value::Exception(at)) == TypeId::KeyError =>
                {
                    out.push(ctx, all)?;
                }
                Err(raise) => return Err(raise),
            },
        }
    }
    Ok(out.finish(ctx)?.into())
}

/// The value of a name: a keyword's, else the mapping's.
fn value(ctx: &mut Ctx<'_>, args: Args<'_>, name: &str) -> Result<Value, Raise> {
    ctx.charge(1 + args.names.len() / 16)?;
    let place = args.names.iter().position(|&known| ctx.heap.as_str(known) == Some(name));
    if let Some(place) = place {
        return Ok(args.keywords[place]);
    }
    let key = ctx.heap.str(name);
    match args.get(1) {
        None => Err(ctx.error_with(TypeId::KeyError, &[key])),
        Some(mapping) => {
            ctx.heap.scratch.push(key);
            let value = index::get_item(ctx, mapping, key);
            ctx.heap.scratch.pop();
            value
        }
    }
}

/// `Invalid placeholder in string: line 1, col 5`; `at` is the byte after the `$`.
#[cold]
fn invalid(ctx: &mut Ctx<'_>, template: &str, at: usize) -> Raise {
    let lines: Vec<&str> = split::split_lines(&template[..at], true).collect();
    let column = lines.last().map_or(0, |line| line.chars().count());
    let line = lines.len().max(1);
    ctx.value_error(format!("Invalid placeholder in string: line {line}, col {column}"))
}
