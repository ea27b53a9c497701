//! The two hashes: one for tables, one that scripts see.
//!
//! In: a value. Out: for tables a keyed 64-bit hash, for `hash()` a fixed one, with CPython's numbers for numbers,
//! tuples and frozensets. Rule: values that compare equal hash equal; the keys never show, because tables keep
//! insertion order and hashing charges nothing that depends on a hash.
//!
//! Neither collects, so a caller may hold values in locals.

mod composite;
mod script;

use std::hash::Hasher;

use num_bigint::BigInt;
use siphasher::sip::SipHasher13;

use super::types;
use crate::heap::{Ctx, Heap, Raise};
use crate::object::Str;
use crate::value::{Ref, Value};

/// The keyed hash for tables. TypeError `unhashable type: 'list'`; RecursionError beyond
/// [`DATA_DEPTH`](super::DATA_DEPTH).
#[inline]
pub fn table_hash(ctx: &mut Ctx<'_>, v: Value) -> Result<u64, Raise> {
    match v {
        Value::Str(at) => Ok(str_hash(ctx.heap, at)),
        Value::Int(i) => Ok(int_hash(ctx.heap, i)),
        _ => composite::hash(ctx, composite::Scheme::Table, v),
    }
}

/// [`table_hash`], but a set hashes as the frozenset of its items: CPython looks sets up in sets that way.
pub fn table_hash_in_set(ctx: &mut Ctx<'_>, v: Value) -> Result<u64, Raise> {
    match v {
        Value::Set(at) => {
            ctx.charge(ctx.heap[at].table().len())?;
            Ok(composite::table_of_keys(ctx.heap, ctx.heap[at].table()))
        }
        _ => table_hash(ctx, v),
    }
}

/// `hash(v)`: numbers, tuples, frozensets, ranges and slices of them as CPython; text by SipHash-1-3 without key;
/// everything else by identity.
pub fn script_hash(ctx: &mut Ctx<'_>, v: Value) -> Result<i64, Raise> {
    match v {
        Value::Int(i) => Ok(script::int(i)),
        _ => Ok(composite::hash(ctx, composite::Scheme::Script, v)? as i64),
    }
}

/// Table hash of a str, computed once a string object.
#[inline]
pub fn str_hash(heap: &Heap, at: Ref<Str>) -> u64 {
    let text = &heap[at];
    match text.hash.get() {
        0 => {
            let half = (bytes_hash(heap, text.as_str().as_bytes()) as u32).max(1);
            text.hash.set(half);
            whole(half)
        }
        half => whole(half),
    }
}

/// Tables index by the low bits of a hash and tell keys apart by all of them: 32 bits from SipHash do for both.
#[inline]
fn whole(half: u32) -> u64 {
    (half as u64) << 32 | half as u64
}

/// SipHash-1-3 with the isolate's keys; never 0, which means "unknown" where hashes are kept.
fn bytes_hash(heap: &Heap, data: &[u8]) -> u64 {
    let (k0, k1) = heap.hash_keys;
    let mut hasher = SipHasher13::new_with_keys(k0, k1);
    hasher.write(data);
    hasher.finish().max(1)
}

/// Odd constants with bits everywhere (the fractions of π).
const PI: [u64; 4] =
    [0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7345, 0xA409_3822_299F_31D1, 0x082E_FA98_EC4E_6C89];

/// The halves of a 128-bit product, folded into one word.
#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = a as u128 * b as u128;
    (product >> 64) as u64 ^ product as u64
}

/// Table hash of an int.
///
/// Two keyed folded multiplications instead of SipHash: 3 ns against 10 for a key of 8 bytes, where int keys are the
/// hottest. Each output bit depends on each input bit and on both keys. Pairs that collide are as likely as by
/// chance unless the keys are known, and nothing that a script can read depends on a hash: tables keep insertion
/// order, steps do not count probes.
#[inline]
pub fn int_hash(heap: &Heap, i: i64) -> u64 {
    mix(heap.hash_keys, i as u64)
}

#[inline]
fn mix((k0, k1): (u64, u64), word: u64) -> u64 {
    fold(fold(word ^ k0 ^ PI[0], k1 ^ PI[1]) ^ k1.rotate_left(32), k0 ^ PI[2])
}

/// Table hash of a word that only equals words of the same `tag`.
fn tagged(heap: &Heap, tag: u64, word: u64) -> u64 {
    mix(heap.hash_keys, mix(heap.hash_keys, word ^ tag.wrapping_mul(PI[3])) ^ tag)
}

/// Table hash of a float: that of the int it equals, if there is one.
fn float_hash(heap: &Heap, x: f64) -> u64 {
    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&x);
    if fits && x.trunc() == x { int_hash(heap, x as i64) } else { tagged(heap, 1, x.to_bits()) }
}

/// Table hash of an int beyond 64 bits: that of the float it equals, if there is one.
fn big_hash(heap: &Heap, n: &BigInt) -> u64 {
    let significant = n.bits() - n.trailing_zeros().unwrap_or(0);
    if significant <= 53 && n.bits() <= 1024 {
        let float = crate::text::float::int_to_float(crate::text::int::IntRef::Big(n));
        return float_hash(heap, float.unwrap_or(f64::INFINITY));
    }
    let (k0, k1) = heap.hash_keys;
    let mut hasher = SipHasher13::new_with_keys(k0, k1);
    hasher.write_u8((n.sign() == num_bigint::Sign::Minus) as u8);
    n.iter_u64_digits().for_each(|digit| hasher.write_u64(digit));
    hasher.finish()
}

/// TypeError: `unhashable type: 'list'`.
#[cold]
fn unhashable(ctx: &mut Ctx<'_>, v: Value) -> Raise {
    let name = types::type_name(ctx.heap, v);
    ctx.type_error(format!("unhashable type: '{name}'"))
}
