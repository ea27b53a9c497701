//! Functions that name the module they belong to, wherever they stand.
//!
//! In: what the linker has brought together. Out: modules, each with the functions that name it. Rules: being linked
//! grants nothing; that a name is given twice is an error that says by whom.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::convert::IntoStar;
use crate::heap::{Ctx, Family, HostException, HostModule, Native, Raise, TypeDesc};
use crate::value::Value;

/// A function that `#[star_fn(module = "…")]` has handed to a module.
pub struct Linked {
    /// Path of the module.
    pub module: &'static str,
    /// The function, under each of its names.
    pub natives: &'static [Native],
    /// Exception types for the errors that it fails with.
    pub exceptions: &'static [&'static HostException],
    /// Where it stands, for messages.
    pub place: &'static str,
}

inventory::collect!(Linked);

/// Two functions that name one module have the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// `module.name`.
    name: String,
    places: [&'static str; 2],
}

impl std::fmt::Display for Duplicate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [first, second] = self.places;
        write!(f, "{} is linked twice: by {first} and by {second}", self.name)
    }
}

impl std::error::Error for Duplicate {}

/// The modules of all functions that name one, by path; `app/inner` lies in `app` if there is one. Fails where two functions have one name.
///
/// They are put together once, and stay as long as the process. A function is linked in if anything of its crate is
/// used.
pub fn linked() -> Result<&'static [&'static HostModule], Duplicate> {
    static MODULES: OnceLock<Result<Vec<&'static HostModule>, Duplicate>> = OnceLock::new();
    match MODULES.get_or_init(|| gathered(inventory::iter::<Linked>.into_iter())) {
        Ok(modules) => Ok(modules),
        Err(duplicate) => Err(duplicate.clone()),
    }
}

fn gathered<'a>(all: impl Iterator<Item = &'a Linked>) -> Result<Vec<&'static HostModule>, Duplicate> {
    let mut modules: BTreeMap<&'static str, Vec<&Linked>> = BTreeMap::new();
    all.for_each(|linked| modules.entry(linked.module).or_default().push(linked));
    // Inner modules come after the one they are in, which holds them: the last are made first.
    let mut made: Vec<&'static HostModule> = Vec::new();
    while let Some((path, functions)) = modules.pop_last() {
        let is_within = |inner: &mut &HostModule| {
            inner
                .path
                .strip_prefix(path)
                .and_then(|rest| rest.strip_prefix('/'))
                .is_some_and(|rest| !rest.contains('/'))
        };
        let inner: Vec<_> = made.extract_if(.., is_within).collect();
        made.push(module(path, &functions, inner)?);
    }
    made.reverse();
    Ok(made)
}

fn module(
    path: &'static str,
    functions: &[&Linked],
    inner: Vec<&'static HostModule>,
) -> Result<&'static HostModule, Duplicate> {
    let mut natives: BTreeMap<&'static str, (Native, &'static str)> = BTreeMap::new();
    // The order in which the linker has them differs from build to build.
    let mut functions = functions.to_vec();
    functions.sort_by_key(|linked| linked.place);
    for linked in &functions {
        for native in linked.natives {
            if let Some((_, first)) = natives.insert(native.name, (*native, linked.place)) {
                let name = format!("{}.{}", path.replace('/', "."), native.name);
                return Err(Duplicate { name, places: [first, linked.place] });
            }
        }
    }
    let mut exceptions: Vec<&'static HostException> = Vec::new();
    for exception in functions.iter().flat_map(|linked| linked.exceptions) {
        let same = |known: &&HostException| {
            known.rust_type.map(|name| name()) == exception.rust_type.map(|name| name())
        };
        if !exceptions.iter().any(same) {
            exceptions.push(exception);
        }
    }
    let natives: Vec<Native> = natives.into_values().map(|(native, _)| native).collect();
    Ok(Box::leak(Box::new(HostModule {
        functions: natives.leak(),
        exceptions: exceptions.leak(),
        submodules: inner.leak(),
        ..HostModule::named(path, "", Family::Go)
    })))
}

/// A function of the host, to be bound as a global: `isolate.global("greet", greet::function())`.
#[derive(Clone, Copy, Debug)]
pub struct HostFunction {
    natives: &'static [Native],
    name: &'static str,
}

impl HostFunction {
    /// The function `name` of a table of natives that are sorted by name.
    pub const fn new(natives: &'static [Native], name: &'static str) -> HostFunction {
        HostFunction { natives, name }
    }

    /// The function as the runtime holds it.
    pub fn native(&self) -> Option<&'static Native> {
        self.natives.iter().find(|native| native.name == self.name)
    }
}

impl IntoStar for HostFunction {
    const TYPE: &'static TypeDesc = &TypeDesc::Callable;

    fn into_star(self, ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
        let group = ctx.heap.natives.host_group(self.natives);
        let found = ctx.heap.natives.find(group, self.name);
        found.ok_or_else(|| ctx.type_error(format!("there is no function '{}' to be bound", self.name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heap::{Arity, Outcome};

    const fn native(name: &'static str) -> Native {
        Native {
            name,
            owner: None,
            arity: Arity::None,
            doc: "",
            call: |_, _| Ok(Outcome::Return(Value::None)),
            signature: None,
        }
    }

    const fn linked(module: &'static str, natives: &'static [Native], place: &'static str) -> Linked {
        Linked { module, natives, exceptions: &[], place }
    }

    static ONE: &[Native] = &[native("One"), native("one")];
    static TWO: &[Native] = &[native("Two"), native("two")];

    #[test]
    fn functions_meet_in_their_module() {
        let all = [linked("b", ONE, "x::one"), linked("a/c", ONE, "y::one"), linked("b", TWO, "z::two")];
        let modules = gathered(all.iter()).expect("no name is given twice");
        let names =
            |module: &HostModule| module.functions.iter().map(|native| native.name).collect::<Vec<_>>();
        let found: Vec<_> = modules.iter().map(|module| (module.path, names(module))).collect();
        assert_eq!(found, [("a/c", vec!["One", "one"]), ("b", vec!["One", "Two", "one", "two"])]);
    }

    #[test]
    fn modules_lie_in_modules() {
        let all = [
            linked("a", ONE, "x"),
            linked("a/b", ONE, "x"),
            linked("a/b/c", ONE, "x"),
            linked("a/d/e", ONE, "x"),
        ];
        let modules = gathered(all.iter()).expect("no name is given twice");
        let paths: Vec<_> = modules.iter().map(|module| module.path).collect();
        assert_eq!(paths, ["a", "a/d/e"]);
        assert_eq!(modules[0].submodules[0].path, "a/b");
        assert_eq!(modules[0].submodules[0].submodules[0].path, "a/b/c");
    }

    #[test]
    fn a_name_is_given_once() {
        let all = [linked("a/b", ONE, "y::one"), linked("a/b", ONE, "x::one")];
        let duplicate = gathered(all.iter()).expect_err("a name is given twice");
        assert_eq!(duplicate.to_string(), "a.b.One is linked twice: by x::one and by y::one");
    }
}
