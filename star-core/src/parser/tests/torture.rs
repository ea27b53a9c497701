//! Deep, long and broken source.

use super::*;

/// Reads `source` and returns the error's code, or `ok`. Runs on a small stack.
#[track_caller]
fn outcome(source: String) -> String {
    let run = move || {
        let mut parser = Parser::new(options(false));
        let mut interner = Interner::default();
        parser.push(source.as_bytes());
        parser.finish();
        loop {
            match parser.next(&mut interner) {
                Parsed::Piece(_) => {}
                Parsed::End => return "ok".to_string(),
                Parsed::Error(error) => return error.code.to_string(),
                other => return format!("{other:?}"),
            }
        }
    };
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(run).expect("a thread");
    thread.join().expect("no panic")
}

#[test]
fn depth_is_bounded() {
    for depth in [150, 1000, 100_000] {
        let expected = if depth == 150 { "ok" } else { "E0021" };
        for (open, middle, close) in [
            ("(", "1", ")"),
            ("[", "", "]"),
            ("{", "", "}"),
            ("{1:", "1", "}"),
            ("f(", "", ")"),
            ("a[", "1", "]"),
            ("lambda: ", "1", ""),
            ("f(lambda x=", "1", ": 1)"),
            ("(yield_ if ", "1", " else 2)"),
            ("2 ** -", "1", ""),
            ("f'{", "1", "}'"),
            ("[*", "a", "]"),
            ("(-", "a", ")"),
            ("(not ", "a", ")"),
        ] {
            let count = if open.starts_with("f'") || open.contains("lambda x") { depth / 2 } else { depth };
            let source = open.repeat(count) + middle + &close.repeat(count);
            assert_eq!(outcome(source), expected, "{depth} {open}");
        }
        let pattern = "match x:\n case ".to_string() + &"[".repeat(depth) + &"]".repeat(depth) + ": pass\n";
        assert_eq!(outcome(pattern), expected);
        if depth <= 1000 {
            let mut blocks = String::new();
            for i in 0..depth {
                blocks += &(" ".repeat(i) + "if x:\n");
            }
            blocks += &(" ".repeat(depth) + "pass\n");
            assert_eq!(outcome(blocks), expected);
        }
    }
}

