//! Encoding text and decoding bytes: `str.encode`, `bytes.decode`.
//!
//! In: a text or bytes, an [`Encoding`], the name of an error handler. Out: the other.
//! Rule: a handler's name is looked at only where something cannot be coded, as in CPython.
//!
//! Strings hold no lone surrogates, so `surrogateescape` and `surrogatepass` behave as `strict`.
//! Each function costs O(n); results take at most four times the input, and four bytes.

use std::ops::Range;

use super::error::{ErrorKind, TextError};

/// The encodings a script can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `utf-8`
    Utf8,
    /// `utf-8-sig`: with a byte order mark.
    Utf8Sig,
    /// `ascii`
    Ascii,
    /// `latin-1`
    Latin1,
    /// `utf-16`: little-endian with a byte order mark; decodes either.
    Utf16,
    /// `utf-16-le`
    Utf16Le,
    /// `utf-16-be`
    Utf16Be,
    /// `utf-32`: little-endian with a byte order mark; decodes either.
    Utf32,
    /// `utf-32-le`
    Utf32Le,
    /// `utf-32-be`
    Utf32Be,
}

impl Encoding {
    /// The encoding of that name, with CPython's aliases, whatever the case and punctuation.
    /// LookupError if unknown.
    pub fn named(name: &str) -> Result<Encoding, TextError> {
        if name.contains('\0') {
            return Err(TextError::value("embedded null character"));
        }
        Ok(match normal_name(name).as_str() {
            "utf_8" | "utf8" | "u8" | "utf" | "utf8_ucs2" | "utf8_ucs4" | "cp65001" => Encoding::Utf8,
            "utf_8_sig" => Encoding::Utf8Sig,
            "ascii" | "us_ascii" | "us" | "646" | "cp367" | "csascii" | "ibm367" | "iso_ir_6"
            | "iso646_us" | "iso_646_irv_1991" | "ansi_x3_4_1968" | "ansi_x3_4_1986" => Encoding::Ascii,
            "latin_1" | "latin1" | "latin" | "l1" | "8859" | "cp819" | "ibm819" | "csisolatin1"
            | "iso8859" | "iso8859_1" | "iso_8859_1" | "iso_8859_1_1987" | "iso_ir_100" => Encoding::Latin1,
            "utf_16" | "utf16" | "u16" => Encoding::Utf16,
            "utf_16_le" | "utf_16le" | "unicodelittleunmarked" => Encoding::Utf16Le,
            "utf_16_be" | "utf_16be" | "unicodebigunmarked" => Encoding::Utf16Be,
            "utf_32" | "utf32" | "u32" => Encoding::Utf32,
            "utf_32_le" | "utf_32le" => Encoding::Utf32Le,
            "utf_32_be" | "utf_32be" => Encoding::Utf32Be,
            _ => {
                return Err(TextError::new(ErrorKind::LookupError, format!("unknown encoding: {name}")));
            }
        })
    }
}

/// Lower case, runs of punctuation as one underscore, other characters beyond ASCII gone.
fn normal_name(name: &str) -> String {
    let mut out = String::new();
    let mut punctuation = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            punctuation = true;
            continue;
        }
        if std::mem::take(&mut punctuation) && !out.is_empty() {
            out.push('_');
        }
        out.extend(Some(c.to_ascii_lowercase()).filter(char::is_ascii));
    }
    out
}

/// What cannot be coded: where, in bytes or code points, and why.
struct Fault {
    at: Range<usize>,
    reason: &'static str,
}

