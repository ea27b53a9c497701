//! `require("./lib.star")`: scripts that scripts load.

use std::collections::HashMap;

use star::{Control, Event, Loader, Options, Session};

/// Runs `main.star` of some files; what it prints, and the last line of its error.
fn run(files: &[(&str, &str)]) -> String {
    let files: HashMap<String, String> =
        files.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect();
    let source = files["main.star"].clone();
    let loader = Loader::sync(move |path| {
        files.get(path).cloned().ok_or_else(|| format!("there is no {path}").into())
    });
    let mut session = Session::new(Options { loader: Some(loader), ..Options::default() });
    session.feed(source.as_bytes());
    session.finish();
    let mut output = String::new();
    session.run(&mut |event| {
        match event {
            Event::Output(bytes) => output += &String::from_utf8_lossy(bytes),
            Event::Error(report) => output += report.text.lines().last().unwrap_or_default(),
            _ => {}
        }
        Control::Continue
    });
    output
}

#[track_caller]
fn check(files: &[(&str, &str)], expected: &str) {
    assert_eq!(run(files), expected);
}

#[test]
fn a_script_is_loaded_once() {
    check(
        &[
            (
                "main.star",
                "a = require('./lib.star')\nb = require('./lib.star')\nprint(a is b, a.n)\na.n = 5\nprint(b.get())\n",
            ),
            ("lib.star", "print('loading')\nn = 1\ndef get(): return n\n"),
        ],
        "loading\nTrue 1\n5\n",
    );
}

#[test]
fn globals_are_the_scripts_own() {
    check(
        &[
            (
                "main.star",
                "n = 1\nlib = require('./lib.star')\nprint(n, lib.n, lib.__name__, lib.__doc__)\nprint(hasattr(lib, 'm'))\n",
            ),
            ("lib.star", "'What it is.'\nn = 2\n"),
        ],
        "1 2 lib What it is.\nFalse\n",
    );
}

#[test]
fn paths_are_relative_to_the_script_that_requires() {
    check(
        &[
            ("main.star", "print(require('./a/b.star').c.n)\n"),
            ("a/b.star", "c = require('../c.star')\n"),
            ("c.star", "n = require('./a/d.star').n + 1\n"),
            ("a/d.star", "n = 1\n"),
        ],
        "2\n",
    );
    check(
        &[("main.star", "require('../x.star')\n")],
        "ImportError: '../x.star' leads out of the program's folder",
    );
}

#[test]
fn a_function_can_load_and_catch() {
    check(
        &[
            (
                "main.star",
                "def f(name):\n    try:\n        return require(name).n\n    except Exception as e:\n        return type(e).__name__ + ': ' + str(e)\nfor name in ['./good.star', './bad.star', './raises.star', './none.star', './raises.star', './good.star']:\n    print(f(name))\n",
            ),
            ("good.star", "n = [i for i in range(3)]\n"),
            ("bad.star", "x = 1\ny = = 2\n"),
            ("raises.star", "x = {}\nn = x['k']\n"),
        ],
        "[0, 1, 2]\nSyntaxError: ./bad.star:2: expected a value after '=', found '='\nKeyError: 'k'\nModuleNotFoundError: cannot load './none.star': there is no none.star\nKeyError: 'k'\n[0, 1, 2]\n",
    );
}

#[test]
fn cycles_are_named() {
    check(
        &[
            ("main.star", "require('./a.star')\n"),
            ("a.star", "require('./b.star')\n"),
            ("b.star", "require('./a.star')\n"),
        ],
        "ImportError: './a.star' is being loaded: ./a.star -> ./b.star -> ./a.star",
    );
}

#[test]
fn a_host_without_a_loader_says_so() {
    let mut session = Session::new(Options::default());
    session.feed(b"require('./lib.star')\n");
    session.finish();
    let mut said = String::new();
    session.run(&mut |event| {
        if let Event::Error(report) = event {
            said = report.message.clone();
        }
        Control::Continue
    });
    assert_eq!(said, "this host loads no scripts: it has to give a loader");
}

#[test]
fn code_survives_collections() {
    let lib = "def make(n):\n    return [str(i) * 3 for i in range(n)]\nk = [make(50) for _ in range(50)]\n";
    let files = [
        (
            "main.star",
            "lib = require('./lib.star')\nx = [lib.make(100) for _ in range(200)]\nprint(len(x), x[9][9], len(lib.k))\n",
        ),
        ("lib.star", lib),
    ];
    check(&files, "200 999 50\n");
}
