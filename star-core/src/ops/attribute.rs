//! Reading, setting and deleting attributes.
//!
//! In: a value and a name. Out: the attribute, or AttributeError in CPython's words. Rules: a type's methods are
//! the natives of the group it owns; every name in double underscores but `__name__` and `__doc__` does not exist.

mod host;

use std::rc::Rc;

use super::{exception, table, types};
use crate::heap::{Base, Ctx, Heap, HostType, Raise};
use crate::object::types::TypeId;
use crate::object::{BoundMethod, Function, GeneratorState, Module, Struct};
use crate::value::{Ref, Value};

/// Functions that are read from the type itself; their receiver is the type, also when read from an instance.
const CLASS_METHODS: &[(TypeId, &str)] = &[
    (TypeId::Bytes, "fromhex"),
    (TypeId::Bytes, "maketrans"),
    (TypeId::Dict, "fromkeys"),
    (TypeId::Float, "fromhex"),
    (TypeId::Int, "from_bytes"),
    (TypeId::Str, "maketrans"),
    (TypeId::Struct, "define"),
];

/// `v.name`, or `None` if there is no such attribute. Methods come bound to `v`.
pub fn find_attr(ctx: &mut Ctx<'_>, v: Value, name: &str) -> Result<Option<Value>, Raise> {
    // What stands for a function has a name and a text of its own.
    if let Value::Host(at) = v
        && matches!(name, "__name__" | "__doc__")
        && let Some(hook) = ctx.heap[at].kind.hook(|hooks| hooks.call.and(hooks.attribute))
        && let Some(found) = hook(ctx, v, name)?
    {
        return Ok(Some(found));
    }
    if let Some(found) = find_data(ctx, v, name)? {
        return Ok(Some(found));
    }
    if let Some(kind) = ctx.heap.behaviour(v)
        && let Some(found) = host::get(ctx, v, kind, name)?
    {
        return Ok(Some(found));
    }
    if let Value::Type(number) = v {
        if let Some(kind) = ctx.heap.as_user_type(number).and_then(|user| ctx.heap[user].host)
            && let Some(found) = host::get_on_type(ctx, v, kind, name)?
        {
            return Ok(Some(found));
        }
        return Ok(find_on_type(ctx, number, name));
    }
    let Some((owner, method)) = type_method(ctx.heap, types::type_id(ctx.heap, v), name) else {
        return Ok(None);
    };
    let receiver = if is_class_method(owner, name) { types::type_of(ctx.heap, v) } else { v };
    Ok(Some(Value::BoundMethod(ctx.heap.insert(BoundMethod { receiver, method }))))
}

/// `v.name` for a name that is a str, or AttributeError.
pub fn get_attr(ctx: &mut Ctx<'_>, v: Value, name: Value) -> Result<Value, Raise> {
    let Value::Str(at) = name else { return Err(name_must_be_string(ctx, name)) };
    let text = ctx.heap[at].share();
    match find_attr(ctx, v, &text)? {
        Some(found) => Ok(found),
        None => Err(no_attribute(ctx, v, name)),
    }
}

/// The native behind method `name` of `v`, to be called with `v` as its receiver. None if `v` has a data attribute
/// of that name or a method that is not called this way: then read the attribute and call that.
pub fn find_method(heap: &Heap, v: Value, name: &str) -> Option<Value> {
    if let Some(kind) = heap.behaviour(v) {
        return match host::find_method(heap, kind, name) {
            host::Found::Method(method) => Some(method),
            host::Found::Other => None,
            host::Found::Nothing => {
                type_method(heap, types::type_id(heap, v), name).map(|(_, method)| method)
            }
        };
    }
    match v {
        Value::Type(number) => {
            let class = TypeId::from_number(number)?;
            let (owner, method) = type_method(heap, class, name)?;
            is_class_method(owner, name).then_some(method)
        }
        Value::Struct(_) | Value::Module(_) | Value::Function(_) => None,
        Value::Exception(at) if exception::field(heap, at, name).is_some() => None,
        _ => type_method(heap, types::type_id(heap, v), name).map(|(_, method)| method),
    }
}

