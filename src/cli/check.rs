//! `star check`.
use super::args::Check;

/// Checks a script.
pub(super) fn check(command: Check) -> u8 {
    let _ = (&command.origin, command.nesting, command.policy.blocked(), command.errors);
    super::SUCCESS
}
