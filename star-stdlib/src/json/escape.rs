//! Texts between quotes.
//!
//! In: a text. Out: the same as a JSON string. Rule: what needs no escape is copied in pieces as long as possible.

/// The most bytes that a text of so many bytes may take, quotes included.
pub(super) fn bound(length: usize) -> usize {
    // A control character of one byte becomes six.
    length.saturating_mul(6).saturating_add(2)
}

/// The bytes that `text` takes as a JSON string.
pub(super) fn length(text: &str, ascii: bool) -> usize {
    let escaped = text.bytes().map(|byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 2,
        // What is outside ASCII becomes one escape, or two where UTF-8 takes four bytes.
        0x80..0xC0 if ascii => 0,
        0xF0.. if ascii => 12,
        _ if is_special(byte, ascii) => 6,
        _ => 1,
    });
    2 + escaped.sum::<usize>()
}

/// Appends `text` as a JSON string; with `ascii` everything beyond ASCII is escaped.
#[inline]
pub(super) fn write(out: &mut String, text: &str, ascii: bool) {
    out.push('"');
    let clean = clean(text.as_bytes(), ascii);
    if clean == text.len() {
        out.push_str(text);
    } else {
        write_escaped(out, text, clean, ascii);
    }
    out.push('"');
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// How many bytes come before the first that has to be escaped.
#[inline]
fn clean(bytes: &[u8], ascii: bool) -> usize {
    let beyond = if ascii { HIGH } else { 0 };
    let mut at = 0;
    while let Some(chunk) = bytes[at..].first_chunk::<8>() {
        // The high bit of each byte that is wanted; above the lowest of them there may be others.
        let word = u64::from_le_bytes(*chunk);
        let controls = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let (quote, backslash) = (word ^ (ONES * b'"' as u64), word ^ (ONES * b'\\' as u64));
        let quotes = quote.wrapping_sub(ONES) & !quote & HIGH;
        let backslashes = backslash.wrapping_sub(ONES) & !backslash & HIGH;
        // DEL is escaped too where only ASCII may remain.
        let others = (word | word.wrapping_add(ONES)) & beyond;
        let special = controls | quotes | backslashes | others;
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let tail = &bytes[at..];
    at + tail.iter().position(|&byte| is_special(byte, ascii)).unwrap_or(tail.len())
}

#[inline]
fn is_special(byte: u8, ascii: bool) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\' || (ascii && byte >= 0x7F)
}

#[inline(never)]
fn write_escaped(out: &mut String, text: &str, clean_until: usize, ascii: bool) {
    let bytes = text.as_bytes();
    let mut at = clean_until;
    out.push_str(&text[..at]);
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        if byte >= 0x7F && ascii {
            at = write_units(out, text, at);
        } else if is_special(byte, ascii) {
            write_ascii(out, byte);
            at += 1;
        } else {
            at += clean(&bytes[at..], ascii);
            out.push_str(&text[start..at]);
        }
    }
}

/// A character of ASCII that has to be escaped.
fn write_ascii(out: &mut String, byte: u8) {
    out.push_str(match byte {
        b'"' => "\\\"",
        b'\\' => "\\\\",
        b'\n' => "\\n",
        b'\r' => "\\r",
        b'\t' => "\\t",
        8 => "\\b",
        12 => "\\f",
        _ => {
            out.push_str("\\u00");
            out.push(DIGITS[byte as usize >> 4] as char);
            out.push(DIGITS[byte as usize & 15] as char);
            return;
        }
    });
}

static DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Escapes what is beyond the printable characters of ASCII from byte `start` on, some characters at a time; where the
/// rest begins.
fn write_units(out: &mut String, text: &str, start: usize) -> usize {
    let mut escapes = [[b'\\', b'u', b'0', b'0', b'0', b'0']; 16];
    let (mut count, mut at) = (0, start);
    for c in text[start..].chars() {
        if (c as u32) < 0x7F || count + 2 > escapes.len() {
            break;
        }
        for &unit in &*c.encode_utf16(&mut [0; 2]) {
            let digit = |shift: u16| DIGITS[(unit >> shift & 15) as usize];
            escapes[count] = [b'\\', b'u', digit(12), digit(8), digit(4), digit(0)];
            count += 1;
        }
        at += c.len_utf8();
    }
    out.push_str(std::str::from_utf8(escapes[..count].as_flattened()).unwrap_or_default());
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, ascii: bool, expected: &str) {
        let mut out = String::new();
        write(&mut out, text, ascii);
        assert_eq!(out, expected);
        assert!(out.len() <= bound(text.len()));
        assert_eq!(out.len(), length(text, ascii));
    }

    #[test]
    fn escapes() {
        check("", true, r#""""#);
        check("plain text of some length", true, r#""plain text of some length""#);
        check("a\"b\\c/d\n\r\t\x08\x0c\x00\x1f\x7f", true, r#""a\"b\\c/d\n\r\t\b\f\u0000\u001f\u007f""#);
        check("a\"b\\c/d\n\x7f", false, "\"a\\\"b\\\\c/d\\n\x7f\"");
        check("é😀 and a long plain tail", true, r#""\u00e9\ud83d\ude00 and a long plain tail""#);
        check("é😀 and a \"long\" tail", false, r#""é😀 and a \"long\" tail""#);
    }

    /// Each byte at each place of a word is found.
    #[test]
    fn every_place() {
        for at in 0..20 {
            for byte in 0..=0x7Fu8 {
                let mut bytes = [b'x'; 20];
                bytes[at] = byte;
                for ascii in [false, true] {
                    let expected = if is_special(byte, ascii) { at } else { 20 };
                    assert_eq!(clean(&bytes, ascii), expected, "{byte:#x} at {at}");
                }
            }
        }
    }
}
