//! `math` with Go's names.
//!
//! In: floats. Out: floats; NaN and infinities where Go's functions give them. Rule: nothing here fails, so that each
//! function has its plain result under its one name.

use star_macros::star_module;

use super::module::next_after;
use super::{exact, special};

pub(super) use module::module;

/// The number whose error function is `x`: infinite at 1 and −1, NaN beyond.
fn inverse_erf(x: f64) -> f64 {
    match x {
        1.0 | -1.0 => x * f64::INFINITY,
        x if x.abs() < 1.0 => special::normal_quantile((x + 1.0) / 2.0) / std::f64::consts::SQRT_2,
        _ => f64::NAN,
    }
}

/// The power of 2 in a finite number other than 0.
fn exponent(x: f64) -> i64 {
    i64::from(libm::frexp(x).1) - 1
}

/// The sign of the gamma function: negative in every second interval below 0.
fn gamma_sign(x: f64) -> i64 {
    let odd = x.floor().rem_euclid(2.0) == 1.0;
    if x < 0.0 && x != x.floor() && odd { -1 } else { 1 }
}

/// The first of two numbers if `first` says so, else the second; `most` before NaN, and NaN before others.
fn extreme(x: f64, y: f64, most: f64, first: fn(f64, f64) -> bool) -> f64 {
    match () {
        () if x == most || y == most => most,
        () if x.is_nan() || y.is_nan() => f64::NAN,
        () if first(x, y) => x,
        () => y,
    }
}

fn next_after_32(x: f32, y: f32) -> f32 {
    match () {
        () if x.is_nan() || y.is_nan() => f32::NAN,
        () if x == y => x,
        () if x < y => x.next_up(),
        () => x.next_down(),
    }
}

/// Go's names.
#[star_module("math", family = "python")]
mod module {
    use super::*;

    /// The base of natural logarithms.
    #[star(name = "E")]
    const E: f64 = std::f64::consts::E;

    /// The ratio of a circle's circumference to its diameter.
    #[star(name = "Pi")]
    const PI: f64 = std::f64::consts::PI;

    /// The golden ratio.
    #[star(name = "Phi")]
    const PHI: f64 = 1.618033988749895;

    /// The square root of 2.
    #[star(name = "Sqrt2")]
    const SQRT2: f64 = std::f64::consts::SQRT_2;

    /// The square root of e.
    #[star(name = "SqrtE")]
    const SQRT_E: f64 = 1.6487212707001282;

    /// The square root of pi.
    #[star(name = "SqrtPi")]
    const SQRT_PI: f64 = 1.772453850905516;

    /// The square root of the golden ratio.
    #[star(name = "SqrtPhi")]
    const SQRT_PHI: f64 = 1.272019649514069;

    /// The natural logarithm of 2.
    #[star(name = "Ln2")]
    const LN2: f64 = std::f64::consts::LN_2;

    /// The logarithm of e to base 2.
    #[star(name = "Log2E")]
    const LOG2_E: f64 = std::f64::consts::LOG2_E;

    /// The natural logarithm of 10.
    #[star(name = "Ln10")]
    const LN10: f64 = std::f64::consts::LN_10;

    /// The logarithm of e to base 10.
    #[star(name = "Log10E")]
    const LOG10_E: f64 = std::f64::consts::LOG10_E;

    /// The largest number of 32 bits.
    #[star(name = "MaxFloat32")]
    const MAX_FLOAT32: f64 = f32::MAX as f64;

    /// The smallest positive number of 32 bits.
    #[star(name = "SmallestNonzeroFloat32")]
    const SMALLEST_NONZERO_FLOAT32: f64 = f32::from_bits(1) as f64;

    /// The largest float.
    #[star(name = "MaxFloat64")]
    const MAX_FLOAT64: f64 = f64::MAX;

    /// The smallest positive float.
    #[star(name = "SmallestNonzeroFloat64")]
    const SMALLEST_NONZERO_FLOAT64: f64 = f64::from_bits(1);

