//! The digits of a float, laid out as CPython's `PyOS_double_to_string` does.
//!
//! In: an `f64` and a [`Layout`]. Out: its text, sign included.
//! Rule: digits are correctly rounded (ties to even) however many are asked for.
//!
//! Costs O(precision), plus at most about 1,100 digits of exact arithmetic.

use std::fmt::{self, Write};

/// No `f64` has more digits after the point, or significant ones: beyond are zeros, which need no
/// arithmetic. (std's formatter also refuses more than 65,535.)
const MAX_EXACT_DIGITS: usize = 1100;

/// Which digits to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// `repr`: the fewest digits that read back as the same float.
    Shortest,
    /// `e`: one digit, point, `precision` digits, exponent.
    Exponent,
    /// `f`: `precision` digits after the point.
    Fixed,
    /// `g`: `precision` significant digits, with an exponent if it is < −4 or ≥ `precision`.
    General,
}

/// How to write a float.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub(super) notation: Notation,
    pub(super) precision: usize,
    /// `E`, `INF`, `NAN`.
    pub(super) upper: bool,
    /// `#`: keeps the point, and the trailing zeros of `General`.
    pub(super) alternate: bool,
    /// `1.0`, not `1`.
    pub(super) add_dot_zero: bool,
    /// `z`: a result that rounds to zero has no minus.
    pub(super) no_negative_zero: bool,
}

impl Layout {
    /// `repr(x)`.
    pub(super) const REPR: Layout = Layout { add_dot_zero: true, ..Layout::new(Notation::Shortest, 0) };

    /// A layout without flags.
    pub(super) const fn new(notation: Notation, precision: usize) -> Layout {
        Layout {
            notation,
            precision,
            upper: false,
            alternate: false,
            add_dot_zero: false,
            no_negative_zero: false,
        }
    }

    /// More bytes than the text of any float takes, group separators included.
    pub(super) fn bound(&self) -> usize {
        let strips_zeros = self.notation == Notation::General && !self.alternate;
        let digits = if strips_zeros { self.precision.min(MAX_EXACT_DIGITS) } else { self.precision };
        digits.saturating_add(512)
    }
}

/// The text of `x`. A nan has no sign.
pub(super) fn format_double(x: f64, layout: &Layout) -> String {
    let mut out = String::new();
    if x.is_nan() {
        out.push_str("nan");
    } else if x.is_infinite() {
        out.push_str(if x < 0.0 { "-inf" } else { "inf" });
    } else {
        if x.is_sign_negative() {
            out.push('-');
        }
        write_finite(&mut out, x.abs(), layout);
        let is_zero = || out.bytes().all(|b| matches!(b, b'-' | b'0' | b'.'));
        if layout.no_negative_zero && out.starts_with('-') && (is_zero() || x == 0.0) {
            out.remove(0);
        }
    }
    if layout.upper {
        out.make_ascii_uppercase();
    }
    out
}

fn write_finite(out: &mut String, x: f64, layout: &Layout) {
    match layout.notation {
        Notation::Fixed => write_fixed(out, x, layout),
        Notation::Shortest => {
            let digits = Digits::shortest(x);
            let exponent = digits.point <= -4 || digits.point > 16;
            digits.write(out, 0, exponent, layout);
        }
        Notation::Exponent => {
            let count = layout.precision.saturating_add(1);
            Digits::significant(x, count).write(out, count, true, layout);
        }
        Notation::General => {
            let count = layout.precision.max(1);
            let digits = Digits::significant(x, count);
            let places = i64::try_from(count).unwrap_or(i64::MAX) - i64::from(layout.add_dot_zero);
            let exponent = digits.point <= -4 || digits.point > places;
            digits.write(out, if layout.alternate { count } else { 0 }, exponent, layout);
        }
    }
}

fn write_fixed(out: &mut String, x: f64, layout: &Layout) {
    let exact = layout.precision.min(MAX_EXACT_DIGITS);
    // Writing to a String cannot fail.
    let _ = write!(out, "{x:.exact$}");
    if layout.precision == 0 && layout.alternate {
        out.push('.');
    }
    push_zeros(out, layout.precision - exact);
}

/// The significant decimal digits of a float ≥ 0: `0.DIGITS × 10^point`, without trailing zeros
/// ("0" with point 1 for zero).
struct Digits {
    text: Text,
    point: i64,
}

