//! Arguments of calls, and every message about wrong ones.
//!
//! In: what a call gave, and what the callee takes. Out: one value per parameter, or a TypeError. Rule: the words
//! are CPython's, which differ by how a function declares its parameters ([`Arity`]).

use crate::bytecode::Params;
use crate::heap::{Args, Arity, Ctx, HostModule, Native, Owner, Raise};
use crate::object::types::TypeId;
use crate::ops::{attribute, types};
use crate::text::distance;
use crate::value::Value;

/// Parameters that a native may declare, the receiver included.
pub const MAX_PARAMETERS: usize = 16;

/// Arranges `args` as the parameters of `native`, `Undef` for those left out; see [`Args`]. With `has_receiver` the
/// first argument is the receiver of a method.
#[inline]
pub fn bind<'a>(
    ctx: &mut Ctx<'_>,
    native: &'static Native,
    args: Args<'a>,
    has_receiver: bool,
    buffer: &'a mut [Value; MAX_PARAMETERS],
) -> Result<Args<'a>, Raise> {
    if has_receiver {
        check_receiver(ctx, native, args)?;
        return bind_rest(ctx, native, args, buffer);
    }
    bind_after(ctx, native, args, 0, buffer)
}

/// [`bind`] where the first argument is what the native goes by, whatever it is.
#[inline]
pub fn bind_rest<'a>(
    ctx: &mut Ctx<'_>,
    native: &'static Native,
    args: Args<'a>,
    buffer: &'a mut [Value; MAX_PARAMETERS],
) -> Result<Args<'a>, Raise> {
    bind_after(ctx, native, args, 1, buffer)
}

#[inline]
fn bind_after<'a>(
    ctx: &mut Ctx<'_>,
    native: &'static Native,
    args: Args<'a>,
    skip: usize,
    buffer: &'a mut [Value; MAX_PARAMETERS],
) -> Result<Args<'a>, Raise> {
    if !args.names.is_empty() {
        return bind_names(ctx, native, args, skip, buffer);
    }
    let given = args.len() - skip;
    let (least, most, all) = match native.arity {
        Arity::None => (0, 0, 0),
        Arity::One => (1, 1, 1),
        Arity::Positional(least, most) => (least as usize, most as usize, most as usize),
        Arity::Named { names, required, positional } | Arity::Script { names, required, positional, .. } => {
            (required as usize, positional as usize, names.len())
        }
        Arity::Variadic | Arity::VariadicPositional => return Ok(args),
    };
    if given < least || given > most {
        return Err(wrong_count(ctx, native, given, skip));
    }
    if given == all { Ok(args) } else { Ok(fill(args, skip + all, buffer)) }
}

/// `args` and `Undef` up to `count` places.
fn fill<'a>(args: Args<'_>, count: usize, buffer: &'a mut [Value; MAX_PARAMETERS]) -> Args<'a> {
    let (given, rest) = buffer[..count].split_at_mut(args.len());
    given.copy_from_slice(args.positional);
    rest.fill(Value::Undef);
    Args::new(&buffer[..count])
}

#[inline]
fn check_receiver(ctx: &mut Ctx<'_>, native: &'static Native, args: Args<'_>) -> Result<(), Raise> {
    let receiver = args.get(0);
    match (receiver, native.owner) {
        (Some(receiver), Some(Owner::Type(owner))) if types::type_id(ctx.heap, receiver) == owner => Ok(()),
        (_, owner) => {
            check_other_receiver(ctx, native, receiver, owner.unwrap_or(Owner::Type(TypeId::Object)))
        }
    }
}

/// A receiver of a type below the owner, of a function bound to the type itself, or a wrong one.
#[cold]
fn check_other_receiver(
    ctx: &mut Ctx<'_>,
    native: &'static Native,
    receiver: Option<Value>,
    owner: Owner,
) -> Result<(), Raise> {
    let (name, class) = (native.name, owner.message_name());
    let Some(receiver) = receiver else {
        if let Arity::Script { names, required, .. } = native.arity {
            let all: Vec<&str> = ["self"].iter().chain(&names[..required as usize]).copied().collect();
            return Err(ctx.type_error(missing(&qualified_name(native), "positional", &all)));
        }
        return Err(ctx.type_error(format!("unbound method {}.{name}() needs an argument", owner.name())));
    };
    let bound_to_type = matches!(receiver, Value::Type(_))
        && match owner {
            Owner::Type(owner) => attribute::is_class_method(owner, name),
            Owner::Host(owner) => owner.statics.iter().any(|known| std::ptr::eq(known, native)),
        };
    if bound_to_type || types::belongs(ctx.heap, receiver, owner) {
        return Ok(());
    }
    let given = types::type_name(ctx.heap, receiver);
    let message = format!("descriptor '{name}' for '{class}' objects doesn't apply to a '{given}' object");
    Err(ctx.type_error(message))
}

