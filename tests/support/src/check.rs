//! Checks of case files.
//!
//! In: cases and a check for each. Out: nothing, or a panic with everything that failed. Rule: one case that fails, or
//! panics, hides no other.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::agree::agrees;
use crate::case::Case;
use crate::diff::difference;
use crate::{Mode, run};

/// Checks each case; panics with all that failed.
#[track_caller]
pub fn check_cases(cases: &[Case], check: impl Fn(&Case) -> Result<(), String>) {
    let failed: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let result = catch_unwind(AssertUnwindSafe(|| check(case)));
            let problem =
                result.unwrap_or_else(|panic| Err(format!("panicked: {}", panic_text(&*panic)))).err()?;
            Some(format!("FAILED {}: {problem}", case.name))
        })
        .collect();
    assert!(failed.is_empty(), "{} of {} failed\n{}", failed.len(), cases.len(), failed.join("\n"));
}

fn panic_text(panic: &dyn std::any::Any) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or(panic.downcast_ref::<&str>().map(|text| text.to_string())).unwrap_or_default()
}

/// The case's output and error are the expected ones.
pub fn expected(case: &Case, mode: &Mode) -> Result<(), String> {
    let outcome = run(&case.source, mode);
    match difference(&case.expected, &case.found(&outcome)) {
        None => Ok(()),
        Some(text) => Err(format!("the output\n{text}")),
    }
}

/// Every mode comes to what the first does.
pub fn same_as(whole: &Mode, case: &Case, name: &str, modes: &[Mode]) -> Result<(), String> {
    let whole = run(&case.source, whole);
    modes.iter().try_for_each(|mode| agrees(&whole, &case.source, name, mode))
}
