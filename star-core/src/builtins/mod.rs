//! The functions, types and methods of the language itself.
//!
//! In: a name, or a type. Out: natives. Rules: a native is named by its group and its place in it, so a name costs
//! an isolate nothing; each group is sorted by name.

use std::sync::LazyLock;

use crate::heap::{Args, Arity, Ctx, Native, NativeFn, NativeResult, Owner, Raise};
use crate::host::arguments::{self, MAX_PARAMETERS};
use crate::object::types::TypeId;
use crate::object::{TypeKind, UserType};
use crate::value::{Ref, Value};

pub mod attribute;
pub mod bytes;
pub mod characters;
pub mod dict;
pub mod dict_view;
mod direct;
pub mod error;
pub mod exception;
pub mod extremes;
pub mod float;
pub mod functions;
pub mod generator;
pub mod help;
pub mod int;
pub mod iterators;
pub mod list;
pub mod modules;
pub mod numbers;
pub mod pair;
pub mod print;
pub mod range;
pub mod set;
pub mod slice;
pub mod sort;
pub mod str;
pub mod structure;
pub mod sum;
pub mod textual;
pub mod tuple;
pub mod types;

pub use direct::direct;

/// A function or constructor.
const fn function(name: &'static str, arity: Arity, call: NativeFn, doc: &'static str) -> Native {
    Native { name, owner: None, arity, doc, call, signature: None }
}

/// A method of `owner`.
const fn method(
    owner: TypeId,
    name: &'static str,
    arity: Arity,
    call: NativeFn,
    doc: &'static str,
) -> Native {
    Native { name, owner: Some(Owner::Type(owner)), arity, doc, call, signature: None }
}

/// A method was called with a receiver of a type that binding rules out.
#[cold]
fn wrong_receiver(ctx: &mut Ctx<'_>) -> Raise {
    ctx.error(TypeId::SystemError, "a method got the receiver of another type")
}

/// The built-in functions, sorted by name.
static FUNCTIONS: &[Native] = &[
    numbers::ABS,
    functions::ALL,
    functions::ANY,
    characters::ASCII,
    pair::ATTEMPT,
    characters::BIN,
    functions::CALLABLE,
    characters::CHR,
    numbers::DIVMOD,
    error::ERROR,
    attribute::FORMAT,
    attribute::GETATTR,
    attribute::HASATTR,
    functions::HASH,
    help::HELP,
    characters::HEX,
    functions::ID,
    functions::ISINSTANCE,
    iterators::ITER,
    functions::LEN,
    extremes::MAX,
    extremes::MIN,
    pair::MUST,
    iterators::NEXT,
    characters::OCT,
    characters::ORD,
    numbers::POW,
    print::PRINT,
    characters::REPR,
    modules::REQUIRE,
    numbers::ROUND,
    sort::SORTED,
    sum::SUM,
];

/// What calling a type does, sorted by name.
static CONSTRUCTORS: &[Native] = &[
    types::BOOL,
    bytes::BYTES,
    dict::DICT,
    iterators::ENUMERATE,
    iterators::FILTER,
    float::FLOAT,
    set::FROZENSET,
    int::INT,
    list::LIST,
    iterators::MAP,
    range::RANGE,
    iterators::REVERSED,
    set::SET,
    slice::SLICE,
    str::STR,
    structure::STRUCT,
    tuple::TUPLE,
    types::TYPE,
    iterators::ZIP,
];

/// The types with a constructor, parallel to [`CONSTRUCTORS`].
const CONSTRUCTED: [TypeId; 19] = [
    TypeId::Bool,
    TypeId::Bytes,
    TypeId::Dict,
    TypeId::Enumerate,
    TypeId::Filter,
    TypeId::Float,
    TypeId::FrozenSet,
    TypeId::Int,
    TypeId::List,
    TypeId::Map,
    TypeId::Range,
    TypeId::Reversed,
    TypeId::Set,
    TypeId::Slice,
    TypeId::Str,
    TypeId::Struct,
    TypeId::Tuple,
    TypeId::Type,
    TypeId::Zip,
];

