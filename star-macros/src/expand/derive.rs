//! Structs and enums as values, and back.
//!
//! In: a checked struct or enum. Out: an implementation of `FromStar` or `IntoStar`. Rule: each field is one call into
//! `private`, which knows what it is called.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Type, WherePredicate, parse_quote};

use super::option;
use crate::model::derive::{Content, Default, Derived, Field, Shape, Variant};
use crate::validate::derive::is_text;

/// `impl FromStar for …`.
pub fn from_star(derived: &Derived) -> TokenStream {
    let (ty, name) = (description(derived, &parse_quote!(::star::private::FromStar)), &derived.name);
    let deny = derived.deny_unknown;
    let body = match &derived.shape {
        Shape::Newtype(inner) => quote! {
            <#inner as ::star::private::FromStar>::from_star(ctx, value).map(Self)
        },
        Shape::Record(fields) => read(&parse_quote!(Self), fields, name, &quote!(value), deny, None),
        Shape::Choice(variants) => {
            let names = statics("VARIANTS", variants.iter().map(|variant| &*variant.name));
            let arms = arms(variants, |variant| {
                let ident = &variant.ident;
                quote!(::core::result::Result::Ok(Self::#ident))
            });
            quote! {
                #names
                match ::star::private::choice(ctx, value, VARIANTS)? {
                    #arms
                }
            }
        }
        Shape::Variants { tag, variants } => {
            let names = statics("VARIANTS", variants.iter().map(|variant| &*variant.name));
            match tag {
                None => {
                    let arms = arms(variants, |variant| read_variant(variant, deny));
                    quote! {
                        #names
                        let (index, content) = ::star::private::variant(ctx, value, VARIANTS)?;
                        match index {
                            #arms
                        }
                    }
                }
                Some(tag) => {
                    let arms = arms(variants, |variant| read_tagged(variant, name, tag, deny));
                    quote! {
                        #names
                        static TAG: &[&::core::primitive::str; 1] = &[#tag];
                        match ::star::private::tagged(ctx, value, #name, TAG, VARIANTS)? {
                            #arms
                        }
                    }
                }
            }
        }
    };
    // A value that may be left out may be so in its newtype.
    let missing = match &derived.shape {
        Shape::Newtype(inner) => Some(quote! {
            fn missing() -> ::core::option::Option<Self> {
                <#inner as ::star::private::FromStar>::missing().map(Self)
            }
        }),
        _ => None,
    };
    let (head, clause) = head(derived, &parse_quote!(::star::private::FromStar));
    quote! {
        #[automatically_derived]
        #head #clause {
            const TYPE: &'static ::star::private::TypeDesc = #ty;

            fn from_star(
                ctx: &mut ::star::private::Ctx<'_>,
                value: ::star::private::Value,
            ) -> ::core::result::Result<Self, ::star::private::Mismatch> {
                #body
            }

            #missing
        }
    }
}

/// `impl IntoStar for …`.
pub fn into_star(derived: &Derived) -> TokenStream {
    let (ty, name) = (description(derived, &parse_quote!(::star::private::IntoStar)), &derived.name);
    let body = match &derived.shape {
        Shape::Newtype(_) => quote!(::star::private::IntoStar::into_star(self.0, ctx)),
        Shape::Record(fields) => {
            let (names, pattern, pushes) = pushes(fields);
            quote! {
                #names
                static NAME: &::core::primitive::str = #name;
                let Self #pattern = self;
                ::star::private::new_record(ctx, NAME, FIELDS, |ctx| {
                    #pushes
                    ::core::result::Result::Ok(())
                })
            }
        }
        Shape::Choice(variants) => {
            let arms = variants.iter().map(|variant| {
                let (ident, name) = (&variant.ident, &variant.name);
                quote!(Self::#ident => #name,)
            });
            quote! {
                let name = match self {
                    #(#arms)*
                };
                ::star::private::IntoStar::into_star(name, ctx)
            }
        }
        Shape::Variants { tag, variants } => {
            let arms = variants.iter().map(|variant| write_variant(variant, tag.as_deref()));
            quote! {
                match self {
                    #(#arms)*
                }
            }
        }
    };
    let (head, clause) = head(derived, &parse_quote!(::star::private::IntoStar));
    quote! {
        #[automatically_derived]
        #head #clause {
            const TYPE: &'static ::star::private::TypeDesc = #ty;

            fn into_star(
                self,
                ctx: &mut ::star::private::Ctx<'_>,
            ) -> ::core::result::Result<::star::private::Value, ::star::private::Raise> {
                #body
            }
        }
    }
}

/// `impl<T> Trait for Name<T>`, and its conditions: every type parameter converts too.
fn head(derived: &Derived, of: &syn::Path) -> (TokenStream, Option<syn::WhereClause>) {
    let mut generics = derived.generics.clone();
    let params: Vec<Ident> = generics.type_params().map(|param| param.ident.clone()).collect();
    for param in params {
        let bound: WherePredicate = parse_quote!(#param: #of);
        generics.make_where_clause().predicates.push(bound);
    }
    let ident = &derived.ident;
    let (params, arguments, clause) = generics.split_for_impl();
    (quote!(impl #params #of for #ident #arguments), clause.cloned())
}

/// `static NAME: &[&str] = &[…];`
fn statics<'a>(name: &str, texts: impl Iterator<Item = &'a str>) -> TokenStream {
    let name = format_ident!("{name}");
    quote!(static #name: &[&::core::primitive::str] = &[#(#texts),*];)
}

/// One arm for each variant, by its number; the last stands for the rest.
fn arms(variants: &[Variant], arm: impl Fn(&Variant) -> TokenStream) -> TokenStream {
    let last = variants.len() - 1;
    let arms = variants.iter().enumerate().map(|(index, variant)| {
        let arm = arm(variant);
        if index == last { quote!(_ => { #arm }) } else { quote!(#index => { #arm }) }
    });
    quote!(#(#arms)*)
}

/// Reads fields of `value` and makes `constructor { … }` of them.
fn read(
    constructor: &syn::Path,
    fields: &[Field],
    name: &str,
    value: &TokenStream,
    deny: bool,
    tag: Option<&str>,
) -> TokenStream {
    let known: Vec<&Field> = fields.iter().filter(|field| !field.skip).collect();
    let names = statics("FIELDS", known.iter().map(|field| &*field.name));
    let tag = option(tag.map(|tag| quote!(#tag)));
    let only = deny.then(|| quote!(record.only(ctx, #tag)?;));
    let values = fields.iter().map(|field| {
        let ident = &field.ident;
        let default = field.default.as_ref().map(default);
        let value = match known.iter().position(|known| std::ptr::eq(*known, field)) {
            None => default.unwrap_or(quote!(::core::default::Default::default())),
            Some(index) => match default {
                Some(default) => quote!(record.get_or(ctx, #index, || #default)?),
                None => quote!(record.get(ctx, #index)?),
            },
        };
        quote!(#ident: #value)
    });
    quote! {
        #names
        static NAME: &::core::primitive::str = #name;
        #[allow(unused_variables)]
        ::star::private::record(ctx, #value, NAME, FIELDS, |ctx, record| {
            #only
            ::core::result::Result::Ok(#constructor { #(#values),* })
        })
    }
}

fn default(default: &Default) -> TokenStream {
    match default {
        Default::OfType => quote!(::core::default::Default::default()),
        Default::Value(text) if is_text(text) => quote!(::core::convert::Into::into(#text)),
        Default::Value(value) => quote!(#value),
    }
}

/// Reads the content of a variant under its name.
fn read_variant(variant: &Variant, deny: bool) -> TokenStream {
    let (ident, name) = (&variant.ident, &variant.name);
    match &variant.content {
        Content::Unit => quote! {
            ::star::private::empty(ctx, content, #name)?;
            ::core::result::Result::Ok(Self::#ident)
        },
        Content::Tuple(types) => match &types[..] {
            [one] => quote!(::star::private::nested::<#one>(ctx, content, #name).map(Self::#ident)),
            types => {
                let parts: Vec<Ident> = (0..types.len()).map(|index| format_ident!("part_{index}")).collect();
                quote! {
                    ::star::private::nested::<(#(#types,)*)>(ctx, content, #name)
                        .map(|(#(#parts,)*)| Self::#ident(#(#parts),*))
                }
            }
        },
        Content::Record(fields) => {
            let read = read(&parse_quote!(Self::#ident), fields, name, &quote!(content), deny, None);
            quote! {
                let content = ::star::private::content(content, #name)?;
                let read = { #read };
                read.map_err(|wrong| wrong.at_field(#name))
            }
        }
    }
}

/// Reads a variant beside its tag.
fn read_tagged(variant: &Variant, name: &str, tag: &str, deny: bool) -> TokenStream {
    let ident = &variant.ident;
    let fields = match &variant.content {
        Content::Record(fields) => &fields[..],
        _ => &[],
    };
    read(&parse_quote!(Self::#ident), fields, name, &quote!(value), deny, Some(tag))
}

/// The names of fields, a pattern that takes them, and statements that push them.
fn pushes(fields: &[Field]) -> (TokenStream, TokenStream, TokenStream) {
    let known: Vec<&Field> = fields.iter().filter(|field| !field.skip).collect();
    let names = statics("FIELDS", known.iter().map(|field| &*field.name));
    let bound: Vec<Ident> = (0..known.len()).map(|index| format_ident!("field_{index}")).collect();
    let idents = known.iter().map(|field| &field.ident);
    let pattern = quote!({ #(#idents: #bound,)* .. });
    (names, pattern, quote!(#(::star::private::push(ctx, #bound)?;)*))
}

/// An arm that makes a value of a variant.
fn write_variant(variant: &Variant, tag: Option<&str>) -> TokenStream {
    let (ident, name) = (&variant.ident, &variant.name);
    let tagged = option(tag.map(|tag| quote!((#tag, #name))));
    match (&variant.content, tag) {
        (Content::Unit, None) => {
            quote!(Self::#ident { .. } => ::star::private::IntoStar::into_star(#name, ctx),)
        }
        (Content::Unit, Some(_)) => quote! {
            Self::#ident { .. } => {
                ::star::private::new_dict(ctx, &[], #tagged, |_| ::core::result::Result::Ok(()))
            }
        },
        (Content::Tuple(types), _) => {
            let parts: Vec<Ident> = (0..types.len()).map(|index| format_ident!("part_{index}")).collect();
            let content = match &parts[..] {
                [one] => quote!(#one),
                parts => quote!((#(#parts,)*)),
            };
            let name = statics("NAMES", std::iter::once(&**name));
            quote! {
                Self::#ident(#(#parts),*) => {
                    #name
                    ::star::private::new_dict(ctx, NAMES, ::core::option::Option::None, |ctx| {
                        ::star::private::push(ctx, #content)
                    })
                }
            }
        }
        (Content::Record(fields), tag) => {
            let (names, pattern, pushes) = pushes(fields);
            let inner = quote! {
                #names
                ::star::private::new_dict(ctx, FIELDS, #tagged, |ctx| {
                    #pushes
                    ::core::result::Result::Ok(())
                })
            };
            let own = statics("NAMES", std::iter::once(&**name));
            let made = match tag {
                Some(_) => inner,
                None => quote! {
                    #own
                    ::star::private::new_dict(ctx, NAMES, ::core::option::Option::None, |ctx| {
                        let content = { #inner }?;
                        ::star::private::push(ctx, content)
                    })
                },
            };
            quote!(Self::#ident #pattern => { #made })
        }
    }
}

/// An expression of `&'static TypeDesc`.
fn description(derived: &Derived, of: &syn::Path) -> TokenStream {
    let name = &derived.name;
    match &derived.shape {
        Shape::Newtype(inner) => quote!(<#inner as #of>::TYPE),
        Shape::Record(fields) => record_description(name, fields, of, None),
        Shape::Choice(variants) => {
            let names = variants.iter().map(|variant| &variant.name);
            quote!(&::star::private::TypeDesc::Choice(#name, &[#(#names),*]))
        }
        Shape::Variants { tag: Some(tag), variants } => {
            let variants = variants.iter().map(|variant| {
                let fields = match &variant.content {
                    Content::Record(fields) => &fields[..],
                    _ => &[],
                };
                record_description(name, fields, of, Some((tag, &variant.name)))
            });
            quote!(&::star::private::TypeDesc::Union(&[#(#variants),*]))
        }
        Shape::Variants { tag: None, variants } => {
            let variants = variants.iter().map(|variant| variant_description(derived, variant, of));
            quote!(&::star::private::TypeDesc::Union(&[#(#variants),*]))
        }
    }
}

fn record_description(
    name: &str,
    fields: &[Field],
    of: &syn::Path,
    tag: Option<(&String, &String)>,
) -> TokenStream {
    let tag = tag.map(|(tag, variant)| {
        quote!(::star::private::Field {
            name: #tag,
            ty: &::star::private::TypeDesc::Choice(#name, &[#variant]),
            optional: false,
            doc: "",
        },)
    });
    let fields = fields.iter().filter(|field| !field.skip).map(|field| {
        let Field { name, doc, .. } = field;
        let (ty, optional) = (field_type(field, of), field.is_optional());
        quote!(::star::private::Field { name: #name, ty: #ty, optional: #optional, doc: #doc })
    });
    quote!(&::star::private::TypeDesc::Record(#name, &[#tag #(#fields),*]))
}

fn field_type(field: &Field, of: &syn::Path) -> TokenStream {
    let ty = &field.ty;
    match &field.opaque {
        None => quote!(<#ty as #of>::TYPE),
        Some(None) => quote!(&::star::private::TypeDesc::Any),
        Some(Some(name)) => quote!(&::star::private::TypeDesc::Object(#name)),
    }
}

/// `"name"`, or a dict with the one key `name`.
fn variant_description(derived: &Derived, variant: &Variant, of: &syn::Path) -> TokenStream {
    let (own, name) = (&derived.name, &variant.name);
    let content = match &variant.content {
        Content::Unit => return quote!(&::star::private::TypeDesc::Choice(#own, &[#name])),
        Content::Record(fields) => record_description(name, fields, of, None),
        Content::Tuple(types) => {
            let ty = |ty: &Type| match crate::validate::derive::names_own(ty, &derived.ident) {
                true => quote!(&::star::private::TypeDesc::Object(#own)),
                false => quote!(<#ty as #of>::TYPE),
            };
            match &types[..] {
                [one] => ty(one),
                types => {
                    let types = types.iter().map(ty);
                    quote!(&::star::private::TypeDesc::Tuple(&[#(#types),*]))
                }
            }
        }
    };
    quote! {
        &::star::private::TypeDesc::Record(#own, &[::star::private::Field {
            name: #name,
            ty: #content,
            optional: false,
            doc: "",
        }])
    }
}
