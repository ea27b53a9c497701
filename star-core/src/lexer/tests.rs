//! Tokens, however the source is cut.

use super::{Blocked, Change, Lexer, Scan};
use crate::intern::Interner;

/// The tokens of the source that `chunks` make, as `Kind "text"`.
fn read(chunks: &[&[u8]]) -> String {
    let mut lexer = Lexer::new(200, Blocked::default());
    let mut interner = Interner::default();
    let mut tokens = Vec::new();
    let mut out = String::new();
    for (i, chunk) in chunks.iter().enumerate() {
        lexer.push(chunk);
        if i + 1 == chunks.len() {
            lexer.finish();
        }
        loop {
            match lexer.scan(&mut tokens, &mut interner) {
                Scan::LineStart(Change::Same) | Scan::Restricted => {}
                Scan::LineStart(change) => out += &format!("{change:?} "),
                Scan::LineEnd => {
                    for token in tokens.drain(..) {
                        let (start, end) = (token.span.start as usize, token.span.end as usize);
                        out += &format!("{:?} {:?}, ", token.kind, &lexer.text()[start..end]);
                    }
                    lexer.start_piece(&mut tokens);
                }
                Scan::NeedMore => break,
                Scan::Problem(problem) => return out + problem.kind + " " + problem.code,
                Scan::End | Scan::Full => return out,
            }
        }
    }
    out
}

#[track_caller]
fn check_tokens(source: &str, expected: &str) {
    let bytes = source.as_bytes();
    let whole = read(&[bytes]);
    assert_eq!(whole.trim_end_matches(", ").replace(" Newline \"\"", " NL"), expected, "{source:?}");
    assert_eq!(read(&bytes.chunks(1).chain([&[][..]]).collect::<Vec<_>>()), whole, "{source:?} byte by byte");
    for cut in 0..bytes.len() {
        assert_eq!(read(&[&bytes[..cut], &bytes[cut..]]), whole, "{source:?} cut at {cut}");
    }
}

#[test]
fn operators() {
    check_tokens(
        "a**=b//c->d:=...<<=!=\n",
        r#"Name "a", DoubleStarAssign "**=", Name "b", DoubleSlash "//", Name "c", Arrow "->", Name "d", Walrus ":=", Ellipsis "...", ShlAssign "<<=", Ne "!=", NL"#,
    );
    check_tokens("a.. b", r#"Name "a", Dot ".", Dot ".", Name "b", NL"#);
}

#[test]
fn words() {
    check_tokens(
        "if iff match é1 fb rb",
        r#"If "if", Name "iff", Match "match", Name "é1", Name "fb", Name "rb", NL"#,
    );
    check_tokens("a_name_of_more_than_16_bytes x", r#"Name "a_name_of_more_than_16_bytes", Name "x", NL"#);
    check_tokens("eval", r#"Restricted "eval", NL"#);
    check_tokens("x “", "SyntaxError E0006");
}

#[test]
fn numbers() {
    check_tokens(
        "0x1if 1_0.e+1_0else 0_0",
        r#"Int "0x1", If "if", Float "1_0.e+1_0", Else "else", Int "0_0", NL"#,
    );
    check_tokens("1else 2", r#"Int "1", Else "else", Int "2", NL"#);
    check_tokens(".5.real 1..x", r#"Float ".5", Dot ".", Name "real", Float "1.", Dot ".", Name "x", NL"#);
    for bad in
        ["1_", "1__0", "0x", "0b2", "0o8", "01", "1a", "0_x", "0xg", "1.0_", "1e5_", "0b_", "1e 1", "0or 1"]
    {
        check_tokens(bad, "SyntaxError E0007");
    }
}

#[test]
fn strings() {
    check_tokens(
        "rb'a\\'b' '' \"\"\"c\n\"\"d\"\"\"",
        r#"Str "rb'a\\'b'", Str "''", Str "\"\"\"c\n\"\"d\"\"\"", NL"#,
    );
    check_tokens(
        "f'a{x!r:{w}}}}'",
        r#"FStringStart "f'", FStringMiddle "a", FieldOpen "{", Name "x", Bang "!", Name "r", FieldColon ":", FieldOpen "{", Name "w", FieldClose "}", FieldClose "}", FStringMiddle "}}", FStringEnd "'", NL"#,
    );
    check_tokens("'a\n'", "SyntaxError E0005");
    check_tokens("'''a", "SyntaxError E0005");
}

#[test]
fn lines() {
    check_tokens("a\r\n  b\r c", r#"Name "a", NL, In Name "b", NL, IndentationError E0012"#);
    check_tokens(
        "a\n\tb\n\n\t# c\n\td\ne",
        r#"Name "a", NL, In Name "b", NL, Name "d", NL, Out(1) Name "e", NL"#,
    );
    check_tokens("a\n\tb\n        c", r#"Name "a", NL, In Name "b", NL, TabError E0013"#);
    check_tokens("(a\n # b\n  c)", "SyntaxError E0003");
    check_tokens(
        "(a,\n # b\n  c) \\\r\n d",
        r#"LParen "(", Name "a", Comma ",", Name "c", RParen ")", Name "d", NL"#,
    );
    check_tokens("a \\ b", "SyntaxError E0027");
}
