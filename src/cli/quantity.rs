//! Amounts as people write them: `10_000`, `5s`, `64MiB`, `none`.
//!
//! In: an argument. Out: a number, or what is wrong with it. Rule: a unit is always written out, so that `--max-time 5`
//! cannot mean something else than one thinks.

use std::time::Duration;

/// `none`, which lifts a limit.
fn is_none(text: &str) -> bool {
    text.eq_ignore_ascii_case("none")
}

/// A number of things: `1000`, `1_000`, `5k`, `100M`, `2G`, or `none`.
pub(super) fn count(text: &str) -> Result<Option<u64>, String> {
    if is_none(text) {
        return Ok(None);
    }
    let (number, unit) = split(text);
    let scale = match unit {
        "" => 1,
        "k" | "K" => 1_000,
        "M" => 1_000_000,
        "G" => 1_000_000_000,
        _ => return Err(format!("expected a number such as 1000, 100M or none, found '{text}'")),
    };
    scaled(number, scale, text).map(Some)
}

/// A number of bytes: `64MiB`, `10MB`, `4096B`, `4096`, or `none`.
pub(super) fn bytes(text: &str) -> Result<Option<u64>, String> {
    if is_none(text) {
        return Ok(None);
    }
    let (number, unit) = split(text);
    let scale = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        _ => return Err(format!("expected a size such as 64MiB, 10MB or none, found '{text}'")),
    };
    scaled(number, scale, text).map(Some)
}

/// A time: `5s`, `250ms`, `1.5m`, `2h`, or `none`.
pub(super) fn time(text: &str) -> Result<Option<Duration>, String> {
    if is_none(text) {
        return Ok(None);
    }
    let (number, unit) = split(text);
    let scale = match unit {
        "us" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" | "min" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        "" => return Err(format!("a time needs a unit: '{text}s' or '{text}ms'")),
        _ => return Err(format!("expected a time such as 5s, 250ms or none, found '{text}'")),
    };
    scaled(number, scale, text).map(|nanos| Some(Duration::from_nanos(nanos)))
}

fn split(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '_')).unwrap_or(text.len());
    (&text[..end], text[end..].trim_start())
}

fn scaled(number: &str, scale: u64, text: &str) -> Result<u64, String> {
    let number = number.replace('_', "");
    let too_large = || format!("'{text}' is too large; write 'none' for no limit");
    if let Ok(whole) = number.parse::<u64>() {
        return whole.checked_mul(scale).ok_or_else(too_large);
    }
    if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(too_large());
    }
    let fraction: f64 = number.parse().map_err(|_| format!("expected a number, found '{text}'"))?;
    let value = fraction * scale as f64;
    if value < u64::MAX as f64 { Ok(value as u64) } else { Err(too_large()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts() {
        assert_eq!(count("1_000"), Ok(Some(1000)));
        assert_eq!(count("100M"), Ok(Some(100_000_000)));
        assert_eq!(count("1.5k"), Ok(Some(1500)));
        assert_eq!(count("None"), Ok(None));
        assert!(count("many").is_err());
        assert!(count("").is_err());
        assert!(count("-1").is_err());
        assert!(count("99999999999999999999").unwrap_err().contains("too large"));
    }

    #[test]
    fn sizes() {
        assert_eq!(bytes("64MiB"), Ok(Some(64 << 20)));
        assert_eq!(bytes("64 MiB"), Ok(Some(64 << 20)));
        assert_eq!(bytes("10MB"), Ok(Some(10_000_000)));
        assert_eq!(bytes("4096"), Ok(Some(4096)));
        assert!(bytes("4 parsecs").is_err());
        assert!(bytes("99999999999GiB").unwrap_err().contains("none"));
    }

    #[test]
    fn times() {
        assert_eq!(time("5s"), Ok(Some(Duration::from_secs(5))));
        assert_eq!(time("1.5m"), Ok(Some(Duration::from_secs(90))));
        assert_eq!(time("none"), Ok(None));
        assert_eq!(time("5").unwrap_err(), "a time needs a unit: '5s' or '5ms'");
    }
}
