//! `loads`: documents to values.
//!
//! In: a document, as str or bytes, and what a script wants to read itself. Out: its value, or JSONDecodeError. Rule:
//! without functions of the script the parser lies on the native stack; with them it lies in an object, and a machine
//! goes on with it after each call.

use star::builtins::textual::codec;
use star::heap::{CallArgs, Resumed};
use star::object::types::TypeId;
use star::ops::iterate::{self, Kept, Machine, Progress};
use star::ops::types;
use star::private::{Args, Ctx, NativeResult, Raise, Shape, Value, bind};

use super::read::{Hooks, PARSER, Parser, Step, Stopped, skip};
use super::scan::Fault;
use super::{coders, error};

/// `loads(s, *, cls, object_hook, parse_float, parse_int, parse_constant, object_pairs_hook, **kw)`
pub(super) fn loads(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    const SHAPE: Shape = Shape {
        names: &[
            "s",
            "cls",
            "object_hook",
            "parse_float",
            "parse_int",
            "parse_constant",
            "object_pairs_hook",
        ],
        optional: &[false, true, true, true, true, true, true],
        nameless: 0,
        positional: 1,
        args: false,
        kwargs: true,
    };
    let mut places = [Value::Undef; 7];
    bind(ctx, args, "loads", &SHAPE, &mut places)?;
    let [document, class, object, float, int, constant, pairs] = places;
    let document = text_of(ctx, document)?;
    coders::check_class(ctx, class, &coders::DECODER)?;
    let strict = coders::last_option(ctx, args, SHAPE.names, "strict", &coders::DECODER_OPTIONS)?;
    let hooks = Hooks::new(ctx, object, float, int, constant, pairs);
    let strict = types::truthy(ctx.heap, strict.unwrap_or(Value::bool(true)));
    ctx.heap.scratch.push(document);
    let result = decode(ctx, document, strict, hooks);
    ctx.heap.scratch.pop();
    result
}

/// The value that a whole document, a rooted str, stands for.
pub(super) fn decode(ctx: &mut Ctx<'_>, document: Value, strict: bool, hooks: Hooks) -> NativeResult {
    let start = skip(ctx.heap.as_str(document).unwrap_or_default(), 0);
    read(ctx, document, start, strict, hooks, Answer::Whole)
}

impl Hooks {
    /// The functions that are given; `float` and `int` read numbers as the parser does.
    pub fn new(
        ctx: &Ctx<'_>,
        object: Value,
        float: Value,
        int: Value,
        constant: Value,
        pairs: Value,
    ) -> Hooks {
        let given = |value: Value| if value.is_none() { Value::Undef } else { value };
        let other = |value: Value, own: TypeId| match types::truthy(ctx.heap, value) && value != own.value() {
            true => value,
            false => Value::Undef,
        };
        let pairs = given(pairs);
        Hooks {
            object: if pairs.is_undef() { given(object) } else { Value::Undef },
            pairs,
            float: other(float, TypeId::Float),
            int: other(int, TypeId::Int),
            constant: if types::truthy(ctx.heap, constant) { constant } else { Value::Undef },
        }
    }

    fn values(&self) -> [Value; 5] {
        [self.object, self.pairs, self.float, self.int, self.constant]
    }
}

/// A document as a str. One that is bytes says in its first bytes how it is encoded.
fn text_of(ctx: &mut Ctx<'_>, document: Value) -> Result<Value, Raise> {
    match document {
        Value::Str(at) => {
            if ctx.heap[at].as_str().starts_with('\u{feff}') {
                let message = "Unexpected UTF-8 BOM (decode using utf-8-sig)";
                return Err(error::raise(ctx, document, Fault { message, at: 0 }));
            }
            Ok(document)
        }
        Value::Bytes(at) => {
            let data = ctx.heap[at].share();
            let encoding = ctx.heap.str(encoding_of(&data));
            let errors = ctx.heap.str("surrogatepass");
            let names = codec::names(ctx, "decode", Some(encoding), Some(errors))?;
            codec::decode(ctx, document, &data, &names)
        }
        _ => {
            let given = types::type_name(ctx.heap, document);
            Err(ctx.type_error(format!("the JSON object must be str, bytes or bytearray, not {given}")))
        }
    }
}

