//! Character predicates, as CPython 3.13 answers them.
//!
//! In: one `char`, or a `&str` for the predicates that look at whole strings. Out: `bool` or a digit.
//! Rule: Unicode 15.1, whatever version std has; what std has newer is unassigned here.
//!
//! Mapping case is [`super::case`]. A predicate of a char costs O(1) for ASCII, a binary search
//! otherwise; one of a string costs O(n).

use super::tables::{ALPHA, CASE_IGNORABLE, DIGITS, NUMERIC, TITLE, UNPRINTABLE, ZEROS};

/// `str.isprintable` of one character: not a control, format, private-use or unassigned code
/// point, nor a separator other than the space.
pub fn is_printable(c: char) -> bool {
    match c {
        ' '..='~' => true,
        '\0'..='\x7f' => false,
        _ => !contains(UNPRINTABLE, c),
    }
}

/// `str.isalpha` of one character: general categories Lu, Ll, Lt, Lm, Lo.
pub fn is_alpha(c: char) -> bool {
    c.is_ascii_alphabetic() || !c.is_ascii() && contains(ALPHA, c)
}

/// The value of a decimal digit of any script (`str.isdecimal`), 0 to 9.
pub fn decimal_value(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    let code = u32::from(c);
    let next = ZEROS.partition_point(|&zero| zero <= code);
    let zero = ZEROS.get(next.checked_sub(1)?)?;
    Some(code - zero).filter(|&value| value < 10)
}

/// `str.isdecimal` of one character.
pub fn is_decimal(c: char) -> bool {
    decimal_value(c).is_some()
}

/// `str.isdigit` of one character: decimals, superscripts, circled digits, …
pub fn is_digit(c: char) -> bool {
    is_decimal(c) || !c.is_ascii() && contains(DIGITS, c)
}

/// `str.isnumeric` of one character: digits, fractions, Roman and Han numerals, …
pub fn is_numeric(c: char) -> bool {
    is_digit(c) || !c.is_ascii() && contains(NUMERIC, c)
}

/// `str.isalnum` of one character.
pub fn is_alnum(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    is_alpha(c) || is_numeric(c)
}

/// `str.isspace` of one character, what `split` and `strip` call whitespace: White_Space and the
/// four ASCII separators.
pub fn is_space(c: char) -> bool {
    matches!(c, '\x1c'..='\x1f') || c.is_whitespace()
}

/// Has the property Lowercase. (`ʕ` has lost it in the Unicode version of std.)
pub fn is_lower(c: char) -> bool {
    c.is_lowercase() && is_printable(c) || c == 'ʕ'
}

/// Has the property Uppercase.
pub fn is_upper(c: char) -> bool {
    c.is_uppercase() && is_printable(c)
}

/// Is a titlecase letter, such as `ǅ`.
pub fn is_title(c: char) -> bool {
    !c.is_ascii() && contains(TITLE, c)
}

/// Is lower, upper or title case.
pub fn is_cased(c: char) -> bool {
    is_lower(c) || is_upper(c) || is_title(c)
}

/// Does not end a word when looking whether a capital sigma is final.
pub(super) fn is_case_ignorable(c: char) -> bool {
    contains(CASE_IGNORABLE, c)
}

/// May start an identifier: XID_Start or `_`.
pub fn is_identifier_start(c: char) -> bool {
    c == '_' || unicode_ident::is_xid_start(c) && is_printable(c)
}

/// May continue an identifier: XID_Continue.
pub fn is_identifier_continue(c: char) -> bool {
    unicode_ident::is_xid_continue(c) && (is_printable(c) || matches!(c, '\u{200c}' | '\u{200d}'))
}

/// `s.isidentifier()`. As in CPython the string is taken as it is; the lexer normalises names
/// (NFKC) before it compares them.
pub fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(is_identifier_start) && chars.all(is_identifier_continue)
}

/// `s.islower()`: at least one cased character, and none of upper or title case.
pub fn is_lower_text(text: &str) -> bool {
    text.chars().any(is_lower) && !text.chars().any(|c| is_upper(c) || is_title(c))
}

