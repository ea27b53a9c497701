//! Text as chunks that stay together when it is wrapped: words, parts of words between hyphens, white space.
//!
//! In: text. Out: its chunks, which together are the text. Rule: one look at each character, and at those beside a dash.

use star::text::unicode::{is_alnum, is_decimal};

/// The white space at which text is wrapped; other spaces of Unicode keep together.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\x0b' | '\x0c' | '\r' | ' ')
}

fn is_word(c: char) -> bool {
    c == '_' || is_alnum(c)
}

fn is_letter(c: char) -> bool {
    is_word(c) && !is_decimal(c)
}

/// What a dash between words may follow.
fn ends_word(c: char) -> bool {
    is_word(c) || matches!(c, '!' | '"' | '\'' | '&' | '.' | ',' | '?')
}

/// Words and the white space between them.
pub(super) fn words(text: &str) -> Vec<Vec<char>> {
    let mut chunks: Vec<Vec<char>> = Vec::new();
    for c in text.chars() {
        match chunks.last_mut() {
            Some(last) if last.last().is_some_and(|&before| is_space(before) == is_space(c)) => last.push(c),
            _ => chunks.push(vec![c]),
        }
    }
    chunks
}

/// The same, with breaks after hyphens within words and around dashes between them.
pub(super) fn words_and_parts(text: &str) -> Vec<Vec<char>> {
    let text: Vec<char> = text.chars().collect();
    let mut chunks = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let end = chunk_end(&text, start);
        chunks.push(text[start..end].to_vec());
        start = end;
    }
    chunks
}

/// Where the chunk that begins at `start` ends.
fn chunk_end(text: &[char], start: usize) -> usize {
    let run = |from: usize, of: fn(char) -> bool| {
        from + text[from..].iter().position(|&c| !of(c)).unwrap_or(text.len() - from)
    };
    if is_space(text[start]) {
        return run(start, is_space);
    }
    if let Some(end) = dash(text, start) {
        return end;
    }
    // Where it can end at the earliest.
    (start + 1..text.len())
        .find_map(|at| match text[at] {
            '-' if hyphenates(text, at) => Some(at + 1),
            c if is_space(c) || dash(text, at).is_some() => Some(at),
            _ => None,
        })
        .unwrap_or(text.len())
}

/// The end of a dash of two or more characters between words, if one begins at `at`.
fn dash(text: &[char], at: usize) -> Option<usize> {
    let before = at.checked_sub(1).map(|before| text[before])?;
    if text[at] != '-' || !ends_word(before) {
        return None;
    }
    let end = at + text[at..].iter().position(|&c| c != '-')?;
    (end - at >= 2 && is_word(text[end])).then_some(end)
}

/// Whether the hyphen at `at` is within a word: after two letters, or a letter, a hyphen and a letter; and before the
/// like.
fn hyphenates(text: &[char], at: usize) -> bool {
    let letter =
        |place: Option<usize>| place.and_then(|place| text.get(place)).is_some_and(|&c| is_letter(c));
    let hyphen = |place: Option<usize>| place.and_then(|place| text.get(place)) == Some(&'-');
    let back = |count: usize| at.checked_sub(count);
    let after_word = letter(back(1)) && (letter(back(2)) || (hyphen(back(2)) && letter(back(3))));
    let next = at + 1;
    let before_word =
        letter(Some(next)) && (letter(Some(next + 1)) || (hyphen(Some(next + 1)) && letter(Some(next + 2))));
    after_word && before_word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(chunks: Vec<Vec<char>>) -> String {
        chunks.into_iter().map(String::from_iter).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn chunks() {
        let text = "Look, goof-ball -- use the -b option!";
        assert_eq!(shown(words_and_parts(text)), "Look,| |goof-|ball| |--| |use| |the| |-b| |option!");
        assert_eq!(shown(words(text)), "Look,| |goof-ball| |--| |use| |the| |-b| |option!");
        assert_eq!(
            shown(words_and_parts("this--like it---or-not a-b-c x-ray")),
            "this|--|like| |it|---|or-|not| |a-b-c| |x-ray"
        );
        assert_eq!(shown(words_and_parts("---")), "---");
        assert_eq!(shown(words_and_parts("")), "");
    }
}
