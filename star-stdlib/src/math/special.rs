//! Functions that the standard library of Rust has not, or computes otherwise than C's does.
//!
//! In: a float. Out: a float; NaN or an infinity where there is no result. Rule: every step is the one that CPython and
//! the C library under it take, so that the last digit is theirs.
// Coefficients as they were published.
#![allow(clippy::excessive_precision)]

use std::f64::consts::{LN_2, PI};

/// `sin(pi * x)` of a finite number.
fn sin_pi(x: f64) -> f64 {
    let y = x.abs() % 2.0;
    let r = match (2.0 * y).round() as u8 {
        0 => (PI * y).sin(),
        1 => (PI * (y - 0.5)).cos(),
        2 => (PI * (1.0 - y)).sin(),
        3 => -(PI * (y - 1.5)).cos(),
        _ => (PI * (y - 2.0)).sin(),
    };
    1f64.copysign(x) * r
}

/// The parameter of Lanczos' approximation with 13 terms whose error is least in 53 bits.
const G: f64 = 6.024680040776729583740234375;
const G_MINUS_HALF: f64 = 5.524680040776729583740234375;

/// Numerator and denominator of Lanczos' sum as a rational function, from the lowest power on.
const LANCZOS: [(f64, f64); 13] = [
    (23531376880.41076, 0.0),
    (42919803642.6491, 39916800.0),
    (35711959237.35567, 120543840.0),
    (17921034426.03721, 150917976.0),
    (6039542586.352028, 105258076.0),
    (1439720407.3117216, 45995730.0),
    (248874557.86205417, 13339535.0),
    (31426415.585400194, 2637558.0),
    (2876370.6289353725, 357423.0),
    (186056.26539522348, 32670.0),
    (8071.672002365816, 1925.0),
    (210.82427775157936, 66.0),
    (2.5066282746310002, 1.0),
];

/// Lanczos' sum for a positive number. Large ones go by powers of `1 / x`, which do not overflow.
fn lanczos_sum(x: f64) -> f64 {
    let (mut above, mut below) = (0.0, 0.0);
    if x < 5.0 {
        for (a, b) in LANCZOS.into_iter().rev() {
            (above, below) = (above * x + a, below * x + b);
        }
    } else {
        for (a, b) in LANCZOS {
            (above, below) = (above / x + a, below / x + b);
        }
    }
    above / below
}

/// The gamma function. NaN at −∞ and the negative integers.
pub(crate) fn gamma(x: f64) -> f64 {
    if !x.is_finite() {
        return if x == f64::NEG_INFINITY { f64::NAN } else { x };
    }
    if x == x.floor() {
        match x {
            0.0 => return f64::INFINITY.copysign(x),
            _ if x < 0.0 => return f64::NAN,
            // Products below 2**53 · 2**k that a float holds exactly.
            _ if x <= 23.0 => return (1..x as u64).map(|i| i as f64).product(),
            _ => {}
        }
    }
    let size = x.abs();
    if size < 1e-20 {
        return 1.0 / x;
    }
    if size > 200.0 {
        return if x < 0.0 { 0.0 / sin_pi(x) } else { f64::INFINITY };
    }
    let y = size + G_MINUS_HALF;
    // What rounding lost of the sum, which the power below would magnify.
    let lost = if size > G_MINUS_HALF { (y - size) - G_MINUS_HALF } else { (y - G_MINUS_HALF) - size };
    let correction = lost * G / y;
    if x < 0.0 {
        let mut r = -PI / sin_pi(size) / size * y.exp() / lanczos_sum(size);
        r -= correction * r;
        if size < 140.0 {
            return r / y.powf(size - 0.5);
        }
        let root = y.powf(size / 2.0 - 0.25);
        return r / root / root;
    }
    let mut r = lanczos_sum(size) / y.exp();
    r += correction * r;
    if size < 140.0 {
        return r * y.powf(size - 0.5);
    }
    let root = y.powf(size / 2.0 - 0.25);
    r * root * root
}

/// The logarithm of the absolute value of the gamma function. Infinite at the integers up to 0.
pub(crate) fn lgamma(x: f64) -> f64 {
    if !x.is_finite() {
        return x.abs();
    }
    if x == x.floor() && x <= 2.0 {
        return if x <= 0.0 { f64::INFINITY } else { 0.0 };
    }
    let size = x.abs();
    if size < 1e-20 {
        return -size.ln();
    }
    let mut r = lanczos_sum(size).ln() - G;
    r += (size - 0.5) * ((size + G - 0.5).ln() - 1.0);
    if x < 0.0 {
        // The logarithm of pi.
        r = 1.1447298858494002 - sin_pi(size).abs().ln() - size.ln() - r;
    }
    r
}

