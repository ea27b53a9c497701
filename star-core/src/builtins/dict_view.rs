//! Methods of `d.keys()` and `d.items()`.

use super::method;
use crate::heap::{Args, Arity, Ctx, Native, NativeResult, Raise};
use crate::object::types::TypeId::{DictItems, DictKeys};
use crate::ops::iterate::{self, Flow, Fold, Kept};
use crate::ops::{compare, table};
use crate::value::Value;

const DOC: &str = "isdisjoint(iterable): whether no item is in both";

/// Methods of keys views.
pub static KEYS_METHODS: &[Native] = &[method(DictKeys, "isdisjoint", Arity::One, is_disjoint, DOC)];

/// Methods of items views.
pub static ITEMS_METHODS: &[Native] = &[method(DictItems, "isdisjoint", Arity::One, is_disjoint, DOC)];

/// `isdisjoint` of views, sets and frozensets.
pub(super) fn is_disjoint(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    match args[1] {
        Value::Set(_) | Value::FrozenSet(_) => {
            let disjoint = table::is_disjoint(ctx, args[0], args[1])?;
            Ok(Value::bool(disjoint).into())
        }
        _ => iterate::fold::<Disjoint>(ctx, args[1], &[args[0]], [0; 3]),
    }
}

/// Keeps: the container.
struct Disjoint;

impl Fold for Disjoint {
    fn item(ctx: &mut Ctx<'_>, kept: &mut Kept, item: Value) -> Result<Flow, Raise> {
        let container = kept.get(ctx, 0);
        Ok(match compare::contains_native(ctx, container, item)? {
            Some(true) => Flow::Stop(Value::bool(false).into()),
            _ => Flow::Continue,
        })
    }

    fn end(_: &mut Ctx<'_>, _: &mut Kept) -> NativeResult {
        Ok(Value::bool(true).into())
    }
}
