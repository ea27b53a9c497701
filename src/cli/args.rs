//! Arguments to commands.
//!
//! In: the process's arguments. Out: a [`Command`], or a sentence about what is wrong with them. Rule: what follows the
//! script belongs to the script; star's own options stand before it.
//!
//! lexopt and not clap: `star FILE ARGS…` beside named commands goes against clap's grain, and the help is written
//! by hand either way.

use std::ffi::OsString;
use std::time::Duration;

use lexopt::{Arg, Parser};
use star::core::text::distance::suggestion;
use star::core::text::unicode::is_identifier;
use star::{Blocked, Limits};

use super::source::Origin;
use super::{help, quantity};

/// What the user asked for.
#[derive(Debug, PartialEq)]
pub(super) enum Command {
    Run(Run),
    Eval(Eval),
    Check(Check),
    Dump(Dump),
    /// Help, the version or a completion script.
    Print(&'static str),
}

/// `star run`.
#[derive(Debug, PartialEq)]
pub(super) struct Run {
    pub(super) origin: Origin,
    pub(super) eager: bool,
    pub(super) trace: bool,
    /// Write session events to standard output, in place of what the script prints.
    pub(super) events: bool,
    pub(super) limits: Limits,
    pub(super) policy: Policy,
    pub(super) errors: Errors,
}

/// `star eval`.
#[derive(Debug, PartialEq)]
pub(super) struct Eval {
    pub(super) origin: Origin,
    pub(super) format: Format,
    /// Globals to set: name and value, as they were given.
    pub(super) set: Vec<(String, String)>,
    pub(super) limits: Limits,
    pub(super) policy: Policy,
    pub(super) errors: Errors,
}

/// What `star eval` writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Format {
    #[default]
    Json,
    Yaml,
    Toml,
}

/// `star check`.
#[derive(Debug, PartialEq)]
pub(super) struct Check {
    pub(super) origin: Origin,
    pub(super) nesting: u32,
    pub(super) policy: Policy,
    pub(super) errors: Errors,
}

/// `star dump`.
#[derive(Debug, PartialEq)]
pub(super) struct Dump {
    pub(super) what: Stage,
    pub(super) origin: Origin,
    pub(super) errors: Errors,
}

/// A form of the program on its way from text to code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Tokens,
    Ast,
    Code,
}

/// Words that scripts may not use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Policy(Vec<String>);

impl Policy {
    /// As the session takes it.
    pub(super) fn blocked(&self) -> Blocked {
        Blocked::new(self.0.iter().map(String::as_str))
    }
}

/// How errors are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Errors {
    pub(super) json: bool,
    pub(super) color: Color,
}

/// `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    Always,
    Never,
}

/// What the command line allows unless told otherwise: it belongs to its user.
fn default_limits() -> Limits {
    Limits { memory: 1 << 30, ..Limits::unlimited() }
}

/// Every command.
pub(super) const COMMANDS: [&str; 6] = ["run", "eval", "check", "dump", "completions", "help"];

/// The options of each command, for suggestions; the test of the completions reads them too.
pub(super) const OPTIONS: &[(&str, &[&str])] = &[
    (
        "run",
        &[
            "--eager",
            "--max-steps",
            "--max-time",
            "--max-memory",
            "--max-output",
            "--max-frames",
            "--max-nesting",
            "--block",
            "--events",
            "--error-format",
            "--color",
            "--trace",
            "--help",
        ],
    ),
    (
        "eval",
        &[
            "--format",
            "--set",
            "--max-steps",
            "--max-time",
            "--max-memory",
            "--max-output",
            "--max-frames",
            "--max-nesting",
            "--block",
            "--error-format",
            "--color",
            "--help",
        ],
    ),
    ("check", &["--max-nesting", "--block", "--error-format", "--color", "--help"]),
    ("dump", &["--error-format", "--color", "--help"]),
    ("completions", &["--help"]),
];