/// Below it, `1 + x * x` is 1.
const SMALL: f64 = 1.0 / (1u64 << 28) as f64;
/// Above it, `x * x + 1` is `x * x`.
const LARGE: f64 = (1u64 << 28) as f64;

/// The inverse hyperbolic sine, as glibc has it.
pub(super) fn asinh(x: f64) -> f64 {
    let size = x.abs();
    if size < SMALL || !x.is_finite() {
        return x;
    }
    let w = if size > LARGE {
        size.ln() + LN_2
    } else if size > 2.0 {
        (2.0 * size + 1.0 / ((size * size + 1.0).sqrt() + size)).ln()
    } else {
        let t = size * size;
        (size + t / (1.0 + (1.0 + t).sqrt())).ln_1p()
    };
    w.copysign(x)
}

/// The inverse hyperbolic cosine, as glibc has it. NaN below 1.
pub(super) fn acosh(x: f64) -> f64 {
    if x < 1.0 {
        f64::NAN
    } else if x == 1.0 {
        0.0
    } else if x >= LARGE {
        if x.is_finite() { x.ln() + LN_2 } else { x }
    } else if x > 2.0 {
        (2.0 * x - 1.0 / (x + (x * x - 1.0).sqrt())).ln()
    } else {
        let t = x - 1.0;
        (t + (2.0 * t + t * t).sqrt()).ln_1p()
    }
}

/// The inverse hyperbolic tangent, as glibc has it. NaN beyond 1, infinite at 1.
pub(super) fn atanh(x: f64) -> f64 {
    let size = x.abs();
    let t = if size < 0.5 {
        if size < SMALL {
            return x;
        }
        let t = size + size;
        0.5 * (t + t * size / (1.0 - size)).ln_1p()
    } else if size < 1.0 {
        0.5 * ((size + size) / (1.0 - size)).ln_1p()
    } else {
        return if size > 1.0 { f64::NAN } else { x / 0.0 };
    };
    t.copysign(x)
}

/// The complementary error function. From −1.25 to about −0.84 it is closer, and as in C's library, by way of `erf`.
pub(super) fn erfc(x: f64) -> f64 {
    if x > -1.25 && x <= -0.84375 { 1.0 + libm::erf(-x) } else { libm::erfc(x) }
}

/// Coefficients of a rational function, from the lowest power on: numerators and denominators.
type Rational = ([f64; 8], [f64; 8]);

/// Wichura's algorithm AS 241 in 16 digits: the middle, and the two parts of the tail.
const CENTRE: Rational = (
    [
        3.3871328727963665,
        133.14166789178438,
        1971.5909503065514,
        13731.693765509461,
        45921.95393154987,
        67265.7709270087,
        33430.57558358813,
        2509.0809287301227,
    ],
    [
        1.0,
        42.31333070160091,
        687.1870074920579,
        5394.196021424751,
        21213.794301586597,
        39307.89580009271,
        28729.085735721943,
        5226.495278852854,
    ],
);
const NEAR_TAIL: Rational = (
    [
        1.4234371107496835,
        4.630337846156546,
        5.769497221460691,
        3.6478483247632045,
        1.2704582524523684,
        0.24178072517745061,
        0.022723844989269184,
        0.0007745450142783414,
    ],
    [
        1.0,
        2.053191626637759,
        1.6763848301838038,
        0.6897673349851,
        0.14810397642748008,
        0.015198666563616457,
        0.0005475938084995345,
        1.0507500716444169e-09,
    ],
);
const FAR_TAIL: Rational = (
    [
        6.657904643501103,
        5.463784911164114,
        1.7848265399172913,
        0.29656057182850487,
        0.026532189526576124,
        0.0012426609473880784,
        2.7115555687434876e-05,
        2.0103343992922881e-07,
    ],
    [
        1.0,
        0.599832206555888,
        0.1369298809227358,
        0.014875361290850615,
        0.0007868691311456133,
        1.8463183175100548e-05,
        1.421511758316446e-07,
        2.0442631033899397e-15,
    ],
);

fn polynomial(coefficients: &[f64; 8], r: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * r + c)
}

/// The point below which a standard normal distribution lies with probability `p`, which is between 0 and 1.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return polynomial(&CENTRE.0, r) * q / polynomial(&CENTRE.1, r);
    }
    let r = (-(if q <= 0.0 { p } else { 1.0 - p }).ln()).sqrt();
    let (part, r) = if r <= 5.0 { (&NEAR_TAIL, r - 1.6) } else { (&FAR_TAIL, r - 5.0) };
    let x = polynomial(&part.0, r) / polynomial(&part.1, r);
    if q < 0.0 { -x } else { x }
}
