//! Rows of the tables of natives that are written by hand: methods of types whose values live in the heap.

use star::heap::{Arity, HostType, Native, NativeFn, Owner};

/// A method of `owner`; `doc` begins with how it is called.
pub(crate) const fn method(
    owner: &'static HostType,
    name: &'static str,
    arity: Arity,
    call: NativeFn,
    doc: &'static str,
) -> Native {
    Native { name, owner: Some(Owner::Host(owner)), arity, doc, call, signature: None }
}

/// The arity of a method that CPython has in Python: `names` may be given by position or by name, the first `required`
/// must be.
pub(crate) const fn script(names: &'static [&'static str], required: u8) -> Arity {
    Arity::Script { names, positional_only: 0, positional: names.len() as u8, required }
}
