//! Identity, equality, order and membership.
//!
//! In: two values. Out: whether they stand in the relation. Rule: nothing here collects, so a caller may hold values
//! in locals; items of containers count as equal when they are identical, as in CPython.

mod asked;
mod equality;
mod membership;
mod ordering;

use std::cmp::Ordering;

pub use asked::{compare_by_call, comparison};
pub(super) use equality::subset;
pub use membership::{contains, contains_native};

use super::{hooks, number};
use crate::ast::CompareOp;
use crate::heap::{Ctx, Heap, Raise};
use crate::object::types::TypeId;
use crate::object::{Range, ViewKind};
use crate::value::{Ref, Value};

/// `a is b`. Ints and floats of one value, bit by bit, are one object; so are empty tuples only if made once.
#[inline]
pub fn is_same(a: Value, b: Value) -> bool {
    a == b
}

/// `a == b`. RecursionError beyond [`DATA_DEPTH`](super::DATA_DEPTH).
#[inline]
pub fn equal(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<bool, Raise> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Ok(a == b),
        (Value::Float(a), Value::Float(b)) => Ok(f64::from_bits(a) == f64::from_bits(b)),
        (Value::Str(x), Value::Str(y))
            if x == y || ctx.heap[x].as_str().len() != ctx.heap[y].as_str().len() =>
        {
            Ok(x == y)
        }
        _ => equal_rest(ctx, a, b),
    }
}

#[inline(never)]
fn equal_rest(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<bool, Raise> {
    ctx.charge(text_cost(ctx.heap, a, b))?;
    match shallow(ctx.heap, a, b) {
        Shallow::Equal => Ok(true),
        Shallow::Unequal => Ok(false),
        Shallow::Deep => equality::deep(ctx, a, b),
    }
}

/// Whether items `a` and `b` of containers count as equal: identical or equal.
#[inline]
pub fn same_item(ctx: &mut Ctx<'_>, a: Value, b: Value) -> Result<bool, Raise> {
    if a == b { Ok(true) } else { equal(ctx, a, b) }
}

/// `a op b` for one of `< <= > >=`; `== !=` are answered too. TypeError `'<' not supported between instances of
/// 'int' and 'str'`.
#[inline]
pub fn order(ctx: &mut Ctx<'_>, op: CompareOp, a: Value, b: Value) -> Result<bool, Raise> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Ok(holds(op, Some(a.cmp(&b)))),
        (Value::Float(_), Value::Float(_)) => {
            let (Some(a), Some(b)) = (a.as_float(), b.as_float()) else { return Ok(false) };
            Ok(holds(op, a.partial_cmp(&b)))
        }
        _ => ordering::order(ctx, op, a, b),
    }
}

/// Whether `op` holds between two things that compare as `ordering`; `None` is unordered.
#[inline]
pub fn holds(op: CompareOp, ordering: Option<Ordering>) -> bool {
    match op {
        CompareOp::Lt => ordering == Some(Ordering::Less),
        CompareOp::Le => matches!(ordering, Some(Ordering::Less | Ordering::Equal)),
        CompareOp::Gt => ordering == Some(Ordering::Greater),
        CompareOp::Ge => matches!(ordering, Some(Ordering::Greater | Ordering::Equal)),
        CompareOp::Eq | CompareOp::Is => ordering == Some(Ordering::Equal),
        CompareOp::Ne | CompareOp::IsNot => ordering != Some(Ordering::Equal),
        CompareOp::In | CompareOp::NotIn => false,
    }
}

/// The order of two small ints, two floats or two strs; `None` for anything else, and for NaN. For sorts of plain
/// keys, which test for the types once and then compare with this.
#[inline]
pub fn compare_key(heap: &Heap, a: Value, b: Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(&b)),
        (Value::Float(a), Value::Float(b)) => f64::from_bits(a).partial_cmp(&f64::from_bits(b)),
        // UTF-8 sorts by code point.
        (Value::Str(a), Value::Str(b)) => Some(heap[a].as_str().cmp(heap[b].as_str())),
        _ => None,
    }
}

/// What can be said of two values without looking into their items.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shallow {
    Equal,
    Unequal,
    /// Their items decide.
    Deep,
}

impl From<bool> for Shallow {
    #[inline]
    fn from(equal: bool) -> Shallow {
        if equal { Shallow::Equal } else { Shallow::Unequal }
    }
}

/// `a == b` as far as it can be told without looking into items.
#[inline]
pub(super) fn shallow(heap: &Heap, a: Value, b: Value) -> Shallow {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => (a == b).into(),
        (Value::Str(x), Value::Str(y)) => (x == y || heap[x].as_str() == heap[y].as_str()).into(),
        _ => shallow_rest(heap, a, b),
    }
}

fn shallow_rest(heap: &Heap, a: Value, b: Value) -> Shallow {
    // Only numbers can be identical and unequal (NaN).
    match (number::is_number(a), number::is_number(b)) {
        (true, true) => return (number::compare(heap, a, b) == Some(Some(Ordering::Equal))).into(),
        (false, false) => {}
        _ if matches!((a, b), (Value::Host(_), _) | (_, Value::Host(_))) => return Shallow::Deep,
        _ => return Shallow::Unequal,
    }
    if a == b {
        return Shallow::Equal;
    }
    if hooks::compares(heap, a, b) {
        return Shallow::Deep;
    }
    plain_shallow(heap, a, b)
}

