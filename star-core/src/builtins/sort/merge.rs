//! Sorting entries by their keys.
//!
//! In: keys with values. Out: the same in ascending or descending order of keys, equal ones as they were. Rules:
//! keys that are all ints, all strs or all floats but NaN have a total order and go through Rust's sort; for
//! others, whose order may be partial or fail, the comparisons are those of CPython's `count_run` and `binarysort`,
//! so that up to 64 items partial orders give CPython's result too.

use std::cmp::Ordering;

use crate::ast::CompareOp;
use crate::heap::{Ctx, Raise};
use crate::ops::compare;
use crate::value::Value;

/// A key and what it stands for.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What is compared.
    pub key: Value,
    /// What comes with it.
    pub value: Value,
}

/// Sorts `entries`. After an error they are in some order. Never collects.
pub(super) fn sort(ctx: &mut Ctx<'_>, entries: &mut [Entry], reverse: bool) -> Result<(), Raise> {
    let all = |is: fn(Value) -> bool| entries.iter().all(|entry| is(entry.key));
    if all(|key| matches!(key, Value::Int(_))) {
        sort_by(entries, reverse, |key| key.as_int().unwrap_or_default(), |_, _| Ordering::Equal);
        return Ok(());
    }
    if all(|key| matches!(key, Value::Str(_))) {
        let bytes: usize = entries.iter().filter_map(|entry| ctx.heap.as_str(entry.key)).map(str::len).sum();
        ctx.charge((bytes / 64).saturating_mul(entries.len().ilog2() as usize + 1))?;
        let heap = &*ctx.heap;
        let text = |key| heap.as_str(key).unwrap_or_default();
        if entries.iter().all(|entry| text(entry.key).len() < 8) {
            sort_by(entries, reverse, |key| short_rank(text(key)), |_, _| Ordering::Equal);
        } else {
            sort_by(entries, reverse, |key| prefix(text(key)), |a, b| text(a).cmp(text(b)));
        }
        return Ok(());
    }
    if all(|key| key.as_float().is_some_and(|x| !x.is_nan())) {
        let rank = |key: Value| float_rank(key.as_float().unwrap_or_default());
        sort_by(entries, reverse, rank, |_, _| Ordering::Equal);
        return Ok(());
    }
    if reverse {
        entries.reverse();
    }
    let sorted = sort_runs(ctx, entries);
    if reverse {
        entries.reverse();
    }
    sorted
}

/// Sorts by what `rank` makes of a key, then by `among` keys of equal rank. Ranks are made once and lie beside each
/// other, so that few comparisons look at keys (strs: half the time of comparing them in the heap).
fn sort_by<R: Ord + Copy>(
    entries: &mut [Entry],
    reverse: bool,
    rank: impl Fn(Value) -> R,
    among: impl Fn(Value, Value) -> Ordering,
) {
    let mut ranked: Vec<(R, usize)> =
        entries.iter().enumerate().map(|(at, entry)| (rank(entry.key), at)).collect();
    let compare = |a: &(R, usize), b: &(R, usize)| {
        a.0.cmp(&b.0).then_with(|| among(entries[a.1].key, entries[b.1].key))
    };
    match reverse {
        false => ranked.sort_by(compare),
        true => ranked.sort_by(|a, b| compare(b, a)),
    }
    let sorted: Vec<Entry> = ranked.iter().map(|&(_, at)| entries[at]).collect();
    entries.copy_from_slice(&sorted);
}

/// The first eight bytes, which order texts unless they are the same.
fn prefix(text: &str) -> u64 {
    let mut first = [0; 8];
    let len = text.len().min(8);
    first[..len].copy_from_slice(&text.as_bytes()[..len]);
    u64::from_be_bytes(first)
}

/// A number that orders texts of up to seven bytes: what they begin with, then their length, which tells a text from
/// the same with zeros after it.
fn short_rank(text: &str) -> u64 {
    prefix(text) | text.len() as u64
}

/// A number that orders floats other than NaN; 0.0 and -0.0 are equal.
fn float_rank(x: f64) -> i64 {
    let bits = (x + 0.0).to_bits() as i64;
    bits ^ ((bits >> 63) as u64 >> 1) as i64
}

#[inline]
fn less(ctx: &mut Ctx<'_>, a: &Entry, b: &Entry) -> Result<bool, Raise> {
    // Both ints is the common case of mixed keys.
    if let (Value::Int(a), Value::Int(b)) = (a.key, b.key) {
        return Ok(a < b);
    }
    compare::order(ctx, CompareOp::Lt, a.key, b.key)
}

/// Shorter runs are filled up by insertion.
const MIN_RUN: usize = 64;

/// Finds ascending runs, fills short ones up, and merges neighbours.
fn sort_runs(ctx: &mut Ctx<'_>, entries: &mut [Entry]) -> Result<(), Raise> {
    let count = entries.len();
    let least = least_run(count);
    let mut ends = Vec::new();
    let mut from = 0;
    while from < count {
        let found = count_run(ctx, &mut entries[from..])?;
        let run = found.max(least.min(count - from));
        insert_rest(ctx, &mut entries[from..from + run], found)?;
        from += run;
        ends.push(from);
    }
    let mut merged = Vec::new();
    while ends.len() > 1 {
        let mut start = 0;
        let mut next = Vec::with_capacity(ends.len().div_ceil(2));
        for pair in ends.chunks(2) {
            let end = pair[pair.len() - 1];
            if pair.len() == 2 {
                merge(ctx, &mut entries[start..end], pair[0] - start, &mut merged)?;
            }
            next.push(end);
            start = end;
        }
        ends = next;
    }
    Ok(())
}

