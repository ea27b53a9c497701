//! Case files.
//!
//! In: `tests/cases/*/*.star` or `tests/modules/*/*.star` with an `.out` beside each. Out: [`Case`]s, and an outcome in
//! the form of an `.out`. Rule: the format is that of `tests/cases/README.md`, which CPython's side (`oracle.py`) writes.

use std::fs;
use std::path::{Path, PathBuf};

use star_core::session::{Failure, Report};

use crate::Outcome;

/// A program and what it should do.
#[derive(Clone, Debug)]
pub struct Case {
    /// Folder and name: `lists/sort`.
    pub name: String,
    /// The program.
    pub source: Vec<u8>,
    /// What its `.out` says.
    pub expected: String,
}

/// A folder of folders of cases: `cases`, `modules`.
pub fn root(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(kind)
}

/// Names of the folders with cases, sorted.
pub fn folders(kind: &str) -> Vec<String> {
    let entries =
        fs::read_dir(root(kind)).expect("the folder is there").map(|entry| entry.expect("readable").path());
    let mut names: Vec<String> = entries.filter(|path| path.is_dir()).map(|path| name(&path)).collect();
    names.retain(|name| !name.starts_with('_'));
    names.sort();
    names
}

/// The cases of a folder whose names contain what the environment's `STAR_CASE` says, sorted.
pub fn cases(kind: &str, folder: &str) -> Vec<Case> {
    let filter = std::env::var("STAR_CASE").unwrap_or_default();
    let entries = fs::read_dir(root(kind).join(folder)).expect("a folder of cases");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "star"));
    paths.sort();
    let cases = paths.iter().map(|path| Case::read(folder, path));
    cases.filter(|case| case.name.contains(&filter)).collect()
}

fn name(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

fn stem(path: &Path) -> String {
    path.file_stem().expect("a name").to_string_lossy().into_owned()
}

impl Case {
    fn read(folder: &str, path: &Path) -> Case {
        let source = fs::read(path).expect("readable");
        let out = path.with_extension("out");
        let expected = fs::read_to_string(&out).unwrap_or_else(|e| panic!("{}: {e}", out.display()));
        Case { name: format!("{folder}/{}", stem(path)), source, expected }
    }

    /// Whether CPython accepts what star refuses here: only the kind of the error is known.
    pub fn is_refused(&self) -> bool {
        self.name.starts_with("refused/")
    }

    /// The outcome in the form of the `.out` file.
    pub fn found(&self, outcome: &Outcome) -> String {
        let mut out = outcome.text();
        let Some(report) = &outcome.failure else { return out };
        if self.is_refused() {
            return out + &report.kind + "\n";
        }
        if let Some(text) = standard_error(report) {
            out.push_str("--- stderr\n");
            out.push_str(&text);
        }
        out
    }
}

/// What CPython writes to standard error for this failure, without the lines that only mark columns.
fn standard_error(report: &Report) -> Option<String> {
    match &report.failure {
        Failure::Syntax(_) => Some(format!("{}\n", report.kind)),
        Failure::Exit { says, .. } => says.as_ref().map(|text| format!("{text}\n")),
        _ => {
            let lines = report.text.split_inclusive('\n');
            Some(lines.filter(|line| !is_marker(line.trim_end_matches('\n'))).collect())
        }
    }
}

fn is_marker(line: &str) -> bool {
    line.ends_with(['~', '^']) && line.chars().all(|c| matches!(c, ' ' | '~' | '^'))
}
