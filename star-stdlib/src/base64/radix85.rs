//! Ascii85 and the two encodings that are called base 85.
//!
//! In: bytes. Out: bytes, or what is wrong with them. Rule: four bytes are five digits; a group that is not full has one
//! digit more than it has bytes.

/// The digits of Ascii85.
pub(super) fn ascii85(digit: u8) -> u8 {
    b'!' + digit
}

const BASE85: &[u8; 85] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
const Z85: &[u8; 85] =
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/// The digits of git's and Mercurial's base 85.
pub(super) fn base85(digit: u8) -> u8 {
    BASE85[usize::from(digit)]
}

/// The digits of ZeroMQ's base 85.
pub(super) fn z85(digit: u8) -> u8 {
    Z85[usize::from(digit)]
}

/// What stands for groups of four equal bytes.
#[derive(Clone, Copy, Default)]
pub(super) struct Short {
    /// `z` for zeros.
    pub zeros: bool,
    /// `y` for spaces.
    pub spaces: bool,
}

/// Data in base 85; with `pad`, as if zeros followed up to a full group.
pub(super) fn encode(data: &[u8], digit: fn(u8) -> u8, pad: bool, short: Short) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len().div_ceil(4) * 5);
    for group in data.chunks(4) {
        let mut bytes = [0; 4];
        bytes[..group.len()].copy_from_slice(group);
        let full = group.len() == 4;
        match u32::from_be_bytes(bytes) {
            0 if short.zeros && (full || pad) => out.push(b'z'),
            0x2020_2020 if short.spaces => out.push(b'y'),
            mut word => {
                let mut digits = [0; 5];
                for place in digits.iter_mut().rev() {
                    *place = digit((word % 85) as u8);
                    word /= 85;
                }
                let count = if full || pad { 5 } else { group.len() + 1 };
                out.extend_from_slice(&digits[..count]);
            }
        }
    }
    out
}

/// The four bytes of five digits; none if they are beyond 32 bits.
fn word(digits: &[u8]) -> Option<[u8; 4]> {
    let value = digits.iter().fold(0u64, |value, &digit| value * 85 + u64::from(digit));
    u32::try_from(value).ok().map(u32::to_be_bytes)
}

/// The data of Ascii85.
pub(super) fn from_ascii85(data: &[u8], spaces: bool, ignored: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(data.len() / 5 * 4 + 4);
    let mut group = Vec::with_capacity(5);
    let overflow = || "Ascii85 overflow".to_string();
    for &byte in data.iter().chain(b"uuuu") {
        match byte {
            b'!'..=b'u' => {
                group.push(byte - b'!');
                if group.len() == 5 {
                    out.extend(word(&group).ok_or_else(overflow)?);
                    group.clear();
                }
            }
            b'z' | b'y' if byte == b'z' || spaces => {
                if !group.is_empty() {
                    return Err(format!("{} inside Ascii85 5-tuple", char::from(byte)));
                }
                out.extend(if byte == b'z' { [0; 4] } else { *b"    " });
            }
            _ if ignored.contains(&byte) => {}
            _ => return Err(format!("Non-Ascii85 digit found: {}", char::from(byte))),
        }
    }
    // What the four digits at the end have filled up.
    out.truncate(out.len() - (4 - group.len()));
    Ok(out)
}

/// The data of base 85; `name` is that of the encoding in messages.
pub(super) fn from_base85(data: &[u8], digit: fn(u8) -> u8, name: &str) -> Result<Vec<u8>, String> {
    let mut values = [None; 256];
    for value in 0..85 {
        values[usize::from(digit(value))] = Some(value);
    }
    // What fills a group up is `~`, the last digit of git's.
    let padding = data.len().next_multiple_of(5) - data.len();
    let mut out = Vec::with_capacity(data.len() / 5 * 4 + 4);
    for (at, group) in data.chunks(5).enumerate() {
        let mut digits = [84; 5];
        for (place, (&byte, digit)) in group.iter().zip(&mut digits).enumerate() {
            *digit = values[usize::from(byte)]
                .ok_or_else(|| format!("bad {name} character at position {}", at * 5 + place))?;
        }
        let bytes =
            word(&digits).ok_or_else(|| format!("{name} overflow in hunk starting at byte {}", at * 5))?;
        out.extend(bytes);
    }
    out.truncate(out.len() - padding);
    Ok(out)
}
