//! Writes random programs and what star makes of them.
//!
//!     random_programs FOLDER FROM TO [SIZE]    FOLDER/SEED.star and .out for each seed of FROM..TO
//!     random_programs SEED                     the program, on standard output
//!     random_programs --run FILE [MODE]        what star makes of a program: whole, bytes, slices, collecting, eager
//!
//! `tests/random/compare.py` compares the `.out` files with CPython's.

use std::panic::catch_unwind;
use std::path::Path;
use std::{env, fs};

use star_core::meter::Limits;
use star_testing::case::Case;
use star_testing::generate::program;
use star_testing::{Cuts, Mode, Random, run};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let number = |at: usize| arguments[at].parse::<u64>().expect("a number");
    match arguments.len() {
        2 | 3 if arguments[0] == "--run" => {
            let source = fs::read(&arguments[1]).expect("readable");
            print!("{}", found(source, mode(arguments.get(2).map_or("whole", |name| name))));
        }
        1 => print!("{}", make(number(0), 12)),
        3 | 4 => {
            let size = if arguments.len() == 4 { number(3) } else { 12 };
            (number(1)..number(2)).for_each(|seed| write(Path::new(&arguments[0]), seed, size as usize));
        }
        _ => panic!("usage: random_programs FOLDER FROM TO [SIZE] | SEED"),
    }
}

fn make(seed: u64, size: usize) -> String {
    program(Random::new(seed), size)
}

fn write(folder: &Path, seed: u64, size: usize) {
    let source = make(seed, size);
    fs::write(folder.join(format!("{seed}.star")), &source).expect("can be written");
    let found = catch_unwind(|| found(source.into_bytes(), Mode::whole()))
        .unwrap_or_else(|_| "star panicked\n".to_string());
    fs::write(folder.join(format!("{seed}.out")), found).expect("can be written");
}

/// The outcome in the form of an .out file.
fn found(source: Vec<u8>, mode: Mode) -> String {
    let limits = Limits { steps: 20_000_000, ..Limits::default() };
    let outcome = run(&source, &mode.limited(limits));
    if outcome.is_syntax_error() {
        return format!("--- stderr\nSyntaxError {:?}\n", outcome.failure);
    }
    Case { name: String::new(), source, expected: String::new() }.found(&outcome)
}

fn mode(name: &str) -> Mode {
    match name {
        "whole" => Mode::whole(),
        "bytes" => Mode::cut(Cuts::Bytes),
        "slices" => Mode::whole().sliced(1),
        "collecting" => Mode::whole().collecting(),
        "eager" => Mode::cut(Cuts::Bytes).eager(),
        _ => panic!("there is no mode {name}"),
    }
}
