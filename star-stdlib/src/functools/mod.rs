//! `functools`: functions made of functions.
//!
//! In: functions. Out: what can be called in their place. Rule: nothing here calls a function itself; it asks for the
//! call, with the arguments as they should be.

mod attributes;
mod cache;
mod cmp_to_key;
mod dispatch;
mod partial;
mod reduce;
mod wraps;

use star::heap::{Family, HostModule};

/// `functools`.
pub fn module() -> &'static HostModule {
    &MODULE
}

static MODULE: HostModule = HostModule {
    functions: &[
        cache::CACHE,
        cmp_to_key::CMP_TO_KEY,
        cache::LRU_CACHE,
        reduce::REDUCE,
        dispatch::SINGLE_DISPATCH,
        wraps::UPDATE_WRAPPER,
        wraps::WRAPS,
    ],
    constants: wraps::CONSTANTS,
    types: &[&partial::PARTIAL],
    ..HostModule::named("functools", "Functions made of functions.", Family::Python)
};
