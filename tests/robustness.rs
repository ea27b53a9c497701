//! Hostile programs end quickly, in order, and within their limits.
//!
//! In: what breaks other interpreters. Out: the kind of the failure, or `ok`. Each runs on a native stack of 1 MiB, so
//! that whatever recurses on the script's behalf is found out, with the time and memory of an impatient host.

use star_core::meter::Limits;
use star_core::session::Report;
use star_testing::mode::options;
use star_testing::{Cuts, Mode, Outcome, run};

/// Native stack that a session may use.
const STACK: usize = 1 << 20;

fn hostile(source: &str, limits: Limits) -> Outcome {
    let source = source.as_bytes().to_vec();
    let run = move || run(&source, &Mode::whole().limited(limits));
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(run).expect("a thread");
    thread.join().expect("no panic")
}

/// The limits of an impatient host.
fn limits() -> Limits {
    Limits { steps: 20_000_000, memory: 64 << 20, output: 1 << 20, ..options().limits }
}

/// Runs `source` and compares its end with one of the `expected` kinds, and what it printed with `output`.
#[track_caller]
fn check_ends(source: &str, expected: &[&str], output: Option<&str>) {
    let outcome = hostile(source, limits());
    let shown = &source[..source.len().min(200)];
    let kind = outcome.kind();
    let end: String = outcome.transcript().chars().take(1000).collect();
    assert!(expected.contains(&kind), "{shown}\n… ended with {kind}, not {expected:?}\n{end}");
    if let Some(output) = output {
        assert_eq!(outcome.text(), output, "{shown}\n{end}");
    }
}

#[track_caller]
fn check_prints(source: &str, output: &str) {
    check_ends(source, &["ok"], Some(output));
}

#[test]
fn source_nested_deep() {
    for depth in [1_000, 10_000, 1_000_000] {
        for (open, middle, close) in [
            ("(", "1", ")"),
            ("[", "", "]"),
            ("{", "", "}"),
            ("{1:", "1", "}"),
            ("print(", "", ")"),
            ("a[", "1", "]"),
            ("lambda: ", "1", ""),
            ("(1 if ", "1", " else 2)"),
            ("f'{", "1", "}'"),
            ("[*", "a", "]"),
            ("[x for x in ", "a", "]"),
            ("not (", "a", ")"),
        ] {
            let source = format!("{}{middle}{}\n", open.repeat(depth), close.repeat(depth));
            // A line that is too long to be read to its end does not come to be parsed.
            let kinds: &[&str] =
                if depth > 10_000 { &["SyntaxError", "LimitExceeded"] } else { &["SyntaxError"] };
            check_ends(&source, kinds, Some(""));
        }
        let flat =
            [("x = ", "-", "1\n"), ("x = ", "not ", "1\n"), ("x = 1", " + 1", "\n"), ("x = 1", " < 2", "\n")];
        for (head, link, tail) in flat {
            let kinds = ["ok", "SyntaxError", "LimitExceeded", "RecursionError"];
            check_ends(&format!("{head}{}{tail}", link.repeat(depth)), &kinds, None);
        }
    }
}

#[test]
fn blocks_nested_deep() {
    for depth in [150, 1_000, 3_000] {
        let mut source = String::new();
        (0..depth).for_each(|i| source += &format!("{}if 1:\n", " ".repeat(i)));
        source += &format!("{}print(1)\n", " ".repeat(depth));
        let (kind, output) = if depth == 150 { ("ok", "1\n") } else { ("SyntaxError", "") };
        check_ends(&source, &[kind, "IndentationError"], Some(output));
    }
}

#[test]
fn functions_in_functions() {
    let mut source = String::new();
    for i in 0..20 {
        let indent = "  ".repeat(i);
        source += &format!(
            "{indent}def f{i}(a{i}=1):\n{indent}  x{i} = a{i} + {}\n",
            if i > 0 { "x0" } else { "1" }
        );
    }
    let indent = "  ".repeat(20);
    source +=
        &format!("{indent}return {}\n", (0..20).map(|i| format!("x{i}")).collect::<Vec<_>>().join(" + "));
    for i in (0..19).rev() {
        source += &format!("{}return f{}()\n", "  ".repeat(i + 1), i + 1);
    }
    source += "print(f0())\n";
    check_prints(&source, "59\n");
    let lambdas = format!("f = {}1\nprint(f()()())\n", "lambda a=1: ".repeat(3));
    check_prints(&lambdas, "1\n");
}