/// A length between 32 and 64 such that `count` is a power of two of them or slightly less.
pub(super) fn least_run(count: usize) -> usize {
    let (mut rest, mut odd) = (count, 0);
    while rest >= MIN_RUN {
        odd |= rest & 1;
        rest >>= 1;
    }
    rest + odd
}

/// Length of the run at the start; a descending one is reversed, equal items keeping their order.
fn count_run(ctx: &mut Ctx<'_>, entries: &mut [Entry]) -> Result<usize, Raise> {
    let mut n = 1;
    while n < entries.len() && !less(ctx, &entries[n], &entries[n - 1])? {
        n += 1;
    }
    if n == entries.len() {
        return Ok(n);
    }
    if n > 1 {
        if less(ctx, &entries[0], &entries[n - 1])? {
            return Ok(n);
        }
        // All equal so far: they may begin a descending run.
        entries[..n].reverse();
    }
    n += 1;
    let mut equal = 0;
    while n < entries.len() {
        if less(ctx, &entries[n], &entries[n - 1])? {
            reverse_equal(entries, n, &mut equal);
        } else if less(ctx, &entries[n - 1], &entries[n])? {
            break;
        } else {
            equal += 1;
        }
        n += 1;
    }
    reverse_equal(entries, n, &mut equal);
    entries[..n].reverse();
    while n < entries.len() && !less(ctx, &entries[n], &entries[n - 1])? {
        n += 1;
    }
    Ok(n)
}

/// Turns equal items at the end of a descending run around: reversing the run gives them their order back.
fn reverse_equal(entries: &mut [Entry], n: usize, equal: &mut usize) {
    if *equal > 0 {
        entries[n - *equal - 1..n].reverse();
        *equal = 0;
    }
}

/// Inserts each entry from `sorted` on among those before it.
fn insert_rest(ctx: &mut Ctx<'_>, entries: &mut [Entry], sorted: usize) -> Result<(), Raise> {
    for at in sorted..entries.len() {
        let pivot = entries[at];
        let (mut low, mut high) = (0, at);
        while low < high {
            let middle = (low + high) / 2;
            if less(ctx, &pivot, &entries[middle])? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        entries[low..=at].rotate_right(1);
    }
    Ok(())
}

/// Merges the sorted halves of `entries`, the second of which begins at `middle`.
fn merge(
    ctx: &mut Ctx<'_>,
    entries: &mut [Entry],
    middle: usize,
    left: &mut Vec<Entry>,
) -> Result<(), Raise> {
    left.clear();
    left.extend_from_slice(&entries[..middle]);
    let (mut taken, mut right, mut to) = (0, middle, 0);
    while taken < left.len() && right < entries.len() {
        let smaller = match less(ctx, &entries[right], &left[taken]) {
            Ok(smaller) => smaller,
            Err(raise) => {
                entries[to..right].copy_from_slice(&left[taken..]);
                return Err(raise);
            }
        };
        if smaller {
            entries[to] = entries[right];
            right += 1;
        } else {
            entries[to] = left[taken];
            taken += 1;
        }
        to += 1;
    }
    let rest = left.len() - taken;
    entries[to..to + rest].copy_from_slice(&left[taken..]);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;

    use super::*;
    use crate::heap::{Heap, Natives};
    use crate::meter::Limits;

    /// Sorts numbers as a mix of ints and floats, which has no fast path; the value tells where each came from.
    fn sorted(numbers: &[i64], reverse: bool) -> Vec<(i64, i64)> {
        let mut heap = Heap::new(Limits::default(), Natives::new(&[]), (0, 0));
        let mut ctx = Ctx::new(&mut heap, &());
        let key = |i: usize, n: i64| if i.is_multiple_of(2) { Value::Int(n) } else { Value::float(n as f64) };
        let entry = |(i, &n): (usize, &i64)| Entry { key: key(i, n), value: Value::Int(i as i64) };
        let mut entries: Vec<Entry> = numbers.iter().enumerate().map(entry).collect();
        sort(&mut ctx, &mut entries, reverse).expect("numbers have an order");
        let number = |v: Value| v.as_int().unwrap_or_else(|| v.as_float().unwrap_or_default() as i64);
        entries.iter().map(|entry| (number(entry.key), number(entry.value))).collect()
    }

    #[test]
    fn sorts_are_stable_at_every_length() {
        let mut seed = 7_u64;
        for count in (0..140).chain([500, 2000]) {
            for spread in [2, 5, 1000] {
                let mut next = || {
                    seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    (seed >> 33) as i64 % spread
                };
                let numbers: Vec<i64> = (0..count).map(|_| next()).collect();
                let mut expected: Vec<(i64, i64)> = numbers.iter().copied().zip(0..).collect();
                expected.sort_by_key(|&(n, _)| n);
                assert_eq!(sorted(&numbers, false), expected);
                expected.sort_by_key(|&(n, at)| (Reverse(n), at));
                assert_eq!(sorted(&numbers, true), expected);
            }
        }
    }

    #[test]
    fn runs_are_kept_and_turned_around() {
        assert_eq!(sorted(&[3, 2, 2, 1], false), [(1, 3), (2, 1), (2, 2), (3, 0)]);
        assert_eq!(sorted(&[2, 2, 1, 1, 3], false), [(1, 2), (1, 3), (2, 0), (2, 1), (3, 4)]);
    }
}
