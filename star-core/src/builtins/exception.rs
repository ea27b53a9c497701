//! Making exceptions, and their methods.
//!
//! In: an exception type, built-in or a script's, and arguments. Out: the exception. Rule: what a type demands of
//! its arguments is what its nearest built-in base demands.

use crate::heap::{Args, Arity, Ctx, ExceptionHook, Native, NativeResult, Owner, Raise};
use crate::host::arguments;
use crate::object::Exception;
use crate::object::types::TypeId;
use crate::ops::{exception, number, types};
use crate::value::{Ref, Value};

/// Methods of exceptions, sorted by name.
pub static METHODS: &[Native] = &[
    Native {
        name: "add_note",
        owner: Some(Owner::Type(TypeId::BaseException)),
        arity: Arity::One,
        doc: "add_note(note): adds a line to the exception's traceback",
        call: add_note,
        signature: None,
    },
    Native {
        name: "stacktrace",
        owner: Some(Owner::Type(TypeId::BaseException)),
        arity: Arity::None,
        doc: "stacktrace(): where it has been, one line for each frame, the innermost last",
        call: stacktrace,
        signature: None,
    },
    Native {
        name: "with_traceback",
        owner: Some(Owner::Type(TypeId::BaseException)),
        arity: Arity::One,
        doc: "with_traceback(None): the exception, which forgets where it has been",
        call: with_traceback,
        signature: None,
    },
];

fn stacktrace(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Value::Exception(at) = args[0] else { return Err(super::wrong_receiver(ctx)) };
    let places = ctx.heap[at].traceback.clone();
    ctx.charge(places.len() * 8)?;
    ctx.reserve_large(places.len() * 128)?;
    let mut text = String::new();
    for place in places.iter().rev() {
        let Some(code) = ctx.code(place.instance) else { continue };
        let span = code.spans.get(place.pc as usize).or(code.spans.last());
        let line = span.map_or(0, |span| code.source.locate(*span).start.line);
        text.push_str(&format!("File \"{}\", line {line}, in {}\n", code.source.name, code.name));
    }
    Ok(ctx.heap.str(&text).into())
}

/// What calling an exception type does: `ValueError("x")`. `class` is the type, which the arguments leave out.
pub fn construct(ctx: &mut Ctx<'_>, class: Value, args: Args<'_>) -> NativeResult {
    Ok(Value::Exception(make(ctx, class, args)?).into())
}

/// A new exception, as by calling `class`.
pub fn make(ctx: &mut Ctx<'_>, class: Value, args: Args<'_>) -> Result<Ref<Exception>, Raise> {
    if let Some(new) = own_hook(ctx, class) {
        return new(ctx, class, args);
    }
    plain(ctx, class, args)
}

/// How the host's type that `class` is, or derives from, makes its exceptions.
fn own_hook(ctx: &Ctx<'_>, class: Value) -> Option<ExceptionHook> {
    let mut at = class;
    while let Value::Type(number) = at
        && let Some(user) = ctx.heap.as_user_type(number)
    {
        let user = &ctx.heap[user];
        if let Some(new) = user.exception.and_then(|exception| exception.new) {
            return Some(new);
        }
        at = user.base;
    }
    None
}

/// A new exception that keeps its arguments as its built-in base says.
fn plain(ctx: &mut Ctx<'_>, class: Value, args: Args<'_>) -> Result<Ref<Exception>, Raise> {
    let base = exception::builtin_base(ctx.heap, class);
    if !args.names.is_empty() {
        check_keywords(ctx, class, base, args)?;
    }
    ctx.charge(args.len())?;
    ctx.reserve_large(size_of_val(args.positional))?;
    match base {
        TypeId::UnicodeDecodeError | TypeId::UnicodeEncodeError | TypeId::UnicodeTranslateError => {
            check_unicode(ctx, base, args.positional)?;
        }
        _ if base.is_subtype(TypeId::OSError) => return os_error(ctx, class, args.positional),
        _ if base.is_subtype(TypeId::SyntaxError) => check_syntax(ctx, args.positional)?,
        _ => {}
    }
    let at = exception::new(ctx.heap, class, args.positional);
    rooted(ctx, at, |ctx| {
        for (&name, &value) in args.names.iter().zip(args.keywords) {
            if let Value::Str(name) = name {
                let name = ctx.heap[name].share();
                exception::set_field(ctx, at, &name, value)?;
            }
        }
        Ok(())
    })?;
    Ok(at)
}