/// `s.isupper()`: at least one cased character, and none of lower or title case.
pub fn is_upper_text(text: &str) -> bool {
    text.chars().any(is_upper) && !text.chars().any(|c| is_lower(c) || is_title(c))
}

/// `s.istitle()`: upper and title case only after uncased characters, lower case only after cased
/// ones, and at least one cased character.
pub fn is_title_text(text: &str) -> bool {
    let (mut after_cased, mut any_cased) = (false, false);
    for c in text.chars() {
        let starts_word = is_upper(c) || is_title(c);
        let inside_word = !starts_word && is_lower(c);
        if starts_word && after_cased || inside_word && !after_cased {
            return false;
        }
        after_cased = starts_word || inside_word;
        any_cased |= after_cased;
    }
    any_cased
}

/// `s.isalpha()`, `s.isspace()`, …: not empty, and `predicate` holds for every character.
/// (`s.isprintable()` and `s.isascii()` are true of the empty string: use `chars().all`.)
pub fn all_chars(text: &str, predicate: fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(predicate)
}

/// Whether a sorted table of inclusive ranges holds `c`.
fn contains(table: &[(u32, u32)], c: char) -> bool {
    let code = u32::from(c);
    let next = table.partition_point(|&(first, _)| first <= code);
    next > 0 && code <= table[next - 1].1
}

#[cfg(test)]
mod tests {
    use super::*;

    type Property = (&'static str, fn(char) -> bool, u32, u64);

    /// How many code points have the property in CPython 3.13, and the sum of them.
    #[test]
    fn properties_are_those_of_cpython() {
        let properties: [Property; 13] = [
            ("is_printable", is_printable, 149625, 15870251364),
            ("is_alpha", is_alpha, 136726, 14893071681),
            ("is_decimal", is_decimal, 680, 32783620),
            ("is_digit", is_digit, 808, 36528954),
            ("is_numeric", is_numeric, 1922, 107907824),
            ("is_alnum", is_alnum, 138557, 14996615746),
            ("is_space", is_space, 29, 141704),
            ("is_lower", is_lower, 2544, 116308964),
            ("is_upper", is_upper, 1951, 95541008),
            ("is_title", is_title, 31, 220514),
            ("is_cased", is_cased, 4526, 212070486),
            ("is_identifier_start", is_identifier_start, 136945, 14905111260),
            ("is_identifier_continue", is_identifier_continue, 140089, 15251168663),
        ];
        for (name, predicate, count, sum) in properties {
            let found: Vec<char> = ('\0'..=char::MAX).filter(|&c| predicate(c)).collect();
            let found_sum: u64 = found.iter().map(|&c| u64::from(u32::from(c))).sum();
            assert_eq!((found.len() as u32, found_sum), (count, sum), "{name}");
        }
    }

    #[test]
    fn digits_of_other_scripts() {
        let cases = [('7', Some(7)), ('٣', Some(3)), ('𝟡', Some(9)), ('²', None), ('x', None), ('/', None)];
        for (c, value) in cases {
            assert_eq!(decimal_value(c), value, "{c:?}");
        }
    }

    #[test]
    fn case_of_whole_strings() {
        // text, islower, isupper, istitle
        let cases = [
            ("", false, false, false),
            ("1", false, false, false),
            ("a1", true, false, false),
            ("A1", false, true, true),
            ("Ab Cd", false, false, true),
            ("Ab cd", false, false, false),
            ("AB", false, true, false),
            ("ǅ", false, false, true),
            ("ǅa", false, false, true),
            ("aǅ", false, false, false),
            ("ªA", false, false, false),
            ("They'Re", false, false, true),
        ];
        for (text, lower, upper, title) in cases {
            let found = (is_lower_text(text), is_upper_text(text), is_title_text(text));
            assert_eq!(found, (lower, upper, title), "{text:?}");
        }
    }

    #[test]
    fn identifiers() {
        for text in ["a", "_", "_1", "été", "名前", "ª", "a·", "a\u{200d}"] {
            assert!(is_identifier(text), "{text:?}");
        }
        for text in ["", "1a", "a-b", "a b", "·a", "€"] {
            assert!(!is_identifier(text), "{text:?}");
        }
    }
}
