//! What the iterators have in common.
//!
//! In: an iterator's parts. Out: objects, results of calls. Rule: the first part is the iterator that is walked, Undef once
//! it has ended; `words[FLAGS]` says how the function among the parts is called.

use star::builtins::direct;
use star::heap::{Args, CallArgs, HostType, Native, NativeFn, NativeResult, Outcome};
use star::ops::iterate::{self, Machine, Progress};
use star::private::{Ctx, Hooks, Raise, Value};

/// Place of the flags among the words.
pub(super) const FLAGS: usize = 3;
/// The function is a native that is called at once.
pub(super) const DIRECT: i64 = 1;

/// A type of iterators: how it is made, and how it goes on.
pub(super) const fn iterator(
    name: &'static str,
    doc: &'static str,
    new: &'static Native,
    next: NativeFn,
) -> HostType {
    HostType {
        new: Some(new),
        hooks: Hooks { full_name: true, next: Some(next), ..Hooks::NONE },
        ..HostType::named(name, "itertools", doc)
    }
}

/// One step of an iterator whose machine keeps the iterator itself and one more value.
#[inline]
pub(super) fn step<M: Machine>(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    iterate::start::<M>(ctx, &[args[0], Value::Undef], [0; 4])
}

/// A function that is called with `given` arguments: what to call, and the flags for it.
pub(super) fn callee(ctx: &Ctx<'_>, function: Value, given: usize) -> (Value, i64) {
    match direct(ctx.heap, function, given) {
        Some(native) => (native, DIRECT),
        None => (function, 0),
    }
}

/// What calling a function comes to.
pub(super) enum Called {
    /// Its result.
    Result(Value),
    /// It has to be asked for.
    Wait(Progress),
}

/// Calls the function of an iterator. It and the arguments are rooted.
pub(super) fn call(ctx: &mut Ctx<'_>, flags: i64, function: Value, args: &[Value]) -> Result<Called, Raise> {
    if flags & DIRECT != 0 {
        return iterate::call_direct(ctx, function, args).map(Called::Result);
    }
    let args = match *args {
        [one] => CallArgs::One(one),
        _ => CallArgs::Tuple(ctx.heap.tuple(args)),
    };
    Ok(Called::Wait(Progress::Call(function, args)))
}

/// Part `index` of an iterator.
#[inline]
pub(super) fn part(ctx: &Ctx<'_>, own: Value, index: usize) -> Value {
    ctx.heap.parts(own).values.get(index).copied().unwrap_or_default()
}

/// Replaces part `index` of an iterator.
#[inline]
pub(super) fn set_part(ctx: &mut Ctx<'_>, own: Value, index: usize, value: Value) {
    if let Some(place) = ctx.heap.parts_mut(own).and_then(|parts| parts.values.get_mut(index)) {
        *place = value;
    }
}

/// Number `index` of an iterator.
#[inline]
pub(super) fn word(ctx: &Ctx<'_>, own: Value, index: usize) -> i64 {
    ctx.heap.parts(own).words[index]
}

/// Replaces number `index` of an iterator.
#[inline]
pub(super) fn set_word(ctx: &mut Ctx<'_>, own: Value, index: usize, word: i64) {
    if let Some(parts) = ctx.heap.parts_mut(own) {
        parts.words[index] = word;
    }
}

/// Ends an iterator for good: it lets go of all its parts.
pub(super) fn finish(ctx: &mut Ctx<'_>, own: Value) -> Progress {
    if let Some(parts) = ctx.heap.parts_mut(own) {
        parts.values.iter_mut().for_each(|part| *part = Value::Undef);
    }
    Progress::Done(Outcome::Exhausted)
}
