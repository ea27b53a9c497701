//! Options, sequences, tuples, maps and sets.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher, Hash};

use super::{FromStar, IntoStar, Mismatch};
use crate::heap::{Ctx, Raise, TypeDesc};
use crate::ops::{compare, iterate, table};
use crate::value::Value;

impl<T: FromStar> FromStar for Option<T> {
    const TYPE: &'static TypeDesc = &TypeDesc::Optional(T::TYPE);

    #[inline]
    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<Option<T>, Mismatch> {
        match value {
            Value::None | Value::Undef => Ok(None),
            _ => T::from_star(ctx, value).map(Some),
        }
    }

    fn missing() -> Option<Option<T>> {
        Some(None)
    }
}

impl<T: IntoStar> IntoStar for Option<T> {
    const TYPE: &'static TypeDesc = &TypeDesc::Optional(T::TYPE);

    #[inline]
    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        self.map_or(Ok(Value::None), |value| value.into_star(ctx))
    }
}

impl<T: FromStar> FromStar for Box<T> {
    const TYPE: &'static TypeDesc = T::TYPE;

    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<Box<T>, Mismatch> {
        T::from_star(ctx, value).map(Box::new)
    }
}

impl<T: IntoStar> IntoStar for Box<T> {
    const TYPE: &'static TypeDesc = T::TYPE;

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        (*self).into_star(ctx)
    }
}

/// Nesting that a conversion follows: it is driven by Rust types, of which recursive ones would follow a value that
/// contains itself for ever.
pub(crate) const MAX_DEPTH: usize = 512;

/// Converts each item of a list, tuple, set, range or view.
fn items<T: FromStar>(ctx: &mut Ctx<'_>, value: Value, expected: &'static str) -> Result<Vec<T>, Mismatch> {
    if matches!(value, Value::Str(_) | Value::Bytes(_) | Value::Dict(_)) {
        return Err(Mismatch::new(ctx.heap, expected, value));
    }
    let root = ctx.heap.scratch.len();
    // Whatever is charged and reserved for collecting may free what is not rooted.
    ctx.heap.scratch.push(value);
    let result = collected(ctx, value, expected);
    ctx.heap.scratch.truncate(root);
    result
}

fn collected<T: FromStar>(
    ctx: &mut Ctx<'_>,
    value: Value,
    expected: &'static str,
) -> Result<Vec<T>, Mismatch> {
    if ctx.heap.conversion_depth >= MAX_DEPTH {
        return Err(Mismatch::value(ctx.heap, "a value that nests less deeply", value));
    }
    let count = iterate::count(ctx.heap, value);
    let Some(count) = count.filter(|_| !matches!(value, Value::Host(_))) else {
        return Err(Mismatch::new(ctx.heap, expected, value));
    };
    ctx.reserve_large(count.saturating_mul(size_of::<T>().max(size_of::<Value>())))?;
    let Some(values) = iterate::collect(ctx, value)? else {
        return Err(Mismatch::new(ctx.heap, expected, value));
    };
    ctx.heap.scratch.extend_from_slice(&values);
    ctx.heap.conversion_depth += 1;
    let convert =
        |(index, &item): (usize, &Value)| T::from_star(ctx, item).map_err(|wrong| wrong.at_index(index));
    let result = values.iter().enumerate().map(convert).collect();
    ctx.heap.conversion_depth -= 1;
    result
}

/// Makes each item and leaves it in the scratch, from where `finish` takes all of them.
fn build<T: IntoStar>(
    ctx: &mut Ctx<'_>,
    items: impl ExactSizeIterator<Item = T>,
    finish: impl FnOnce(&mut Ctx<'_>, usize) -> Result<Value, Raise>,
) -> Result<Value, Raise> {
    ctx.charge(items.len())?;
    ctx.reserve_large(items.len() * size_of::<Value>() * 2)?;
    let base = ctx.heap.scratch.len();
    let mut made = Ok(());
    for item in items {
        match item.into_star(ctx) {
            Ok(value) => ctx.heap.scratch.push(value),
            Err(raise) => {
                made = Err(raise);
                break;
            }
        }
    }
    let result = made.and_then(|()| finish(ctx, base));
    ctx.heap.scratch.truncate(base);
    result
}

fn list(ctx: &mut Ctx<'_>, base: usize) -> Result<Value, Raise> {
    let items = ctx.heap.scratch[base..].to_vec();
    Ok(ctx.heap.list(items))
}

macro_rules! sequences {
    ($($type:ident)*) => {$(
        impl<T: FromStar> FromStar for $type<T> {
            const TYPE: &'static TypeDesc = &TypeDesc::List(T::TYPE);

            fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<$type<T>, Mismatch> {
                items(ctx, value, "list").map(|items| items.into_iter().collect())
            }
        }

        impl<T: IntoStar> IntoStar for $type<T> {
            const TYPE: &'static TypeDesc = &TypeDesc::List(T::TYPE);

            fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
                build(ctx, self.into_iter(), list)
            }
        }
    )*};
}

