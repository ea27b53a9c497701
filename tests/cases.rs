//! Every case of tests/cases, in every way in which a program can arrive.
//!
//! One test for each folder and mode. `STAR_CASE=lists/sort cargo test --test cases` runs the cases whose names contain
//! that. The expected outputs are CPython's; see tests/cases/README.md.

use star_testing::case::{Case, cases, folders};
use star_testing::{Cuts, Mode, agree_on_prefixes, check, run};

#[track_caller]
fn check_folder(folder: &str, check: impl Fn(&Case) -> Result<(), String>) {
    check::check_cases(&cases("cases", folder), check);
}

fn expected(case: &Case) -> Result<(), String> {
    check::expected(case, &Mode::whole())
}

fn same_as_whole(case: &Case, name: &str, modes: &[Mode]) -> Result<(), String> {
    check::same_as(&Mode::whole(), case, name, modes)
}

fn eagerly(case: &Case) -> Result<(), String> {
    // An eager session has run the beginning of a block whose end turns out to be wrong.
    if run(&case.source, &Mode::whole()).is_syntax_error() {
        return Ok(());
    }
    let seed = case.source.len() as u64;
    let modes = [Cuts::Whole, Cuts::Bytes, Cuts::Random(seed)].map(|cuts| Mode::cut(cuts).eager());
    same_as_whole(case, "eagerly", &modes)?;
    same_as_whole(case, "eagerly in slices", &[Mode::cut(Cuts::Bytes).eager().sliced(1)])
}

fn split_at_random(case: &Case) -> Result<(), String> {
    let seeds = 1..5u64;
    let modes: Vec<Mode> = seeds.map(|seed| Mode::cut(Cuts::Random(seed)).sliced(seed * 7)).collect();
    same_as_whole(case, "split at random", &modes)
}

fn prefixes(case: &Case) -> Result<(), String> {
    // Each prefix is a run of its own. An unoptimised build takes some of them, around the ends of lines all.
    let every = if cfg!(debug_assertions) { 1 + case.source.len() / 40 } else { 1 };
    let near_newline =
        |end: usize| end > 0 && matches!(case.source[end - 1], b'\n' | b':') && end.is_multiple_of(4);
    agree_on_prefixes(&case.source, |end| end % every == 0 || near_newline(end))
}

macro_rules! folders {
    ($($folder:ident $name:literal,)*) => {
        const FOLDERS: &[&str] = &[$($name),*];

        $(mod $folder {
            use super::*;

            #[test]
            fn expected() {
                check_folder($name, super::expected);
            }

            #[test]
            fn byte_by_byte() {
                check_folder($name, |case| same_as_whole(case, "byte by byte", &[Mode::cut(Cuts::Bytes)]));
            }

            #[test]
            fn split_at_random() {
                check_folder($name, super::split_at_random);
            }

            #[test]
            fn slices_of_one_step() {
                check_folder($name, |case| same_as_whole(case, "slices of one step", &[Mode::whole().sliced(1)]));
            }

            #[test]
            fn always_collecting() {
                check_folder($name, |case| same_as_whole(case, "always collecting", &[Mode::whole().collecting()]));
            }

            #[test]
            fn eagerly() {
                check_folder($name, super::eagerly);
            }

            #[test]
            fn prefixes() {
                check_folder($name, super::prefixes);
            }
        })*
    };
}

folders! {
    builtins "builtins",
    bytes "bytes",
    comprehensions "comprehensions",
    control "control",
    dicts "dicts",
    exceptions "exceptions",
    formatting "formatting",
    functions "functions",
    generators "generators",
    iteration "iteration",
    lists "lists",
    matching "match",
    memory "memory",
    numbers "numbers",
    operators "operators",
    programs "programs",
    ranges "ranges",
    refused "refused",
    scoping "scoping",
    sets "sets",
    source "source",
    streaming "streaming",
    strings "strings",
    structs "structs",
    syntax "syntax",
    tracebacks "tracebacks",
    tuples "tuples",
}

#[test]
fn no_folder_is_forgotten() {
    assert_eq!(folders("cases"), FOLDERS);
}
