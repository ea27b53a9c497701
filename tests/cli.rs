//! The command line, as a user meets it.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

fn star() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_star"));
    command.env_remove("NO_COLOR");
    command
}

fn run(arguments: &[&str]) -> Output {
    run_with(arguments, "")
}

fn run_with(arguments: &[&str], input: &str) -> Output {
    let mut child = spawn(arguments);
    // A program that fails early may not read all of it.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    child.wait_with_output().expect("star ends")
}

fn spawn(arguments: &[&str]) -> Child {
    star()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("star starts")
}

/// Standard output, standard error, and the exit code.
#[track_caller]
fn check(arguments: &[&str], input: &str, stdout: &str, stderr: &str, code: i32) {
    let output = run_with(arguments, input);
    assert_eq!(text(&output.stdout), stdout);
    assert_eq!(text(&output.stderr), stderr);
    assert_eq!(output.status.code(), Some(code));
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("star writes UTF-8")
}

fn script(name: &str, source: &str) -> String {
    let path = std::env::temp_dir().join(format!("star-cli-{}-{name}", std::process::id()));
    std::fs::write(&path, source).expect("the script is written");
    path.display().to_string()
}

#[test]
fn ways_to_give_a_script() {
    let path = script("ways.star", "#!/usr/bin/env star\nprint('hi')\n");
    check(&[&path], "", "hi\n", "", 0);
    check(&["run", &path, "--no-option-of-star", "x"], "", "hi\n", "", 0);
    check(&["-c", "print('hi')"], "", "hi\n", "", 0);
    check(&["run", "-"], "print('hi')", "hi\n", "", 0);
    check(&["-"], "print('hi')\n", "hi\n", "", 0);
    check(&[], "print('hi')\n", "hi\n", "", 0);
}

#[test]
fn main_is_called() {
    check(&["-c", "def main():\n    print('in main')\n"], "", "in main\n", "", 0);
}

#[test]
fn exit_codes() {
    for (source, code) in [
        ("pass", 0),
        ("1 / 0", 1),
        ("x = ", 1),
        ("raise SystemExit", 0),
        ("raise SystemExit(7)", 7),
        ("raise SystemExit(True)", 1),
    ] {
        assert_eq!(run(&["-c", source]).status.code(), Some(code), "{source}");
    }
    check(&["-c", "raise SystemExit('bye')"], "", "", "bye\n", 1);
    assert_eq!(run(&["/no/such/file.star"]).status.code(), Some(2));
    assert_eq!(run(&["run", "--max-steps"]).status.code(), Some(2));
    assert_eq!(run(&["--nonsense"]).status.code(), Some(2));
}

#[test]
fn limits_end_with_3() {
    for (arguments, source) in [
        (["--max-steps", "10k"], "while True: pass"),
        (["--max-time", "50ms"], "while True: pass"),
        (["--max-memory", "8MiB"], "x = []\nwhile True: x.append('a' * 100)"),
        (["--max-output", "1kB"], "while True: print('again')"),
    ] {
        let output = run(&["run", arguments[0], arguments[1], "-c", source]);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains("LimitExceeded: "), "{}", text(&output.stderr));
    }
}

