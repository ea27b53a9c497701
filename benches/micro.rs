//! Figures that need no process of their own: tiny evaluations, source to bytecode, chunks of one byte.
//!
//! `cargo bench --bench micro` prints all of them; `-- --tiny N`, `-- --parse FILE` and `-- --host N` print one as
//! JSON, in the form that comparisons of several runtimes share. Times are CPU time of this thread, so that a busy
//! machine changes them little.

use std::hint::black_box;
use std::sync::Arc;

use star_core::compiler::Compiler;
use star_core::heap::{Grants, Registry};
use star_core::intern::Interner;
use star_core::parser::{Parsed, Parser, ParserOptions};
use star_core::resolve::ModuleNames;
use star_core::session::{Control, Data, Options, Pumped, Session};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--tiny", n] => tiny(n.parse().expect("a number of evaluations")),
        ["--parse", file] => parse(&std::fs::read_to_string(file).expect("a readable file")),
        ["--host", n] => host(n.parse().expect("a number of calls")),
        _ => {
            tiny(20_000);
            parse(&sample(2_000_000));
            one_byte_chunks(&sample(500_000));
            host(1_000_000);
        }
    }
}

/// `1+1`: in a live session, and in a new one each time.
fn tiny(n: u32) {
    let mut session = Session::new(Options::default());
    let start = cpu_ns();
    for _ in 0..n {
        session.feed(b"1+1\n");
        assert_eq!(session.run(&mut |_| Control::Continue), Pumped::NeedSource);
    }
    let warm = (cpu_ns() - start) as f64 / n as f64;
    assert_eq!(session.last_value(), Some(Data::Int(2)));
    let start = cpu_ns();
    for _ in 0..n {
        let mut session = Session::new(Options::default());
        session.feed(b"1+1\n");
        assert_eq!(session.run(&mut |_| Control::Continue), Pumped::NeedSource);
        black_box(session.last_value());
    }
    let cold = (cpu_ns() - start) as f64 / n as f64;
    println!("{{\"warm_ns\": {warm:.1}, \"cold_ns\": {cold:.1}}}");
}

/// Source to bytecode, and to all functions defined.
fn parse(source: &str) {
    let start = cpu_ns();
    let mut parser = Parser::new(ParserOptions::default());
    let (mut interner, mut names) = (Interner::default(), ModuleNames::default());
    let mut compiler = Compiler::new(Arc::from("<module>"));
    parser.push(source.as_bytes());
    parser.finish();
    loop {
        match parser.next(&mut interner) {
            Parsed::Piece(piece) => {
                black_box(
                    compiler.piece(&piece.ast, &interner, &mut names, true, true).expect("valid source"),
                );
                parser.recycle(piece.ast);
            }
            Parsed::End => break,
            other => panic!("{other:?}"),
        }
    }
    let parse = (cpu_ns() - start) as f64 / 1e9;
    let start = cpu_ns();
    let mut session =
        Session::new(Options { limits: star_core::meter::Limits::unlimited(), ..Options::default() });
    session.feed(source.as_bytes());
    session.finish();
    assert_eq!(session.run(&mut |_| Control::Continue), Pumped::Finished);
    let load = (cpu_ns() - start) as f64 / 1e9;
    println!("{{\"bytes\": {}, \"parse_s\": {parse:.4}, \"load_s\": {load:.4}}}", source.len());
}

/// Functions of a host, as any host binds them.
#[star::star_module("bench")]
mod bench {
    #[star_fn]
    fn noop() {}

    #[star_fn]
    fn add(a: i64, b: i64) -> i64 {
        a + b
    }

    #[star_fn]
    fn check(a: i64, limit: i64) -> Result<i64, String> {
        if a < limit { Ok(a) } else { Err("above the limit".into()) }
    }

    #[star_fn]
    fn length(text: &str) -> usize {
        text.len()
    }

    /// Ready at once.
    #[star_fn]
    async fn soon(a: i64, b: i64) -> i64 {
        a + b
    }
}

/// Host functions called from a script's loop, what a script's own function of no arguments costs taken off, and the
/// loop's own cost.
fn host(n: u32) {
    let time = |body: &str| {
        let source = format!(
            "from bench import noop, add, check, length, soon\nimport bench\ndef own(): pass\n\
             def f():\n    x = 0\n    s = \"a text that is not inline\"\n    for i in range({n}):\n        {body}\n    return x\nf()\n"
        );
        let mut registry = Registry::default();
        assert!(registry.add(bench::module()));
        let mut grants = Grants { registry: registry.into(), ..Grants::default() };
        grants.module(bench::module());
        let mut session =
            Session::new(Options { limits: star_core::meter::Limits::unlimited(), ..Options::default() });
        session.set_grants(grants);
        let start = cpu_ns();
        session.feed(source.as_bytes());
        assert_eq!(session.run(&mut |_| Control::Continue), Pumped::NeedSource);
        (cpu_ns() - start) as f64 / n as f64
    };
    let least = |body: &str| (0..5).map(|_| time(body)).fold(f64::MAX, f64::min);
    let empty = least("x = i");
    let own = least("own()") - empty;
    let calls = [
        ("host_ns", "x = add(i, 1)"),
        ("host_noop_ns", "noop()"),
        ("host_result_ns", "x = check(i, 1 << 40)"),
        ("host_attribute_ns", "x = bench.add(i, 1)"),
        ("host_text_ns", "x = length(s)"),
        ("async_host_ns", "x = soon(i, 1)"),
        ("builtin_ns", "x = abs(i)"),
    ];
    let figures: Vec<String> =
        calls.iter().map(|(name, body)| format!("\"{name}\": {:.1}", least(body) - empty)).collect();
    println!("{{\"script_noop_ns\": {own:.1}, {}}}", figures.join(", "));
}

fn one_byte_chunks(source: &str) {
    let mut session =
        Session::new(Options { limits: star_core::meter::Limits::unlimited(), ..Options::default() });
    let start = cpu_ns();
    for byte in source.as_bytes() {
        session.feed(std::slice::from_ref(byte));
        session.run(&mut |_| Control::Continue);
    }
    let seconds = (cpu_ns() - start) as f64 / 1e9;
    println!("{{\"one_byte_mb_s\": {:.1}}}", source.len() as f64 / 1e6 / seconds);
}

/// Functions as a program would have them, `bytes` long.
fn sample(bytes: usize) -> String {
    let mut source = String::new();
    let mut i = 0;
    while source.len() < bytes {
        source.push_str(&format!(
            "\ndef handler_{i}(a, b, items):\n    total = {i}\n    for x in items:\n        if x > a and x != b:\n            \
             total += x * 3 + len(items)\n        elif x == 7:\n            total -= 1\n        else:\n            \
             total = total + (a - b) // 2\n    name = \"value-%d\" % total\n    \
             return {{\"name\": name, \"total\": total, \"pair\": [a, b, (total, name)]}}\n"
        ));
        i += 1;
    }
    source
}

/// CPU time of this thread.
fn cpu_ns() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    stat.split(' ').next().and_then(|ns| ns.parse().ok()).expect("a number of nanoseconds")
}
