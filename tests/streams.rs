//! Streams that do not end: they keep within their memory, and their time is measured.
//!
//! In: many short statements of each kind. Out: bytes in use, by our own account and by the system's, and which limit
//! struck. What a statement leaves behind is looked for by giving thousands of it.

use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use star_core::meter::{Exceeded, Limits};
use star_core::session::{Control, Event, Failure, Options, Pumped, Session};
use star_testing::mode::options;

/// Makes a statement from its number.
type Make = fn(usize) -> String;

/// Statements that hold nothing when they are done, as functions of their number.
const KINDS: &[(&str, Make)] = &[
    ("a comment", |i| format!("# comment {i}\n")),
    ("a small assignment", |_| "x = 1\n".into()),
    ("prints", |i| format!("print('line', {i})\n")),
    ("new strings", |i| format!("x = 'string number {i}'\n")),
    ("f-strings", |i| format!("x = f'a{{{i}}}b{i}'\n")),
    ("expressions", |i| format!("{i} * 3 + {i}\n")),
    ("big ints", |i| format!("x = {i}00000000000000000000\n")),
    ("strings on their own", |i| format!("'''text {i}'''\n")),
    ("long lines", |i| {
        format!("x = [{}]\n", (0..100).map(|k| format!("'{}'", i + k)).collect::<Vec<_>>().join(", "))
    }),
    ("loops", |i| format!("for k in range(3):\n    y = [k, {i}]\n")),
    ("functions", |i| format!("def f(a, b={i}):\n    return a + b + {i}\n")),
    ("functions with new locals", |i| format!("def f():\n    v{i} = 1\n    return v{i}\n")),
    ("lambdas", |i| format!("g = lambda x: x + {i}\n")),
    ("calls of lambdas", |i| format!("x = sorted([3, 1, 2], key=lambda a: a + {i})\n")),
    ("generators", |i| format!("def g():\n    yield {i}\nx = g()\nnext(x)\n")),
    ("generator expressions", |i| format!("x = (k for k in [{i}])\nnext(x)\n")),
    ("new keywords", |i| format!("x = dict(k{i}=1)\n")),
    ("new attributes", |i| format!("x = struct(a{i}={i})\nx.a{i} += 1\n")),
    ("exceptions", |i| format!("try:\n    {{}}[{i}]\nexcept KeyError as e:\n    x = e\n")),
    ("ids", |i| format!("x = id([{i}])\n")),
];

/// About `bytes` of one kind's statements, `chunk` by `chunk`.
fn chunks(make: Make, bytes: usize, chunk: usize) -> impl Iterator<Item = String> {
    let mut made = 0;
    let mut sent = 0;
    std::iter::from_fn(move || {
        let mut text = String::new();
        while text.len() < chunk && sent + text.len() < bytes {
            text += &make(made);
            made += 1;
        }
        sent += text.len();
        (!text.is_empty()).then_some(text)
    })
}

#[test]
fn the_heap_stays_small() {
    // A generous limit: nothing else makes the collector hurry.
    let limits = Limits { memory: 1 << 30, ..Limits::unlimited() };
    for &(kind, make) in KINDS {
        for eager in [false, true] {
            let mut session = Session::new(Options { limits, eager, ..options() });
            let mut most = 0;
            for text in chunks(make, 1_200_000, 10_000) {
                session.feed(text.as_bytes());
                // An event that nobody keeps is gone.
                assert_eq!(session.run(&mut |_| Control::Continue), Pumped::NeedSource, "{kind}");
                most = most.max(session.bytes());
            }
            assert!(most < 3 << 20, "{kind}, eager: {eager}: {most} bytes");
        }
    }
}

#[test]
fn a_small_limit_holds_for_ever() {
    for &(kind, make) in KINDS {
        let limits = Limits { memory: 700_000, ..Limits::unlimited() };
        let mut session = Session::new(Options { limits, ..options() });
        for text in chunks(make, 400_000, 10_000) {
            session.feed(text.as_bytes());
            let pumped = session.run(&mut |event| match event {
                Event::Error(report) => panic!("{kind}: {}", report.text),
                _ => Control::Continue,
            });
            assert_eq!(pumped, Pumped::NeedSource, "{kind}");
        }
    }
}

