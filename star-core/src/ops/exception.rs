//! What exceptions know beside their arguments: attributes and their text.
//!
//! In: an exception of the heap. Out: attributes and the parts of `str(e)`. Rule: an attribute that CPython fills
//! from the arguments is computed from `args` until something assigns it; what is assigned lies in `fields`.

use std::error::Error;

use super::{iterate, table};
pub use crate::heap::Piece;
use crate::heap::{Ctx, Heap, Raise};
use crate::object::Exception;
use crate::object::types::TypeId;
use crate::value::{Ref, Value};

/// Where the notes of `add_note` lie among the fields. No script can name it.
pub const NOTES: &str = "__notes__";
/// Where a NameError keeps the name of the local variable that was probably meant.
pub const NEAR: &str = "__near__";

/// The built-in exception type that `class`, an exception type, is or derives from.
pub fn builtin_base(heap: &Heap, class: Value) -> TypeId {
    let mut at = class;
    loop {
        let Value::Type(number) = at else { return TypeId::Exception };
        match (TypeId::from_number(number), heap.as_user_type(number)) {
            (Some(builtin), _) => return builtin,
            (None, Some(user)) => at = heap[user].base,
            (None, None) => return TypeId::Exception,
        }
    }
}

/// A new exception of `class`, without any check.
pub fn new(heap: &mut Heap, class: Value, args: &[Value]) -> Ref<Exception> {
    let args = heap.tuple(args);
    heap.insert(Exception { class, args, ..Exception::default() })
}

/// The arguments of an exception.
pub fn args(heap: &Heap, at: Ref<Exception>) -> &[Value] {
    heap.as_items(heap[at].args).unwrap_or_default()
}

/// A field that was assigned.
pub fn field(heap: &Heap, at: Ref<Exception>, name: &str) -> Option<Value> {
    let Value::Dict(fields) = heap[at].fields else { return None };
    let mut entries = heap[fields].table().entries();
    entries.find(|entry| heap.as_str(entry.key) == Some(name)).map(|entry| entry.value)
}

/// Assigns a field.
pub fn set_field(ctx: &mut Ctx<'_>, at: Ref<Exception>, name: &str, value: Value) -> Result<(), Raise> {
    let fields = match ctx.heap[at].fields {
        Value::Dict(fields) => fields,
        _ => {
            let fields = ctx.heap.dict();
            ctx.heap.get_mut(at).fields = Value::Dict(fields);
            fields
        }
    };
    table::dict_set_str(ctx, fields, name, value)
}

/// The notes added to an exception, in order.
pub fn notes(heap: &Heap, at: Ref<Exception>) -> &[Value] {
    field(heap, at, NOTES).and_then(|notes| heap.as_items(notes)).unwrap_or_default()
}

/// How an attribute is computed while nothing has been assigned to it.
#[derive(Clone, Copy)]
enum Source {
    /// Argument number `.0`, if there is such, else None.
    Arg(usize),
    /// Argument number `.0` if there are 2 to 5 of them, else None.
    OsArg(usize),
    /// The one argument, if it is the only one.
    OnlyArg,
    /// None without arguments, the only one, or all as a tuple.
    Code,
    /// Item `.0` of the second argument, a tuple.
    Detail(usize),
    /// None.
    Field,
}

/// The attributes of a type of exception, itself and its bases.
fn sources(class: TypeId) -> &'static [(&'static str, Source)] {
    use Source::*;
    const UNICODE: &[(&str, Source)] =
        &[("encoding", Arg(0)), ("object", Arg(1)), ("start", Arg(2)), ("end", Arg(3)), ("reason", Arg(4))];
    let base = |base| class.is_subtype(base);
    match class {
        TypeId::StopIteration => &[("value", Arg(0))],
        TypeId::SystemExit => &[("code", Code)],
        TypeId::AttributeError => &[("name", Field), ("obj", Field)],
        TypeId::UnicodeDecodeError | TypeId::UnicodeEncodeError => UNICODE,
        TypeId::UnicodeTranslateError => {
            &[("encoding", Field), ("object", Arg(0)), ("start", Arg(1)), ("end", Arg(2)), ("reason", Arg(3))]
        }
        _ if base(TypeId::NameError) => &[("name", Field)],
        _ if base(TypeId::ImportError) => {
            &[("msg", OnlyArg), ("name", Field), ("path", Field), ("name_from", Field)]
        }
        _ if base(TypeId::OSError) => {
            &[("errno", OsArg(0)), ("strerror", OsArg(1)), ("filename", Field), ("filename2", Field)]
        }
        _ if base(TypeId::SyntaxError) => &[
            ("msg", Arg(0)),
            ("filename", Detail(0)),
            ("lineno", Detail(1)),
            ("offset", Detail(2)),
            ("text", Detail(3)),
            ("end_lineno", Detail(4)),
            ("end_offset", Detail(5)),
            ("print_file_and_line", Field),
        ],
        _ => &[],
    }
}