    /// The largest signed int of 64 bits.
    #[star(name = "MaxInt")]
    const MAX_INT: i64 = i64::MAX;

    /// The least signed int of 64 bits.
    #[star(name = "MinInt")]
    const MIN_INT: i64 = i64::MIN;

    /// The largest signed int of 8 bits.
    #[star(name = "MaxInt8")]
    const MAX_INT8: i64 = i8::MAX as i64;

    /// The least signed int of 8 bits.
    #[star(name = "MinInt8")]
    const MIN_INT8: i64 = i8::MIN as i64;

    /// The largest signed int of 16 bits.
    #[star(name = "MaxInt16")]
    const MAX_INT16: i64 = i16::MAX as i64;

    /// The least signed int of 16 bits.
    #[star(name = "MinInt16")]
    const MIN_INT16: i64 = i16::MIN as i64;

    /// The largest signed int of 32 bits.
    #[star(name = "MaxInt32")]
    const MAX_INT32: i64 = i32::MAX as i64;

    /// The least signed int of 32 bits.
    #[star(name = "MinInt32")]
    const MIN_INT32: i64 = i32::MIN as i64;

    /// The largest signed int of 64 bits.
    #[star(name = "MaxInt64")]
    const MAX_INT64: i64 = i64::MAX;

    /// The least signed int of 64 bits.
    #[star(name = "MinInt64")]
    const MIN_INT64: i64 = i64::MIN;

    /// The largest unsigned int of 64 bits.
    #[star(name = "MaxUint")]
    const MAX_UINT: u64 = u64::MAX;

    /// The largest unsigned int of 8 bits.
    #[star(name = "MaxUint8")]
    const MAX_UINT8: u64 = u8::MAX as u64;

    /// The largest unsigned int of 16 bits.
    #[star(name = "MaxUint16")]
    const MAX_UINT16: u64 = u16::MAX as u64;

    /// The largest unsigned int of 32 bits.
    #[star(name = "MaxUint32")]
    const MAX_UINT32: u64 = u32::MAX as u64;

    /// The largest unsigned int of 64 bits.
    #[star(name = "MaxUint64")]
    const MAX_UINT64: u64 = u64::MAX;

    /// The absolute value of `x`.
    #[star_fn(pos, name = "Abs")]
    fn abs(x: f64) -> f64 {
        x.abs()
    }

    /// The angle in radians whose cosine is `x`.
    #[star_fn(pos, name = "Acos")]
    fn acos(x: f64) -> f64 {
        x.acos()
    }

    /// The inverse hyperbolic cosine of `x`.
    #[star_fn(pos, name = "Acosh")]
    fn acosh(x: f64) -> f64 {
        special::acosh(x)
    }

    /// The angle in radians whose sine is `x`.
    #[star_fn(pos, name = "Asin")]
    fn asin(x: f64) -> f64 {
        x.asin()
    }

    /// The inverse hyperbolic sine of `x`.
    #[star_fn(pos, name = "Asinh")]
    fn asinh(x: f64) -> f64 {
        special::asinh(x)
    }

    /// The angle in radians whose tangent is `x`.
    #[star_fn(pos, name = "Atan")]
    fn atan(x: f64) -> f64 {
        x.atan()
    }

    /// The angle in radians of the point `(x, y)`, from −pi to pi.
    #[star_fn(pos, name = "Atan2")]
    fn atan2(y: f64, x: f64) -> f64 {
        y.atan2(x)
    }

    /// The inverse hyperbolic tangent of `x`.
    #[star_fn(pos, name = "Atanh")]
    fn atanh(x: f64) -> f64 {
        special::atanh(x)
    }

    /// The cube root of `x`.
    #[star_fn(pos, name = "Cbrt")]
    fn cbrt(x: f64) -> f64 {
        x.cbrt()
    }