#[test]
fn elif_a_hundred_thousand_times() {
    let branches: String = (0..100_000).map(|i| format!("elif x == {i}: y = {i}\n")).collect();
    check_prints(&format!("x = 99999\nif x < 0: y = 0\n{branches}print(y)\n"), "99999\n");
    let cases: String = (0..50_000).map(|i| format!(" case {i}: y = {i}\n")).collect();
    check_prints(&format!("x = 49999\nmatch x:\n{cases}print(y)\n"), "49999\n");
}

#[test]
fn three_hundred_thousand_of_everything() {
    let n = 300_000;
    let list = |make: &dyn Fn(usize) -> String| (0..n).map(make).collect::<Vec<_>>().join(", ");
    let either = ["ok", "SyntaxError", "LimitExceeded", "TypeError"];
    let locals: String = (0..n).map(|i| format!(" v{i} = {i}\n")).collect();
    check_ends(&format!("def f():\n{locals} return v0 + v299999\nprint(f())\n"), &either, None);
    let globals: String = (0..n).map(|i| format!("v{i} = {i}\n")).collect();
    check_ends(&format!("{globals}print(v0 + v299999)\n"), &either, None);
    check_ends(&format!("x = [{}]\nprint(x[-1])\n", list(&|i| i.to_string())), &either, None);
    check_ends(&format!("x = [{}]\nprint(x[-1])\n", list(&|i| format!("'{i}'"))), &either, None);
    check_ends(&format!("x = ({})\nprint(x[-1])\n", list(&|i| format!("{i}.5"))), &either, None);
    check_ends(&format!("x = {{{}}}\nprint(len(x))\n", list(&|i| format!("{i}: {i}"))), &either, None);
    check_ends(&format!("print(len([{}]))\n", list(&|_| "len".to_string())), &either, None);
    check_ends(&format!("print(max({}))\n", list(&|i| i.to_string())), &either, None);
    check_ends(&format!("def f({}): return p0\nprint(1)\n", list(&|i| format!("p{i}"))), &either, None);
    check_ends(&format!("def f({}): return p0\nprint(f())\n", list(&|i| format!("p{i}={i}"))), &either, None);
    check_ends(&format!("dict({})\n", list(&|i| format!("p{i}={i}"))), &either, None);
    check_ends(&format!("f'{}'\n", "{1}".repeat(n)), &either, None);
    check_ends(&format!("{} = 1\n", list(&|i| format!("a{i}")).replace(", ", " = ")), &either, None);
    check_ends(&format!("{} = range(300000)\n", list(&|i| format!("b{i}"))), &either, None);
    check_ends(&format!("del {}\n", list(&|i| format!("c{i}"))), &["NameError", "LimitExceeded"], None);
    let closures: String = (0..n / 10).map(|i| format!(" def g{i}(): return v{i}\n v{i} = {i}\n")).collect();
    check_ends(&format!("def f():\n{closures} return g29999()\nprint(f())\n"), &either, None);
}

/// Builds a structure 100,000 deep.
const DEEP: &str =
    "def build(wrap, n=100000):\n    x = None\n    for _ in range(n): x = wrap(x)\n    return x\n";

#[test]
fn deep_data() {
    for wrap in ["[x]", "(x,)", "{1: x}", "[1, x]", "struct(a=x)", "lambda: x", "frozenset([x])", "iter([x])"]
    {
        let source =
            format!("{DEEP}x = build(lambda x: {wrap})\nprint('built')\nx = None\nprint('dropped')\n");
        check_ends(&source, &["ok", "LimitExceeded", "RecursionError"], None);
    }
    for action in [
        "x == y",
        "x != y",
        "x < y",
        "x in [y]",
        "hash(x)",
        "repr(x)",
        "str(x)",
        "print(x)",
        "f'{x}'",
        "'%s' % x",
        "'%s' % (x,)",
        "sorted([x, y])",
        "max(x, y)",
        "[x, y].index(y)",
        "[y].count(x)",
        "{x: 1}",
        "{x} | {y}",
        "format(x)",
        "'{}'.format(x)",
        "isinstance(1, x)",
        "x + y",
        "x * 2",
        "bool(x)",
        "dict.fromkeys([x])",
        "[x].remove(y)",
        "x is y",
    ] {
        for wrap in ["(x,)", "[x]", "{1: x}"] {
            let source = format!(
                "{DEEP}x = build(lambda x: {wrap}, 20000)\ny = build(lambda x: {wrap}, 20000)\ntry:\n    z = {action}\n\
                 except (RecursionError, TypeError, ValueError) as e: print(type(e).__name__)\nx = y = z = None\nprint('end')\n"
            );
            check_ends(&source, &["ok", "LimitExceeded"], None);
        }
    }
}

