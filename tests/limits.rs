//! Limits strike exactly, and nothing in a script can catch them.
//!
//! In: small programs and limits. Out: reports. The programs print as they go, so what ran shows in the output.

use std::time::Duration;

use star_core::meter::{Exceeded, Limits};
use star_core::session::{Blocked, Control, Event, Failure, Options, Pumped, Report, Session};
use star_testing::mode::options;
use star_testing::{Cuts, Mode, Outcome, run};

/// Runs `source` with changed limits.
fn limited(source: &str, change: impl Fn(&mut Limits)) -> Outcome {
    let mut mode = Mode::whole();
    change(&mut mode.options.limits);
    run(source.as_bytes(), &mode)
}

#[track_caller]
fn check_exceeded(outcome: &Outcome, expected: Exceeded) {
    match outcome.failure.as_ref().map(|report| &report.failure) {
        Some(Failure::Limit(exceeded)) if *exceeded == expected => {}
        _ => panic!("expected {expected:?}, found {}", outcome.transcript()),
    }
}

/// Prints, computes, raises, calls back and iterates: a bit of everything that counts steps.
const BUSY: &str = r#"
def gen(n):
    for i in range(n):
        try:
            yield i
        finally:
            print("after", i)
def work(items):
    total = 0
    for i, x in enumerate(items):
        try:
            total += 10 // x
        except ZeroDivisionError:
            print("zero at", i)
        finally:
            total += 1
    return total
print(work([1, 0, 5]))
print(sorted([3, 1, 2], key=lambda x: -x), max("abc"), "a,b".split(","))
for x in gen(3):
    print("item", x)
print({k: v for k, v in zip("ab", [1, 2])}, [x for x in gen(2)])
while True:
    print("looping")
    if "x" * 40 in "y" * 100:
        pass
    break
print("done")
"#;

#[test]
fn every_step_limit_cuts_the_same_program() {
    let whole = run(BUSY.as_bytes(), &Mode::whole());
    assert_eq!(whole.kind(), "ok", "{}", whole.transcript());
    let mut printed = 0;
    for steps in 0..=whole.steps {
        let limits = Limits { steps, ..options().limits };
        let outcome = run(BUSY.as_bytes(), &Mode::whole().limited(limits));
        let shown = format!("{steps} of {} steps: {}", whole.steps, outcome.transcript());
        if outcome.kind() != "ok" {
            check_exceeded(&outcome, Exceeded::Steps);
        } else {
            assert_eq!(steps, whole.steps, "it needs fewer steps than it says: {shown}");
        }
        assert!(outcome.steps <= steps, "{shown}");
        assert!(whole.output.starts_with(&outcome.output), "{shown}");
        assert!(outcome.output.len() >= printed, "more steps print less: {shown}");
        printed = outcome.output.len();
        for (name, mode) in [
            ("slices of one step", Mode::whole().sliced(1)),
            ("slices of seven", Mode::cut(Cuts::Random(steps)).sliced(7)),
            ("byte by byte", Mode::cut(Cuts::Bytes)),
            ("collecting", Mode::whole().collecting()),
        ] {
            let other = run(BUSY.as_bytes(), &mode.limited(limits));
            assert_eq!(other.transcript(), outcome.transcript(), "{name}, {shown}");
        }
    }
    let enough = limited(BUSY, |limits| limits.steps = whole.steps);
    assert_eq!(enough.transcript(), whole.transcript());
}

#[test]
fn no_handler_sees_a_limit() {
    let source = r#"
def spin():
    while True:
        try:
            while True: pass
        except: print("caught")
        finally: print("finally")
def scope():
    try: yield
    except: print("caught")
    finally: print("exit")
with scope():
    for x in map(lambda x: spin(), [1]): pass
print("after")
"#;
    for (name, mode) in [("whole", Mode::whole()), ("eager", Mode::cut(Cuts::Bytes).eager())] {
        let limits = Limits { steps: 10_000, ..options().limits };
        let outcome = run(source.as_bytes(), &mode.limited(limits));
        check_exceeded(&outcome, Exceeded::Steps);
        assert_eq!((outcome.steps, outcome.text().as_str()), (10_000, ""), "{name}");
    }
}

