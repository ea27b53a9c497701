//! Random programs behave the same however they arrive.
//!
//! The programs are those of `star_testing::generate`, which `tests/random/compare.py` also compares with CPython's.

use star_testing::agree::{agree, agree_on_prefixes, modes};
use star_testing::generate::program;
use star_testing::{Cuts, Mode, Random};

/// Programs of each test.
const SEEDS: u64 = if cfg!(debug_assertions) { 30 } else { 200 };

#[track_caller]
fn check_seeds(check: impl Fn(u64, &str) -> Result<(), String>) {
    for seed in 0..SEEDS {
        let source = program(Random::new(seed), 6);
        if let Err(problem) = check(seed, &source) {
            panic!("seed {seed}: {problem}");
        }
    }
}

#[test]
fn agree_in_every_mode() {
    check_seeds(|seed, source| agree(source.as_bytes(), &modes(seed, 3)));
}

#[test]
fn agree_eagerly() {
    check_seeds(|seed, source| {
        let eager =
            [Cuts::Whole, Cuts::Bytes, Cuts::Random(seed)].map(|cuts| ("eagerly", Mode::cut(cuts).eager()));
        agree(source.as_bytes(), &eager)
    });
}

#[test]
fn prefixes_keep_what_ran() {
    check_seeds(|seed, source| agree_on_prefixes(source.as_bytes(), |end| end as u64 % 97 == seed % 97));
}