/// Reads the arguments, the program's name first.
pub(super) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut parser = Parser::from_iter(arguments);
    let mut run = RunOptions::default();
    match parser.next().map_err(describe)? {
        None => without_arguments(),
        Some(Arg::Value(word)) => match word.to_str() {
            Some("run") => run.rest(&mut parser),
            Some("eval") => eval(&mut parser),
            Some("check") => check(&mut parser),
            Some("dump") => dump(&mut parser),
            Some("completions") => completions(&mut parser),
            Some("help") => help_about(&mut parser),
            _ => run.script(Origin::from_argument(word), &mut parser),
        },
        Some(Arg::Short('h') | Arg::Long("help")) => Ok(Command::Print(help::STAR)),
        Some(Arg::Short('V') | Arg::Long("version")) => Ok(Command::Print(help::VERSION)),
        Some(argument) => {
            let argument = own(argument);
            run.option(argument, &mut parser)?.map_or_else(|| run.rest(&mut parser), Ok)
        }
    }
}

fn without_arguments() -> Result<Command, String> {
    // As `python` does: `echo 'print(1)' | star` runs what comes in.
    if std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        return Err(format!("nothing to run\n\n{}", help::USAGE));
    }
    RunOptions::default().script(Origin::Stdin, &mut Parser::from_iter(["star"]))
}

/// An argument that no longer borrows the parser.
enum Owned {
    Option(String),
    Value(OsString),
}

fn own(argument: Arg<'_>) -> Owned {
    match argument {
        Arg::Short(letter) => Owned::Option(format!("-{letter}")),
        Arg::Long(name) => Owned::Option(format!("--{name}")),
        Arg::Value(value) => Owned::Value(value),
    }
}

/// The options of `star run` as far as they have been read.
struct RunOptions {
    eager: bool,
    trace: bool,
    events: bool,
    limits: Limits,
    common: Common,
}

impl Default for RunOptions {
    fn default() -> RunOptions {
        let limits = default_limits();
        RunOptions { eager: false, trace: false, events: false, limits, common: Common::default() }
    }
}

impl RunOptions {
    /// The options up to the script, and the script.
    fn rest(mut self, parser: &mut Parser) -> Result<Command, String> {
        while let Some(argument) = parser.next().map_err(describe)? {
            let argument = own(argument);
            if let Some(command) = self.option(argument, parser)? {
                return Ok(command);
            }
        }
        Err(format!("which script?\n\n{}", help::USAGE))
    }

    /// One argument; the command if it completes it.
    fn option(&mut self, argument: Owned, parser: &mut Parser) -> Result<Option<Command>, String> {
        let name = match argument {
            Owned::Value(value) => return self.take().script(Origin::from_argument(value), parser).map(Some),
            Owned::Option(name) => name,
        };
        match name.as_str() {
            "-h" | "--help" => return Ok(Some(Command::Print(help::RUN))),
            "-c" => {
                let code = value(&name, parser)?;
                return self.take().script(Origin::Text(code), parser).map(Some);
            }
            "--eager" => self.eager = true,
            "--trace" => self.trace = true,
            "--events" => {
                expect_json(&name, &value(&name, parser)?)?;
                self.events = true;
            }
            _ if limit(&mut self.limits, &name, parser)? => {}
            _ => self.common.option("run", &name, parser)?,
        }
        Ok(None)
    }

    fn take(&mut self) -> RunOptions {
        std::mem::take(self)
    }

    /// The script is found: the rest is its own. Nothing reads it before there is `sys`.
    fn script(self, origin: Origin, parser: &mut Parser) -> Result<Command, String> {
        parser.raw_args().map_err(describe)?.for_each(drop);
        let RunOptions { eager, trace, events, limits, common } = self;
        let Common { policy, errors } = common;
        Ok(Command::Run(Run { origin, eager, trace, events, limits, policy, errors }))
    }
}

