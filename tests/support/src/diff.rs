//! Differences between texts, for people.
//!
//! In: two texts. Out: the lines in which they differ, with what surrounds them. Rule: short enough for a terminal.

use std::fmt::Write;

/// Lines shown of each side.
const SHOWN: usize = 14;

/// Bytes shown of each line.
const WIDTH: usize = 300;

/// The part of two texts in which they differ; `None` if they are equal.
pub fn difference(expected: &str, actual: &str) -> Option<String> {
    if expected == actual {
        return None;
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.split('\n').collect(), actual.split('\n').collect());
    let common = |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| pairs.take_while(|(a, b)| a == b).count();
    let head = common(&mut old.iter().zip(&new));
    let room = old.len().min(new.len()) - head;
    let tail = common(&mut old.iter().rev().zip(new.iter().rev())).min(room);
    let mut out = String::new();
    for line in &old[head.saturating_sub(2)..head] {
        write_line(&mut out, ' ', line);
    }
    for (sign, lines) in [('-', &old[head..old.len() - tail]), ('+', &new[head..new.len() - tail])] {
        lines.iter().take(SHOWN).for_each(|line| write_line(&mut out, sign, line));
        if lines.len() > SHOWN {
            writeln!(out, "{sign} … {} more lines", lines.len() - SHOWN).expect("a string");
        }
    }
    Some(out)
}

fn write_line(out: &mut String, sign: char, line: &str) {
    let end = (0..=line.len().min(WIDTH)).rev().find(|&at| line.is_char_boundary(at)).unwrap_or(0);
    let more = if end < line.len() { "…" } else { "" };
    writeln!(out, "{sign} {}{more}", &line[..end]).expect("a string");
}

#[test]
fn shows_the_lines_that_differ() {
    let shown = difference("a\nb\nc\nd\ne", "a\nb\nx\ny\ne").expect("they differ");
    assert_eq!(shown, "  a\n  b\n- c\n- d\n+ x\n+ y\n");
    assert_eq!(difference("a\n", "a\n"), None);
    assert_eq!(difference("a\na\n", "a\n").expect("they differ"), "  a\n- a\n  \n".replace("  \n", ""));
}
