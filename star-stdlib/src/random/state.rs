//! Seeds and states.
//!
//! In: a seed, or a state as a tuple. Out: a generator, or its state. Rule: what is a seed, and what comes of it, is as
//! in CPython, for every type of seed and both versions.

use num_bigint::BigUint;
use num_traits::{Signed, ToPrimitive};
use sha2::{Digest, Sha512};
use star::heap::Args;
use star::object::types::TypeId;
use star::ops::{hash, index, number};
use star::private::{Ctx, NativeResult, Raise, Value};

use super::source::{Generator, with};
use super::twister::{Twister, WORDS};
use super::{RANDOM, SYSTEM_RANDOM};
use crate::arguments::{integer, real};

/// Version of the states.
pub(super) const VERSION: i64 = 3;

/// `Random(x)`; the first argument is the type.
pub(super) fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    Ok(generator(ctx, args.get(1).unwrap_or(Value::None))?.into())
}

/// A generator with a seed, which is rooted.
pub(super) fn generator(ctx: &mut Ctx<'_>, seed: Value) -> Result<Value, Raise> {
    let twister = seeded(ctx, seed, Value::Int(2))?;
    ctx.reserve(size_of::<[u32; WORDS]>())?;
    Ok(ctx.heap.host_object(&RANDOM, Generator { twister: Some(twister), gauss_next: None }))
}

/// `SystemRandom(x)`.
pub(super) fn new_system(ctx: &mut Ctx<'_>, _: Args<'_>) -> NativeResult {
    Ok(ctx.heap.host_object(&SYSTEM_RANDOM, Generator { twister: None, gauss_next: None }).into())
}

/// `r.seed(a=None, version=2)`.
pub(super) fn seed(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let seed = args.get(1).unwrap_or(Value::None);
    let twister = seeded(ctx, seed, args.get(2).unwrap_or(Value::Int(2)))?;
    with(ctx, args[0], |generator| *generator = Generator { twister: Some(twister), gauss_next: None });
    Ok(Value::None.into())
}

fn seeded(ctx: &mut Ctx<'_>, seed: Value, version: Value) -> Result<Twister, Raise> {
    ctx.charge(WORDS / 4)?;
    match seed {
        Value::None => {
            let key: Vec<u32> = (0..WORDS).map(|_| ctx.entropy() as u32).collect();
            Ok(Twister::new(&key))
        }
        Value::Int(_) | Value::Bool(_) | Value::BigInt(_) => {
            let n = number::to_big(ctx.heap, seed).unwrap_or_default();
            Ok(of_int(n.abs().magnitude()))
        }
        Value::Float(_) => of_hash(ctx, seed),
        Value::Str(at) => {
            let text = ctx.heap[at].share();
            ctx.charge(text.len())?;
            match version {
                Value::Int(1) => Ok(of_int(&first_version(text.chars().map(u64::from)).into())),
                Value::Int(2) => Ok(of_int(&digested(text.as_bytes()))),
                _ => of_hash(ctx, seed),
            }
        }
        Value::Bytes(at) => {
            let data = ctx.heap[at].share();
            ctx.charge(data.len())?;
            match version {
                Value::Int(1) => Ok(of_int(&first_version(data.iter().map(|&byte| byte.into())).into())),
                Value::Int(2) => Ok(of_int(&digested(&data))),
                _ => of_hash(ctx, seed),
            }
        }
        _ => Err(ctx
            .type_error("The only supported seed types are:\nNone, int, float, str, bytes, and bytearray.")),
    }
}

/// What any object would seed: its hash, without its sign.
fn of_hash(ctx: &mut Ctx<'_>, seed: Value) -> Result<Twister, Raise> {
    let hash = hash::script_hash(ctx, seed)?;
    Ok(of_int(&BigUint::from(hash as u64)))
}

fn of_int(n: &BigUint) -> Twister {
    match &n.to_u32_digits()[..] {
        [] => Twister::new(&[0]),
        key => Twister::new(key),
    }
}

/// The number that version 2 makes of bytes: they and their digest.
fn digested(data: &[u8]) -> BigUint {
    let mut all = data.to_vec();
    all.extend_from_slice(&Sha512::digest(data));
    BigUint::from_bytes_be(&all)
}

/// The number that version 1 makes of code points: the hash of strings of Python 2.
fn first_version(points: impl Iterator<Item = u64> + Clone) -> u64 {
    let first = points.clone().next().map_or(0, |first| first << 7);
    let mixed = points.clone().fold(first, |x, point| x.wrapping_mul(1_000_003) ^ point);
    mixed ^ points.count() as u64
}