sequences! { Vec VecDeque }

impl<T: FromStar, const N: usize> FromStar for [T; N] {
    const TYPE: &'static TypeDesc = &TypeDesc::Array(T::TYPE, N);

    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<[T; N], Mismatch> {
        let items = items::<T>(ctx, value, "list")?;
        let found = items.len();
        items.try_into().map_err(|_| {
            Mismatch::of(
                crate::object::types::TypeId::ValueError,
                format!("{N} items"),
                format!("{found} items"),
            )
        })
    }
}

impl<T: IntoStar, const N: usize> IntoStar for [T; N] {
    const TYPE: &'static TypeDesc = &TypeDesc::Array(T::TYPE, N);

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        build(ctx, self.into_iter(), list)
    }
}

macro_rules! tuples {
    ($(($($name:ident $index:tt),*))*) => {$(
        impl<$($name: FromStar),*> FromStar for ($($name,)*) {
            const TYPE: &'static TypeDesc = &TypeDesc::Tuple(&[$($name::TYPE),*]);

            fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<Self, Mismatch> {
                const COUNT: usize = [$($index),*].len();
                let Some(items) = ctx.heap.as_items(value) else {
                    return Err(Mismatch::new(ctx.heap, format!("tuple of {COUNT} items"), value));
                };
                let found = items.len();
                let Ok(items) = <[Value; COUNT]>::try_from(items) else {
                    let class = crate::object::types::TypeId::ValueError;
                    return Err(Mismatch::of(class, format!("{COUNT} items"), format!("{found} items")));
                };
                Ok(($($name::from_star(ctx, items[$index]).map_err(|wrong| wrong.at_index($index))?,)*))
            }
        }

        impl<$($name: IntoStar),*> IntoStar for ($($name,)*) {
            const TYPE: &'static TypeDesc = &TypeDesc::Tuple(&[$($name::TYPE),*]);

            fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
                let base = ctx.heap.scratch.len();
                $(match self.$index.into_star(ctx) {
                    Ok(value) => ctx.heap.scratch.push(value),
                    Err(raise) => {
                        ctx.heap.scratch.truncate(base);
                        return Err(raise);
                    }
                })*
                let items = ctx.heap.scratch[base..].to_vec();
                ctx.heap.scratch.truncate(base);
                Ok(ctx.heap.tuple(&items))
            }
        }
    )*};
}

tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
}

/// Converts each entry of a dict, or field of a struct.
fn entries<K: FromStar, V: FromStar>(ctx: &mut Ctx<'_>, value: Value) -> Result<Vec<(K, V)>, Mismatch> {
    let pairs: Vec<(Value, Value)> = match value {
        Value::Dict(at) => ctx.heap[at].table().entries().map(|entry| (entry.key, entry.value)).collect(),
        Value::Struct(at) => {
            let object = &ctx.heap[at];
            object.names.iter().copied().zip(object.values.iter().copied()).collect()
        }
        _ => return Err(Mismatch::new(ctx.heap, "dict", value)),
    };
    if ctx.heap.conversion_depth >= MAX_DEPTH {
        return Err(Mismatch::value(ctx.heap, "a value that nests less deeply", value));
    }
    ctx.charge(pairs.len())?;
    let root = ctx.heap.scratch.len();
    ctx.heap.scratch.push(value);
    ctx.heap.conversion_depth += 1;
    let convert = |(key, value): (Value, Value)| {
        let name = K::from_star(ctx, key).map_err(|wrong| wrong.at_key(ctx.heap, key))?;
        Ok((name, V::from_star(ctx, value).map_err(|wrong| wrong.at_key(ctx.heap, key))?))
    };
    let result = pairs.into_iter().map(convert).collect();
    ctx.heap.conversion_depth -= 1;
    ctx.heap.scratch.truncate(root);
    result
}

