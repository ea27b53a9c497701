//! Programs of extreme shape compile, in linear time, and every jump and register in them is sound.

use std::fmt::Write;
use std::time::{Duration, Instant};

use super::{Compiled, check_error, codes, compile};
use crate::bytecode::{Code, FAR, Op};
use crate::compiler::labels::target;

/// Numbers around which something changes form.
const BOUNDARIES: &[usize] =
    &[1, 2, 3, 11, 12, 13, 29, 30, 31, 32, 33, 99, 100, 101, 149, 150, 151, 199, 200, 201, 255, 256, 257];
/// The same for indices of 15 and 16 bits, which only some kinds of program have.
const WIDE_BOUNDARIES: &[usize] = &[32_767, 32_768, 32_769, 65_535, 65_536, 65_537];
const WITH_INDICES: &[&str] = &[
    "string comparisons",
    "attributes",
    "methods",
    "top level",
    "cases",
    "pattern captures",
    "starred targets",
];

fn joined(n: usize, separator: &str, mut item: impl FnMut(usize) -> String) -> String {
    let mut text = String::new();
    for i in 0..n {
        if i > 0 {
            text.push_str(separator);
        }
        text.push_str(&item(i));
    }
    text
}

/// A program of each kind that has `n` of something.
fn programs(n: usize) -> Vec<(&'static str, String)> {
    let names = |prefix: &str| joined(n, ", ", |i| format!("{prefix}{i}"));
    let lines = |item: &dyn Fn(usize) -> String| joined(n, "\n", item);
    vec![
        ("locals", format!("def f():\n{}\n    return v0\n", lines(&|i| format!("    v{i} = {i}")))),
        (
            "captured locals",
            format!(
                "def f():\n{}\n    return lambda: v0 + v{}\n",
                lines(&|i| format!("    v{i} = {i}")),
                n - 1
            ),
        ),
        (
            "all captured",
            format!(
                "def f():\n{}\n    def g():\n        return {}\n",
                lines(&|i| format!("    v{i} = {i}")),
                names("v")
            ),
        ),
        ("parameters", format!("def f({}):\n    x = p0\n    return p{}\n", names("p"), n - 1)),
        ("captured parameters", format!("def f({}):\n    return lambda: p0 + p{}\n", names("p"), n - 1)),
        (
            "keyword parameters",
            format!("def f(*, {}): return p0\n", joined(n, ", ", |i| format!("p{i}={i}"))),
        ),
        ("defaults", format!("def f({}): return p0\n", joined(n, ", ", |i| format!("p{i}=x{i}")))),
        ("arguments", format!("f({})\n", names("a"))),
        ("keyword arguments", format!("f({})\n", joined(n, ", ", |i| format!("a{i}=b{i}")))),
        ("stars", format!("f({})\n", joined(n, ", ", |i| format!("*a{i}")))),
        ("double stars", format!("f({})\n", joined(n, ", ", |i| format!("**a{i}")))),
        ("list", format!("x = [{}]\n", names("a"))),
        ("constant list", format!("x = [{}]\n", joined(n, ", ", |i| i.to_string()))),
        ("tuple", format!("x = ({},)\n", names("a"))),
        ("constant tuple", format!("x = ({},)\n", joined(n, ", ", |i| i.to_string()))),
        ("set", format!("x = {{{}}}\n", names("a"))),
        ("starred set", format!("x = {{{}, *y}}\n", names("a"))),
        ("dict", format!("x = {{{}}}\n", joined(n, ", ", |i| format!("a{i}: {i}")))),
        ("merged dict", format!("x = {{**b, {}, **c}}\n", joined(n, ", ", |i| format!("a{i}: {i}")))),
        ("float constants", format!("def f(x):\n{}\n", lines(&|i| format!("    x = x + {i}.5")))),
        (
            "string comparisons",
            format!("def f(x):\n{}\n", lines(&|i| format!("    if x == 's{i}': return x['k{i}']"))),
        ),
        ("attributes", format!("def f(x):\n{}\n", lines(&|i| format!("    x.a{i} = x.b{i}")))),
        ("methods", format!("def f(x):\n{}\n", lines(&|i| format!("    x.m{i}(x)")))),
        ("globals", format!("{}\n", lines(&|i| format!("v{i} = {i}")))),
        ("top level", format!("if x:\n{}\n", lines(&|i| format!("    v{i}.a{i} = 's{i}'")))),
        ("elif", format!("if x == 0: pass\n{}\nelse: pass\n", lines(&|i| format!("elif x == {i}: f({i})")))),
        ("cases", format!("match x:\n{}\n", lines(&|i| format!("    case [{i}, y]: f(y)")))),
        (
            "statements in a loop",
            format!(
                "def f():\n    while x:\n{}\n",
                lines(&|_| "        x()\n        if y: break\n        if z: continue".into())
            ),
        ),
        ("sum", format!("x = a{}\n", " + b".repeat(n))),
        ("constant sum", format!("x = 1{}\n", " + 1".repeat(n))),
        ("attribute chain", format!("x = a{}\n", ".b".repeat(n))),
        ("call chain", format!("x = a{}\n", "()".repeat(n))),
        ("method chain", format!("x = a{}\n", ".b(c)".repeat(n))),
        ("index chain", format!("x = a{}\n", "[0]".repeat(n))),
        ("and", format!("x = a{}\nif a{}: pass\n", " and b".repeat(n), " and b".repeat(n))),
        ("or", format!("x = a{}\nif a{}: pass\n", " or b".repeat(n), " or b".repeat(n))),
        ("comparisons", format!("x = a{}\nif a{}: pass\n", " < b()".repeat(n), " < b()".repeat(n))),
        ("power", format!("x = a{}\n", " ** b".repeat(n))),
        ("not", format!("x = {}a\nif {}a: pass\n", "not ".repeat(n), "not ".repeat(n))),
        ("minus", format!("x = {}a\ny = {}1\n", "-".repeat(n), "-".repeat(n))),
        ("conditional", format!("x = {}b\n", joined(n, "", |i| format!("a if c{i} else ")))),
        ("f-string", format!("x = f\"{}\"\n", joined(n, "", |i| format!("t{{a{i}}}")))),
        (
            "targets",
            format!(
                "def f():\n    {} = x\n    [{}] = y\n",
                joined(n, ", ", |i| format!("a{i}")),
                joined(n, ", ", |i| format!("b.c{i}"))
            ),
        ),
        ("starred targets", format!("def f():\n    {}, *b, c = x\n", names("a"))),
        ("parallel targets", format!("{} = {}\n", names("a"), names("b"))),
        ("chained targets", format!("{}x\n", joined(n, "", |i| format!("a{i} = ")))),
        ("loop targets", format!("for {} in x: pass\n", names("a"))),
        ("deletions", format!("def f({}):\n    del {}\n", names("a"), names("a"))),
        ("decorators", format!("{}\ndef f(): pass\n", lines(&|i| format!("@d{i}")))),
        ("functions", format!("def f():\n{}\n", lines(&|i| format!("    def g{i}(): return g0")))),
        (
            "imports",
            format!(
                "import {}\nfrom m import {}\n",
                names("a"),
                joined(n, ", ", |i| format!("b{i} as c{i}"))
            ),
        ),
        ("globals declared", format!("def f():\n    global {}\n    g0 = 1\n", names("g"))),
        ("comprehension targets", format!("x = [a0 for {} in x]\n", names("a"))),
        ("comprehension conditions", format!("x = [a for a in b{}]\n", " if c".repeat(n))),
        (
            "pattern captures",
            format!("match x:\n    case {{{}}}: f(a0)\n", joined(n, ", ", |i| format!("'k{i}': a{i}"))),
        ),
        ("alternatives", format!("match x:\n    case {}: pass\n", joined(n, " | ", |i| i.to_string()))),
        (
            "excepts",
            format!("def f():\n    try: x()\n{}\n", lines(&|i| format!("    except E{i} as e: y(e)"))),
        ),
    ]
}

