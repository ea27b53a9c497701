//! `star check`: a script that is not run.
//!
//! In: a [`Check`]. Out: what was found, on standard error; exit code 1 if some of it is an error. Rule: the findings are
//! the library's, [`star::check`].

use star::check::{CheckOptions, check as findings};
use star::render::Severity;

use super::args::Check;
use super::{SCRIPT_ERROR, SUCCESS, complain, run};

/// Checks a script.
pub(super) fn check(command: Check) -> u8 {
    let source = match command.origin.read_all() {
        Ok(source) => source,
        Err(problem) => return complain(&problem),
    };
    let options = CheckOptions {
        name: command.origin.name().into(),
        blocked: command.policy.blocked(),
        nesting: command.nesting,
        known: Vec::new(),
    };
    let findings = findings(&source, &options);
    for finding in &findings {
        run::write_diagnostic(&finding.diagnostic, finding.severity, finding.stop, command.errors);
    }
    let failed = findings.iter().any(|finding| finding.severity == Severity::Error);
    if failed { SCRIPT_ERROR } else { SUCCESS }
}
