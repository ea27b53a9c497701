//! Attributes that a host's types and modules have.
//!
//! In: a type or module as static data, and a name. Out: the value of that name in this isolate. Rule: everything is
//! looked up by name in sorted tables; an object for it is made when it is first read.

use crate::heap::{Ctx, Heap, HostModule, HostType, Native, Raise};
use crate::object::BoundMethod;
use crate::value::Value;

/// What a name means on a value of a host type.
pub(super) enum Found {
    /// A method, to be called with the value as its receiver.
    Method(Value),
    /// Something that is not called this way.
    Other,
    /// Nothing.
    Nothing,
}

fn place(natives: &[Native], name: &str) -> Option<usize> {
    natives.binary_search_by(|native| native.name.cmp(name)).ok()
}

/// The method `name` of `kind` or of the nearest of its host bases, if the isolate has met it.
pub(super) fn find_method(heap: &Heap, kind: &'static HostType, name: &str) -> Found {
    for class in kind.line() {
        if place(class.methods, name).is_some() {
            let group = heap.natives.find_host_group(class.methods);
            return match group.and_then(|group| heap.natives.find(group, name)) {
                Some(method) => Found::Method(method),
                None => Found::Other,
            };
        }
        let data = class.attributes.iter().any(|known| known.name == name)
            || class.constants.iter().any(|known| known.name == name)
            || place(class.statics, name).is_some();
        if data || class.hooks.attribute.is_some() {
            return Found::Other;
        }
    }
    Found::Nothing
}

/// A native of one of the host's tables as a value.
fn native(ctx: &mut Ctx<'_>, natives: &'static [Native], name: &str) -> Option<Value> {
    place(natives, name)?;
    let group = ctx.heap.natives.host_group(natives);
    ctx.heap.natives.find(group, name)
}

fn bind(ctx: &mut Ctx<'_>, receiver: Value, method: Value) -> Value {
    Value::BoundMethod(ctx.heap.insert(BoundMethod { receiver, method }))
}