#[test]
fn a_structure_that_shares_itself() {
    let wraps = [("[x, x]", false), ("(x, x)", true), ("{1: x, 2: x}", false), ("struct(a=x, b=x)", false)];
    for (wrap, hashable) in wraps {
        let make = format!("def double():\n    x = ()\n    for _ in range(60): x = {wrap}\n    return x\n");
        for action in ["x == y", "x in [y]", "x != y", "[x].index(y)"] {
            check_prints(
                &format!("{make}x = double()\ny = double()\nprint(bool({action}) or True)\n"),
                "True\n",
            );
        }
        if hashable {
            check_prints(
                &format!("{make}x = double()\ny = double()\nprint(hash(x) == hash(y), x < y, {{x: 1}}[y])\n"),
                "True False 1\n",
            );
        }
        for action in ["repr(x)", "str(x)", "print(x)", "f'{x}'"] {
            check_ends(&format!("{make}x = double()\n{action}\n"), &["LimitExceeded"], None);
        }
    }
    check_prints("x = []\nx.append(x)\ny = [x]\nprint(x, [y], x in y)\n", "[[...]] [[[[...]]]] True\n");
    check_ends("x = []\nx.append(x)\ny = []\ny.append(y)\nx == y\n", &["RecursionError"], None);
}

#[test]
fn long_natives_are_charged() {
    for action in [
        "max(range(10**15))",
        "sum(range(10**15))",
        "10**15 - 0.5 in range(10**15)",
        "list(range(10**15))",
        "any(x for x in range(10**15) if x < 0)",
        "all(map(int, range(1, 10**15)))",
        "sorted(range(10**9))",
        "[0] * 10**9",
        "min(iter(range(10**15)), key=lambda x: x)",
        "(' ' * 10**7 * 10**3).strip()",
        "('ab' * 10**7).replace('a', 'b' * 100)",
        "7 ** 7 ** 9",
        "pow(3, 10**7)",
        "1 << 10**10",
        "(10**200000) ** 2000",
        "int('1' * 10**7)",
        "str(1 << 10**8)",
        "'%d' % (1 << 10**8)",
        "','.join(['x'] * 10**8)",
        "'x' * 10**11",
        "f'{1:>1000000000000}'",
        "'{:999999999999}'.format(1)",
        "'%*d' % (10**9, 1)",
        "'x'.center(10**12)",
        "'x'.zfill(10**12)",
        "bytes(10**12)",
        "b'x' * 10**12",
        "dict.fromkeys(range(10**9))",
        "set(range(10**9))",
        "tuple(range(10**9))",
        "''.join(map(str, range(10**9)))",
        "[*range(10**9)]",
        "print(*range(10**9))",
        "enumerate(range(10**9)) in [1] or [x for x in enumerate(range(10**9))]",
        "list(zip(range(10**9), range(10**9)))",
        "list(reversed(range(10**9)))",
        "'a' * 10**6 in 'b' * 10**9",
        "('a' * 10**5 + 'b') in ('a' * 10**8)",
        "('a' * 10**8).count('a' * 5000 + 'b')",
        "('x,' * 10**8).split(',')",
        "'x'.ljust(10**11)",
        "round(10**1000000, -999999)",
        "divmod(10**3000000, 7**1000000)",
        "hash('x' * 10**9)",
        "[1] * 10**8 == [1] * 10**8",
        "x = list(range(10**6)) * 10**4",
        "'\\t'.expandtabs(10**10)",
        "'é'.encode() * 10**10",
        "(10**10**6 // 3**10**6)",
        "int('9' * 10**6, 36)",
        "float('1' * 10**9)",
        "'{0:{1}}'.format(1, 10**11)",
        "'%.1000000000f' % 1.5",
        "format(1.5, '.2147483647f')",
        "'abc'.translate({97: 'x' * 10**9})",
        "list('é' * 10**9)",
        "hex(1 << 10**9)",
        "bin(1 << 10**9)",
        "'x'.replace('', 'y' * 10**9)",
        "[[]] * 10**9",
        "{**{}, **dict.fromkeys(range(10**8))}",
        "list(map(lambda x: x, range(10**9)))",
        "next(x for x in range(10**15) if x < 0)",
        "(lambda *a: 0)(*range(10**9))",
        "('a' * 10**9).upper()",
        "sum([[1]] * 10**5, [])",
        "(-1) ** (10**30)",
        "2.0 ** 10**400",
        "10 ** 10 ** 10 % 7",
        "x, *y = range(10**9)",
        "'-'.join('x' * 10**9)",
        "str(10**5000)",
        "int('1' * 5000)",
    ] {
        let kinds = ["ok", "LimitExceeded", "OverflowError", "ValueError", "MemoryError", "TypeError"];
        check_ends(&format!("{action}\n"), &kinds, None);
    }
}