/// Names of the attributes that exceptions of `class` have from the start.
pub fn attribute_names(class: TypeId) -> impl Iterator<Item = &'static str> {
    std::iter::once("args").chain(sources(class).iter().map(|&(name, _)| name))
}

fn source(heap: &Heap, at: Ref<Exception>, name: &str) -> Option<Source> {
    let class = builtin_base(heap, heap[at].class);
    sources(class).iter().find(|(known, _)| *known == name).map(|&(_, source)| source)
}

fn compute(heap: &Heap, at: Ref<Exception>, source: Source) -> Value {
    let args = args(heap, at);
    let value = match source {
        Source::Arg(index) => args.get(index).copied(),
        Source::OsArg(index) if matches!(args.len(), 2..=5) => args.get(index).copied(),
        Source::OnlyArg if args.len() == 1 => Some(args[0]),
        Source::Code if args.len() > 1 => Some(heap[at].args),
        Source::Code => args.first().copied(),
        Source::Detail(index) if args.len() == 2 => {
            heap.as_items(args[1]).and_then(|details| details.get(index)).copied()
        }
        Source::OsArg(_) | Source::OnlyArg | Source::Detail(_) | Source::Field => None,
    };
    value.unwrap_or(Value::None)
}

/// Attribute `name` of an exception, methods left out.
pub fn get(heap: &Heap, at: Ref<Exception>, name: &str) -> Option<Value> {
    match name {
        "args" => Some(heap[at].args),
        _ if name.starts_with("__") => None,
        _ => field(heap, at, name).or_else(|| source(heap, at, name).map(|source| compute(heap, at, source))),
    }
}

/// What an exception has as an error value: `kind`, `message` and `cause`.
pub fn as_error(ctx: &mut Ctx<'_>, at: Ref<Exception>, name: &str) -> Result<Option<Value>, Raise> {
    Ok(Some(match name {
        "kind" => {
            let own = ctx.heap[at].source.as_ref().and_then(|source| kind_of(&**source));
            let name =
                own.unwrap_or_else(|| super::types::type_name(ctx.heap, Value::Exception(at)).to_string());
            ctx.heap.str(&name)
        }
        "message" => {
            let text = super::repr::str_of(ctx, Value::Exception(at))?;
            ctx.reserve_large(text.len())?;
            ctx.heap.str_shared(text)
        }
        "cause" => match (ctx.heap[at].cause, ctx.heap[at].source.clone()) {
            (cause @ Value::Exception(_), _) => cause,
            // Further causes are only known by their text.
            (_, Some(source)) => match source.source().map(ToString::to_string) {
                Some(message) => {
                    let message = ctx.heap.str(&message);
                    Value::Exception(new(ctx.heap, TypeId::Exception.value(), &[message]))
                }
                None => Value::None,
            },
            _ => Value::None,
        },
        _ => return Ok(None),
    }))
}