/// `r.getstate()`.
pub(super) fn get(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    ctx.charge(WORDS / 4)?;
    let taken = with(ctx, args[0], |generator| {
        let twister = generator.twister.as_ref()?;
        let (words, index) = twister.state();
        let mut values: Vec<Value> = words.iter().map(|&word| Value::Int(word.into())).collect();
        values.push(Value::Int(index as i64));
        Some((values, generator.gauss_next))
    });
    let Some(Some((values, gauss_next))) = taken else { return none(ctx, args) };
    ctx.reserve(values.len() * size_of::<Value>())?;
    let words = ctx.heap.tuple(&values);
    let gauss_next = gauss_next.map_or(Value::None, Value::float);
    Ok(ctx.heap.tuple(&[Value::Int(VERSION), words, gauss_next]).into())
}

/// `r.setstate(state)`.
pub(super) fn set(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let version = index::get_item(ctx, args[1], Value::Int(0))?;
    if !matches!(version, Value::Int(2 | VERSION)) {
        let version = star::ops::repr::str_of(ctx, version)?;
        let message =
            format!("state with version {version} passed to Random.setstate() of version {VERSION}");
        return Err(ctx.value_error(message));
    }
    let parts = ctx.heap.as_items(args[1]).unwrap_or_default().to_vec();
    let &[_, words, gauss_next] = &parts[..] else {
        return Err(ctx.value_error(match parts.len() {
            few @ 0..3 => format!("not enough values to unpack (expected 3, got {few})"),
            _ => "too many values to unpack (expected 3)".to_string(),
        }));
    };
    let gauss_next = optional_float(ctx, gauss_next)?;
    let twister = of_words(ctx, words, version == Value::Int(2))?;
    with(ctx, args[0], |generator| *generator = Generator { twister: Some(twister), gauss_next });
    Ok(Value::None.into())
}

fn optional_float(ctx: &mut Ctx<'_>, value: Value) -> Result<Option<f64>, Raise> {
    if value.is_none() { Ok(None) } else { real(ctx, value).map(Some) }
}

/// The generator whose words, and the index of the next, are in a tuple. States of version 2 held signed words.
fn of_words(ctx: &mut Ctx<'_>, state: Value, signed: bool) -> Result<Twister, Raise> {
    let Value::Tuple(at) = state else { return Err(ctx.type_error("state vector must be a tuple")) };
    let items = ctx.heap[at].items().to_vec();
    if items.len() != WORDS + 1 {
        return Err(ctx.value_error("state vector is the wrong size"));
    }
    ctx.charge(WORDS / 4)?;
    let mut words = [0u32; WORDS];
    for (word, &item) in words.iter_mut().zip(&items) {
        *word = match (number::to_big(ctx.heap, item), item.as_int()) {
            (None, _) => return Err(ctx.type_error("an integer is required")),
            // What is beyond 32 bits is cut off.
            (_, Some(number)) if number >= 0 || signed => number as u32,
            (Some(number), _) => match number.to_u64() {
                Some(number) => number as u32,
                None => return Err(not_a_word(ctx, number.is_negative())),
            },
        };
    }
    let index = integer(ctx, items[WORDS])?;
    match index.as_int().map(usize::try_from) {
        None => Err(ctx.error(TypeId::OverflowError, "Python int too large to convert to C long")),
        Some(Ok(index)) if index <= WORDS => Ok(Twister::of_state(&words, index)),
        Some(_) => Err(ctx.value_error("invalid state")),
    }
}

#[cold]
fn not_a_word(ctx: &mut Ctx<'_>, negative: bool) -> Raise {
    let message = match negative {
        true => "can't convert negative value to unsigned int",
        false => "Python int too large to convert to C unsigned long",
    };
    ctx.error(TypeId::OverflowError, message)
}

/// `r.gauss_next`.
pub(super) fn gauss_next(ctx: &mut Ctx<'_>, me: Value) -> Result<Value, Raise> {
    let next = with(ctx, me, |generator| generator.gauss_next).flatten();
    Ok(next.map_or(Value::None, Value::float))
}

/// `r.gauss_next = value`.
pub(super) fn set_gauss_next(ctx: &mut Ctx<'_>, me: Value, value: Value) -> Result<(), Raise> {
    let next = optional_float(ctx, value)?;
    with(ctx, me, |generator| generator.gauss_next = next);
    Ok(())
}

/// A method of `SystemRandom` that needs a state.
pub(super) fn none(ctx: &mut Ctx<'_>, _: Args<'_>) -> NativeResult {
    Err(ctx.error(TypeId::NotImplementedError, "System entropy source does not have state."))
}

/// `SystemRandom().seed(…)`.
pub(super) fn no_seed(_: &mut Ctx<'_>, _: Args<'_>) -> NativeResult {
    Ok(Value::None.into())
}
