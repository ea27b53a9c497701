//! `template % values`, for str and bytes.
//!
//! In: a template and its right operand: a tuple of values, one value, or a mapping. Out: the text. Rule: errors come
//! in CPython's order, so a conversion is checked, looked up and formatted before the next is read.

use super::format::{charge_digits, format_to};
use super::plain::{Builder, int_ref, push_int, raise, sized};
use super::{hooks, index, repr, types};
use crate::heap::{Ctx, Heap, Raise, SMALL};
use crate::object::Str;
use crate::text::TextError;
use crate::text::float::{float_to_int, int_to_float};
use crate::text::int::{Int, IntRef};
use crate::text::percent::{
    Code, Conversion, Count, Flavor, Key, Piece, Pieces, not_all_converted, not_enough_arguments,
    requires_mapping, star_wants_int,
};
use crate::text::percent_field::Field;
use crate::value::{Ref, Value};

/// `template % args`; both are rooted.
pub fn percent(ctx: &mut Ctx<'_>, template: Value, args: Value) -> Result<Value, Raise> {
    let root = ctx.heap.scratch.len();
    let result = match template {
        Value::Bytes(at) => {
            let template = ctx.heap[at].share();
            percent_bytes(ctx, &template, args)
        }
        Value::Str(at) => {
            if let Some(text) = common(ctx, ctx.heap[at].as_str().len(), at, args)? {
                return Ok(text);
            }
            let template = ctx.heap[at].share();
            percent_str(ctx, &template, args)
        }
        _ => Err(ctx.type_error("a str or bytes template is required")),
    };
    ctx.heap.scratch.truncate(root);
    result
}

/// A short template of `%s` for strs and ints and `%d` for ints, written in one go (a quarter of the steps). `None`
/// leaves it to the general way, which has the errors too.
fn common(ctx: &mut Ctx<'_>, len: usize, template: Ref<Str>, args: Value) -> Result<Option<Value>, Raise> {
    if len > COMMON {
        return Ok(None);
    }
    let mut out = std::mem::take(&mut ctx.heap.buffer);
    let written = write_common(ctx.heap, ctx.heap[template].as_str(), &args, &mut out);
    let result = match written {
        true => ctx.charge((len + out.len()) / 16).map(|()| Some(ctx.heap.str(&out))),
        false => Ok(None),
    };
    ctx.heap.give_buffer(out);
    result
}

/// The longest template and the longest text that [`common`] deals with.
const COMMON: usize = SMALL / 4;

/// Whether `template` and `args` are what [`common`] deals with; then the text is in `out`.
fn write_common(heap: &Heap, template: &str, args: &Value, out: &mut String) -> bool {
    let mut values = match args {
        Value::Tuple(at) => heap[*at].items().iter(),
        Value::Str(_) | Value::Int(_) => std::slice::from_ref(args).iter(),
        _ => return false,
    };
    let bytes = template.as_bytes();
    let mut from = 0;
    while let Some(literal) = bytes[from..].iter().position(|&byte| byte == b'%') {
        let at = from + literal;
        out.push_str(&template[from..at]);
        match bytes.get(at + 1) {
            Some(b'%') => out.push('%'),
            Some(code @ (b's' | b'd')) => match values.next() {
                Some(&Value::Int(small)) => push_int(out, small),
                Some(&Value::Str(text)) if *code == b's' => match heap[text].as_str() {
                    long if long.len() > COMMON => return false,
                    text => out.push_str(text),
                },
                _ => return false,
            },
            _ => return false,
        }
        if out.len() > COMMON {
            return false;
        }
        from = at + 2;
    }
    out.push_str(&template[from..]);
    values.next().is_none()
}

fn percent_str(ctx: &mut Ctx<'_>, template: &str, args: Value) -> Result<Value, Raise> {
    ctx.charge(template.len() / 16)?;
    let mut values = Values::new(ctx.heap, args, Flavor::Str);
    let mut out = Builder::new(ctx);
    for piece in Pieces::of_str(template) {
        let conversion = match piece {
            Piece::Literal(range) => {
                out.push(ctx, &template[range])?;
                continue;
            }
            Piece::Conversion(conversion) => conversion,
        };
        let (field, value) = values.conversion(ctx, template.as_bytes(), &conversion)?;
        if is_plain(&conversion) && plain(ctx, &mut out, &conversion.code, value)? {
            continue;
        }
        let text = format_str(ctx, &field, &conversion.code, value)?;
        out.push(ctx, &text)?;
    }
    values.finish(ctx)?;
    out.finish(ctx)
}

/// No flags, width or precision.
fn is_plain(conversion: &Conversion) -> bool {
    conversion.flags == Default::default()
        && (conversion.width, conversion.precision) == (Count::None, Count::None)
}

