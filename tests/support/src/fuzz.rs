//! What fuzz targets check, and inputs for them where there is no fuzzer.
//!
//! In: any bytes. Out: nothing; a panic where star is wrong. Rule: everything ends within [`small_limits`], so that an
//! input that takes long is a finding too.

use star_core::meter::{Exceeded, Limits};
use star_core::session::Failure;

use crate::agree::{agrees, small_limits};
use crate::generate::program;
use crate::{Cuts, Mode, Outcome, Random, run};

/// What a fuzz target does with its input: panics if something is wrong.
pub type Target = fn(&[u8]);

/// A check and its name, which is also that of the fuzz target.
pub const TARGETS: &[(&str, Target)] = &[
    ("chunked_source", chunked_source),
    ("split_anywhere", split_anywhere),
    ("programs", programs),
    ("limits", limits),
];

/// The first two bytes choose how the rest arrives. Nothing may panic.
pub fn chunked_source(data: &[u8]) {
    let Some((&[how, seed], source)) = data.split_first_chunk() else { return };
    let mut mode = Mode::cut(Cuts::Random(seed.into())).limited(small_limits());
    mode.options.eager = how & 1 != 0;
    mode.options.collect_always = how & 2 != 0;
    mode.finish = how & 4 == 0;
    mode.options.slice = if how & 8 != 0 { 1 } else { 1 << 14 };
    mode.options.call_main = how & 16 != 0;
    run(source, &mode);
}

/// The first byte says where the rest is cut in two. It makes no difference; nor does cutting everywhere.
pub fn split_anywhere(data: &[u8]) {
    let Some((&at, source)) = data.split_first() else { return };
    let at = at as usize * (source.len() + 1) / 256;
    same(source, &[("cut once", Mode::cut(Cuts::At(vec![at]))), ("byte by byte", Mode::cut(Cuts::Bytes))]);
}

/// A program that follows from the bytes runs the same in every mode.
pub fn programs(data: &[u8]) {
    let Some((&size, data)) = data.split_first() else { return };
    let source = program(Random::from_bytes(data), 1 + size as usize % 8);
    let bytes = source.as_bytes();
    let modes = [
        ("byte by byte", Mode::cut(Cuts::Bytes)),
        ("slices", Mode::whole().sliced(1)),
        ("collecting", Mode::whole().collecting()),
        ("eagerly", Mode::cut(Cuts::Random(size.into())).eager()),
    ];
    same(bytes, &modes);
    assert!(
        !run(bytes, &Mode::whole()).is_syntax_error(),
        "the generator made an invalid program:\n{source}"
    );
}

/// The first two bytes are a limit of steps. It strikes exactly, in whichever slices.
pub fn limits(data: &[u8]) {
    let Some((&[high, low], source)) = data.split_first_chunk() else { return };
    let steps = u64::from(high) << 8 | u64::from(low);
    let limited = Limits { steps, ..small_limits() };
    let outcome = run(source, &Mode::whole().limited(limited));
    assert!(outcome.steps <= steps, "{} of {steps} steps", outcome.steps);
    let whole = run(source, &Mode::whole().limited(small_limits()));
    assert!(whole.output.starts_with(&outcome.output), "a limit of {steps} steps changes what is printed");
    for slice in [1, 7] {
        let sliced = Mode::cut(Cuts::Random(slice)).limited(limited).sliced(slice);
        check(source, agrees_unless_memory(&outcome, source, "slices", &sliced));
    }
}

fn same(source: &[u8], modes: &[(&str, Mode)]) {
    let whole = run(source, &Mode::whole().limited(small_limits()));
    for (name, mode) in modes {
        // An eager session has run the beginning of a block whose end turns out to be wrong.
        if mode.options.eager && whole.is_syntax_error() {
            continue;
        }
        check(source, agrees_unless_memory(&whole, source, name, &mode.clone().limited(small_limits())));
    }
}

/// Source that waits to be read counts as memory, so where that limit strikes depends on how it arrives.
fn agrees_unless_memory(expected: &Outcome, source: &[u8], name: &str, mode: &Mode) -> Result<(), String> {
    let failure = expected.failure.as_ref().map(|report| &report.failure);
    match failure {
        Some(Failure::Limit(Exceeded::Memory)) => Ok(()),
        _ => agrees(expected, source, name, mode),
    }
}

fn check(source: &[u8], result: Result<(), String>) {
    if let Err(problem) = result {
        panic!("{problem}\n--- source\n{}", String::from_utf8_lossy(source));
    }
}

/// Tokens that a mutation inserts.
const TOKENS: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    ".",
    "=",
    "==",
    ":=",
    "->",
    "*",
    "**",
    "+",
    "-",
    "@",
    "\\",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "    ",
    "'",
    "\"",
    "'''",
    "f'",
    "f'''{",
    "rb'",
    "#",
    "\0",
    "\u{feff}",
    "é",
    "日",
    "\u{202e}",
    "if ",
    "else",
    "elif ",
    "for ",
    " in ",
    "while ",
    "def ",
    "return ",
    "yield ",
    "yield from ",
    "lambda ",
    "try:",
    "except ",
    "finally:",
    "with ",
    " as ",
    "match ",
    "case ",
    "_",
    "global ",
    "nonlocal ",
    "del ",
    "raise ",
    "assert ",
    "break",
    "continue",
    "pass",
    "import ",
    "class ",
    "async ",
    "not ",
    " and ",
    " or ",
    " is ",
    "None",
    "True",
    "1",
    "0",
    "1e999",
    "0x",
    "1_000",
    "99999999999999999999",
    "1.5",
    "x",
    "print(",
    "range(3)",
    "len(",
    "[x for x in ",
    "{**",
    "[*",
    "...",
    ";",
    "!r",
    "<",
    ">>",
    "//=",
];

/// An input for a target: one of `seeds`, changed at a few places.
pub fn mutate(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut source = seeds[random.below(seeds.len())].clone();
    if source.len() > 1500 {
        let start = random.below(source.len() - 1500);
        source = source[start..start + 1500].to_vec();
    }
    for _ in 0..random.below(6) {
        let at = random.below(source.len() + 1);
        let end = at + random.below((source.len() - at).min(30) + 1);
        match random.below(7) {
            0 => drop(source.drain(at..end)),
            1 => source.truncate(at),
            2 => {
                let piece = source[at..end].to_vec();
                let to = random.below(source.len() + 1);
                source.splice(to..to, piece);
            }
            3 => source.insert(at, random.below(256) as u8),
            4 => {
                let other = &seeds[random.below(seeds.len())];
                let from = random.below(other.len() + 1);
                let to = from + random.below((other.len() - from).min(200) + 1);
                source.splice(at..at, other[from..to].iter().copied());
            }
            _ => {
                source.splice(at..at, random.pick(TOKENS).bytes());
            }
        }
    }
    let mut data = random.bits().to_le_bytes()[..2].to_vec();
    data.extend(source);
    data
}