/// Place of each type's constructor plus one, 0 where there is none.
const CONSTRUCTOR_OF: [u8; TypeId::ALL.len()] = {
    let mut places = [0; TypeId::ALL.len()];
    let mut i = 0;
    while i < CONSTRUCTED.len() {
        places[CONSTRUCTED[i] as usize] = i as u8 + 1;
        i += 1;
    }
    places
};

/// The groups of methods and whose they are.
const METHODS: [(TypeId, &[Native]); 16] = [
    (TypeId::Str, str::METHODS),
    (TypeId::Bytes, bytes::METHODS),
    (TypeId::List, list::METHODS),
    (TypeId::Dict, dict::METHODS),
    (TypeId::Set, set::METHODS),
    (TypeId::FrozenSet, set::FROZEN_METHODS),
    (TypeId::Tuple, tuple::METHODS),
    (TypeId::Int, int::METHODS),
    (TypeId::Float, float::METHODS),
    (TypeId::Range, range::METHODS),
    (TypeId::Slice, slice::METHODS),
    (TypeId::DictKeys, dict_view::KEYS_METHODS),
    (TypeId::DictItems, dict_view::ITEMS_METHODS),
    (TypeId::Generator, generator::METHODS),
    (TypeId::BaseException, exception::METHODS),
    (TypeId::Struct, structure::METHODS),
];

/// Groups before those of [`METHODS`]: functions and constructors.
const FIRST_METHODS: usize = 2;

/// Every group, for [`Natives`](crate::heap::Natives): functions, constructors, and the methods of each type.
pub static GROUPS: &[&[Native]] = &{
    let mut groups: [&[Native]; FIRST_METHODS + METHODS.len()] = [&[]; FIRST_METHODS + METHODS.len()];
    groups[0] = FUNCTIONS;
    groups[1] = CONSTRUCTORS;
    let mut i = 0;
    while i < METHODS.len() {
        groups[FIRST_METHODS + i] = METHODS[i].1;
        i += 1;
    }
    groups
};

/// The group with the methods of a type itself; those of its bases are apart.
pub fn group_of(type_id: TypeId) -> Option<usize> {
    METHODS.iter().position(|(owner, _)| *owner == type_id).map(|index| FIRST_METHODS + index)
}

/// What calling a built-in type does. For exception types see [`construct`].
#[inline]
pub fn constructor(type_id: TypeId) -> Option<&'static Native> {
    CONSTRUCTORS.get((CONSTRUCTOR_OF[type_id as usize] as usize).wrapping_sub(1))
}

/// What calling the type of this number does, if it is built in and no exception type.
#[inline]
pub(crate) fn constructor_of(number: u64) -> Option<&'static Native> {
    let place = *CONSTRUCTOR_OF.get(number as usize)? as usize;
    CONSTRUCTORS.get(place.wrapping_sub(1))
}

/// The constructor of a built-in type as a value, to be called like a function.
pub(crate) fn constructor_value(type_id: TypeId) -> Option<Value> {
    (CONSTRUCTOR_OF[type_id as usize] as u64).checked_sub(1).map(|index| Value::Native(1 << 16 | index))
}

/// Calls type `number` of `Value::Type`, made by a script or built in.
#[inline]
pub fn construct(ctx: &mut Ctx<'_>, number: u64, args: Args<'_>) -> NativeResult {
    match TypeId::from_number(number).and_then(constructor) {
        Some(native) => {
            let mut buffer = [Value::Undef; MAX_PARAMETERS];
            let args = arguments::bind(ctx, native, args, false, &mut buffer)?;
            (native.call)(ctx, args)
        }
        None => construct_other(ctx, number, args),
    }
}

