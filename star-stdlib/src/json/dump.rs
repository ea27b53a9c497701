//! `dumps`: values to documents.
//!
//! In: a value and how to write it. Out: a str. Rule: without a `default` of the script the writer lies on the native
//! stack; with one it lies in an object, and a machine goes on with it after each call.

use star::heap::{CallArgs, Resumed};
use star::ops::iterate::{self, Kept, Machine, Progress};
use star::private::{Args, Ctx, Hooks, HostData, HostType, NativeResult, Outcome, Raise, Shape, Value, bind};

use super::coders;
use super::options::{Given, NAMES, Options};
use super::write::{Step, Writer};

/// `dumps(obj, *, skipkeys, ensure_ascii, check_circular, allow_nan, cls, indent, separators, default, sort_keys, **kw)`
pub(super) fn dumps(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    if let &[value] = args.positional
        && args.names.is_empty()
    {
        return encode(ctx, value, Options::default());
    }
    const SHAPE: Shape = Shape {
        names: &[
            "obj",
            "skipkeys",
            "ensure_ascii",
            "check_circular",
            "allow_nan",
            "sort_keys",
            "indent",
            "separators",
            "default",
            "cls",
        ],
        optional: &[false, true, true, true, true, true, true, true, true, true],
        nameless: 0,
        positional: 1,
        args: false,
        kwargs: true,
    };
    let mut places = [Value::Undef; 10];
    bind(ctx, args, "dumps", &SHAPE, &mut places)?;
    let [value, options @ .., class] = places;
    coders::check_class(ctx, class, &coders::ENCODER)?;
    coders::last_option(ctx, args, SHAPE.names, "", &NAMES)?;
    let given = Given(options);
    let separators = given.separators(ctx)?;
    let options = match value {
        // CPython makes no encoder for a str, and so does not look at these.
        Value::Str(_) => Given(std::array::from_fn(|at| if at < 5 { options[at] } else { Value::Undef })),
        _ => given,
    };
    let separators = if matches!(value, Value::Str(_)) { options.separators(ctx)? } else { separators };
    let options = options.options(ctx, separators)?;
    encode(ctx, value, options)
}

/// A value, which is rooted, as a document.
pub(super) fn encode(ctx: &mut Ctx<'_>, value: Value, options: Options) -> NativeResult {
    let default = options.default;
    let mut writer = Writer::new(ctx, options);
    let home = writer.home();
    if default.is_none() {
        ctx.heap.scratch.push(home);
        let step = writer.run(ctx, Some(value), usize::MAX);
        ctx.heap.scratch.pop();
        step?;
        return writer.out.finish(ctx).map(Into::into);
    }
    let writer = ctx.heap.host_object(&WRITER, writer);
    iterate::start::<Writing>(ctx, &[writer, home, default, value, Value::Undef], [0; 4])
}

static WRITER: HostType = HostType::named("writer", "json", "A document that is being written.");

/// While it waits, what it holds lies in the home of its stack, which its machine keeps.
impl HostData for Writer {}

/// Goes on with a writer. Keeps: the writer, the home of its stack, the function `default`, the value, `Undef` if it has
/// been begun, and the iterator that wants a part of the document, `Undef` if all of it is wanted at once.
struct Writing;

impl Machine for Writing {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let next = match resumed {
            None => kept.get(ctx, 3).given(),
            Some(Resumed::Value(value)) => Some(value),
            Some(Resumed::Exhausted(value)) => return Err(iterate::stop_iteration(ctx, value)),
            Some(Resumed::Raised(exception)) => return Err(Raise::Exception(exception)),
        };
        let Value::Host(at) = kept.get(ctx, 0) else { return Ok(Progress::Done(Value::None.into())) };
        let Some(writer) = ctx.heap[at].state::<Writer>() else {
            return Ok(Progress::Done(Value::None.into()));
        };
        let mut writer = writer.borrow_mut();
        let parts = kept.get(ctx, 4);
        let most = if parts.is_undef() { usize::MAX } else { PART };
        match writer.run(ctx, next, most)? {
            Step::Call(function, argument) => return Ok(Progress::Call(function, CallArgs::One(argument))),
            Step::Full => {}
            Step::Done => {
                // The iterator has come to its end, if there is one.
                ctx.heap.edit_parts(parts, |parts| parts.values.clear());
            }
        }
        let out = std::mem::take(&mut writer.out);
        out.finish(ctx).map(|value| Progress::Done(value.into()))
    }
}

// ---- in parts -------------------------------------------------------------------------------------------

/// So many bytes at least are in each part of a document but the last.
const PART: usize = 4096;

static PARTS: HostType = HostType {
    hooks: Hooks { next: Some(next), ..Hooks::NONE },
    ..HostType::named("parts", "json", "The parts of a document.")
};

/// An iterator over the parts of a document, which are written as they are asked for. It is made of the writer, the home
/// of its stack, the function `default`, the value, and whether that has been begun; of nothing once it has ended.
pub(super) fn parts(ctx: &mut Ctx<'_>, value: Value, options: Options) -> Value {
    let default = options.default;
    let writer = Writer::new(ctx, options);
    let home = writer.home();
    let writer = ctx.heap.host_object(&WRITER, writer);
    ctx.heap.object(&PARTS, [writer, home, default, value], [0; 4])
}

fn next(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let parts = args[0];
    let values: Vec<Value> = ctx.heap.parts(parts).values.iter().copied().collect();
    let &[writer, home, default, value] = values.as_slice() else { return Ok(Outcome::Exhausted) };
    let begun = ctx.heap.parts_mut(parts).is_some_and(|parts| std::mem::replace(&mut parts.words[0], 1) != 0);
    let value = if begun { Value::Undef } else { value };
    iterate::start::<Writing>(ctx, &[writer, home, default, value, parts], [0; 4])
}
