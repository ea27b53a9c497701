//! `random`: numbers that nobody can guess, or that follow from a seed as CPython's do.
//!
//! In: seeds, ranges, sequences, parameters of distributions. Out: numbers and choices. Rule: a seed gives CPython's
//! numbers, draw by draw; without one the isolate's entropy seeds, which its host can fix.
//!
//! | file | |
//! | --- | --- |
//! | `twister` | the generator |
//! | `source` | draws of bits, floats and ints below a bound |
//! | `state` | seeds and states |
//! | `integers` | ints and bytes |
//! | `sequences` | choices, shuffles and samples |
//! | `distributions` | floats of every distribution |

mod distributions;
mod integers;
mod sequences;
mod source;
mod state;
mod twister;

use star::heap::{Attribute, Base, Constant, HostModule, HostType, Native};
use star::ops::attribute;
use star::private::{Arity, Ctx, Family, Raise, TypeDesc, Value};

use crate::native::{method, script};

/// `random`.
pub fn module() -> &'static HostModule {
    &MODULE
}

static MODULE: HostModule = HostModule {
    types: &[&RANDOM, &SYSTEM_RANDOM],
    constants: FUNCTIONS,
    ..HostModule::named("random", "Random numbers and choices.", Family::Python)
};

/// `Random`.
static RANDOM: HostType = HostType {
    new: Some(&NEW),
    methods: METHODS,
    attributes: &[Attribute {
        name: "gauss_next",
        doc: "The second of a pair of numbers that gauss() has made, or None.",
        ty: &TypeDesc::Optional(&TypeDesc::Float),
        get: state::gauss_next,
        set: Some(state::set_gauss_next),
    }],
    constants: &[Constant {
        name: "VERSION",
        doc: "Version of the states.",
        ty: &TypeDesc::Int(None),
        make: |_| Ok(Value::Int(state::VERSION)),
    }],
    ..HostType::named("Random", "random", "A generator of random numbers.")
};

/// `SystemRandom`.
static SYSTEM_RANDOM: HostType = HostType {
    base: Base::Host(&RANDOM),
    new: Some(&NEW_SYSTEM),
    methods: SYSTEM_METHODS,
    ..HostType::named("SystemRandom", "random", "A generator of random numbers that no seed gives again.")
};

static NEW: Native =
    method(&RANDOM, "__init__", script(&["x"], 0), state::new, "Random(x=None): a generator with that seed");

static NEW_SYSTEM: Native = method(
    &RANDOM,
    "__init__",
    script(&["x"], 0),
    state::new_system,
    "SystemRandom(): a generator without a seed",
);

static METHODS: &[Native] = &[
    method(
        &RANDOM,
        "betavariate",
        script(&["alpha", "beta"], 2),
        distributions::beta,
        "betavariate(alpha, beta): a float of the beta distribution",
    ),
    method(
        &RANDOM,
        "binomialvariate",
        script(&["n", "p"], 0),
        distributions::binomial,
        "binomialvariate(n=1, p=0.5): how many of n trials succeed, each with probability p",
    ),
    method(
        &RANDOM,
        "choice",
        script(&["seq"], 1),
        sequences::choice,
        "choice(seq): an item of a sequence that is not empty",
    ),
    method(
        &RANDOM,
        "choices",
        Arity::Script {
            names: &["population", "weights", "cum_weights", "k"],
            positional_only: 0,
            positional: 2,
            required: 1,
        },
        sequences::choices,
        "choices(population, weights=None, *, cum_weights=None, k=1): a list of k items, each drawn from all",
    ),
    method(
        &RANDOM,
        "expovariate",
        script(&["lambd"], 0),
        distributions::exponential,
        "expovariate(lambd=1.0): a float of the exponential distribution with mean 1 / lambd",
    ),
    method(
        &RANDOM,
        "gammavariate",
        script(&["alpha", "beta"], 2),
        distributions::gamma,
        "gammavariate(alpha, beta): a float of the gamma distribution",
    ),
    method(
        &RANDOM,
        "gauss",
        script(&["mu", "sigma"], 0),
        distributions::gauss,
        "gauss(mu=0.0, sigma=1.0): a float of the normal distribution, made in pairs",
    ),
    method(&RANDOM, "getrandbits", Arity::One, integers::bits, "getrandbits(k): an int of k bits"),
    method(
        &RANDOM,
        "getstate",
        script(&[], 0),
        state::get,
        "getstate(): what setstate() makes the generator go on from",
    ),
    method(
        &RANDOM,
        "lognormvariate",
        script(&["mu", "sigma"], 2),
        distributions::log_normal,
        "lognormvariate(mu, sigma): a float whose logarithm has the normal distribution",
    ),
    method(
        &RANDOM,
        "normalvariate",
        script(&["mu", "sigma"], 0),
        distributions::normal,
        "normalvariate(mu=0.0, sigma=1.0): a float of the normal distribution",
    ),
    method(
        &RANDOM,
        "paretovariate",
        script(&["alpha"], 1),
        distributions::pareto,
        "paretovariate(alpha): a float of the Pareto distribution",
    ),
    method(&RANDOM, "randbytes", script(&["n"], 1), integers::bytes, "randbytes(n): n bytes"),
    method(
        &RANDOM,
        "randint",
        script(&["a", "b"], 2),
        integers::between,
        "randint(a, b): an int from a to b, both included",
    ),
    method(&RANDOM, "random", Arity::None, integers::unit, "random(): a float from 0 on, below 1"),
    method(
        &RANDOM,
        "randrange",
        script(&["start", "stop", "step"], 1),
        integers::range,
        "randrange(start, stop=None, step=1): an item of range(start, stop, step)",
    ),
    method(
        &RANDOM,
        "sample",
        Arity::Script {
            names: &["population", "k", "counts"],
            positional_only: 0,
            positional: 2,
            required: 2,
        },
        sequences::sample,
        "sample(population, k, *, counts=None): a list of k items of different places",
    ),
    method(
        &RANDOM,
        "seed",
        script(&["a", "version"], 0),
        state::seed,
        "seed(a=None, version=2): starts anew from a seed, or from what nobody can guess",
    ),
    method(&RANDOM, "setstate", script(&["state"], 1), state::set, "setstate(state): goes on from a state"),
    method(&RANDOM, "shuffle", script(&["x"], 1), sequences::shuffle, "shuffle(x): shuffles a list in place"),
    method(
        &RANDOM,
        "triangular",
        script(&["low", "high", "mode"], 0),
        distributions::triangular,
        "triangular(low=0.0, high=1.0, mode=None): a float of the triangular distribution",
    ),
    method(
        &RANDOM,
        "uniform",
        script(&["a", "b"], 2),
        distributions::uniform,
        "uniform(a, b): a float between a and b",
    ),
    method(
        &RANDOM,
        "vonmisesvariate",
        script(&["mu", "kappa"], 2),
        distributions::von_mises,
        "vonmisesvariate(mu, kappa): an angle of the von Mises distribution",
    ),
    method(
        &RANDOM,
        "weibullvariate",
        script(&["alpha", "beta"], 2),
        distributions::weibull,
        "weibullvariate(alpha, beta): a float of the Weibull distribution",
    ),
];