/// `data.decode(encoding, errors)`. UnicodeDecodeError, or LookupError for an unknown handler.
pub fn decode(data: &[u8], encoding: Encoding, errors: &str) -> Result<String, TextError> {
    let mut decoder = Decoder { data, errors, codec: "", out: String::with_capacity(data.len()) };
    match encoding {
        Encoding::Utf8 => decoder.utf8(0)?,
        Encoding::Utf8Sig => decoder.utf8(if data.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 })?,
        Encoding::Ascii => decoder.ascii()?,
        Encoding::Latin1 => decoder.out.extend(data.iter().map(|&byte| char::from(byte))),
        Encoding::Utf16Le => decoder.utf16(0, false)?,
        Encoding::Utf16Be => decoder.utf16(0, true)?,
        Encoding::Utf16 => match data {
            [0xff, 0xfe, ..] => decoder.utf16(2, false)?,
            [0xfe, 0xff, ..] => decoder.utf16(2, true)?,
            _ => decoder.utf16(0, false)?,
        },
        Encoding::Utf32Le => decoder.utf32(0, false)?,
        Encoding::Utf32Be => decoder.utf32(0, true)?,
        Encoding::Utf32 => match data {
            [0xff, 0xfe, 0, 0, ..] => decoder.utf32(4, false)?,
            [0, 0, 0xfe, 0xff, ..] => decoder.utf32(4, true)?,
            _ => decoder.utf32(0, false)?,
        },
    }
    Ok(decoder.out)
}

struct Decoder<'a> {
    data: &'a [u8],
    errors: &'a str,
    codec: &'static str,
    out: String,
}

impl Decoder<'_> {
    fn utf8(&mut self, start: usize) -> Result<(), TextError> {
        self.codec = "utf-8";
        let mut at = start;
        loop {
            let rest = &self.data[at..];
            let error = match std::str::from_utf8(rest) {
                Ok(text) => {
                    self.out.push_str(text);
                    return Ok(());
                }
                Err(error) => error,
            };
            let (valid, rest) = rest.split_at(error.valid_up_to());
            self.out.push_str(std::str::from_utf8(valid).unwrap_or_default());
            at += valid.len();
            let reason = match (error.error_len(), rest.first()) {
                (None, _) => "unexpected end of data",
                (Some(_), Some(0xc2..=0xf4)) => "invalid continuation byte",
                _ => "invalid start byte",
            };
            let end = at + error.error_len().unwrap_or(rest.len());
            self.fault(Fault { at: at..end, reason })?;
            at = end;
        }
    }

    fn ascii(&mut self) -> Result<(), TextError> {
        self.codec = "ascii";
        for (at, &byte) in self.data.iter().enumerate() {
            if byte.is_ascii() {
                self.out.push(char::from(byte));
            } else {
                self.fault(Fault { at: at..at + 1, reason: "ordinal not in range(128)" })?;
            }
        }
        Ok(())
    }

    fn utf16(&mut self, start: usize, big_endian: bool) -> Result<(), TextError> {
        self.codec = if big_endian { "utf-16-be" } else { "utf-16-le" };
        let unit_at = |data: &[u8], at: usize| {
            let &[first, second] = data.get(at..at + 2)?.first_chunk::<2>()?;
            Some(if big_endian {
                u16::from_be_bytes([first, second])
            } else {
                u16::from_le_bytes([first, second])
            })
        };
        let len = self.data.len();
        let mut at = start;
        while at < len {
            let Some(unit) = unit_at(self.data, at) else {
                return self.fault(Fault { at: at..len, reason: "truncated data" });
            };
            let next = unit_at(self.data, at + 2);
            let (end, reason) = match (unit, next) {
                (0xd800..=0xdbff, None) => (len, "unexpected end of data"),
                (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) => {
                    self.out.extend(char::decode_utf16([unit, low]).flatten());
                    at += 4;
                    continue;
                }
                (0xd800..=0xdbff, Some(_)) => (at + 2, "illegal UTF-16 surrogate"),
                (0xdc00..=0xdfff, _) => (at + 2, "illegal encoding"),
                _ => {
                    self.out.extend(char::from_u32(u32::from(unit)));
                    at += 2;
                    continue;
                }
            };
            self.fault(Fault { at: at..end, reason })?;
            at = end;
        }
        Ok(())
    }

    fn utf32(&mut self, start: usize, big_endian: bool) -> Result<(), TextError> {
        self.codec = if big_endian { "utf-32-be" } else { "utf-32-le" };
        let mut at = start;
        for unit in self.data[start..].chunks(4) {
            let Some(&bytes) = unit.first_chunk::<4>() else {
                return self.fault(Fault { at: at..self.data.len(), reason: "truncated data" });
            };
            let code = if big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) };
            match char::from_u32(code) {
                Some(c) => self.out.push(c),
                None => {
                    let reason = match code {
                        0xd800..=0xdfff => "code point in surrogate code point range(0xd800, 0xe000)",
                        _ => "code point not in range(0x110000)",
                    };
                    self.fault(Fault { at: at..at + 4, reason })?;
                }
            }
            at += 4;
        }
        Ok(())
    }

    /// Does what the error handler does.
    fn fault(&mut self, fault: Fault) -> Result<(), TextError> {
        match self.errors {
            "strict" | "surrogateescape" | "surrogatepass" => return Err(self.error(fault)),
            "ignore" => {}
            "replace" => self.out.push('\u{fffd}'),
            "backslashreplace" => {
                for byte in &self.data[fault.at] {
                    self.out.push_str(&format!("\\x{byte:02x}"));
                }
            }
            "xmlcharrefreplace" | "namereplace" => {
                let message = "don't know how to handle UnicodeDecodeError in error callback";
                return Err(TextError::type_error(message));
            }
            name => return Err(unknown_handler(name)),
        }
        Ok(())
    }

    fn error(&self, fault: Fault) -> TextError {
        let (codec, Range { start, end }, reason) = (self.codec, fault.at, fault.reason);
        let what = match &self.data[start..end] {
            [byte] => format!("byte 0x{byte:02x} in position {start}"),
            _ => format!("bytes in position {start}-{}", end - 1),
        };
        let message = format!("'{codec}' codec can't decode {what}: {reason}");
        TextError::new(ErrorKind::UnicodeDecodeError, message)
    }
}

