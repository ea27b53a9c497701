//! A function as natives.
//!
//! In: a checked function. Out: a wrapper around the user's, and a row of a table of natives for each of its names.
//! Rule: errors of the arguments raise under either name.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::arguments::{self, Arguments};
use super::{local, option, under};
use crate::model::{Context, Effect, Function};

/// What a function becomes.
pub struct Expanded {
    /// The wrapper.
    pub wrapper: TokenStream,
    /// Rows of a table of natives, each with its name.
    pub natives: Vec<(String, TokenStream)>,
}

/// Generates a function; `wrapper` is a free name for it.
pub fn expand(function: &Function, wrapper: &Ident) -> Expanded {
    let mut arguments = arguments::expand(&function.params, false);
    if function.script {
        arguments.arity = arguments::script_arity(&function.params).unwrap_or(arguments.arity);
    }
    let mut natives =
        vec![(function.name.clone(), native(function, &arguments, wrapper, &function.name, false))];
    if let Some(pair) = &function.pair_name {
        natives.push((pair.clone(), native(function, &arguments, wrapper, pair, true)));
    }
    Expanded { wrapper: under(&function.conditions, body(function, &arguments, wrapper)), natives }
}

/// `fn wrapper(ctx, args, function, pair) -> NativeResult`.
fn body(function: &Function, arguments: &Arguments, wrapper: &Ident) -> TokenStream {
    let (ctx, args, name, pair, result) =
        (local("ctx"), local("args"), local("function"), local("pair"), local("result"));
    let need = function
        .capability
        .as_ref()
        .map(|capability| quote!(::star::private::need(#ctx, #capability, #name)?;));
    let (callee, convert, pass) = (&function.callee, &arguments.convert, &arguments.pass);
    let context = (function.context == Context::Heap).then(|| quote!(#ctx,));
    quote! {
        #[allow(unused_variables, clippy::unit_arg, clippy::let_unit_value, clippy::redundant_closure)]
        fn #wrapper(
            #ctx: &mut ::star::private::Ctx<'_>,
            #args: ::star::private::Args<'_>,
            #name: &'static str,
            #pair: bool,
        ) -> ::star::private::NativeResult {
            #need
            #convert
            let #result = #callee(#context #(#pass),*);
            ::star::private::answer(#ctx, #result, #pair)
        }
    }
}

/// A row of the table.
fn native(
    function: &Function,
    arguments: &Arguments,
    wrapper: &Ident,
    name: &str,
    pair: bool,
) -> TokenStream {
    let (arity, doc) = (&arguments.arity, &function.doc);
    let signature = signature(function, arguments, pair);
    under(
        &function.conditions,
        quote!(::star::private::Native {
            name: #name,
            owner: ::core::option::Option::None,
            arity: #arity,
            doc: #doc,
            call: |ctx, args| #wrapper(ctx, args, #name, #pair),
            signature: ::core::option::Option::Some({
                static SIGNATURE: ::star::private::Signature = #signature;
                &SIGNATURE
            }),
        }),
    )
}

fn signature(function: &Function, arguments: &Arguments, pair: bool) -> TokenStream {
    let (params, returns) = (&arguments.described, &function.returns);
    let capability = option(function.capability.as_ref().map(|capability| quote!(#capability)));
    let effect = match function.effect {
        Effect::Pure => quote!(Pure),
        Effect::Read => quote!(Read),
        Effect::Write => quote!(Write),
    };
    quote!(::star::private::Signature {
        params: #params,
        returns: <#returns as ::star::private::Returned>::TYPE,
        fails: <#returns as ::star::private::Returned>::FAILS,
        waits: false,
        pair: #pair && <#returns as ::star::private::Returned>::FAILS,
        capability: #capability,
        effect: ::star::private::Effect::#effect,
    })
}
