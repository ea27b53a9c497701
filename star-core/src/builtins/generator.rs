//! `send`, `throw` and `close` of generators.
//!
//! In: a generator. Out: a request to resume it, and what its answer means. Rule: the VM runs the frame; what is
//! legal in which state, and how an end is worded, is decided here.

use super::error::is_exception_type;
use super::exception;
use crate::heap::{Args, Arity, Ctx, Native, NativeResult, Outcome, Owner, Raise, Resumed};
use crate::object::types::TypeId;
use crate::object::{Exception, Generator, GeneratorState, NativeState};
use crate::ops::types;
use crate::value::{Ref, Value};

/// Methods of generators, sorted by name.
pub static METHODS: &[Native] = &[
    Native {
        name: "close",
        owner: Some(Owner::Type(TypeId::Generator)),
        arity: Arity::None,
        doc: "close(): ends the generator by raising GeneratorExit at its yield",
        call: close,
        signature: None,
    },
    Native {
        name: "send",
        owner: Some(Owner::Type(TypeId::Generator)),
        arity: Arity::One,
        doc: "send(value): resumes the generator; its yield gives value",
        call: send,
        signature: None,
    },
    Native {
        name: "throw",
        owner: Some(Owner::Type(TypeId::Generator)),
        arity: Arity::Positional(1, 3),
        doc: "throw(exception): raises at the generator's yield",
        call: throw,
        signature: None,
    },
];

/// The receiver and where it stands; an error if it is running.
fn receiver(ctx: &mut Ctx<'_>, args: Args<'_>) -> Result<(Ref<Generator>, GeneratorState), Raise> {
    let Value::Generator(at) = args[0] else {
        return Err(ctx.type_error("a generator is required"));
    };
    match ctx.heap[at].state {
        GeneratorState::Running => Err(ctx.value_error("generator already executing")),
        state => Ok((at, state)),
    }
}

fn send(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (at, state) = receiver(ctx, args)?;
    match state {
        GeneratorState::Created if !args[1].is_none() => {
            Err(ctx.type_error("can't send non-None value to a just-started generator"))
        }
        GeneratorState::Finished => Err(ctx.error_with(TypeId::StopIteration, &[])),
        _ => Ok(resume(ctx, at, args[1], false, sent)),
    }
}

fn throw(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let raised = thrown(ctx, args)?;
    let (at, state) = receiver(ctx, args)?;
    if state == GeneratorState::Created {
        finish(ctx, at);
    }
    match state {
        GeneratorState::Suspended => Ok(resume(ctx, at, Value::Exception(raised), true, sent)),
        _ => Err(Raise::Exception(raised)),
    }
}

/// The exception of `throw(exception)`, `throw(type)` or the old `throw(type, value, traceback)`.
fn thrown(ctx: &mut Ctx<'_>, args: Args<'_>) -> Result<Ref<Exception>, Raise> {
    let class = args[1];
    let value = args.get(2).filter(|value| !value.is_none());
    if args.get(3).is_some_and(|traceback| !traceback.is_none()) {
        return Err(ctx.type_error("throw() third argument must be a traceback object"));
    }
    match (class, value) {
        (Value::Exception(at), None) => Ok(at),
        (Value::Exception(_), Some(_)) => {
            Err(ctx.type_error("instance exception may not have a separate value"))
        }
        (_, Some(Value::Exception(at))) if is_exception_type(ctx, class) && ctx.heap[at].class == class => {
            Ok(at)
        }
        (_, Some(value)) if is_exception_type(ctx, class) => match value {
            Value::Tuple(items) => {
                let items = ctx.heap[items].items().to_vec();
                exception::make(ctx, class, Args::new(&items))
            }
            _ => exception::make(ctx, class, Args::new(&[value])),
        },
        (_, None) if is_exception_type(ctx, class) => exception::make(ctx, class, Args::new(&[])),
        _ => {
            let given = types::type_name(ctx.heap, class);
            Err(ctx.type_error(format!(
                "exceptions must be classes or instances deriving from BaseException, not {given}"
            )))
        }
    }
}

fn close(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (at, state) = receiver(ctx, args)?;
    if state != GeneratorState::Suspended {
        finish(ctx, at);
        return Ok(Value::None.into());
    }
    Ok(request_close(ctx, at))
}

/// The request that closes a suspended generator; it ends with None, the value that the generator returned on
/// GeneratorExit, or a raise.
pub fn request_close(ctx: &mut Ctx<'_>, at: Ref<Generator>) -> Outcome {
    let exit = crate::ops::exception::new(ctx.heap, TypeId::GeneratorExit.value(), &[]);
    resume(ctx, at, Value::Exception(exit), true, closed)
}

/// A generator that never runs again gives up what it holds.
fn finish(ctx: &mut Ctx<'_>, at: Ref<Generator>) {
    ctx.heap.update(at, |generator| {
        generator.state = GeneratorState::Finished;
        generator.registers = Box::default();
    });
}

