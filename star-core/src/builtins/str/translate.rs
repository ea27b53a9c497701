//! `str.maketrans` and `str.translate`.
//!
//! In: tables from code points to code points, strs or None. Out: such a table; a translated str.

use crate::builtins::textual::whole_receiver;
use crate::heap::{Args, Ctx, NativeResult, Raise};
use crate::object::Dict;
use crate::object::Text;
use crate::object::types::TypeId;
use crate::ops::plain::{Builder, int_ref, str_arg};
use crate::ops::{index, table, types};
use crate::value::{Ref, Value};

/// `str.maketrans(dict)`, `str.maketrans(from, to[, deleted])`
pub(super) fn maketrans(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let made = ctx.heap.dict();
    ctx.heap.scratch.push(Value::Dict(made));
    let result = match args.get(2) {
        None => from_dict(ctx, made, args[1]),
        Some(to) => from_texts(ctx, made, args, to),
    };
    ctx.heap.scratch.pop();
    result.map(|()| Value::Dict(made).into())
}

fn from_dict(ctx: &mut Ctx<'_>, made: Ref<Dict>, source: Value) -> Result<(), Raise> {
    let Value::Dict(source) = source else {
        return Err(ctx.type_error("if you give only one argument to maketrans it must be a dict"));
    };
    let entries = ctx.heap[source].table().raw_entries().len();
    ctx.charge(entries)?;
    for i in 0..entries {
        let entry = ctx.heap[source].table().raw_entries()[i];
        let key = match entry.key {
            Value::Undef => continue,
            Value::Int(_) | Value::Bool(_) | Value::BigInt(_) => entry.key,
            Value::Str(at) => {
                let mut chars = ctx.heap[at].as_str().chars();
                match (chars.next(), chars.next()) {
                    (Some(c), None) => Value::Int(c as i64),
                    _ => return Err(ctx.value_error("string keys in translate table must be of length 1")),
                }
            }
            _ => return Err(ctx.type_error("keys in translate table must be strings or integers")),
        };
        table::dict_set(ctx, made, key, entry.value)?;
    }
    Ok(())
}

fn from_texts(ctx: &mut Ctx<'_>, made: Ref<Dict>, args: Args<'_>, to: Value) -> Result<(), Raise> {
    let to = str_arg(ctx, to, "maketrans() argument 2")?;
    let deleted: Option<Text> = match args.get(3) {
        Some(deleted) => Some(str_arg(ctx, deleted, "maketrans() argument 3")?),
        None => None,
    };
    let Value::Str(from) = args[1] else {
        let message = "first maketrans argument must be a string if there is a second argument";
        return Err(ctx.type_error(message));
    };
    let from = ctx.heap[from].share();
    ctx.charge(from.len() + to.len() + deleted.as_ref().map_or(0, |deleted| deleted.len()))?;
    if from.chars().count() != to.chars().count() {
        return Err(ctx.value_error("the first two maketrans arguments must have equal length"));
    }
    for (from, to) in from.chars().zip(to.chars()) {
        table::dict_set(ctx, made, Value::Int(from as i64), Value::Int(to as i64))?;
    }
    for c in deleted.iter().flat_map(|deleted| deleted.chars()) {
        table::dict_set(ctx, made, Value::Int(c as i64), Value::None)?;
    }
    Ok(())
}

/// What a table makes of a character.
#[derive(Clone)]
enum Mapped {
    /// Itself.
    Same,
    /// Another character.
    Char(char),
    /// A text, which may be empty.
    Text(Text),
}

/// `text.translate(table)`
pub(super) fn translate(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let text = whole_receiver::<str>(ctx, args)?;
    // A table is asked once for each ASCII character: it cannot change meanwhile.
    let mut known: [Option<Mapped>; 128] = [const { None }; 128];
    let mut out = Builder::new(ctx);
    for c in text.chars() {
        let place = known.get_mut(c as usize);
        let mapped = match place {
            Some(Some(mapped)) => mapped.clone(),
            place => {
                ctx.charge(1)?;
                let mapped = look_up(ctx, args[1], c)?;
                if let Some(place) = place {
                    *place = Some(mapped.clone());
                }
                mapped
            }
        };
        match mapped {
            Mapped::Same => out.push_char(ctx, c)?,
            Mapped::Char(c) => out.push_char(ctx, c)?,
            Mapped::Text(text) => out.push(ctx, &text)?,
        }
    }
    Ok(out.finish(ctx)?.into())
}

fn look_up(ctx: &mut Ctx<'_>, table: Value, c: char) -> Result<Mapped, Raise> {
    let key = Value::Int(c as i64);
    let found = match table {
        Value::Dict(at) => table::dict_get(ctx, at, key)?,
        _ => match index::get_item(ctx, table, key) {
            Ok(found) => Some(found),
            Err(Raise::Exception(at)) if is_lookup_error(ctx, Value::Exception(at)) => None,
            Err(raise) => return Err(raise),
        },
    };
    match found {
        None => Ok(Mapped::Same),
        Some(Value::None) => Ok(Mapped::Text(Text::from(""))),
        Some(Value::Str(at)) => Ok(Mapped::Text(ctx.heap[at].share())),
        Some(value) => match int_ref(ctx.heap, value) {
            Some(code) => {
                let code = code.to_i64().and_then(|code| u32::try_from(code).ok());
                match code.and_then(char::from_u32) {
                    Some(c) => Ok(Mapped::Char(c)),
                    None => Err(ctx.value_error("character mapping must be in range(0x110000)")),
                }
            }
            None => Err(ctx.type_error("character mapping must return integer, None or str")),
        },
    }
}

fn is_lookup_error(ctx: &Ctx<'_>, exception: Value) -> bool {
    types::type_id(ctx.heap, exception).is_subtype(TypeId::LookupError)
}