fn construct_other(ctx: &mut Ctx<'_>, number: u64, args: Args<'_>) -> NativeResult {
    let user = ctx.heap.as_user_type(number);
    match (TypeId::from_number(number), user) {
        (_, Some(user)) if ctx.heap[user].kind == TypeKind::Struct => structure::construct(ctx, user, args),
        (_, Some(user)) if ctx.heap[user].kind == TypeKind::Host => construct_host(ctx, user, number, args),
        (_, Some(_)) => exception::construct(ctx, Value::Type(number), args),
        (Some(class), _) if class.is_exception() => exception::construct(ctx, Value::Type(number), args),
        _ => {
            let name = ctx.heap.type_name(number);
            Err(ctx.type_error(format!("cannot create '{name}' instances")))
        }
    }
}

/// Calls a host's type. Its constructor takes the type as well, if that is its owner: types derive from it.
fn construct_host(ctx: &mut Ctx<'_>, user: Ref<UserType>, number: u64, args: Args<'_>) -> NativeResult {
    let new = ctx.heap[user].host.and_then(|kind| kind.line().find_map(|kind| kind.new));
    let Some(native) = new else {
        let name = ctx.heap.type_name(number);
        return Err(ctx.type_error(format!("cannot create '{name}' instances")));
    };
    let mut buffer = [Value::Undef; MAX_PARAMETERS];
    if native.owner.is_none() {
        let args = arguments::bind(ctx, native, args, false, &mut buffer)?;
        return (native.call)(ctx, args);
    }
    let mut positional = vec![Value::Type(number)];
    positional.extend_from_slice(args.positional);
    let args = Args { positional: &positional, ..args };
    let args = arguments::bind_rest(ctx, native, args, &mut buffer)?;
    (native.call)(ctx, args)
}

/// Every builtin name in order, with its value.
static NAMES: LazyLock<Vec<(&'static str, Value)>> = LazyLock::new(|| {
    let functions = FUNCTIONS.iter().enumerate().map(|(i, native)| (native.name, Value::Native(i as u64)));
    let types = CONSTRUCTED.iter().map(|class| (class.name(), class.value()));
    let exceptions = TypeId::ALL.iter().filter(|class| class.is_exception());
    let exceptions = exceptions.map(|class| (class.name(), class.value()));
    let aliases = ["EnvironmentError", "IOError"].map(|name| (name, TypeId::OSError.value()));
    let mut names: Vec<_> = functions.chain(types).chain(exceptions).chain(aliases).collect();
    names.sort_unstable_by_key(|&(name, _)| name);
    names
});

/// What a global name means that no script has bound.
pub fn builtin(name: &str) -> Option<Value> {
    let index = NAMES.binary_search_by_key(&name, |&(known, _)| known).ok()?;
    Some(NAMES[index].1)
}

/// The names of all builtins.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|&(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_sorted_and_belong_to_one_type() {
        for group in GROUPS {
            assert!(group.is_sorted_by(|a, b| a.name < b.name), "{:?}", group.iter().map(|n| n.name));
            assert!(group.windows(2).all(|pair| pair[0].owner == pair[1].owner));
        }
        for (owner, methods) in METHODS {
            assert!(methods.iter().all(|method| method.owner == Some(Owner::Type(owner))), "{owner:?}");
        }
    }

    #[test]
    fn constructors_are_where_their_types_say() {
        for class in CONSTRUCTED {
            assert_eq!(constructor(class).map(|native| native.name), Some(class.name()));
        }
        assert!(constructor(TypeId::Generator).is_none());
    }

    #[test]
    fn names_are_found() {
        assert_eq!(
            builtin("len"),
            Some(Value::Native(FUNCTIONS.iter().position(|f| f.name == "len").unwrap() as u64))
        );
        assert_eq!(builtin("int"), Some(TypeId::Int.value()));
        assert_eq!(builtin("IOError"), Some(TypeId::OSError.value()));
        assert_eq!(builtin("nope"), None);
    }

    #[test]
    fn every_parameter_has_a_place() {
        for native in GROUPS.iter().copied().flatten() {
            let count = match native.arity {
                crate::heap::Arity::Named { names, .. } => names.len(),
                crate::heap::Arity::Positional(_, most) => most as usize,
                _ => 1,
            };
            assert!(count < MAX_PARAMETERS, "{}", native.name);
        }
    }
}