/// Method `name` of `class` or the nearest of its bases, and whose it is.
fn type_method(heap: &Heap, class: TypeId, name: &str) -> Option<(TypeId, Value)> {
    let mut owner = class;
    loop {
        if let Some(method) = heap.natives.group_of(owner).and_then(|group| heap.natives.find(group, name)) {
            return Some((owner, method));
        }
        if owner.base() == owner {
            return None;
        }
        owner = owner.base();
    }
}

/// Whether method `name` of `owner` is bound to the type itself.
pub(crate) fn is_class_method(owner: TypeId, name: &str) -> bool {
    CLASS_METHODS.contains(&(owner, name))
}

/// `str.upper` is a function that wants a str; `dict.fromkeys` is bound to the type.
fn find_on_type(ctx: &mut Ctx<'_>, number: u64, name: &str) -> Option<Value> {
    let receiver = Value::Type(number);
    let class = match ctx.heap.as_user_type(number) {
        Some(user) if ctx.heap[user].host.is_some() => {
            match ctx.heap[user].host.map(|kind| kind.line().last()) {
                Some(Some(HostType { base: Base::Type(class), .. })) => *class,
                _ => TypeId::Object,
            }
        }
        Some(_) => types::is_subtype(ctx.heap, number, TypeId::BaseException as u64)
            .then(|| exception::builtin_base(ctx.heap, receiver))?,
        None => TypeId::from_number(number)?,
    };
    let (owner, method) = type_method(ctx.heap, class, name)?;
    if !is_class_method(owner, name) {
        return Some(method);
    }
    Some(Value::BoundMethod(ctx.heap.insert(BoundMethod { receiver, method })))
}

/// Attributes that are not methods.
fn find_data(ctx: &mut Ctx<'_>, v: Value, name: &str) -> Result<Option<Value>, Raise> {
    let special = name.starts_with("__");
    Ok(match v {
        Value::Struct(at) if !special => return field(ctx, at, name),
        Value::Exception(at) if !special => match exception::get(ctx.heap, at, name) {
            Some(value) => Some(value),
            None => return exception::as_error(ctx, at, name),
        },
        Value::Module(at) => return global(ctx, at, name),
        Value::Function(at) => function_attribute(ctx, at, name),
        _ if special => special_attribute(ctx, v, name),
        Value::Int(_) | Value::BigInt(_) | Value::Bool(_) => match name {
            "real" | "numerator" => Some(v.as_int().map_or(v, Value::Int)),
            "imag" => Some(Value::Int(0)),
            "denominator" => Some(Value::Int(1)),
            _ => None,
        },
        Value::Float(_) => match name {
            "real" => Some(v),
            "imag" => Some(Value::float(0.0)),
            _ => None,
        },
        Value::Range(at) => bound(&ctx.heap[at].bounds, name),
        Value::Slice(at) => bound(&ctx.heap[at].bounds, name),
        // CPython's shows the dict through a read-only proxy.
        Value::DictView(at) if name == "mapping" => Some(ctx.heap[at].dict),
        Value::Generator(at) => match (name, ctx.heap[at].state) {
            ("gi_running", state) => Some(Value::bool(state == GeneratorState::Running)),
            ("gi_suspended", state) => Some(Value::bool(state == GeneratorState::Suspended)),
            _ => None,
        },
        _ => None,
    })
}

fn bound(bounds: &[Value; 3], name: &str) -> Option<Value> {
    let index = ["start", "stop", "step"].iter().position(|&known| known == name)?;
    Some(bounds[index])
}

