//! Every module of the library: its cases in every way in which a program can arrive, and that nothing of it is missing.
//!
//! One test for each module and mode. `STAR_CASE=math/exact cargo test --test modules` runs the cases whose names contain
//! that. The expected outputs are CPython's; see tests/modules/README.md.

use std::collections::{BTreeMap, BTreeSet};

use star::stdlib;
use star_core::heap::{Base, HostModule, HostType};
use star_testing::case::{Case, cases, folders, root};
use star_testing::{Cuts, Mode, check, run};

/// A program that may use what `star run` lets it use.
fn whole() -> Mode {
    Mode::whole().granted(stdlib::grants())
}

#[track_caller]
fn check_folder(folder: &str, check: impl Fn(&Case) -> Result<(), String>) {
    check::check_cases(&cases("modules", folder), check);
}

fn expected(case: &Case) -> Result<(), String> {
    check::expected(case, &whole())
}

fn same_as_whole(case: &Case, name: &str, modes: &[Mode]) -> Result<(), String> {
    check::same_as(&whole(), case, name, modes)
}

/// Source in pieces: what a module does may not depend on how much of the program is there.
fn in_pieces(case: &Case) -> Result<(), String> {
    let seed = case.source.len() as u64;
    let pieces = |cuts| Mode { cuts, ..whole() };
    same_as_whole(case, "byte by byte", &[pieces(Cuts::Bytes)])?;
    same_as_whole(case, "split at random", &[pieces(Cuts::Random(seed)).sliced(seed % 13 + 2)])?;
    if run(&case.source, &whole()).is_syntax_error() {
        return Ok(());
    }
    same_as_whole(case, "eagerly", &[pieces(Cuts::Bytes).eager()])
}

macro_rules! modules {
    ($($folder:ident $name:literal,)*) => {
        const FOLDERS: &[&str] = &[$($name),*];

        $(mod $folder {
            use super::*;

            #[test]
            fn expected() {
                check_folder($name, super::expected);
            }

            #[test]
            fn in_pieces() {
                check_folder($name, super::in_pieces);
            }

            #[test]
            fn slices_of_one_step() {
                check_folder($name, |case| same_as_whole(case, "slices of one step", &[whole().sliced(1)]));
            }

            #[test]
            fn always_collecting() {
                check_folder($name, |case| same_as_whole(case, "always collecting", &[whole().collecting()]));
            }

            #[test]
            fn coverage() {
                super::coverage($name);
            }
        })*
    };
}

modules! {
    base64 "base64",
    binascii "binascii",
    collections "collections",
    functools "functools",
    html "html",
    itertools "itertools",
    json "json",
    math "math",
    random "random",
    statistics "statistics",
    string "string",
    textwrap "textwrap",
}

#[test]
fn no_folder_is_forgotten() {
    assert_eq!(folders("modules"), FOLDERS);
    let modules: Vec<String> = stdlib::modules().iter().map(|module| module.path.replace('/', ".")).collect();
    assert_eq!(modules, FOLDERS);
}

/// A section of coverage.toml.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Coverage {
    /// Names of CPython's module that this one has.
    present: BTreeSet<String>,
    /// Names that are star's own, and attributes that CPython sets on each object only.
    #[serde(default)]
    more: BTreeSet<String>,
    /// Names of CPython's module that this one has not, and why.
    #[serde(default)]
    left_out: BTreeMap<String, String>,
}

/// The module has what coverage.toml says and no more, and there is a case for each name of it.
fn coverage(folder: &str) {
    let path = root("modules").join("coverage.toml");
    let text = std::fs::read_to_string(&path).expect("coverage.toml is there");
    let mut sections: BTreeMap<String, Coverage> = toml::from_str(&text).expect("coverage.toml reads");
    let section = sections.remove(folder).expect("coverage.toml has a section for the module");
    let modules = stdlib::modules();
    let module =
        modules.iter().find(|module| module.path.replace('/', ".") == folder).expect("the module is there");

    let has = names(module);
    let said: BTreeSet<String> = section.present.union(&section.more).cloned().collect();
    let twice: Vec<_> = section.left_out.keys().filter(|name| said.contains(*name)).collect();
    assert!(twice.is_empty(), "both there and left out: {twice:?}");
    let nowhere: Vec<_> = said.difference(&has).collect();
    assert!(nowhere.is_empty(), "coverage.toml has what {folder} has not: {nowhere:?}");
    let untold: Vec<_> = has.difference(&said).collect();
    assert!(untold.is_empty(), "{folder} has what coverage.toml does not list: {untold:?}");

    let sources: String = cases("modules", folder)
        .iter()
        .map(|case| String::from_utf8_lossy(&case.source).into_owned())
        .collect();
    let words: BTreeSet<&str> = sources.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let untested: Vec<_> =
        said.iter().filter(|name| !words.contains(name.rsplit('.').next().expect("a part"))).collect();
    assert!(untested.is_empty(), "no case for {untested:?}");
}

/// The names of a module, and `Type.member` for those of its types.
fn names(module: &HostModule) -> BTreeSet<String> {
    let functions = module.functions.iter().map(|native| native.name);
    let constants = module.constants.iter().map(|constant| constant.name);
    let exceptions = module.exceptions.iter().map(|exception| exception.name);
    let aliases = module.aliases.iter().map(|(name, _)| *name);
    let public = |name: &&str| !name.starts_with('_');
    let plain = functions.chain(constants).chain(exceptions).chain(aliases).filter(public);
    let mut names: BTreeSet<String> = plain.map(str::to_string).collect();
    for class in module.types {
        names.insert(class.name.to_string());
        let members = members(class).filter(public);
        names.extend(members.map(|member| format!("{}.{member}", class.name)));
    }
    names
}

/// Members of a type and of its bases that are no built-in types.
fn members(class: &'static HostType) -> impl Iterator<Item = &'static str> {
    let line = std::iter::successors(Some(class), |at| match at.base {
        Base::Host(base) => Some(base),
        Base::Object | Base::Type(_) => None,
    });
    line.flat_map(|class| {
        let methods = class.methods.iter().chain(class.statics).map(|native| native.name);
        let attributes = class.attributes.iter().map(|attribute| attribute.name);
        let fields = class.fields.iter().copied();
        methods.chain(attributes).chain(class.constants.iter().map(|constant| constant.name)).chain(fields)
    })
}
