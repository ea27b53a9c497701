//! What `bytes` have of their own: ASCII predicates and case, `hex`, `fromhex`, `translate`.
//!
//! In: a `&[u8]`. Out: the answer, at most three times as long.
//! Rule: only ASCII has case and classes; other bytes pass through.
//!
//! What `bytes` share with `str` is in [`super::search`], [`super::split`], [`super::strip`] and
//! [`super::pad`]. Each function costs O(n).

use super::error::TextError;
use super::str_or_bytes::{StrOrBytes, is_space_byte};

/// `data.isalpha()`, `isdigit`, …: not empty, and `predicate` holds for every byte, as
/// `u8::is_ascii_alphabetic`.
pub fn all_bytes(data: &[u8], predicate: fn(&u8) -> bool) -> bool {
    !data.is_empty() && data.iter().all(predicate)
}

/// `data.isspace()`.
pub fn is_space(data: &[u8]) -> bool {
    all_bytes(data, |&byte| is_space_byte(byte))
}

/// `data.islower()`: a lower-case letter, and no upper-case one.
pub fn is_lower(data: &[u8]) -> bool {
    data.iter().any(u8::is_ascii_lowercase) && !data.iter().any(u8::is_ascii_uppercase)
}

/// `data.isupper()`: an upper-case letter, and no lower-case one.
pub fn is_upper(data: &[u8]) -> bool {
    data.iter().any(u8::is_ascii_uppercase) && !data.iter().any(u8::is_ascii_lowercase)
}

/// `data.istitle()`: a letter, upper-case ones only at the start of words, lower-case ones only
/// inside.
pub fn is_title(data: &[u8]) -> bool {
    let (mut after_letter, mut any_letter) = (false, false);
    for byte in data {
        let letter = byte.is_ascii_alphabetic();
        if letter && byte.is_ascii_uppercase() == after_letter {
            return false;
        }
        after_letter = letter;
        any_letter |= letter;
    }
    any_letter
}

/// `data.title()`.
pub fn title(data: &[u8]) -> Vec<u8> {
    let mut after_letter = false;
    let map = |&byte: &u8| {
        let inside = std::mem::replace(&mut after_letter, byte.is_ascii_alphabetic());
        if inside { byte.to_ascii_lowercase() } else { byte.to_ascii_uppercase() }
    };
    data.iter().map(map).collect()
}

/// `data.capitalize()`.
pub fn capitalize(data: &[u8]) -> Vec<u8> {
    let mut out = data.to_ascii_lowercase();
    if let Some(first) = out.first_mut() {
        first.make_ascii_uppercase();
    }
    out
}

/// `data.swapcase()`.
pub fn swapcase(data: &[u8]) -> Vec<u8> {
    let swap = |byte: &u8| match byte.is_ascii_uppercase() {
        true => byte.to_ascii_lowercase(),
        false => byte.to_ascii_uppercase(),
    };
    data.iter().map(swap).collect()
}

/// `data.translate(table, delete)`. ValueError unless the table has 256 bytes.
pub fn translate(data: &[u8], table: Option<&[u8]>, delete: &[u8]) -> Result<Vec<u8>, TextError> {
    if table.is_some_and(|table| table.len() != 256) {
        return Err(TextError::value("translation table must be 256 characters long"));
    }
    let mut deleted = [false; 256];
    for &byte in delete {
        deleted[usize::from(byte)] = true;
    }
    let kept = data.iter().filter(|&&byte| !deleted[usize::from(byte)]);
    Ok(kept.map(|&byte| table.map_or(byte, |table| table[usize::from(byte)])).collect())
}

