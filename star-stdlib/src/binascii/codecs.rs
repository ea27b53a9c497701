//! The encodings of `binascii`, on bytes.
//!
//! In: bytes. Out: bytes, or what is wrong with them. Rule: what is skipped, what is filled up and what is refused is as
//! in CPython, whose decoders are lenient in ways of their own.

/// Why data cannot be decoded.
pub(crate) type Problem = String;

/// A kind of number per byte: its value as a digit of base 64.
fn sextet(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base 64 with padding, without line ends.
pub(crate) fn to_base64(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len().div_ceil(3) * 4);
    for group in data.chunks(3) {
        let bits =
            group.iter().fold(0u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            out.push(match place <= group.len() {
                true => BASE64[(bits >> (18 - 6 * place)) as usize & 63],
                false => b'=',
            });
        }
    }
    out
}

/// The data of base 64. Unless it is strict, characters of no meaning are skipped and nothing after padding is looked at.
pub(crate) fn from_base64(data: &[u8], strict: bool) -> Result<Vec<u8>, Problem> {
    let mut out = Vec::with_capacity(data.len() / 4 * 3 + 3);
    // How many characters of a group there are, and the bits of the last that are not in a byte yet.
    let (mut place, mut left) = (0, 0u8);
    let (mut pads, mut padded) = (0, false);
    for (at, &byte) in data.iter().enumerate() {
        if byte == b'=' {
            padded = true;
            if strict && place == 0 {
                let which = if at == 0 { "Leading" } else { "Excess" };
                return Err(format!("{which} padding not allowed"));
            }
            if place >= 2 {
                pads += 1;
                if place + pads >= 4 {
                    if strict && at + 1 < data.len() {
                        return Err("Excess data after padding".into());
                    }
                    return Ok(out);
                }
            }
            continue;
        }
        let Some(digit) = sextet(byte) else {
            if strict {
                return Err("Only base64 data is allowed".into());
            }
            continue;
        };
        if strict && padded {
            return Err("Discontinuous padding not allowed".into());
        }
        pads = 0;
        match place {
            0 => left = digit,
            1 => {
                out.push(left << 2 | digit >> 4);
                left = digit & 15;
            }
            2 => {
                out.push(left << 4 | digit >> 2);
                left = digit & 3;
            }
            _ => out.push(left << 6 | digit),
        }
        place = (place + 1) % 4;
    }
    match place {
        0 => Ok(out),
        1 => {
            let count = out.len() / 3 * 4 + 1;
            Err(format!(
                "Invalid base64-encoded string: number of data characters ({count}) cannot be 1 more than a multiple of 4"
            ))
        }
        _ => Err("Incorrect padding".into()),
    }
}

/// The data of pairs of digits of base 16.
pub(crate) fn from_hex(data: &[u8]) -> Result<Vec<u8>, Problem> {
    if !data.len().is_multiple_of(2) {
        return Err("Odd-length string".into());
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).ok_or("Non-hexadecimal digit found");
    data.chunks_exact(2).map(|pair| Ok((digit(pair[0])? << 4 | digit(pair[1])?) as u8)).collect()
}

/// A line of uuencoded data.
pub(super) fn to_uu(data: &[u8], backtick: bool) -> Result<Vec<u8>, Problem> {
    if data.len() > 45 {
        return Err("At most 45 bytes at once".into());
    }
    let character = |value: u8| if value == 0 && backtick { b'`' } else { value + b' ' };
    let mut out = vec![character(data.len() as u8)];
    for group in data.chunks(3) {
        let bits =
            group.iter().fold(0u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - group.len()));
        out.extend((0..4).map(|place| character((bits >> (18 - 6 * place)) as u8 & 63)));
    }
    out.push(b'\n');
    Ok(out)
}