/// Runs `change`, which may collect, with the new exception `at` kept.
fn rooted(
    ctx: &mut Ctx<'_>,
    at: Ref<Exception>,
    change: impl FnOnce(&mut Ctx<'_>) -> Result<(), Raise>,
) -> Result<(), Raise> {
    ctx.heap.scratch.push(Value::Exception(at));
    let result = change(ctx);
    ctx.heap.scratch.pop();
    result
}

/// Only three families take keywords, and each its own.
fn check_keywords(ctx: &mut Ctx<'_>, class: Value, base: TypeId, args: Args<'_>) -> Result<(), Raise> {
    let families: [(TypeId, &[&str]); 3] = [
        (TypeId::NameError, &["name"]),
        (TypeId::AttributeError, &["name", "obj"]),
        (TypeId::ImportError, &["name", "path", "name_from"]),
    ];
    let Some((family, known)) = families.into_iter().find(|(family, _)| base.is_subtype(*family)) else {
        let name = class_name(ctx, class);
        return Err(ctx.type_error(format!("{name}() takes no keyword arguments")));
    };
    for &name in args.names {
        let name = ctx.heap.as_str(name).unwrap_or_default();
        if !known.contains(&name) {
            let message = arguments::unexpected(family.name(), name, known.iter().copied());
            return Err(ctx.type_error(message));
        }
    }
    Ok(())
}

fn class_name(ctx: &Ctx<'_>, class: Value) -> std::rc::Rc<str> {
    match class {
        Value::Type(number) => ctx.heap.type_name(number),
        _ => "Exception".into(),
    }
}

/// `UnicodeDecodeError(encoding, object, start, end, reason)`; the one for translation has no encoding.
fn check_unicode(ctx: &mut Ctx<'_>, base: TypeId, args: &[Value]) -> Result<(), Raise> {
    let kinds = match base {
        TypeId::UnicodeDecodeError => "sbiis",
        TypeId::UnicodeEncodeError => "ssiis",
        _ => "siis",
    };
    if args.len() != kinds.len() {
        let message = format!("function takes exactly {} arguments ({} given)", kinds.len(), args.len());
        return Err(ctx.type_error(message));
    }
    for (i, (&arg, kind)) in args.iter().zip(kinds.bytes()).enumerate() {
        let fits = match kind {
            b's' => matches!(arg, Value::Str(_)),
            b'b' => matches!(arg, Value::Bytes(_)),
            _ => number::index(ctx, arg).map(|_| true)?,
        };
        if !fits {
            let given = types::type_name(ctx.heap, arg);
            let given = if arg.is_none() && kind == b's' { "None" } else { &given };
            let message = match kind {
                b's' => format!("argument {} must be str, not {given}", i + 1),
                _ => format!("a bytes-like object is required, not '{given}'"),
            };
            return Err(ctx.type_error(message));
        }
    }
    Ok(())
}

/// `SyntaxError(message, (filename, lineno, offset, text))`
fn check_syntax(ctx: &mut Ctx<'_>, args: &[Value]) -> Result<(), Raise> {
    let &[_, details] = args else { return Ok(()) };
    let count = match details {
        Value::Str(at) => Some(ctx.heap[at].chars()),
        Value::Bytes(at) => Some(ctx.heap[at].as_slice().len()),
        _ => ctx.heap.as_items(details).map(<[Value]>::len),
    };
    let Some(count) = count else {
        let given = types::type_name(ctx.heap, details);
        return Err(ctx.type_error(format!("'{given}' object is not iterable")));
    };
    let (bound, limit) = if count < 4 { ("least", 4) } else { ("most", 7) };
    if !(4..=7).contains(&count) {
        return Err(ctx.type_error(format!("function takes at {bound} {limit} arguments ({count} given)")));
    }
    Ok(())
}

/// `OSError(errno, strerror, filename, winerror, filename2)`: the number may pick a subclass, and file names are
/// attributes, not arguments.
fn os_error(ctx: &mut Ctx<'_>, class: Value, args: &[Value]) -> Result<Ref<Exception>, Raise> {
    let described = matches!(args.len(), 2..=5);
    let class = match args.first() {
        Some(&Value::Int(errno)) if described && class == TypeId::OSError.value() => os_class(errno).value(),
        _ => class,
    };
    let name = args.get(2).copied().filter(|name| described && !name.is_none());
    let Some(name) = name else { return Ok(exception::new(ctx.heap, class, args)) };
    let at = exception::new(ctx.heap, class, &args[..2]);
    rooted(ctx, at, |ctx| {
        exception::set_field(ctx, at, "filename", name)?;
        match args.get(4) {
            Some(&second) if !second.is_none() => exception::set_field(ctx, at, "filename2", second),
            _ => Ok(()),
        }
    })?;
    Ok(at)
}

/// The type for an error number of Linux (PEP 3151).
pub fn os_class(errno: i64) -> TypeId {
    match errno {
        1 | 13 => TypeId::PermissionError,
        2 => TypeId::FileNotFoundError,
        3 => TypeId::ProcessLookupError,
        4 => TypeId::InterruptedError,
        10 => TypeId::ChildProcessError,
        11 | 114 | 115 => TypeId::BlockingIOError,
        17 => TypeId::FileExistsError,
        20 => TypeId::NotADirectoryError,
        21 => TypeId::IsADirectoryError,
        32 | 108 => TypeId::BrokenPipeError,
        103 => TypeId::ConnectionAbortedError,
        104 => TypeId::ConnectionResetError,
        110 => TypeId::TimeoutError,
        111 => TypeId::ConnectionRefusedError,
        _ => TypeId::OSError,
    }
}

/// There are no traceback objects, so None is all that it takes.
fn with_traceback(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (Value::Exception(at), Value::None) = (args[0], args[1]) else {
        return Err(ctx.type_error("__traceback__ must be a traceback or None"));
    };
    ctx.heap.update(at, |exception| exception.traceback.clear());
    Ok(args[0].into())
}

fn add_note(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (Value::Exception(at), note) = (args[0], args[1]) else { return Ok(Value::None.into()) };
    if !matches!(note, Value::Str(_)) {
        let given = types::type_name(ctx.heap, note);
        return Err(ctx.type_error(format!("note must be a str, not '{given}'")));
    }
    match exception::field(ctx.heap, at, exception::NOTES) {
        Some(Value::List(notes)) => {
            let growth = ctx.heap.list_growth(notes);
            ctx.reserve_large(growth)?;
            ctx.heap.list_push(notes, note);
        }
        _ => {
            let notes = ctx.heap.list(vec![note]);
            ctx.heap.scratch.push(notes);
            let result = exception::set_field(ctx, at, exception::NOTES, notes);
            ctx.heap.scratch.pop();
            result?;
        }
    }
    Ok(Value::None.into())
}
