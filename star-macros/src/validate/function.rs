//! Functions.
//!
//! In: a function as written, and the family of names it belongs to. Out: the function as it is bound. Rule: names
//! follow from the family unless they are given.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Error, GenericParam, ReceiverKind, Result, ReturnType, Signature, Type, parse_quote};

use super::{items, params, types};
use crate::model::{Context, Effect, Family, Function, Hold, Items, Kind, Receiver};
use crate::names;
use crate::parse::function::Function as Written;

/// Options of functions.
pub const OPTIONS: &[&str] = &["name", "go_name", "cap", "effect", "pos", "script"];

/// A reference that a future would have to return out of itself.
const ASYNC_RETURN: &str = "an async function returns what it owns: `String` for `&str`, `Bytes` for `&[u8]`";

/// What a function belongs to.
pub struct Place<'a> {
    /// Which names it has.
    pub family: Family,
    /// The type whose `Self` it may name.
    pub own: Option<&'a Type>,
    /// What else may stand among its options.
    pub options: &'a [&'a str],
}

/// Judges a function that is called as `callee`.
pub fn check(mut written: Written, place: &Place<'_>, callee: TokenStream) -> Result<Function> {
    check_signature(&written.sig)?;
    let options = &mut written.options;
    let ident = written.sig.ident.clone();
    let name = match options.text("name")? {
        Some(name) => super::script_name(&name)?,
        None => ident.unraw().to_string(),
    };
    let pair_name = match options.text("go_name")? {
        Some(name) => Some(super::script_name(&name)?),
        None if place.family == Family::Go => Some(names::pascal(&name)).filter(|pair| *pair != name),
        None => None,
    };
    let capability = options.text("cap")?.map(|capability| capability.value());
    let effect = match options.text("effect")? {
        Some(text) => super::effect(&text)?,
        // What reaches outside and does not say how is taken to change something.
        None if capability.is_some() => Effect::Write,
        None => Effect::Pure,
    };
    let nameless = options.flag("pos")?.is_some();
    let script = options.flag("script")?.is_some();
    options.finish(&[OPTIONS, place.options].concat())?;
    let asynchronous = written.sig.asyncness.is_some();
    let receiver = match (&written.receiver, place.own) {
        (Some(receiver), Some(own)) => Some(Receiver { ty: own.clone(), by: hold(receiver)? }),
        _ => None,
    };
    let (context, mut params) = params::check(written.params, place.own, asynchronous)?;
    if nameless {
        params
            .iter_mut()
            .filter(|param| param.kind == Kind::Either)
            .for_each(|param| param.kind = Kind::Positional);
    }
    let items = match &written.sig.output {
        ReturnType::Type(_, ty) => {
            items::of(ty)?.map(|items| own_items(items, context, place.own)).transpose()?
        }
        ReturnType::Default => None,
    };
    let returns = match &written.sig.output {
        ReturnType::Default => parse_quote!(()),
        ReturnType::Type(_, ty) => {
            if asynchronous
                && items.is_none()
                && let Some(span) = types::reference(ty)
            {
                return Err(Error::new(span, ASYNC_RETURN));
            }
            types::constant(ty, place.own)
        }
    };
    let says_return = matches!(written.sig.output, ReturnType::Type(..));
    Ok(Function {
        ident,
        name,
        pair_name,
        doc: written.doc,
        conditions: written.conditions,
        callee,
        asynchronous,
        receiver,
        context,
        params,
        script,
        returns,
        items,
        says_return,
        capability,
        effect,
    })
}

/// What no bound function may be.
fn check_signature(sig: &Signature) -> Result<()> {
    let generic = sig.generics.params.iter().find(|param| !matches!(param, GenericParam::Lifetime(_)));
    if let Some(generic) = generic {
        let message = "a bound function has no type parameters: write the type that scripts pass";
        return Err(Error::new(generic.span(), message));
    }
    if let syn::Safety::Unsafe(word) = &sig.safety {
        let message = "scripts call only safe functions: wrap it in one that checks its arguments";
        return Err(Error::new(word.span, message));
    }
    if let Some(abi) = &sig.abi {
        return Err(Error::new(abi.span(), "a bound function is one of Rust: drop `extern`"));
    }
    Ok(())
}

/// What is iterated over, where the function may return that.
fn own_items(mut items: Items, context: Context, own: Option<&Type>) -> Result<Items> {
    if context == Context::Heap {
        let message = "what is iterated over goes on after the call, without the heap: drop `ctx`";
        return Err(Error::new(items.item.span(), message));
    }
    types::name_self(&mut items.item, own);
    Ok(items)
}

/// How a method takes its object.
fn hold(receiver: &syn::Receiver) -> Result<Hold> {
    match &receiver.kind {
        ReceiverKind::Reference(_, _, None) => Ok(Hold::Shared),
        ReceiverKind::Reference(_, _, Some(_)) => Ok(Hold::Mutable),
        ReceiverKind::Value => Ok(Hold::Owned),
        _ => Err(Error::new(receiver.self_token.span, "a method takes `&self` or `&mut self`")),
    }
}