/// `list.append()`, `math.sqrt()` or `len()`, as errors about a function without named parameters call it.
fn full_name(ctx: &Ctx<'_>, native: &Native) -> String {
    match (native.owner, module_of(ctx, native)) {
        (Some(owner), _) => format!("{}.{}()", owner.name(), native.name),
        (None, Some(module)) => format!("{}.{}()", module.path.replace('/', "."), native.name),
        (None, None) => format!("{}()", native.name),
    }
}

/// The module that a function belongs to.
fn module_of(ctx: &Ctx<'_>, native: &Native) -> Option<&'static HostModule> {
    let has = |module: &&HostModule| module.functions.as_ptr_range().contains(&std::ptr::from_ref(native));
    ctx.heap.grants().registry.modules().find(has)
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// Too few or too many arguments, none of them by name.
#[cold]
fn wrong_count(ctx: &mut Ctx<'_>, native: &Native, given: usize, skip: usize) -> Raise {
    let message = match native.arity {
        Arity::None => format!("{} takes no arguments ({given} given)", full_name(ctx, native)),
        Arity::One => format!("{} takes exactly one argument ({given} given)", full_name(ctx, native)),
        Arity::Positional(least, most) => count_message(native.name, least as usize, most as usize, given),
        Arity::Named { names, required, positional } => {
            let shape = Shape {
                name: native.name,
                names,
                required: required as usize,
                positional: positional as usize,
            };
            match shape.count_error(given, 0) {
                Some(message) => message,
                None => shape.missing_error(given),
            }
        }
        Arity::Script { names, positional, required, .. } => {
            let (positional, required) = (positional as usize, required as usize);
            match names.get(given..required) {
                Some(left_out) if given < required => {
                    missing(&qualified_name(native), "positional", left_out)
                }
                _ => {
                    let (most, defaults) = (positional + skip, positional - required);
                    too_many(&qualified_name(native), most, defaults, given + skip, 0)
                }
            }
        }
        Arity::Variadic | Arity::VariadicPositional => String::new(),
    };
    ctx.type_error(message)
}

/// `Random.seed` or `mean`, as errors about a function that a script could have defined call it.
fn qualified_name(native: &Native) -> String {
    match native.owner {
        Some(owner) => format!("{}.{}", owner.name(), native.name),
        None => native.name.to_string(),
    }
}

/// `pop expected at most 1 argument, got 2`: for functions whose arguments have no names.
pub fn count_message(name: &str, least: usize, most: usize, given: usize) -> String {
    let (bound, expected) = match () {
        () if least == most => ("", least),
        () if given < least => ("at least ", least),
        () => ("at most ", most),
    };
    format!("{name} expected {bound}{expected} argument{}, got {given}", plural(expected))
}

/// `len() takes no keyword arguments`.
#[cold]
pub fn no_keywords(ctx: &mut Ctx<'_>, native: &Native) -> Raise {
    ctx.type_error(format!("{} takes no keyword arguments", full_name(ctx, native)))
}

#[cold]
fn bind_names<'a>(
    ctx: &mut Ctx<'_>,
    native: &'static Native,
    args: Args<'a>,
    skip: usize,
    buffer: &'a mut [Value; MAX_PARAMETERS],
) -> Result<Args<'a>, Raise> {
    match native.arity {
        Arity::Variadic => Ok(args),
        Arity::Named { names, required, positional } => {
            let (required, positional) = (required as usize, positional as usize);
            let shape = Shape { name: native.name, names, required, positional };
            buffer[..skip].copy_from_slice(&args.positional[..skip]);
            let rest = Args { positional: &args.positional[skip..], ..args };
            shape.place(ctx, rest, &mut buffer[skip..skip + names.len()])?;
            Ok(Args::new(&buffer[..skip + names.len()]))
        }
        Arity::Script { names, positional_only, positional, required } => {
            let (positional, required) = (positional as usize, required as usize);
            let function = ScriptFunction {
                name: &qualified_name(native),
                names,
                positional_only: positional_only as usize,
                positional,
                required,
            };
            buffer[..skip].copy_from_slice(&args.positional[..skip]);
            function.place(ctx, args, skip, &mut buffer[skip..skip + names.len()])?;
            Ok(Args::new(&buffer[..skip + names.len()]))
        }
        _ => Err(no_keywords(ctx, native)),
    }
}