/// `v.name` for a value of type `kind`.
pub(super) fn get(
    ctx: &mut Ctx<'_>,
    v: Value,
    kind: &'static HostType,
    name: &str,
) -> Result<Option<Value>, Raise> {
    for class in kind.line() {
        if let Some(method) = native(ctx, class.methods, name) {
            return Ok(Some(bind(ctx, v, method)));
        }
        if let Ok(at) = class.attributes.binary_search_by(|known| known.name.cmp(name)) {
            return (class.attributes[at].get)(ctx, v).map(Some);
        }
        if let Some(found) = on_class(ctx, crate::ops::types::type_of(ctx.heap, v), class, name)? {
            return Ok(Some(found));
        }
        if let Some(hook) = class.hooks.attribute
            && let Some(value) = hook(ctx, v, name)?
        {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// `T.name` for the type `class`, which is `kind` in this isolate.
pub(super) fn get_on_type(
    ctx: &mut Ctx<'_>,
    class: Value,
    kind: &'static HostType,
    name: &str,
) -> Result<Option<Value>, Raise> {
    for kind in kind.line() {
        if let Some(found) = on_class(ctx, class, kind, name)? {
            return Ok(Some(found));
        }
        if let Some(method) = native(ctx, kind.methods, name) {
            return Ok(Some(method));
        }
        if let Some(hook) = kind.hooks.attribute
            && let Some(value) = hook(ctx, class, name)?
        {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// Functions and constants of the type itself.
fn on_class(
    ctx: &mut Ctx<'_>,
    class: Value,
    kind: &'static HostType,
    name: &str,
) -> Result<Option<Value>, Raise> {
    if let Some(function) = native(ctx, kind.statics, name) {
        let takes_type = place(kind.statics, name).is_some_and(|at| kind.statics[at].owner.is_some());
        return Ok(Some(if takes_type { bind(ctx, class, function) } else { function }));
    }
    match kind.constants.binary_search_by(|known| known.name.cmp(name)) {
        Ok(at) => (kind.constants[at].make)(ctx).map(Some),
        Err(_) => Ok(None),
    }
}

/// `v.name = value`; false if there is no such attribute that can be set.
pub(super) fn set(ctx: &mut Ctx<'_>, v: Value, name: &str, value: Value) -> Result<bool, Raise> {
    let Some(kind) = ctx.heap.behaviour(v) else { return Ok(false) };
    for class in kind.line() {
        if let Ok(at) = class.attributes.binary_search_by(|known| known.name.cmp(name)) {
            return match class.attributes[at].set {
                Some(set) => set(ctx, v, value).map(|()| true),
                None => Ok(false),
            };
        }
        if let Some(hook) = class.hooks.set_attribute {
            return hook(ctx, v, name, value);
        }
    }
    Ok(false)
}

/// `del v.name`; false if there is no such attribute that can be deleted.
pub(super) fn delete(ctx: &mut Ctx<'_>, v: Value, name: &str) -> Result<bool, Raise> {
    match ctx.heap.behaviour(v).and_then(|kind| kind.hook(|hooks| hooks.set_attribute)) {
        Some(hook) => hook(ctx, v, name, Value::Undef),
        None => Ok(false),
    }
}

/// Where a host type has a name.
pub(super) enum Place {
    /// Among its computed attributes.
    Attribute,
    /// Among its methods.
    Method,
    Nowhere,
}

/// Where `kind` or a host base of it has `name`.
pub(super) fn place_of(kind: &'static HostType, name: &str) -> Place {
    for class in kind.line() {
        if class.attributes.iter().any(|known| known.name == name) {
            return Place::Attribute;
        }
        if place(class.methods, name).is_some() {
            return Place::Method;
        }
    }
    Place::Nowhere
}

/// Names of the attributes of a value of type `kind`.
pub(super) fn names(kind: &'static HostType) -> impl Iterator<Item = String> {
    kind.line().flat_map(|class| {
        let natives = class.methods.iter().chain(class.statics).map(|native| native.name);
        let data = class.attributes.iter().map(|known| known.name);
        natives.chain(data).chain(class.constants.iter().map(|known| known.name)).map(String::from)
    })
}

/// Member `name` of a module.
pub(super) fn member(
    ctx: &mut Ctx<'_>,
    module: &'static HostModule,
    name: &str,
) -> Result<Option<Value>, Raise> {
    if let Some(function) = native(ctx, module.functions, name) {
        return Ok(Some(function));
    }
    if let Ok(at) = module.constants.binary_search_by(|known| known.name.cmp(name)) {
        return (module.constants[at].make)(ctx).map(Some);
    }
    if let Some(kind) = module.types.iter().find(|kind| kind.name == name) {
        return Ok(Some(ctx.heap.host_type(kind)));
    }
    if let Some(exception) = module.exceptions.iter().find(|exception| exception.name == name) {
        return Ok(Some(ctx.heap.host_exception(exception)));
    }
    if let Some(inner) = module.submodules.iter().find(|inner| inner.name() == name) {
        return Ok(Some(Value::Module(ctx.heap.host_module(inner))));
    }
    match module.aliases.iter().find(|(alias, _)| *alias == name) {
        Some((_, meant)) => member(ctx, module, meant),
        None => Ok(None),
    }
}

/// Names of the members of a module.
pub(super) fn members(module: &'static HostModule) -> impl Iterator<Item = &'static str> {
    let functions = module.functions.iter().map(|native| native.name);
    let constants = module.constants.iter().map(|known| known.name);
    let types = module.types.iter().map(|kind| kind.name);
    let exceptions = module.exceptions.iter().map(|exception| exception.name);
    let inner = module.submodules.iter().map(|inner| inner.name());
    let aliases = module.aliases.iter().map(|&(alias, _)| alias);
    functions.chain(constants).chain(types).chain(exceptions).chain(inner).chain(aliases)
}