/// `__name__` and `__doc__` of what is neither a module nor a script's function.
fn special_attribute(ctx: &mut Ctx<'_>, v: Value, name: &str) -> Option<Value> {
    match (name, v) {
        ("__name__", Value::Type(number)) => {
            let name = ctx.heap.type_name(number);
            Some(ctx.heap.str(&name))
        }
        ("__name__", Value::Native(number)) => {
            let name = ctx.heap.natives.get(number).name;
            Some(ctx.heap.str(name))
        }
        ("__name__", Value::Generator(at)) => match ctx.heap[at].function {
            Value::Function(function) => function_attribute(ctx, function, name),
            _ => code_text(ctx, ctx.heap[at].instance, name),
        },
        ("__name__" | "__doc__", Value::BoundMethod(at)) => match ctx.heap[at].method {
            Value::Function(function) => function_attribute(ctx, function, name),
            method => special_attribute(ctx, method, name),
        },
        ("__doc__", Value::Native(number)) => {
            let doc = ctx.heap.natives.get(number).doc;
            Some(ctx.heap.str(doc))
        }
        ("__doc__", Value::Type(number)) => {
            let user = ctx.heap.as_user_type(number);
            match user.and_then(|user| ctx.heap[user].host) {
                Some(kind) if user.is_some_and(|user| ctx.heap[user].doc.is_none()) => {
                    Some(ctx.heap.str(kind.doc))
                }
                _ => Some(user.map_or(Value::None, |user| ctx.heap[user].doc)),
            }
        }
        ("__doc__", _) => match types::type_of(ctx.heap, v) {
            class @ Value::Type(_) => special_attribute(ctx, class, name),
            _ => Some(Value::None),
        },
        _ => None,
    }
}

/// `__name__` or `__doc__` as the code of `instance` has it.
fn code_text(ctx: &mut Ctx<'_>, instance: u32, name: &str) -> Option<Value> {
    let code = ctx.code(instance);
    let text = match name {
        "__name__" => code.map(|code| code.name.clone()),
        _ => code.and_then(|code| code.doc.clone()),
    };
    Some(text.map_or(Value::None, |text| ctx.heap.str(&text)))
}

/// What was assigned to the function, else its name and docstring.
fn function_attribute(ctx: &mut Ctx<'_>, at: Ref<Function>, name: &str) -> Option<Value> {
    if let Value::Dict(attributes) = ctx.heap[at].attributes {
        let mut entries = ctx.heap[attributes].table().entries();
        if let Some(entry) = entries.find(|entry| ctx.heap.as_str(entry.key) == Some(name)) {
            return Some(entry.value);
        }
    }
    match name {
        "__name__" | "__doc__" => code_text(ctx, ctx.heap[at].instance, name),
        _ => None,
    }
}

/// Place of field `name` in a struct.
fn field_index(heap: &Heap, object: &Struct, name: &str) -> Option<usize> {
    object.names.iter().position(|&field| heap.as_str(field) == Some(name))
}

fn field(ctx: &mut Ctx<'_>, at: Ref<Struct>, name: &str) -> Result<Option<Value>, Raise> {
    let object = &ctx.heap[at];
    let found = field_index(ctx.heap, object, name).map(|index| object.values[index]);
    let looked_at = object.names.len() / 16;
    ctx.charge(looked_at)?;
    Ok(found)
}

/// Slot of global `name` of a module, bound or not.
fn slot(ctx: &mut Ctx<'_>, at: Ref<Module>, name: &str) -> Result<Option<usize>, Raise> {
    let names = &ctx.heap[at].names;
    let found = names.iter().position(|known| **known == *name);
    let looked_at = names.len() / 16;
    ctx.charge(looked_at)?;
    Ok(found)
}

/// A global that a module has bound. `__name__` is the module's name unless it binds its own.
fn global(ctx: &mut Ctx<'_>, at: Ref<Module>, name: &str) -> Result<Option<Value>, Raise> {
    let slot = slot(ctx, at, name)?.filter(|&slot| ctx.heap[at].bound[slot]);
    if let (None, Some(module)) = (slot, ctx.heap[at].host)
        && let Some(value) = host::member(ctx, module, name)?
    {
        // Kept, so that it is found as a global the next time.
        set_global(ctx, at, name, value)?;
        return Ok(Some(value));
    }
    Ok(match (slot, name) {
        (Some(slot), _) => ctx.heap[at].slots[slot].given(),
        (None, "__name__") => {
            let name = ctx.heap[at].name.clone();
            // That of a loaded script is its path.
            let stem = name.strip_suffix(".star").and_then(|name| name.rsplit('/').next());
            Some(ctx.heap.str(stem.unwrap_or(&name)))
        }
        (None, "__doc__") => Some(match ctx.heap[at].host {
            Some(module) => ctx.heap.str(module.doc),
            None => match ctx.heap[at].doc.clone() {
                Some(doc) => ctx.heap.str(&doc),
                None => Value::None,
            },
        }),
        (None, _) => None,
    })
}