/// Binds the keywords of a variadic function that takes `names` only by name: `print(1, sep="")`. The values come
/// in the order of `names`, `Undef` where left out.
pub fn keywords<const N: usize>(
    ctx: &mut Ctx<'_>,
    name: &str,
    names: &[&str; N],
    args: Args<'_>,
) -> Result<[Value; N], Raise> {
    let mut values = [Value::Undef; N];
    if !args.names.is_empty() {
        let shape = Shape { name, names, required: 0, positional: 0 };
        shape.place(ctx, Args { positional: &[], ..args }, &mut values)?;
    }
    Ok(values)
}

/// A function with named parameters: see [`Arity::Named`].
struct Shape<'s> {
    name: &'s str,
    names: &'s [&'s str],
    required: usize,
    positional: usize,
}

impl Shape<'_> {
    /// Puts arguments into `places`, one for each name.
    fn place(&self, ctx: &mut Ctx<'_>, args: Args<'_>, places: &mut [Value]) -> Result<(), Raise> {
        places.fill(Value::Undef);
        if let Some(message) = self.count_error(args.len(), args.names.len()) {
            return Err(ctx.type_error(message));
        }
        places[..args.len()].copy_from_slice(args.positional);
        let mut left_over = None;
        for (&name, &value) in args.names.iter().zip(args.keywords) {
            let text = ctx.heap.as_str(name).unwrap_or_default();
            match self.names.iter().position(|known| *known == text && !text.is_empty()) {
                Some(place) if places[place].is_undef() => places[place] = value,
                other => left_over = left_over.or(Some((name, other))),
            }
        }
        if let Some(missing) = places[..self.required].iter().position(|place| place.is_undef()) {
            return Err(ctx.type_error(self.missing_error(missing)));
        }
        let Some((name, place)) = left_over else { return Ok(()) };
        let text = ctx.heap.as_str(name).unwrap_or_default();
        let message = match place {
            Some(place) if place < args.len() => {
                format!("argument for {}() given by name ('{text}') and position ({})", self.name, place + 1)
            }
            _ => self.unexpected(text),
        };
        Err(ctx.type_error(message))
    }

    fn unexpected(&self, keyword: &str) -> String {
        let known = self.names.iter().copied().filter(|known| !known.is_empty());
        unexpected(self.name, keyword, known)
    }

    /// How many parameters have no name; they come first.
    fn nameless(&self) -> usize {
        self.names.iter().take_while(|name| name.is_empty()).count()
    }

    fn count_error(&self, given: usize, keywords: usize) -> Option<String> {
        let (name, all, total) = (self.name, self.names.len(), given + keywords);
        if total > all {
            let kind = if given == 0 { "keyword " } else { "" };
            return Some(format!(
                "{name}() takes at most {all} {kind}argument{} ({total} given)",
                plural(all)
            ));
        }
        let least = self.nameless().min(self.required);
        if given < least {
            let bound = if least < self.positional { "at least" } else { "exactly" };
            let s = plural(least);
            return Some(format!("{name}() takes {bound} {least} positional argument{s} ({given} given)"));
        }
        if given <= self.positional {
            return None;
        }
        let most = self.positional;
        Some(match most {
            0 => format!("{name}() takes no positional arguments"),
            _ => {
                let bound = if self.required < most { "at most" } else { "exactly" };
                format!("{name}() takes {bound} {most} positional argument{} ({given} given)", plural(most))
            }
        })
    }

    /// Parameter number `index` was left out.
    fn missing_error(&self, index: usize) -> String {
        let name = self.names.get(index).copied().unwrap_or_default();
        format!("{}() missing required argument '{name}' (pos {})", self.name, index + 1)
    }
}

/// `f() got an unexpected keyword argument 'x'`, and which of `known` was probably meant.
pub fn unexpected<'k>(function: &str, keyword: &str, known: impl Iterator<Item = &'k str>) -> String {
    let mut message = format!("{function}() got an unexpected keyword argument '{keyword}'");
    if let Some(meant) = distance::suggestion(keyword, known) {
        message.push_str(&format!(". Did you mean '{meant}'?"));
    }
    message
}

// ---- functions of scripts ----------------------------------------------------------------------------

/// A native that takes arguments as a script's function does: see [`Arity::Script`].
struct ScriptFunction<'s> {
    name: &'s str,
    names: &'s [&'s str],
    positional_only: usize,
    positional: usize,
    required: usize,
}

