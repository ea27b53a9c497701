//! What `--help`, `--version` and `completions` print.
//!
//! In: nothing. Out: texts, written by hand in `help/` and `completions/`. Rule: a test holds them to the options that
//! `args` knows.

pub(super) const STAR: &str = include_str!("help/star.txt");
pub(super) const RUN: &str = include_str!("help/run.txt");
pub(super) const EVAL: &str = include_str!("help/eval.txt");
pub(super) const CHECK: &str = include_str!("help/check.txt");
pub(super) const DUMP: &str = include_str!("help/dump.txt");
pub(super) const COMPLETIONS: &str = include_str!("help/completions.txt");

/// After a mistake.
pub(super) const USAGE: &str = "\
usage: star FILE [ARGS...]    run a script
       star -                 run standard input as it arrives
       star -c CODE           run a piece of code
       star --help            more";

pub(super) const VERSION: &str = concat!("star ", env!("CARGO_PKG_VERSION"), "\n");

pub(super) const BASH: &str = include_str!("completions/star.bash");
pub(super) const ZSH: &str = include_str!("completions/star.zsh");
pub(super) const FISH: &str = include_str!("completions/star.fish");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::OPTIONS;

    #[test]
    fn every_option_is_explained_and_completed() {
        let texts =
            [("run", RUN), ("eval", EVAL), ("check", CHECK), ("dump", DUMP), ("completions", COMPLETIONS)];
        for (command, options) in OPTIONS {
            let text = texts.iter().find(|(name, _)| name == command).expect("each command has a text").1;
            for option in *options {
                assert!(text.contains(option), "star {command} --help says nothing of {option}");
                assert!(BASH.contains(option), "bash: {option}");
                assert!(ZSH.contains(option), "zsh: {option}");
                assert!(FISH.contains(&option[2..]), "fish: {option}");
            }
            assert!(text.contains("Examples:"), "star {command} --help has no examples");
        }
    }
}
