//! `star eval`: what a script gives, as data.
//!
//! In: an [`Eval`]. Out: JSON, YAML or TOML on standard output, all of it or nothing; errors and what the script prints on
//! standard error. Rule: the work is the library's, [`star::config`].

use star::Data;
use star::config::{self, Error, write};

use super::args::{Errors, Eval, Format};
use super::{complain, interrupt, print, run};

/// Evaluates a script.
pub(super) fn eval(command: Eval) -> u8 {
    let source = match command.origin.read_all() {
        Ok(source) => source,
        Err(problem) => return complain(&problem),
    };
    let name = command.origin.name();
    let mut script = config::text(&name, source)
        .limits(command.limits)
        .blocked(command.policy.blocked())
        .loader(command.origin.loader())
        .prepare(|session| {
            // Where there are no signals, nothing but the limits ends the script.
            let _ = interrupt::on_ctrl_c(session.interrupter().flag());
        });
    for (name, value) in &command.set {
        script = script.set(name, read(value));
    }
    if let Some((unknown, near)) = script.unknown_names().unwrap_or_default().first() {
        let hint = near.as_ref().map_or(String::new(), |near| format!("; did you mean {near}?"));
        return complain(&format!("--set {unknown}: {name} has no such name{hint}"));
    }
    let written = script.evaluate().and_then(|evaluated| match command.format {
        Format::Json => write::json(&evaluated),
        Format::Yaml => write::yaml(&evaluated),
        Format::Toml => write::toml(&evaluated),
    });
    match written {
        Ok(text) => print(&text),
        Err(error) => fail(&error, command.errors),
    }
}

/// A value as JSON, else as text.
fn read(value: &str) -> Data {
    // Ints of any size; serde_json would round large ones.
    let digits = value.strip_prefix('-').unwrap_or(value);
    let is_int = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match serde_json::from_str::<serde_json::Value>(value) {
        Ok(_) if is_int => value.parse().map_or_else(|_| value.into(), Data::BigInt),
        Ok(value) => value.into(),
        Err(_) => value.into(),
    }
}

fn fail(error: &Error, errors: Errors) -> u8 {
    let report = error.to_report();
    run::write_error(&report, errors);
    run::exit_code(&report)
}