/// `%s` of anything and `%d` of an int, written in place. False if it is neither.
fn plain(ctx: &mut Ctx<'_>, out: &mut Builder, code: &Code, value: Value) -> Result<bool, Raise> {
    match (code, value) {
        (Code::Str, _) => format_to(ctx, out, value, "").map(|()| true),
        (Code::Decimal(_), Value::Int(small)) => {
            out.room(ctx, 20)?;
            push_int(&mut out.text, small);
            Ok(true)
        }
        _ => Ok(false),
    }
}

fn format_str(ctx: &mut Ctx<'_>, field: &Field, code: &Code, value: Value) -> Result<String, Raise> {
    let text = match code {
        Code::Str => repr::str_of(ctx, value)?,
        Code::Repr => repr::repr(ctx, value)?,
        Code::Ascii => repr::ascii(ctx, value)?,
        Code::Char => {
            let c = match (value, int_ref(ctx.heap, value)) {
                (Value::Str(at), _) => single(ctx.heap[at].as_str()),
                (_, Some(int)) => match field.char_of(int) {
                    Ok(c) => Some(c),
                    Err(error) => return Err(raise(ctx, error)),
                },
                _ => None,
            };
            return match c {
                Some(c) => sized(ctx, |_, max| field.format_char(c, max)),
                None => Err(wrong_type(ctx, field, value, Flavor::Str)),
            };
        }
        _ => return format_number(ctx, field, code, value, Flavor::Str),
    };
    ctx.charge(text.len() / 16)?;
    sized(ctx, |_, max| field.format_text(&text, max))
}

/// The only character of `text`.
fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

fn format_number(
    ctx: &mut Ctx<'_>,
    field: &Field,
    code: &Code,
    value: Value,
    flavor: Flavor,
) -> Result<String, Raise> {
    if let Code::Float(_) = code {
        let float = match (value, int_ref(ctx.heap, value)) {
            (Value::Float(bits), _) => Ok(f64::from_bits(bits)),
            (_, Some(int)) => int_to_float(int),
            _ => return Err(wrong_type(ctx, field, value, flavor)),
        };
        return match float {
            Ok(float) => sized(ctx, |_, max| field.format_float(float, max)),
            Err(_) if flavor == Flavor::Bytes => Err(wrong_type(ctx, field, value, flavor)),
            Err(error) => Err(raise(ctx, error)),
        };
    }
    if let (Value::Float(bits), Code::Decimal(_)) = (value, code) {
        return match float_to_int(f64::from_bits(bits)) {
            Ok(Int::Small(small)) => sized(ctx, |_, max| field.format_int(IntRef::Small(small), max)),
            Ok(Int::Big(big)) => sized(ctx, |_, max| field.format_int(IntRef::Big(&big), max)),
            Err(error) => Err(raise(ctx, error)),
        };
    }
    if int_ref(ctx.heap, value).is_none() {
        return Err(wrong_type(ctx, field, value, flavor));
    }
    charge_digits(ctx, value)?;
    sized(ctx, |heap, max| match int_ref(heap, value) {
        Some(int) => field.format_int(int, max),
        None => Ok(String::new()),
    })
}

#[cold]
fn wrong_type(ctx: &mut Ctx<'_>, field: &Field, value: Value, flavor: Flavor) -> Raise {
    let given = types::type_name(ctx.heap, value);
    let error = field.wrong_type(&given, flavor);
    raise(ctx, error)
}

fn percent_bytes(ctx: &mut Ctx<'_>, template: &[u8], args: Value) -> Result<Value, Raise> {
    ctx.charge(template.len() / 16)?;
    let mut values = Values::new(ctx.heap, args, Flavor::Bytes);
    let mut out: Vec<u8> = Vec::new();
    for piece in Pieces::of_bytes(template) {
        let conversion = match piece {
            Piece::Literal(range) => {
                ctx.reserve_large((out.len() + range.len()).saturating_mul(2))?;
                out.extend_from_slice(&template[range]);
                continue;
            }
            Piece::Conversion(conversion) => conversion,
        };
        let (field, value) = values.conversion(ctx, template, &conversion)?;
        let part = format_bytes(ctx, &field, &conversion.code, value)?;
        ctx.charge(part.len() / 16)?;
        ctx.reserve_large((out.len() + part.len()).saturating_mul(2))?;
        out.extend_from_slice(&part);
    }
    values.finish(ctx)?;
    ctx.reserve_large(out.len())?;
    Ok(ctx.heap.new_bytes(&out))
}

