//! `math`.
//!
//! | file | |
//! | --- | --- |
//! | `module` | Python's names: errors where there is no result |
//! | `go` | Go's names: NaN and infinities instead |
//! | `special` | functions that Rust's standard library has not, or computes otherwise |
//! | `exact` | sums and norms that are rounded once |
//! | `integers` | functions of ints |
//! | `iterables` | functions of many numbers |

use std::sync::LazyLock;

use star::private::HostModule;

use crate::join::join;

pub(crate) mod exact;
mod go;
mod integers;
pub(crate) mod iterables;
mod module;
pub(crate) mod special;

pub(crate) use module::log_of;

/// `math`.
pub fn module() -> &'static HostModule {
    static MODULE: LazyLock<HostModule> = LazyLock::new(|| join(&[module::module(), go::module()]));
    &MODULE
}