/// An option that limits what a script may use; false if it is none.
fn limit(limits: &mut Limits, name: &str, parser: &mut Parser) -> Result<bool, String> {
    match name {
        "--max-steps" => limits.steps = amount(name, parser, quantity::count)?.unwrap_or(u64::MAX),
        "--max-output" => limits.output = amount(name, parser, quantity::bytes)?.unwrap_or(u64::MAX),
        "--max-time" => limits.time = amount::<Duration>(name, parser, quantity::time)?,
        "--max-memory" => {
            let bytes = amount(name, parser, quantity::bytes)?;
            limits.memory = bytes.map_or(usize::MAX, |bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
        }
        "--max-frames" => limits.frames = small(amount(name, parser, quantity::count)?),
        "--max-nesting" => limits.nesting = small(amount(name, parser, quantity::count)?),
        _ => return Ok(false),
    }
    Ok(true)
}

/// Options that several commands share.
#[derive(Default)]
struct Common {
    policy: Policy,
    errors: Errors,
}

impl Common {
    fn option(&mut self, command: &str, name: &str, parser: &mut Parser) -> Result<(), String> {
        let known =
            OPTIONS.iter().find(|(known, _)| *known == command).map_or(&[][..], |(_, options)| options);
        if !known.contains(&name) {
            return Err(unknown(command, name, known));
        }
        match name {
            "--block" => {
                let words = value(name, parser)?;
                self.policy
                    .0
                    .extend(words.split(',').map(str::trim).filter(|word| !word.is_empty()).map(Into::into));
            }
            "--error-format" => {
                self.errors.json = match value(name, parser)?.as_str() {
                    "json" => true,
                    "text" => false,
                    other => return Err(format!("--error-format is json or text, not '{other}'")),
                };
            }
            "--color" => {
                self.errors.color = match value(name, parser)?.as_str() {
                    "auto" => Color::Auto,
                    "always" => Color::Always,
                    "never" => Color::Never,
                    other => return Err(format!("--color is auto, always or never, not '{other}'")),
                };
            }
            _ => return Err(unknown(command, name, known)),
        }
        Ok(())
    }
}

fn eval(parser: &mut Parser) -> Result<Command, String> {
    let (mut common, mut limits) = (Common::default(), default_limits());
    let (mut format, mut set, mut origin) = (Format::default(), Vec::new(), None);
    while let Some(argument) = parser.next().map_err(describe)? {
        match own(argument) {
            Owned::Option(name) => match name.as_str() {
                "-h" | "--help" => return Ok(Command::Print(help::EVAL)),
                "-c" => set_origin(&mut origin, Origin::Text(value(&name, parser)?))?,
                "--format" => {
                    format = match value(&name, parser)?.as_str() {
                        "json" => Format::Json,
                        "yaml" => Format::Yaml,
                        "toml" => Format::Toml,
                        other => return Err(format!("--format is json, yaml or toml, not '{other}'")),
                    };
                }
                "--set" => set.push(assignment(&value(&name, parser)?)?),
                _ if limit(&mut limits, &name, parser)? => {}
                _ => common.option("eval", &name, parser)?,
            },
            Owned::Value(value) => set_origin(&mut origin, Origin::from_argument(value))?,
        }
    }
    let origin = origin.ok_or("which file? for example: star eval app.star --set env=prod")?;
    let Common { policy, errors } = common;
    Ok(Command::Eval(Eval { origin, format, set, limits, policy, errors }))
}

/// `name=value`
fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if is_identifier(name) => Ok((name.to_string(), value.to_string())),
        _ => Err(format!("--set takes name=value, not '{text}'; for example: --set env=prod")),
    }
}

fn check(parser: &mut Parser) -> Result<Command, String> {
    let mut common = Common::default();
    let mut nesting = Limits::default().nesting;
    let mut origin = None;
    while let Some(argument) = parser.next().map_err(describe)? {
        match own(argument) {
            Owned::Option(name) => match name.as_str() {
                "-h" | "--help" => return Ok(Command::Print(help::CHECK)),
                "-c" => set_origin(&mut origin, Origin::Text(value(&name, parser)?))?,
                "--max-nesting" => nesting = small(amount(&name, parser, quantity::count)?),
                _ => common.option("check", &name, parser)?,
            },
            Owned::Value(value) => set_origin(&mut origin, Origin::from_argument(value))?,
        }
    }
    let origin = origin.ok_or("which file? for example: star check script.star")?;
    let Common { policy, errors } = common;
    Ok(Command::Check(Check { origin, nesting, policy, errors }))
}