#[test]
fn hash_floods() {
    // Under weak mixing each of these lands in one chain, and 100,000 of them take hours.
    for keys in [
        "(i << 32 for i in range(100000))",
        "(i * 2**40 for i in range(100000))",
        "(i * (2**61 - 1) for i in range(100000))",
        "(float(i) * 2.0**40 for i in range(100000))",
        "((i, -i) for i in range(50000))",
        "((0, i << 40) for i in range(50000))",
        "(-i for i in range(100000))",
        "('a' * (i % 300) + chr(i) for i in range(40000))",
        "(chr(97 + i % 26) * (i // 26) for i in range(3000))",
        "(bytes([i & 255, i >> 8]) for i in range(60000))",
        "(frozenset([i, -i]) for i in range(30000))",
    ] {
        let source = format!(
            "n = 0\nd = {{}}\nfor k in {keys}:\n    d[k] = n\n    n += 1\nfor k in d: d[k] += 1\nprint(len(d) > 2000)\n"
        );
        check_prints(&source, "True\n");
    }
}

#[test]
fn indexing_beyond_ascii() {
    let source = "s = 'é' * 50000 + '日本' * 50000\nn = 0\nfor i in range(100000): n += s[i] == 'é'\nfor i in range(0, 100000, 2): n += len(s[i:i + 2])\nprint(n, s[-1], len(s))\n";
    check_prints(source, "150000 本 150000\n");
    let source = "s = 'é' * 100000\nn = 0\nfor c in s: n += 1\ni = 0\nwhile i < len(s): i += 1\nprint(n, i, s.find('x', 5), s[::-1] == s)\n";
    check_prints(source, "100000 100000 -1 True\n");
}

#[test]
fn floods_of_output() {
    for source in [
        "while True: print('x' * 1000)\n",
        "print('x' * 10**8)\n",
        "print(*['x' * 1000] * 10**6)\n",
        "while True: print(end='x')\n",
    ] {
        let outcome = hostile(source, limits());
        assert_eq!(outcome.kind(), "LimitExceeded", "{source}");
        assert!(outcome.output.len() <= 1 << 20, "{source} printed {}", outcome.output.len());
    }
}

#[test]
fn huge_reports_are_cut() {
    for source in [
        "raise ValueError('x' * 10**7)\n",
        "{}['x' * 10**7]\n",
        "raise KeyError(['x'] * 10**6)\n",
        "int('x' * 10**6)\n",
        "def f(n):\n    try: f(n + 1)\n    finally: raise ValueError('x' * 10000)\nf(0)\n",
        "e = ValueError('a')\nfor i in range(1000):\n    try: raise e from ValueError('x' * 1000)\n    except ValueError as e2: e = KeyError('y' * 1000)\nraise e\n",
        "e = ValueError(1)\nfor i in range(10000): e.add_note('x' * 1000)\nraise e\n",
        "assert False, 'x' * 10**7\n",
        "f = error('x' * 10**6)\nraise f('y')\n",
    ] {
        let outcome = hostile(source, limits());
        let report = outcome.failure.as_ref().expect("it fails");
        assert!(
            report.message.len() <= Report::MAX_MESSAGE,
            "{source}: a message of {}",
            report.message.len()
        );
        assert!(report.text.len() <= 2 * Report::MAX_TEXT, "{source}: a text of {}", report.text.len());
        assert!(report.kind.len() <= Report::MAX_MESSAGE, "{source}: a kind of {}", report.kind.len());
    }
    let long = format!("x = '{}' $\n", "y".repeat(5_000_000));
    let outcome = hostile(&long, limits());
    assert!(outcome.transcript().len() < 100_000, "a diagnostic of {}", outcome.transcript().len());
    let name = "n".repeat(1_000_000);
    let outcome = hostile(&format!("{name}\n"), limits());
    assert!(outcome.failure.expect("it fails").text.len() <= 2 * Report::MAX_TEXT);
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let dangerous = |text: &str| {
        text.chars().find(|&c| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c))
    };
    for source in [
        "x = 1 / 0 # \u{1b}[31m \u{202e}evil\n",
        "raise ValueError # \u{7}\u{9b}31m\n",
        "def f(): # \u{2028}\u{200f}\n    1 / 0 # \r\u{1b}]0;title\u{7}\nf()\n",
    ] {
        let report = hostile(source, limits()).failure.expect("it fails");
        assert_eq!(dangerous(&report.text), None, "{:?}", report.text);
    }
}

