//! Which type a value has.
//!
//! In: a value. Out: its type as [`TypeId`], as a value or as the name that messages use. Rule: constant time.

use std::rc::Rc;

use super::{exception, hooks};
use crate::heap::{Heap, HostException, HostType, Owner};
use crate::object::types::TypeId;
use crate::object::{Iter, TypeKind, ViewKind};
use crate::value::Value;

/// The type of `v` as a value; types made by scripts included.
pub fn type_of(heap: &Heap, v: Value) -> Value {
    match v {
        Value::Struct(at) => match heap[at].class {
            class @ Value::Type(_) => class,
            _ => TypeId::Struct.value(),
        },
        Value::Exception(at) => heap[at].class,
        Value::Host(at) => heap[at].class,
        Value::Dict(at) => heap[at].kind.as_ref().map_or(TypeId::Dict.value(), |kind| kind.class),
        Value::Tuple(at) => heap[at].named().unwrap_or(TypeId::Tuple.value()),
        _ => type_id(heap, v).value(),
    }
}

/// The built-in type of `v`; for a struct `Struct`, for an exception of a script's type its nearest built-in base.
#[inline]
pub fn type_id(heap: &Heap, v: Value) -> TypeId {
    match v {
        Value::Int(_) | Value::BigInt(_) => TypeId::Int,
        Value::Float(_) => TypeId::Float,
        Value::Str(_) => TypeId::Str,
        Value::List(_) | Value::ListState(_) => TypeId::List,
        Value::Dict(_) => TypeId::Dict,
        Value::Tuple(_) => TypeId::Tuple,
        Value::Bool(_) => TypeId::Bool,
        _ => rare_type_id(heap, v),
    }
}

fn rare_type_id(heap: &Heap, v: Value) -> TypeId {
    match v {
        Value::Undef | Value::Cell(_) | Value::RangeState(_) => TypeId::Object,
        Value::None => TypeId::NoneType,
        Value::Ellipsis => TypeId::Ellipsis,
        Value::Bool(_) => TypeId::Bool,
        Value::Int(_) | Value::BigInt(_) => TypeId::Int,
        Value::Float(_) => TypeId::Float,
        Value::Native(number) => native_type(heap, number),
        Value::Type(_) => TypeId::Type,
        Value::Str(_) => TypeId::Str,
        Value::Bytes(_) => TypeId::Bytes,
        Value::List(_) | Value::ListState(_) => TypeId::List,
        Value::Tuple(_) => TypeId::Tuple,
        Value::Dict(_) => TypeId::Dict,
        Value::Set(_) => TypeId::Set,
        Value::FrozenSet(_) => TypeId::FrozenSet,
        Value::Range(_) => TypeId::Range,
        Value::Slice(_) => TypeId::Slice,
        Value::Function(_) => TypeId::Function,
        Value::BoundMethod(at) => match heap[at].method {
            Value::Native(_) => TypeId::Builtin,
            _ => TypeId::Method,
        },
        Value::Iter(at) => iter_type(heap, &heap[at]),
        Value::Generator(_) => TypeId::Generator,
        Value::Exception(at) => exception::builtin_base(heap, heap[at].class),
        Value::Struct(_) => TypeId::Struct,
        Value::DictView(at) => match heap[at].kind {
            ViewKind::Keys => TypeId::DictKeys,
            ViewKind::Values => TypeId::DictValues,
            ViewKind::Items => TypeId::DictItems,
        },
        Value::Module(_) => TypeId::Module,
        Value::Host(_) => TypeId::Object,
    }
}

/// A native read from a type (`str.upper`) is a method descriptor, any other a built-in function.
fn native_type(heap: &Heap, number: u64) -> TypeId {
    match heap.natives.get(number).owner {
        Some(_) => TypeId::MethodDescriptor,
        None => TypeId::Builtin,
    }
}

fn iter_type(heap: &Heap, iter: &Iter) -> TypeId {
    match iter {
        Iter::Done | Iter::List { .. } => TypeId::ListIterator,
        Iter::ListReversed { .. } => TypeId::ListReverseIterator,
        Iter::Tuple { .. } => TypeId::TupleIterator,
        Iter::Reversed { .. } => TypeId::Reversed,
        Iter::Str { text: Value::Str(at), .. } if heap[*at].is_ascii() => TypeId::StrAsciiIterator,
        Iter::Str { .. } => TypeId::StrIterator,
        Iter::Bytes { .. } => TypeId::BytesIterator,
        Iter::Range { .. } => TypeId::RangeIterator,
        Iter::BigRange { .. } => TypeId::LongRangeIterator,
        Iter::Dict { kind, reversed, .. } => match (kind, reversed) {
            (ViewKind::Keys, false) => TypeId::DictKeyIterator,
            (ViewKind::Values, false) => TypeId::DictValueIterator,
            (ViewKind::Items, false) => TypeId::DictItemIterator,
            (ViewKind::Keys, true) => TypeId::DictReverseKeyIterator,
            (ViewKind::Values, true) => TypeId::DictReverseValueIterator,
            (ViewKind::Items, true) => TypeId::DictReverseItemIterator,
        },
        Iter::Set { .. } => TypeId::SetIterator,
        Iter::Enumerate { .. } => TypeId::Enumerate,
        Iter::Zip { .. } => TypeId::Zip,
        Iter::Map { .. } => TypeId::Map,
        Iter::Filter { .. } => TypeId::Filter,
        Iter::Call { .. } => TypeId::CallableIterator,
    }
}

