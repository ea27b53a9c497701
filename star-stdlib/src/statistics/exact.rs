//! Exact sums of data of any numeric type.
//!
//! In: values. Out: their sum as a fraction, and the type that results are to have. Rule: nothing is rounded before the
//! end; a sum that has an infinity or NaN in it is that.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Zero};
use star::ast::BinaryOp as Op;
use star::object::types::TypeId;
use star::ops::{attribute, iterate, number, types};
use star::private::{Ctx, Raise, Value};
use star::text::float::as_integer_ratio;

use crate::calculate::binary;

/// A number that is exact, or one that is not finite.
#[derive(Clone, Debug)]
pub(super) enum Exact {
    /// Numerator and denominator, which is positive. Not reduced.
    Ratio(BigInt, BigInt),
    /// An infinity or NaN.
    Special(Value),
}

/// What type a result is to have.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Int,
    Float,
    /// A type of another module: `Fraction`, `Decimal`.
    Other(Value),
}

impl Kind {
    fn of(ctx: &Ctx<'_>, value: Value) -> Kind {
        match value {
            Value::Int(_) | Value::Bool(_) | Value::BigInt(_) => Kind::Int,
            Value::Float(_) => Kind::Float,
            _ => Kind::Other(types::type_of(ctx.heap, value)),
        }
    }

    fn name(self, ctx: &Ctx<'_>) -> String {
        match self {
            Kind::Int => "int".to_string(),
            Kind::Float => "float".to_string(),
            Kind::Other(Value::Type(number)) => ctx.heap.type_name(number).to_string(),
            Kind::Other(_) => String::new(),
        }
    }

    /// The type of a result from both.
    fn joined(self, other: Kind, ctx: &mut Ctx<'_>) -> Result<Kind, Raise> {
        match (self, other) {
            (kind, Kind::Int) | (Kind::Int, kind) => Ok(kind),
            (Kind::Float, Kind::Float) => Ok(Kind::Float),
            (Kind::Other(a), Kind::Other(b)) if a == b => Ok(self),
            (Kind::Float, other @ Kind::Other(_)) | (other @ Kind::Other(_), Kind::Float)
                if other.name(ctx) == "Fraction" =>
            {
                Ok(Kind::Float)
            }
            _ => {
                let (a, b) = (self.name(ctx), other.name(ctx));
                Err(ctx.type_error(format!("don't know how to coerce {a} and {b}")))
            }
        }
    }
}

/// Sums of data, by denominator: most data have few of them.
pub(super) struct Sums {
    /// Numerators, and those of squares, by denominator (of squares, its root).
    partials: BTreeMap<BigInt, (BigInt, BigInt)>,
    special: Option<Value>,
    squares: bool,
    kinds: Vec<Kind>,
    /// How many items were added.
    pub(super) count: i64,
}

impl Sums {
    /// No data yet; `squares` says whether squares are wanted too.
    pub(super) fn new(squares: bool) -> Sums {
        Sums { partials: BTreeMap::new(), special: None, squares, kinds: Vec::new(), count: 0 }
    }

    /// Adds a value, which is rooted.
    pub(super) fn add(&mut self, ctx: &mut Ctx<'_>, value: Value) -> Result<(), Raise> {
        ctx.charge(2)?;
        self.count += 1;
        let kind = Kind::of(ctx, value);
        // The types of neighbours are mostly one.
        match (self.kinds.last(), kind) {
            (Some(Kind::Int), Kind::Int) | (Some(Kind::Float), Kind::Float) => {}
            (Some(Kind::Other(last)), Kind::Other(own)) if *last == own => {}
            _ => self.kinds.push(kind),
        }
        match exact(ctx, value)? {
            Exact::Ratio(n, d) => {
                let square = if self.squares { &n * &n } else { BigInt::zero() };
                let (sum, squares) = self.partials.entry(d).or_default();
                *sum += n;
                *squares += square;
            }
            Exact::Special(value) => {
                let sum = match self.special {
                    Some(sum) => binary(ctx, Op::Add, sum, value)?,
                    None => value,
                };
                self.special = Some(sum);
            }
        }
        Ok(())
    }

