//! The layers of star-core, from the bottom to the top: a module uses only those of its own line and above it here.
//!
//! One thing differs from a list without groups: `value`, `object` and `heap` know one another. A `Value` names the
//! slab its index belongs to, an object holds values and says what the heap does with it, and an iterator among the
//! objects keeps the native that goes on with it. They are one idea in three files of manageable size.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Lines are layers; modules on one line may know one another. Two places differ from where one might look first:
/// `bytecode` and `compiler` stand below the heap, because constants of compiled code are plain data and the heap's
/// instances hold that code; `text` stands near the bottom, because it knows no values.
const LAYERS: &[&str] = &[
    "span",
    "source",
    "intern",
    "meter",
    "text",
    "diagnostic",
    "token",
    "lexer",
    "ast",
    "parser",
    "resolve",
    "bytecode",
    "compiler",
    "value object heap",
    "ops",
    "host",
    "builtins",
    "vm",
    "session",
    "runtime",
];

#[test]
fn modules_use_only_layers_below_them() {
    let rank = ranks();
    let mut problems = BTreeSet::new();
    for file in rust_files(&root().join("star-core/src")) {
        let module = module_of(&file);
        if module == "lib" {
            continue;
        }
        let Some(&own) = rank.get(module.as_str()) else {
            problems.insert(format!("module {module} has no place in the list"));
            continue;
        };
        let code = fs::read_to_string(&file).expect("a source file reads");
        for used in uses(&code) {
            match rank.get(used.as_str()) {
                Some(&other) if other <= own => {}
                Some(_) => {
                    problems.insert(format!("{}: {module} uses {used}, a layer above it", file.display()));
                }
                // A macro or an item of lib.rs.
                None => {}
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.into_iter().collect::<Vec<_>>().join("\n"));
}

/// Futures of the host are types to what is below `runtime`: it keeps and polls them. Only `host`, which turns
/// iterators that borrow into objects, writes such blocks itself.
#[test]
fn only_runtime_knows_async() {
    for file in rust_files(&root().join("star-core/src")) {
        let module = module_of(&file);
        let words: &[&str] = match &*module {
            "runtime" | "lib" => continue,
            "host" => &["tokio::"],
            _ => &["async fn", "async {", "async move", ".await", "tokio::", "futures_core::"],
        };
        let code = fs::read_to_string(&file).expect("a source file reads");
        for word in words {
            let found = code_lines(&code).find(|line| line.contains(word));
            assert!(found.is_none(), "{} uses {word}: {}", file.display(), found.unwrap_or_default());
        }
    }
}

#[test]
fn star_core_forbids_unsafe_and_does_no_io() {
    let lib = fs::read_to_string(root().join("star-core/src/lib.rs")).expect("lib.rs reads");
    assert!(lib.contains("#![forbid(unsafe_code)]"));
    for file in rust_files(&root().join("star-core/src")) {
        if is_test(&file) {
            continue;
        }
        let code = fs::read_to_string(&file).expect("a source file reads");
        for word in ["std::fs", "std::net", "std::process", "std::env", "std::thread", "println!("] {
            // An engine's workers are threads, and an isolate prints to standard output unless told otherwise.
            if word == "std::thread" && module_of(&file) == "runtime" {
                continue;
            }
            let found = code_lines(&code).find(|line| line.contains(word) && !line.contains("eprintln!("));
            assert!(found.is_none(), "{} uses {word}: {}", file.display(), found.unwrap_or_default());
        }
    }
}

fn ranks() -> BTreeMap<&'static str, usize> {
    let layers = LAYERS.iter().enumerate();
    layers.flat_map(|(rank, line)| line.split(' ').map(move |module| (module, rank))).collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder lists") {
        let path = entry.expect("an entry reads").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The module of the first level that a file belongs to.
fn module_of(file: &Path) -> String {
    let inside = file.strip_prefix(root().join("star-core/src")).expect("a file of star-core");
    let first = inside.components().next().expect("a path has parts").as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_string()
}

/// Tests may look at anything.
fn is_test(file: &Path) -> bool {
    file.components().any(|part| part.as_os_str() == "tests")
        || file.file_stem().is_some_and(|stem| stem == "tests")
}

/// Lines of code up to the unit tests, without comments.
fn code_lines(code: &str) -> impl Iterator<Item = &str> {
    let end = code.find("#[cfg(test)]\nmod tests {").unwrap_or(code.len());
    code[..end].lines().map(|line| line.split("//").next().unwrap_or_default())
}

/// The modules of the first level that code names, in `use` and in paths.
fn uses(code: &str) -> BTreeSet<String> {
    let text: String = code_lines(code).flat_map(|line| [line, "\n"]).collect();
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => found.extend(identifier(rest)),
            Some(group) => found.extend(members(group)),
        }
    }
    found
}

/// The first names of `a, b::{c, d}, e}`.
fn members(group: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut depth = 0;
    let mut fresh = true;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            _ if fresh && c.is_alphabetic() => {
                found.extend(identifier(&group[at..]));
                fresh = false;
            }
            _ => {}
        }
    }
    found
}

fn identifier(text: &str) -> Option<String> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_string())
}

#[test]
fn uses_are_found() {
    let found = uses("use crate::{a::{x, y}, b};\nuse crate::c::d;\nlet e = crate::f::g(); // crate::h\n");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["a", "b", "c", "f"]);
}