    /// The least whole number that is not less than `x`.
    #[star_fn(pos, name = "Ceil")]
    fn ceil(x: f64) -> f64 {
        x.ceil()
    }

    /// The absolute value of `f` with the sign of `sign`.
    #[star_fn(pos, name = "Copysign")]
    fn copysign(f: f64, sign: f64) -> f64 {
        f.copysign(sign)
    }

    /// The cosine of `x` radians.
    #[star_fn(pos, name = "Cos")]
    fn cos(x: f64) -> f64 {
        x.cos()
    }

    /// The hyperbolic cosine of `x`.
    #[star_fn(pos, name = "Cosh")]
    fn cosh(x: f64) -> f64 {
        x.cosh()
    }

    /// `x - y`, or 0 if that is negative.
    #[star_fn(pos, name = "Dim")]
    fn dim(x: f64, y: f64) -> f64 {
        match x - y {
            apart if apart <= 0.0 => 0.0,
            apart => apart,
        }
    }

    /// The error function of `x`.
    #[star_fn(pos, name = "Erf")]
    fn erf(x: f64) -> f64 {
        libm::erf(x)
    }

    /// 1 without the error function of `x`.
    #[star_fn(pos, name = "Erfc")]
    fn erfc(x: f64) -> f64 {
        special::erfc(x)
    }

    /// The number whose complementary error function is `x`.
    #[star_fn(pos, name = "Erfcinv")]
    fn erfcinv(x: f64) -> f64 {
        inverse_erf(1.0 - x)
    }

    /// The number whose error function is `x`.
    #[star_fn(pos, name = "Erfinv")]
    fn erfinv(x: f64) -> f64 {
        inverse_erf(x)
    }

    /// e raised to the power `x`.
    #[star_fn(pos, name = "Exp")]
    fn exp(x: f64) -> f64 {
        x.exp()
    }

    /// 2 raised to the power `x`.
    #[star_fn(pos, name = "Exp2")]
    fn exp2(x: f64) -> f64 {
        x.exp2()
    }

    /// e raised to the power `x`, minus 1, without the loss of the subtraction.
    #[star_fn(pos, name = "Expm1")]
    fn expm1(x: f64) -> f64 {
        x.exp_m1()
    }

    /// `x * y + z`, rounded once.
    #[star_fn(pos, name = "FMA")]
    fn fma(x: f64, y: f64, z: f64) -> f64 {
        x.mul_add(y, z)
    }

    /// The bits of a number of 32 bits, as an int.
    #[star_fn(pos, name = "Float32bits")]
    fn float32bits(f: f64) -> u32 {
        (f as f32).to_bits()
    }

    /// The number of 32 bits that an int is the bits of.
    #[star_fn(pos, name = "Float32frombits")]
    fn float32frombits(b: u32) -> f64 {
        f32::from_bits(b).into()
    }

    /// The bits of a float, as an int.
    #[star_fn(pos, name = "Float64bits")]
    fn float64bits(f: f64) -> u64 {
        f.to_bits()
    }

    /// The float that an int is the bits of.
    #[star_fn(pos, name = "Float64frombits")]
    fn float64frombits(b: u64) -> f64 {
        f64::from_bits(b)
    }

    /// The greatest whole number that is not greater than `x`.
    #[star_fn(pos, name = "Floor")]
    fn floor(x: f64) -> f64 {
        x.floor()
    }

    /// `(m, e)` with `f == m * 2**e` and `0.5 <= abs(m) < 1`.
    #[star_fn(pos, name = "Frexp")]
    fn frexp(f: f64) -> (f64, i64) {
        match libm::frexp(f) {
            (fraction, exponent) if f.is_finite() => (fraction, exponent.into()),
            _ => (f, 0),
        }
    }

    /// The gamma function of `x`.
    #[star_fn(pos, name = "Gamma")]
    fn gamma(x: f64) -> f64 {
        special::gamma(x)
    }