#[test]
fn what_a_statement_holds_counts_when_it_is_done() {
    let limits = Limits { memory: 1 << 20, ..Limits::unlimited() };
    let mut session = Session::new(Options { limits, ..options() });
    let mut struck = None;
    for i in 0..100 {
        session.feed(format!("x{i} = '{}'\n", "y".repeat(30_000)).as_bytes());
        session.run(&mut |event| {
            if let Event::Error(report) = event {
                struck = Some((report.failure.clone(), report.location.map(|at| at.start.line), i + 1));
            }
            Control::Continue
        });
    }
    let (failure, line, fed) = struck.expect("three megabytes are too much for one");
    assert!(matches!(failure, Failure::Limit(Exceeded::Memory)), "{failure:?}");
    assert_eq!(line, Some(fed));
    assert!((20..=35).contains(&fed), "after {fed} statements");
}

#[test]
fn time_is_looked_at_between_statements() {
    for (source, chunk) in [("x = 1\n", 200_000), ("x = 1\n", 1), ("# comment\n", 200_000), ("\n", 200_000)] {
        let limits = Limits { time: Some(Duration::from_millis(30)), ..Limits::unlimited() };
        let mut session = Session::new(Options { limits, ..options() });
        let text = source.repeat(chunk);
        let mut failure = None;
        for _ in 0..20_000_000 / chunk {
            session.feed(text.as_bytes());
            let pumped = session.run(&mut |event| {
                if let Event::Error(report) = event {
                    failure = Some((report.failure.clone(), report.location.is_some()));
                }
                Control::Continue
            });
            if pumped == Pumped::Failed {
                break;
            }
        }
        let (failure, placed) = failure.unwrap_or_else(|| panic!("{source:?} by {chunk} goes on for ever"));
        assert!(matches!(failure, Failure::Limit(Exceeded::Time)), "{failure:?}");
        // Between two statements a place is known, in the middle of nothing it is not.
        assert!(placed || chunk == 1 || source != "x = 1\n");
    }
}

#[test]
fn a_host_gets_a_look_between_statements() {
    let mut session = Session::new(options());
    session.feed("x = 1\n".repeat(50_000).as_bytes());
    let mut slices = 0;
    while session.pump(&mut |_| Control::Continue) == Pumped::Slice {
        slices += 1;
    }
    assert!(slices > 10, "{slices}");
    assert_eq!(session.completed(), 50_000);
}

/// Most memory that a process has had resident so far.
#[cfg(target_os = "linux")]
fn resident(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it runs");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("the system tells");
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse().ok()).expect("a number")
}

#[cfg(target_os = "linux")]
fn star(stdout: Stdio) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_star"));
    command.args(["run", "-"]).stdin(Stdio::piped()).stdout(stdout).stderr(Stdio::inherit());
    command.spawn().expect("star starts")
}

#[test]
#[cfg(target_os = "linux")]
fn the_process_stays_small() {
    for &(kind, make) in KINDS {
        let mut child = star(Stdio::null());
        let mut input = child.stdin.take().expect("a pipe");
        for text in chunks(make, 1_000_000, 50_000) {
            input.write_all(text.as_bytes()).expect("star reads");
        }
        let kilobytes = resident(&child);
        drop(input);
        assert!(child.wait().expect("star ends").success(), "{kind}");
        assert!(kilobytes < 20_000, "{kind}: {kilobytes} KiB");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_reader_that_does_not_read_holds_everything_up() {
    let mut child = star(Stdio::piped());
    let mut input = child.stdin.take().expect("a pipe");
    let written = std::sync::Arc::new(AtomicU64::new(0));
    let count = written.clone();
    let writer = std::thread::spawn(move || {
        for text in chunks(|i| format!("print('line', {i})\n"), 3_000_000, 10_000) {
            input.write_all(text.as_bytes()).expect("star reads");
            count.fetch_add(text.len() as u64, Ordering::Relaxed);
        }
    });
    // Until nothing moves any more.
    let mut before = u64::MAX;
    while written.load(Ordering::Relaxed) != before || before == 0 {
        before = written.load(Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(500));
    }
    let kilobytes = resident(&child);
    assert!(before < 2_000_000, "the writer was not held up: {before}");
    let output = child.wait_with_output().expect("star ends");
    writer.join().expect("everything was written");
    let lines = output.stdout.iter().filter(|&&byte| byte == b'\n').count();
    let last = format!("line {}\n", lines - 1);
    assert!(lines > 100_000 && output.stdout.ends_with(last.as_bytes()), "{lines} lines");
    assert!(kilobytes < 20_000, "{kilobytes} KiB");
}
