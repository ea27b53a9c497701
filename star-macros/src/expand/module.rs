//! A module as static data.
//!
//! In: a checked module and its item. Out: the item with a function `module` in it. Rule: everything generated lies
//! within that function, so that no name of the user's can collide with it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ItemMod;

use super::function::{self, Answer};
use super::{fields, object, option, sorted, under};
use crate::model::{Constant, Entry, Exception, Family, Module};
use crate::validate::module::generated;

/// Puts what a module and those within it (already expanded) become into its item.
pub fn expand(module: &Module, mut item: ItemMod, inner: Vec<TokenStream>) -> TokenStream {
    let items = item.content.take().map(|(_, items)| items).unwrap_or_default();
    let (attrs, vis, ident) = (&item.attrs, &item.vis, &item.ident);
    let (unsafety, keyword) = (&item.unsafety, &item.mod_token);
    let function = description(module);
    let objects = module.objects.iter().map(object::expand);
    let fields = module.fields.iter().map(fields::expand);
    quote! {
        #(#attrs)* #vis #unsafety #keyword #ident {
            #(#items)*
            #(#inner)*
            #(#fields)*
            #(#objects)*
            #function
        }
    }
}

/// `pub const fn module()`.
fn description(module: &Module) -> TokenStream {
    let mut wrappers = Vec::new();
    let mut natives = Vec::new();
    for bound in &module.functions {
        let expanded = function::expand(bound, &generated("call", &bound.ident), None, Answer::Result);
        wrappers.push(expanded.wrapper);
        natives.extend(expanded.natives);
    }
    let natives = sorted(natives);
    let constants = sorted(module.constants.iter().map(constant).collect());
    let own = module.objects.iter().map(|object| {
        let ty = &object.ty;
        under(&object.conditions, quote!(<#ty as ::star::private::HostClass>::CLASS))
    });
    let types = own.chain(module.types.iter().map(entry));
    let exceptions = module.exceptions.iter().map(entry).chain(module.errors.iter().map(exception));
    let inner = &module.inner;
    let aliases = module.aliases.iter().map(|(alias, meant)| quote!((#alias, #meant)));
    let (path, doc, dotted) = (&module.path, &module.doc, module.path.replace('/', "."));
    let family = match module.family {
        Family::Go => format_ident!("Go"),
        Family::Python => format_ident!("Python"),
    };
    let summary = format!("The module `{path}`, to be registered.");
    quote! {
        #[doc = #summary]
        pub const fn module() -> &'static ::star::private::HostModule {
            #(#wrappers)*
            const __STAR_MODULE_NAME: &::core::primitive::str = #dotted;
            static __STAR_FUNCTIONS: &[::star::private::Native] = &[#(#natives),*];
            static __STAR_CONSTANTS: &[::star::private::Constant] = &[#(#constants),*];
            static __STAR_MODULE: ::star::private::HostModule = ::star::private::HostModule {
                path: #path,
                doc: #doc,
                family: ::star::private::Family::#family,
                functions: __STAR_FUNCTIONS,
                types: &[#(#types),*],
                exceptions: &[#(#exceptions),*],
                constants: __STAR_CONSTANTS,
                submodules: &[#(self::#inner::module()),*],
                aliases: &[#(#aliases),*],
            };
            &__STAR_MODULE
        }
    }
}

fn entry(entry: &Entry) -> TokenStream {
    under(&entry.conditions, entry.value.clone())
}

/// A row of a table of constants.
pub fn constant(constant: &Constant) -> (String, TokenStream) {
    let Constant { name, doc, value, ty, conditions } = constant;
    let row = quote!(::star::private::Constant {
        name: #name,
        doc: #doc,
        ty: <#ty as ::star::private::IntoStar>::TYPE,
        make: |ctx| ::star::private::IntoStar::into_star(#value, ctx),
    });
    (name.clone(), under(conditions, row))
}

/// An expression of `&'static HostException`, where `__STAR_MODULE_NAME` is its module.
pub fn exception(exception: &Exception) -> TokenStream {
    let Exception { name, doc, base, error } = exception;
    let rust_type = option(Some(quote!(|| ::core::any::type_name::<#error>())));
    quote!({
        static EXCEPTION: ::star::private::HostException = ::star::private::HostException {
            name: #name,
            module: __STAR_MODULE_NAME,
            doc: #doc,
            base: ::star::private::ExceptionBase::Type(::star::private::TypeId::#base),
            also: ::core::option::Option::None,
            rust_type: #rust_type,
            new: ::core::option::Option::None,
        };
        &EXCEPTION
    })
}