#[test]
fn the_largest_limit_fits_a_thread() {
    let source = "f(x, [".repeat(490) + &"])".repeat(490);
    let run = move || {
        let mut parser = Parser::new(ParserOptions { max_nesting: u32::MAX, ..options(false) });
        let mut interner = Interner::default();
        parser.push(source.as_bytes());
        parser.finish();
        matches!(parser.next(&mut interner), Parsed::Piece(_))
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(run).expect("a thread");
    assert!(thread.join().expect("no panic"));
}

#[test]
fn chains_are_flat() {
    let n = 100_000;
    for (head, link, tail) in [
        ("x", " + 1", "\n"),
        ("x", ".y", "\n"),
        ("x", "(1)", "\n"),
        ("x", "[1]", "\n"),
        ("", "not ", "x\n"),
        ("", "- ", "x\n"),
        ("if a: b\n", "elif a: b\n", ""),
        ("x", " if a else b", "\n"),
        ("x", " and y", "\n"),
        ("x", " or y", "\n"),
        ("x", " < y", "\n"),
        ("x", " ** y", "\n"),
        ("x", ", y", "\n"),
        ("x", " = y", "\n"),
        ("x", "; y", "\n"),
        ("match x:\n", " case 1: pass\n", ""),
        ("match x:\n case 1", " | 1", ": pass\n"),
        ("'a'", " 'b'", "\n"),
        ("f'a'", " f'{b}'", "\n"),
        ("[x ", "for x in y ", "]\n"),
        ("f(", "a, ", ")\n"),
        ("def f(", "*, a, ", "): pass"),
        ("x = 1", "\n\n# c\n", "\n"),
        ("if a:\n", " b\n", ""),
        ("with a", ", b", ": c\n"),
        ("import a", ".b", "\n"),
        ("@a\n", "@a\n", "def f(): pass\n"),
        ("'''", "a\r\n", "'''"),
        ("x ", "\\\n", "\n"),
        ("(", "lambda: (", ""),
    ] {
        let source = head.to_string() + &link.repeat(n) + tail;
        let expected = match link {
            "*, a, " => "E0015",
            "lambda: (" => "E0021",
            _ => "ok",
        };
        let begin = std::time::Instant::now();
        assert_eq!(outcome(source), expected, "{head}{link}");
        assert!(begin.elapsed().as_secs() < 5, "{head}{link} took {:?}", begin.elapsed());
    }
}

#[test]
fn many_distinct_parts_are_checked_in_linear_time() {
    let n = 100_000;
    let list = |item: fn(usize) -> String| (0..n).map(item).collect::<Vec<_>>().join(", ");
    for source in [
        format!("def f({}): pass", list(|i| format!("a{i}"))),
        format!("f({})", list(|i| format!("a{i}={i}"))),
        format!("match x:\n case [{}]: pass", list(|i| format!("a{i}"))),
        format!("match x:\n case {{{}}}: pass", list(|i| format!("{i}: a{i}"))),
        format!("x = [{}]", list(|i| format!("'{i}'"))),
    ] {
        let begin = std::time::Instant::now();
        assert_eq!(outcome(source), "ok");
        assert!(begin.elapsed().as_secs() < 5);
    }
}

#[test]
fn encodings() {
    for (source, expected) in [
        (&b"x = '\xff'\n"[..], "E0009"),
        (b"# \xc3\x28\n", "E0009"),
        (b"a\n# \xe2\x82", "E0009"),
        (b"a\nx\0y", "E0009"),
        (b"'''\0'''", "E0009"),
        (b"\xef\xbb", "E0009"),
        (b"\xed\xa0\x80", "E0009"),
    ] {
        let events = statements(source);
        assert!(events.error.is_some_and(|error| error.contains(expected)), "{source:?}");
    }
}

#[test]
fn messages_show_no_control_or_bidi_characters() {
    for source in ["\u{202e}x", "x = 1 \u{2066}", "'\\N{\u{202e}}'", "a \u{7}b", "\u{1b}[31m", "x\u{200b}y"] {
        let error = error_of(source.as_bytes(), &options(false));
        assert!(error.message.chars().all(|c| c.is_ascii() && !c.is_control()), "{:?}", error.message);
    }
}

/// Token soup: nothing may panic, and every cut agrees.
#[test]
fn soup() {
    const PARTS: [&str; 60] = [
        "a", "1", "'s'", "f'{x}'", "f'{", "}'", "'''", "(", ")", "[", "]", "{", "}", ",", ":", ";", ".", "=",
        "==", "+", "-", "*", "**", "!", "!=", "if ", "else", "elif ", "for ", " in ", "not ", " is ",
        "lambda ", "yield ", "import ", "from ", " as ", "def ", "return ", "pass", "while ", "try",
        "except", "finally", "with ", "match ", "case ", "class ", "async ", "eval", "__x__", "\n", "\n  ",
        "\r", "\r\n\t", "\\\n", "#c\n", "é", "\u{200b}", "@",
    ];
    let mut state = 12345u64;
    let mut random = |n: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % n
    };
    for _ in 0..3000 {
        let source: String = (0..1 + random(14)).map(|_| PARTS[random(PARTS.len())]).collect();
        statements(source.as_bytes());
    }
}

/// The case suite, where it is at hand: whole, byte by byte and eagerly.
#[test]
fn cases_agree_however_they_are_cut() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/cases");
    let mut folders = vec![std::path::PathBuf::from(std::env::var("STAR_CASES").unwrap_or(root.into()))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "star" || extension == "py") {
                let source = std::fs::read(&path).expect("a readable case");
                statements(&source);
            }
        }
    }
}