/// `v.name = value`.
pub fn set_attr(ctx: &mut Ctx<'_>, v: Value, name: Value, value: Value) -> Result<(), Raise> {
    let Value::Str(at) = name else { return Err(name_must_be_string(ctx, name)) };
    let text = ctx.heap[at].share();
    match v {
        Value::Struct(at) => set_field(ctx, at, name, &text, value),
        Value::Exception(at) => exception::set(ctx, at, &text, value),
        Value::Function(at) => set_function_attribute(ctx, at, name, &text, value),
        Value::Module(at) => set_global(ctx, at, &text, value),
        _ => match host::set(ctx, v, &text, value)? {
            true => Ok(()),
            false => Err(not_settable(ctx, v, name, &text)),
        },
    }
}

/// `del v.name`.
pub fn del_attr(ctx: &mut Ctx<'_>, v: Value, name: Value) -> Result<(), Raise> {
    let Value::Str(at) = name else { return Err(name_must_be_string(ctx, name)) };
    let text = ctx.heap[at].share();
    let deleted = match v {
        Value::Struct(at) => delete_field(ctx, at, &text)?,
        Value::Exception(at) => exception::delete(ctx, at, name)?,
        Value::Function(at) => delete_function_attribute(ctx, at, name, &text)?,
        Value::Module(at) => delete_global(ctx, at, &text)?,
        _ => match host::delete(ctx, v, &text)? {
            true => true,
            false => return Err(not_settable(ctx, v, name, &text)),
        },
    };
    if deleted {
        return Ok(());
    }
    // CPython names the type here, for modules too.
    let given = types::type_name(ctx.heap, v);
    Err(attribute_error(ctx, v, name, format!("'{given}' object has no attribute '{text}'")))
}

fn set_field(ctx: &mut Ctx<'_>, at: Ref<Struct>, name: Value, text: &str, value: Value) -> Result<(), Raise> {
    let object = &ctx.heap[at];
    match field_index(ctx.heap, object, text) {
        Some(index) => ctx.heap.get_mut(at).values[index] = value,
        None => {
            let growth = (object.names.len() + 1) * 2 * size_of::<Value>();
            ctx.charge(growth / 256)?;
            ctx.reserve_large(growth)?;
            ctx.heap.update(at, |object| {
                object.names.push(name);
                object.values.push(value);
            });
        }
    }
    Ok(())
}

fn delete_field(ctx: &mut Ctx<'_>, at: Ref<Struct>, name: &str) -> Result<bool, Raise> {
    let object = &ctx.heap[at];
    let Some(index) = field_index(ctx.heap, object, name) else { return Ok(false) };
    ctx.charge(ctx.heap[at].names.len() / 16)?;
    ctx.heap.update(at, |object| {
        object.names.remove(index);
        object.values.remove(index);
    });
    Ok(true)
}

fn set_function_attribute(
    ctx: &mut Ctx<'_>,
    at: Ref<Function>,
    name: Value,
    text: &str,
    value: Value,
) -> Result<(), Raise> {
    if text == "__name__" && !matches!(value, Value::Str(_)) {
        return Err(ctx.type_error("__name__ must be set to a string object"));
    }
    let attributes = match ctx.heap[at].attributes {
        Value::Dict(attributes) => attributes,
        _ => {
            let attributes = ctx.heap.dict();
            ctx.heap.get_mut(at).attributes = Value::Dict(attributes);
            attributes
        }
    };
    table::dict_set(ctx, attributes, name, value)
}

fn delete_function_attribute(
    ctx: &mut Ctx<'_>,
    at: Ref<Function>,
    name: Value,
    text: &str,
) -> Result<bool, Raise> {
    match text {
        "__name__" => return Err(ctx.type_error("__name__ must be set to a string object")),
        "__doc__" => return set_function_attribute(ctx, at, name, text, Value::None).map(|()| true),
        _ => {}
    }
    let Value::Dict(attributes) = ctx.heap[at].attributes else { return Ok(false) };
    Ok(table::dict_remove(ctx, attributes, name)?.is_some())
}

