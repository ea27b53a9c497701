//! The modules that scripts can `require`, each behind a cargo feature of its name.
//!
//! In: which features are on. Out: [`modules`], the modules that are compiled in, and [`grants`], what a program may use
//! unless its host says otherwise. Rule: no module looks at a clock, the machine or anything else outside the isolate but
//! through its host.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

use std::sync::{Arc, LazyLock};

use star::heap::{Family, Grants, HostModule, Registry};

mod arguments;
#[cfg(feature = "base64")]
pub mod base64;
#[cfg(feature = "binascii")]
pub mod binascii;
mod calculate;
#[cfg(feature = "collections")]
pub mod collections;
#[cfg(feature = "functools")]
pub mod functools;
#[cfg(feature = "html")]
pub mod html;
#[cfg(feature = "itertools")]
pub mod itertools;
mod join;
#[cfg(feature = "json")]
pub mod json;
#[cfg(feature = "math")]
pub mod math;
mod native;
#[cfg(feature = "random")]
pub mod random;
#[cfg(feature = "statistics")]
pub mod statistics;
#[cfg(feature = "string")]
pub mod string;
#[cfg(feature = "textwrap")]
pub mod textwrap;

/// The modules that are compiled in, sorted by path.
pub fn modules() -> Vec<&'static HostModule> {
    vec![
        #[cfg(feature = "base64")]
        base64::module(),
        #[cfg(feature = "binascii")]
        binascii::module(),
        #[cfg(feature = "collections")]
        collections::module(),
        #[cfg(feature = "functools")]
        functools::module(),
        #[cfg(feature = "html")]
        html::module(),
        #[cfg(feature = "itertools")]
        itertools::module(),
        #[cfg(feature = "json")]
        json::module(),
        #[cfg(feature = "math")]
        math::module(),
        #[cfg(feature = "random")]
        random::module(),
        #[cfg(feature = "statistics")]
        statistics::module(),
        #[cfg(feature = "string")]
        string::module(),
        #[cfg(feature = "textwrap")]
        textwrap::module(),
    ]
}

/// What a program may use unless its host says otherwise: the modules of the Python family, which do nothing outside
/// the isolate, and no capability. The registry has every module that is compiled in.
///
/// ```
/// use star::session::{Control, Data, Options, Session};
///
/// let mut session = Session::new(Options::default());
/// session.set_grants(star_stdlib::grants());
/// session.feed(b"import string\nletters = len(string.ascii_letters)\n");
/// session.finish();
/// session.run(&mut |_| Control::Continue);
/// assert_eq!(session.get("letters"), Some(Data::Int(52)));
/// ```
pub fn grants() -> Grants {
    static GRANTS: LazyLock<Grants> = LazyLock::new(|| {
        let mut registry = Registry::default();
        for module in modules() {
            assert!(registry.add(module), "two modules have the path {}", module.path);
        }
        let mut grants = Grants { registry: Arc::new(registry), ..Grants::default() };
        modules()
            .into_iter()
            .filter(|module| module.family == Family::Python)
            .for_each(|it| grants.module(it));
        grants
    });
    GRANTS.clone()
}