/// The name of the type of `v`, as messages have it: `int`, `NoneType`, `Point`, `collections.deque`.
pub fn type_name(heap: &Heap, v: Value) -> Rc<str> {
    match type_of(heap, v) {
        Value::Type(number) => message_name(heap, number),
        _ => Rc::from("object"),
    }
}

/// The name of the type numbered `class`, as messages have it.
pub fn message_name(heap: &Heap, class: u64) -> Rc<str> {
    let host = heap.as_user_type(class).and_then(|user| heap[user].host);
    match host {
        Some(kind) if kind.hooks.full_name => full_name(heap, Value::Type(class)),
        _ => heap.type_name(class),
    }
}

/// The name of a type with its module, where it has one: `datetime.date`.
pub fn full_name(heap: &Heap, class: Value) -> Rc<str> {
    let Value::Type(number) = class else { return Rc::from("object") };
    match heap.as_user_type(number) {
        Some(user) if !heap[user].module.is_empty() => {
            Rc::from(format!("{}.{}", heap[user].module, heap[user].name))
        }
        _ => heap.type_name(number),
    }
}

/// Whether the type numbered `a` in `Value::Type` is `b` or derives from it.
pub fn is_subtype(heap: &Heap, a: u64, b: u64) -> bool {
    let mut at = a;
    while at != b {
        match (TypeId::from_number(at), TypeId::from_number(b), heap.as_user_type(at)) {
            (Some(builtin), Some(other), _) => return builtin.is_subtype(other),
            (Some(_), None, _) => return false,
            (None, other, Some(user)) => match heap[user].base {
                _ if heap[user].exception.is_some_and(|own| also(own, other)) => return true,
                Value::Type(base) => at = base,
                // A struct type whose base was left out.
                _ if heap[user].kind == TypeKind::Struct => at = TypeId::Struct as u64,
                _ => at = TypeId::Exception as u64,
            },
            (None, _, None) => return false,
        }
    }
    true
}

/// Whether the second base of an exception type, if it has one, is `other` or derives from it.
fn also(exception: &HostException, other: Option<TypeId>) -> bool {
    matches!((exception.also, other), (Some(also), Some(other)) if also.is_subtype(other))
}

/// Whether the type of `v` is the type numbered `class` or derives from it.
pub fn is_instance(heap: &Heap, v: Value, class: u64) -> bool {
    match type_of(heap, v) {
        Value::Type(number) => is_subtype(heap, number, class),
        _ => false,
    }
}

/// Whether `v` can be the receiver of a method of `owner`.
#[inline]
pub fn belongs(heap: &Heap, v: Value, owner: Owner) -> bool {
    match owner {
        Owner::Type(class) => {
            let own = type_id(heap, v);
            own == class || own.is_subtype(class)
        }
        Owner::Host(class) => heap.behaviour(v).is_some_and(|own| own.is(class)),
    }
}

/// `callable(v)`.
pub fn is_callable(heap: &Heap, v: Value) -> bool {
    match v {
        Value::Function(_) | Value::Native(_) | Value::BoundMethod(_) | Value::Type(_) => true,
        Value::Host(_) => hooks::find(heap, v, |hooks| hooks.call).is_some(),
        _ => false,
    }
}

/// `bool(v)`.
#[inline]
pub fn truthy(heap: &Heap, v: Value) -> bool {
    match v {
        Value::Bool(b) => b != 0,
        Value::None => false,
        Value::Int(i) => i != 0,
        Value::Float(_) => v.as_float() != Some(0.0),
        Value::Str(at) => !heap[at].as_str().is_empty(),
        Value::List(at) => !heap[at].items().is_empty(),
        Value::Dict(at) => !heap[at].table().is_empty(),
        _ => rare_truthy(heap, v),
    }
}

fn rare_truthy(heap: &Heap, v: Value) -> bool {
    match v {
        Value::Undef => false,
        Value::Tuple(at) => !heap[at].items().is_empty(),
        Value::Set(at) => !heap[at].table().is_empty(),
        Value::FrozenSet(at) => !heap[at].table().is_empty(),
        Value::Bytes(at) => !heap[at].as_slice().is_empty(),
        Value::Range(at) => heap[at].length != Value::Int(0),
        Value::DictView(at) => truthy_view(heap, heap[at].dict),
        Value::Host(at) => truthy_host(heap, v, heap[at].kind),
        _ => true,
    }
}

/// What its type says, else whether its length is not 0, else true.
fn truthy_host(heap: &Heap, v: Value, kind: &'static HostType) -> bool {
    if let Some(truth) = kind.hook(|hooks| hooks.truth) {
        return truth(heap, v);
    }
    kind.hook(|hooks| hooks.len).is_none_or(|len| len(heap, v) != 0)
}

/// A view is empty when its dict is.
fn truthy_view(heap: &Heap, dict: Value) -> bool {
    match dict {
        Value::Dict(at) => !heap[at].table().is_empty(),
        _ => false,
    }
}