static SYSTEM_METHODS: &[Native] = &[
    method(
        &SYSTEM_RANDOM,
        "getrandbits",
        script(&["k"], 1),
        integers::bits,
        "getrandbits(k): an int of k bits",
    ),
    method(&SYSTEM_RANDOM, "getstate", Arity::Variadic, state::none, "getstate(): there is no state"),
    method(&SYSTEM_RANDOM, "randbytes", script(&["n"], 1), integers::bytes, "randbytes(n): n bytes"),
    method(&SYSTEM_RANDOM, "random", script(&[], 0), integers::unit, "random(): a float from 0 on, below 1"),
    method(&SYSTEM_RANDOM, "seed", Arity::Variadic, state::no_seed, "seed(): does nothing"),
    method(&SYSTEM_RANDOM, "setstate", Arity::Variadic, state::none, "setstate(): there is no state"),
];

/// The module's functions are the methods of one generator, as in CPython; `_inst` is that generator.
macro_rules! functions {
    ($($name:literal)*) => {
        static FUNCTIONS: &[Constant] = &[
            Constant {
                name: "_inst",
                doc: "The generator of the module's functions.",
                ty: &TypeDesc::Object("Random"),
                make: |ctx| state::generator(ctx, Value::None),
            },
            $(Constant {
                name: $name,
                doc: doc_of($name),
                ty: &TypeDesc::Callable,
                make: |ctx| function(ctx, $name),
            },)*
        ];
    };
}

functions! {
    "betavariate" "binomialvariate" "choice" "choices" "expovariate" "gammavariate" "gauss" "getrandbits" "getstate"
    "lognormvariate" "normalvariate" "paretovariate" "randbytes" "randint" "random" "randrange" "sample" "seed" "setstate"
    "shuffle" "triangular" "uniform" "vonmisesvariate" "weibullvariate"
}

/// The text of a method.
const fn doc_of(name: &str) -> &'static str {
    let mut at = 0;
    while at < METHODS.len() {
        if same(METHODS[at].name.as_bytes(), name.as_bytes()) {
            return METHODS[at].doc;
        }
        at += 1;
    }
    ""
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// The generator of the module's functions, made when the first of them is used.
fn instance(ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
    let module = Value::Module(ctx.heap.host_module(&MODULE));
    Ok(attribute::find_attr(ctx, module, "_inst")?.unwrap_or_default())
}

/// The generator that the functions of the module draw from.
pub(crate) fn shared(ctx: &mut Ctx<'_>) -> Result<Value, Raise> {
    instance(ctx)
}

/// A generator of its own, as `Random(seed)`.
pub(crate) fn generator(ctx: &mut Ctx<'_>, seed: Value) -> Result<Value, Raise> {
    state::generator(ctx, seed)
}

/// A float from 0 on, below 1.
pub(crate) fn unit(ctx: &mut Ctx<'_>, generator: Value) -> f64 {
    source::unit(ctx, generator)
}

/// An item of a sequence; the generator is rooted meanwhile.
pub(crate) fn choice(ctx: &mut Ctx<'_>, generator: Value, sequence: Value) -> Result<Value, Raise> {
    sequences::choose(ctx, generator, sequence)
}

fn function(ctx: &mut Ctx<'_>, name: &str) -> Result<Value, Raise> {
    let own = instance(ctx)?;
    Ok(attribute::find_attr(ctx, own, name)?.unwrap_or_default())
}

/// Whether it is of a type whose draws are the machine's own.
fn is_system(class: Value, ctx: &Ctx<'_>) -> bool {
    match class {
        Value::Host(at) => ctx.heap[at].kind.is(&SYSTEM_RANDOM),
        _ => false,
    }
}
