//! `require`, and with it `import`.
//!
//! In: a path. Out: the module, or an error that says how to get it. Rule: a module that is linked but not granted is
//! another error than one that does not exist; `.` and `/` are one separator.

use super::function;
use crate::heap::{Args, Arity, Ctx, Grants, Load, Native, NativeResult, Outcome, Raise};
use crate::object::types::TypeId;
use crate::ops::{attribute, exception, types};
use crate::text::distance;
use crate::value::Value;

/// `require(…)`.
pub const REQUIRE: Native =
    function("require", Arity::One, call, "require(path): the module of that path, such as \"net/http\"");

fn call(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    require(ctx, args[0])
}

/// The module at `path`, a str.
pub fn require(ctx: &mut Ctx<'_>, path: Value) -> NativeResult {
    let Value::Str(at) = path else {
        let given = types::type_name(ctx.heap, path);
        return Err(ctx.type_error(format!("require() argument must be str, not {given}")));
    };
    let text = ctx.heap[at].share();
    ctx.charge(1 + text.len() / 16)?;
    if text.starts_with("./") || text.starts_with("../") {
        return load(ctx, &text);
    }
    let path = text.replace('.', "/");
    let grants = ctx.heap.grants().clone();
    match grants.registry.find(&path) {
        Some(module) if grants.has(module.path) => Ok(Value::Module(ctx.heap.host_module(module)).into()),
        Some(module) => {
            let name = module.path;
            let message = format!(
                "module '{name}' is there, but this program may not use it: its host has to grant(\"{name}\")"
            );
            Err(not_found(ctx, &text, message))
        }
        None => {
            if let Some(package) = package(ctx, &grants, &path)? {
                return Ok(package.into());
            }
            let name = text.replace('/', ".");
            let mut message = format!("No module named '{name}'");
            if let Some(near) = distance::suggestion(&path, grants.modules.iter().copied()) {
                message.push_str(&format!(". Did you mean '{near}'?"));
            }
            Err(not_found(ctx, &name, message))
        }
    }
}

/// The script at a path that is relative to the script at hand.
fn load(ctx: &mut Ctx<'_>, text: &str) -> NativeResult {
    let here = ctx.script().unwrap_or_default();
    let mut parts: Vec<&str> = here.split('/').collect();
    parts.pop();
    for part in text.split('/') {
        match part {
            "." | "" => {}
            ".." if parts.pop().is_none() => {
                return Err(
                    ctx.error(TypeId::ImportError, format!("'{text}' leads out of the program's folder"))
                );
            }
            ".." => {}
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    if let Some(module) = ctx.heap.loaded_module(&path) {
        return Ok(Value::Module(module).into());
    }
    ctx.heap.set_load(Load::Seek { path: path.into() });
    Ok(Outcome::Suspend)
}

/// A module that is only a path to others: `net` where `net/http` is granted. None if no granted path goes through it.
fn package(ctx: &mut Ctx<'_>, grants: &Grants, path: &str) -> Result<Option<Value>, Raise> {
    let inside = |known: &&'static str| known.strip_prefix(path)?.strip_prefix('/');
    if !grants.modules.iter().any(|known| inside(known).is_some()) {
        return Ok(None);
    }
    let at = ctx.heap.package(path);
    for known in &grants.modules {
        let Some(rest) = inside(known) else { continue };
        let name = rest.split('/').next().unwrap_or(rest);
        let inner = match (rest.contains('/'), grants.registry.find(known)) {
            (false, Some(module)) => ctx.heap.host_module(module),
            // One more package on the way.
            _ => ctx.heap.package(&known[..path.len() + 1 + name.len()]),
        };
        attribute::bind_member(ctx, at, name, Value::Module(inner))?;
        if rest.contains('/') {
            package(ctx, grants, &known[..path.len() + 1 + name.len()])?;
        }
    }
    Ok(Some(Value::Module(at)))
}

/// ModuleNotFoundError with its attribute `name`.
#[cold]
fn not_found(ctx: &mut Ctx<'_>, name: &str, message: String) -> Raise {
    let raise = ctx.error(TypeId::ModuleNotFoundError, message);
    let Raise::Exception(at) = raise else { return raise };
    let root = ctx.heap.scratch.len();
    ctx.heap.scratch.push(Value::Exception(at));
    let name = ctx.heap.str(name);
    let set = exception::set_field(ctx, at, "name", name);
    ctx.heap.scratch.truncate(root);
    set.err().unwrap_or(raise)
}

/// ImportError: `from module import name` of a name that it does not have.
#[cold]
pub fn cannot_import(ctx: &mut Ctx<'_>, module: Value, name: &str) -> Raise {
    let from = match module {
        Value::Module(at) => ctx.heap[at].name.clone(),
        _ => types::type_name(ctx.heap, module),
    };
    let mut message = format!("cannot import name '{name}' from '{from}'");
    let names = attribute::names(ctx.heap, module);
    if let Some(near) = distance::suggestion(name, names.iter().map(String::as_str)) {
        message.push_str(&format!(". Did you mean: '{near}'?"));
    }
    ctx.error(TypeId::ImportError, message)
}