impl Digits {
    fn shortest(x: f64) -> Digits {
        let mut text = Text::default();
        // A Text takes whatever it is given.
        let _ = write!(text, "{x:e}");
        let digits = Digits::of(text);
        if digits.may_be_half_way(x) {
            let even = Digits::significant(x, digits.text.bytes().len());
            if even.value() == Some(x) {
                return even;
            }
        }
        digits
    }

    /// Whether `x` can lie in the middle between these digits and others as short: std then takes
    /// the larger, CPython the one with the even last digit. The exact value has a 5 more than
    /// these, so at most 18 digits, and 5 to the power of its fractional bits divides them.
    fn may_be_half_way(&self, x: f64) -> bool {
        let digits = self.text.bytes();
        let odd = digits.last().is_some_and(|digit| digit % 2 == 1);
        odd && digits.len() >= 15 && x.fract() != 0.0 && (x * f64::from(1 << 25)).fract() == 0.0
    }

    /// The float that these digits read as.
    fn value(&self) -> Option<f64> {
        format!("0.{}e{}", self.text.as_str(), self.point).parse().ok()
    }

    /// Rounded to `count` digits.
    fn significant(x: f64, count: usize) -> Digits {
        let decimals = count.clamp(1, MAX_EXACT_DIGITS) - 1;
        let mut text = Text::default();
        let _ = write!(text, "{x:.decimals$e}");
        Digits::of(text)
    }

    fn of(mut text: Text) -> Digits {
        let point = text.exponent + 1;
        while text.bytes().len() > 1 && text.bytes().last() == Some(&b'0') {
            text.pop();
        }
        Digits { text, point }
    }

    /// Writes at least `min_digits` digits, with an exponent or without.
    fn write(&self, out: &mut String, min_digits: usize, exponent: bool, layout: &Layout) {
        let digits = self.text.as_str();
        let (point, shown) = match exponent {
            true => (1, self.point - 1),
            false => (self.point, 0),
        };
        // Digits stand at 0..end relative to the first one, the point before number `point`.
        let mut end = i64::try_from(digits.len().max(min_digits)).unwrap_or(i64::MAX);
        end = end.max(point + i64::from(layout.add_dot_zero && !exponent));
        let position = |n: i64| usize::try_from(n).unwrap_or(0);
        let whole = position(point).min(digits.len());
        out.push_str(if point <= 0 { "0" } else { &digits[..whole] });
        push_zeros(out, position(point).saturating_sub(digits.len()));
        if end > point || layout.alternate {
            out.push('.');
        }
        push_zeros(out, position(-point));
        out.push_str(&digits[whole..]);
        push_zeros(out, position(end).saturating_sub(position(point).max(digits.len())));
        if exponent {
            let _ = write!(out, "e{}{:02}", if shown < 0 { '-' } else { '+' }, shown.abs());
        }
    }
}

/// What std's `{:e}` writes, taken apart: digits without the point, and the exponent. The first
/// digits live inline, so that `repr` of a float allocates nothing but its result.
#[derive(Default)]
struct Text {
    inline: [u8; 24],
    inline_len: usize,
    spilled: Vec<u8>,
    exponent: i64,
    in_exponent: bool,
    exponent_negative: bool,
}

impl Text {
    fn bytes(&self) -> &[u8] {
        if self.spilled.is_empty() { &self.inline[..self.inline_len] } else { &self.spilled }
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(self.bytes()).unwrap_or_default()
    }

    fn push(&mut self, digit: u8) {
        if self.spilled.is_empty() && self.inline_len < self.inline.len() {
            self.inline[self.inline_len] = digit;
            self.inline_len += 1;
            return;
        }
        if self.spilled.is_empty() {
            self.spilled.extend_from_slice(&self.inline);
        }
        self.spilled.push(digit);
    }

    fn pop(&mut self) {
        if self.spilled.is_empty() {
            self.inline_len -= 1;
        } else {
            self.spilled.pop();
        }
    }
}

impl Write for Text {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        for byte in piece.bytes() {
            match byte {
                b'e' => self.in_exponent = true,
                b'-' => self.exponent_negative = true,
                b'0'..=b'9' if self.in_exponent => {
                    let digit = i64::from(byte - b'0');
                    self.exponent = self.exponent * 10 + if self.exponent_negative { -digit } else { digit };
                }
                b'0'..=b'9' => self.push(byte),
                _ => {}
            }
        }
        Ok(())
    }
}

fn push_zeros(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n('0', count));
}
