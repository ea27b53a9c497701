//! Base 32.
//!
//! In: bytes. Out: bytes, or what is wrong with them. Rule: five bytes are eight digits, filled up with `=`.

/// The digits of base 32.
pub(super) const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// The digits of base 32 that are in order.
pub(super) const BASE32_HEX: &[u8; 32] = b"0123456789ABCDEFGHIJKLMNOPQRSTUV";

/// Data in base 32.
pub(super) fn encode(data: &[u8], digits: &[u8; 32]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len().div_ceil(5) * 8);
    for group in data.chunks(5) {
        let bits =
            group.iter().fold(0u64, |bits, &byte| bits << 8 | u64::from(byte)) << (8 * (5 - group.len()));
        let count = (group.len() * 8).div_ceil(5);
        let place = |at: usize| if at < count { digits[(bits >> (35 - 5 * at)) as usize & 31] } else { b'=' };
        out.extend((0..8).map(place));
    }
    out
}

/// The data of base 32.
pub(super) fn decode(data: &[u8], digits: &[u8; 32]) -> Result<Vec<u8>, &'static str> {
    const PADDING: &str = "Incorrect padding";
    if !data.len().is_multiple_of(8) {
        return Err(PADDING);
    }
    let length = data.len() - data.iter().rev().take_while(|&&byte| byte == b'=').count();
    let padding = data.len() - length;
    let mut out = Vec::with_capacity(length / 8 * 5 + 5);
    for group in data[..length].chunks(8) {
        let mut bits = 0u64;
        for byte in group {
            let digit = digits.iter().position(|digit| digit == byte).ok_or("Non-base32 digit found")?;
            bits = bits << 5 | digit as u64;
        }
        bits <<= 5 * (8 - group.len());
        out.extend_from_slice(&bits.to_be_bytes()[3..]);
    }
    match padding {
        0 => {}
        // In a last group each of them is less of a byte; a group of nothing else has no bytes.
        1 | 3 | 4 | 6 if !out.is_empty() => out.truncate(out.len() - 5 + (43 - 5 * padding) / 8),
        1 | 3 | 4 | 6 => {}
        _ => return Err(PADDING),
    }
    Ok(out)
}
