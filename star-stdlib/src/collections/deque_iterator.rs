//! Iterators over deques, both ways.
//!
//! In: a deque. Out: its items. Rule: a deque whose length or order has changed is not walked on.
//!
//! Parts: the deque. `words`: how many items have come, the deque's count of changes, how many are left.

use star::heap::{Args, HostType, NativeResult, Outcome};
use star::object::types::TypeId;
use star::private::{Ctx, Hooks};

use super::deque::CHANGES;

/// `iter(deque)`.
pub(super) static ITERATOR: HostType = iterator("_deque_iterator", |ctx, args| next(ctx, args, false));

/// `reversed(deque)`.
pub(super) static REVERSE_ITERATOR: HostType =
    iterator("_deque_reverse_iterator", |ctx, args| next(ctx, args, true));

const fn iterator(name: &'static str, next: star::heap::NativeFn) -> HostType {
    HostType {
        hooks: Hooks { full_name: true, next: Some(next), ready: Some(|_, _| true), ..Hooks::NONE },
        ..HostType::named(name, "collections", "An iterator over a deque.")
    }
}

fn next(ctx: &mut Ctx<'_>, args: Args<'_>, reversed: bool) -> NativeResult {
    let own = ctx.heap.parts(args[0]);
    let [taken, changes, left, _] = own.words;
    let Some(&deque) = own.values.front() else { return Ok(Outcome::Exhausted) };
    let deque = ctx.heap.parts(deque);
    let place = if reversed { left - 1 } else { taken };
    let item = match deque.words[CHANGES] == changes {
        true if left > 0 => deque.values.get(place as usize).copied(),
        true => return Ok(Outcome::Exhausted),
        false => None,
    };
    let Some(own) = ctx.heap.parts_mut(args[0]) else { return Ok(Outcome::Exhausted) };
    match item {
        Some(item) => {
            own.words[0] = taken + 1;
            own.words[2] = left - 1;
            Ok(item.into())
        }
        None => {
            own.words[2] = 0;
            Err(ctx.error(TypeId::RuntimeError, "deque mutated during iteration"))
        }
    }
}
