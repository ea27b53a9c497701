//! `kde` and `kde_random`: functions that estimate a density, or draw from it.
//!
//! In: a sample, a bandwidth and a kernel. Out: an object that can be called. Rule: it looks at the sample anew each time,
//! which may have grown meanwhile.

use star::ast::{BinaryOp as Op, CompareOp};
use star::heap::{Args, HostType};
use star::object::HostData;
use star::ops::{index, repr, types};
use star::private::{Ctx, Hooks, NativeResult, Raise, Value};

use super::error;
use super::kernels::{Kernel, kernel};
use crate::arguments::real;
use crate::calculate::{binary, length, order};
use crate::random;

/// What `kde` returns.
static ESTIMATE: HostType = HostType {
    hooks: Hooks { call: Some(call_estimate), ..Hooks::NONE },
    ..HostType::named("function", "", "A function that estimates a density.")
};

/// What `kde_random` returns.
static DRAW: HostType = HostType {
    hooks: Hooks { call: Some(call_draw), ..Hooks::NONE },
    ..HostType::named("function", "", "A function that draws from a density.")
};

struct Estimate {
    data: Value,
    bandwidth: f64,
    kernel: &'static Kernel,
    cumulative: bool,
}

impl HostData for Estimate {
    fn trace(&self, index: usize, visit: &mut dyn FnMut(Value) -> bool) -> usize {
        if index == 0 && !visit(self.data) { 1 } else { usize::MAX }
    }
}

struct Draw {
    data: Value,
    bandwidth: Value,
    kernel: &'static Kernel,
    generator: Value,
}

impl HostData for Draw {
    fn trace(&self, index: usize, visit: &mut dyn FnMut(Value) -> bool) -> usize {
        for (at, &value) in [self.data, self.bandwidth, self.generator].iter().enumerate().skip(index) {
            if !visit(value) {
                return at + 1;
            }
        }
        usize::MAX
    }
}

