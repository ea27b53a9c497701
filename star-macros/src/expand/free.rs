//! A function that stands on its own.
//!
//! In: a checked function. Out: a type of its name beside it, by which the host gets at the native; a record of it for
//! the modules that are linked by name. Rule: the type has no values; it only holds functions.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Visibility};

use super::function::{self, Answer};
use super::module::exception;
use super::sorted;
use crate::model::{Exception, Function};
use crate::validate::module::generated;

/// What stands beside the function.
pub fn expand(
    bound: &Function,
    vis: &Visibility,
    module: Option<&String>,
    errors: &[Exception],
) -> TokenStream {
    let (ident, name) = (&bound.ident, &bound.name);
    let expanded = function::expand(bound, &generated("call", ident), None, Answer::Result);
    let (wrapper, natives) = (expanded.wrapper, sorted(expanded.natives));
    let pair = bound.pair_name.as_ref().map(|pair| lookup(ident, "pair", pair));
    let own = lookup(ident, "function", name);
    let linked = module.map(|module| link(ident, module, errors));
    let (conditions, summary) = (&bound.conditions, format!("The function `{name}`, for scripts."));
    quote! {
        #(#conditions)*
        #[doc = #summary]
        #[allow(non_camel_case_types, dead_code, clippy::all)]
        #vis enum #ident {}

        #(#conditions)*
        #[allow(dead_code)]
        const _: () = {
            #wrapper

            static __STAR_FUNCTIONS: &[::star::private::Native] = &[#(#natives),*];

            impl #ident {
                /// The function under all its names.
                pub const fn natives() -> &'static [::star::private::Native] {
                    __STAR_FUNCTIONS
                }

                #own
                #pair
            }

            #linked
        };
    }
}

/// A function that gives the native of this name as something to bind.
fn lookup(ident: &Ident, function: &str, name: &str) -> TokenStream {
    let doc = match function {
        "pair" => format!("`{name}`, which returns `(value, err)` where it can fail."),
        _ => format!("`{name}`, which raises where it fails."),
    };
    let function = quote::format_ident!("{function}");
    quote! {
        #[doc = #doc]
        pub fn #function() -> ::star::private::HostFunction {
            ::star::private::HostFunction::new(#ident::natives(), #name)
        }
    }
}

/// Hands the function to the module of that path.
fn link(ident: &Ident, module: &str, errors: &[Exception]) -> TokenStream {
    let dotted = module.replace('/', ".");
    let exceptions = errors.iter().map(exception);
    quote! {
        const __STAR_MODULE_NAME: &::core::primitive::str = #dotted;
        ::star::private::inventory::submit! {
            ::star::private::Linked {
                module: #module,
                natives: #ident::natives(),
                exceptions: &[#(#exceptions),*],
                place: ::core::concat!(::core::module_path!(), "::", ::core::stringify!(#ident)),
            }
        }
    }
}
