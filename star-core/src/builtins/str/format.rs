//! `str.format` and `str.format_map`.
//!
//! In: a template, arguments or a mapping. Out: the text. Rule: a field reaches items and attributes but nothing in
//! double underscores except `__name__` and `__doc__`; the pieces and their errors come in CPython's order.

use crate::builtins::textual::whole_receiver;
use crate::heap::{Args, Ctx, Heap, NativeResult, Raise, SMALL};
use crate::object::Text;
use crate::object::types::TypeId;
use crate::ops::format::format_to;
use crate::ops::plain::{Builder, push_int, raise};
use crate::ops::{attribute, index, repr};
use crate::text::TextError;
use crate::text::brace::{
    Conversion, Field, First, Numbering, Piece, Pieces, Step, index_out_of_range, positional_in_format_map,
    too_deep,
};
use crate::value::Value;

/// `template.format(*args, **kwargs)`
pub(super) fn format(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    if let Some(text) = common(ctx, args)? {
        return Ok(text.into());
    }
    let template = whole_receiver::<str>(ctx, args)?;
    let values = Values::Given(Args { positional: &args.positional[1..], ..args });
    fill(ctx, &template, values)
}

/// A short template whose fields are all `{}`, for strs and ints, written in one go. `None` leaves it to the general
/// way, which has the errors too.
fn common(ctx: &mut Ctx<'_>, args: Args<'_>) -> Result<Option<Value>, Raise> {
    let [Value::Str(template), values @ ..] = args.positional else { return Ok(None) };
    let len = ctx.heap[*template].as_str().len();
    if len > COMMON || !args.names.is_empty() {
        return Ok(None);
    }
    let mut out = std::mem::take(&mut ctx.heap.buffer);
    let written = write_common(ctx.heap, ctx.heap[*template].as_str(), values, &mut out);
    let result = match written {
        true => ctx.charge((len + out.len()) / 16).map(|()| Some(ctx.heap.str(&out))),
        false => Ok(None),
    };
    ctx.heap.give_buffer(out);
    result
}

/// The longest template and the longest text that [`common`] deals with.
const COMMON: usize = SMALL / 4;

/// Whether `template` and `values` are what [`common`] deals with; then the text is in `out`.
fn write_common(heap: &Heap, template: &str, values: &[Value], out: &mut String) -> bool {
    let bytes = template.as_bytes();
    let mut values = values.iter();
    let mut from = 0;
    while let Some(literal) = bytes[from..].iter().position(|&byte| byte == b'{' || byte == b'}') {
        let at = from + literal;
        out.push_str(&template[from..at]);
        if !bytes[at..].starts_with(b"{}") {
            return false;
        }
        match values.next() {
            Some(&Value::Int(small)) => push_int(out, small),
            Some(&Value::Str(text)) => match heap[text].as_str() {
                long if long.len() > COMMON => return false,
                text => out.push_str(text),
            },
            _ => return false,
        }
        if out.len() > COMMON {
            return false;
        }
        from = at + 2;
    }
    out.push_str(&template[from..]);
    true
}

/// `template.format_map(mapping)`
pub(super) fn format_map(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let template = whole_receiver::<str>(ctx, args)?;
    fill(ctx, &template, Values::Mapping(args[1]))
}

/// Where fields get their values; all of it is rooted.
#[derive(Clone, Copy)]
enum Values<'a> {
    Given(Args<'a>),
    Mapping(Value),
}

fn fill(ctx: &mut Ctx<'_>, template: &str, values: Values<'_>) -> NativeResult {
    let root = ctx.heap.scratch.len();
    let mut filler = Filler { values, numbering: Numbering::default() };
    let mut out = Builder::new(ctx);
    let result = filler.fill(ctx, &mut out, template);
    ctx.heap.scratch.truncate(root);
    result?;
    Ok(out.finish(ctx)?.into())
}

struct Filler<'a> {
    values: Values<'a>,
    numbering: Numbering,
}

impl Filler<'_> {
    fn fill(&mut self, ctx: &mut Ctx<'_>, out: &mut Builder, template: &str) -> Result<(), Raise> {
        for piece in Pieces::new(template) {
            match ok(ctx, piece)? {
                Piece::Literal(text) => out.push(ctx, text)?,
                Piece::Field(field) => {
                    let root = ctx.heap.scratch.len();
                    let value = self.value(ctx, &field)?;
                    if !field.spec_has_fields {
                        format_to(ctx, out, value, field.spec)?;
                    } else {
                        let spec = self.spec(ctx, field.spec)?;
                        format_to(ctx, out, value, &spec)?;
                    }
                    ctx.heap.scratch.truncate(root);
                }
            }
        }
        Ok(())
    }

    /// A spec that is a template itself; the specs of its fields may not be.
    fn spec(&mut self, ctx: &mut Ctx<'_>, template: &str) -> Result<String, Raise> {
        let mut out = Builder::default();
        for piece in Pieces::new(template) {
            match ok(ctx, piece)? {
                Piece::Literal(text) => out.push(ctx, text)?,
                Piece::Field(field) => {
                    let value = self.value(ctx, &field)?;
                    if field.spec_has_fields {
                        return Err(raise(ctx, too_deep()));
                    }
                    format_to(ctx, &mut out, value, field.spec)?;
                }
            }
        }
        Ok(out.text)
    }

    /// The converted value of a field, rooted in the scratch.
    fn value(&mut self, ctx: &mut Ctx<'_>, field: &Field<'_>) -> Result<Value, Raise> {
        let (first, path) = ok(ctx, self.numbering.first(field.name))?;
        let mut value = self.first(ctx, first)?;
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
        let text: Text = match ok(ctx, field.conversion())? {
            Conversion::None => return Ok(value),
            Conversion::Str => repr::str_of(ctx, value)?,
            Conversion::Repr => repr::repr(ctx, value)?,
            Conversion::Ascii => repr::ascii(ctx, value)?,
        };
        ctx.reserve_large(text.len())?;
        let text = ctx.heap.str_shared(text);
        ctx.heap.scratch.push(text);
        Ok(text)
    }

    /// The value that the first part of a field's name means.
    fn first(&mut self, ctx: &mut Ctx<'_>, first: First<'_>) -> Result<Value, Raise> {
        match (self.values, first) {
            (Values::Given(args), First::Index(index)) => match args.positional.get(index) {
                Some(&value) => Ok(value),
                None => Err(raise(ctx, index_out_of_range(index))),
            },
            (Values::Given(args), First::Name(name)) => {
                let place = args.names.iter().position(|&known| ctx.heap.as_str(known) == Some(name));
                ctx.charge(args.names.len() / 16)?;
                match place {
                    Some(place) => Ok(args.keywords[place]),
                    None => {
                        let name = ctx.heap.str(name);
                        Err(ctx.error_with(TypeId::KeyError, &[name]))
                    }
                }
            }
            (Values::Mapping(_), First::Index(_)) => Err(raise(ctx, positional_in_format_map())),
            (Values::Mapping(mapping), First::Name(name)) => {
                let name = ctx.heap.str(name);
                ctx.heap.scratch.push(name);
                index::get_item(ctx, mapping, name)
            }
        }
    }
}

fn ok<T>(ctx: &mut Ctx<'_>, result: Result<T, TextError>) -> Result<T, Raise> {
    result.map_err(|error| raise(ctx, error))
}
