//! Names of functions: between `snake_case` and `PascalCase` with Go's initialisms; similar names.
//!
//! In: names as they are written in Rust. Out: names as scripts see them. Rule: the spelling follows from the name
//! alone.

/// Words that Go writes in capitals.
const INITIALISMS: &[&str] = &[
    "API", "ASCII", "CPU", "CSS", "DNS", "EOF", "GUID", "HTML", "HTTP", "HTTPS", "ID", "IP", "JSON", "QPS",
    "RAM", "RPC", "SLA", "SMTP", "SQL", "SSH", "TCP", "TLS", "TTL", "UDP", "UI", "UID", "UUID", "URI", "URL",
    "UTF8", "VM", "XML", "XMPP", "XSRF", "XSS",
];

/// `ReadAll` of `read_all`, `ParseURL` of `parse_url`.
pub fn pascal(snake: &str) -> String {
    snake.split('_').map(word).collect()
}

fn word(word: &str) -> String {
    let upper = word.to_uppercase();
    if INITIALISMS.contains(&&*upper) {
        return upper;
    }
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// `read_all` of `ReadAll`: the names of variants as texts.
pub fn snake(pascal: &str) -> String {
    let chars: Vec<char> = pascal.chars().collect();
    let mut text = String::new();
    for (i, &c) in chars.iter().enumerate() {
        let starts_word = c.is_uppercase()
            && i > 0
            && (!chars[i - 1].is_uppercase() || chars.get(i + 1).is_some_and(|next| next.is_lowercase()));
        if starts_word && !text.ends_with('_') {
            text.push('_');
        }
        text.extend(c.to_lowercase());
    }
    text
}

/// The one of `known` that differs from `name` by one or two letters.
pub fn similar<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = known.iter().map(|known| (distance(name, known), *known)).min()?;
    (near.0 <= 2 && near.0 < name.len()).then_some(near.1)
}

/// Letters to insert, delete or replace between two names.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, c) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &d) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(c != d);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// `` `a`, `b` and `c` ``.
pub fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match &quoted[..] {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{pascal, similar, snake};

    #[test]
    fn words_map_with_initialisms() {
        let pairs = [
            ("read_all", "ReadAll"),
            ("parse_url", "ParseURL"),
            ("url", "URL"),
            ("http_get", "HTTPGet"),
            ("utf8", "UTF8"),
            ("x", "X"),
            ("sha256_sum", "Sha256Sum"),
        ];
        for (name, go) in pairs {
            assert_eq!(pascal(name), go);
        }
    }

    #[test]
    fn variants_become_words() {
        let pairs = [("ReadAll", "read_all"), ("ParseURL", "parse_url"), ("HTTPGet", "http_get"), ("A", "a")];
        for (name, words) in pairs {
            assert_eq!(snake(name), words);
        }
    }

    #[test]
    fn similar_names_are_found() {
        assert_eq!(similar("efect", &["name", "effect"]), Some("effect"));
        assert_eq!(similar("colour", &["name", "effect"]), None);
    }
}