/// The data of a uuencoded line. Characters that are missing at its end count as spaces, which may have been lost.
pub(super) fn from_uu(line: &[u8]) -> Result<Vec<u8>, Problem> {
    let mut rest = line.iter().copied();
    let length = usize::from(rest.next().unwrap_or(0).wrapping_sub(b' ') & 63);
    let mut out = Vec::with_capacity(length);
    let (mut bits, mut count) = (0u32, 0);
    while out.len() < length {
        let value = match rest.next() {
            Some(b'\n' | b'\r') | None => 0,
            Some(byte @ b' '..=b'`') => (byte - b' ') & 63,
            Some(_) => return Err("Illegal char".into()),
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    match rest.all(|byte| matches!(byte, b' ' | b'`' | b'\n' | b'\r')) {
        true => Ok(out),
        false => Err("Trailing garbage".into()),
    }
}

/// The data of quoted-printable text. With `header`, underscores are spaces.
pub(super) fn from_qp(data: &[u8], header: bool) -> Vec<u8> {
    let hex = |at: usize| data.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    let mut out = Vec::with_capacity(data.len());
    let mut at = 0;
    while let Some(&byte) = data.get(at) {
        at += 1;
        match (byte, data.get(at)) {
            (b'=', None) => break,
            // A line end after it joins two lines.
            (b'=', Some(b'\n' | b'\r')) => {
                at += data[at..].iter().position(|&byte| byte == b'\n').unwrap_or(data.len() - at) + 1;
            }
            (b'=', Some(b'=')) => {
                out.push(b'=');
                at += 1;
            }
            (b'=', _) => match (hex(at), hex(at + 1)) {
                (Some(high), Some(low)) => {
                    out.push((high << 4 | low) as u8);
                    at += 2;
                }
                _ => out.push(b'='),
            },
            (b'_', _) if header => out.push(b' '),
            _ => out.push(byte),
        }
    }
    out
}

/// Longest line of quoted-printable text, the line end included.
const LINE: usize = 76;

/// Data as quoted-printable text.
pub(super) fn to_qp(data: &[u8], quote_tabs: bool, is_text: bool, header: bool) -> Vec<u8> {
    let first = data.iter().position(|&byte| byte == b'\n');
    let crlf = first.is_some_and(|at| at > 0 && data[at - 1] == b'\r');
    let line_end: &[u8] = if crlf { b"\r\n" } else { b"\n" };
    let mut out = Vec::with_capacity(data.len() + data.len() / 4);
    let mut length = 0;
    let mut at = 0;
    while let Some(&byte) = data.get(at) {
        let next = data.get(at + 1).copied();
        if is_quoted(byte, next, length, quote_tabs, is_text, header) {
            if length + 3 >= LINE {
                out.push(b'=');
                out.extend_from_slice(line_end);
                length = 0;
            }
            quote(&mut out, byte);
            length += 3;
            at += 1;
        } else if is_text && (byte == b'\n' || (byte == b'\r' && next == Some(b'\n'))) {
            length = 0;
            // Space at the end of a line would be lost on the way.
            if let Some(space) = out.pop_if(|last| matches!(*last, b' ' | b'\t')) {
                quote(&mut out, space);
            }
            out.extend_from_slice(line_end);
            at += if byte == b'\r' { 2 } else { 1 };
        } else {
            if next.is_some_and(|next| next != b'\n') && length + 1 >= LINE {
                out.push(b'=');
                out.extend_from_slice(line_end);
                length = 0;
            }
            length += 1;
            out.push(if header && byte == b' ' { b'_' } else { byte });
            at += 1;
        }
    }
    out
}

fn is_quoted(
    byte: u8,
    next: Option<u8>,
    length: usize,
    quote_tabs: bool,
    is_text: bool,
    header: bool,
) -> bool {
    let at_line_end = matches!(next, None | Some(b'\n' | b'\r' | 0));
    match byte {
        127.. | b'=' => true,
        b'_' => header,
        // A dot alone on a line ends a mail.
        b'.' => length == 0 && at_line_end,
        b'\r' | b'\n' => !is_text,
        b'\t' | b' ' => next.is_none() || quote_tabs,
        0..=32 => true,
        _ => false,
    }
}

fn quote(out: &mut Vec<u8>, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.extend([b'=', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
}

/// The checksum CRC-CCITT, as binhex4 has it, of data after data with this checksum.
pub(super) fn crc_hqx(data: &[u8], crc: u16) -> u16 {
    data.iter().fold(crc, |crc, &byte| {
        let mut crc = crc ^ u16::from(byte) << 8;
        for _ in 0..8 {
            crc = crc << 1 ^ if crc & 0x8000 == 0 { 0 } else { 0x1021 };
        }
        crc
    })
}