impl ScriptFunction<'_> {
    /// Puts arguments into `places`, one for each name. The first `skip` of `args` are the receiver, which counts where
    /// there are too many.
    fn place(
        &self,
        ctx: &mut Ctx<'_>,
        args: Args<'_>,
        skip: usize,
        places: &mut [Value],
    ) -> Result<(), Raise> {
        let ScriptFunction { name: function, names, positional_only, positional, required } = *self;
        let given = args.len() - skip;
        places.fill(Value::Undef);
        places[..given.min(positional)].copy_from_slice(&args.positional[skip..][..given.min(positional)]);
        for (&name, &value) in args.names.iter().zip(args.keywords) {
            let text = ctx.heap.as_str(name).unwrap_or_default();
            let found = names[positional_only..].iter().position(|known| *known == text);
            let message = match found.map(|found| found + positional_only) {
                Some(place) if places[place].is_undef() => {
                    places[place] = value;
                    continue;
                }
                Some(place) => multiple_values(function, names[place]),
                None => {
                    let (nameless, nameable) = names.split_at(positional_only);
                    let given: Vec<&str> =
                        args.names.iter().filter_map(|&name| ctx.heap.as_str(name)).collect();
                    unexpected_name(function, nameless, nameable, text, &given)
                }
            };
            return Err(ctx.type_error(message));
        }
        if given > positional {
            let keyword_only = places[positional..].iter().filter(|place| !place.is_undef()).count();
            let (most, defaults) = (positional + skip, positional - required);
            let message = too_many(function, most, defaults, given + skip, keyword_only);
            return Err(ctx.type_error(message));
        }
        let left_out = (0..required).filter(|&at| places[at].is_undef()).map(|at| names[at]);
        let left_out: Vec<&str> = left_out.collect();
        if left_out.is_empty() {
            return Ok(());
        }
        Err(ctx.type_error(missing(function, "positional", &left_out)))
    }
}

/// A parameter was given by position and by name.
pub fn multiple_values(function: &str, parameter: &str) -> String {
    format!("{function}() got multiple values for argument '{parameter}'")
}

/// A keyword that is no parameter, or one that can only be given by position. `given` are all keywords of the call.
pub fn unexpected_keyword(function: &str, params: &Params, keyword: &str, given: &[&str]) -> String {
    let names: Vec<&str> = params.names.iter().map(|name| &**name).collect();
    let (nameless, nameable) = names.split_at(params.positional_only as usize);
    let count = (params.positional - params.positional_only + params.keyword_only) as usize;
    unexpected_name(function, nameless, &nameable[..count], keyword, given)
}

fn unexpected_name(
    function: &str,
    nameless: &[&str],
    nameable: &[&str],
    keyword: &str,
    given: &[&str],
) -> String {
    let passed: Vec<&str> = nameless.iter().copied().filter(|name| given.contains(name)).collect();
    if !passed.is_empty() {
        let passed = passed.join(", ");
        return format!(
            "{function}() got some positional-only arguments passed as keyword arguments: '{passed}'"
        );
    }
    unexpected(function, keyword, nameable.iter().copied())
}

/// More positional arguments than parameters; `keyword_only` of the keyword-only ones were given too.
pub fn too_many_positional(function: &str, params: &Params, given: usize, keyword_only: usize) -> String {
    too_many(function, params.positional as usize, params.defaults as usize, given, keyword_only)
}

/// More positional arguments than `most`, of which the last `defaults` are optional; `keyword_only` of those that go by
/// name only were given too.
pub fn too_many(function: &str, most: usize, defaults: usize, given: usize, keyword_only: usize) -> String {
    let takes = if defaults > 0 { format!("from {} to {most}", most - defaults) } else { most.to_string() };
    let takes_s = if defaults > 0 || most != 1 { "s" } else { "" };
    let also = match keyword_only {
        0 => String::new(),
        _ => format!(
            " positional argument{} (and {keyword_only} keyword-only argument{})",
            plural(given),
            plural(keyword_only)
        ),
    };
    let were = if given == 1 && keyword_only == 0 { "was" } else { "were" };
    format!("{function}() takes {takes} positional argument{takes_s} but {given}{also} {were} given")
}

/// Required parameters that were not given; `kind` is `positional` or `keyword-only`.
pub fn missing(function: &str, kind: &str, names: &[&str]) -> String {
    let list = match names {
        [] => String::new(),
        [one] => format!("'{one}'"),
        [one, two] => format!("'{one}' and '{two}'"),
        [most @ .., last] => {
            let most: Vec<String> = most.iter().map(|name| format!("'{name}'")).collect();
            format!("{}, and '{last}'", most.join(", "))
        }
    };
    format!("{function}() missing {} required {kind} argument{}: {list}", names.len(), plural(names.len()))
}