#[test]
fn a_limit_says_where_it_struck() {
    let outcome = limited("def f():\n    while True:\n        pass\nf()\n", |limits| limits.steps = 1000);
    let report = outcome.failure.expect("a report");
    assert_eq!((report.code, report.kind.as_str()), ("E0201", "LimitExceeded"));
    assert_eq!(report.resume_at, None);
    let functions: Vec<&str> = report.traceback.iter().map(|frame| frame.function.as_str()).collect();
    assert_eq!(functions, ["<module>", "f"]);
    let line = report.location.expect("a place").start.line;
    assert!((2..=3).contains(&line), "line {line}");
}

#[test]
fn memory() {
    for source in [
        "x = []\nwhile True: x.append('a' * 1000)\n",
        "x = 'a'\nwhile True: x += x\n",
        "x = [1]\nwhile True: x = x * 2\n",
        "x = {}\nfor i in range(10**9): x[i] = i\n",
        "x = set()\nfor i in range(10**9): x.add(i)\n",
        "x = None\nwhile True: x = (x, x)\n",
        "def f():\n    while True: yield f()\nx = []\nwhile True: x.append(f())\n",
        "x = []\nwhile True: x.append(lambda: x)\n",
        "x = 1\nwhile True: x <<= 1000000\n",
        "'a' * 10**12\n",
        "[0] * 10**12\n",
        "b'a' * 10**12\n",
        "bytes(10**12)\n",
        "list(range(10**12))\n",
        "'{:1000000000}'.format(1)\n",
        "1 << 10**11\n",
        "'a'.join(['b' * 1000000] * 1000000)\n",
        "'%1000000000d' % 1\n",
        "'a'.ljust(10**12)\n",
        "('a' * 1000000).replace('a', 'b' * 1000000)\n",
        "x = ['a' * 1000000]\nrepr(x * 100000)\n",
    ] {
        for mode in [Mode::whole(), Mode::cut(Cuts::Bytes)] {
            let limits = Limits { memory: 4 << 20, steps: u64::MAX, ..options().limits };
            let source = format!(
                "try:\n    {}\nexcept Exception: print('no')\n",
                source.trim().replace('\n', "\n    ")
            );
            let outcome = run(source.as_bytes(), &mode.limited(limits));
            check_exceeded(&outcome, Exceeded::Memory);
            assert_eq!(outcome.text(), "", "{source}");
        }
    }
}

#[test]
fn memory_is_given_back() {
    let outcome =
        limited("for i in range(3000): x = 'a' * 100000\nfor i in range(100000): y = [i, [i]]\n", |limits| {
            limits.memory = 4 << 20;
        });
    assert_eq!(outcome.kind(), "ok", "{}", outcome.transcript());
}

#[test]
fn time() {
    for source in
        ["while True: pass\n", "sum(range(10**12))\n", "x = list(range(1000))\nwhile True: sorted(x)\n"]
    {
        let begin = std::time::Instant::now();
        let outcome = limited(source, |limits| {
            (limits.time, limits.steps) = (Some(Duration::from_millis(100)), u64::MAX);
        });
        check_exceeded(&outcome, Exceeded::Time);
        assert!(begin.elapsed() < Duration::from_secs(2), "{source} took {:?}", begin.elapsed());
    }
}

#[test]
fn time_in_a_loop_that_runs_as_it_arrives() {
    // Each turn ends the piece that runs, long before its slice does.
    let mut mode = Mode::whole().eager();
    mode.options.limits = Limits { time: Some(Duration::from_millis(50)), ..Limits::unlimited() };
    check_exceeded(&run(b"while True: pass\n", &mode), Exceeded::Time);
    check_exceeded(&run(b"while True:\n    x = 1\n    y = 2\n", &mode), Exceeded::Time);
}

