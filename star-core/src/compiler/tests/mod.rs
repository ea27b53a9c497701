//! Tests of the compiler: listings, and properties that hold for every program.

mod control;
mod limits;
mod listing;
mod pieces;

use std::collections::HashMap;
use std::sync::Arc;

use super::{Compiler, disassemble};
use crate::bytecode::{Code, Segment};
use crate::intern::Interner;
use crate::parser::{Parsed, Parser, ParserOptions};
use crate::resolve::ModuleNames;

/// What a program was compiled to.
pub(super) struct Compiled {
    pub(super) segments: Vec<Segment>,
    pub(super) names: ModuleNames,
}

/// Compiles a program; the message of the first error.
pub(super) fn compile(source: &str, eager: bool) -> Result<Compiled, String> {
    let mut interner = Interner::default();
    let mut names = ModuleNames::default();
    let mut compiler = Compiler::new("<module>".into());
    let mut parser = Parser::new(ParserOptions { eager, max_nesting: 200, ..ParserOptions::default() });
    parser.push(source.as_bytes());
    parser.finish();
    let mut segments = Vec::new();
    loop {
        match parser.next(&mut interner) {
            Parsed::Piece(piece) => {
                let (opens, closes) = (piece.opens_unit, piece.closes_unit);
                let segment = compiler.piece(&piece.ast, &interner, &mut names, opens, closes);
                segments.push(segment.map_err(|error| error.message)?);
                parser.recycle(piece.ast);
            }
            Parsed::End => return Ok(Compiled { segments, names }),
            Parsed::Error(error) => return Err(error.message),
            Parsed::NeedMore | Parsed::TooLarge(_) => return Err("incomplete".into()),
        }
    }
}

/// The listing of all segments of a program.
pub(super) fn listing(source: &str) -> String {
    match compile(source, false) {
        Ok(compiled) => compiled
            .segments
            .iter()
            .map(|segment| disassemble(&segment.code, &compiled.names))
            .collect::<Vec<_>>()
            .join("\n"),
        Err(message) => format!("error: {message}"),
    }
}

/// Checks the listing of the last function (or the module, if there is none) of a program, without line numbers.
#[track_caller]
pub(super) fn check_code(source: &str, expected: &str) {
    let all = listing(source);
    let last = all.rsplit("\n\n").next().unwrap_or_default();
    let found: Vec<String> = last.lines().map(without_line).collect();
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let found: Vec<&str> = found.iter().map(|line| line.trim()).collect();
    assert!(
        found[1..] == expected[..],
        "\nfound:\n{}\n\nexpected:\n{}\n",
        found[1..].join("\n"),
        expected.join("\n")
    );
}

/// `   3     1  Op …` without the line number.
fn without_line(line: &str) -> String {
    let mut words = line.split_whitespace();
    match (words.next(), words.next()) {
        (Some(pc), Some(number)) if pc.parse::<u32>().is_ok() && number.parse::<u32>().is_ok() => {
            format!("{pc} {}", words.collect::<Vec<_>>().join(" "))
        }
        _ => line.to_string(),
    }
}

/// Checks that a program is refused with this message.
#[track_caller]
pub(super) fn check_error(source: &str, message: &str) {
    match compile(source, false) {
        Ok(_) => panic!("compiled: {source}"),
        Err(found) => assert_eq!(found, message, "{source}"),
    }
}

/// All codes of a program, functions included.
pub(super) fn codes(compiled: &Compiled) -> Vec<Arc<Code>> {
    let mut all: Vec<Arc<Code>> = compiled.segments.iter().map(|segment| segment.code.clone()).collect();
    let mut at = 0;
    while at < all.len() {
        let inner = all[at].functions.clone();
        all.extend(inner);
        at += 1;
    }
    all
}

/// Labels of the segments of one unit, as places in their concatenation.
pub(super) type Places = HashMap<u32, u32>;