/// Binds a global of a module; one that its code never named gets a new slot at the end.
fn set_global(ctx: &mut Ctx<'_>, at: Ref<Module>, name: &str, value: Value) -> Result<(), Raise> {
    match slot(ctx, at, name)? {
        Some(slot) => {
            let module = ctx.heap.get_mut(at);
            module.slots[slot] = value;
            module.bound[slot] = true;
        }
        None => {
            ctx.reserve_large((ctx.heap[at].slots.len() + 1) * 64)?;
            ctx.heap.update(at, |module| {
                module.slots.push(value);
                module.bound.push(true);
                module.names.push(Rc::from(name));
            });
        }
    }
    Ok(())
}

/// Binds a member of a module that the host puts together.
pub fn bind_member(ctx: &mut Ctx<'_>, at: Ref<Module>, name: &str, value: Value) -> Result<(), Raise> {
    set_global(ctx, at, name, value)
}

/// Unbinds a global. A builtin of that name shows again.
fn delete_global(ctx: &mut Ctx<'_>, at: Ref<Module>, name: &str) -> Result<bool, Raise> {
    let Some(slot) = slot(ctx, at, name)?.filter(|&slot| ctx.heap[at].bound[slot]) else { return Ok(false) };
    let fallback = builtin(ctx.heap, name).unwrap_or(Value::Undef);
    let module = ctx.heap.get_mut(at);
    module.slots[slot] = fallback;
    module.bound[slot] = false;
    Ok(true)
}

/// What a name means that no script has bound: the groups of functions and of constructors come first.
fn builtin(heap: &Heap, name: &str) -> Option<Value> {
    let is_type = |class: &&TypeId| class.is_exception() || heap.natives.find(1, name).is_some();
    let class = || TypeId::ALL.iter().filter(|class| class.name() == name).find(is_type);
    heap.natives.find(0, name).or_else(|| class().map(|class| class.value()))
}

#[cold]
fn name_must_be_string(ctx: &mut Ctx<'_>, name: Value) -> Raise {
    let given = types::type_name(ctx.heap, name);
    ctx.type_error(format!("attribute name must be string, not '{given}'"))
}

/// `'int' object has no attribute 'x'`
#[cold]
pub fn no_attribute(ctx: &mut Ctx<'_>, v: Value, name: Value) -> Raise {
    let text = ctx.heap.as_str(name).unwrap_or_default();
    let message = match v {
        Value::Type(number) => {
            format!("type object '{}' has no attribute '{text}'", types::message_name(ctx.heap, number))
        }
        Value::Module(at) => format!("module '{}' has no attribute '{text}'", ctx.heap[at].name),
        _ => format!("'{}' object has no attribute '{text}'", types::type_name(ctx.heap, v)),
    };
    attribute_error(ctx, v, name, message)
}

/// Why `v.name`, on a value whose attributes are fixed, cannot be set or deleted.
#[cold]
fn not_settable(ctx: &mut Ctx<'_>, v: Value, name: Value, text: &str) -> Raise {
    if let Value::Type(number) = v {
        let class = types::message_name(ctx.heap, number);
        return ctx.type_error(format!("cannot set '{text}' attribute of immutable type '{class}'"));
    }
    let given = types::type_name(ctx.heap, v);
    match ctx.heap.behaviour(v).map(|kind| host::place_of(kind, text)) {
        Some(host::Place::Attribute) => {
            let message = format!("attribute '{text}' of '{given}' objects is not writable");
            return ctx.error(TypeId::AttributeError, message);
        }
        Some(host::Place::Method) => {
            let message = format!("'{given}' object attribute '{text}' is read-only");
            return ctx.error(TypeId::AttributeError, message);
        }
        Some(host::Place::Nowhere) | None => {}
    }
    if matches!(find_data(ctx, v, text), Ok(Some(_))) {
        let message = match v {
            Value::Range(_) | Value::Slice(_) if text != "__doc__" => "readonly attribute".to_string(),
            Value::Native(_) | Value::BoundMethod(_) | Value::Generator(_) => {
                format!("attribute '{text}' of '{given}' objects is not writable")
            }
            _ if text == "__doc__" => format!("'{given}' object attribute '__doc__' is read-only"),
            Value::Bool(_) => format!("attribute '{text}' of 'int' objects is not writable"),
            _ => format!("attribute '{text}' of '{given}' objects is not writable"),
        };
        return ctx.error(TypeId::AttributeError, message);
    }
    if find_method(ctx.heap, v, text).is_some() {
        let message = format!("'{given}' object attribute '{text}' is read-only");
        return ctx.error(TypeId::AttributeError, message);
    }
    let message =
        format!("'{given}' object has no attribute '{text}' and no __dict__ for setting new attributes");
    attribute_error(ctx, v, name, message)
}