#[test]
fn waiting_for_source_is_no_time() {
    let mut options = options();
    options.limits.time = Some(Duration::from_millis(200));
    let mut session = Session::new(options);
    for _ in 0..4 {
        session.feed(b"x = 1\n");
        assert_eq!(session.run(&mut |_| Control::Continue), Pumped::NeedSource);
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn output() {
    let source = "try:\n    for i in range(100): print('12345678')\nexcept Exception: print('no')\nfinally: print('no')\n";
    for allowed in [0, 8, 9, 10, 90, 899] {
        let outcome = limited(source, |limits| limits.output = allowed);
        check_exceeded(&outcome, Exceeded::Output);
        assert!(outcome.output.len() as u64 <= allowed, "{allowed}: {}", outcome.transcript());
        assert!(!outcome.text().contains("no"));
    }
    assert_eq!(limited("print('12345678')\n", |limits| limits.output = 9).kind(), "ok");
}

#[test]
fn recursion_is_an_ordinary_exception() {
    let source = r#"
def depth(n):
    return depth(n + 1) if n < LIMIT else n
for LIMIT in (10, 1000):
    try:
        print(depth(0))
    except RecursionError as e:
        print(type(e).__name__, e)
def forever(): return forever()
forever()
"#;
    let outcome = limited(source, |limits| limits.frames = 50);
    assert_eq!(outcome.text(), "10\nRecursionError maximum recursion depth exceeded\n");
    let report = outcome.failure.expect("a report");
    assert_eq!((report.code, report.kind.as_str()), ("E0112", "RecursionError"));
    assert!(report.resume_at.is_some() && report.text.contains("[Previous line repeated"), "{}", report.text);
}

#[test]
fn nesting_of_source() {
    let nested = |n: usize| format!("print(1)\nx = {}{}\nprint(len(x))\n", "[".repeat(n), "]".repeat(n));
    assert_eq!(limited(&nested(20), |limits| limits.nesting = 20).kind(), "ok");
    let outcome = limited(&nested(21), |limits| limits.nesting = 20);
    assert_eq!((outcome.kind(), outcome.text().as_str()), ("SyntaxError", "1\n"));
}

#[test]
fn blocked_words_are_refused_at_the_token() {
    for (word, source) in [
        ("while", "print(1)\nwhile"),
        ("lambda", "print(1)\nf = lambda"),
        ("print", "x = 1\nprint"),
        ("import", "print(1)\nimport"),
        ("sorted", "print(1)\ny = [sorted"),
    ] {
        let mut mode = Mode::cut(Cuts::Bytes).unfinished();
        mode.options.blocked = Blocked::new([word]);
        // Enough to tell the word from an argument's name; the rest of the line has not come.
        let outcome = run(format!("{source} (").as_bytes(), &mode);
        let report = outcome.failure.unwrap_or_else(|| panic!("{word} is not refused"));
        assert_eq!(report.kind, "SyntaxError");
        assert!(report.message.contains(word), "{}", report.message);
    }
}

#[test]
fn the_host_looks_on() {
    let mut options = options();
    options.step_every = Some(1000);
    let mut session = Session::new(options.clone());
    session.feed(b"n = 0\nwhile True:\n    n += 1\n");
    session.finish();
    let mut seen = Vec::new();
    let pumped = session.run(&mut |event| {
        let Event::Step(progress) = event else { return Control::Continue };
        let n = (progress.get)("n").expect("n is bound");
        seen.push((progress.steps, progress.position.line, n));
        if seen.len() == 5 { Control::Stop } else { Control::Continue }
    });
    assert_eq!(pumped, Pumped::Failed);
    let steps: Vec<u64> = seen.iter().map(|step| step.0).collect();
    assert_eq!(steps, [1000, 2000, 3000, 4000, 5000]);
    assert!(seen.iter().all(|step| (2..=3).contains(&step.1)), "{seen:?}");
    assert_ne!(seen[0].2, seen[4].2);
    // Whatever the slice.
    options.slice = 17;
    let mut session = Session::new(options);
    session.feed(b"n = 0\nwhile True:\n    n += 1\n");
    let mut again = Vec::new();
    session.finish();
    session.run(&mut |event| {
        let Event::Step(progress) = event else { return Control::Continue };
        again.push((progress.steps, progress.position.line, (progress.get)("n").expect("n is bound")));
        if again.len() == 5 { Control::Stop } else { Control::Continue }
    });
    assert_eq!(seen, again);
}

#[test]
fn an_interrupt_runs_finally() {
    let mut session = Session::new(options());
    session.feed(
        b"def scope():\n    try: yield\n    finally: print('exit')\ndef f():\n    try:\n        while True: pass\n    \
          except BaseException: print('caught')\n    finally: print('finally')\nwith scope():\n    f()\nprint('after')\n",
    );
    session.finish();
    let interrupter = session.interrupter();
    let (mut output, mut failure, mut slices) = (Vec::new(), None, 0);
    loop {
        let pumped = session.pump(&mut |event| {
            match event {
                Event::Output(bytes) => output.extend_from_slice(bytes),
                Event::Error(report) => failure = Some(report.failure.clone()),
                _ => {}
            }
            Control::Continue
        });
        slices += 1;
        match pumped {
            Pumped::Slice if slices == 3 => interrupter.interrupt(),
            Pumped::Slice => assert!(slices < 1000, "it is not interrupted"),
            _ => break,
        }
    }
    assert_eq!(String::from_utf8_lossy(&output), "finally\nexit\n");
    assert!(matches!(failure, Some(Failure::Cancelled)), "{failure:?}");
}

/// Runs `source`, interrupts it after each number of slices in `at`, and returns what it printed, its report, and the
/// session, which can go on.
#[track_caller]
fn interrupted(source: &str, at: &[u32], eager: bool) -> (String, Report, Session) {
    let mut session = Session::new(Options { eager, limits: Limits::unlimited(), ..options() });
    session.feed(source.as_bytes());
    session.finish();
    let interrupter = session.interrupter();
    let (mut output, mut failure, mut slices) = (String::new(), None, 0);
    loop {
        let pumped = session.pump(&mut |event| {
            match event {
                Event::Output(bytes) => output.push_str(&String::from_utf8_lossy(bytes)),
                Event::Error(report) => failure = Some(report.clone()),
                _ => {}
            }
            Control::Continue
        });
        if pumped != Pumped::Slice {
            break;
        }
        slices += 1;
        assert!(slices < 1000, "it is not interrupted: {source}");
        if at.contains(&slices) {
            interrupter.interrupt();
        }
    }
    (output, failure.unwrap_or_else(|| panic!("it is not cancelled: {source}")), session)
}

#[test]
fn what_a_cancellation_runs() {
    for (source, output) in [
        ("try:\n    while True: pass\nfinally: print('finally')\nprint('no')\n", "finally\n"),
        ("try:\n    while True: pass\nexcept: print('no')\n", ""),
        ("try:\n    while True: pass\nexcept BaseException: print('no')\nelse: print('no')\n", ""),
        (
            "try:\n    while True: pass\nexcept KeyboardInterrupt: print('no')\nfinally: print('yes')\n",
            "yes\n",
        ),
        ("def g():\n    try: yield\n    finally: print('exit')\nwith g():\n    while True: pass\n", "exit\n"),
        (
            "def g():\n    try: yield\n    except: print('no')\n    print('no')\nwith g():\n    while True: pass\n",
            "",
        ),
        (
            "def g():\n    try: yield\n    except: print('no')\n    finally: print('exit')\nwith g():\n    while True: pass\n",
            "exit\n",
        ),
        // What leaves a `finally` does not stop it, whichever way it leaves.
        (
            "def f():\n    try:\n        while True: pass\n    finally: return 1\nprint(f())\nprint('no')\n",
            "",
        ),
        ("while True:\n    try:\n        while True: pass\n    finally: break\n\nprint('no')\n", ""),
        (
            "def f():\n    while True:\n        try:\n            while True: pass\n        finally: continue\nf()\n",
            "",
        ),
        ("try:\n    while True: pass\nfinally: 1 / 0\n", ""),
        (
            "try:\n    try:\n        while True: pass\n    finally: 1 / 0\nexcept ZeroDivisionError: print('no')\n",
            "",
        ),
        (
            "try:\n    while True: pass\nfinally:\n    try: 1 / 0\n    except ZeroDivisionError: print('inner')\n    print('last')\n",
            "inner\nlast\n",
        ),
        ("try:\n    while True: pass\nfinally: raise SystemExit(3)\n", ""),
        // One after the other, from the inside out, through natives that wait.
        (
            "def f(x):\n    try:\n        while True: pass\n    finally: print('in')\ntry: sorted([1], key=f)\nfinally: print('out')\n",
            "in\nout\n",
        ),
        // A generator that runs is on the stack; one that does not has nothing to be interrupted.
        (
            "def g():\n    try:\n        yield 1\n        while True: pass\n    finally: print('generator')\nfor x in g(): pass\n",
            "generator\n",
        ),
        ("def g():\n    try: yield 1\n    finally: print('no')\nx = g()\nnext(x)\nwhile True: pass\n", ""),
        // What it may take is bounded.
        ("try:\n    while True: pass\nfinally:\n    print('on')\n    while True: pass\n", "on\n"),
    ] {
        for eager in [false, true] {
            let (printed, report, _) = interrupted(source, &[2], eager);
            assert_eq!(printed, output, "{source}");
            assert!(matches!(report.failure, Failure::Cancelled), "{source}: {}", report.text);
            // Where it was, once, and not what ran after that.
            assert!(report.text.matches("in <module>").count() == 1, "{source}: {}", report.text);
            assert!(report.text.contains("while True: pass"), "{source}: {}", report.text);
        }
    }
}

#[test]
fn a_second_interrupt_ends_the_finally() {
    let source = "try:\n    while True: pass\nfinally:\n    while True:\n        print(end='')\n";
    let (_, report, _) = interrupted(source, &[2, 3], false);
    assert!(matches!(report.failure, Failure::Cancelled));
    assert_eq!(report.location.map(|at| at.start.line), Some(5), "{}", report.text);
    let source = "try:\n    print(1)\nfinally:\n    while True: pass\n";
    let (_, report, _) = interrupted(source, &[2], false);
    assert!(matches!(report.failure, Failure::Cancelled), "{}", report.text);
}

#[test]
fn an_isolate_goes_on_after_a_cancellation() {
    let (_, report, mut session) = interrupted("try:\n    while True: pass\nfinally: x = 1\n", &[2], false);
    session.resume_from(report.resume_at.expect("it can go on")).expect("no limit was passed");
    session.feed(b"for i in range(3000000): x += 1\nprint(x)\n");
    session.finish();
    let mut output = String::new();
    let pumped = session.run(&mut |event| {
        match event {
            Event::Output(bytes) => output.push_str(&String::from_utf8_lossy(bytes)),
            Event::Error(report) => panic!("{}", report.text),
            _ => {}
        }
        Control::Continue
    });
    assert_eq!((pumped, output.as_str()), (Pumped::Finished, "3000001\n"));
}

#[test]
fn a_long_native_is_interrupted() {
    for action in [
        "max(range(10**13))",
        "sum(range(10**13))",
        "sorted(list(range(10**6, 0, -1)) * 8, key=str)",
        "max(x for x in range(10**13))",
        "all(map(lambda x: True, range(10**13)))",
    ] {
        let mut session = Session::new(Options { limits: Limits::unlimited(), ..options() });
        session.feed(format!("try: {action}\nfinally: print('finally')\n").as_bytes());
        session.finish();
        let interrupter = session.interrupter();
        let thread = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(100));
            interrupter.interrupt();
        });
        let (mut output, mut cancelled) = (String::new(), false);
        session.run(&mut |event| {
            match event {
                Event::Output(bytes) => output.push_str(&String::from_utf8_lossy(bytes)),
                Event::Error(report) => cancelled = matches!(report.failure, Failure::Cancelled),
                _ => {}
            }
            Control::Continue
        });
        thread.join().expect("no panic");
        assert_eq!((output.as_str(), cancelled), ("finally\n", true), "{action}");
    }
}