    /// Adds all items of a rooted list.
    pub(super) fn add_all(&mut self, ctx: &mut Ctx<'_>, items: Value) -> Result<(), Raise> {
        let mut at = 0;
        while let Some(&item) = ctx.heap.as_items(items).and_then(|items| items.get(at)) {
            self.add(ctx, item)?;
            at += 1;
        }
        Ok(())
    }

    /// The type of results.
    pub(super) fn kind(&self, ctx: &mut Ctx<'_>) -> Result<Kind, Raise> {
        self.kinds.iter().try_fold(Kind::Int, |kind, &other| kind.joined(other, ctx))
    }

    /// The sum.
    pub(super) fn sum(&self, ctx: &mut Ctx<'_>) -> Result<Exact, Raise> {
        if let Some(special) = self.special {
            return Ok(Exact::Special(special));
        }
        ctx.charge(self.partials.len())?;
        Ok(total(self.partials.iter().map(|(d, (n, _))| (n.clone(), d.clone()))))
    }

    /// The mean, and the sum of the squares of what each item is away from it.
    pub(super) fn deviations(&self, ctx: &mut Ctx<'_>) -> Result<(Exact, Exact), Raise> {
        if let Some(special) = self.special {
            return Ok((Exact::Special(special), Exact::Special(special)));
        }
        ctx.charge(self.partials.len())?;
        if self.count == 0 {
            return Ok((Exact::from(0), Exact::from(0)));
        }
        let sums = self.partials.iter().map(|(d, (n, _))| (n.clone(), d.clone()));
        let squares = self.partials.iter().map(|(d, (_, n))| (n.clone(), d * d));
        let (Exact::Ratio(n, d), Exact::Ratio(n2, d2)) = (total(sums), total(squares)) else {
            return Ok((Exact::from(0), Exact::from(0)));
        };
        let count = BigInt::from(self.count);
        // (count * squares - sum * sum) / count
        let above = &count * n2 * &d * &d - &n * &n * &d2;
        let below = d2 * &d * &d * &count;
        Ok((Exact::Ratio(n, d * count), Exact::Ratio(above, below)))
    }
}

/// The sum of fractions.
fn total(parts: impl Iterator<Item = (BigInt, BigInt)>) -> Exact {
    let (mut n, mut d) = (BigInt::zero(), BigInt::one());
    for (part_n, part_d) in parts {
        let common = d.lcm(&part_d);
        n = n * (&common / &d) + part_n * (&common / part_d);
        d = common;
    }
    Exact::Ratio(n, d)
}

impl From<i64> for Exact {
    fn from(n: i64) -> Exact {
        Exact::Ratio(n.into(), BigInt::one())
    }
}

/// A number exactly.
pub(super) fn exact(ctx: &mut Ctx<'_>, value: Value) -> Result<Exact, Raise> {
    match value {
        Value::Int(_) | Value::Bool(_) | Value::BigInt(_) => {
            let n = number::to_big(ctx.heap, value).unwrap_or_default();
            Ok(Exact::Ratio(n, BigInt::one()))
        }
        Value::Float(bits) => match as_integer_ratio(f64::from_bits(bits)) {
            Ok((n, d)) => Ok(Exact::Ratio(big(n), big(d))),
            Err(_) => Ok(Exact::Special(value)),
        },
        _ => exact_by_method(ctx, value),
    }
}

fn big(int: star::text::int::Int) -> BigInt {
    match int {
        star::text::int::Int::Small(small) => small.into(),
        star::text::int::Int::Big(big) => big,
    }
}

