//! Rows of the tables of natives that are written by hand: functions, and methods of types whose values live in the heap.

use star::heap::{Arity, Attribute, HostType, Native, NativeFn, Owner, TypeDesc};
use star::private::{Ctx, Raise, Value};

/// A function, or what calling a type does; `doc` begins with how it is called.
pub(crate) const fn function(name: &'static str, arity: Arity, call: NativeFn, doc: &'static str) -> Native {
    Native { name, owner: None, arity, doc, call, signature: None }
}

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

/// An attribute that can only be read.
pub(crate) const fn attribute(
    name: &'static str,
    doc: &'static str,
    get: fn(&mut Ctx<'_>, Value) -> Result<Value, Raise>,
) -> Attribute {
    Attribute { name, doc, ty: &TypeDesc::Any, get, set: None }
}

/// The native `name` of `natives`, as a method of `owner`.
pub(crate) const fn inherited(owner: &'static HostType, natives: &[Native], name: &str) -> Native {
    let mut at = 0;
    while !same(natives[at].name, name) {
        at += 1;
    }
    let Native { name, arity, call, doc, .. } = natives[at];
    method(owner, name, arity, call, doc)
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    a.len() == b.len() && at == a.len()
}

/// `Name = function;`: a [`Drain`](star::ops::iterate::Drain) that goes on with a function of the list of items and of
/// what was kept.
macro_rules! drains {
    ($($name:ident = $function:ident;)*) => {$(
        struct $name;

        impl star::ops::iterate::Drain for $name {
            fn then(
                ctx: &mut star::private::Ctx<'_>,
                items: star::value::Ref<star::object::List>,
                kept: &[star::private::Value],
                _: [i64; 3],
            ) -> star::private::NativeResult {
                $function(ctx, items, kept)
            }
        }
    )*};
}

pub(crate) use drains;