#[test]
fn a_corrected_rest_goes_on_after_an_error() {
    for broken in ["y = = 2\n", "y = 1 / 0\n", "y = undefined\n", "if x:\n    y = 1\n  z = 2\n"] {
        let mut session = Session::new(options());
        let mut output = String::new();
        let mut resume = None;
        let mut sink = |event: Event<'_>| {
            match event {
                Event::Output(bytes) => output.push_str(&String::from_utf8_lossy(bytes)),
                Event::Error(report) => resume = report.resume_at,
                _ => {}
            }
            Control::Continue
        };
        session.feed(format!("x = 40\nprint('once')\n{broken}print('lost')\n").as_bytes());
        session.finish();
        assert_eq!(session.run(&mut sink), Pumped::Failed, "{broken}");
        let at = resume.expect("a place to go on from");
        assert_eq!((at.line, at.column, at.offset), (3, 1, 21), "{broken}");
        session.resume_from(at).expect("no limit was passed");
        session.feed(b"y = 2\nprint(x + y)\n");
        session.finish();
        let mut sink = |event: Event<'_>| {
            match event {
                Event::Output(bytes) => output.push_str(&String::from_utf8_lossy(bytes)),
                Event::Error(report) => panic!("{}", report.text),
                _ => {}
            }
            Control::Continue
        };
        assert_eq!(session.run(&mut sink), Pumped::Finished);
        assert_eq!(output, "once\n42\n", "{broken}");
    }
}

#[test]
fn nothing_runs_after_a_limit() {
    let mut session = Session::new(star_core::session::Options {
        limits: Limits { steps: 100, ..options().limits },
        ..options()
    });
    session.feed(b"while True: pass\n");
    session.finish();
    assert_eq!(session.run(&mut |_| Control::Continue), Pumped::Failed);
    assert!(session.resume_from(star_core::span::Position::default()).is_err());
    session.feed(b"print(1)\n");
    let pumped = session.run(&mut |event| panic!("{event:?}"));
    assert_eq!(pumped, Pumped::Failed);
}