/// [`shallow`] of what is no number, whatever its type says of comparisons.
fn plain_shallow(heap: &Heap, a: Value, b: Value) -> Shallow {
    use Value::{BoundMethod, Bytes, Dict, DictView, FrozenSet, List, Range, Set, Slice, Struct, Tuple};
    if a == b {
        return Shallow::Equal;
    }
    match (a, b) {
        (Bytes(x), Bytes(y)) => (heap[x].as_slice() == heap[y].as_slice()).into(),
        (List(x), List(y)) => sized(heap[x].items().len(), heap[y].items().len()),
        (Tuple(x), Tuple(y)) => flat(heap, heap[x].items(), heap[y].items()),
        (Dict(x), Dict(y)) => sized(heap[x].table().len(), heap[y].table().len()),
        (Range(x), Range(y)) => same_range(heap, x, y).into(),
        (Slice(_), Slice(_)) => Shallow::Deep,
        (Struct(x), Struct(y)) if heap[x].class != heap[y].class => Shallow::Unequal,
        (Struct(x), Struct(y)) => sized(heap[x].values.len(), heap[y].values.len()),
        (BoundMethod(x), BoundMethod(y)) => {
            (heap[x].receiver == heap[y].receiver && heap[x].method == heap[y].method).into()
        }
        (Set(_) | FrozenSet(_) | DictView(_), Set(_) | FrozenSet(_) | DictView(_)) => {
            match (set_len(heap, a), set_len(heap, b)) {
                (Some(a), Some(b)) => sized(a, b),
                _ => Shallow::Unequal,
            }
        }
        _ => Shallow::Unequal,
    }
}

/// Short tuples of numbers and short texts, which most tuples used as keys are, need no deep comparison.
fn flat(heap: &Heap, a: &[Value], b: &[Value]) -> Shallow {
    if a.len() != b.len() {
        return Shallow::Unequal;
    }
    if a.len() > 8 {
        return Shallow::Deep;
    }
    for (&a, &b) in a.iter().zip(b) {
        if a == b {
            continue;
        }
        match (a, b) {
            (Value::Int(_), Value::Int(_)) => return Shallow::Unequal,
            (Value::Str(x), Value::Str(y)) if heap[x].as_str().len() <= 256 => {
                if heap[x].as_str() != heap[y].as_str() {
                    return Shallow::Unequal;
                }
            }
            _ => return Shallow::Deep,
        }
    }
    Shallow::Equal
}

fn sized(a: usize, b: usize) -> Shallow {
    match (a, b) {
        (0, 0) => Shallow::Equal,
        _ if a != b => Shallow::Unequal,
        _ => Shallow::Deep,
    }
}

/// Number of items of a set, frozenset, keys view or items view; `None` for anything else.
pub(super) fn set_len(heap: &Heap, v: Value) -> Option<usize> {
    match v {
        Value::Set(at) => Some(heap[at].table().len()),
        Value::FrozenSet(at) => Some(heap[at].table().len()),
        Value::DictView(at) => match (heap[at].kind, heap[at].dict) {
            (ViewKind::Keys | ViewKind::Items, Value::Dict(dict)) => Some(heap[dict].table().len()),
            _ => None,
        },
        _ => None,
    }
}

/// Ranges are equal when they hold the same numbers.
fn same_range(heap: &Heap, a: Ref<Range>, b: Ref<Range>) -> bool {
    let same = |a, b| number::compare(heap, a, b) == Some(Some(Ordering::Equal));
    let (a, b) = (&heap[a], &heap[b]);
    match a.length {
        _ if !same(a.length, b.length) => false,
        Value::Int(0) => true,
        Value::Int(1) => same(a.bounds[0], b.bounds[0]),
        _ => same(a.bounds[0], b.bounds[0]) && same(a.bounds[2], b.bounds[2]),
    }
}

/// Steps for comparing two texts of the same length, above a length that pays for the counting.
#[inline]
pub(super) fn text_cost(heap: &Heap, a: Value, b: Value) -> usize {
    let cost = |a: usize, b: usize| if a == b && a > 256 { a / 16 } else { 0 };
    match (a, b) {
        (Value::Str(a), Value::Str(b)) => cost(heap[a].as_str().len(), heap[b].as_str().len()),
        (Value::Bytes(a), Value::Bytes(b)) => cost(heap[a].as_slice().len(), heap[b].as_slice().len()),
        (Value::BigInt(a), Value::BigInt(b)) => {
            cost(heap[a].value.bits() as usize / 8, heap[b].value.bits() as usize / 8)
        }
        _ => 0,
    }
}

/// RecursionError, as CPython words it in comparisons.
#[cold]
pub(super) fn too_deep(ctx: &mut Ctx<'_>) -> Raise {
    ctx.error(TypeId::RecursionError, "maximum recursion depth exceeded in comparison")
}
