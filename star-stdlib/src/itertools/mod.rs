//! `itertools`: iterators made of iterators.
//!
//! In: iterables, functions, numbers. Out: iterators. Rules: nothing is asked of an iterable before the first item is, and
//! no more of it than CPython asks; an iterator that has ended has let go of what it walked.
//!
//! | file | |
//! | --- | --- |
//! | `step` | what they have in common: objects, calls |
//! | `sift` | `compress`, `dropwhile`, `filterfalse`, `takewhile` |
//! | `chain`, `slice`, `window` | `chain`, `islice`, `pairwise`, `batched` |
//! | `endless` | `count`, `cycle`, `repeat` |
//! | `fold` | `accumulate`, `starmap` |
//! | `group`, `longest`, `tee` | `groupby`, `zip_longest`, `tee` |
//! | `choose`, `product` | `combinations`, `combinations_with_replacement`, `permutations`, `product` |

mod chain;
mod choose;
mod endless;
mod fold;
mod group;
mod longest;
mod product;
mod sift;
mod slice;
mod step;
mod tee;
mod window;

use star::heap::{Family, HostModule};

/// `itertools`.
pub fn module() -> &'static HostModule {
    &MODULE
}

static MODULE: HostModule = HostModule {
    functions: &[tee::TEE],
    types: &[
        &fold::ACCUMULATE,
        &window::BATCHED,
        &chain::CHAIN,
        &choose::COMBINATIONS,
        &choose::COMBINATIONS_WITH_REPLACEMENT,
        &sift::COMPRESS,
        &endless::COUNT,
        &endless::CYCLE,
        &sift::DROP_WHILE,
        &sift::FILTER_FALSE,
        &group::GROUP_BY,
        &slice::ISLICE,
        &window::PAIRWISE,
        &choose::PERMUTATIONS,
        &product::PRODUCT,
        &endless::REPEAT,
        &fold::STAR_MAP,
        &sift::TAKE_WHILE,
        &longest::ZIP_LONGEST,
    ],
    ..HostModule::named("itertools", "Iterators made of iterators.", Family::Python)
};
