//! A type of the host as static data.
//!
//! In: a checked type. Out: its description, and the traits by which the runtime finds it. Rule: everything lies in a
//! constant without a name, so that nothing of the user's can collide with it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::function::{self, Answer};
use super::hooks::{self, Given};
use super::module::constant;
use super::{local, option, sorted, under};
use crate::model::object::{Attribute, Object};
use crate::validate::module::generated;

/// `const _: () = { … };`
pub fn expand(object: &Object) -> TokenStream {
    let class = format_ident!("__STAR_CLASS");
    let (ty, name, doc, module) = (&object.ty, &object.name, &object.doc, &object.module);
    let mut wrappers = Vec::new();
    let mut methods = Vec::new();
    let mut statics = Vec::new();
    for method in &object.methods {
        let expanded =
            function::expand(method, &generated("call", &method.ident), Some(&class), Answer::Result);
        wrappers.push(expanded.wrapper);
        methods.extend(expanded.natives);
    }
    for function in &object.statics {
        let expanded = function::expand(function, &generated("call", &function.ident), None, Answer::Result);
        wrappers.push(expanded.wrapper);
        statics.extend(expanded.natives);
    }
    if let Some(close) = &object.close {
        let expanded = function::expand(close, &generated("call", &close.ident), Some(&class), Answer::Close);
        wrappers.push(expanded.wrapper);
        methods.extend(expanded.natives);
    }
    let new = object.new.as_ref().map(|new| {
        let expanded = function::expand(new, &generated("call", &new.ident), None, Answer::Result);
        wrappers.push(expanded.wrapper);
        let row = expanded.natives.into_iter().next().map(|(_, row)| row);
        quote!({
            static NEW: ::star::private::Native = #row;
            &NEW
        })
    });
    let new = option(new);
    let mut attributes = Vec::new();
    for attribute in &object.attributes {
        let (accessors, rows) = accessors(attribute);
        wrappers.push(accessors);
        attributes.extend(rows);
    }
    let hooks = hooks::expand(object);
    let (methods, statics, attributes) = (sorted(methods), sorted(statics), sorted(attributes));
    let constants = sorted(object.constants.iter().map(constant).collect());
    let bytes = object.bytes.as_ref().map(|bytes| {
        quote! {
            fn bytes(&self) -> ::core::primitive::usize {
                #bytes(self)
            }
        }
    });
    let (hook_functions, hook_fields) = (&hooks.functions, &hooks.fields);
    let item = quote! {
        #[allow(clippy::all)]
        const _: () = {
            #(#wrappers)*
            #hook_functions

            static __STAR_METHODS: &[::star::private::Native] = &[#(#methods),*];
            static __STAR_STATICS: &[::star::private::Native] = &[#(#statics),*];
            const __STAR_OWN_ATTRIBUTES: &[::star::private::Attribute] = &[#(#attributes),*];
            const __STAR_FIELD_ATTRIBUTES: &[::star::private::Attribute] = {
                #[allow(unused_imports)]
                use ::star::private::NoFields as _;
                <#ty>::__STAR_FIELDS
            };
            static __STAR_ATTRIBUTES:
                [::star::private::Attribute; __STAR_OWN_ATTRIBUTES.len() + __STAR_FIELD_ATTRIBUTES.len()] =
                ::star::private::merged(__STAR_OWN_ATTRIBUTES, __STAR_FIELD_ATTRIBUTES);
            static __STAR_CLASS: ::star::private::HostType = ::star::private::HostType {
                name: #name,
                module: #module,
                doc: #doc,
                base: ::star::private::Base::Object,
                new: #new,
                methods: __STAR_METHODS,
                statics: __STAR_STATICS,
                attributes: &__STAR_ATTRIBUTES,
                constants: &[#(#constants),*],
                hooks: ::star::private::Hooks { #hook_fields ..::star::private::Hooks::NONE },
                fields: &[],
            };

            impl ::star::private::HostData for #ty {
                #bytes
            }

            impl ::star::private::HostClass for #ty {
                const CLASS: &'static ::star::private::HostType = &__STAR_CLASS;
                const TYPE: &'static ::star::private::TypeDesc = &::star::private::TypeDesc::Object(#name);
            }

            impl ::star::private::IntoStar for #ty {
                const TYPE: &'static ::star::private::TypeDesc =
                    <#ty as ::star::private::HostClass>::TYPE;

                fn into_star(
                    self,
                    ctx: &mut ::star::private::Ctx<'_>,
                ) -> ::core::result::Result<::star::private::Value, ::star::private::Raise> {
                    ::star::private::new_object(ctx, self)
                }
            }
        };
    };
    under(&object.conditions, item)
}

/// The functions that read and assign an attribute, and a row for each of its names.
fn accessors(attribute: &Attribute) -> (TokenStream, Vec<(String, TokenStream)>) {
    let (ctx, own, value, result) = (local("ctx"), local("own"), local("value"), local("result"));
    let get = generated("get", &attribute.get.ident);
    let called = hooks::call(&attribute.get, &Given::Nothing);
    let mut functions = quote! {
        #[allow(unused_variables)]
        fn #get(
            #ctx: &mut ::star::private::Ctx<'_>,
            #own: ::star::private::Value,
        ) -> ::core::result::Result<::star::private::Value, ::star::private::Raise> {
            #called
            ::star::private::value(#ctx, #result)
        }
    };
    let set = attribute.set.as_ref().map(|set| {
        let function = generated("set", &set.ident);
        let (name, called) = (local("name"), hooks::call(set, &Given::Assigned));
        functions.extend(quote! {
            #[allow(unused_variables, clippy::let_unit_value, clippy::unit_arg)]
            fn #function(
                #ctx: &mut ::star::private::Ctx<'_>,
                #own: ::star::private::Value,
                #value: ::star::private::Value,
                #name: &'static ::core::primitive::str,
            ) -> ::core::result::Result<(), ::star::private::Raise> {
                #called
                ::star::private::value(#ctx, #result).map(::core::mem::drop)
            }
        });
        function
    });
    let (returns, doc) = (&attribute.get.returns, &attribute.doc);
    let row = |name: &String| {
        let set = option(set.as_ref().map(|set| quote!(|ctx, own, value| #set(ctx, own, value, #name))));
        let row = quote!(::star::private::Attribute {
            name: #name,
            doc: #doc,
            ty: <#returns as ::star::private::Returned>::TYPE,
            get: #get,
            set: #set,
        });
        (name.clone(), row)
    };
    (functions, attribute.names.iter().map(row).collect())
}