    /// The square root of `p*p + q*q`.
    #[star_fn(pos, name = "Hypot")]
    fn hypot(p: f64, q: f64) -> f64 {
        exact::norm(&mut [p.abs(), q.abs()])
    }

    /// The power of 2 in `x`, as an int.
    #[star_fn(pos, name = "Ilogb")]
    fn ilogb(x: f64) -> i64 {
        match x {
            0.0 => i32::MIN.into(),
            x if x.is_finite() => exponent(x),
            _ => i32::MAX.into(),
        }
    }

    /// Infinity, or −infinity for a negative sign.
    #[star_fn(pos, name = "Inf")]
    fn inf(sign: i64) -> f64 {
        if sign >= 0 { f64::INFINITY } else { f64::NEG_INFINITY }
    }

    /// Whether `f` is the infinity of that sign; either with sign 0.
    #[star_fn(pos, name = "IsInf")]
    fn is_inf(f: f64, sign: i64) -> bool {
        (sign >= 0 && f == f64::INFINITY) || (sign <= 0 && f == f64::NEG_INFINITY)
    }

    /// Whether `f` is NaN.
    #[star_fn(pos, name = "IsNaN")]
    fn is_nan(f: f64) -> bool {
        f.is_nan()
    }

    /// The Bessel function of the first kind of order 0.
    #[star_fn(pos, name = "J0")]
    fn j0(x: f64) -> f64 {
        libm::j0(x)
    }

    /// The Bessel function of the first kind of order 1.
    #[star_fn(pos, name = "J1")]
    fn j1(x: f64) -> f64 {
        libm::j1(x)
    }

    /// The Bessel function of the first kind of order `n`.
    #[star_fn(pos, name = "Jn")]
    fn jn(n: i32, x: f64) -> f64 {
        libm::jn(n, x)
    }

    /// `frac * 2**exp`
    #[star_fn(pos, name = "Ldexp")]
    fn ldexp(frac: f64, exp: i64) -> f64 {
        libm::ldexp(frac, exp.clamp(-5000, 5000) as i32)
    }

    /// The logarithm of the absolute value of the gamma function of `x`, and its sign.
    #[star_fn(pos, name = "Lgamma")]
    fn lgamma(x: f64) -> (f64, i64) {
        (special::lgamma(x), gamma_sign(x))
    }

    /// The natural logarithm of `x`.
    #[star_fn(pos, name = "Log")]
    fn log(x: f64) -> f64 {
        x.ln()
    }

    /// The logarithm of `x` to base 10.
    #[star_fn(pos, name = "Log10")]
    fn log10(x: f64) -> f64 {
        x.log10()
    }

    /// The logarithm of `1 + x`, without the loss of the addition.
    #[star_fn(pos, name = "Log1p")]
    fn log1p(x: f64) -> f64 {
        x.ln_1p()
    }

    /// The logarithm of `x` to base 2.
    #[star_fn(pos, name = "Log2")]
    fn log2(x: f64) -> f64 {
        x.log2()
    }

    /// The power of 2 in `x`, as a float.
    #[star_fn(pos, name = "Logb")]
    fn logb(x: f64) -> f64 {
        match x {
            0.0 => f64::NEG_INFINITY,
            x if x.is_finite() => exponent(x) as f64,
            x => x.abs(),
        }
    }

    /// The larger of two numbers; NaN if one of them is and neither is infinity.
    #[star_fn(pos, name = "Max")]
    fn max(x: f64, y: f64) -> f64 {
        extreme(x, y, f64::INFINITY, |x, y| x > y || (x == y && y.is_sign_negative()))
    }

    /// The smaller of two numbers; NaN if one of them is and neither is −infinity.
    #[star_fn(pos, name = "Min")]
    fn min(x: f64, y: f64) -> f64 {
        extreme(x, y, f64::NEG_INFINITY, |x, y| x < y || (x == y && x.is_sign_negative()))
    }

