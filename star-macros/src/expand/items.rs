//! Functions that return something to iterate over.
//!
//! In: a checked function, and what its items are. Out: a future that holds the arguments and what borrows them, and
//! gives the items one by one. Rule: an item leaves the future as a value of its own: what is borrowed is copied.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Type};

use super::arguments::{self, Arguments, Within};
use super::{function, local};
use crate::model::{Context, Function, Hold, Items};
use crate::validate::types;

/// Calls the function, and answers with an iterator of scripts.
pub fn walk(function: &Function, arguments: &Arguments, items: &Items) -> TokenStream {
    let (ctx, pair, object) = (local("ctx"), local("pair"), local("object"));
    let (lane, walked, item, lent) = (local("lane"), local("items"), local("item"), local("lent"));
    let handle = arguments::handle(&object);
    let receiver = function.receiver.as_ref();
    let take = receiver
        .map(|receiver| arguments::borrowed(&object, receiver.by == Hold::Mutable, false, Within::Walk));
    let own = receiver.map(|_| quote!(::star::private::address(&#handle),));
    let others = arguments.handles.iter().map(|(handle, option, _)| match option {
        false => quote!(::star::private::address(&#handle),),
        true => quote!(::star::private::address_option(&#handle),),
    });
    let recalled = function::recall(function, arguments);
    let context = matches!(function.context, Context::Waiting | Context::WaitingOwned)
        .then(|| quote!(let #lent = ::star::private::AsyncCtx::new(#ctx);));
    let (keep, called) = (&arguments.keep, function::invoke(function, arguments));
    let awaited = function.asynchronous.then(|| quote!(.await));
    let unwrapped = items.fails.then(|| {
        quote! {
            let #walked = match #walked {
                ::core::result::Result::Ok(items) => items,
                ::core::result::Result::Err(error) => return #lane.fail(error),
            };
        }
    });
    let given = kept(&items.item, quote!(#item));
    let each = match items.stream {
        false => quote! {
            for #item in #walked {
                #lane.give(#given).await;
            }
        },
        true => quote! {
            let mut #walked = ::core::pin::pin!(#walked);
            while let ::core::option::Option::Some(#item) = ::star::private::next(#walked.as_mut()).await {
                #lane.give(#given).await;
            }
        },
    };
    let generate = format_ident!("{}", if items.fails { "generate" } else { "generate_always" });
    let stream = items.stream;
    quote! {
        #context
        #recalled
        let objects = ::std::vec::Vec::from([#own #(#others)*]);
        ::star::private::wait(
            #ctx,
            ::star::private::#generate(#stream, objects, move |#lane| async move {
                #take
                #keep
                let #walked = #called #awaited;
                #unwrapped
                #lane.start().await;
                #each
            }),
            #pair,
        )
    }
}

/// The type that a function returns, and whether it fails, as expressions.
pub fn described(function: &Function) -> (TokenStream, TokenStream) {
    let Some(items) = &function.items else {
        let returns = &function.returns;
        return (
            quote!(<#returns as ::star::private::Returned>::TYPE),
            quote!(<#returns as ::star::private::Returned>::FAILS),
        );
    };
    let (item, fails) = (types::constant(&items.item, None), items.fails);
    let ty = match owned(&item) {
        Some(owned) => owned,
        None => quote!(#item),
    };
    (quote!(&::star::private::TypeDesc::Iterator(<#ty as ::star::private::Returned>::TYPE)), quote!(#fails))
}

/// The type of which a borrowed one becomes a value, where that differs.
fn owned(ty: &Type) -> Option<TokenStream> {
    let Type::Reference(reference) = types::bare(ty) else { return None };
    let inner = &reference.elem;
    match types::is_named(inner, "str") || matches!(types::bare(inner), Type::Slice(_)) {
        true => None,
        false => Some(quote!(#inner)),
    }
}

/// An item as a value that borrows nothing.
fn kept(ty: &Type, item: TokenStream) -> TokenStream {
    match types::bare(ty) {
        Type::Reference(reference) => match types::bare(&reference.elem) {
            Type::Slice(_) => quote!(::star::private::Bytes(<[_]>::to_vec(#item))),
            inner if types::is_named(inner, "str") => quote!(::star::private::Text::from(#item)),
            _ => quote!(::core::clone::Clone::clone(#item)),
        },
        Type::Tuple(tuple) if tuple.elems.iter().any(borrows) => {
            let parts: Vec<Ident> = (0..tuple.elems.len()).map(|at| format_ident!("part_{at}")).collect();
            let kept = tuple.elems.iter().zip(&parts).map(|(ty, part)| kept(ty, quote!(#part)));
            quote!({
                let (#(#parts,)*) = #item;
                (#(#kept,)*)
            })
        }
        ty if types::is_named(ty, "Cow") => quote!(::std::borrow::Cow::into_owned(#item)),
        ty if borrows(ty) && (types::is_named(ty, "Option") || types::is_named(ty, "Result")) => {
            let inner = types::path(ty).and_then(|path| path.segments.last());
            let inner = inner.and_then(|last| types::arguments(last).first().copied().cloned());
            let Some(inner) = inner else { return item };
            let kept = kept(&inner, quote!(kept));
            quote!(#item.map(|kept| #kept))
        }
        _ => item,
    }
}

fn borrows(ty: &Type) -> bool {
    types::reference(ty).is_some()
}
