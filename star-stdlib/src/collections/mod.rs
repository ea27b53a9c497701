//! `collections`: containers beside those of the language.
//!
//! In: iterables and mappings. Out: containers. Rule: a Counter, defaultdict or OrderedDict is a dict whose type says
//! more, a named tuple is a tuple; everything that dicts and tuples can do, they can.

mod chain_map;
mod counter;
mod counter_algebra;
mod counter_elements;
mod defaultdict;
mod deque;
mod deque_iterator;
mod kinds;
mod mapping_views;
mod named;
mod ordered;
#[cfg(feature = "functools")]
pub(crate) mod record;

pub(crate) use named::NAMED;
use star::heap::{Family, HostModule};

/// `collections`.
pub fn module() -> &'static HostModule {
    &MODULE
}

static MODULE: HostModule = HostModule {
    functions: &[named::NAMED_TUPLE],
    types: &[
        &chain_map::CHAIN_MAP,
        &counter::COUNTER,
        &ordered::ORDERED_DICT,
        &defaultdict::DEFAULT_DICT,
        &deque::DEQUE,
    ],
    ..HostModule::named("collections", "Containers beside those of the language.", Family::Python)
};
