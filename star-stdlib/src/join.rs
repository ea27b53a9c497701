//! Modules that consist of several.
//!
//! In: parts. Out: one module with all that they have. Rule: no two parts have a name in common.

use star::private::{HostModule, Native};

/// A module of the first part's path, family and text, with the functions, constants and exceptions of all.
pub(crate) fn join(parts: &[&'static HostModule]) -> HostModule {
    let first = parts[0];
    let mut functions: Vec<Native> = parts.iter().flat_map(|part| part.functions).map(copy).collect();
    functions.sort_unstable_by_key(|native| native.name);
    let mut constants: Vec<_> = parts.iter().flat_map(|part| part.constants).copied().collect();
    constants.sort_unstable_by_key(|constant| constant.name);
    let types: Vec<_> = parts.iter().flat_map(|part| part.types).copied().collect();
    let exceptions: Vec<_> = parts.iter().flat_map(|part| part.exceptions).copied().collect();
    HostModule {
        path: first.path,
        doc: first.doc,
        family: first.family,
        functions: functions.leak(),
        types: types.leak(),
        exceptions: exceptions.leak(),
        constants: constants.leak(),
        submodules: first.submodules,
        aliases: first.aliases,
    }
}

fn copy(native: &Native) -> Native {
    let Native { name, owner, arity, doc, call, signature } = *native;
    Native { name, owner, arity, doc, call, signature }
}
