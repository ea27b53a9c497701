//! A function or method as natives.
//!
//! In: a checked function. Out: a wrapper around the user's, and a row of a table of natives for each of its names.
//! Rule: errors of the arguments raise under either name.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::arguments::{self, Arguments, Within};
use super::{items, local, option, under};
use crate::model::{Context, Effect, Function, Hold};

/// What a function becomes.
pub struct Expanded {
    /// The wrapper.
    pub wrapper: TokenStream,
    /// Rows of a table of natives, each with its name.
    pub natives: Vec<(String, TokenStream)>,
}

/// What a wrapper makes of what the user's function returns.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// That is the answer.
    Result,
    /// It closes the object.
    Close,
    /// It closes the object at the end of a `with` block, whose error goes on.
    CloseQuietly,
    /// The next item, or the end.
    Step,
    /// The object itself.
    Itself,
}

/// Generates a function; `wrapper` is a free name for it, and `owner` the static of the type that it is a method of.
pub fn expand(function: &Function, wrapper: &Ident, owner: Option<&Ident>, answer: Answer) -> Expanded {
    let mut arguments = arguments::expand(&function.params, function.receiver.is_some(), false);
    if function.script {
        arguments.arity = arguments::script_arity(&function.params).unwrap_or(arguments.arity);
    }
    let owner = owner.filter(|_| function.receiver.is_some());
    let row = |name: &str, pair| native(function, &arguments, wrapper, owner, name, pair);
    let mut natives = vec![(function.name.clone(), row(&function.name, false))];
    if let Some(pair) = &function.pair_name {
        natives.push((pair.clone(), row(pair, true)));
    }
    Expanded { wrapper: body(function, &arguments, wrapper, answer), natives }
}