fn resume(
    ctx: &mut Ctx<'_>,
    at: Ref<Generator>,
    value: Value,
    raise: bool,
    then: crate::object::ResumeFn,
) -> Outcome {
    let then = ctx.state(then, Vec::new(), [0; 4]);
    Outcome::Resume { generator: Value::Generator(at), value, raise, then: Some(then) }
}

/// After `send` or `throw`.
fn sent(ctx: &mut Ctx<'_>, _: Ref<NativeState>, resumed: Resumed) -> NativeResult {
    match resumed {
        Resumed::Value(value) => Ok(value.into()),
        Resumed::Exhausted(Value::None | Value::Undef) => Err(ctx.error_with(TypeId::StopIteration, &[])),
        Resumed::Exhausted(value) => Err(ctx.error_with(TypeId::StopIteration, &[value])),
        Resumed::Raised(raised) => Err(Raise::Exception(raised)),
    }
}

/// After `close`.
fn closed(ctx: &mut Ctx<'_>, _: Ref<NativeState>, resumed: Resumed) -> NativeResult {
    match resumed {
        Resumed::Value(_) => Err(ctx.error(TypeId::RuntimeError, "generator ignored GeneratorExit")),
        Resumed::Exhausted(value) => Ok(value.given().unwrap_or(Value::None).into()),
        Resumed::Raised(raised) => {
            let class = crate::ops::exception::builtin_base(ctx.heap, ctx.heap[raised].class);
            match class {
                TypeId::GeneratorExit | TypeId::StopIteration => Ok(Value::None.into()),
                _ => Err(Raise::Exception(raised)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtins::GROUPS;
    use crate::heap::{Heap, NativeFn, Natives};
    use crate::meter::Limits;
    use crate::ops::repr;

    /// What a method answers: the text of what it raises, `resume`, or the value's repr.
    fn shown(ctx: &mut Ctx<'_>, result: NativeResult) -> String {
        match result {
            Ok(Outcome::Resume { raise, .. }) => format!("resume, raise: {raise}"),
            Ok(Outcome::Return(value)) => repr::repr(ctx, value).expect("it is short").to_string(),
            Err(Raise::Exception(at)) => {
                let name = types::type_name(ctx.heap, Value::Exception(at));
                let text = repr::str_of(ctx, Value::Exception(at)).expect("it is short");
                format!("{name}: {text}")
            }
            other => unreachable!("{other:?}"),
        }
    }

    #[test]
    fn states() {
        use GeneratorState::*;
        let mut heap = Heap::new(Limits::default(), Natives::new(GROUPS), (1, 2));
        let ctx = &mut Ctx::new(&mut heap, &());
        let kind = TypeId::ValueError.value();
        let cases: [(GeneratorState, NativeFn, &[Value], &str); 12] = [
            (
                Created,
                send,
                &[Value::Int(1)],
                "TypeError: can't send non-None value to a just-started generator",
            ),
            (Created, send, &[Value::None], "resume, raise: false"),
            (Suspended, send, &[Value::Int(1)], "resume, raise: false"),
            (Running, send, &[Value::None], "ValueError: generator already executing"),
            (Finished, send, &[Value::Int(1)], "StopIteration: "),
            (Created, throw, &[kind], "ValueError: "),
            (Suspended, throw, &[kind, Value::Int(5)], "resume, raise: true"),
            (Finished, throw, &[kind, Value::Int(5)], "ValueError: 5"),
            (
                Suspended,
                throw,
                &[Value::Int(5)],
                "TypeError: exceptions must be classes or instances deriving from BaseException, not int",
            ),
            (Created, close, &[], "None"),
            (Suspended, close, &[], "resume, raise: true"),
            (Running, close, &[], "ValueError: generator already executing"),
        ];
        for (state, call, args, expected) in cases {
            let generator = ctx.heap.insert(Generator { state, ..Generator::default() });
            let mut all = vec![Value::Generator(generator)];
            all.extend_from_slice(args);
            let result = call(ctx, Args::new(&all));
            assert_eq!(shown(ctx, result), expected, "{state:?}");
        }
    }

    #[test]
    fn ends_of_close() {
        let mut heap = Heap::new(Limits::default(), Natives::new(GROUPS), (1, 2));
        let ctx = &mut Ctx::new(&mut heap, &());
        let mut raised =
            |class: TypeId| Resumed::Raised(crate::ops::exception::new(ctx.heap, class.value(), &[]));
        let cases = [
            (Resumed::Value(Value::Int(1)), "RuntimeError: generator ignored GeneratorExit"),
            (Resumed::Exhausted(Value::Int(1)), "1"),
            (raised(TypeId::GeneratorExit), "None"),
            (raised(TypeId::StopIteration), "None"),
            (raised(TypeId::KeyError), "KeyError: "),
        ];
        for (resumed, expected) in cases {
            let state = ctx.state(closed, Vec::new(), [0; 4]);
            let result = closed(ctx, state, resumed);
            assert_eq!(shown(ctx, result), expected);
        }
    }
}
