//! Fields of a struct as attributes.
//!
//! In: checked fields. Out: a constant of the struct that holds their accessors. Rule: the type's own description picks
//! the constant up wherever it is, and finds an empty one in its place if there is none.

use proc_macro2::TokenStream;
use quote::quote;

use super::{option, sorted, under};
use crate::model::object::{Field, Fields};

/// `impl Type { const __STAR_FIELDS … }`.
pub fn expand(fields: &Fields) -> TokenStream {
    let ty = &fields.ty;
    let rows = fields.fields.iter().flat_map(|field| {
        field.names.iter().map(|name| (name.clone(), row(ty, field, name))).collect::<Vec<_>>()
    });
    let rows = sorted(rows.collect());
    quote! {
        impl #ty {
            #[doc(hidden)]
            #[allow(dead_code)]
            pub const __STAR_FIELDS: &'static [::star::private::Attribute] = &[#(#rows),*];
        }
    }
}

fn row(object: &syn::Type, field: &Field, name: &str) -> TokenStream {
    let Field { ident, ty, doc, conditions, set, .. } = field;
    let set = option(set.then(|| {
        quote!(|ctx, object, value| ::star::private::set_field::<#object, #ty>(
            ctx,
            object,
            value,
            #name,
            |object, value| object.#ident = value,
        ))
    }));
    under(
        conditions,
        quote!(::star::private::Attribute {
            name: #name,
            doc: #doc,
            ty: <#ty as ::star::private::IntoStar>::TYPE,
            get: |ctx, object| ::star::private::get_field::<#object, #ty>(
                ctx,
                object,
                #name,
                |object| ::core::clone::Clone::clone(&object.#ident),
            ),
            set: #set,
        }),
    )
}