#[test]
fn output_comes_before_the_error() {
    let mut child = star()
        .args(["-c", "print('one')\n1 / 0"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("star starts");
    let mut error = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut error).expect("an error");
    assert!(error.ends_with("ZeroDivisionError: division by zero\n"), "{error}");
    let mut output = String::new();
    child.stdout.take().expect("a pipe").read_to_string(&mut output).expect("output");
    assert_eq!(output, "one\n");
    child.wait().expect("star ends");
}

#[test]
fn statements_run_as_they_arrive() {
    let mut child = spawn(&["-"]);
    let mut input = child.stdin.take().expect("a pipe");
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    for (source, expected) in [
        ("print('first')\n", "first\n"),
        ("x = [1,\n", ""),
        ("     2]; print(sum(x))\n", "3\n"),
        ("for i in range(1):\n    print('body', i)\n", ""),
        ("print('after')\n", "body 0\nafter\n"),
    ] {
        input.write_all(source.as_bytes()).expect("star reads");
        for line in expected.lines() {
            assert_eq!(next_line(&mut output), format!("{line}\n"));
        }
    }
    drop(input);
    assert!(child.wait().expect("star ends").success());
}

#[test]
fn eager_blocks_run_while_they_arrive() {
    let mut child = spawn(&["run", "--eager", "-"]);
    let mut input = child.stdin.take().expect("a pipe");
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    input.write_all(b"if True:\n    print('now')\n    y").expect("star reads");
    assert_eq!(next_line(&mut output), "now\n");
    input.write_all(b" = 1\nprint(y)\n").expect("star reads");
    assert_eq!(next_line(&mut output), "1\n");
    drop(input);
    assert!(child.wait().expect("star ends").success());
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let mut child = spawn(&["-c", "while True: print('y')"]);
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    assert_eq!(next_line(&mut output), "y\n");
    drop(output);
    let output = child.wait_with_output().expect("star ends");
    assert_eq!((text(&output.stderr), output.status.code()), ("", Some(0)));
}

#[cfg(unix)]
#[test]
fn a_full_device_is_told() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else { return };
    let output = star().args(["-c", "print('y')"]).stdout(full).output().expect("star ends");
    assert!(text(&output.stderr).contains("cannot write to standard output"), "{}", text(&output.stderr));
    assert_eq!(output.status.code(), Some(1));
}

/// What star writes next, to the end of the line.
fn next_line(output: &mut impl BufRead) -> String {
    let mut line = String::new();
    output.read_line(&mut line).expect("star writes");
    line
}

#[cfg(unix)]
fn interrupt(child: &Child) {
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill starts");
    assert!(status.success());
}