#[test]
fn deep_recursion_in_scripts() {
    for source in [
        "def f(n): return f(n + 1)\nf(0)\n",
        "def f(x): return sorted([1, 2], key=f)\nf(0)\n",
        "def f(x): return list(map(f, [1]))\nf(0)\n",
        "def f(x): return max([1, 2], key=f)\nf(0)\n",
        "def f(x): return [*filter(f, [1])]\nf(0)\n",
        "def f(): return sum(f() for _ in range(1))\nf()\n",
        "def f(): yield from f()\nlist(f())\n",
        "def f():\n    for x in f(): yield x\nlist(f())\n",
        "def f():\n    with g(): f()\ndef g(): yield\nf()\n",
        "f = lambda *a, **k: f(*a, **k)\nf(1, x=2)\n",
        "def f(x):\n    try: f(x)\n    finally: pass\nf(1)\n",
        "def f(): [f() for _ in [1]]\nf()\n",
        "def d(g): return f(g)\ndef f(g):\n    @d\n    def h(): pass\nf(1)\n",
        "def f(x):\n    [1, 2].sort(key=f)\nf(1)\n",
    ] {
        check_ends(source, &["RecursionError"], Some(""));
    }
    // As deep as the limit allows, whatever that is.
    let unlimited = Limits { frames: u32::MAX, memory: 16 << 20, ..limits() };
    for source in [
        "def f(n): return f(n + 1)\nf(0)\n",
        "def f(x): return sorted([1, 2], key=f)\nf(0)\n",
        "def f(): yield from f()\nlist(f())\n",
    ] {
        assert_eq!(hostile(source, unlimited).kind(), "LimitExceeded", "{source}");
    }
}

#[test]
fn chains_of_iterators() {
    let chain = |n: usize| {
        format!(
            "def g(n):\n    if n: yield from g(n - 1)\n    else: yield from range(3)\nprint(sum(g({n})))\n"
        )
    };
    check_prints(&chain(900), "3\n");
    let outcome = hostile(&chain(5000), Limits { frames: 100_000, ..limits() });
    assert_eq!((outcome.kind(), outcome.text().as_str()), ("ok", "3\n"), "{}", outcome.transcript());
    for wrap in [
        "map(abs, x)",
        "filter(None, x)",
        "iter(x)",
        "zip(x)",
        "enumerate(x)",
        "(y for y in x)",
        "reversed([x])",
    ] {
        let source = format!(
            "x = [1, 2]\nfor _ in range(50000): x = {wrap}\nprint('built')\ntry: print(len(list(x)) > 0)\nexcept RecursionError: print(True)\nx = None\n"
        );
        check_ends(&source, &["ok", "LimitExceeded", "TypeError"], None);
    }
    // Each item of a chain would take a thousand frames; in a loop that must not be quadratic.
    let source = "def g(n):\n    if n: yield from g(n - 1)\n    else:\n        for i in range(2000): yield i\nprint(sum(g(500)))\n";
    check_prints(source, "1999000\n");
}

