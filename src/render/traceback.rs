//! Tracebacks in colour.
//!
//! In: a traceback as text. Out: the same with ANSI colours where CPython 3.13 has them. Rule: without its colours it is
//! the text that came in.

const RESET: &str = "\x1b[0m";
const PLACE: &str = "\x1b[35m";
const KIND: &str = "\x1b[1;35m";
const MARK: &str = "\x1b[1;31m";

/// Colours a traceback.
pub(super) fn color(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 256);
    for line in text.split_inclusive('\n') {
        let (body, end) = match line.strip_suffix('\n') {
            Some(body) => (body, "\n"),
            None => (line, ""),
        };
        color_line(&mut out, body);
        out.push_str(end);
    }
    out
}

fn color_line(out: &mut String, line: &str) {
    if let Some(place) = line.strip_prefix("  File ") {
        out.push_str("  File ");
        return color_place(out, place);
    }
    if let Some(marks) = line.strip_prefix("    ")
        && !marks.is_empty()
        && marks.trim_start().bytes().all(|byte| byte == b'^' || byte == b'~')
    {
        return painted(out, MARK, line);
    }
    match exception(line) {
        Some((kind, rest)) => {
            painted(out, KIND, kind);
            out.push_str(rest);
        }
        None => out.push_str(line),
    }
}

/// `"name", line 3, in f`.
fn color_place(out: &mut String, place: &str) {
    let parts = place.rsplit_once(", in ").and_then(|(before, function)| {
        let (file, line) = before.rsplit_once(", line ")?;
        Some((file, line, function))
    });
    let Some((file, line, function)) = parts else { return out.push_str(place) };
    painted(out, PLACE, file);
    out.push_str(", line ");
    painted(out, PLACE, line);
    out.push_str(", in ");
    painted(out, PLACE, function);
}

/// The kind of an exception's last line, and the rest of it: `KeyError` and `: 'a'`.
fn exception(line: &str) -> Option<(&str, &str)> {
    let end = line.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(line.len());
    let (kind, rest) = line.split_at(end);
    let plausible =
        kind.starts_with(|c: char| c.is_uppercase()) && (rest.is_empty() || rest.starts_with(": "));
    plausible.then_some((kind, rest))
}

fn painted(out: &mut String, color: &str, text: &str) {
    out.push_str(color);
    out.push_str(text);
    out.push_str(RESET);
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Traceback (most recent call last):\n  File \"a, in b.star\", line 3, in f\n    x[0]\n    ~^^^\n\
                        IndexError: list index out of range\n";

    #[test]
    fn only_colours_are_added() {
        let colored = color(TEXT);
        let mut plain = colored.clone();
        for code in [RESET, PLACE, KIND, MARK] {
            plain = plain.replace(code, "");
        }
        assert_eq!(plain, TEXT);
        assert!(colored.contains("\x1b[1;35mIndexError\x1b[0m: list"));
        assert!(
            colored.contains("\x1b[35m\"a, in b.star\"\x1b[0m, line \x1b[35m3\x1b[0m, in \x1b[35mf\x1b[0m")
        );
        assert!(colored.contains("\x1b[1;31m    ~^^^\x1b[0m"));
    }
}