#[cfg(unix)]
#[track_caller]
fn ends_within(child: &mut Child, limit: Duration) {
    let started = Instant::now();
    while child.try_wait().expect("star can be waited for").is_none() {
        if started.elapsed() > limit {
            let _ = child.kill();
            panic!("star goes on");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_runs_finally() {
    let source = "try:\n    print('in')\n    while True:\n        try: pass\n        except: print('never')\n\
                  finally:\n    print('out')\n";
    let mut child = spawn(&["-c", source]);
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    next_line(&mut output);
    interrupt(&child);
    assert_eq!(next_line(&mut output), "out\n");
    ends_within(&mut child, Duration::from_secs(5));
    assert_eq!(child.wait().expect("star ends").code(), Some(130));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_wait_for_source() {
    let mut child = spawn(&["-"]);
    let mut input = child.stdin.take().expect("a pipe");
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    input.write_all(b"print('ready')\n").expect("star reads");
    next_line(&mut output);
    interrupt(&child);
    ends_within(&mut child, Duration::from_secs(5));
    assert_eq!(child.wait().expect("star ends").code(), Some(130));
}

#[cfg(unix)]
#[test]
fn the_second_ctrl_c_kills() {
    let source =
        "try:\n    print('in')\n    while True: pass\nfinally:\n    print('out')\n    while True: pass\n";
    let mut child = spawn(&["-c", source]);
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    next_line(&mut output);
    interrupt(&child);
    next_line(&mut output);
    interrupt(&child);
    ends_within(&mut child, Duration::from_secs(5));
    assert_eq!(child.wait().expect("star ends").code(), Some(130));
}

#[cfg(unix)]
#[test]
fn ctrl_c_as_data() {
    let source = "print('ready')\ntry:\n    while True: max(range(1000))\nfinally: print('out')\n";
    let mut child = spawn(&["run", "--events", "json", "--error-format", "json", "-c", source]);
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut events = Vec::new();
    let mut line = String::new();
    while output.read_line(&mut line).expect("star writes") > 0 {
        let event: Value = serde_json::from_str(&line).expect("an event is JSON");
        if event["text"] == "ready\n" {
            interrupt(&child);
        }
        events.push(event);
        line.clear();
    }
    ends_within(&mut child, Duration::from_secs(5));
    assert_eq!(child.wait().expect("star ends").code(), Some(130));
    assert!(events.iter().any(|event| event["text"] == "out\n"), "{events:?}");
    let last = events.last().expect("there are events");
    assert_eq!((&last["type"], &last["code"]), (&"error".into(), &"E0210".into()), "{last}");
    let mut error = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut error).expect("an error");
    let error: Value = serde_json::from_str(&error).expect("the error is JSON");
    assert_eq!((&error["code"], &error["kind"]), (&"E0210".into(), &"Cancelled".into()));
    assert_eq!(error["traceback"].as_array().map(Vec::len), Some(1), "{error}");
}

#[test]
fn color() {
    let colored = |arguments: &[&str], no_color: &str| {
        let output =
            star().args(arguments).args(["-c", "1/0"]).env("NO_COLOR", no_color).output().expect("star ends");
        text(&output.stderr).contains('\x1b')
    };
    assert!(colored(&["--color", "always"], ""));
    assert!(colored(&["--color", "always"], "1"));
    assert!(!colored(&["--color", "never"], ""));
    assert!(!colored(&[], "")); // not a terminal
}

#[test]
fn what_a_script_says_cannot_steer_the_terminal() {
    for source in ["x = '\u{1b}[31m' $", "\u{202e} = 1", "raise ValueError", "def \u{1b}(): pass"] {
        let output = run(&["-c", source]);
        let error = text(&output.stderr);
        assert!(!error.contains(['\u{1b}', '\u{202e}']), "{error:?}");
    }
}

#[test]
fn events() {
    let output = run(&["run", "--events", "json", "-c", "print('a\\n', end='')\n1 + 1\nx = 1 / 0\n"]);
    let events: Vec<Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect();
    let kinds: Vec<&str> = events.iter().map(|event| event["type"].as_str().expect("a type")).collect();
    assert_eq!(
        kinds,
        [
            "statement_started",
            "output",
            "statement_done",
            "statement_started",
            "value",
            "statement_done",
            "statement_started",
            "error"
        ]
    );
    assert!(events.iter().all(|event| event["v"] == 1));
    assert_eq!(events[1]["text"], "a\n");
    assert_eq!(events[4]["text"], "2");
    let error = &events[7];
    assert_eq!((&error["code"], &error["kind"]), (&"E0109".into(), &"ZeroDivisionError".into()));
    assert_eq!(error["completed_statements"], 2);
    assert_eq!(error["resume_at"], serde_json::json!({"line": 3, "offset": 27}));
    // People still get theirs.
    assert!(text(&output.stderr).ends_with("ZeroDivisionError: division by zero\n"));
}

/// The one error of a script as JSON.
#[track_caller]
fn error_of(arguments: &[&str], source: &str) -> Value {
    let output = run_with(&[arguments, &["--error-format", "json", "-"]].concat(), source);
    let error = text(&output.stderr);
    assert_eq!(error.lines().count(), 1, "{error}");
    serde_json::from_str(error).expect("it is JSON")
}

const FIELDS: [&str; 12] = [
    "v",
    "type",
    "code",
    "kind",
    "message",
    "span",
    "expected",
    "suggestions",
    "traceback",
    "completed_statements",
    "resume_at",
    "stop",
];

#[test]
fn errors_as_json() {
    let error = error_of(&["run"], "\u{feff}ok = 1\nif a && b:\n    pass\n");
    assert!(FIELDS.iter().all(|field| error.get(field).is_some()), "{error}");
    assert_eq!(error["kind"], "SyntaxError");
    // The byte order mark has bytes and no column.
    assert_eq!(error["span"]["start"], serde_json::json!({"line": 2, "column": 6, "offset": 15}));
    assert_eq!(error["suggestions"][0]["replacement"], "and");
    assert_eq!(error["resume_at"], serde_json::json!({"line": 2, "offset": 10}));
    assert_eq!(error["completed_statements"], 1);
    assert_eq!(error["stop"], true);

    let error = error_of(&["run"], "def f(items):\n    return items.apend(1)\nf([])\n");
    assert_eq!((&error["code"], &error["kind"]), (&"E0106".into(), &"AttributeError".into()));
    assert_eq!(error["traceback"][0]["function"], "<module>");
    assert_eq!(error["traceback"][1]["function"], "f");
    assert_eq!(error["traceback"][1]["source"], "    return items.apend(1)");
    assert_eq!(error["suggestions"][0]["replacement"], "append");
    assert_eq!(error["suggestions"][0]["span"]["start"]["column"], 18);

    let error = error_of(&["run", "--max-steps", "1000"], "while True: pass\n");
    assert_eq!((&error["code"], &error["kind"]), (&"E0201".into(), &"LimitExceeded".into()));
    assert_eq!(error["resume_at"], Value::Null);

    let error = error_of(&["check"], "print(nme)\nname = 1\n");
    assert_eq!(error["stop"], false);
    assert_eq!(error["suggestions"][0]["replacement"], "name");
}

#[test]
fn a_deep_traceback_is_cut() {
    let error = error_of(&["run"], "def f(): return f()\nf()\n");
    let frames = error["traceback"].as_array().expect("frames");
    assert_eq!(frames.len(), 200);
    assert_eq!(frames.iter().filter(|frame| frame.get("skipped").is_some()).count(), 1);
}

#[test]
fn a_huge_message_is_cut() {
    let output = run(&["-c", "raise ValueError('x' * 10_000_000)"]);
    assert!(output.stderr.len() < 100_000);
    assert!(text(&output.stderr).contains("more bytes)"));
}

/// docs/events.md lists exactly the codes that there are.
#[test]
fn codes_are_documented() {
    let path = format!("{}/docs/events.md", env!("CARGO_MANIFEST_DIR"));
    let document = std::fs::read_to_string(path).expect("docs/events.md reads");
    let row =
        |code: &str| document.lines().find(|line| line.starts_with(&format!("| {code} |"))).map(String::from);
    let syntax = star::core::lexer::codes::TABLE;
    let checks = star::check::WARNINGS;
    for (code, meaning) in syntax.iter().chain(checks) {
        assert_eq!(row(code), Some(format!("| {code} | {meaning} |")));
    }
    let exceptions = star::core::object::types::TypeId::ALL.iter().filter(|class| class.is_exception());
    for class in exceptions {
        let code = star::core::session::report::exception_code(class.name());
        assert!(
            row(code).is_some_and(|row| code == "E0100" || row.contains(class.name())),
            "{code} {}",
            class.name()
        );
    }
    use star::Exceeded::{Memory, Output, Steps, Time};
    for exceeded in [Steps, Time, Memory, Output] {
        assert!(row(star::core::session::report::limit_code(exceeded)).is_some());
    }
}

#[test]
fn check_finds_what_can_be_known() {
    let source = "def area(w, h):\n    return w * hight\n    print('done')\n\narea(3)\n";
    let output = run_with(&["check", "-"], source);
    assert_eq!(output.status.code(), Some(1));
    let found = text(&output.stderr);
    for message in [
        "error[E0102]: NameError: name 'hight' is not defined",
        "warning[W0001]: Unreachable: this is never reached",
        "error[E0104]: TypeError: area() missing 1 required positional argument: 'h'",
    ] {
        assert!(found.contains(message), "{found}");
    }
    check(&["check", "-c", "print(1)"], "", "", "", 0);
    let warning = run(&["check", "-c", "def f():\n    return 1\n    return 2\n"]);
    assert_eq!(warning.status.code(), Some(0));
    assert_eq!(run(&["check", "--block", "while", "-c", "while x: pass"]).status.code(), Some(1));
    assert_eq!(run(&["check", "-c", "x = (1"]).status.code(), Some(1));
}

#[test]
fn eval_writes_data() {
    let path = script(
        "eval.star",
        "env = 'dev'\nprint('for', env)\nports: list = [80] if env == 'prod' else [8080]\ndef helper(): pass\n",
    );
    check(&["eval", &path], "", "{\n  \"env\": \"dev\",\n  \"ports\": [\n    8080\n  ]\n}\n", "for dev\n", 0);
    check(
        &["eval", &path, "--set", "env=prod", "--format", "yaml"],
        "",
        "env: prod\nports:\n- 80\n",
        "for prod\n",
        0,
    );
    check(&["eval", "--format=toml", "-"], "x = {'a': (1, 2)}", "[x]\na = [\n    1,\n    2,\n]\n", "", 0);
    let config = "def config():\n    return [a, b]\na = b = 0\n";
    check(&["eval", "-c", config], "", "[\n  0,\n  0\n]\n", "", 0);
}

#[test]
fn eval_reads_what_is_set_as_json_or_text() {
    for (value, json) in [
        ("3", "3"),
        ("[1, \"a\"]", "[\n    1,\n    \"a\"\n  ]"),
        ("null", "null"),
        ("", "\"\""),
        ("08", "\"08\""),
        ("\"1.10\"", "\"1.10\""),
        ("a=b", "\"a=b\""),
        ("-123456789012345678901234567890", "-123456789012345678901234567890"),
    ] {
        let set = format!("x={value}");
        check(&["eval", "-c", "x = None", "--set", &set], "", &format!("{{\n  \"x\": {json}\n}}\n"), "", 0);
    }
    check(
        &["eval", "-c", "port = 1", "--set", "ports=2"],
        "",
        "",
        "star: --set ports: <string> has no such name; did you mean port?\n",
        2,
    );
    let output = run(&["eval", "-c", "port = 1\nport += 1", "--set", "port=2"]);
    assert!(text(&output.stderr).contains("error[E0033]"), "{}", text(&output.stderr));
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), ""));
}

