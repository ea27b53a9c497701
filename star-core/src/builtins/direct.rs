//! Natives that `map`, `filter`, `sorted`, `min` and `max` call at once instead of asking the VM.
//!
//! In: the function they were given. Out: how to call it, if it is a native that never asks for a script and takes
//! so many arguments by position. Rule: whatever walks an iterable is not among them.

use super::constructor_value;
use crate::heap::{Arity, Heap, Native, Owner, TypeDesc};
use crate::object::types::TypeId;
use crate::ops::attribute;
use crate::value::Value;

/// Functions that only look at what they are given.
const PLAIN: &[&str] = &[
    "abs",
    "ascii",
    "bin",
    "callable",
    "chr",
    "divmod",
    "format",
    "hash",
    "hex",
    "id",
    "isinstance",
    "len",
    "oct",
    "ord",
    "pow",
    "repr",
    "round",
];

/// The same for methods of containers.
const PLAIN_METHODS: &[(TypeId, &str)] = &[
    (TypeId::Dict, "get"),
    (TypeId::Dict, "pop"),
    (TypeId::Dict, "setdefault"),
    (TypeId::List, "append"),
    (TypeId::List, "count"),
    (TypeId::List, "index"),
    (TypeId::List, "pop"),
    (TypeId::Set, "add"),
    (TypeId::Tuple, "count"),
    (TypeId::Tuple, "index"),
];

/// The most arguments that are handed on.
const MOST: usize = 4;

/// What to give to [`call_direct`](crate::ops::iterate::call_direct) for `function`, called with `given` arguments.
pub fn direct(heap: &Heap, function: Value, given: usize) -> Option<Value> {
    let (callee, receiver) = match function {
        Value::Type(number) => match TypeId::from_number(number)? {
            class @ (TypeId::Bool | TypeId::Float | TypeId::Int | TypeId::Str) => {
                (constructor_value(class)?, 0)
            }
            _ => return None,
        },
        Value::Native(_) => (function, 0),
        Value::BoundMethod(at) => (heap[at].method, 1),
        _ => return None,
    };
    let Value::Native(number) = callee else { return None };
    let native = heap.natives.get(number);
    if given > MOST || !takes(native, given + receiver) || !is_plain(native) {
        return None;
    }
    // A constructor stands for its type.
    Some(if receiver == 1 { function } else { callee })
}

fn takes(native: &Native, given: usize) -> bool {
    let Some(given) = given.checked_sub(native.owner.is_some() as usize) else { return false };
    let (least, most) = match native.arity {
        Arity::None => (0, 0),
        Arity::One => (1, 1),
        Arity::Positional(least, most) => (least, most),
        Arity::Named { required, positional, .. } | Arity::Script { required, positional, .. } => {
            (required, positional)
        }
        // It checks what it is given itself.
        Arity::Variadic | Arity::VariadicPositional => return true,
    };
    (least as usize..=most as usize).contains(&given)
}

fn is_plain(native: &Native) -> bool {
    let name = native.name;
    if let Some(signature) = native.signature {
        // What returns a value of a type of its own makes no request in its place.
        return !signature.waits && *signature.returns != TypeDesc::Any;
    }
    match native.owner {
        None => PLAIN.contains(&name) || matches!(name, "bool" | "float" | "int" | "str"),
        Some(Owner::Type(owner @ (TypeId::Str | TypeId::Bytes | TypeId::Int | TypeId::Float))) => {
            name != "join" && !attribute::is_class_method(owner, name)
        }
        Some(Owner::Type(owner)) => PLAIN_METHODS.contains(&(owner, name)),
        Some(Owner::Host(_)) => false,
    }
}
