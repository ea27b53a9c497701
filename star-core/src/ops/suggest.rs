//! "Did you mean": what CPython's traceback adds to a message.
//!
//! In: an exception, or a name and the names in reach. Out: the name that was probably meant.

mod modules;

use super::{attribute, exception};
use crate::heap::Ctx;
use crate::object::Exception;
use crate::object::types::TypeId;
use crate::text::distance;
use crate::value::{Ref, Value};

/// What follows the last line of an exception's traceback: `. Did you mean: 'append'?` after an AttributeError of a
/// near name. `None` if it has nothing to add; a NameError's needs the names in scope: [`for_name`].
pub fn suggest(ctx: &mut Ctx<'_>, at: Ref<Exception>) -> Option<String> {
    let class = exception::builtin_base(ctx.heap, ctx.heap[at].class);
    if class != TypeId::AttributeError {
        return None;
    }
    let name = exception::get(ctx.heap, at, "name").filter(|&name| matches!(name, Value::Str(_)))?;
    let object = exception::field(ctx.heap, at, "obj")?;
    let name = ctx.heap.as_str(name)?;
    let hidden = !name.starts_with('_');
    let names = attribute::names(ctx.heap, object);
    let known = names.iter().map(String::as_str).filter(|known| !(hidden && known.starts_with('_')));
    closest(name, known).map(|found| format!(". Did you mean: '{found}'?"))
}

/// What follows the last line of a NameError about `name`, given the names of locals, globals and builtins.
pub fn for_name<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    // In CPython these are builtins.
    let known = known.chain(["None", "False", "True"]);
    let module = modules::is_module(name);
    match closest(name, known) {
        Some(found) if module => {
            Some(format!(". Did you mean: '{found}'? Or did you forget to import '{name}'?"))
        }
        Some(found) => Some(format!(". Did you mean: '{found}'?")),
        None if module => Some(format!(". Did you forget to import '{name}'?")),
        None => None,
    }
}

/// The one of `known` that `name` was probably meant to be.
pub fn closest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    distance::suggestion(name, known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let known = ["counter", "path", "len"];
        let found = |name| for_name(name, known.into_iter()).unwrap_or_default();
        assert_eq!(found("countre"), ". Did you mean: 'counter'?");
        assert_eq!(found("math"), ". Did you mean: 'path'? Or did you forget to import 'math'?");
        assert_eq!(found("json"), ". Did you forget to import 'json'?");
        assert_eq!(found("completely_unknown"), "");
    }
}