/// Makes a dict; `sorted` where the pairs come in no order that stays the same.
fn dict<K: IntoStar, V: IntoStar>(
    ctx: &mut Ctx<'_>,
    pairs: impl ExactSizeIterator<Item = (K, V)>,
    sorted: bool,
) -> Result<Value, Raise> {
    ctx.charge(pairs.len())?;
    ctx.reserve_large(pairs.len() * size_of::<Value>() * 4)?;
    let base = ctx.heap.scratch.len();
    let made = dict_of(ctx, pairs, sorted, base);
    ctx.heap.scratch.truncate(base);
    made
}

fn dict_of<K: IntoStar, V: IntoStar>(
    ctx: &mut Ctx<'_>,
    pairs: impl Iterator<Item = (K, V)>,
    sorted: bool,
    base: usize,
) -> Result<Value, Raise> {
    for (key, value) in pairs {
        let key = key.into_star(ctx)?;
        ctx.heap.scratch.push(key);
        let value = value.into_star(ctx)?;
        ctx.heap.scratch.push(value);
    }
    let mut made: Vec<(Value, Value)> = {
        let flat = &ctx.heap.scratch[base..];
        flat.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
    };
    if sorted {
        sort(ctx, &mut made, |pair| pair.0);
    }
    let dict = ctx.heap.dict();
    ctx.heap.scratch.push(Value::Dict(dict));
    for (key, value) in made {
        table::dict_set(ctx, dict, key, value)?;
    }
    Ok(Value::Dict(dict))
}

/// Sorts texts and numbers, so that what a hash map gives is the same every time; of other keys the order is the map's.
fn sort<T>(ctx: &Ctx<'_>, items: &mut [T], key: impl Fn(&T) -> Value) {
    let order = |a: &T, b: &T| compare::compare_key(ctx.heap, key(a), key(b)).unwrap_or(Ordering::Equal);
    items.sort_by(order);
}

impl<K: FromStar + Eq + Hash, V: FromStar, S: BuildHasher + Default> FromStar for HashMap<K, V, S> {
    const TYPE: &'static TypeDesc = &TypeDesc::Dict(K::TYPE, V::TYPE);

    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<Self, Mismatch> {
        entries(ctx, value).map(|pairs| pairs.into_iter().collect())
    }
}

/// Sorted by key, where the keys are texts or numbers.
impl<K: IntoStar, V: IntoStar, S> IntoStar for HashMap<K, V, S> {
    const TYPE: &'static TypeDesc = &TypeDesc::Dict(K::TYPE, V::TYPE);

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        dict(ctx, self.into_iter(), true)
    }
}

impl<K: FromStar + Ord, V: FromStar> FromStar for BTreeMap<K, V> {
    const TYPE: &'static TypeDesc = &TypeDesc::Dict(K::TYPE, V::TYPE);

    fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<Self, Mismatch> {
        entries(ctx, value).map(|pairs| pairs.into_iter().collect())
    }
}

impl<K: IntoStar, V: IntoStar> IntoStar for BTreeMap<K, V> {
    const TYPE: &'static TypeDesc = &TypeDesc::Dict(K::TYPE, V::TYPE);

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        dict(ctx, self.into_iter(), false)
    }
}

fn set(ctx: &mut Ctx<'_>, base: usize) -> Result<Value, Raise> {
    let mut items = ctx.heap.scratch[base..].to_vec();
    sort(ctx, &mut items, |&item| item);
    table::build_set(ctx, &items).map(Value::Set)
}

macro_rules! sets {
    ($($type:ident<$bound:ident $(+ $more:ident)? $(, $hasher:ident: $first:ident + $second:ident)?>)*) => {$(
        impl<T: FromStar + $bound $(+ $more)? $(, $hasher: $first + $second)?> FromStar for $type<T $(, $hasher)?> {
            const TYPE: &'static TypeDesc = &TypeDesc::Set(T::TYPE);

            fn from_star(ctx: &mut Ctx<'_>, value: Value) -> Result<Self, Mismatch> {
                items(ctx, value, "set").map(|items| items.into_iter().collect())
            }
        }

        impl<T: IntoStar $(, $hasher)?> IntoStar for $type<T $(, $hasher)?> {
            const TYPE: &'static TypeDesc = &TypeDesc::Set(T::TYPE);

            fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
                build(ctx, self.into_iter(), set)
            }
        }
    )*};
}

sets! { HashSet<Eq + Hash, S: BuildHasher + Default> BTreeSet<Ord> }
