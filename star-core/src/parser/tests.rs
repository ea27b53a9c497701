//! Pieces, trees and errors, however the source is cut.

use super::{Parsed, Parser, ParserOptions, Piece, dump};
use crate::diagnostic::Diagnostic;
use crate::intern::Interner;
use crate::lexer::Blocked;
use crate::span::Position;

/// Everything a reader of the stream sees, as text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Events {
    pieces: Vec<String>,
    /// The statements without their pieces' edges.
    stmts: Vec<String>,
    error: Option<String>,
    /// Where a corrected rest could go on.
    position: Option<Position>,
}

fn options(eager: bool) -> ParserOptions {
    ParserOptions { eager, ..ParserOptions::default() }
}

fn read(options: &ParserOptions, chunks: &[&[u8]], finish: bool) -> Events {
    let mut parser = Parser::new(options.clone());
    let mut interner = Interner::default();
    let mut events = Events::default();
    let mut done = false;
    for (i, chunk) in chunks.iter().enumerate() {
        parser.push(chunk);
        if finish && i + 1 == chunks.len() {
            parser.finish();
        }
        while !done {
            match parser.next(&mut interner) {
                Parsed::Piece(piece) => take(&mut events, &mut parser, piece, &interner),
                Parsed::NeedMore => break,
                Parsed::End => done = true,
                Parsed::Error(error) => {
                    events.error = Some(describe(&error));
                    events.position = Some(parser.position());
                    done = true;
                }
                Parsed::TooLarge(location) => {
                    events.error = Some(format!("too large: {location:?}"));
                    done = true;
                }
            }
        }
    }
    events
}

fn take(events: &mut Events, parser: &mut Parser, piece: Piece, interner: &Interner) {
    let source = piece.ast.source.clone();
    let place = |position: Position| format!("{}:{}+{}", position.line, position.column, position.offset);
    events.pieces.push(format!(
        "unit {} base {} {}{}{:?}\n{}",
        place(piece.start),
        place(source.base),
        if piece.opens_unit { "opens " } else { "" },
        if piece.closes_unit { "closes " } else { "" },
        source.text,
        dump::ast_with_spans(&piece.ast, interner),
    ));
    let lines = dump::ast(&piece.ast, interner);
    events.stmts.extend(lines.lines().map(|line| line.trim_start_matches([' ', '~']).to_string()));
    parser.recycle(piece.ast);
}

/// An error without its excerpt, which shows as much of the line as has arrived.
fn describe(error: &Diagnostic) -> String {
    let mut error = error.clone();
    error.excerpt.lines.clear();
    // So does the sketch for a class.
    if error.message.starts_with("star has no classes") {
        error.message.truncate(20);
    }
    format!("{error:?}")
}

/// Reads `source` whole, byte by byte and split at each place; all must agree.
#[track_caller]
fn read_all_ways(options: &ParserOptions, source: &[u8]) -> Events {
    let whole = read(options, &[source], true);
    let bytes: Vec<&[u8]> = source.chunks(1).chain([&[][..]]).collect();
    assert_eq!(read(options, &bytes, true), whole, "byte by byte: {:?}", String::from_utf8_lossy(source));
    if source.len() <= 400 {
        for cut in 0..source.len() {
            let (first, second) = source.split_at(cut);
            let split = read(options, &[first, second], true);
            assert_eq!(split, whole, "cut at {cut}: {:?}", String::from_utf8_lossy(source));
            // A prefix may be anything but a panic, and nothing more is read from it than from the whole.
            let prefix = read(options, &[first], false);
            assert!(prefix.pieces.len() <= whole.pieces.len());
            assert_eq!(prefix.pieces[..], whole.pieces[..prefix.pieces.len()], "prefix of {cut} bytes");
            read(options, &[first], true);
        }
    }
    whole
}

/// Reads `source` all ways, eagerly too; the statements must be the same.
#[track_caller]
fn statements(source: &[u8]) -> Events {
    let whole = read_all_ways(&options(false), source);
    let eager = read_all_ways(&options(true), source);
    assert_eq!(whole.error, eager.error);
    assert_eq!(eager.stmts[..whole.stmts.len()], whole.stmts[..]);
    if whole.error.is_none() {
        assert_eq!(eager.stmts.len(), whole.stmts.len());
    }
    whole
}

/// `source` has this tree.
#[track_caller]
fn check(source: &str, expected: &str) {
    let events = statements(source.as_bytes());
    assert_eq!(events.error, None);
    let mut interner = Interner::default();
    let mut parser = Parser::new(options(false));
    parser.push(source.as_bytes());
    parser.finish();
    let mut found = String::new();
    while let Parsed::Piece(piece) = parser.next(&mut interner) {
        found.push_str(&dump::ast(&piece.ast, &interner));
    }
    let expected: Vec<&str> = expected.lines().map(str::trim_end).collect();
    assert_eq!(found.lines().collect::<Vec<_>>(), expected, "{source}");
}

/// The texts of the pieces of `source`.
#[track_caller]
fn check_pieces(source: &str, eager: bool, expected: &[&str]) {
    let events = read_all_ways(&options(eager), source.as_bytes());
    assert_eq!(events.error, None);
    let texts = |piece: &String| {
        let text = piece.split_once('"').map_or("", |(_, rest)| rest);
        text.split_once("\"\n").map_or("", |(text, _)| text).replace("\\n", "\n")
    };
    assert_eq!(events.pieces.iter().map(texts).collect::<Vec<_>>(), expected);
}

#[track_caller]
fn error_of(source: &[u8], options: &ParserOptions) -> Diagnostic {
    let mut parser = Parser::new(options.clone());
    let mut interner = Interner::default();
    parser.push(source);
    parser.finish();
    loop {
        match parser.next(&mut interner) {
            Parsed::Piece(_) => {}
            Parsed::Error(error) => return *error,
            other => panic!("{:?} gives {other:?}", String::from_utf8_lossy(source)),
        }
    }
}

/// `source` fails with `code kind place message`, then ` | edit at place` and ` (place note)` for each.
#[track_caller]
fn check_error(source: &str, expected: &str) {
    statements(source.as_bytes());
    let error = error_of(source.as_bytes(), &options(false));
    let (start, end) = (error.location.start, error.location.end);
    let kind = error.kind.strip_suffix("Error").unwrap_or(error.kind);
    let mut found = format!("{} {kind} {}:{}", error.code, start.line, start.column);
    if start.line != end.line {
        found += &format!("-{}:{}", end.line, end.column);
    } else if start.column != end.column {
        found += &format!("-{}", end.column);
    }
    found += &format!(" {}", error.message);
    for edit in &error.suggestions {
        let place = edit.location.start;
        found += &format!(" | {:?} at {}:{}", edit.replacement, place.line, place.column);
    }
    for note in &error.notes {
        let place = note.location.start;
        found += &format!(" ({}:{} {})", place.line, place.column, note.text);
    }
    assert_eq!(found, expected, "{source}");
}

mod accepted;
mod refused;
mod streaming;
mod torture;