/// `text.encode(encoding, errors)`. UnicodeEncodeError (only `ascii` and `latin-1` can fail), or
/// LookupError for an unknown handler.
pub fn encode(text: &str, encoding: Encoding, errors: &str) -> Result<Vec<u8>, TextError> {
    let units = || text.encode_utf16();
    let codes = || text.chars().map(u32::from);
    Ok(match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf8Sig => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        Encoding::Ascii => return encode_below(text, 0x80, errors),
        Encoding::Latin1 => return encode_below(text, 0x100, errors),
        Encoding::Utf16 => [0xfeff].into_iter().chain(units()).flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Le => units().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => units().flat_map(u16::to_be_bytes).collect(),
        Encoding::Utf32 => [0xfeff].into_iter().chain(codes()).flat_map(u32::to_le_bytes).collect(),
        Encoding::Utf32Le => codes().flat_map(u32::to_le_bytes).collect(),
        Encoding::Utf32Be => codes().flat_map(u32::to_be_bytes).collect(),
    })
}

/// ASCII or Latin-1: one byte for each code point below `limit`. What is not below goes to the
/// error handler in runs.
fn encode_below(text: &str, limit: u32, errors: &str) -> Result<Vec<u8>, TextError> {
    let fits = |c: char| u32::from(c) < limit;
    let mut out = Vec::with_capacity(text.len());
    let (mut rest, mut position) = (text, 0);
    while !rest.is_empty() {
        let (good, bad) = rest.split_at(rest.find(|c| !fits(c)).unwrap_or(rest.len()));
        out.extend(good.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()));
        position += good.chars().count();
        let (bad, after) = bad.split_at(bad.find(fits).unwrap_or(bad.len()));
        if let Some(first) = bad.chars().next() {
            let count = bad.chars().count();
            encode_fault(&mut out, bad, errors, || encode_error(first, position..position + count, limit))?;
            position += count;
        }
        rest = after;
    }
    Ok(out)
}

fn encode_fault(
    out: &mut Vec<u8>,
    bad: &str,
    errors: &str,
    error: impl FnOnce() -> TextError,
) -> Result<(), TextError> {
    match errors {
        "strict" | "surrogateescape" | "surrogatepass" => return Err(error()),
        "ignore" => {}
        "replace" => out.extend(bad.chars().map(|_| b'?')),
        "backslashreplace" => bad.chars().for_each(|c| out.extend(escaped(c).into_bytes())),
        "xmlcharrefreplace" => {
            bad.chars().for_each(|c| out.extend(format!("&#{};", u32::from(c)).into_bytes()));
        }
        "namereplace" => bad.chars().for_each(|c| match unicode_names2::name(c) {
            Some(name) => out.extend(format!("\\N{{{name}}}").into_bytes()),
            None => out.extend(escaped(c).into_bytes()),
        }),
        name => return Err(unknown_handler(name)),
    }
    Ok(())
}

