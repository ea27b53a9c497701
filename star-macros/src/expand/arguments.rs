//! Arguments of a call to what a function takes.
//!
//! In: checked parameters. Out: how the runtime arranges the arguments (`Arity`), statements that convert them in
//! order, and the expressions to pass on. Rule: each conversion is one call into `private`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{Expr, ExprLit, Ident, Lit};

use super::{local, script};
use crate::model::{Kind, Param, Take};

/// How parameters are described and filled.
pub struct Arguments {
    /// An expression of `Arity`.
    pub arity: TokenStream,
    /// Statements that convert the arguments.
    pub convert: TokenStream,
    /// Statements that borrow the objects among them.
    pub borrow: TokenStream,
    /// The same within a future.
    pub hold: TokenStream,
    /// The same within a future that gives items.
    pub keep: TokenStream,
    /// The objects among them: the handle of each, whether it may be absent and whether it is changed.
    pub handles: Vec<(Ident, bool, bool)>,
    /// What the user's function gets.
    pub pass: Vec<TokenStream>,
    /// An expression of `&'static [Param]`.
    pub described: TokenStream,
}

/// How the parameters of a function are filled; with `receiver`, argument 0 is not one of them; with `raw`, nobody has
/// arranged the arguments before.
pub fn expand(params: &[Param], receiver: bool, raw: bool) -> Arguments {
    let skip = usize::from(receiver);
    let places = places(params);
    let variadic = raw || params.iter().any(|param| matches!(param.kind, Kind::Args | Kind::Kwargs));
    let (ctx, args, function) = (local("ctx"), local("args"), local("function"));
    let mut convert = TokenStream::new();
    let (mut borrow, mut hold, mut keep) = (TokenStream::new(), TokenStream::new(), TokenStream::new());
    let mut handles = Vec::new();
    let mut pass = Vec::new();
    let mut offset = skip;
    if variadic {
        convert.extend(bind(&places, params, receiver));
        offset = 0;
    }
    let names = names(&places);
    let by_position = by_position(&places);
    for (index, param) in params.iter().enumerate() {
        let bound = local(&format!("argument_{index}"));
        let name = &param.name;
        match (param.kind, &param.take) {
            (Kind::Args, Take::Owned(ty)) => {
                convert.extend(quote_spanned! {param.span=>
                    let #bound = ::star::private::rest::<#ty>(#ctx, #args, #by_position, #function, #name)?;
                });
                pass.push(quote!(#bound));
            }
            (Kind::Kwargs, Take::Owned(ty)) => {
                convert.extend(quote_spanned! {param.span=>
                    let #bound =
                        ::star::private::rest_keywords::<#ty>(#ctx, #args, &[#(#names),*], #function, #name)?;
                });
                pass.push(quote!(#bound));
            }
            _ => {
                let place = places.iter().position(|placed| std::ptr::eq(*placed, param)).unwrap_or_default()
                    + offset;
                let source = if variadic { local("bound") } else { args.clone() };
                let mut value = quote!(#source[#place]);
                if param.kind == Kind::Keyword
                    && !param.optional
                    && !variadic
                    && required(&places) <= place - offset
                {
                    value = quote!(::star::private::given(#ctx, #value, #function, #name)?);
                }
                convert.extend(one(param, &bound, value, &quote!(#function), &quote!(#name)));
                if let Take::Object { mutable, option, .. } = param.take {
                    borrow.extend(borrowed(&bound, mutable, option, Within::Call));
                    hold.extend(borrowed(&bound, mutable, option, Within::Future));
                    keep.extend(borrowed(&bound, mutable, option, Within::Walk));
                    handles.push((handle(&bound), option, mutable));
                }
                pass.push(passed(param, &bound));
            }
        }
    }
    let arity = match params {
        [Param { kind: Kind::Args, .. }] => quote!(::star::private::Arity::VariadicPositional),
        _ => arity(&places, variadic),
    };
    Arguments { arity, convert, borrow, hold, keep, handles, pass, described: described(params) }
}

/// Parameters that have a place of their own, in the order in which the runtime arranges them: those by name that have
/// to be given come before those that may be left out.
fn places(params: &[Param]) -> Vec<&Param> {
    let own = |param: &&Param| !matches!(param.kind, Kind::Args | Kind::Kwargs);
    let mut places: Vec<&Param> = params.iter().filter(own).collect();
    places.sort_by_key(|param| (param.kind == Kind::Keyword, param.kind == Kind::Keyword && param.optional));
    places
}

fn by_position(places: &[&Param]) -> usize {
    places.iter().filter(|param| param.kind != Kind::Keyword).count()
}

/// How many of the first places have to be filled.
fn required(places: &[&Param]) -> usize {
    places.iter().take_while(|param| !param.optional).count()
}

fn names(places: &[&Param]) -> Vec<String> {
    let name = |param: &&Param| match param.kind {
        Kind::Positional => String::new(),
        _ => param.name.clone(),
    };
    places.iter().map(name).collect()
}

fn arity(places: &[&Param], variadic: bool) -> TokenStream {
    let (required, all, by_position) = (required(places), places.len(), by_position(places));
    if variadic {
        return quote!(::star::private::Arity::Variadic);
    }
    let nameless = places.iter().all(|param| param.kind == Kind::Positional);
    let count = |count: usize| proc_macro2::Literal::u8_suffixed(count as u8);
    match (nameless, required, all) {
        (true, _, 0) => quote!(::star::private::Arity::None),
        (true, 1, 1) => quote!(::star::private::Arity::One),
        (true, ..) => {
            let (least, most) = (count(required), count(all));
            quote!(::star::private::Arity::Positional(#least, #most))
        }
        (false, ..) => {
            let (names, required, positional) = (names(places), count(required), count(by_position));
            quote!(::star::private::Arity::Named {
                names: &[#(#names),*],
                required: #required,
                positional: #positional,
            })
        }
    }
}

/// The arity of a function that complains about arguments as one of a script does; `None` if it takes any number.
pub fn script_arity(params: &[Param]) -> Option<TokenStream> {
    if params.iter().any(|param| matches!(param.kind, Kind::Args | Kind::Kwargs)) {
        return None;
    }
    let places = places(params);
    let names = places.iter().map(|param| &param.name);
    let count = |count: usize| proc_macro2::Literal::u8_suffixed(count as u8);
    let nameless = count(places.iter().filter(|param| param.kind == Kind::Positional).count());
    let (required, positional) = (count(required(&places)), count(by_position(&places)));
    Some(quote!(::star::private::Arity::Script {
        names: &[#(#names),*],
        positional_only: #nameless,
        positional: #positional,
        required: #required,
    }))
}

/// Arranges the arguments of a function that takes any number of them.
fn bind(places: &[&Param], params: &[Param], receiver: bool) -> TokenStream {
    let (ctx, args, function, bound) = (local("ctx"), local("args"), local("function"), local("bound"));
    let count = places.len();
    let names = places.iter().map(|param| &param.name);
    let nameless = places.iter().filter(|param| param.kind == Kind::Positional).count();
    let positional = by_position(places);
    let optional = places.iter().map(|param| param.optional);
    let more = params.iter().any(|param| param.kind == Kind::Args);
    let others = params.iter().any(|param| param.kind == Kind::Kwargs);
    let without_receiver = receiver.then(|| quote!(let #args = ::star::private::without_receiver(#args);));
    quote! {
        #without_receiver
        let mut #bound = [::star::private::Value::Undef; #count];
        ::star::private::bind(#ctx, #args, #function, &::star::private::Shape {
            names: &[#(#names),*],
            optional: &[#(#optional),*],
            nameless: #nameless,
            positional: #positional,
            args: #more,
            kwargs: #others,
        }, &mut #bound)?;
    }
}

/// Converts one argument: `function` and `name` are what errors call the function and the parameter.
pub fn one(
    param: &Param,
    bound: &Ident,
    value: TokenStream,
    function: &TokenStream,
    name: &TokenStream,
) -> TokenStream {
    let (ctx, span) = (local("ctx"), param.span);
    let rest = quote!((#ctx, #value, #function, #name));
    match &param.take {
        Take::Owned(ty) => match &param.default {
            Some(default) => {
                let default = converted(default);
                quote_spanned! {span=>
                    let #bound = ::star::private::arg_or::<#ty>(#ctx, #value, #function, #name, || #default)?;
                }
            }
            None => quote_spanned!(span=> let #bound = ::star::private::arg::<#ty>#rest?;),
        },
        Take::Slice(ty) => {
            quote_spanned!(span=> let #bound = ::star::private::arg::<::std::vec::Vec<#ty>>#rest?;)
        }
        Take::Lent { ty, option } => {
            let lent = match (option, param.default.is_some()) {
                (true, _) => format_ident!("lent_option"),
                (false, true) => format_ident!("lent_or"),
                (false, false) => format_ident!("lent"),
            };
            quote_spanned!(span=> let #bound = ::star::private::#lent::<#ty>#rest?;)
        }
        Take::Object { ty, option, .. } => {
            let object = format_ident!("{}", if *option { "object_option" } else { "object" });
            let handle = handle(bound);
            quote_spanned!(span=> let #handle = ::star::private::#object::<#ty>#rest?;)
        }
    }
}

/// The handle that an object is borrowed from.
pub fn handle(bound: &Ident) -> Ident {
    local(&format!("{bound}_handle"))
}

/// Where an object is borrowed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// In the course of a call.
    Call,
    /// Within its future.
    Future,
    /// Within a future that gives items.
    Walk,
}

/// Borrows an object.
pub fn borrowed(bound: &Ident, mutable: bool, option: bool, within: Within) -> TokenStream {
    let (ctx, handle) = (local("ctx"), handle(bound));
    let keyword = mutable.then(|| quote!(mut));
    let suffix = match (option, mutable) {
        (false, false) => "",
        (false, true) => "_mut",
        (true, false) => "_option",
        (true, true) => "_option_mut",
    };
    let fail = match within {
        Within::Call => {
            let borrow = format_ident!("borrow{suffix}");
            return quote!(let #keyword #bound = ::star::private::#borrow(#ctx, &#handle)?;);
        }
        Within::Future => quote!(::star::private::Held(::core::result::Result::Err(in_use))),
        Within::Walk => {
            let lane = local("lane");
            quote!(#lane.in_use(in_use))
        }
    };
    let hold = format_ident!("hold{suffix}");
    quote! {
        let #keyword #bound = match ::star::private::#hold(&#handle) {
            ::core::result::Result::Ok(held) => held,
            ::core::result::Result::Err(in_use) => return #fail,
        };
    }
}

/// What the user's function gets for an argument.
pub fn passed(param: &Param, bound: &Ident) -> TokenStream {
    let lent = |ty: &syn::Type| quote!(::core::borrow::Borrow::<#ty>::borrow);
    match &param.take {
        Take::Owned(_) => quote!(#bound),
        Take::Slice(_) => quote!(&#bound[..]),
        Take::Lent { ty, option: true } => {
            let borrow = lent(ty);
            match &param.default {
                None => quote!(#bound.as_ref().map(#borrow)),
                Some(default) => quote!(#bound.as_ref().map(#borrow).or(#default)),
            }
        }
        Take::Lent { ty, option: false } => {
            let borrow = lent(ty);
            match &param.default {
                None => quote!(#borrow(&#bound)),
                Some(default) => quote!(match &#bound {
                    ::core::option::Option::Some(given) => #borrow(given),
                    ::core::option::Option::None => #default,
                }),
            }
        }
        Take::Object { mutable: false, option: false, .. } => quote!(&#bound),
        Take::Object { mutable: true, option: false, .. } => quote!(&mut #bound),
        Take::Object { mutable: false, option: true, .. } => quote!(#bound.as_deref()),
        Take::Object { mutable: true, option: true, .. } => quote!(#bound.as_deref_mut()),
    }
}

/// The default of an owned parameter: a text becomes whatever type of text it has.
fn converted(default: &Expr) -> TokenStream {
    match default {
        Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) => quote!(::core::convert::Into::into(#default)),
        _ => quote!(#default),
    }
}

/// The parameters, for documents.
fn described(params: &[Param]) -> TokenStream {
    let rows = params.iter().map(|param| {
        let name = &param.name;
        let ty = described_type(param);
        let kind = match param.kind {
            Kind::Positional => quote!(Positional),
            Kind::Either => quote!(Either),
            Kind::Keyword => quote!(Keyword),
            Kind::Args => quote!(Args),
            Kind::Kwargs => quote!(Kwargs),
        };
        let default = match (&param.default, param.optional, param.kind) {
            (_, _, Kind::Args | Kind::Kwargs) | (None, false, _) => None,
            (Some(default), ..) => Some(script::of(default)),
            (None, true, _) => Some("None".to_string()),
        };
        let default = super::option(default.map(|text| quote!(#text)));
        quote!(::star::private::Param {
            name: #name,
            ty: #ty,
            kind: ::star::private::ParamKind::#kind,
            default: #default,
        })
    });
    quote!(&[#(#rows),*])
}

/// An expression of `&'static TypeDesc`.
fn described_type(param: &Param) -> TokenStream {
    let optional = |ty: TokenStream| quote!(&::star::private::TypeDesc::Optional(#ty));
    match &param.take {
        Take::Owned(ty) => quote!(<#ty as ::star::private::FromStar>::TYPE),
        Take::Slice(ty) => quote!(<::std::vec::Vec<#ty> as ::star::private::FromStar>::TYPE),
        Take::Lent { ty, option } => {
            let ty = quote!(<#ty as ::star::private::Lend>::TYPE);
            if *option { optional(ty) } else { ty }
        }
        Take::Object { ty, option, .. } => {
            let ty = quote!(<#ty as ::star::private::HostClass>::TYPE);
            if *option { optional(ty) } else { ty }
        }
    }
}
