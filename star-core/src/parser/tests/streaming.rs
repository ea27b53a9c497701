//! Which pieces come when.

use super::*;

#[test]
fn whole_units() {
    check_pieces(
        "a; b # c\n\n# d\n  \nif x:\n  y\n# e\n\n  z\n# f\nelse: w\n\nv",
        false,
        &["a; b # c", "if x:\n  y\n# e\n\n  z\n# f\nelse: w", "v"],
    );
    check_pieces("@d\n# c\n@e\ndef f():\n  a\n\nb\n", false, &["@d\n# c\n@e\ndef f():\n  a", "b"]);
}

#[test]
fn eager_lines() {
    check_pieces(
        "for a in b:\n  c\n  if d: e\n  @g\n  def f():\n    h\n  i\nelse:\n  j\nk\n",
        true,
        &[
            "for a in b:",
            "  c",
            "  if d: e",
            "  if d: e",
            "  @g\n  def f():\n    h",
            "  i",
            "else:",
            "  j",
            "  j",
            "k",
        ],
    );
}

#[test]
fn eager_function_and_ends_are_two_pieces() {
    let events = read(&options(true), &[b"if a:\n  if b:\n    def f():\n      pass\nc\n"], true);
    let heads: Vec<&str> = events.pieces.iter().map(|piece| piece.split('"').next().unwrap_or("")).collect();
    assert_eq!(
        heads,
        [
            "unit 1:1+0 base 1:1+0 opens ",
            "unit 1:1+0 base 2:1+6 ",
            "unit 1:1+0 base 3:1+14 ",
            "unit 1:1+0 base 3:1+14 closes ",
            "unit 5:1+38 base 5:1+38 opens closes ",
        ]
    );
}

#[test]
fn what_is_complete_comes_before_the_error() {
    let events = read(&options(true), &[b"try:\n  def f():\n    pass\nx\n"], true);
    assert_eq!((events.pieces.len(), events.error.is_some()), (2, true));
    statements(b"try:\n  def f():\n    pass\nx\n");
}

/// After `source` without end of input, this many pieces are out.
#[track_caller]
fn check_count(source: &str, eager: bool, expected: usize) {
    let events = read(&options(eager), &[source.as_bytes()], false);
    assert_eq!((events.pieces.len(), events.error), (expected, None), "{source:?}");
}

#[test]
fn completeness() {
    for (source, whole, eager) in [
        ("a", 0, 0),
        ("a\n", 1, 1),
        ("a\r", 1, 1),
        ("a; b\n", 1, 1),
        ("(a\n", 0, 0),
        ("a \\\n", 0, 0),
        ("'''a\n", 0, 0),
        ("if a:\n  b\n", 0, 2),
        ("if a:\n  b\n\n# c\n", 0, 2),
        ("if a:\n  b\ne", 0, 2),
        ("if a:\n  b\nel", 0, 2),
        ("if a:\n  b\nelse", 0, 2),
        ("if a:\n  b\nels ", 1, 3),
        ("if a:\n  b\n(", 1, 3),
        ("if a: b\n", 0, 1),
        ("if a: b\nelse: c\n", 1, 2),
        ("for a in b: c\n", 0, 1),
        ("for a in b: c\nelse: d\n", 1, 2),
        ("try: a\nfinally: b\n", 1, 2),
        ("try: a\nexcept: b\n", 0, 2),
        ("try: a\nexcept: b\nelse: c\n", 0, 3),
        ("with a: b\n", 1, 1),
        ("def f(): a\n", 1, 1),
        ("def f():\n  a\n", 0, 0),
        ("@a\n", 0, 0),
        ("match a:\n  case b: c\n", 0, 2),
        ("if a:\n  b\nelse:\n  c\nelse", 0, 4),
        ("if a:\n  b\nelse:\n  c\nelse ", 1, 5),
    ] {
        check_count(source, false, whole);
        check_count(source, true, eager);
    }
}

#[test]
fn positions_count_code_points_over_the_stream() {
    let source = "\u{feff}é = 1\r\n\rif x:\r  y\r\n\u{1F600}";
    let error = error_of(source.as_bytes(), &options(false));
    let start = error.location.start;
    assert_eq!((start.line, start.column, start.offset), (5, 1, 23));
    check_error("é = 'ü' $", "E0006 Syntax 1:9-10 unexpected character '$'");
}