/// What kind of error a Rust error says it is: the variant of an enum, the name of a struct.
fn kind_of(error: &(dyn Error + Send + Sync + 'static)) -> Option<String> {
    if let Some(error) = error.downcast_ref::<std::io::Error>() {
        return Some(format!("{:?}", error.kind()));
    }
    // What is derived begins with the variant's name, and nothing else but its fields follows.
    let text = format!("{error:?}");
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let derived = rest.is_empty() || rest.starts_with('(') || rest.starts_with(" {");
    (derived && name.starts_with(|c: char| c.is_ascii_uppercase())).then(|| name.to_string())
}

/// `e.name = value`.
pub fn set(ctx: &mut Ctx<'_>, at: Ref<Exception>, name: &str, value: Value) -> Result<(), Raise> {
    if name == "args" { set_args(ctx, at, value) } else { set_field(ctx, at, name, value) }
}

/// `del e.name`; false if there is no such attribute.
pub fn delete(ctx: &mut Ctx<'_>, at: Ref<Exception>, name: Value) -> Result<bool, Raise> {
    let Some(text) = ctx.heap.as_str(name) else { return Ok(false) };
    if text == "args" {
        return Err(ctx.type_error("args may not be deleted"));
    }
    if let Some(source) = source(ctx.heap, at, text)
        && !matches!(source, Source::Field)
    {
        let text: Box<str> = text.into();
        set_field(ctx, at, &text, Value::None)?;
        return Ok(true);
    }
    let known = source(ctx.heap, at, text).is_some();
    let Value::Dict(fields) = ctx.heap[at].fields else { return Ok(known) };
    Ok(table::dict_remove(ctx, fields, name)?.is_some() || known)
}

/// `e.args = value`: any iterable that needs no script to run. What was computed from the old ones stays.
fn set_args(ctx: &mut Ctx<'_>, at: Ref<Exception>, value: Value) -> Result<(), Raise> {
    let tuple = match value {
        Value::Tuple(_) => value,
        _ => {
            let items = collect(ctx, value)?;
            ctx.heap.tuple(&items)
        }
    };
    let class = builtin_base(ctx.heap, ctx.heap[at].class);
    for &(name, source) in sources(class) {
        if !matches!(source, Source::Field) && field(ctx.heap, at, name).is_none() {
            let value = compute(ctx.heap, at, source);
            set_field(ctx, at, name, value)?;
        }
    }
    ctx.heap.get_mut(at).args = tuple;
    Ok(())
}

fn collect(ctx: &mut Ctx<'_>, iterable: Value) -> Result<Vec<Value>, Raise> {
    let iter = iterate::iter(ctx, iterable)?;
    let root = ctx.heap.scratch.len();
    ctx.heap.scratch.push(iter);
    let result = loop {
        if let Err(raise) = ctx.charge(1).and_then(|()| ctx.reserve(size_of::<Value>() * 2)) {
            break Err(raise);
        }
        match iterate::next(ctx, iter) {
            Ok(iterate::Step::Item(item)) => ctx.heap.scratch.push(item),
            Ok(iterate::Step::Done) => break Ok(ctx.heap.scratch[root + 1..].to_vec()),
            Ok(iterate::Step::Request(_)) => {
                break Err(ctx.type_error("args must be a tuple, a list or another built-in iterable"));
            }
            Err(raise) => break Err(raise),
        }
    };
    ctx.heap.scratch.truncate(root);
    result
}

/// What `str(e)` is made of. The caller writes the parts, which may nest without end.
pub fn pieces(heap: &Heap, at: Ref<Exception>) -> Vec<Piece> {
    let class = builtin_base(heap, heap[at].class);
    let special = match class {
        TypeId::KeyError => only_arg(heap, at).map(|arg| vec![Piece::Repr(arg)]),
        TypeId::UnicodeDecodeError | TypeId::UnicodeEncodeError | TypeId::UnicodeTranslateError => {
            unicode_pieces(heap, at, class)
        }
        _ if class.is_subtype(TypeId::OSError) => os_pieces(heap, at),
        _ if class.is_subtype(TypeId::SyntaxError) => Some(syntax_pieces(heap, at)),
        _ if class.is_subtype(TypeId::ImportError) => {
            get(heap, at, "msg").filter(|&msg| heap.as_str(msg).is_some()).map(|msg| vec![Piece::Str(msg)])
        }
        _ => None,
    };
    special.unwrap_or_else(|| match *args(heap, at) {
        [] => Vec::new(),
        [arg] => vec![Piece::Str(arg)],
        _ => vec![Piece::Repr(heap[at].args)],
    })
}

fn only_arg(heap: &Heap, at: Ref<Exception>) -> Option<Value> {
    match *args(heap, at) {
        [arg] => Some(arg),
        _ => None,
    }
}

fn text(text: impl Into<String>) -> Piece {
    Piece::Text(text.into())
}

/// `[Errno 2] No such file or directory: 'f' -> 'g'`
fn os_pieces(heap: &Heap, at: Ref<Exception>) -> Option<Vec<Piece>> {
    // What was never set counts as absent, None does not.
    let described = matches!(args(heap, at).len(), 2..=5);
    let attribute = |name| get(heap, at, name).filter(|_| described || field(heap, at, name).is_some());
    let (errno, strerror) = (attribute("errno"), attribute("strerror"));
    let filename = field(heap, at, "filename");
    if filename.is_none() && (errno.is_none() || strerror.is_none()) {
        return None;
    }
    let mut pieces = vec![
        text("[Errno "),
        Piece::Str(errno.unwrap_or(Value::None)),
        text("] "),
        Piece::Str(strerror.unwrap_or(Value::None)),
    ];
    if let Some(filename) = filename {
        pieces.extend([text(": "), Piece::Repr(filename)]);
        if let Some(second) = field(heap, at, "filename2") {
            pieces.extend([text(" -> "), Piece::Repr(second)]);
        }
    }
    Some(pieces)
}

/// `invalid syntax (file.py, line 3)`
fn syntax_pieces(heap: &Heap, at: Ref<Exception>) -> Vec<Piece> {
    let attribute = |name| get(heap, at, name).unwrap_or(Value::None);
    let mut pieces = vec![Piece::Str(attribute("msg"))];
    let place = heap.as_str(attribute("filename")).map(|path| path.rsplit('/').next().unwrap_or(path));
    match (place, attribute("lineno")) {
        (Some(file), Value::Int(line)) => pieces.push(text(format!(" ({file}, line {line})"))),
        (Some(file), _) => pieces.push(text(format!(" ({file})"))),
        (None, Value::Int(line)) => pieces.push(text(format!(" (line {line})"))),
        (None, _) => {}
    }
    pieces
}

/// `'utf-8' codec can't decode byte 0xff in position 3: invalid start byte`
fn unicode_pieces(heap: &Heap, at: Ref<Exception>, class: TypeId) -> Option<Vec<Piece>> {
    let attribute = |name| get(heap, at, name).unwrap_or(Value::None);
    let (Value::Int(start), Value::Int(end)) = (attribute("start"), attribute("end")) else { return None };
    let single = end == start.wrapping_add(1);
    let object = attribute("object");
    let (verb, what) = match (class, object) {
        (TypeId::UnicodeDecodeError, Value::Bytes(bytes)) => {
            let byte = usize::try_from(start).ok().and_then(|start| heap[bytes].as_slice().get(start));
            ("decode", byte.filter(|_| single).map(|byte| format!("byte {byte:#04x}")))
        }
        (_, Value::Str(text)) => {
            let verb = if class == TypeId::UnicodeEncodeError { "encode" } else { "translate" };
            let index = usize::try_from(start).ok().filter(|_| single);
            let bad = index.and_then(|index| heap.char_at(text, index));
            (verb, bad.map(|c| format!("character '{}'", escaped(c))))
        }
        _ => return None,
    };
    let things = if verb == "decode" { "bytes" } else { "characters" };
    let place = match what {
        Some(what) => format!("can't {verb} {what} in position {start}: "),
        None => format!("can't {verb} {things} in position {start}-{}: ", end.wrapping_sub(1)),
    };
    let reason = Piece::Str(attribute("reason"));
    if class == TypeId::UnicodeTranslateError {
        return Some(vec![text(place), reason]);
    }
    let encoding = Piece::Str(attribute("encoding"));
    Some(vec![text("'"), encoding, text(format!("' codec {place}")), reason])
}

/// `\xe9`, `\u1234`, `\U00012345`
fn escaped(c: char) -> String {
    match c as u32 {
        code @ 0..=0xFF => format!("\\x{code:02x}"),
        code @ 0x100..=0xFFFF => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    }
}