fn format_bytes(ctx: &mut Ctx<'_>, field: &Field, code: &Code, value: Value) -> Result<Vec<u8>, Raise> {
    match (code, value) {
        (Code::Str, Value::Bytes(at)) => sized(ctx, |heap, max| field.format_bytes(heap[at].as_slice(), max)),
        (Code::Repr | Code::Ascii, _) => {
            let text = repr::ascii(ctx, value)?;
            sized(ctx, |_, max| field.format_bytes(text.as_bytes(), max))
        }
        (Code::Char, _) => {
            let byte = match (value, int_ref(ctx.heap, value)) {
                (Value::Bytes(at), _) => match *ctx.heap[at].as_slice() {
                    [byte] => Some(byte),
                    _ => None,
                },
                (_, Some(int)) => match field.byte_of(int) {
                    Ok(byte) => Some(byte),
                    Err(error) => return Err(raise(ctx, error)),
                },
                _ => None,
            };
            match byte {
                Some(byte) => sized(ctx, |_, max| field.format_bytes(&[byte], max)),
                None => Err(wrong_type(ctx, field, value, Flavor::Bytes)),
            }
        }
        (Code::Str, _) => Err(wrong_type(ctx, field, value, Flavor::Bytes)),
        _ => Ok(format_number(ctx, field, code, value, Flavor::Bytes)?.into_bytes()),
    }
}

/// The right operand, and how far it is used up.
struct Values {
    flavor: Flavor,
    /// The operand, if it can be looked into by key.
    mapping: Option<Value>,
    /// Where values come from: the items of a tuple, or one value.
    source: Value,
    single: bool,
    next: usize,
}

impl Values {
    fn new(heap: &Heap, args: Value, flavor: Flavor) -> Values {
        // A list counts as a mapping in CPython, because it can be subscripted.
        let mapping = match (args, flavor) {
            (Value::Dict(_) | Value::List(_) | Value::Range(_), _) => Some(args),
            (Value::Bytes(_), Flavor::Str) => Some(args),
            (Value::Host(_), _) if hooks::find(heap, args, |hooks| hooks.item).is_some() => Some(args),
            _ => None,
        };
        Values { flavor, mapping, source: args, single: !matches!(args, Value::Tuple(_)), next: 0 }
    }

    fn next(&mut self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        let value = match (self.single, self.source) {
            (false, Value::Tuple(at)) => ctx.heap[at].items().get(self.next).copied(),
            (_, value) => Some(value).filter(|_| self.next == 0),
        };
        self.next += 1;
        value.ok_or_else(|| raise(ctx, not_enough_arguments()))
    }

    /// Everything a conversion needs: its field, with what `*` stood for, and its value.
    fn conversion(
        &mut self,
        ctx: &mut Ctx<'_>,
        template: &[u8],
        conversion: &Conversion,
    ) -> Result<(Field, Value), Raise> {
        match &conversion.key {
            Key::None => {}
            Key::Unclosed if self.mapping.is_some() => {}
            Key::Unclosed => return Err(raise(ctx, requires_mapping())),
            Key::Name(range) => {
                let Some(mapping) = self.mapping else { return Err(raise(ctx, requires_mapping())) };
                let key = &template[range.clone()];
                let key = match self.flavor {
                    Flavor::Str => ctx.heap.str(&String::from_utf8_lossy(key)),
                    Flavor::Bytes => ctx.heap.new_bytes(key),
                };
                let value = index::get_item(ctx, mapping, key)?;
                ctx.heap.scratch.push(value);
                (self.source, self.single, self.next) = (value, true, 0);
            }
        }
        let mut field = Field::new(conversion);
        if conversion.width == Count::Argument {
            let width = self.next(ctx)?;
            set_count(ctx, width, |int| field.set_width(int))?;
        }
        if conversion.precision == Count::Argument {
            let precision = self.next(ctx)?;
            set_count(ctx, precision, |int| field.set_precision(int))?;
        }
        if let Code::Invalid(error) = &conversion.code {
            return Err(raise(ctx, error.clone()));
        }
        let value = self.next(ctx)?;
        if let Code::Unsupported(error) = &conversion.code {
            return Err(raise(ctx, error.clone()));
        }
        Ok((field, value))
    }

    /// At the end every value must have been used, unless they came by key.
    fn finish(&self, ctx: &mut Ctx<'_>) -> Result<(), Raise> {
        let left = match (self.single, self.source) {
            (false, Value::Tuple(at)) => self.next < ctx.heap[at].items().len(),
            _ => self.next == 0,
        };
        if left && self.mapping.is_none() {
            return Err(raise(ctx, not_all_converted(self.flavor)));
        }
        Ok(())
    }
}

fn set_count(
    ctx: &mut Ctx<'_>,
    value: Value,
    set: impl FnOnce(IntRef<'_>) -> Result<(), TextError>,
) -> Result<(), Raise> {
    let set = match int_ref(ctx.heap, value) {
        Some(int) => set(int),
        None => Err(star_wants_int()),
    };
    set.map_err(|error| raise(ctx, error))
}