#[test]
fn resuming_goes_on_at_the_unit_that_failed() {
    let mut parser = Parser::new(options(false));
    let mut interner = Interner::default();
    parser.push(b"a = 1\nif a:\n  b = = 2\nc\n");
    assert!(matches!(parser.next(&mut interner), Parsed::Piece(_)));
    assert!(matches!(parser.next(&mut interner), Parsed::Error(_)));
    parser.push(b"ignored\n");
    assert!(matches!(parser.next(&mut interner), Parsed::Error(_)));
    let position = parser.position();
    assert_eq!((position.line, position.offset), (2, 6));
    parser.resume_from(position);
    parser.push(b"if a:\n  b = 2\nc = $");
    let Parsed::Piece(piece) = parser.next(&mut interner) else { panic!("a piece") };
    assert_eq!((piece.start, piece.ast.source.base), (position, position));
    let Parsed::Error(error) = parser.next(&mut interner) else { panic!("an error") };
    assert_eq!((error.location.start.line, error.location.start.offset), (4, 24));
}

#[test]
fn resuming_between_carriage_return_and_line_feed() {
    let mut parser = Parser::new(options(false));
    let mut interner = Interner::default();
    parser.push(b"a\r");
    assert!(matches!(parser.next(&mut interner), Parsed::Piece(_)));
    assert!(matches!(parser.next(&mut interner), Parsed::NeedMore));
    let position = parser.position();
    parser.resume_from(position);
    parser.push(b"\nb\n");
    let Parsed::Piece(piece) = parser.next(&mut interner) else { panic!("a piece") };
    assert_eq!((piece.start.line, piece.start.offset), (2, 3));
}

#[test]
fn an_endless_stream_is_read_in_bounded_memory() {
    for eager in [false, true] {
        let mut parser = Parser::new(options(eager));
        let mut interner = Interner::default();
        let start = if eager { "while True:\n" } else { "" };
        parser.push(start.as_bytes());
        let line = "    total = total + [1, 'a', f'{x}'] # some text\n";
        let line = if eager { line } else { line.trim_start() };
        for _ in 0..20_000 {
            parser.push(line.as_bytes());
            parser.push(b"# a comment\n");
            while let Parsed::Piece(piece) = parser.next(&mut interner) {
                parser.recycle(piece.ast);
            }
            assert!(parser.retained_bytes() < 100_000, "{}", parser.retained_bytes());
        }
    }
}

#[test]
fn the_budget_bounds_one_statement() {
    let mut big = "x = [".to_string() + &"1, ".repeat(100_000);
    for source in [
        big.as_str(),
        &("'''".to_string() + &"a".repeat(300_000)),
        &("if x:\n".to_string() + &"  y = [1, 2]\n".repeat(20_000)),
        &("# ".to_string() + &"c".repeat(300_000)),
    ] {
        for chunk in [source.len(), 100] {
            let mut parser = Parser::new(options(false));
            let mut interner = Interner::default();
            parser.set_budget(200_000);
            let mut most = 0;
            let stopped = source.as_bytes().chunks(chunk).any(|chunk| {
                parser.push(chunk);
                let stopped = matches!(parser.next(&mut interner), Parsed::TooLarge(_));
                most = most.max(parser.retained_bytes());
                stopped
            });
            assert!(stopped);
            assert!(most < 1_000_000 + source.len() * 2, "{most}");
        }
    }
    big.clear();
}

#[test]
fn blocked_words() {
    let blocked = Blocked::new(["while", "lambda", "import", "print", "match"]);
    let options = ParserOptions { blocked, ..options(false) };
    for (source, pieces, at) in [
        ("a\nwhile ", 1, "2:1"),
        ("x = lambda ", 0, "1:5"),
        ("import ", 0, "1:1"),
        ("print ", 0, "1:1"),
        ("f(print)", 0, "1:3"),
        ("f(print ,", 0, "1:3"),
        ("match x:\n", 0, "1:1"),
    ] {
        let mut parser = Parser::new(options.clone());
        let mut interner = Interner::default();
        parser.push(source.as_bytes());
        for _ in 0..pieces {
            assert!(matches!(parser.next(&mut interner), Parsed::Piece(_)));
        }
        let Parsed::Error(error) = parser.next(&mut interner) else { panic!("{source}") };
        let start = error.location.start;
        assert_eq!((error.code, format!("{}:{}", start.line, start.column)), ("E0020", at.to_string()));
        read_all_ways(&options, source.as_bytes());
    }
    read_all_ways(&options, b"a.print(f(print=1), b.while_)\n");
}

#[test]
fn refused_as_the_token_is_read() {
    for source in [
        "x = eval ",
        "f(eval)",
        "f(a, eval, ",
        "async ",
        "x.__class__ ",
        "class A:\n",
        "f(1\nreturn ",
        "[1\nx ",
    ] {
        let events = read(&options(false), &[source.as_bytes()], false);
        assert!(events.error.is_some(), "{source}");
    }
    for source in ["f(eval", "f(eval ", "f(eval=", "x.eval ", "class A(B", "f(a\n"] {
        let events = read(&options(false), &[source.as_bytes()], false);
        assert_eq!(events.error, None, "{source}");
    }
}
