//! The keys, values and items of a mapping that is no dict, as `collections.abc` has them.
//!
//! In: a mapping of a host. Out: what a view of a dict of its entries at that moment would say. Rule: a view keeps
//! nothing but the mapping.
//!
//! Parts: the mapping.

use star::heap::{Args, Arity, Compared, HostType, NativeResult};
use star::object::{DictView, ViewKind};
use star::ops::{compare as ops, hooks, iterate, number, types};
use star::private::{BinaryOp, CompareOp, Ctx, Heap, Hooks, Piece, Raise, Value};

use crate::native::method;

/// `mapping.keys()`.
pub(super) static KEYS_VIEW: HostType = HostType {
    methods: &[method(&KEYS_VIEW, "isdisjoint", ONE, is_disjoint, DISJOINT)],
    hooks: SET,
    ..view("KeysView")
};

/// `mapping.items()`.
pub(super) static ITEMS_VIEW: HostType = HostType {
    methods: &[method(&ITEMS_VIEW, "isdisjoint", ONE, is_disjoint, DISJOINT)],
    hooks: SET,
    ..view("ItemsView")
};

/// `mapping.values()`.
pub(super) static VALUES_VIEW: HostType = view("ValuesView");

const ONE: Arity = Arity::Script { names: &["other"], positional_only: 0, positional: 1, required: 1 };
const DISJOINT: &str = "isdisjoint(iterable): whether no item of it is here";

/// What all views can do.
const PLAIN: Hooks = Hooks {
    repr: Some(|ctx, view| {
        let Value::Host(at) = view else { return Ok(Vec::new()) };
        let name = ctx.heap[at].kind.name;
        Ok(vec![
            Piece::Text(format!("{name}(")),
            Piece::Repr(mapping(ctx.heap, view)),
            Piece::Text(")".into()),
        ])
    }),
    truth: Some(|heap, view| types::truthy(heap, mapping(heap, view))),
    count: Some(|ctx, view| {
        let view = of_dict(ctx, view)?;
        Ok(iterate::count(ctx.heap, view).unwrap_or(0))
    }),
    contains: Some(|ctx, args| {
        let view = of_dict(ctx, args[0])?;
        Ok(Value::bool(ops::contains_native(ctx, view, args[1])? == Some(true)).into())
    }),
    iter: Some(|ctx, args| {
        let view = of_dict(ctx, args[0])?;
        Ok(iterate::iter(ctx, view)?.into())
    }),
    ..Hooks::NONE
};

/// What views that are sets can do.
const SET: Hooks = Hooks { compare: Some(compare), unhashable: true, binary: Some(binary), ..PLAIN };

const fn view(name: &'static str) -> HostType {
    HostType {
        hooks: PLAIN,
        ..HostType::named(name, "collections.abc", "A part of the entries of a mapping.")
    }
}

fn mapping(heap: &Heap, view: Value) -> Value {
    heap.parts(view).values.front().copied().unwrap_or_default()
}

/// The view of a dict that shows what `view` shows now; any other value is its own. Does not collect.
fn of_dict(ctx: &mut Ctx<'_>, view: Value) -> Result<Value, Raise> {
    let Value::Host(at) = view else { return Ok(view) };
    let kind = match ctx.heap[at].kind {
        kind if kind.is(&KEYS_VIEW) => ViewKind::Keys,
        kind if kind.is(&ITEMS_VIEW) => ViewKind::Items,
        kind if kind.is(&VALUES_VIEW) => ViewKind::Values,
        _ => return Ok(view),
    };
    let mapping = mapping(ctx.heap, view);
    let dict = hooks::entries(ctx, mapping)?.unwrap_or_default();
    Ok(Value::DictView(ctx.heap.insert(DictView { kind, dict })))
}

fn compare(ctx: &mut Ctx<'_>, _: CompareOp, a: Value, b: Value) -> Result<Compared, Raise> {
    let a = of_dict(ctx, a)?;
    Ok(Compared::As(a, of_dict(ctx, b)?))
}

fn binary(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> Result<Option<Value>, Raise> {
    if !matches!(op, BinaryOp::And | BinaryOp::Or | BinaryOp::Xor | BinaryOp::Sub) {
        return Ok(None);
    }
    let root = ctx.heap.scratch.len();
    let result = of_dict(ctx, a).and_then(|a| {
        ctx.heap.scratch.push(a);
        let b = of_dict(ctx, b)?;
        ctx.heap.scratch.push(b);
        number::binary(ctx, op, a, b).map(Some)
    });
    ctx.heap.scratch.truncate(root);
    result
}

fn is_disjoint(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let common = binary(ctx, BinaryOp::And, args[0], args[1])?.unwrap_or_default();
    Ok(Value::bool(!types::truthy(ctx.heap, common)).into())
}