fn dump(parser: &mut Parser) -> Result<Command, String> {
    let mut common = Common::default();
    let mut what = None;
    let mut origin = None;
    while let Some(argument) = parser.next().map_err(describe)? {
        match own(argument) {
            Owned::Option(name) => match name.as_str() {
                "-h" | "--help" => return Ok(Command::Print(help::DUMP)),
                "-c" => set_origin(&mut origin, Origin::Text(value(&name, parser)?))?,
                _ => common.option("dump", &name, parser)?,
            },
            Owned::Value(word) if what.is_none() => what = Some(stage(&word)?),
            Owned::Value(value) => set_origin(&mut origin, Origin::from_argument(value))?,
        }
    }
    match (what, origin) {
        (Some(what), Some(origin)) => Ok(Command::Dump(Dump { what, origin, errors: common.errors })),
        _ => Err("dump what of which file? for example: star dump code script.star".into()),
    }
}

fn stage(word: &OsString) -> Result<Stage, String> {
    match word.to_str() {
        Some("tokens") => Ok(Stage::Tokens),
        Some("ast") => Ok(Stage::Ast),
        Some("code") => Ok(Stage::Code),
        _ => Err(format!("star dump shows tokens, ast or code, not '{}'", word.to_string_lossy())),
    }
}

fn set_origin(origin: &mut Option<Origin>, new: Origin) -> Result<(), String> {
    match origin.replace(new) {
        None => Ok(()),
        Some(first) => Err(format!("one file at a time: '{}' and another were given", first.name())),
    }
}

fn completions(parser: &mut Parser) -> Result<Command, String> {
    match parser.next().map_err(describe)? {
        Some(Arg::Short('h') | Arg::Long("help")) => Ok(Command::Print(help::COMPLETIONS)),
        Some(Arg::Value(shell)) => match shell.to_str() {
            Some("bash") => Ok(Command::Print(help::BASH)),
            Some("zsh") => Ok(Command::Print(help::ZSH)),
            Some("fish") => Ok(Command::Print(help::FISH)),
            _ => Err(format!(
                "completions are there for bash, zsh and fish, not '{}'",
                shell.to_string_lossy()
            )),
        },
        _ => Err("completions for which shell? bash, zsh or fish".into()),
    }
}

fn help_about(parser: &mut Parser) -> Result<Command, String> {
    let Some(Arg::Value(word)) = parser.next().map_err(describe)? else {
        return Ok(Command::Print(help::STAR));
    };
    let word = word.to_string_lossy();
    let text = match &*word {
        "run" => help::RUN,
        "eval" => help::EVAL,
        "check" => help::CHECK,
        "dump" => help::DUMP,
        "completions" => help::COMPLETIONS,
        "help" => help::STAR,
        _ => return Err(format!("there is no command '{word}'{}", did_you_mean(&word, &COMMANDS))),
    };
    Ok(Command::Print(text))
}

fn value(name: &str, parser: &mut Parser) -> Result<String, String> {
    let value = parser.value().map_err(|_| format!("{name} needs a value; see star run --help"))?;
    value.into_string().map_err(|value| format!("{name}: '{}' is not UTF-8", value.to_string_lossy()))
}

fn amount<T>(
    name: &str,
    parser: &mut Parser,
    read: fn(&str) -> Result<Option<T>, String>,
) -> Result<Option<T>, String> {
    read(&value(name, parser)?).map_err(|problem| format!("{name}: {problem}"))
}

