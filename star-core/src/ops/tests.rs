//! What only data of unusual shape shows: depth, sharing, cycles.

use super::{DATA_DEPTH, compare, hash, repr, table};
use crate::ast::CompareOp;
use crate::heap::{Ctx, End, Heap, Natives, Raise};
use crate::meter::{Exceeded, Limits};
use crate::object::types::TypeId;
use crate::value::Value;

fn heap() -> Heap {
    Heap::new(Limits::default(), Natives::new(&[]), (1, 2))
}

/// `v`, then `(v,)` or `[v, v]` and so on, `times` times.
fn nest(heap: &mut Heap, times: usize, wrap: fn(&mut Heap, Value) -> Value) -> Value {
    (0..times).fold(Value::Int(1), |v, _| wrap(heap, v))
}

fn pair(heap: &mut Heap, v: Value) -> Value {
    heap.tuple(&[v, v])
}

fn list_pair(heap: &mut Heap, v: Value) -> Value {
    heap.list(vec![v, v])
}

fn one(heap: &mut Heap, v: Value) -> Value {
    heap.tuple(&[v])
}

#[track_caller]
fn check_class<T: std::fmt::Debug>(ctx: &Ctx<'_>, result: Result<T, Raise>, class: TypeId) {
    match result {
        Err(Raise::Exception(at)) => assert_eq!(ctx.heap[at].class, class.value()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn shared_parts_are_walked_once() {
    let mut heap = heap();
    let (a, b) = (nest(&mut heap, 60, list_pair), nest(&mut heap, 60, list_pair));
    let (s, t) = (nest(&mut heap, 60, pair), nest(&mut heap, 60, pair));
    let mut ctx = Ctx::new(&mut heap, &());
    assert_eq!(compare::equal(&mut ctx, a, b), Ok(true));
    assert_eq!(compare::order(&mut ctx, CompareOp::Lt, a, b), Ok(false));
    assert_eq!(compare::order(&mut ctx, CompareOp::Ge, s, t), Ok(true));
    assert_eq!(hash::table_hash(&mut ctx, s), hash::table_hash(&mut ctx, t));
    assert_eq!(hash::script_hash(&mut ctx, s), hash::script_hash(&mut ctx, t));
    assert!(ctx.heap.meter.take_pending() < 100_000);
    // Written out it is 2^60 items long: that ends by a limit.
    assert_eq!(repr::repr(&mut ctx, a), Err(Raise::End(End::Limit(Exceeded::Memory))));
}

#[test]
fn depth_is_limited() {
    let mut heap = heap();
    let (a, b) = (nest(&mut heap, DATA_DEPTH, one), nest(&mut heap, DATA_DEPTH, one));
    // `repr` collects.
    heap.scratch.extend([a, b]);
    let mut ctx = Ctx::new(&mut heap, &());
    assert_eq!(compare::equal(&mut ctx, a, b), Ok(true));
    assert_eq!(compare::order(&mut ctx, CompareOp::Le, a, b), Ok(true));
    assert_eq!(hash::table_hash(&mut ctx, a), hash::table_hash(&mut ctx, b));
    assert_eq!(repr::repr(&mut ctx, a).map(|text| text.len()), Ok(3 * DATA_DEPTH + 1));
    // Two more, as the innermost needs no place on a stack where its items are looked at at once.
    let [a, b] = [a, b].map(|v| {
        let v = one(ctx.heap, v);
        one(ctx.heap, v)
    });
    ctx.heap.scratch.extend([a, b]);
    let equal = compare::equal(&mut ctx, a, b);
    check_class(&ctx, equal, TypeId::RecursionError);
    let order = compare::order(&mut ctx, CompareOp::Lt, a, b);
    check_class(&ctx, order, TypeId::RecursionError);
    let hash = hash::table_hash(&mut ctx, a);
    check_class(&ctx, hash, TypeId::RecursionError);
    let repr = repr::repr(&mut ctx, a);
    check_class(&ctx, repr, TypeId::RecursionError);
}

#[test]
fn nested_frozensets_do_not_recurse() {
    let mut heap = heap();
    let mut ctx = Ctx::new(&mut heap, &());
    let mut sets = [Value::Int(1), Value::Int(1)];
    for _ in 0..20_000 {
        sets = sets.map(|item| {
            let set = table::build_set(&mut ctx, &[item]).expect("hashable");
            let keys = ctx.heap[set].table().clone();
            ctx.heap.frozen_set(keys)
        });
    }
    assert_eq!(compare::equal(&mut ctx, sets[0], sets[1]), Ok(true));
    assert_eq!(hash::script_hash(&mut ctx, sets[0]), hash::script_hash(&mut ctx, sets[1]));
}

#[test]
fn cycles_are_abbreviated() {
    let mut heap = heap();
    let list = heap.list(vec![]);
    let Value::List(at) = list else { unreachable!() };
    let dict = heap.dict();
    let mut ctx = Ctx::new(&mut heap, &());
    table::dict_set_str(&mut ctx, dict, "x", list).expect("small");
    table::dict_set_str(&mut ctx, dict, "d", Value::Dict(dict)).expect("small");
    ctx.heap.list_push(at, Value::Dict(dict));
    ctx.heap.list_push(at, list);
    assert_eq!(repr::repr(&mut ctx, list).as_deref(), Ok("[{'x': [...], 'd': {...}}, [...]]"));
    let other = ctx.heap.list(vec![Value::Dict(dict), list]);
    assert_eq!(compare::equal(&mut ctx, list, other), Ok(true));
}

#[test]
fn numbers_hash_as_they_compare() {
    let mut heap = heap();
    let two_64 = heap.int128(1 << 64);
    let mut ctx = Ctx::new(&mut heap, &());
    for (a, b) in [
        (Value::Int(1), Value::bool(true)),
        (Value::Int(-7), Value::float(-7.0)),
        (Value::Int(0), Value::float(-0.0)),
        (two_64, Value::float(18_446_744_073_709_551_616.0)),
        (Value::Int(i64::MIN), Value::float(-9_223_372_036_854_775_808.0)),
    ] {
        assert_eq!(compare::equal(&mut ctx, a, b), Ok(true), "{a:?}");
        assert_eq!(hash::table_hash(&mut ctx, a), hash::table_hash(&mut ctx, b), "{a:?}");
        assert_eq!(hash::script_hash(&mut ctx, a), hash::script_hash(&mut ctx, b), "{a:?}");
    }
}