#[test]
fn eval_errors() {
    check(
        &["eval", "-c", "a = 1\nb = {\n  'x': [1, {2.5: 3}]}"],
        "",
        "",
        "<string>:3: b.x[1][2.5]: a key in JSON is a str, not float\n",
        1,
    );
    let output = run(&["eval", "--error-format", "json", "-c", "a = float('inf')"]);
    let error: Value = serde_json::from_str(text(&output.stderr)).expect("it is JSON");
    assert_eq!((&error["code"], &error["kind"]), (&"E0220".into(), &"ConfigError".into()));
    assert_eq!(
        (&error["message"], &error["span"]["start"]["line"]),
        (&"a: JSON has no inf".into(), &1.into())
    );
    assert_eq!(run(&["eval", "--max-steps", "1k", "-c", "while True: pass"]).status.code(), Some(3));
    assert_eq!(run(&["eval", "--block", "while", "-c", "while True: pass"]).status.code(), Some(1));
    assert_eq!(run(&["eval", "-c", "raise SystemExit(7)"]).status.code(), Some(7));
    assert_eq!(run(&["eval", "/no/such/file.star"]).status.code(), Some(2));
    assert_eq!(run(&["eval", "-c", "x = 1\nx ="]).status.code(), Some(1));
}

#[test]
fn dumps() {
    check(&["dump", "tokens", "-c", "x"], "", "Name 0..1 \"x\"\nNewline 1..1 \"\"\n", "", 0);
    let ast = run(&["dump", "ast", "-c", "x = [1, *y]"]);
    assert_eq!(text(&ast.stdout).trim_end(), "assign x = (list 1 *y)");
    let code = run(&["dump", "code", "-c", "print(1)"]);
    assert!(text(&code.stdout).contains("CallGlobal"), "{}", text(&code.stdout));
    assert_eq!(run(&["dump", "code", "-c", "x ="]).status.code(), Some(1));
}

