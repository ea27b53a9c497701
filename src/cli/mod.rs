//! The command line.
//!
//! In: arguments, a script, signals. Out: what the script prints on standard output, errors on standard error, and an
//! exit code. Rule: everything here is also open to a program that embeds star; nothing reaches behind its public
//! interface.

mod args;
mod check;
mod dump;
mod eval;
mod help;
mod interrupt;
mod output;
mod quantity;
mod run;
mod source;

use std::process::ExitCode;

use args::Command;

/// The program did what it was asked to do.
const SUCCESS: u8 = 0;
/// The script failed.
const SCRIPT_ERROR: u8 = 1;
/// The command line, or a file it names, is wrong.
const USAGE: u8 = 2;
/// A limit was passed.
const LIMIT: u8 = 3;
/// Ctrl-C: 128 + SIGINT.
const INTERRUPTED: u8 = 130;

/// Reads the arguments and carries them out.
pub(crate) fn main() -> ExitCode {
    let code = match args::parse(std::env::args_os()) {
        Ok(Command::Run(command)) => run::run(command),
        Ok(Command::Eval(command)) => eval::eval(command),
        Ok(Command::Check(command)) => check::check(command),
        Ok(Command::Dump(command)) => dump::dump(command),
        Ok(Command::Print(text)) => print(text),
        Err(problem) => complain(&problem),
    };
    ExitCode::from(code)
}

/// Writes text that the user asked for.
fn print(text: &str) -> u8 {
    let mut output = match output::Output::stdout() {
        Ok(output) => output,
        Err(error) => return complain(&error.to_string()),
    };
    output.push(text.as_bytes());
    match output.flush() {
        Ok(()) => SUCCESS,
        Err(error) => output::failure_code(&error),
    }
}

/// Writes a message about the command itself.
fn complain(problem: &str) -> u8 {
    eprintln!("star: {problem}");
    USAGE
}
