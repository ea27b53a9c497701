//! What other crates have, as modules.
//!
//! In: the syntax of `star_bind!`. Out: the module that one would have written by hand to call it. Rule: a type of
//! another crate is held by one of the module's own, of the same name.
//!
//! ```text
//! bindings = { attributes 'mod' name '{' { item } '}' }
//! item     = attributes signature '=' expression ';'            a function
//!          | attributes 'const' name ':' type '=' expression ';'
//!          | attributes 'type' name '=' type '{' { member } '}'
//! member   = attributes signature [ '=' name ] ';'              a function of the type
//!          | attributes 'new' '(' parameters ')' [ '->' type ] ';'
//!          | attributes 'get' [ 'set' ] name ':' type ';'       a field
//! ```

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, Error, Expr, FnArg, Ident, ItemConst, ItemMod, Pat, Result, ReturnType, Signature, Token,
    Type, Visibility, braced, parse_quote, parse2,
};

use super::is;
use super::options::Options;
use crate::syntax;

/// Everything in a `star_bind!`.
pub struct Bindings(Vec<Binding>);

/// A module.
struct Binding {
    attrs: Vec<Attribute>,
    vis: Visibility,
    ident: Ident,
    functions: Vec<Function>,
    constants: Vec<ItemConst>,
    types: Vec<Foreign>,
}

/// A function, and what it stands for.
struct Function {
    attrs: Vec<Attribute>,
    sig: Signature,
    meant: Expr,
}

/// A type, and what it holds.
struct Foreign {
    attrs: Vec<Attribute>,
    ident: Ident,
    held: Type,
    members: Vec<Member>,
}

enum Member {
    Function { attrs: Vec<Attribute>, sig: Signature, meant: Option<Ident> },
    Field { attrs: Vec<Attribute>, ident: Ident, ty: Type, set: bool },
}

impl Parse for Bindings {
    fn parse(input: ParseStream<'_>) -> Result<Bindings> {
        let mut modules = Vec::new();
        while !input.is_empty() {
            modules.push(input.parse()?);
        }
        Ok(Bindings(modules))
    }
}

impl Parse for Binding {
    fn parse(input: ParseStream<'_>) -> Result<Binding> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        if !input.peek(Token![mod]) {
            return Err(input.error("what is bound stands in a module: `mod name { … }`"));
        }
        input.parse::<Token![mod]>()?;
        let ident = input.parse()?;
        let content;
        braced!(content in input);
        let (functions, constants, types) = (Vec::new(), Vec::new(), Vec::new());
        let mut module = Binding { attrs, vis, ident, functions, constants, types };
        while !content.is_empty() {
            module.item(&content)?;
        }
        Ok(module)
    }
}

impl Binding {
    fn item(&mut self, input: ParseStream<'_>) -> Result<()> {
        let ahead = input.fork();
        ahead.call(Attribute::parse_outer)?;
        ahead.parse::<Visibility>()?;
        if ahead.peek(Token![const]) && !ahead.peek2(Token![fn]) {
            self.constants.push(input.parse()?);
            return Ok(());
        }
        let attrs = input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        if input.peek(Token![type]) {
            self.types.push(Foreign::parse(attrs, input)?);
            return Ok(());
        }
        if !input.peek(Token![fn]) && !input.peek(Token![async]) {
            let message =
                "here stands `fn name(…) -> T = path;`, `const NAME: T = path;` or `type Name = path { … }`";
            return Err(input.error(message));
        }
        let sig: Signature = input.parse()?;
        if !input.peek(Token![=]) {
            return Err(input.error("say what it stands for: `= path::to::function;`"));
        }
        input.parse::<Token![=]>()?;
        let meant = input.parse()?;
        input.parse::<Token![;]>()?;
        self.functions.push(Function { attrs, sig, meant });
        Ok(())
    }
}

impl Foreign {
    fn parse(attrs: Vec<Attribute>, input: ParseStream<'_>) -> Result<Foreign> {
        input.parse::<Token![type]>()?;
        let ident = input.parse()?;
        if !input.peek(Token![=]) {
            return Err(input.error("say what it stands for: `type Name = path::to::Type { … }`"));
        }
        input.parse::<Token![=]>()?;
        let held = input.parse()?;
        let content;
        braced!(content in input);
        let mut members = Vec::new();
        while !content.is_empty() {
            members.push(Member::parse(&content)?);
        }
        Ok(Foreign { attrs, ident, held, members })
    }
}