/// Checks the arguments of either function.
fn check(ctx: &mut Ctx<'_>, data: Value, h: Value, name: Value) -> Result<&'static Kernel, Raise> {
    if length(ctx, data)? == 0 {
        return Err(error(ctx, "Empty data sequence"));
    }
    let first = index::get_item(ctx, data, Value::Int(0))?;
    if !star::ops::number::is_number(first) {
        return Err(ctx.type_error("Data sequence must contain ints or floats"));
    }
    if order(ctx, CompareOp::Le, h, Value::float(0.0))? {
        let shown = repr::repr(ctx, h)?;
        return Err(error(ctx, &format!("Bandwidth h must be positive, not h={shown}")));
    }
    let known = if name.is_undef() { kernel("normal") } else { ctx.heap.as_str(name).and_then(kernel) };
    match known {
        Some(kernel) => Ok(kernel),
        None => {
            let shown = repr::repr(ctx, name)?;
            Err(error(ctx, &format!("Unknown kernel name: {shown}")))
        }
    }
}

pub(super) fn estimate(
    ctx: &mut Ctx<'_>,
    data: Value,
    h: Value,
    name: Value,
    cumulative: Value,
) -> NativeResult {
    let kernel = check(ctx, data, h, name)?;
    let bandwidth = real(ctx, h)?;
    let cumulative = types::truthy(ctx.heap, cumulative);
    Ok(ctx.heap.host_object(&ESTIMATE, Estimate { data, bandwidth, kernel, cumulative }).into())
}

pub(super) fn random(ctx: &mut Ctx<'_>, data: Value, h: Value, name: Value, seed: Value) -> NativeResult {
    let kernel = check(ctx, data, h, name)?;
    let generator = random::generator(ctx, seed)?;
    Ok(ctx.heap.host_object(&DRAW, Draw { data, bandwidth: h, kernel, generator }).into())
}

/// A sum with what rounding has lost, as `sum` adds floats.
#[derive(Default)]
struct Sum {
    /// An int to begin with: the first float is added to it as `+` adds them.
    start: Option<f64>,
    sum: f64,
    lost: f64,
}

impl Sum {
    fn add(&mut self, x: f64) {
        if let Some(start) = self.start.take() {
            self.sum = start + x;
            return;
        }
        let total = self.sum + x;
        self.lost += if self.sum.abs() >= x.abs() { (self.sum - total) + x } else { (x - total) + self.sum };
        self.sum = total;
    }

    fn total(&self) -> f64 {
        match self.start {
            Some(start) => start,
            None if self.lost.is_finite() => self.sum + self.lost,
            None => self.sum,
        }
    }
}

fn call_estimate(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Value::Host(at) = args[0] else { return Ok(Value::None.into()) };
    let found =
        ctx.heap[at].borrow::<Estimate>().map(|own| (own.data, own.bandwidth, own.kernel, own.cumulative));
    let Some((data, h, kernel, cumulative)) = found else { return Ok(Value::None.into()) };
    let name = if cumulative { "cdf" } else { "pdf" };
    let x = one_argument(ctx, args, &format!("kde.<locals>.{name}"))?;
    if !star::ops::number::is_number(x) {
        let first = if kernel.bounded { Value::float(h) } else { index::get_item(ctx, data, Value::Int(0))? };
        binary(ctx, Op::Sub, x, first)?;
    }
    let x = real(ctx, x)?;
    let count = length(ctx, data)?;
    ctx.charge(count * 2)?;
    let mut sample = Vec::with_capacity(count);
    for at in 0..count {
        let item = index::get_item(ctx, data, Value::Int(at as i64))?;
        sample.push(real(ctx, item)?);
    }
    let mut sum = Sum::default();
    if kernel.bounded {
        sample.sort_by(f64::total_cmp);
        let below = sample.partition_point(|&item| item < x - h);
        let up_to = sample.partition_point(|&item| item <= x + h);
        if cumulative {
            sum.start = Some(below as f64);
        }
        sample = sample.get(below..up_to).unwrap_or_default().to_vec();
    }
    let value = if cumulative { kernel.cumulative } else { kernel.density };
    for item in sample {
        let term = value((x - item) / h);
        if term.is_nan() && !x.is_nan() && !item.is_nan() {
            return Err(ctx.error(star::object::types::TypeId::OverflowError, "math range error"));
        }
        sum.add(term);
    }
    let below = if cumulative { count as f64 } else { count as f64 * h };
    Ok(Value::float(sum.total() / below).into())
}

fn one_argument(ctx: &mut Ctx<'_>, args: Args<'_>, function: &str) -> Result<Value, Raise> {
    if let [_, x] = args.positional
        && args.names.is_empty()
    {
        return Ok(*x);
    }
    if args.len() == 1
        && let ([name], [x]) = (args.names, args.keywords)
        && ctx.heap.as_str(*name) == Some("x")
    {
        return Ok(*x);
    }
    let given = args.len() - 1;
    Err(ctx.type_error(match given {
        0 => format!("{function}() missing 1 required positional argument: 'x'"),
        _ => format!("{function}() takes 1 positional argument but {given} were given"),
    }))
}

fn call_draw(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let Value::Host(at) = args[0] else { return Ok(Value::None.into()) };
    let found = ctx.heap[at].borrow::<Draw>().map(|own| (own.data, own.bandwidth, own.kernel, own.generator));
    let Some((data, h, kernel, generator)) = found else { return Ok(Value::None.into()) };
    if args.len() > 1 {
        let (given, were) = (args.len() - 1, if args.len() == 2 { "was" } else { "were" });
        let message =
            format!("kde_random.<locals>.rand() takes 0 positional arguments but {given} {were} given");
        return Err(ctx.type_error(message));
    }
    let item = random::choice(ctx, generator, data)?;
    ctx.heap.scratch.push(item);
    let away = (kernel.quantile)(random::unit(ctx, generator));
    let part = binary(ctx, Op::Mul, h, Value::float(away));
    ctx.heap.scratch.pop();
    Ok(binary(ctx, Op::Add, item, part?)?.into())
}