/// Programs that are refused for a reason when they have `n` of something.
fn is_refused(kind: &str, n: usize) -> bool {
    match kind {
        "pattern captures" => n > 65_535,
        _ => false,
    }
}

#[track_caller]
fn check_sound(kind: &str, source: &str) -> Compiled {
    let compiled = match compile(source, false) {
        Ok(compiled) => compiled,
        Err(error) => panic!("{kind}: {error}"),
    };
    for code in codes(&compiled) {
        check_code_sound(kind, &code);
    }
    compiled
}

fn check_code_sound(kind: &str, code: &Code) {
    assert_eq!(code.ops.len(), code.spans.len(), "{kind}");
    assert!(code.registers <= 256, "{kind}");
    for (pc, op) in code.ops.iter().enumerate() {
        if let Some(to) = target(op) {
            let to = pc as i64 + 1 + i64::from(to);
            assert!((0..=code.ops.len() as i64).contains(&to), "{kind}: {pc} {op:?} to {to}");
        }
        if let Op::LoadConst { k, .. } = *op {
            assert!((k as usize) < code.constants.len(), "{kind}");
        }
    }
    for handler in &code.handlers {
        assert!(handler.start < handler.end && handler.target < FAR, "{kind}: {handler:?}");
        assert!((handler.target as usize) < code.ops.len(), "{kind}: {handler:?}");
    }
}