    /// The remainder of `x / y` with the sign of `x`.
    #[star_fn(pos, name = "Mod")]
    fn modulo(x: f64, y: f64) -> f64 {
        x % y
    }

    /// The whole part of `f` and its fraction, both with its sign.
    #[star_fn(pos, name = "Modf")]
    fn modf(f: f64) -> (f64, f64) {
        match f {
            f if f.is_infinite() => (f, f64::NAN),
            f => (f.trunc(), (f - f.trunc()).copysign(f)),
        }
    }

    /// What is no number.
    #[star_fn(pos, name = "NaN")]
    fn nan() -> f64 {
        f64::NAN
    }

    /// The float after `x` on the way to `y`.
    #[star_fn(pos, name = "Nextafter")]
    fn nextafter(x: f64, y: f64) -> f64 {
        next_after(x, y, 1)
    }

    /// The number of 32 bits after `x` on the way to `y`.
    #[star_fn(pos, name = "Nextafter32")]
    fn nextafter32(x: f64, y: f64) -> f64 {
        next_after_32(x as f32, y as f32).into()
    }

    /// `x` raised to the power `y`.
    #[star_fn(pos, name = "Pow")]
    fn pow(x: f64, y: f64) -> f64 {
        x.powf(y)
    }

    /// 10 raised to the power `n`.
    #[star_fn(pos, name = "Pow10")]
    fn pow10(n: i64) -> f64 {
        10f64.powf(n as f64)
    }

    /// `x` without the multiple of `y` that is nearest to it.
    #[star_fn(pos, name = "Remainder")]
    fn remainder(x: f64, y: f64) -> f64 {
        libm::remainder(x, y)
    }

    /// The nearest whole number, half way away from 0.
    #[star_fn(pos, name = "Round")]
    fn round(x: f64) -> f64 {
        x.round()
    }

    /// The nearest whole number, half way to the even one.
    #[star_fn(pos, name = "RoundToEven")]
    fn round_to_even(x: f64) -> f64 {
        x.round_ties_even()
    }

    /// Whether `x` is negative, or negative zero.
    #[star_fn(pos, name = "Signbit")]
    fn signbit(x: f64) -> bool {
        x.is_sign_negative()
    }

    /// The sine of `x` radians.
    #[star_fn(pos, name = "Sin")]
    fn sin(x: f64) -> f64 {
        x.sin()
    }

    /// The sine and the cosine of `x` radians.
    #[star_fn(pos, name = "Sincos")]
    fn sincos(x: f64) -> (f64, f64) {
        x.sin_cos()
    }

    /// The hyperbolic sine of `x`.
    #[star_fn(pos, name = "Sinh")]
    fn sinh(x: f64) -> f64 {
        x.sinh()
    }

    /// The square root of `x`.
    #[star_fn(pos, name = "Sqrt")]
    fn sqrt(x: f64) -> f64 {
        x.sqrt()
    }

    /// The tangent of `x` radians.
    #[star_fn(pos, name = "Tan")]
    fn tan(x: f64) -> f64 {
        x.tan()
    }

    /// The hyperbolic tangent of `x`.
    #[star_fn(pos, name = "Tanh")]
    fn tanh(x: f64) -> f64 {
        x.tanh()
    }

    /// `x` without its fraction.
    #[star_fn(pos, name = "Trunc")]
    fn trunc(x: f64) -> f64 {
        x.trunc()
    }

    /// The Bessel function of the second kind of order 0.
    #[star_fn(pos, name = "Y0")]
    fn y0(x: f64) -> f64 {
        libm::y0(x)
    }

    /// The Bessel function of the second kind of order 1.
    #[star_fn(pos, name = "Y1")]
    fn y1(x: f64) -> f64 {
        libm::y1(x)
    }

    /// The Bessel function of the second kind of order `n`.
    #[star_fn(pos, name = "Yn")]
    fn yn(n: i32, x: f64) -> f64 {
        libm::yn(n, x)
    }
}