#[test]
fn a_flood_of_source() {
    let source = "x = 1\n".repeat(200_000);
    let outcome = run(source.as_bytes(), &Mode::cut(Cuts::Bytes).limited(limits()));
    assert_eq!((outcome.kind(), outcome.completed), ("ok", 200_000));
    for endless in [
        "x = '''",
        "x = [",
        "# ",
        "x",
        "f'''{",
        "if 1:\n  x = 1\n",
        "\\\n",
        "\n",
        "  ",
        "x = 1;",
        "0",
        "'a' ",
    ] {
        let source = endless.repeat((12 << 20) / endless.len());
        let small = Limits { memory: 8 << 20, ..limits() };
        let mode =
            Mode::cut(Cuts::At((0..source.len()).step_by(1 << 16).collect())).unfinished().limited(small);
        let outcome = run(source.as_bytes(), &mode);
        assert!(
            ["waiting", "LimitExceeded", "SyntaxError", "IndentationError"].contains(&outcome.kind()),
            "{endless}: {}",
            outcome.kind()
        );
    }
}

/// Bytes that a process which runs `source` may have resident at most: the script's limit and 16 MiB.
#[cfg(target_os = "linux")]
#[track_caller]
fn check_resident(name: &str, source: &str, limit: usize) {
    use std::io::Write;
    let path = std::env::temp_dir().join(format!("star-resident-{}-{name}.star", std::process::id()));
    std::fs::File::create(&path)
        .and_then(|mut file| file.write_all(source.as_bytes()))
        .expect("it is written");
    let shell = "ulimit -v $1; exec \"$2\" run --max-memory \"$3\" \"$4\"";
    let memory = limit + (16 << 20) + ADDRESSES;
    let output = std::process::Command::new("sh")
        .args(["-c", shell, "sh", &(memory >> 10).to_string(), env!("CARGO_BIN_EXE_star")])
        .args([limit.to_string(), path.display().to_string()])
        .output()
        .expect("star starts");
    std::fs::remove_file(&path).expect("it was written");
    let error = String::from_utf8_lossy(&output.stderr);
    let shown = error.get(..200).unwrap_or(&error);
    assert!(matches!(output.status.code(), Some(0 | 1 | 3)), "{name}: {:?} {shown}", output.status);
}

/// Addresses that a process maps without touching them: the program itself, its stack, its allocator's reserve.
#[cfg(target_os = "linux")]
const ADDRESSES: usize = 40 << 20;

#[test]
#[cfg(target_os = "linux")]
fn large_statements_keep_the_process_small() {
    let list = |n: usize, make: &dyn Fn(usize) -> String| (0..n).map(make).collect::<Vec<_>>().join(", ");
    for (name, source) in [
        ("ints", format!("x = [{}]\n", "1, ".repeat(15_000_000))),
        ("strings", format!("x = [{}]\n", list(300_000, &|i| format!("'{i}'")))),
        ("names", format!("x = [{}]\n", list(500_000, &|i| format!("a{i}")))),
        ("parameters", format!("def f({}): pass\n", list(500_000, &|i| format!("p{i}")))),
        ("lambdas", format!("x = [{}]\n", list(140_000, &|_| "lambda: 1".into()))),
        ("functions", (0..300_000).map(|i| format!("def f{i}(): return {i}\n")).collect()),
        (
            "functions in one",
            format!(
                "def g():\n{}",
                (0..100_000).map(|i| format!("  def f{i}(): return {i}\n")).collect::<String>()
            ),
        ),
        ("a literal", format!("x = '{}'\n", "y".repeat(50_000_000))),
        ("a literal that fits", format!("x = '{}'\n", "y".repeat(12_000_000))),
        ("bytes", format!("x = b'{}'\n", "y".repeat(50_000_000))),
        ("an int", format!("x = 0x{}\n", "f".repeat(30_000_000))),
        ("text", format!("x = '{}'\n", "é".repeat(20_000_000))),
        ("a comment", format!("# {}\nprint(1)\n", "y".repeat(50_000_000))),
        ("an error in a long line", format!("x = '{}' / 0\n", "y".repeat(12_000_000))),
        ("a line that makes no sense", format!("x = '{}' $\n", "y".repeat(12_000_000))),
    ] {
        check_resident(name, &source, 64 << 20);
    }
}

#[test]
fn functions_share_their_source() {
    // The text of a statement counts once, not for each function in it.
    let lambdas =
        (0..3000).map(|i| format!("lambda: 'a rather long text {i}'")).collect::<Vec<_>>().join(", ");
    let source = format!("x = [{lambdas}]\nprint(len(x), x[-1]())\n");
    let limits = Limits { memory: 16 << 20, ..limits() };
    let outcome = hostile(&source, limits);
    assert_eq!(outcome.text(), "3000 a rather long text 2999\n", "{}", outcome.transcript());
}
