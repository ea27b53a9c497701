//! Parameters.
//!
//! In: parameters as written. Out: how each is given and taken, and what the function is lent. Rule: arguments are
//! arranged as Python arranges them: those by position first, then `*args`, those by name, `**kwargs`.

use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Error, Pat, Result, Type, TypeReference};

use super::types;
use crate::model::{Context, Kind, Param, Take};
use crate::parse::function::Parameter;

/// Options of parameters.
const OPTIONS: &[&str] = &["default", "kw", "pos", "args", "kwargs", "rename"];

/// Parameters that a function may have; the runtime keeps one place for the receiver.
const MOST: usize = 15;

/// Judges the parameters of a function.
///
/// `own` is what they name `Self`.
pub fn check(
    written: Vec<Parameter>,
    own: Option<&Type>,
    asynchronous: bool,
) -> Result<(Context, Vec<Param>)> {
    let mut written = written.into_iter().peekable();
    let context = match written.peek() {
        Some(first) => context(&first.ty, asynchronous)?,
        None => Context::None,
    };
    if context != Context::None {
        written.next();
    }
    let mut params = Vec::new();
    let mut errors = None;
    for parameter in written {
        match param(parameter, own, context, asynchronous) {
            Ok(checked) => params.push(checked),
            Err(error) => crate::combine(&mut errors, error),
        }
    }
    if let Some(errors) = errors {
        return Err(errors);
    }
    if let Some(many) = params.get(MOST) {
        let message = format!(
            "a bound function has at most {MOST} parameters: take a struct with `#[derive(FromStar)]`"
        );
        return Err(Error::new(many.span, message));
    }
    arrange(&mut params)?;
    Ok((context, params))
}

/// What the first parameter says that the function is lent.
fn context(ty: &Type, asynchronous: bool) -> Result<Context> {
    let (inner, reference) = match types::bare(ty) {
        Type::Reference(reference) => (types::bare(&reference.elem), Some(reference)),
        ty => (ty, None),
    };
    if types::is_named(inner, "Ctx") {
        let mutable = matches!(reference, Some(TypeReference { mutability: Some(_), .. }));
        return match (asynchronous, mutable) {
            (true, _) => Err(Error::new(
                ty.span(),
                "an async function cannot keep the heap while it waits: take `ctx: &AsyncCtx`",
            )),
            (false, false) => {
                Err(Error::new(ty.span(), "the heap is lent to be changed: take `ctx: &mut Ctx`"))
            }
            (false, true) => Ok(Context::Heap),
        };
    }
    if !types::is_named(inner, "AsyncCtx") {
        return Ok(Context::None);
    }
    match (asynchronous, reference) {
        (false, _) => {
            let message = "only an async function waits: take `ctx: &mut Ctx`, or make it an `async fn`";
            Err(Error::new(ty.span(), message))
        }
        (true, None) => Ok(Context::WaitingOwned),
        (true, Some(TypeReference { mutability: None, .. })) => Ok(Context::Waiting),
        (true, Some(_)) => Err(Error::new(ty.span(), "this is lent to be looked at: take `ctx: &AsyncCtx`")),
    }
}

fn param(mut written: Parameter, own: Option<&Type>, context: Context, asynchronous: bool) -> Result<Param> {
    types::name_self(&mut written.ty, own);
    let Pat::Ident(pattern) = &written.pat else {
        let message = "a parameter of a bound function has a name: take it apart in the body";
        return Err(Error::new(written.pat.span(), message));
    };
    let own_name = pattern.ident.unraw().to_string();
    let options = &mut written.options;
    let name = match options.text("rename")? {
        Some(renamed) => super::script_name(&renamed)?,
        None => own_name.trim_start_matches('_').to_string(),
    };
    let mut kind = Kind::Either;
    let kinds =
        [("pos", Kind::Positional), ("kw", Kind::Keyword), ("args", Kind::Args), ("kwargs", Kind::Kwargs)];
    for (option, meant) in kinds {
        if let Some(span) = options.flag(option)? {
            if kind != Kind::Either {
                let message =
                    format!("a parameter is given in one way: drop `{option}`, or what stands before it");
                return Err(Error::new(span, message));
            }
            kind = meant;
        }
    }
    let default = options.expr("default");
    options.finish(OPTIONS)?;
    check_value(&written.ty, context, asynchronous)?;
    let take = match kind {
        Kind::Args => Take::Owned(args_type(&written.ty)?),
        Kind::Kwargs => Take::Owned(kwargs_type(&written.ty)?),
        _ => types::take(&written.ty)?,
    };
    let default = match default {
        Some((span, _)) if matches!(kind, Kind::Args | Kind::Kwargs) => {
            return Err(Error::new(span, "what may be left out as a whole has no default: drop `default`"));
        }
        Some((span, None)) => {
            return Err(Error::new(span, "say what it is when left out: `default = …`"));
        }
        Some((span, _)) if matches!(take, Take::Object { .. } | Take::Slice(_)) => {
            let message = "a borrowed argument of this type has no default: take an `Option`, or own it";
            return Err(Error::new(span, message));
        }
        Some((_, default)) => default,
        None => None,
    };
    let optional =
        default.is_some() || types::is_option(&written.ty) || matches!(kind, Kind::Args | Kind::Kwargs);
    Ok(Param { name, span: written.ty.span(), take, kind, optional, default })
}

