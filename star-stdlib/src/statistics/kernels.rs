//! The kernels of density estimates.
//!
//! In: a distance from an item, as a share of the bandwidth; or a probability. Out: density, its integral, or the
//! distance at which the integral has that value. Rule: the formulas are CPython's, in its order of operations.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

use crate::math::special::normal_quantile;

/// A kernel.
pub(super) struct Kernel {
    /// Its density.
    pub(super) density: fn(f64) -> f64,
    /// The integral of its density up to a point.
    pub(super) cumulative: fn(f64) -> f64,
    /// The inverse of that.
    pub(super) quantile: fn(f64) -> f64,
    /// Its density is 0 beyond 1.
    pub(super) bounded: bool,
}

/// The kernel of a name.
pub(super) fn kernel(name: &str) -> Option<&'static Kernel> {
    Some(match name {
        "normal" | "gauss" => &NORMAL,
        "logistic" => &LOGISTIC,
        "sigmoid" => &SIGMOID,
        "rectangular" | "uniform" => &RECTANGULAR,
        "triangular" => &TRIANGULAR,
        "parabolic" | "epanechnikov" => &PARABOLIC,
        "quartic" | "biweight" => &QUARTIC,
        "triweight" => &TRIWEIGHT,
        "cosine" => &COSINE,
        _ => return None,
    })
}

static NORMAL: Kernel = Kernel {
    density: |t| (-0.5 * t * t).exp() / (2.0 * PI).sqrt(),
    cumulative: |t| 0.5 * (1.0 + libm::erf(t / 2f64.sqrt())),
    quantile: |p| 0.0 + normal_quantile(p) * 1.0,
    bounded: false,
};

static LOGISTIC: Kernel = Kernel {
    density: |t| 0.5 / (1.0 + t.cosh()),
    cumulative: |t| 1.0 - 1.0 / (t.exp() + 1.0),
    quantile: |p| (p / (1.0 - p)).ln(),
    bounded: false,
};

static SIGMOID: Kernel = Kernel {
    density: |t| 1.0 / PI / t.cosh(),
    cumulative: |t| 2.0 / PI * t.exp().atan(),
    quantile: |p| (p * PI / 2.0).tan().ln(),
    bounded: false,
};

static RECTANGULAR: Kernel =
    Kernel { density: |_| 0.5, cumulative: |t| 0.5 * t + 0.5, quantile: |p| 2.0 * p - 1.0, bounded: true };

static TRIANGULAR: Kernel = Kernel {
    density: |t| 1.0 - t.abs(),
    cumulative: |t| t * t * (if t < 0.0 { 0.5 } else { -0.5 }) + t + 0.5,
    quantile: |p| if p < 0.5 { (2.0 * p).sqrt() - 1.0 } else { 1.0 - (2.0 - 2.0 * p).sqrt() },
    bounded: true,
};

static PARABOLIC: Kernel = Kernel {
    density: |t| 0.75 * (1.0 - t * t),
    cumulative: |t| -0.25 * t.powf(3.0) + 0.75 * t + 0.5,
    quantile: |p| 2.0 * (((2.0 * p - 1.0).acos() + PI) / 3.0).cos(),
    bounded: true,
};

static QUARTIC: Kernel = Kernel {
    density: |t| 15.0 / 16.0 * (1.0 - t * t).powf(2.0),
    cumulative: |t| 3.0 / 16.0 * t.powf(5.0) - 5.0 / 8.0 * t.powf(3.0) + 15.0 / 16.0 * t + 0.5,
    quantile: |p| newton(&QUARTIC, quartic_estimate(p), p),
    bounded: true,
};

static TRIWEIGHT: Kernel = Kernel {
    density: |t| 35.0 / 32.0 * (1.0 - t * t).powf(3.0),
    cumulative: |t| {
        35.0 / 32.0 * (-1.0 / 7.0 * t.powf(7.0) + 3.0 / 5.0 * t.powf(5.0) - t.powf(3.0) + t) + 0.5
    },
    quantile: |p| {
        let (sign, q) = if p <= 0.5 { (1.0, p) } else { (-1.0, 1.0 - p) };
        newton(&TRIWEIGHT, ((2.0 * q).powf(0.3400218741872791) - 1.0) * sign, p)
    },
    bounded: true,
};

static COSINE: Kernel = Kernel {
    density: |t| FRAC_PI_4 * (FRAC_PI_2 * t).cos(),
    cumulative: |t| 0.5 * (FRAC_PI_2 * t).sin() + 0.5,
    quantile: |p| 2.0 * (2.0 * p - 1.0).asin() / PI,
    bounded: true,
};

/// A first guess at the inverse of the quartic kernel's integral.
fn quartic_estimate(p: f64) -> f64 {
    let (sign, p) = if p <= 0.5 { (1.0, p) } else { (-1.0, 1.0 - p) };
    let mut x = (2.0 * p).powf(0.4258865685331) - 1.0;
    // CPython's condition for the second term reads `p >= 0.004 < 0.499`.
    if p >= 0.004 {
        x += 0.026818732 * (7.101753784 * p + 2.73230839482953).sin();
    }
    x * sign
}

/// Newton's method from a first guess. It ends: the density is positive wherever it goes, and the guesses are close.
fn newton(kernel: &Kernel, mut x: f64, p: f64) -> f64 {
    for _ in 0..100 {
        let difference = (kernel.cumulative)(x) - p;
        if difference.abs() <= 1e-12 || difference.is_nan() {
            break;
        }
        x -= difference / (kernel.density)(x);
    }
    x
}