#[test]
fn trace_shows_instructions() {
    let output = run(&["run", "--trace", "-c", "print(1)"]);
    assert_eq!(text(&output.stdout), "1\n");
    assert!(text(&output.stderr).contains("CallGlobal"), "{}", text(&output.stderr));
}

#[test]
fn a_mistyped_command_is_told() {
    let output = run(&["chek", "script.star"]);
    assert_eq!(
        text(&output.stderr),
        "star: cannot read 'chek': no such file; did you mean the command check?\n"
    );
    let output = run(&["script_that_is_not_there.star"]);
    assert_eq!(text(&output.stderr), "star: cannot read 'script_that_is_not_there.star': no such file\n");
}

#[test]
fn help_and_completions() {
    for arguments in [
        &["--help"][..],
        &["help"],
        &["help", "run"],
        &["run", "--help"],
        &["eval", "--help"],
        &["check", "--help"],
        &["dump", "-h"],
        &["completions", "--help"],
        &["--version"],
        &["completions", "bash"],
        &["completions", "zsh"],
        &["completions", "fish"],
    ] {
        let output = run(arguments);
        assert!(output.status.success() && !output.stdout.is_empty(), "{arguments:?}");
    }
    let bash = run(&["completions", "bash"]).stdout;
    let mut child = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn().expect("bash starts");
    child.stdin.take().expect("a pipe").write_all(&bash).expect("bash reads");
    assert!(child.wait().expect("bash ends").success());
}