/// An AttributeError that knows what was looked for, and where.
#[cold]
pub fn attribute_error(ctx: &mut Ctx<'_>, v: Value, name: Value, message: String) -> Raise {
    let message = ctx.heap.str(&message);
    let at = exception::new(ctx.heap, TypeId::AttributeError.value(), &[message]);
    let root = ctx.heap.scratch.len();
    ctx.heap.scratch.extend([Value::Exception(at), v, name]);
    let result =
        exception::set_field(ctx, at, "name", name).and_then(|()| exception::set_field(ctx, at, "obj", v));
    ctx.heap.scratch.truncate(root);
    match result {
        Ok(()) => Raise::Exception(at),
        Err(raise) => raise,
    }
}

/// Names of the attributes of `v`, for suggestions; sorted, as CPython's `dir()`.
pub fn names(heap: &Heap, v: Value) -> Vec<String> {
    let own =
        |names: &[Value]| names.iter().filter_map(|&name| heap.as_str(name)).map(String::from).collect();
    let mut names: Vec<String> = match v {
        Value::Struct(at) => own(&heap[at].names),
        Value::Exception(at) => {
            let class = exception::builtin_base(heap, heap[at].class);
            let fields = match heap[at].fields {
                Value::Dict(fields) => heap[fields].table().entries().map(|entry| entry.key).collect(),
                _ => Vec::new(),
            };
            exception::attribute_names(class).map(String::from).chain(own(&fields)).collect()
        }
        Value::Module(at) => {
            let module = &heap[at];
            let bound = module.names.iter().zip(&module.bound).filter(|&(_, &bound)| bound);
            let mut names: Vec<String> = bound.map(|(name, _)| name.to_string()).collect();
            names.extend(module.host.into_iter().flat_map(host::members).map(String::from));
            names.sort_unstable();
            names.dedup();
            names
        }
        Value::Function(at) => match heap[at].attributes {
            Value::Dict(attributes) => {
                own(&heap[attributes].table().entries().map(|entry| entry.key).collect::<Vec<_>>())
            }
            _ => Vec::new(),
        },
        Value::Int(_) | Value::BigInt(_) | Value::Bool(_) => {
            ["real", "imag", "numerator", "denominator"].map(String::from).to_vec()
        }
        Value::Tuple(at) => match heap[at].named() {
            Some(Value::Type(class)) => {
                heap.as_user_type(class).map(|user| own(&heap[user].fields)).unwrap_or_default()
            }
            _ => Vec::new(),
        },
        Value::Float(_) => ["real", "imag"].map(String::from).to_vec(),
        Value::Range(_) | Value::Slice(_) => ["start", "stop", "step"].map(String::from).to_vec(),
        _ => Vec::new(),
    };
    let mut class = match v {
        Value::Type(number) => {
            TypeId::from_number(number).unwrap_or_else(|| exception::builtin_base(heap, v))
        }
        Value::Struct(_) => TypeId::Object,
        _ => types::type_id(heap, v),
    };
    if let Some(kind) = heap.behaviour(v) {
        names.extend(host::names(kind));
    }
    while class != TypeId::Object {
        let methods = heap.natives.group_of(class).map_or(&[][..], |group| heap.natives.of_group(group));
        names.extend(methods.iter().map(|method| method.name.to_string()));
        class = class.base();
    }
    if matches!(v, Value::Function(_) | Value::Native(_) | Value::BoundMethod(_) | Value::Type(_)) {
        names.push("__name__".into());
    }
    names.push("__doc__".into());
    names.sort_unstable();
    names
}