impl Member {
    fn parse(input: ParseStream<'_>) -> Result<Member> {
        let mut attrs = input.call(Attribute::parse_outer)?;
        if input.peek(Token![fn]) || input.peek(Token![async]) {
            let sig: Signature = input.parse()?;
            let meant = match input.peek(Token![=]) {
                true => {
                    input.parse::<Token![=]>()?;
                    Some(input.parse()?)
                }
                false => None,
            };
            input.parse::<Token![;]>()?;
            return Ok(Member::Function { attrs, sig, meant });
        }
        let ahead = input.fork();
        let word = ahead.call(Ident::parse_any).map(|word| word.to_string()).unwrap_or_default();
        match &*word {
            "new" => {
                let rest = tokens_to_semicolon(input)?;
                let mut sig: Signature = parse2(quote!(fn #rest))?;
                if let ReturnType::Default = sig.output {
                    sig.output = parse_quote!(-> Self);
                }
                attrs.push(parse_quote!(#[star(new)]));
                Ok(Member::Function { attrs, sig, meant: None })
            }
            "get" => {
                input.call(Ident::parse_any)?;
                let ahead = input.fork();
                ahead.call(Ident::parse_any)?;
                // A field may be called `set`.
                let set = !ahead.peek(Token![:]);
                if set {
                    input.call(Ident::parse_any)?;
                }
                let ident = input.parse()?;
                input.parse::<Token![:]>()?;
                let ty = input.parse()?;
                input.parse::<Token![;]>()?;
                Ok(Member::Field { attrs, ident, ty, set })
            }
            _ => Err(input.error("here stands `fn name(&self, …) -> T;`, `new(…);` or `get field: T;`")),
        }
    }
}

fn tokens_to_semicolon(input: ParseStream<'_>) -> Result<TokenStream> {
    let mut tokens = TokenStream::new();
    while !input.peek(Token![;]) {
        if input.is_empty() {
            return Err(input.error("expected `;`"));
        }
        let token: proc_macro2::TokenTree = input.parse()?;
        tokens.extend([token]);
    }
    input.parse::<Token![;]>()?;
    Ok(tokens)
}

impl Bindings {
    /// The modules that one would have written by hand, with the options of each.
    pub fn into_items(self) -> Result<Vec<(Options, ItemMod)>> {
        self.0.into_iter().map(Binding::into_item).collect()
    }
}

impl Binding {
    fn into_item(mut self) -> Result<(Options, ItemMod)> {
        let mut options = super::take_star(&mut self.attrs)?;
        if options.first.is_none() {
            let name = self.ident.unraw();
            options.first = Some(syn::LitStr::new(&name.to_string(), name.span()));
        }
        let known: Vec<Ident> = self.types.iter().map(|held| held.ident.clone()).collect();
        let functions = self.functions.iter().map(|function| function.expand(&known));
        let functions = functions.collect::<Result<Vec<_>>>()?;
        let types = self.types.iter().map(|held| held.expand(&known)).collect::<Result<Vec<_>>>()?;
        let (attrs, vis, ident, constants) = (&self.attrs, &self.vis, &self.ident, &self.constants);
        let item = parse2(quote! {
            #(#attrs)*
            #vis mod #ident {
                #[allow(unused_imports)]
                use super::*;

                #(#functions)*
                #(#constants)*
                #(#types)*
            }
        })?;
        Ok((options, item))
    }
}

impl Function {
    fn expand(&self, known: &[Ident]) -> Result<TokenStream> {
        let Function { attrs, sig, meant } = self;
        let attrs = renamed_attributes(attrs);
        let arguments = arguments(sig, known, None)?;
        let awaited = sig.asyncness.map(|_| quote!(.await));
        let meant = match meant {
            Expr::Path(path) => quote!(#path),
            other => quote!((#other)),
        };
        let body = wrapped(quote!(#meant(#(#arguments),*) #awaited), &sig.output, known, None);
        Ok(quote! {
            #attrs
            #[allow(clippy::all)]
            #sig {
                #body
            }
        })
    }
}

/// `#[star(…)]` on a function is its `#[star_fn(…)]`.
fn renamed_attributes(attrs: &[Attribute]) -> TokenStream {
    let (own, others): (Vec<&Attribute>, Vec<&Attribute>) =
        attrs.iter().partition(|attribute| is(attribute, "star"));
    let own = own.first().map(|attribute| &attribute.meta);
    let options = match own {
        Some(syn::Meta::List(list)) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    quote!(#(#others)* #[star_fn(#options)])
}

impl Foreign {
    fn expand(&self, known: &[Ident]) -> Result<TokenStream> {
        let Foreign { attrs, ident, held, members } = self;
        let (own, others): (Vec<&Attribute>, Vec<&Attribute>) =
            attrs.iter().partition(|attribute| is(attribute, "star"));
        let options = match own.first().map(|attribute| &attribute.meta) {
            Some(syn::Meta::List(list)) => list.tokens.clone(),
            _ => TokenStream::new(),
        };
        let members = members.iter().map(|member| member.expand(self, known)).collect::<Result<Vec<_>>>()?;
        let traits = traits(&options, ident);
        Ok(quote! {
            #(#others)*
            pub struct #ident(#held);

            #traits

            #[star_object(#options)]
            #[allow(clippy::all)]
            impl #ident {
                #(#members)*
            }
        })
    }
}

/// The traits by which operators are answered, as what is held has them.
fn traits(options: &TokenStream, ident: &Ident) -> TokenStream {
    let words: Vec<String> = options.clone().into_iter().map(|token| token.to_string()).collect();
    let has = |name: &str| words.iter().any(|word| word == name);
    let mut traits = TokenStream::new();
    if has("eq") || has("ord") {
        traits.extend(quote! {
            impl ::core::cmp::PartialEq for #ident {
                fn eq(&self, other: &#ident) -> ::core::primitive::bool {
                    self.0 == other.0
                }
            }
        });
    }
    if has("ord") {
        traits.extend(quote! {
            impl ::core::cmp::PartialOrd for #ident {
                fn partial_cmp(&self, other: &#ident) -> ::core::option::Option<::core::cmp::Ordering> {
                    ::core::cmp::PartialOrd::partial_cmp(&self.0, &other.0)
                }
            }
        });
    }
    if has("hash") {
        traits.extend(quote! {
            impl ::core::hash::Hash for #ident {
                fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                    ::core::hash::Hash::hash(&self.0, state);
                }
            }
        });
    }
    for (option, name) in [("repr", "Debug"), ("str", "Display")] {
        let name = format_ident!("{name}");
        if has(option) {
            traits.extend(quote! {
                impl ::core::fmt::#name for #ident {
                    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        ::core::fmt::#name::fmt(&self.0, f)
                    }
                }
            });
        }
    }
    traits
}

impl Member {
    fn expand(&self, foreign: &Foreign, known: &[Ident]) -> Result<TokenStream> {
        let own = Some(&foreign.ident);
        match self {
            Member::Field { attrs, ident, ty, set } => {
                let value =
                    wrapped_value(quote!(::core::clone::Clone::clone(&self.0.#ident)), ty, known, own);
                let setter = format_ident!("set_{}", ident.unraw(), span = ident.span());
                let set = set.then(|| {
                    quote! {
                        #[star(set)]
                        fn #setter(&mut self, value: #ty) {
                            self.0.#ident = value;
                        }
                    }
                });
                Ok(quote! {
                    #(#attrs)*
                    #[star(get)]
                    fn #ident(&self) -> #ty {
                        #value
                    }

                    #set
                })
            }
            Member::Function { attrs, sig, meant } => {
                let arguments = arguments(sig, known, own)?;
                let awaited = sig.asyncness.map(|_| quote!(.await));
                let (meant, held) = (meant.as_ref().unwrap_or(&sig.ident), &foreign.held);
                let receiver = matches!(sig.inputs.first(), Some(FnArg::Receiver(_)));
                let call = match receiver {
                    true => quote!(self.0.#meant(#(#arguments),*)),
                    false => quote!(<#held>::#meant(#(#arguments),*)),
                };
                let body = wrapped(quote!(#call #awaited), &sig.output, known, own);
                let vis = (!receiver).then(|| quote!(pub));
                Ok(quote! {
                    #(#attrs)*
                    #vis #sig {
                        #body
                    }
                })
            }
        }
    }
}

/// The arguments that a signature passes on: of an object that is bound here, what it holds.
fn arguments(sig: &Signature, known: &[Ident], own: Option<&Ident>) -> Result<Vec<TokenStream>> {
    let mut arguments = Vec::new();
    for input in &sig.inputs {
        let FnArg::Typed(typed) = input else { continue };
        let Pat::Ident(pattern) = &*typed.pat else {
            return Err(Error::new(sig.ident.span(), "a parameter of a bound function has a name"));
        };
        let name = &pattern.ident;
        arguments.push(match syntax::bare(&typed.ty) {
            Type::Reference(reference) if is_bound(&reference.elem, known, own).is_some() => {
                let mutability = &reference.mutability;
                quote!(& #mutability #name.0)
            }
            _ => quote!(#name),
        });
    }
    Ok(arguments)
}

/// The name of a type that is bound here.
fn is_bound(ty: &Type, known: &[Ident], own: Option<&Ident>) -> Option<Ident> {
    let ident = syntax::path(ty)?.get_ident()?;
    match own {
        Some(own) if ident == "Self" => Some(own.clone()),
        _ => known.iter().find(|known| *known == ident).cloned(),
    }
}

fn wrapped(call: TokenStream, output: &ReturnType, known: &[Ident], own: Option<&Ident>) -> TokenStream {
    match output {
        ReturnType::Default => quote!(#call;),
        ReturnType::Type(_, ty) => wrapped_value(call, ty, known, own),
    }
}

/// A value of another crate's as one of `ty`: what is bound here is held by its own type.
fn wrapped_value(value: TokenStream, ty: &Type, known: &[Ident], own: Option<&Ident>) -> TokenStream {
    if let Some(name) = is_bound(ty, known, own) {
        return quote!(#name(#value));
    }
    let segment = syntax::path(ty).and_then(|path| path.segments.last());
    let inner = segment.filter(|last| last.ident == "Result" || last.ident == "Option");
    let inner = inner.and_then(|last| syntax::arguments(last).first().copied());
    match inner.and_then(|inner| is_bound(inner, known, own)) {
        Some(name) => quote!(#value.map(#name)),
        None => value,
    }
}