/// `fn wrapper(ctx, args, function, pair) -> NativeResult`.
pub fn body(function: &Function, arguments: &Arguments, wrapper: &Ident, answer: Answer) -> TokenStream {
    let (ctx, args, name, pair) = (local("ctx"), local("args"), local("function"), local("pair"));
    let need = function
        .capability
        .as_ref()
        .map(|capability| quote!(::star::private::need(#ctx, #capability, #name)?;));
    let object = receiver(function, answer);
    let convert = &arguments.convert;
    let call = match (&function.items, function.asynchronous) {
        (Some(items), _) => items::walk(function, arguments, items),
        (None, true) => wait(function, arguments, answer),
        (None, false) => call(function, arguments, answer),
    };
    let item = quote! {
        #[allow(unused_variables, clippy::unit_arg, clippy::let_unit_value, clippy::redundant_closure)]
        #[allow(clippy::await_holding_refcell_ref)]
        fn #wrapper(
            #ctx: &mut ::star::private::Ctx<'_>,
            #args: ::star::private::Args<'_>,
            #name: &'static str,
            #pair: bool,
        ) -> ::star::private::NativeResult {
            #need
            #object
            #convert
            #call
        }
    };
    under(&function.conditions, item)
}

/// Takes the handle of the object that a method is called on.
fn receiver(function: &Function, answer: Answer) -> TokenStream {
    let Some(receiver) = &function.receiver else { return TokenStream::new() };
    let (ctx, args, name, pair) = (local("ctx"), local("args"), local("function"), local("pair"));
    let (ty, handle, returns) = (&receiver.ty, arguments::handle(&local("object")), &function.returns);
    match answer {
        Answer::Close | Answer::CloseQuietly => quote! {
            let ::core::option::Option::Some(#handle) = ::star::private::closing::<#ty>(#ctx, #args[0], #name)? else {
                return ::star::private::closed(#ctx, #pair && <#returns as ::star::private::Returned>::FAILS);
            };
        },
        _ => quote!(let #handle = ::star::private::receiver::<#ty>(#ctx, #args[0], #name)?;),
    }
}

/// Calls a function, and answers with its result.
fn call(function: &Function, arguments: &Arguments, answer: Answer) -> TokenStream {
    let (ctx, args, pair, result) = (local("ctx"), local("args"), local("pair"), local("result"));
    let (object, handle) = (local("object"), arguments::handle(&local("object")));
    let borrow = &arguments.borrow;
    let closes = matches!(answer, Answer::Close | Answer::CloseQuietly);
    let (take, close) = match function.receiver.as_ref().map(|receiver| receiver.by) {
        Some(Hold::Owned) => (quote!(let #object = ::star::private::take(#ctx, #handle, #args[0])?;), None),
        Some(by) => {
            let take = arguments::borrowed(&object, by == Hold::Mutable, false, Within::Call);
            (take, closes.then(|| quote!(::star::private::close(#ctx, #args[0]);)))
        }
        None => (TokenStream::new(), None),
    };
    let (called, name) = (invoke(function, arguments), local("function"));
    let called = quote!(::star::private::guarded(#ctx, #name, |#ctx| #called)?);
    let (itself, answered) = answered(answer, &result);
    match close {
        // The object is borrowed no more when it is closed.
        Some(close) => quote! {
            let #result = {
                #take
                #borrow
                #called
            };
            #close
            ::star::private::answer(#ctx, #answered, #pair)
        },
        None => quote! {
            #itself
            #take
            #borrow
            let #result = #called;
            ::star::private::answer(#ctx, #answered, #pair)
        },
    }
}

/// Starts the future of a function, and answers with what it comes to.
fn wait(function: &Function, arguments: &Arguments, answer: Answer) -> TokenStream {
    let (ctx, args, pair, result) = (local("ctx"), local("args"), local("pair"), local("result"));
    let (object, handle, lent) = (local("object"), arguments::handle(&local("object")), local("lent"));
    let hold = &arguments.hold;
    let closes = matches!(answer, Answer::Close | Answer::CloseQuietly);
    let (before, take) = match function.receiver.as_ref().map(|receiver| receiver.by) {
        Some(Hold::Owned) => {
            (quote!(let #object = ::star::private::take(#ctx, #handle, #args[0])?;), TokenStream::new())
        }
        Some(by) => {
            // No script sees the object any more once it is being closed.
            let close = closes.then(|| {
                quote! {
                    ::core::mem::drop(::star::private::borrow_mut(#ctx, &#handle)?);
                    ::star::private::close(#ctx, #args[0]);
                }
            });
            (quote!(#close), arguments::borrowed(&object, by == Hold::Mutable, false, Within::Future))
        }
        None => (TokenStream::new(), TokenStream::new()),
    };
    let called = invoke(function, arguments);
    let (itself, answered) = answered(answer, &result);
    let context = matches!(function.context, Context::Waiting | Context::WaitingOwned)
        .then(|| quote!(let #lent = ::star::private::AsyncCtx::new(#ctx);));
    let recalled = recall(function, arguments);
    quote! {
        #before
        #itself
        #context
        #recalled
        ::star::private::wait(#ctx, async move {
            #take
            #hold
            let #result = #called.await;
            ::star::private::Held(::core::result::Result::Ok(#answered))
        }, #pair)
    }
}

/// Ends iterators that stand in the way of what a future borrows.
pub fn recall(function: &Function, arguments: &Arguments) -> TokenStream {
    let ctx = local("ctx");
    let handle = arguments::handle(&local("object"));
    let object = function.receiver.as_ref().filter(|receiver| receiver.by != Hold::Owned).map(|receiver| {
        let mutable = receiver.by == Hold::Mutable;
        quote!(::star::private::recall(#ctx, &#handle, #mutable);)
    });
    let others = arguments.handles.iter().map(|(handle, option, mutable)| match option {
        false => quote!(::star::private::recall(#ctx, &#handle, #mutable);),
        true => quote!(::star::private::recall_option(#ctx, &#handle, #mutable);),
    });
    quote!(#object #(#others)*)
}

/// What stands before the call, and what the answer is made of.
fn answered(answer: Answer, result: &Ident) -> (Option<TokenStream>, TokenStream) {
    let (ctx, args, itself) = (local("ctx"), local("args"), local("itself"));
    match answer {
        Answer::Result | Answer::Close => (None, quote!(#result)),
        Answer::CloseQuietly => (None, quote!(::star::private::Discard(#result))),
        Answer::Step => (None, quote!(::star::private::Step(#result))),
        Answer::Itself => (
            Some(quote!(let #itself = #ctx.heap.root(#args[0]);)),
            quote!(::star::private::Instead(#result, #itself)),
        ),
    }
}

/// The call of the user's function.
pub fn invoke(function: &Function, arguments: &Arguments) -> TokenStream {
    let (callee, pass) = (&function.callee, &arguments.pass);
    let object = self_argument(function);
    let context = match function.context {
        Context::None => TokenStream::new(),
        Context::Heap => {
            let ctx = local("ctx");
            quote!(#ctx,)
        }
        Context::Waiting => {
            let lent = local("lent");
            quote!(&#lent,)
        }
        Context::WaitingOwned => {
            let lent = local("lent");
            quote!(#lent,)
        }
    };
    quote!(#callee(#object #context #(#pass),*))
}

/// `&object,`.
pub fn self_argument(function: &Function) -> TokenStream {
    let object = local("object");
    match function.receiver.as_ref().map(|receiver| receiver.by) {
        Some(Hold::Shared) => quote!(&#object,),
        Some(Hold::Mutable) => quote!(&mut #object,),
        Some(Hold::Owned) => quote!(#object,),
        None => TokenStream::new(),
    }
}

/// A row of the table.
fn native(
    function: &Function,
    arguments: &Arguments,
    wrapper: &Ident,
    owner: Option<&Ident>,
    name: &str,
    pair: bool,
) -> TokenStream {
    let (arity, doc) = (&arguments.arity, &function.doc);
    let signature = signature(function, arguments, pair);
    let owner = option(owner.map(|owner| quote!(::star::private::Owner::Host(&#owner))));
    under(
        &function.conditions,
        quote!(::star::private::Native {
            name: #name,
            owner: #owner,
            arity: #arity,
            doc: #doc,
            call: |ctx, args| #wrapper(ctx, args, #name, #pair),
            signature: ::core::option::Option::Some({
                static SIGNATURE: ::star::private::Signature = #signature;
                &SIGNATURE
            }),
        }),
    )
}

fn signature(function: &Function, arguments: &Arguments, pair: bool) -> TokenStream {
    let (params, waits) = (&arguments.described, function.asynchronous);
    let (returns, fails) = items::described(function);
    let capability = option(function.capability.as_ref().map(|capability| quote!(#capability)));
    let effect = match function.effect {
        Effect::Pure => quote!(Pure),
        Effect::Read => quote!(Read),
        Effect::Write => quote!(Write),
    };
    quote!(::star::private::Signature {
        params: #params,
        returns: #returns,
        fails: #fails,
        waits: #waits,
        pair: #pair && #fails,
        capability: #capability,
        effect: ::star::private::Effect::#effect,
    })
}