fn encoding_of(data: &[u8]) -> &'static str {
    match data {
        [0, 0, 0xFE, 0xFF, ..] | [0xFF, 0xFE, 0, 0, ..] => "utf-32",
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] => "utf-16",
        [0xEF, 0xBB, 0xBF, ..] => "utf-8-sig",
        [0, 0, _, _, ..] => "utf-32-be",
        [0, _, _, _, ..] => "utf-16-be",
        [_, 0, 0, 0, ..] => "utf-32-le",
        [_, 0, _, _, ..] => "utf-16-le",
        [0, _] => "utf-16-be",
        [_, 0] => "utf-16-le",
        _ => "utf-8",
    }
}

/// What the answer is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// The value, behind which nothing may follow.
    Whole,
    /// The value and the place behind it.
    Pair,
}

/// The value of `document`, a rooted str, that begins at byte `start`.
pub(super) fn read(
    ctx: &mut Ctx<'_>,
    document: Value,
    start: usize,
    strict: bool,
    hooks: Hooks,
    answer: Answer,
) -> NativeResult {
    let Value::Str(at) = document else { return Ok(Value::None.into()) };
    let text = ctx.heap[at].share();
    ctx.charge(1 + (text.len() - start) / 16)?;
    let mut parser = Parser::new(ctx, text, start, strict, hooks);
    let home = parser.stack.home();
    if hooks.values().iter().all(|hook| hook.is_undef()) {
        ctx.heap.scratch.push(home);
        let step = parser.run(ctx, None);
        ctx.heap.scratch.pop();
        return match step {
            Ok(Step::Done(value) | Step::Call(_, value)) => {
                finish(ctx, document, value, parser.at, answer).map(Into::into)
            }
            Err(stopped) => Err(raise(ctx, document, stopped)),
        };
    }
    let parser = ctx.heap.host_object(&PARSER, parser);
    let mut values = vec![parser, home, document];
    values.extend(hooks.values());
    iterate::start::<Reading>(ctx, &values, [(answer == Answer::Pair) as i64, 0, 0, 0])
}

/// Goes on with a parser. Keeps: the parser, the home of its stack, the document, the functions; `words`: whether the
/// answer is a pair.
struct Reading;

impl Machine for Reading {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let resumed = match resumed {
            None => None,
            Some(Resumed::Value(value)) => Some(value),
            Some(Resumed::Exhausted(value)) => return Err(iterate::stop_iteration(ctx, value)),
            Some(Resumed::Raised(exception)) => return Err(Raise::Exception(exception)),
        };
        let (Value::Host(at), document) = (kept.get(ctx, 0), kept.get(ctx, 2)) else {
            return Ok(Progress::Done(Value::None.into()));
        };
        let Some(parser) = ctx.heap[at].state::<Parser>() else {
            return Ok(Progress::Done(Value::None.into()));
        };
        let mut parser = parser.borrow_mut();
        match parser.run(ctx, resumed) {
            Ok(Step::Call(function, argument)) => Ok(Progress::Call(function, CallArgs::One(argument))),
            Ok(Step::Done(value)) => {
                let answer = if kept.words[0] != 0 { Answer::Pair } else { Answer::Whole };
                finish(ctx, document, value, parser.at, answer).map(|value| Progress::Done(value.into()))
            }
            Err(stopped) => Err(raise(ctx, document, stopped)),
        }
    }
}

/// What is answered with a value that ended at byte `end`.
fn finish(
    ctx: &mut Ctx<'_>,
    document: Value,
    value: Value,
    end: usize,
    answer: Answer,
) -> Result<Value, Raise> {
    let Value::Str(at) = document else { return Ok(value) };
    if answer == Answer::Pair {
        let end = ctx.heap[at].char_index(end);
        return Ok(ctx.heap.tuple(&[value, Value::Int(end as i64)]));
    }
    let text = ctx.heap[at].as_str();
    let end = skip(text, end);
    if end == text.len() {
        return Ok(value);
    }
    Err(error::raise(ctx, document, Fault { message: "Extra data", at: end }))
}

#[cold]
fn raise(ctx: &mut Ctx<'_>, document: Value, stopped: Stopped) -> Raise {
    match stopped {
        Stopped::Raise(raise) => raise,
        Stopped::Fault(fault) => error::raise(ctx, document, fault),
    }
}
