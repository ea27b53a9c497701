//! What operators and builtins do to a type's values.
//!
//! In: a checked type. Out: functions around the user's methods, and the fields of `Hooks` that name them. Rule: a hook
//! that knows nothing of the other operand says so, and the runtime asks that one's type.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, Type};

use super::arguments::Within;
use super::function::{self, Answer};
use super::{arguments, compare, local, under};
use crate::model::object::{Hook, Object, Trait};
use crate::model::{Function, Hold, Param, Take};
use crate::validate::module::generated;

/// The hooks of a type.
pub struct Expanded {
    /// Functions.
    pub functions: TokenStream,
    /// `repr: …, len: …,`
    pub fields: TokenStream,
}

/// What a method is passed by its caller.
pub enum Given {
    /// Nothing.
    Nothing,
    /// `value`, which is assigned to the attribute `name`.
    Assigned,
    /// `other`; what it cannot take is `Ok(None)`. With `.0` that goes for what it could take in principle, too.
    Operand(bool),
    /// `text`, as it is.
    Text,
}

/// Statements that call a method of the object `own`, and leave what it returns in `result`.
pub fn call(function: &Function, given: &Given) -> TokenStream {
    let (ctx, own, result, object) = (local("ctx"), local("own"), local("result"), local("object"));
    let handle = arguments::handle(&object);
    let Some(receiver) = &function.receiver else { return TokenStream::new() };
    let (ty, mutable) = (&receiver.ty, receiver.by == Hold::Mutable);
    let borrow = arguments::borrowed(&object, mutable, false, Within::Call);
    let argument = local("argument");
    let (convert, pass) = match (given, function.params.first()) {
        (Given::Text, _) => {
            let text = local("text");
            (TokenStream::new(), Some(quote!(#text)))
        }
        (Given::Assigned, Some(param)) => {
            let (value, name) = (local("value"), local("name"));
            let mut convert = arguments::one(param, &argument, quote!(#value), &quote!(""), &quote!(#name));
            if let Take::Object { mutable, option, .. } = param.take {
                convert.extend(arguments::borrowed(&argument, mutable, option, Within::Call));
            }
            (convert, Some(arguments::passed(param, &argument)))
        }
        (Given::Operand(lenient), Some(param)) => {
            (operand(param, &argument, *lenient), Some(arguments::passed(param, &argument)))
        }
        _ => (TokenStream::new(), None),
    };
    let (callee, name) = (&function.callee, &function.name);
    let own_argument = function::self_argument(function);
    let context = (function.context == crate::model::Context::Heap).then(|| quote!(#ctx,));
    quote! {
        #convert
        let #handle = ::star::private::receiver::<#ty>(#ctx, #own, "")?;
        #borrow
        let #result = ::star::private::guarded(#ctx, #name, |#ctx| #callee(#own_argument #context #pass))?;
    }
}

/// Takes `other` as an operand, or returns `Ok(None)`.
fn operand(param: &Param, bound: &Ident, lenient: bool) -> TokenStream {
    let (ctx, other) = (local("ctx"), local("other"));
    let (convert, name) = match &param.take {
        Take::Owned(ty) => (quote!(<#ty as ::star::private::FromStar>::from_star), bound.clone()),
        Take::Slice(ty) => {
            (quote!(<::std::vec::Vec<#ty> as ::star::private::FromStar>::from_star), bound.clone())
        }
        Take::Lent { ty, option: false } => (quote!(<#ty as ::star::private::Lend>::lend), bound.clone()),
        Take::Lent { ty, option: true } => (quote!(::star::private::lend_option::<#ty>), bound.clone()),
        Take::Object { ty, option, .. } => {
            let ty = quote!(::star::private::HostRef<#ty>);
            let ty = if *option { quote!(::core::option::Option<#ty>) } else { ty };
            (quote!(<#ty as ::star::private::FromStar>::from_star), arguments::handle(bound))
        }
    };
    let borrow = match param.take {
        Take::Object { mutable, option, .. } => arguments::borrowed(bound, mutable, option, Within::Call),
        _ => TokenStream::new(),
    };
    quote_spanned! {param.span=>
        let ::core::option::Option::Some(#name) = ::star::private::operand(#ctx, #other, #lenient, #convert)? else {
            return ::core::result::Result::Ok(::core::option::Option::None);
        };
        #borrow
    }
}

/// The hooks of a type, while they are gathered.
struct Gathered<'a> {
    object: &'a Object,
    functions: TokenStream,
    fields: TokenStream,
    /// Functions of binary operators: by field, operator and side.
    binary: BTreeMap<(&'static str, &'static str), Vec<(bool, Ident)>>,
    unary: Vec<(&'static str, Ident)>,
    numbers: Vec<(&'static str, Ident)>,
    comparisons: compare::Comparisons,
}

/// Generates the hooks of `object`.
pub fn expand(object: &Object) -> Expanded {
    let mut gathered = Gathered {
        object,
        functions: TokenStream::new(),
        fields: TokenStream::new(),
        binary: BTreeMap::new(),
        unary: Vec::new(),
        numbers: Vec::new(),
        comparisons: compare::Comparisons::default(),
    };
    for (index, (hook, function)) in object.hooks.iter().enumerate() {
        gathered.add(*hook, function, &format_ident!("__star_hook_{index}"));
    }
    gathered.binary();
    gathered.choice("unary", "UnaryOp");
    gathered.choice("number", "Number");
    let comparisons = compare::expand(object, &gathered.comparisons);
    gathered.functions.extend(comparisons.functions);
    gathered.fields.extend(comparisons.fields);
    gathered.traits();
    gathered.close();
    Expanded { functions: gathered.functions, fields: gathered.fields }
}

impl Gathered<'_> {
    fn add(&mut self, hook: Hook, function: &Function, name: &Ident) {
        match hook {
            Hook::Binary(op) => self.operator("binary", op, false, function, name),
            Hook::Reflected(op) => self.operator("binary", op, true, function, name),
            Hook::Inplace(op) => self.operator("inplace", op, false, function, name),
            Hook::Unary(op) => {
                self.value(function, name);
                self.unary.push((op, name.clone()));
            }
            Hook::Number(which) => {
                self.value(function, name);
                self.numbers.push((which, name.clone()));
            }
            Hook::Compare(op) => {
                self.functions.extend(compare::relation(function, name));
                self.comparisons.relations.push((op, name.clone()));
            }
            Hook::Order => {
                self.functions.extend(compare::order(function, name));
                self.comparisons.order = Some(name.clone());
            }
            Hook::Hash => {
                self.plain("hash", function, name, quote!(::star::private::Value), quote!(hash_value))
            }
            Hook::Repr => self.plain(
                "repr",
                function,
                name,
                quote!(::std::vec::Vec<::star::private::Piece>),
                quote!(pieces),
            ),
            Hook::Str => self.plain(
                "str",
                function,
                name,
                quote!(::std::vec::Vec<::star::private::Piece>),
                quote!(pieces),
            ),
            Hook::Format => self.format(function, name),
            Hook::Truth => self.peek("truth", function, quote!(true)),
            Hook::Len => self.peek("len", function, quote!(0)),
            Hook::Item => self.native("item", function, name, Answer::Result),
            Hook::SetItem => self.native("set_item", function, name, Answer::Result),
            Hook::DelItem => self.native("del_item", function, name, Answer::Result),
            Hook::Contains => self.native("contains", function, name, Answer::Result),
            Hook::Iter => self.native("iter", function, name, Answer::Result),
            Hook::Next => {
                self.native("next", function, name, Answer::Step);
                if !function.asynchronous {
                    self.fields
                        .extend(quote!(ready: ::core::option::Option::Some(::star::private::always_ready),));
                }
            }
            Hook::Call => self.native("call", function, name, Answer::Result),
            Hook::Enter if !function.says_return => self.native("enter", function, name, Answer::Itself),
            Hook::Enter => self.native("enter", function, name, Answer::Result),
            Hook::Exit => self.native("exit", function, name, Answer::Result),
            Hook::Missing => self.missing(function, name),
        }
    }

    /// A hook that is a native.
    fn native(&mut self, field: &str, function: &Function, name: &Ident, answer: Answer) {
        let raw = field == "call";
        let arguments = arguments::expand(&function.params, true, raw);
        self.functions.extend(function::body(function, &arguments, name, answer));
        let (field, own_name) = (format_ident!("{field}"), &function.name);
        let hook =
            quote!(#field: ::core::option::Option::Some(|ctx, args| #name(ctx, args, #own_name, false)),);
        self.fields.extend(under(&function.conditions, hook));
    }

    /// A function of the object alone whose result is a value.
    fn value(&mut self, function: &Function, name: &Ident) {
        let (ctx, own, result) = (local("ctx"), local("own"), local("result"));
        let called = call(function, &Given::Nothing);
        self.functions.extend(quote! {
            #[allow(unused_variables)]
            fn #name(
                #ctx: &mut ::star::private::Ctx<'_>,
                #own: ::star::private::Value,
            ) -> ::core::result::Result<::core::option::Option<::star::private::Value>, ::star::private::Raise> {
                #called
                ::star::private::value(#ctx, #result).map(::core::option::Option::Some)
            }
        });
    }

    /// A hook of the object alone whose result `finish` turns into `ty`.
    fn plain(
        &mut self,
        field: &str,
        function: &Function,
        name: &Ident,
        ty: TokenStream,
        finish: TokenStream,
    ) {
        let (ctx, own, result) = (local("ctx"), local("own"), local("result"));
        let called = call(function, &Given::Nothing);
        self.functions.extend(quote! {
            #[allow(unused_variables)]
            fn #name(
                #ctx: &mut ::star::private::Ctx<'_>,
                #own: ::star::private::Value,
            ) -> ::core::result::Result<#ty, ::star::private::Raise> {
                #called
                ::star::private::#finish(#ctx, #result)
            }
        });
        let field = format_ident!("{field}");
        self.fields.extend(quote!(#field: ::core::option::Option::Some(#name),));
    }

    fn format(&mut self, function: &Function, name: &Ident) {
        let (ctx, own, text, result) = (local("ctx"), local("own"), local("text"), local("result"));
        let called = call(function, &Given::Text);
        self.functions.extend(quote! {
            fn #name(
                #ctx: &mut ::star::private::Ctx<'_>,
                #own: ::star::private::Value,
                #text: &::core::primitive::str,
            ) -> ::core::result::Result<::std::string::String, ::star::private::Raise> {
                #called
                ::star::private::text(#ctx, #result)
            }
        });
        self.fields.extend(quote!(format: ::core::option::Option::Some(#name),));
    }

    fn missing(&mut self, function: &Function, name: &Ident) {
        let (ctx, own, text, result) = (local("ctx"), local("own"), local("text"), local("result"));
        let called = call(function, &Given::Text);
        let ty = &self.object.ty;
        self.functions.extend(quote! {
            fn #name(
                #ctx: &mut ::star::private::Ctx<'_>,
                #own: ::star::private::Value,
                #text: &::core::primitive::str,
            ) -> ::core::result::Result<::core::option::Option<::star::private::Value>, ::star::private::Raise> {
                if !::star::private::is::<#ty>(#ctx.heap, #own) {
                    return ::core::result::Result::Ok(::core::option::Option::None);
                }
                #called
                ::star::private::Found::found(#result, #ctx)
            }
        });
        self.fields.extend(quote!(attribute: ::core::option::Option::Some(#name),));
    }

    /// A hook that looks at the object without anything else.
    fn peek(&mut self, field: &str, function: &Function, closed: TokenStream) {
        let (field, callee, ty) = (format_ident!("{field}"), &function.callee, &self.object.ty);
        self.fields.extend(quote! {
            #field: ::core::option::Option::Some(|heap, own| {
                ::star::private::peek::<#ty, _>(heap, own, |object| #callee(object)).unwrap_or(#closed)
            }),
        });
    }

    fn operator(
        &mut self,
        field: &'static str,
        op: &'static str,
        right: bool,
        function: &Function,
        name: &Ident,
    ) {
        let (ctx, own, other, result) = (local("ctx"), local("own"), local("other"), local("result"));
        let called = call(function, &Given::Operand(false));
        // What is assigned to stays the object itself.
        let value = match field {
            "inplace" => quote!(::star::private::value(#ctx, #result).map(|_| #own)),
            _ => quote!(::star::private::value(#ctx, #result)),
        };
        self.functions.extend(quote! {
            #[allow(unused_variables, clippy::let_unit_value, clippy::unit_arg)]
            fn #name(
                #ctx: &mut ::star::private::Ctx<'_>,
                #own: ::star::private::Value,
                #other: ::star::private::Value,
            ) -> ::core::result::Result<::core::option::Option<::star::private::Value>, ::star::private::Raise> {
                #called
                #value.map(::core::option::Option::Some)
            }
        });
        self.binary.entry((field, op)).or_default().push((right, name.clone()));
    }

    /// The functions that choose among those of binary operators.
    fn binary(&mut self) {
        for field in ["binary", "inplace"] {
            let arm = |right: bool| {
                let rows = self.binary.iter().filter(|((of, _), _)| *of == field);
                let rows = rows.map(move |((_, op), functions)| {
                    let own: Vec<&Ident> =
                        functions.iter().filter(|(side, _)| *side == right).map(|(_, name)| name).collect();
                    (format_ident!("{op}"), own)
                });
                rows.filter(|(_, own)| !own.is_empty()).collect::<Vec<_>>()
            };
            let (left, right) = (arm(false), arm(true));
            if left.is_empty() && right.is_empty() {
                continue;
            }
            // What is assigned to may be the outcome of a script; here it is there at once.
            let (ty, made) = match field {
                "inplace" => (quote!(Outcome), quote!(::star::private::Outcome::Return(value))),
                _ => (quote!(Value), quote!(value)),
            };
            let own = &self.object.ty;
            let (left, right) = (chosen(own, &left, false, &made), chosen(own, &right, true, &made));
            let (name, field) = (format_ident!("__star_{field}"), format_ident!("{field}"));
            self.functions.extend(quote! {
                fn #name(
                    ctx: &mut ::star::private::Ctx<'_>,
                    op: ::star::private::BinaryOp,
                    left: ::star::private::Value,
                    right: ::star::private::Value,
                ) -> ::core::result::Result<::core::option::Option<::star::private::#ty>, ::star::private::Raise>
                {
                    #left
                    #right
                    ::core::result::Result::Ok(::core::option::Option::None)
                }
            });
            self.fields.extend(quote!(#field: ::core::option::Option::Some(#name),));
        }
    }

    /// The function that chooses by what is asked for.
    fn choice(&mut self, field: &str, kind: &str) {
        let functions = if field == "unary" { &self.unary } else { &self.numbers };
        if functions.is_empty() {
            return;
        }
        let arms = functions.iter().map(|(which, name)| (format_ident!("{which}"), name));
        let kind = format_ident!("{kind}");
        let arms = arms.map(|(which, name)| quote!(::star::private::#kind::#which => #name(ctx, own),));
        let field = format_ident!("{field}");
        self.fields.extend(quote! {
            #field: ::core::option::Option::Some(|ctx, which, own| match which {
                #(#arms)*
                _ => ::core::result::Result::Ok(::core::option::Option::None),
            }),
        });
    }

    /// Hooks by traits of Rust's; comparisons are in `compare`.
    fn traits(&mut self) {
        let ty = &self.object.ty;
        let has = |hook| self.object.hooks.iter().any(|(known, _)| *known == hook);
        for of in &self.object.traits {
            let field = match of {
                Trait::Hash if !has(Hook::Hash) => {
                    quote!(hash: ::core::option::Option::Some(::star::private::hash::<#ty>),)
                }
                Trait::Repr if !has(Hook::Repr) => {
                    quote!(repr: ::core::option::Option::Some(::star::private::debug::<#ty>),)
                }
                Trait::Str if !has(Hook::Str) => {
                    quote!(str: ::core::option::Option::Some(::star::private::display::<#ty>),)
                }
                _ => TokenStream::new(),
            };
            self.fields.extend(field);
        }
    }

    /// The end of a `with` block, where it closes the object.
    fn close(&mut self) {
        let Some(close) = &self.object.close else { return };
        if self.object.hooks.iter().any(|(hook, _)| *hook == Hook::Exit) {
            return;
        }
        self.native("exit", close, &generated("leave", &close.ident), Answer::CloseQuietly);
    }
}

/// Calls the functions of operators that are for this side, in order, until one knows the other operand.
fn chosen(ty: &Type, arms: &[(Ident, Vec<&Ident>)], right: bool, made: &TokenStream) -> TokenStream {
    if arms.is_empty() {
        return TokenStream::new();
    }
    let (own, other) = match right {
        false => (format_ident!("left"), format_ident!("right")),
        true => (format_ident!("right"), format_ident!("left")),
    };
    let arms = arms.iter().map(|(op, functions)| {
        quote! {
            ::star::private::BinaryOp::#op => {
                #(
                    if let ::core::option::Option::Some(value) = #functions(ctx, #own, #other)? {
                        return ::core::result::Result::Ok(::core::option::Option::Some(#made));
                    }
                )*
            }
        }
    });
    quote! {
        if ::star::private::is::<#ty>(ctx.heap, #own) {
            match op {
                #(#arms)*
                _ => {}
            }
        }
    }
}
