//! Comparisons of a type's values.
//!
//! In: which relations a type's methods or traits answer for. Out: one function for all of them. Rule: what has an
//! equality of its own and no hash cannot be a key.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::hooks::{self, Expanded, Given};
use super::local;
use crate::model::Function;
use crate::model::object::{Hook, Object, Trait};

/// What a type's methods answer for.
#[derive(Default)]
pub struct Comparisons {
    /// Functions for single relations, by their name in `CompareOp`.
    pub relations: Vec<(&'static str, Ident)>,
    /// The function for all of them.
    pub order: Option<Ident>,
}

/// The function around a method that answers for one relation.
pub fn relation(function: &Function, name: &Ident) -> TokenStream {
    let (ctx, result) = (local("ctx"), local("result"));
    let plain = quote!(::star::private::Plain::<::core::primitive::bool>::plain(#result, #ctx));
    around(function, name, quote!(::core::primitive::bool), plain)
}

/// The function around a method that answers for all of them.
pub fn order(function: &Function, name: &Ident) -> TokenStream {
    let (ctx, result) = (local("ctx"), local("result"));
    let ordering = quote!(::core::option::Option<::core::cmp::Ordering>);
    around(function, name, ordering, quote!(::star::private::Ordered::ordered(#result, #ctx)))
}

fn around(function: &Function, name: &Ident, ty: TokenStream, finish: TokenStream) -> TokenStream {
    let (ctx, own, other) = (local("ctx"), local("own"), local("other"));
    let called = hooks::call(function, &Given::Operand(true));
    quote! {
        #[allow(unused_variables)]
        fn #name(
            #ctx: &mut ::star::private::Ctx<'_>,
            #own: ::star::private::Value,
            #other: ::star::private::Value,
        ) -> ::core::result::Result<::core::option::Option<#ty>, ::star::private::Raise> {
            #called
            #finish.map(::core::option::Option::Some)
        }
    }
}

/// The hooks `compare` and `unhashable`.
pub fn expand(object: &Object, known: &Comparisons) -> Expanded {
    let has = |of| object.traits.contains(&of);
    let equality = known.relations.iter().any(|(op, _)| *op == "Eq")
        || known.order.is_some()
        || has(Trait::Eq)
        || has(Trait::Ord);
    if !equality && known.relations.is_empty() {
        return Expanded { functions: TokenStream::new(), fields: TokenStream::new() };
    }
    let arms = [("Eq", "is_eq"), ("Lt", "is_lt"), ("Le", "is_le"), ("Gt", "is_gt"), ("Ge", "is_ge")];
    let arms: Vec<TokenStream> =
        arms.map(|(op, of)| answer(object, known, op, &format_ident!("{of}"))).into();
    let [equal, less, at_most, greater, at_least] = &arms[..] else { unreachable!("five relations") };
    let functions = quote! {
        fn __star_compare(
            ctx: &mut ::star::private::Ctx<'_>,
            op: ::star::private::CompareOp,
            own: ::star::private::Value,
            other: ::star::private::Value,
        ) -> ::core::result::Result<::star::private::Compared, ::star::private::Raise> {
            let answer: ::core::option::Option<::core::primitive::bool> = match op {
                ::star::private::CompareOp::Eq => #equal,
                ::star::private::CompareOp::Ne => #equal.map(|equal| !equal),
                ::star::private::CompareOp::Lt => #less,
                ::star::private::CompareOp::Le => #at_most,
                ::star::private::CompareOp::Gt => #greater,
                ::star::private::CompareOp::Ge => #at_least,
                _ => ::core::option::Option::None,
            };
            ::core::result::Result::Ok(match answer {
                ::core::option::Option::Some(answer) => ::star::private::Compared::Is(answer),
                ::core::option::Option::None => ::star::private::Compared::Unknown,
            })
        }
    };
    let hashed = has(Trait::Hash) || object.hooks.iter().any(|(hook, _)| *hook == Hook::Hash);
    let unhashable = equality && !hashed;
    let fields = quote!(compare: ::core::option::Option::Some(__star_compare), unhashable: #unhashable,);
    Expanded { functions, fields }
}

/// An expression that says whether a relation holds, if anything answers for it.
fn answer(object: &Object, known: &Comparisons, op: &str, of: &Ident) -> TokenStream {
    let ty = &object.ty;
    let mut answer = if let Some(order) = &known.order {
        quote!(#order(ctx, own, other)?
            .map(|found| found.is_some_and(::core::cmp::Ordering::#of)))
    } else if op == "Eq" && (object.traits.contains(&Trait::Eq) || object.traits.contains(&Trait::Ord)) {
        quote!(::star::private::equal::<#ty>(ctx, own, other)?)
    } else if op != "Eq" && object.traits.contains(&Trait::Ord) {
        quote!(::star::private::order::<#ty>(ctx, own, other)?
            .map(|found| found.is_some_and(::core::cmp::Ordering::#of)))
    } else {
        quote!(::core::option::Option::None)
    };
    for (_, name) in known.relations.iter().rev().filter(|(relation, _)| *relation == op) {
        answer = quote!(match #name(ctx, own, other)? {
            ::core::option::Option::None => #answer,
            answer => answer,
        });
    }
    quote!((#answer))
}