fn encode_error(first: char, at: Range<usize>, limit: u32) -> TextError {
    let codec = if limit == 0x80 { "ascii" } else { "latin-1" };
    let Range { start, end } = at;
    let what = match end - start {
        1 => format!("character '{}' in position {start}", escaped(first)),
        _ => format!("characters in position {start}-{}", end - 1),
    };
    let message = format!("'{codec}' codec can't encode {what}: ordinal not in range({limit})");
    TextError::new(ErrorKind::UnicodeEncodeError, message)
}

fn escaped(c: char) -> String {
    match u32::from(c) {
        code @ 0..=0xff => format!("\\x{code:02x}"),
        code @ 0x100..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    }
}

fn unknown_handler(name: &str) -> TextError {
    TextError::new(ErrorKind::LookupError, format!("unknown error handler name '{name}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown<T: std::fmt::Debug>(result: Result<T, TextError>) -> String {
        result.map_or_else(|error| error.to_string(), |value| format!("{value:?}"))
    }

    #[test]
    fn names() {
        let cases = [
            ("UTF-8", Encoding::Utf8),
            ("utf 8", Encoding::Utf8),
            ("_u8_", Encoding::Utf8),
            ("utf-8-sig", Encoding::Utf8Sig),
            ("ANSI_X3.4-1986", Encoding::Ascii),
            ("ISO_8859-1:1987", Encoding::Latin1),
            ("L1", Encoding::Latin1),
            ("utf-16-LE", Encoding::Utf16Le),
            ("utf_32be", Encoding::Utf32Be),
        ];
        for (name, encoding) in cases {
            assert_eq!(Encoding::named(name), Ok(encoding), "{name}");
        }
        for name in ["", "é", "UTF16-LE", "utf8-sig", "8859-1"] {
            assert_eq!(shown(Encoding::named(name)), format!("LookupError: unknown encoding: {name}"));
        }
        assert_eq!(shown(Encoding::named("a\0")), "ValueError: embedded null character");
    }

    #[test]
    fn decodes() {
        use Encoding::*;
        let cases: [(&[u8], Encoding, &str); 11] = [
            (b"", Utf8, ""),
            ("né😀".as_bytes(), Utf8, "né😀"),
            (b"\xef\xbb\xbfA", Utf8, "\u{feff}A"),
            (b"\xef\xbb\xbfA", Utf8Sig, "A"),
            (b"a\xe9\xff", Latin1, "aéÿ"),
            (b"\xff\xfeA\0", Utf16, "A"),
            (b"\xfe\xff\0A", Utf16, "A"),
            (b"A\0=\xd8\0\xde", Utf16, "A😀"),
            (b"\xff\xfeA\0", Utf16Le, "\u{feff}A"),
            (b"\xff\xfe\0\0A\0\0\0", Utf32, "A"),
            (b"\0\x01\xf6\0", Utf32Be, "😀"),
        ];
        for (data, encoding, text) in cases {
            assert_eq!(decode(data, encoding, "strict").as_deref(), Ok(text), "{data:?}");
        }
    }

    #[test]
    fn decoding_errors() {
        use Encoding::*;
        let cases: [(&[u8], Encoding, &str); 14] = [
            (b"\xff", Utf8, "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
            (b"\xc0\x80", Utf8, "'utf-8' codec can't decode byte 0xc0 in position 0: invalid start byte"),
            (b"ab\xe2\x82", Utf8, "'utf-8' codec can't decode bytes in position 2-3: unexpected end of data"),
            (
                b"\xe2(\xa1",
                Utf8,
                "'utf-8' codec can't decode byte 0xe2 in position 0: invalid continuation byte",
            ),
            (
                b"\xf0\x9f\x98(",
                Utf8,
                "'utf-8' codec can't decode bytes in position 0-2: invalid continuation byte",
            ),
            (
                b"\xed\xa0\x80",
                Utf8,
                "'utf-8' codec can't decode byte 0xed in position 0: invalid continuation byte",
            ),
            (
                b"a\xff",
                Ascii,
                "'ascii' codec can't decode byte 0xff in position 1: ordinal not in range(128)",
            ),
            (b"A", Utf16, "'utf-16-le' codec can't decode byte 0x41 in position 0: truncated data"),
            (
                b"\xfe\xff\xd8\0",
                Utf16,
                "'utf-16-be' codec can't decode bytes in position 2-3: unexpected end of data",
            ),
            (
                b"\0\xd8A\0",
                Utf16Le,
                "'utf-16-le' codec can't decode bytes in position 0-1: illegal UTF-16 surrogate",
            ),
            (b"\xdc\0", Utf16Be, "'utf-16-be' codec can't decode bytes in position 0-1: illegal encoding"),
            (b"A\0\0", Utf32, "'utf-32-le' codec can't decode bytes in position 0-2: truncated data"),
            (
                b"\0\0\x11\0",
                Utf32Le,
                "'utf-32-le' codec can't decode bytes in position 0-3: code point not in range(0x110000)",
            ),
            (
                b"\0\0\xd8\0",
                Utf32Be,
                "'utf-32-be' codec can't decode bytes in position 0-3: code point in surrogate code point range(0xd800, 0xe000)",
            ),
        ];
        for (data, encoding, message) in cases {
            let error = TextError::new(ErrorKind::UnicodeDecodeError, message);
            assert_eq!(decode(data, encoding, "strict"), Err(error));
        }
    }

    #[test]
    fn decoding_error_handlers() {
        let data = b"a\xe2\x82b\xff";
        let cases = [
            ("ignore", "\"ab\""),
            ("replace", "\"a\u{fffd}b\u{fffd}\""),
            ("backslashreplace", r#""a\\xe2\\x82b\\xff""#),
            ("xmlcharrefreplace", "TypeError: don't know how to handle UnicodeDecodeError in error callback"),
            ("foo", "LookupError: unknown error handler name 'foo'"),
        ];
        for (errors, expected) in cases {
            assert_eq!(shown(decode(data, Encoding::Utf8, errors)), expected);
        }
        assert_eq!(shown(decode(b"a", Encoding::Utf8, "foo")), "\"a\"");
    }

    #[test]
    fn encodes() {
        use Encoding::*;
        let cases: [(&str, Encoding, &[u8]); 8] = [
            ("né", Utf8, b"n\xc3\xa9"),
            ("A", Utf8Sig, b"\xef\xbb\xbfA"),
            ("aéÿ", Latin1, b"a\xe9\xff"),
            ("A", Utf16, b"\xff\xfeA\0"),
            ("A😀", Utf16Be, b"\0A\xd8=\xde\0"),
            ("A", Utf16Le, b"A\0"),
            ("A", Utf32, b"\xff\xfe\0\0A\0\0\0"),
            ("😀", Utf32Be, b"\0\x01\xf6\0"),
        ];
        for (text, encoding, data) in cases {
            assert_eq!(encode(text, encoding, "strict").as_deref(), Ok(data), "{text}");
        }
    }

    #[test]
    fn encoding_errors() {
        let cases = [
            (
                "aé",
                "strict",
                "UnicodeEncodeError: 'ascii' codec can't encode character '\\xe9' in position 1: ordinal not in range(128)",
            ),
            (
                "aé日b",
                "strict",
                "UnicodeEncodeError: 'ascii' codec can't encode characters in position 1-2: ordinal not in range(128)",
            ),
            ("aé", "foo", "LookupError: unknown error handler name 'foo'"),
        ];
        for (text, errors, expected) in cases {
            assert_eq!(shown(encode(text, Encoding::Ascii, errors)), expected);
        }
        let latin = "UnicodeEncodeError: 'latin-1' codec can't encode character '\\U0001f600' in position 1: ordinal not in range(256)";
        assert_eq!(shown(encode("é😀", Encoding::Latin1, "strict")), latin);
        let cases = [
            ("ignore", "a-"),
            ("replace", "a??-"),
            ("backslashreplace", r"a\xe9\U0001f600-"),
            ("xmlcharrefreplace", "a&#233;&#128512;-"),
            ("namereplace", r"a\N{LATIN SMALL LETTER E WITH ACUTE}\N{GRINNING FACE}-"),
        ];
        for (errors, expected) in cases {
            assert_eq!(encode("aé😀-", Encoding::Ascii, errors).as_deref(), Ok(expected.as_bytes()));
        }
    }
}
