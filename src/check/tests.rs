//! What is found, and above all what is not.

use super::*;

/// Findings as `line: message`.
#[track_caller]
fn check_found(source: &str, expected: &[&str]) {
    let findings = check(source.as_bytes(), &CheckOptions::default());
    let found: Vec<String> = findings
        .iter()
        .map(|finding| {
            let diagnostic = &finding.diagnostic;
            format!("{}: {}", diagnostic.location.start.line, diagnostic.message)
        })
        .collect();
    assert_eq!(found, expected, "{source}");
}

#[test]
fn names() {
    check_found("print(missing)", &["1: name 'missing' is not defined"]);
    check_found("def f():\n    return later\nlater = 1\nf()\n", &[]);
    check_found("print(later)\nlater = 1\n", &["1: 'later' is read before it is bound, in line 2"]);
    check_found("def f():\n    global made\n    made = 1\nf()\nprint(made)\n", &[]);
    check_found("print(__name__, __doc__)\nfor i in range(3): pass\nprint(i)\n", &[]);
    check_found("x: annotation = 1\ndef f(a: nothing) -> nowhere: pass\n", &[]);
    check_found("print([y for x in [1] if (y := x)], y)\n", &[]);
    check_found("try: 1\nexcept ValueError as e: print(e)\n", &[]);
    check_found("match 1:\n    case {'a': b, **c}: print(b, c)\n", &[]);
    let known = CheckOptions { known: vec!["budget".into()], ..CheckOptions::default() };
    assert!(check(b"print(budget)", &known).is_empty());
}

#[test]
fn the_name_itself_is_marked() {
    let findings = check(b"x = [1, missing + 2]", &CheckOptions::default());
    let location = findings[0].diagnostic.location;
    assert_eq!((location.start.column, location.end.column), (9, 16));
    let findings = check(b"ab = 1\nprint(ab.x, a)\n", &CheckOptions::default());
    assert_eq!(findings[0].diagnostic.location.start.column, 13);
}

#[test]
fn calls() {
    let f = "def f(a, b=1, /, c=2, *, d, e=3): pass\n";
    let with = |call: &str| format!("{f}{call}\n");
    check_found(&with("f(1, d=1)"), &[]);
    check_found(&with("f(1, 2, 3, d=1, e=2)"), &[]);
    check_found(&with("f(*x, **y); x = y = []"), &[]);
    check_found(&with("f(1)"), &["2: f() missing 1 required keyword-only argument: 'd'"]);
    check_found(&with("f(d=1)"), &["2: f() missing 1 required positional argument: 'a'"]);
    check_found(
        &with("f(1, 2, 3, 4, d=1)"),
        &["2: f() takes from 1 to 3 positional arguments but 4 were given"],
    );
    check_found(&with("f(1, 2, 3, c=4, d=1)"), &["2: f() got multiple values for argument 'c'"]);
    check_found(&with("f(1, x=1, d=1)"), &["2: f() got an unexpected keyword argument 'x'"]);
    check_found(
        &with("f(1, b=1, d=1)"),
        &["2: f() got some positional-only arguments passed as keyword arguments: 'b'"],
    );
    check_found("def f(*a, **k): pass\nf(1, 2, x=3)\n", &[]);
    check_found("len()\n", &["1: len() takes exactly one argument (0 given)"]);
}

#[test]
fn calls_in_doubt_are_left_alone() {
    check_found("def f(a): pass\nf = print\nf(1, 2)\n", &[]);
    check_found("def f(a): pass\ndef g(f):\n    f(1, 2)\n", &[]);
    check_found("def d(f): return f\n@d\ndef f(a): pass\nf(1, 2)\n", &[]);
    check_found("def len(*args): pass\nlen(1, 2)\n", &[]);
    check_found("if True:\n    def f(a): pass\nelse:\n    def f(a, b): pass\nf(1, 2)\n", &[]);
}

#[test]
fn reach() {
    check_found("def f():\n    return 1\n    print(2)\n    print(3)\n", &["3: this is never reached"]);
    check_found("def f(x):\n    if x:\n        return 1\n    print(2)\n", &[]);
    check_found(
        "def f(x):\n    if x:\n        return 1\n    elif x is None:\n        raise x\n    else:\n        return 2\n    print(3)\n",
        &["8: this is never reached"],
    );
    check_found("while True:\n    pass\nprint(1)\n", &[]); // another top-level statement
    check_found("def f():\n    while True:\n        pass\n    print(1)\n", &["4: this is never reached"]);
    check_found("def f(x):\n    while True:\n        if x:\n            break\n    print(1)\n", &[]);
    check_found("for x in []:\n    continue\n    print(x)\n", &["3: this is never reached"]);
    check_found("def f():\n    try:\n        return 1\n    finally:\n        print(2)\n    print(3)\n", &[]);
    check_found("def f():\n    raise ValueError\n    yield\n", &[]);
}

#[test]
fn syntax_errors_end_it() {
    let findings = check(b"print(missing)\nx = = 1\nprint(other)\n", &CheckOptions::default());
    assert_eq!(findings.len(), 2);
    assert!(findings[1].stop && !findings[0].stop);
}
