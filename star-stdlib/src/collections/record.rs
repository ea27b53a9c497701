//! Types of named tuples that the library's own functions return: `CacheInfo`.
//!
//! In: a type as static data and the names of its fields. Out: the type of named tuples in this isolate. Rule: scripts make
//! them as they make their own.

use star::heap::HostType;
use star::private::{Base, Ctx, Value};

use super::named::NAMED;

/// A type of named tuples.
pub(crate) const fn kind(name: &'static str, module: &'static str, doc: &'static str) -> HostType {
    HostType { base: Base::Host(&NAMED), ..HostType::named(name, module, doc) }
}

/// The type in this isolate, with its fields.
pub(crate) fn class(ctx: &mut Ctx<'_>, kind: &'static HostType, fields: &[&str]) -> Value {
    let class = ctx.heap.host_type(kind);
    let Value::Type(number) = class else { return class };
    let Some(user) = ctx.heap.as_user_type(number) else { return class };
    if ctx.heap[user].fields.is_empty() {
        let names: Vec<Value> = fields.iter().map(|field| ctx.heap.str(field)).collect();
        let doc = ctx.heap.str(&format!("{}({})", kind.name, fields.join(", ")));
        ctx.heap.update(user, |user| {
            user.defaults = vec![Value::Undef; names.len()];
            user.fields = names;
            user.doc = doc;
        });
    }
    class
}