#[test]
fn boundaries() {
    for &n in BOUNDARIES.iter().chain(WIDE_BOUNDARIES) {
        for (kind, source) in programs(n) {
            if n > 1000 && !WITH_INDICES.contains(&kind) {
                continue;
            }
            if is_refused(kind, n) {
                assert!(compile(&source, false).is_err(), "{kind} {n}");
            } else {
                check_sound(&format!("{kind} {n}"), &source);
            }
        }
    }
}

#[test]
fn three_hundred_thousand() {
    let slow = Duration::from_secs(20);
    for (kind, source) in programs(300_000) {
        if is_refused(kind, 300_000) {
            continue;
        }
        let start = Instant::now();
        check_sound(kind, &source);
        assert!(start.elapsed() < slow, "{kind} took {:?}", start.elapsed());
    }
}

#[test]
fn deep_nesting() {
    let n = 190;
    let half = n / 2;
    let programs = [
        ("parentheses", format!("x = {}a{}\n", "(a + ".repeat(n), ")".repeat(n))),
        (
            "precedence",
            format!(
                "x = {}a{}\n",
                "(a or a and not a == a | a ^ a & a << a + a * -a ** ".repeat(n),
                ")".repeat(n)
            ),
        ),
        ("lists", format!("x = {}a{}\n", "[a, b, ".repeat(n), "]".repeat(n))),
        ("dicts", format!("x = {}a{}\n", "{a: b, c: ".repeat(n), "}".repeat(n))),
        ("calls", format!("x = {}a{}\n", "f(a, b, c, ".repeat(n), ")".repeat(n))),
        ("method calls", format!("x = {}a{}\n", "f.g(a, b, c, ".repeat(n), ")".repeat(n))),
        ("keyword calls", format!("x = {}a{}\n", "f(a, *b, k=c, j=".repeat(n), ")".repeat(n))),
        ("indices", format!("x = {}a{}\n", "a[b, c:d, ".repeat(n), "]".repeat(n))),
        (
            "comprehensions",
            format!("x = {}x0{}\n", "[".repeat(n), joined(n, "", |i| format!(" for x{i} in y]"))),
        ),
        (
            "comprehensions that see all",
            format!(
                "x = {}[{}]{}\n",
                "[".repeat(n - 1),
                joined(n, ",", |i| format!("x{i}")),
                joined(n - 1, "", |i| format!(" for x{i} in y]"))
            ),
        ),
        (
            "captured comprehensions",
            format!(
                "x = {}lambda: [{}]{}\n",
                "[".repeat(n - 2),
                joined(n, ",", |i| format!("x{i}")),
                joined(n - 2, "", |i| format!(" for x{i} in y]"))
            ),
        ),
        ("generators", format!("x = {}x0{}\n", "(".repeat(n), joined(n, "", |i| format!(" for x{i} in y)")))),
        ("iterables", format!("x = {}y{}\n", "[a for a in ".repeat(n), "]".repeat(n))),
        ("lambdas", format!("x = {}a\n", joined(n, "", |i| format!("lambda a{i}: ")))),
        ("conditions", format!("if {}a{}: pass\n", "(a and (b or ".repeat(half), "))".repeat(half))),
        ("conditionals", format!("x = {}a{}\n", "(a if b else ".repeat(n), ")".repeat(n))),
        ("comparisons", format!("x = {}a{}\n", "(a < b < ".repeat(n), ")".repeat(n))),
        ("targets", format!("{}a{} = x\n", "[a, b, ".repeat(n), "]".repeat(n))),
        ("patterns", format!("match x:\n case {}a{}: pass\n", "[_, ".repeat(n - 1), "]".repeat(n - 1))),
        (
            "mapping patterns",
            format!("match x:\n case {}a{}: pass\n", "{'k': ".repeat(n - 1), "}".repeat(n - 1)),
        ),
        (
            "class patterns",
            format!("match x:\n case {}a{}: pass\n", "P(_, q=".repeat(n - 1), ")".repeat(n - 1)),
        ),
        ("f-strings", format!("x = {}a{}\n", "f'{f(".repeat(45), ")}'".repeat(45))),
        (
            "functions",
            nested(
                90,
                |i| format!("def f{i}(a{i}):"),
                |i| format!("return {}", joined(i, " + ", |j| format!("a{j}"))),
            ),
        ),
        ("ifs", nested(90, |i| format!("if a{i}:"), |_| "pass".into())),
        (
            "matches",
            nested(45, |i| format!("match a{i}:"), |_| "pass".into()).replace("pass", "case _: pass"),
        ),
    ];
    let locals = joined(200, "\n", |i| format!("    v{i} = 1"));
    for (kind, source) in programs {
        if kind != "matches" {
            check_sound(kind, &source);
            let inner = source.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n");
            check_sound(&format!("{kind} in a function"), &format!("def f():\n{locals}\n{inner}\n"));
        }
    }
}

