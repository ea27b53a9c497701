//! "Did you mean: 'x'?": the candidate closest to a name.
//!
//! In: a name and the names that exist. Out: the one to suggest, if any is close enough.
//! Rule: the same suggestion as CPython 3.13's `Python/suggestions.c`, which compares UTF-8 bytes
//! and takes the first of equally close candidates.
//!
//! Cost: for each of at most 749 candidates its length, and at most 40 × 40 steps.

/// From this many candidates on CPython suggests nothing.
const TOO_MANY_CANDIDATES: usize = 750;
/// Nor anything that differs from the name in more bytes.
const MAX_LENGTH: usize = 40;
/// The cost of inserting, deleting or replacing a byte.
const MOVE_COST: usize = 2;
/// The cost of changing a letter's case.
const CASE_COST: usize = 1;

/// The candidate to suggest for `name`, never the name itself. The caller leaves out what CPython
/// would: names that start with `_`, unless `name` does.
///
/// ```
/// use star_core::text::distance::suggestion;
/// assert_eq!(suggestion("pritn", ["list", "print"].into_iter()), Some("print"));
/// ```
pub fn suggestion<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let candidates: Vec<&str> = candidates.take(TOO_MANY_CANDIDATES).collect();
    if candidates.len() == TOO_MANY_CANDIDATES {
        return None;
    }
    let mut closest = None;
    let mut least = usize::MAX;
    for candidate in candidates {
        if candidate == name {
            continue;
        }
        // No more than a third of the bytes involved may change, and fewer than before.
        let allowed = (name.len() + candidate.len() + 3) * MOVE_COST / 6;
        let allowed = allowed.min(least.saturating_sub(1));
        if let Some(distance) = distance(name.as_bytes(), candidate.as_bytes(), allowed) {
            closest = Some(candidate);
            least = distance;
        }
    }
    closest
}

/// The weighted Levenshtein distance, `None` if above `allowed`. Never 0 for different texts.
fn distance(left: &[u8], right: &[u8], allowed: usize) -> Option<usize> {
    let prefix = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let (left, right) = (&left[prefix..], &right[prefix..]);
    let suffix = left.iter().rev().zip(right.iter().rev()).take_while(|(a, b)| a == b).count();
    let (left, right) = (&left[..left.len() - suffix], &right[..right.len() - suffix]);
    let within = |distance: usize| Some(distance).filter(|&distance| distance <= allowed);
    if left.is_empty() || right.is_empty() {
        return within((left.len() + right.len()) * MOVE_COST);
    }
    if left.len() > MAX_LENGTH || right.len() > MAX_LENGTH {
        return None;
    }
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    within((long.len() - short.len()) * MOVE_COST)?;

    // row[i]: the cost of making short[..=i] from the part of `long` seen so far.
    let mut row: Vec<usize> = (1..=short.len()).map(|i| i * MOVE_COST).collect();
    for (seen, &to) in long.iter().enumerate() {
        // As in CPython the left border does not count the byte being looked at.
        let mut diagonal = seen * MOVE_COST;
        let mut last = diagonal;
        for (cost, &from) in row.iter_mut().zip(short) {
            let substituted = diagonal + substitution_cost(from, to);
            diagonal = *cost;
            last = substituted.min(last.min(diagonal) + MOVE_COST);
            *cost = last;
        }
        if row.iter().all(|&cost| cost > allowed) {
            return None;
        }
    }
    row.last().copied().and_then(within)
}

fn substitution_cost(from: u8, to: u8) -> usize {
    match from {
        _ if from == to => 0,
        _ if from.eq_ignore_ascii_case(&to) => CASE_COST,
        _ => MOVE_COST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_as_cpython() {
        let long = "a".repeat(100);
        let longer = format!("{long}bc");
        let cases: [(&str, &[&str], Option<&str>); 12] = [
            ("pritn", &["list", "print", "int"], Some("print")),
            ("x", &["y", "xy", "X"], Some("X")),
            ("foo", &["foo", "fooo", "Foo"], Some("Foo")),
            ("foo", &["foo"], None),
            ("ab", &["ac", "ad"], Some("ac")),
            ("a", &["b"], None),
            ("", &["a"], None),
            ("abc", &["xyz"], None),
            ("É", &["é"], Some("é")),
            ("somethingg", &["something_else", "somethin"], Some("somethin")),
            (&long, &[&longer], Some(&longer)),
            ("count", &["counter", "amount", "Counts"], Some("Counts")),
        ];
        for (name, candidates, expected) in cases {
            assert_eq!(suggestion(name, candidates.iter().copied()), expected, "{name}");
        }
    }

    #[test]
    fn too_many_candidates() {
        let candidates = |count| std::iter::repeat_n("print", count);
        assert_eq!(suggestion("pritn", candidates(749)), Some("print"));
        assert_eq!(suggestion("pritn", candidates(750)), None);
    }
}