fn small(count: Option<u64>) -> u32 {
    count.map_or(u32::MAX, |count| u32::try_from(count).unwrap_or(u32::MAX))
}

fn expect_json(name: &str, value: &str) -> Result<(), String> {
    if value == "json" { Ok(()) } else { Err(format!("{name} is json, not '{value}'")) }
}

fn unknown(command: &str, name: &str, known: &[&str]) -> String {
    format!("star {command} has no option {name}{}\nsee star {command} --help", did_you_mean(name, known))
}

fn did_you_mean(word: &str, known: &[&str]) -> String {
    suggestion(word, known.iter().copied()).map_or(String::new(), |near| format!("; did you mean {near}?"))
}

fn describe(error: lexopt::Error) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn run_of(arguments: &[&str]) -> Run {
        match parsed(arguments) {
            Ok(Command::Run(run)) => run,
            other => panic!("not a run: {other:?}"),
        }
    }

    fn parsed(arguments: &[&str]) -> Result<Command, String> {
        parse(std::iter::once("star").chain(arguments.iter().copied()).map(OsString::from))
    }

    #[test]
    fn scripts() {
        assert_eq!(run_of(&["a.star"]), run_of(&["run", "a.star"]));
        assert_eq!(run_of(&["a.star"]).origin, Origin::Path("a.star".into()));
        assert_eq!(run_of(&["run", "-"]).origin, Origin::Stdin);
        assert_eq!(run_of(&["-"]).origin, Origin::Stdin);
        assert_eq!(run_of(&["-c", "print(1)"]).origin, Origin::Text("print(1)".into()));
    }

    #[test]
    fn options_stand_before_the_script() {
        let run = run_of(&["run", "--eager", "a.star", "--trace", "-x", "b"]);
        assert!(run.eager && !run.trace);
        assert!(run_of(&["--eager", "a.star"]).eager);
    }

    #[test]
    fn limits() {
        let limits = run_of(&["a.star"]).limits;
        assert_eq!((limits.memory, limits.steps, limits.frames), (1 << 30, u64::MAX, 1000));
        let limits = run_of(&["--max-memory=none", "--max-steps", "5k", "--max-time=2s", "-"]).limits;
        assert_eq!((limits.memory, limits.steps), (usize::MAX, 5000));
        assert_eq!(limits.time, Some(Duration::from_secs(2)));
    }

    #[test]
    fn evaluations() {
        let Ok(Command::Eval(eval)) =
            parsed(&["eval", "a.star", "--set", "x=1=2", "--format", "toml", "--max-steps=5k", "--set=y="])
        else {
            panic!("not an evaluation")
        };
        assert_eq!((eval.format, eval.limits.steps), (Format::Toml, 5000));
        assert_eq!(eval.set, [("x".into(), "1=2".into()), ("y".into(), "".into())]);
    }

    #[test]
    fn mistakes() {
        assert!(parsed(&["eval"]).unwrap_err().contains("which file?"));
        assert!(parsed(&["eval", "a", "--set", "x"]).unwrap_err().contains("name=value"));
        assert!(parsed(&["eval", "a", "--set", "a.b=1"]).unwrap_err().contains("name=value"));
        assert!(parsed(&["eval", "a", "--format", "xml"]).unwrap_err().contains("json, yaml or toml"));
        assert!(parsed(&["eval", "a", "--sett", "x=1"]).unwrap_err().contains("did you mean --set?"));
        assert!(parsed(&["run", "--max-step", "1", "a"]).unwrap_err().contains("did you mean --max-steps?"));
        assert!(parsed(&["run"]).unwrap_err().contains("which script?"));
        assert!(parsed(&["--max-time", "5", "a"]).unwrap_err().contains("'5s'"));
        assert!(parsed(&["dump", "everything", "a"]).unwrap_err().contains("tokens, ast or code"));
        assert!(parsed(&["check", "a", "b"]).unwrap_err().contains("one file"));
        assert!(parsed(&["--color", "blue", "a"]).unwrap_err().contains("auto, always or never"));
    }
}