fn nested(n: usize, header: impl Fn(usize) -> String, body: impl Fn(usize) -> String) -> String {
    let mut source = String::new();
    for i in 0..n {
        let _ = writeln!(source, "{}{}", " ".repeat(i), header(i));
    }
    let _ = writeln!(source, "{}{}", " ".repeat(n), body(n));
    source
}

#[test]
fn twenty_blocks_nest() {
    let blocks = |n: usize, header: &'static str| nested(n, move |_| header.into(), |_| "x = y".into());
    for header in ["for a in b:", "while a:", "with a:", "with a as b:"] {
        check_sound(header, &blocks(20, header));
        check_error(&blocks(21, header), "too many statically nested blocks");
        let function = |n| {
            format!(
                "def f({}):\n{}",
                joined(150, ",", |i| format!("p{i}")),
                blocks(n, header).lines().fold(String::new(), |all, line| format!("{all} {line}\n"))
            )
        };
        check_sound(header, &function(20));
        check_error(&function(21), "too many statically nested blocks");
    }
    check_sound("with items", &format!("with {}: pass\n", joined(20, ", ", |i| format!("a{i}"))));
    check_error(
        &format!("with {}: pass\n", joined(21, ", ", |i| format!("a{i}"))),
        "too many statically nested blocks",
    );
}

#[test]
fn nested_functions_are_linear() {
    // Doubling the work at each level would take a million times longer.
    let source = nested(
        20,
        |i| format!("def f{i}(a{i}):"),
        |_| "return lambda: [a0 for b in (a1 for c in a2)]".into(),
    );
    let start = Instant::now();
    check_sound("nested", &source);
    assert!(start.elapsed() < Duration::from_millis(200));
}

#[test]
fn many_registers_keep_spilled_locals() {
    let source = format!("def f():\n{}\n    return v150\n", joined(152, "\n", |i| format!("    v{i} = {i}")));
    let compiled = check_sound("spilled", &source);
    let code = &compiled.segments[0].code.functions[0];
    assert_eq!(code.ops[0], Op::NewSpill { d: 0, count: 3 });
    assert_eq!(code.locals, 150);
}