/// A number of another module's type, which says itself what fraction it is.
fn exact_by_method(ctx: &mut Ctx<'_>, value: Value) -> Result<Exact, Raise> {
    let Some(method) = attribute::find_attr(ctx, value, "as_integer_ratio")? else {
        let given = types::type_name(ctx.heap, value);
        return Err(ctx.type_error(format!("can't convert type '{given}' to numerator/denominator")));
    };
    ctx.heap.scratch.push(method);
    let pair = iterate::call_direct(ctx, method, &[]);
    ctx.heap.scratch.pop();
    match pair {
        Ok(pair) => {
            let number = |at: usize| {
                let part = ctx.heap.as_items(pair).and_then(|parts| parts.get(at).copied());
                part.and_then(|part| number::to_big(ctx.heap, part)).unwrap_or_else(BigInt::one)
            };
            Ok(Exact::Ratio(number(0), number(1)))
        }
        Err(Raise::Exception(at)) => {
            let class = types::type_id(ctx.heap, Value::Exception(at));
            match class == TypeId::OverflowError || class.is_subtype(TypeId::ValueError) {
                true => Ok(Exact::Special(value)),
                false => Err(Raise::Exception(at)),
            }
        }
        Err(end) => Err(end),
    }
}

impl Exact {
    /// It divided by a number other than 0.
    pub(super) fn over(self, ctx: &mut Ctx<'_>, divisor: i64) -> Result<Exact, Raise> {
        match self {
            Exact::Ratio(n, d) => Ok(Exact::Ratio(n, d * divisor)),
            Exact::Special(value) => binary(ctx, Op::Div, value, Value::Int(divisor)).map(Exact::Special),
        }
    }

    /// As a value of a type; as a float where that is int and it is none.
    pub(super) fn convert(&self, ctx: &mut Ctx<'_>, kind: Kind) -> Result<Value, Raise> {
        let (n, d) = match self {
            Exact::Special(value) => return Ok(*value),
            Exact::Ratio(n, d) => {
                let common = n.gcd(d);
                (n / &common, d / common)
            }
        };
        ctx.charge(1 + (n.bits() + d.bits()) as usize / 64)?;
        match kind {
            Kind::Int if d.is_one() => Ok(ctx.heap.int(n)),
            Kind::Int | Kind::Float => {
                let n = ctx.heap.int(n);
                let d = ctx.heap.int(d);
                binary(ctx, Op::Div, n, d)
            }
            Kind::Other(class) => {
                let n = construct(ctx, class, n)?;
                ctx.heap.scratch.push(n);
                let d = construct(ctx, class, d);
                ctx.heap.scratch.pop();
                binary(ctx, Op::Div, n, d?)
            }
        }
    }

    /// As a float.
    pub(super) fn float(&self, ctx: &mut Ctx<'_>) -> Result<f64, Raise> {
        let value = self.convert(ctx, Kind::Float)?;
        crate::arguments::real(ctx, value)
    }
}

/// `class(n)`
fn construct(ctx: &mut Ctx<'_>, class: Value, n: BigInt) -> Result<Value, Raise> {
    let n = ctx.heap.int(n);
    let Value::Type(number) = class else { return Ok(n) };
    ctx.heap.scratch.push(n);
    let made = star::builtins::construct(ctx, number, star::heap::Args::new(&[n]));
    ctx.heap.scratch.pop();
    match made? {
        star::heap::Outcome::Return(value) => Ok(value),
        _ => Err(ctx.type_error("a number whose type asks for a script")),
    }
}

/// The square root of `n / m`, both positive or `n` 0, as the nearest float.
pub(super) fn root_of_ratio(ctx: &mut Ctx<'_>, n: &BigInt, m: &BigInt) -> Result<f64, Raise> {
    // A root of 109 bits or more whose last bit says that something follows is rounded as the exact one is.
    const BITS: i64 = 2 * 53 + 3;
    ctx.charge(1 + (n.bits() + m.bits()) as usize / 8)?;
    let shift = (n.bits() as i64 - m.bits() as i64 - BITS).div_euclid(2);
    let odd_root = |n: BigInt, m: BigInt| {
        let root = (&n / &m).sqrt();
        if &root * &root * m == n { root } else { root | BigInt::one() }
    };
    let (above, below) = match shift {
        0.. => (odd_root(n.clone(), m << (2 * shift)) << shift, BigInt::one()),
        _ => (odd_root(n << (-2 * shift), m.clone()), BigInt::one() << -shift),
    };
    Exact::Ratio(above, below).float(ctx)
}