/// A plain `Value` is good only where the heap is.
fn check_value(ty: &Type, context: Context, asynchronous: bool) -> Result<()> {
    if !types::names_value(ty) || context == Context::Heap {
        return Ok(());
    }
    let message = match asynchronous {
        true => {
            "a `Value` does not stay alive while the function waits: take `Rooted` (the `Value` of another crate is \
             written with its path: `serde_json::Value`)"
        }
        false => {
            "a `Value` says nothing without the heap: take `ctx: &mut Ctx` as the first parameter (the `Value` of \
             another crate is written with its path: `serde_json::Value`)"
        }
    };
    Err(Error::new(ty.span(), message))
}

/// `T` of `#[star(args)] rest: Vec<T>`.
fn args_type(ty: &Type) -> Result<Type> {
    match types::vec(ty) {
        Some(item) => Ok(item.clone()),
        None => Err(Error::new(ty.span(), "`#[star(args)]` takes the arguments as `Vec<T>`")),
    }
}

/// `T` of `#[star(kwargs)] more: Vec<(String, T)>`.
fn kwargs_type(ty: &Type) -> Result<Type> {
    if let Some(Type::Tuple(pair)) = types::vec(ty).map(types::bare)
        && pair.elems.len() == 2
        && types::is_named(&pair.elems[0], "String")
    {
        return Ok(pair.elems[1].clone());
    }
    Err(Error::new(ty.span(), "`#[star(kwargs)]` takes names and values as `Vec<(String, T)>`"))
}

/// Checks the order of the parameters; fills in what follows from it.
fn arrange(params: &mut [Param]) -> Result<()> {
    // Whatever stands before a positional-only parameter is one too.
    let nameless = params.iter().rposition(|param| param.kind == Kind::Positional).map_or(0, |last| last + 1);
    for param in &mut params[..nameless] {
        match param.kind {
            Kind::Either | Kind::Positional => param.kind = Kind::Positional,
            _ => {
                let message =
                    "arguments that are given by position only come first: move this parameter back";
                return Err(Error::new(param.span, message));
            }
        }
    }
    // As in Python, what follows `*args` is given by name.
    let after = params.iter().position(|param| param.kind == Kind::Args).unwrap_or(params.len());
    let unmarked = params[after..].iter_mut().filter(|param| param.kind == Kind::Either);
    unmarked.for_each(|param| param.kind = Kind::Keyword);
    let mut at = 0;
    for param in params.iter() {
        let place = match param.kind {
            Kind::Positional | Kind::Either => 0,
            Kind::Args => 1,
            Kind::Keyword => 2,
            Kind::Kwargs => 3,
        };
        let repeated = place == at && place % 2 == 1;
        if place < at || repeated {
            let message = match repeated {
                true => "there is one such parameter: drop this one",
                false => {
                    "parameters come in this order: by position, `args`, `kw`, `kwargs`; mark this one `kw`, or move it"
                }
            };
            return Err(Error::new(param.span, message));
        }
        at = place;
    }
    let by_position = params.iter().take_while(|param| matches!(param.kind, Kind::Positional | Kind::Either));
    let by_position = by_position.count();
    // An `Option` before a parameter that has to be given has to be given too.
    let required = params[..by_position].iter().rposition(|param| !param.optional).map_or(0, |last| last + 1);
    for param in &mut params[..required] {
        if param.default.is_some() {
            let message = "a parameter with a default stands after those that have to be given: move it, or mark it `kw`";
            return Err(Error::new(param.span, message));
        }
        param.optional = false;
    }
    Ok(())
}
