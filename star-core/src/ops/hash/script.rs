//! The arithmetic of `hash()` as CPython 3.13 has it.
//!
//! In: plain numbers and hashes. Out: hashes, −1 never among them. Rule: the same on every run and machine
//! (Objects/{longobject,tupleobject,setobject,sliceobject}.c, Python/pyhash.c).

use std::hash::Hasher;

use num_bigint::{BigInt, Sign};
use siphasher::sip::SipHasher13;

/// Numbers hash modulo this prime.
const MODULUS: u64 = (1 << 61) - 1;

/// `hash(None)`.
pub(super) const NONE: u64 = 0xFCA8_6420;

const PRIME_1: u64 = 11_400_714_785_074_694_791;
const PRIME_2: u64 = 14_029_467_366_897_019_727;
const PRIME_5: u64 = 2_870_177_450_012_600_261;

/// What hashing a tuple starts from.
pub(super) const TUPLE_START: u64 = PRIME_5;

fn signed(residue: u64, negative: bool) -> u64 {
    match if negative { residue.wrapping_neg() } else { residue } {
        u64::MAX => -2i64 as u64,
        hash => hash,
    }
}

/// Hash of a small int.
pub(super) fn int(i: i64) -> i64 {
    signed(i.unsigned_abs() % MODULUS, i < 0) as i64
}

/// Hash of a big int.
pub(super) fn big(n: &BigInt) -> u64 {
    let residue = n.magnitude() % MODULUS;
    signed(residue.iter_u64_digits().next().unwrap_or(0), n.sign() == Sign::Minus)
}

/// Hash of a float: that of the number it is, modulo the prime. NaN, which CPython hashes by identity, gives 0.
pub(super) fn float(x: f64) -> u64 {
    if x.is_nan() {
        return 0;
    }
    if x.is_infinite() {
        return if x > 0.0 { 314_159 } else { -314_159i64 as u64 };
    }
    let bits = x.to_bits();
    let (exponent, fraction) = ((bits >> 52 & 0x7FF) as i64, bits & ((1 << 52) - 1));
    let (mantissa, exponent) =
        if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    // Multiplying by 2^e is rotating 61 bits.
    let turn = exponent.rem_euclid(61) as u32;
    let rotated = if turn == 0 { mantissa } else { mantissa << turn & MODULUS | mantissa >> (61 - turn) };
    signed(rotated % MODULUS, x < 0.0)
}

/// Hash of a str's or bytes' data. Fixed: the tables use another one.
pub(super) fn text(data: &[u8]) -> u64 {
    if data.is_empty() {
        return 0;
    }
    let mut hasher = SipHasher13::new();
    hasher.write(data);
    signed(hasher.finish(), false)
}

/// Adds an item to the hash of a tuple.
pub(super) fn tuple_add(acc: u64, item: u64) -> u64 {
    acc.wrapping_add(item.wrapping_mul(PRIME_2)).rotate_left(31).wrapping_mul(PRIME_1)
}

/// Ends the hash of a tuple of `len` items.
pub(super) fn tuple_finish(acc: u64, len: usize) -> u64 {
    match acc.wrapping_add(len as u64 ^ (PRIME_5 ^ 3_527_539)) {
        u64::MAX => 1_546_275_796,
        hash => hash,
    }
}

/// Ends the hash of a slice.
pub(super) fn slice_finish(acc: u64) -> u64 {
    if acc == u64::MAX { 1_546_275_796 } else { acc }
}

/// What an item adds to the hash of a frozenset.
pub(super) fn shuffle(item: u64) -> u64 {
    (item ^ 89_869_747 ^ item << 16).wrapping_mul(3_644_798_167)
}

/// Ends the hash of a frozenset of `len` items.
pub(super) fn set_finish(acc: u64, len: usize) -> u64 {
    let hash = acc ^ (len as u64 + 1).wrapping_mul(1_927_868_237);
    let hash = hash ^ (hash >> 11) ^ (hash >> 25);
    match hash.wrapping_mul(69_069).wrapping_add(907_133_923) {
        u64::MAX => 590_923_713,
        hash => hash,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_cpython() {
        assert_eq!(int(-1), -2);
        assert_eq!(int((1 << 61) - 1), 0);
        assert_eq!(float(1.5), 1_152_921_504_606_846_977);
        assert_eq!(float(1e300), 1_224_995_262_755_759_164);
        assert_eq!(float(-1e-300) as i64, -482_449_582_752_280_463);
        assert_eq!(big(&BigInt::from(10u32).pow(30)), 465_258_685_558_744_706);
        assert_eq!(big(&-BigInt::from(10u32).pow(30)) as i64, -465_258_685_558_744_706);
        let pair = tuple_add(tuple_add(TUPLE_START, 1), 2);
        assert_eq!(tuple_finish(pair, 2) as i64, -3_550_055_125_485_641_917);
        assert_eq!(tuple_finish(TUPLE_START, 0), 5_740_354_900_026_072_187);
        assert_eq!(set_finish(0, 0), 133_146_708_735_736);
        assert_eq!(set_finish(shuffle(1) ^ shuffle(2), 2) as i64, -1_826_646_154_956_904_602);
        let slice = tuple_add(tuple_add(tuple_add(TUPLE_START, 1), 2), 3);
        assert_eq!(slice_finish(slice) as i64, -2_340_833_382_717_974_474);
    }
}