/// `bytes.maketrans(from, to)`: a table for [`translate`]. ValueError unless they are equally long.
pub fn make_table(from: &[u8], to: &[u8]) -> Result<Vec<u8>, TextError> {
    if from.len() != to.len() {
        return Err(TextError::value("maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    for (&from, &to) in from.iter().zip(to) {
        table[usize::from(from)] = to;
    }
    Ok(table)
}

/// The separator of [`hex`], given as `str` or `bytes`. ValueError unless it is one ASCII unit.
pub fn hex_separator<T: StrOrBytes + ?Sized>(separator: &T) -> Result<u8, TextError> {
    match separator.as_bytes() {
        &[byte] if byte.is_ascii() => Ok(byte),
        _ if separator.units() != 1 => Err(TextError::value("sep must be length 1.")),
        _ => Err(TextError::value("sep must be ASCII.")),
    }
}

/// `data.hex(separator, group)`: a separator between groups of `group` bytes, counted from the
/// end, or from the start if it is negative.
pub fn hex(data: &[u8], separator: Option<u8>, group: i64) -> String {
    let size = usize::try_from(group.unsigned_abs()).unwrap_or(usize::MAX);
    let separator = separator.filter(|_| size > 0);
    let mut out = String::with_capacity(data.len() * if separator.is_some() { 3 } else { 2 });
    for (i, &byte) in data.iter().enumerate() {
        let position = if group > 0 { data.len() - i } else { i };
        if let Some(separator) = separator
            && i > 0
            && position.is_multiple_of(size)
        {
            out.push(char::from(separator));
        }
        let digits = [byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16));
        out.extend(digits.into_iter().flatten());
    }
    out
}

/// `bytes.fromhex(text)`: pairs of hex digits, ASCII whitespace between pairs. ValueError with the
/// position of what is wrong.
pub fn from_hex(text: &str) -> Result<Vec<u8>, TextError> {
    let invalid = |position: usize| {
        Err(TextError::value(format!("non-hexadecimal number found in fromhex() arg at position {position}")))
    };
    if let Some(position) = text.bytes().position(|byte| !byte.is_ascii()) {
        return invalid(position);
    }
    let digit = |at: usize| {
        let byte = text.as_bytes().get(at).copied()?;
        char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
    };
    let mut out = Vec::with_capacity(text.len() / 2);
    let mut at = 0;
    while let Some(&byte) = text.as_bytes().get(at) {
        if is_space_byte(byte) {
            at += 1;
            continue;
        }
        match (digit(at), digit(at + 1)) {
            (Some(high), Some(low)) => out.push(high << 4 | low),
            (Some(_), None) => return invalid(at + 1),
            (None, _) => return invalid(at),
        }
        at += 2;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predicates_and_case() {
        // data, islower, isupper, istitle
        let cases: [(&[u8], [bool; 3]); 7] = [
            (b"", [false, false, false]),
            (b"a1", [true, false, false]),
            (b"A1", [false, true, true]),
            (b"Ab Cd", [false, false, true]),
            (b"A b", [false, false, false]),
            (b"aB", [false, false, false]),
            (b"\xe91", [false, false, false]),
        ];
        for (data, expected) in cases {
            assert_eq!([is_lower(data), is_upper(data), is_title(data)], expected, "{data:?}");
        }
        assert!(is_space(b" \x0b\n") && !is_space(b"\x1c") && !is_space(b""));
        assert!(all_bytes(b"a1", u8::is_ascii_alphanumeric));
        assert_eq!(title(b"they're \xe9a"), b"They'Re \xe9A");
        assert_eq!(capitalize(b"aB"), b"Ab");
        assert_eq!(swapcase(b"aB1\xe9"), b"Ab1\xe9");
    }

    #[test]
    fn translates() {
        let table = make_table(b"ab", b"xy").expect("equally long");
        assert_eq!(translate(b"abc", Some(&table), b"c").as_deref(), Ok(&b"xy"[..]));
        assert_eq!(translate(b"abc", None, b"b").as_deref(), Ok(&b"ac"[..]));
        let message = "translation table must be 256 characters long";
        assert_eq!(translate(b"", Some(b"x"), b""), Err(TextError::value(message)));
        let message = "maketrans arguments must have same length";
        assert_eq!(make_table(b"ab", b"x"), Err(TextError::value(message)));
    }

    #[test]
    fn writes_hex() {
        let cases = [
            (None, 1, "6162636465"),
            (Some(b'-'), 1, "61-62-63-64-65"),
            (Some(b'-'), 2, "61-6263-6465"),
            (Some(b'-'), -2, "6162-6364-65"),
            (Some(b'-'), 0, "6162636465"),
            (Some(b'-'), 100, "6162636465"),
            (Some(b'-'), i64::MIN, "6162636465"),
        ];
        for (separator, group, text) in cases {
            assert_eq!(hex(b"abcde", separator, group), text);
        }
        assert_eq!(hex_separator(":"), Ok(b':'));
        assert_eq!(hex_separator("--"), Err(TextError::value("sep must be length 1.")));
        assert_eq!(hex_separator("é"), Err(TextError::value("sep must be ASCII.")));
        assert_eq!(hex_separator(&b"\xff"[..]), Err(TextError::value("sep must be ASCII.")));
    }

    #[test]
    fn reads_hex() {
        assert_eq!(from_hex(" 00\n0aFf\x0b").as_deref(), Ok(&b"\x00\x0a\xff"[..]));
        assert_eq!(from_hex(""), Ok(Vec::new()));
        for (text, position) in
            [("0", 1), ("0x", 1), ("zz", 0), ("00 1", 4), ("0 0", 1), ("zz€", 2), ("00\x1c", 2)]
        {
            let message = format!("non-hexadecimal number found in fromhex() arg at position {position}");
            assert_eq!(from_hex(text), Err(TextError::value(message)), "{text:?}");
        }
    }
}
