//! `Counter.elements()`: each item as often as it counts.
//!
//! Parts: an iterator over the entries, the item at hand. `words`: how often that one is still to come.

use star::heap::{Args, HostType, NativeResult, Outcome};
use star::object::types::TypeId;
use star::object::{DictView, ViewKind};
use star::ops::iterate::{self, Step};
use star::ops::number;
use star::private::{Ctx, Hooks, Raise, Value};

/// CPython puts it together from a `chain` and `repeat`.
static ELEMENTS: HostType = HostType {
    hooks: Hooks { full_name: true, next: Some(next), ready: Some(|_, _| true), ..Hooks::NONE },
    ..HostType::named("chain", "itertools", "An iterator over the elements of a Counter.")
};

/// An iterator over the elements of a Counter.
pub(super) fn elements(ctx: &mut Ctx<'_>, counter: Value) -> Result<Value, Raise> {
    let items = Value::DictView(ctx.heap.insert(DictView { kind: ViewKind::Items, dict: counter }));
    let items = iterate::iter(ctx, items)?;
    Ok(ctx.heap.object(&ELEMENTS, [items, Value::Undef], [0; 4]))
}

fn next(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    loop {
        let own = ctx.heap.parts(args[0]);
        let (items, item) = (own.values[0], own.values[1]);
        if own.words[0] > 0 {
            if let Some(own) = ctx.heap.parts_mut(args[0]) {
                own.words[0] -= 1;
            }
            return Ok(item.into());
        }
        ctx.charge(1)?;
        let Step::Item(Value::Tuple(pair)) = iterate::next(ctx, items)? else {
            return Ok(Outcome::Exhausted);
        };
        let &[item, count] = ctx.heap[pair].items() else { return Ok(Outcome::Exhausted) };
        let count = match count {
            Value::BigInt(_) => {
                let message = "Python int too large to convert to C ssize_t";
                return Err(ctx.error(TypeId::OverflowError, message));
            }
            count => number::index(ctx, count)?,
        };
        if let Some(own) = ctx.heap.parts_mut(args[0]) {
            own.values[1] = item;
            own.words[0] = count;
        }
    }
}
