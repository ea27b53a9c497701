//! `JSONDecodeError`.
//!
//! In: a message, a document and a place in it. Out: the exception, which knows line and column. Rule: places count code
//! points, as in CPython.

use star::heap::ExceptionBase;
use star::object::Exception;
use star::object::types::TypeId;
use star::ops::{exception, types};
use star::private::{Args, Ctx, HostException, Raise, Shape, Value, bind};
use star::value::Ref;

use super::scan::Fault;

pub(super) static DECODE_ERROR: HostException = HostException {
    new: Some(new),
    ..HostException::named(
        "JSONDecodeError",
        "json.decoder",
        "A document that is not JSON: msg, doc, pos, lineno and colno say what is wrong and where.",
        ExceptionBase::Type(TypeId::ValueError),
    )
};

/// The error for a fault of `document`, a str, which is rooted.
#[cold]
pub(super) fn raise(ctx: &mut Ctx<'_>, document: Value, fault: Fault) -> Raise {
    let text = ctx.heap.as_str(document).unwrap_or_default();
    let at = text.get(..fault.at).map_or(0, |before| before.chars().count());
    raise_at(ctx, document, fault.message, at as i64)
}

/// The same where the code point is known.
#[cold]
pub(super) fn raise_at(ctx: &mut Ctx<'_>, document: Value, message: &str, at: i64) -> Raise {
    let message = ctx.heap.str(message);
    let class = ctx.heap.host_exception(&DECODE_ERROR);
    match make(ctx, class, message, document, at) {
        Ok(error) => Raise::Exception(error),
        Err(raise) => raise,
    }
}

fn new(ctx: &mut Ctx<'_>, class: Value, args: Args<'_>) -> Result<Ref<Exception>, Raise> {
    const SHAPE: Shape = Shape {
        names: &["msg", "doc", "pos"],
        optional: &[false; 3],
        nameless: 0,
        positional: 3,
        args: false,
        kwargs: false,
    };
    let mut places = [Value::Undef; 3];
    const INIT: &str = "JSONDecodeError.__init__";
    if args.len() > SHAPE.positional {
        let given = args.len() + 1;
        let message = format!("{INIT}() takes 4 positional arguments but {given} were given");
        return Err(ctx.type_error(message));
    }
    bind(ctx, args, INIT, &SHAPE, &mut places)?;
    let [message, document, at] = places;
    let Value::Str(_) = document else {
        let given = types::type_name(ctx.heap, document);
        let message = format!("'{given}' object has no attribute 'count'");
        return Err(ctx.error(TypeId::AttributeError, message));
    };
    let Some(at) = at.as_int() else {
        let message = "slice indices must be integers or None or have an __index__ method";
        return Err(ctx.type_error(message));
    };
    make(ctx, class, message, document, at)
}

/// The exception. All of it is rooted but `class`, a type, which lives as long as the isolate.
fn make(
    ctx: &mut Ctx<'_>,
    class: Value,
    message: Value,
    document: Value,
    at: i64,
) -> Result<Ref<Exception>, Raise> {
    ctx.charge(ctx.heap.as_str(document).map_or(0, str::len) / 16)?;
    let (line, column) = place(ctx.heap.as_str(document).unwrap_or_default(), at);
    ctx.heap.scratch.push(message);
    let error = build(ctx, class, message, document, [at, line, column]);
    ctx.heap.scratch.pop();
    error
}

fn build(
    ctx: &mut Ctx<'_>,
    class: Value,
    message: Value,
    document: Value,
    [at, line, column]: [i64; 3],
) -> Result<Ref<Exception>, Raise> {
    let shown = star::ops::repr::str_of(ctx, message)?;
    let text = ctx.heap.str(&format!("{shown}: line {line} column {column} (char {at})"));
    let error = exception::new(ctx.heap, class, &[text]);
    ctx.heap.scratch.push(Value::Exception(error));
    let fields = [
        ("msg", message),
        ("doc", document),
        ("pos", Value::Int(at)),
        ("lineno", Value::Int(line)),
        ("colno", Value::Int(column)),
    ];
    let set = fields.into_iter().try_for_each(|(name, value)| exception::set_field(ctx, error, name, value));
    ctx.heap.scratch.pop();
    set.map(|()| error)
}

/// Line and column of code point `at`, which may lie anywhere: as `count` and `rfind` of the document up to there say.
fn place(text: &str, at: i64) -> (i64, i64) {
    let end = match usize::try_from(at) {
        Ok(at) => text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte),
        Err(_) => {
            let back = usize::try_from(at.unsigned_abs()).unwrap_or(usize::MAX);
            text.char_indices().nth_back(back - 1).map_or(0, |(byte, _)| byte)
        }
    };
    let before = &text[..end];
    let lines = before.bytes().filter(|&byte| byte == b'\n').count() as i64;
    let last = before.rfind('\n').map_or(-1, |byte| before[..byte].chars().count() as i64);
    (lines + 1, at - last)
}
