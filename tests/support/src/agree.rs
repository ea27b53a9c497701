//! One language however it arrives.
//!
//! In: a program. Out: nothing, or a text that says in which mode it behaved differently, and how. Rule: the program
//! run whole is the measure of the others.

use star_core::meter::Limits;

use crate::diff::difference;
use crate::{Cuts, Mode, Outcome, run};

/// Runs `source` in each mode and compares it with the whole run. Says how the first differs.
pub fn agree(source: &[u8], modes: &[(&str, Mode)]) -> Result<(), String> {
    let whole = run(source, &Mode::whole());
    modes.iter().try_for_each(|(name, mode)| agrees(&whole, source, name, mode))
}

/// Compares one run with another. Says how it differs.
pub fn agrees(expected: &Outcome, source: &[u8], name: &str, mode: &Mode) -> Result<(), String> {
    let outcome = run(source, mode);
    let differs = |what: &str, text: String| format!("{name}: {what} differs from the whole run\n{text}");
    if let Some(text) = difference(&expected.transcript(), &outcome.transcript()) {
        return Err(differs("the outcome", text));
    }
    // An eager session may see more than the one line of a block begin; their order is told by the output.
    let starts =
        |outcome: &Outcome| outcome.started.iter().map(|unit| format!("{:?}\n", unit.at)).collect::<String>();
    match difference(&starts(expected), &starts(&outcome)) {
        Some(text) if !mode.options.eager => Err(differs("where statements start", text)),
        _ => Ok(()),
    }
}

/// Every mode but eager ones, `rounds` of the random ones.
pub fn modes(seed: u64, rounds: u64) -> Vec<(&'static str, Mode)> {
    let mut modes = vec![
        ("byte by byte", Mode::cut(Cuts::Bytes)),
        ("slices of one step", Mode::whole().sliced(1)),
        ("always collecting", Mode::whole().collecting()),
    ];
    for round in 0..rounds {
        let cuts = Cuts::Random(seed.wrapping_mul(31).wrapping_add(round));
        modes.push(("split at random", Mode::cut(cuts).sliced([1 << 14, 3, 50][round as usize % 3])));
    }
    modes
}

/// Limits for programs that were cut off: a loop may have lost its end.
pub fn small_limits() -> Limits {
    Limits { steps: 200_000, time: None, memory: 32 << 20, output: 1 << 20, ..Limits::default() }
}

/// Feeds every prefix without an end of input, and every prefix that `ends` chooses with one.
///
/// Nothing may panic. Without an end, what a prefix printed begins what the whole prints, and no statement has begun
/// that was not complete. With one, what it printed goes on from there.
pub fn agree_on_prefixes(source: &[u8], ends: impl Fn(usize) -> bool) -> Result<(), String> {
    let whole = run(source, &Mode::cut(Cuts::Bytes).limited(small_limits()));
    for unit in whole.started.iter().filter(|unit| !unit.finished) {
        if let Some(problem) = early(source, unit.at.offset as usize, unit.fed) {
            return Err(format!("{problem}: it ran after {} bytes", unit.fed));
        }
    }
    for end in (0..=source.len()).filter(|&end| ends(end)) {
        let prefix = &source[..end];
        let before = end.checked_sub(1).and_then(|last| whole.printed.get(last)).map_or(0, |&length| length);
        let outcome = run(prefix, &Mode::whole().limited(small_limits()));
        if !outcome.output.starts_with(&whole.output[..before]) {
            let text = difference(&whole.text()[..before], &outcome.text()).unwrap_or_default();
            return Err(format!("the first {end} bytes with an end of input lose output\n{text}"));
        }
        if outcome.waiting {
            return Err(format!("the first {end} bytes with an end of input wait for source"));
        }
    }
    Ok(())
}

/// Whether the statement at `start` was incomplete after `fed` bytes, as far as a look at its lines can tell.
fn early(source: &[u8], start: usize, fed: usize) -> Option<String> {
    let text = String::from_utf8_lossy(&source[start..fed]).into_owned();
    let first = text.lines().next().unwrap_or_default();
    if !text.contains(['\n', '\r']) {
        return Some(format!("`{first}` has no end of line yet"));
    }
    let (complete, last) = text.rsplit_once(['\n', '\r']).unwrap_or_default();
    // What completes a compound statement is a token at the start of a line after it.
    if !last.is_empty() && !last.starts_with([' ', '\t', '#', '\x0c']) {
        return None;
    }
    let line =
        complete.lines().rfind(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))?;
    let word = line.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let in_block = line.starts_with([' ', '\t']) && BLOCKS.iter().any(|word| first.starts_with(word));
    let goes_on = matches!(word, "if" | "elif" | "for" | "while" | "try" | "except");
    (in_block || goes_on).then(|| format!("`{line}` could go on"))
}

const BLOCKS: &[&str] = &["if ", "for ", "while ", "def ", "with ", "try:", "@"];
