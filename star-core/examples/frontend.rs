//! Reads source files the way a session does, and times it.
//!
//! `frontend check FILES…` prints each file's first error; `ast` and `tokens` print what is read; `speed` times
//! generated code.

use std::hint::black_box;
use std::time::Instant;

use star_core::diagnostic::Diagnostic;
use star_core::intern::Interner;
use star_core::parser::{Parsed, Parser, ParserOptions, dump};

fn main() {
    let mut args = std::env::args().skip(1);
    let mode = args.next().unwrap_or_default();
    match mode.as_str() {
        "speed" => speed(),
        "check" | "eager" => {
            for path in args {
                let source = std::fs::read(&path).expect("a readable file");
                println!("{path}: {}", check(&source, mode == "eager"));
            }
        }
        "ast" => {
            for path in args {
                let source = std::fs::read(path).expect("a readable file");
                print(&source);
            }
        }
        "many" => {
            // Samples between null bytes in, their trees or errors between null bytes out.
            for path in args {
                for source in std::fs::read(path).expect("a readable file").split(|byte| *byte == 0) {
                    print(source);
                    print!("\0");
                }
            }
        }
        "tokens" => {
            for path in args {
                print!("{}", dump::tokens(&std::fs::read_to_string(path).expect("a readable file")));
            }
        }
        _ => eprintln!("frontend check|eager|ast|tokens FILES, frontend speed"),
    }
}

fn check(source: &[u8], eager: bool) -> String {
    let mut parser = Parser::new(ParserOptions { eager, ..ParserOptions::default() });
    let mut interner = Interner::default();
    parser.push(source);
    parser.finish();
    loop {
        match parser.next(&mut interner) {
            Parsed::Piece(_) => {}
            Parsed::End => return "ok".into(),
            Parsed::Error(error) => {
                let place = error.location.start;
                return format!(
                    "{} {} {}:{}: {}",
                    error.code, error.kind, place.line, place.column, error.message
                );
            }
            other => return format!("{other:?}"),
        }
    }
}

fn print(source: &[u8]) {
    let mut parser = Parser::new(ParserOptions::default());
    let mut interner = Interner::default();
    parser.push(source);
    parser.finish();
    loop {
        match parser.next(&mut interner) {
            Parsed::Piece(piece) => print!("{}", dump::ast(&piece.ast, &interner)),
            Parsed::End => return,
            Parsed::Error(error) => return println!("!{}", one_line(&error)),
            other => return println!("{other:?}"),
        }
    }
}

/// Code, kind, place, message and edits of an error.
fn one_line(error: &Diagnostic) -> String {
    let (start, end) = (error.location.start, error.location.end);
    let kind = error.kind.strip_suffix("Error").unwrap_or(error.kind);
    let mut out = format!("{} {kind} {}:{}", error.code, start.line, start.column);
    if start.line != end.line {
        out += &format!("-{}:{}", end.line, end.column);
    } else if start.column != end.column {
        out += &format!("-{}", end.column);
    }
    out += &format!(" {}", error.message);
    for edit in &error.suggestions {
        let place = edit.location.start;
        out += &format!(" | {:?} at {}:{}", edit.replacement, place.line, place.column);
    }
    for note in &error.notes {
        let place = note.location.start;
        out += &format!(" ({}:{} {})", place.line, place.column, note.text);
    }
    out
}

const FUNC: &str = r#"
def handler_{i}(a, b, items):
    total = {i}
    for x in items:
        if x > a and x != b:
            total += x * 3 + len(items)
        elif x == 7:
            total -= 1
        else:
            total = total + (a - b) // 2
    name = "value-%d" % total
    return {"name": name, "total": total, "pair": [a, b, (total, name)]}
"#;

fn speed() {
    let mut source = String::new();
    for i in 0.. {
        source.push_str(&FUNC.replace("{i}", &i.to_string()));
        if source.len() > 5_000_000 {
            break;
        }
    }
    let sizes = match std::env::args().nth(2) {
        Some(size) => vec![size.parse().expect("a chunk size")],
        None => vec![source.len(), 64 * 1024, 4096, 16, 1],
    };
    for chunk in sizes {
        let best = (0..5).map(|_| time(source.as_bytes(), chunk)).fold(f64::MAX, f64::min);
        println!("chunks of {chunk:8}: {:6.1} MB/s", source.len() as f64 / best / 1e6);
    }
    if std::env::args().nth(2).is_some() {
        return;
    }
    let count = 300_000;
    let options = ParserOptions::default();
    let begin = Instant::now();
    for _ in 0..count {
        let mut interner = Interner::default();
        let mut parser = Parser::new(options.clone());
        parser.push(b"1+1");
        parser.finish();
        black_box(parser.next(&mut interner));
    }
    println!("1+1 in a new parser: {:.0} ns", begin.elapsed().as_secs_f64() / f64::from(count) * 1e9);
    let mut parser = Parser::new(options);
    let mut interner = Interner::default();
    let begin = Instant::now();
    for _ in 0..count {
        parser.push(b"1+1\n");
        if let Parsed::Piece(piece) = parser.next(&mut interner) {
            parser.recycle(piece.ast);
        }
    }
    println!("1+1 in a live parser: {:.0} ns", begin.elapsed().as_secs_f64() / f64::from(count) * 1e9);
}

fn time(source: &[u8], chunk: usize) -> f64 {
    let mut parser = Parser::new(ParserOptions::default());
    let mut interner = Interner::default();
    let begin = Instant::now();
    let mut pieces = 0;
    for chunk in source.chunks(chunk) {
        parser.push(chunk);
        loop {
            match parser.next(&mut interner) {
                Parsed::Piece(piece) => {
                    pieces += 1;
                    parser.recycle(black_box(piece).ast);
                }
                Parsed::NeedMore => break,
                other => panic!("{other:?}"),
            }
        }
    }
    black_box(pieces);
    begin.elapsed().as_secs_f64()
}
