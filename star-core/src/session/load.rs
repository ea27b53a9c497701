//! `require("./lib.star")`: scripts that scripts load.
//!
//! In: a path, and the host's [`Loader`]. Out: a module, made by running its source once, on the fiber that asked. Rules:
//! a path is relative to the script that requires it and never leads out of where the first script lies; a script that is
//! being loaded cannot be required again: that is a cycle.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::{Session, new_parser_of};
use crate::builtins;
use crate::compiler::Compiler;
use crate::diagnostic::Diagnostic;
use crate::heap::{Ctx, HostFuture, Load, NativeResult, Outcome, Raise};
use crate::host::failure::{BoxError, IntoRaise};
use crate::object::Module;
use crate::object::types::TypeId;
use crate::parser::Parsed;
use crate::resolve::ModuleNames;
use crate::value::{Ref, Value};
use crate::vm::{Exit, FrameKind};

/// Source on its way.
pub type LoadFuture = Pin<Box<dyn Future<Output = Result<String, BoxError>>>>;

/// Finds the source of scripts that scripts require.
#[derive(Clone)]
pub struct Loader(Arc<dyn Fn(&str) -> LoadFuture + Send + Sync>);

impl Loader {
    /// A loader that waits: the path it gets has neither `.` nor `..` in it, such as `lib/text.star`.
    pub fn new<F>(load: impl Fn(&str) -> F + Send + Sync + 'static) -> Loader
    where
        F: Future<Output = Result<String, BoxError>> + 'static,
    {
        Loader(Arc::new(move |path| Box::pin(load(path))))
    }

    /// A loader that has the source at once.
    pub fn sync(load: impl Fn(&str) -> Result<String, BoxError> + Send + Sync + 'static) -> Loader {
        Loader(Arc::new(move |path| Box::pin(std::future::ready(load(path)))))
    }
}

impl std::fmt::Debug for Loader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Loader")
    }
}

/// A script that is being run as a module.
pub(super) struct Loading {
    path: Box<str>,
    module: Ref<Module>,
    /// Pieces that have not run yet, the next one last.
    rest: Vec<u32>,
    /// All pieces: held until the module is there.
    pieces: Vec<u32>,
    /// Where its frame lies: whose fiber, and how deep.
    fiber: u32,
    depth: usize,
}

/// Source that was waited for: what comes of it is a request to run it.
struct Sought {
    path: Box<str>,
    future: LoadFuture,
    found: Option<Result<String, BoxError>>,
}

impl HostFuture for Sought {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.found.is_none() {
            match self.future.as_mut().poll(cx) {
                Poll::Ready(found) => self.found = Some(found),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(())
    }

    fn finish(self: Box<Self>, ctx: &mut Ctx<'_>) -> NativeResult {
        match self.found {
            Some(Ok(source)) => {
                ctx.heap.set_load(Load::Run { path: self.path, source });
                Ok(Outcome::Suspend)
            }
            Some(Err(error)) => {
                let raise = error.into_raise(ctx);
                Err(not_loaded(ctx, &self.path, raise))
            }
            None => Err(ctx.error(TypeId::SystemError, "a script was loaded before it was there")),
        }
    }
}

/// ImportError that says which script could not be loaded, from what the loader failed with.
fn not_loaded(ctx: &mut Ctx<'_>, path: &str, raise: Raise) -> Raise {
    let Raise::Exception(cause) = raise else { return raise };
    let root = ctx.heap.scratch.len();
    ctx.heap.scratch.push(Value::Exception(cause));
    let text = crate::ops::repr::str_of(ctx, Value::Exception(cause));
    let text = text.map(|text| text.to_string()).unwrap_or_default();
    let raise = ctx.error(TypeId::ModuleNotFoundError, format!("cannot load './{path}': {text}"));
    if let Raise::Exception(at) = raise {
        let exception = ctx.heap.get_mut(at);
        exception.cause = Value::Exception(cause);
        exception.suppress_context = true;
    }
    ctx.heap.scratch.truncate(root);
    raise
}

impl Session {
    /// Goes on with what a native asked for that only the session can do. `fiber` is the one that runs. None if the
    /// fiber waits for a future after all.
    pub(super) fn carry_out_load(&mut self, fiber: u32, load: Load) -> Option<Exit> {
        match load {
            Load::Seek { path } => {
                self.drop_failed_modules(fiber);
                if self.loading.iter().any(|loading| loading.path == path && loading.fiber == fiber) {
                    let chain: Vec<String> =
                        self.loading.iter().map(|loading| format!("./{}", loading.path)).collect();
                    let message = format!("'./{path}' is being loaded: {} -> ./{path}", chain.join(" -> "));
                    return Some(self.complete_with(|ctx| Err(ctx.error(TypeId::ImportError, message))));
                }
                let Some(loader) = self.options.loader.clone() else {
                    let message = "this host loads no scripts: it has to give a loader";
                    return Some(self.complete_with(|ctx| Err(ctx.error(TypeId::ImportError, message))));
                };
                let future = (loader.0)(&path);
                let mut sought = Box::new(Sought { path, future, found: None });
                // Most loaders have it at once, and then nobody has to be there to poll.
                if sought.poll(&mut Context::from_waker(Waker::noop())).is_ready() {
                    return Some(self.complete_with(|ctx| sought.finish(ctx)));
                }
                self.heap.set_pending(sought);
                None
            }
            Load::Run { path, source } => Some(self.start_module(fiber, path, &source)),
        }
    }

    /// Hands a result to the native that waits on top of the fiber at hand.
    fn complete_with(&mut self, result: impl FnOnce(&mut Ctx<'_>) -> NativeResult) -> Exit {
        let result = self.with(result);
        let left = self.steps_left();
        match self.vm(0, left).complete(result) {
            Ok(()) => Exit::Slice,
            Err(exit) => exit,
        }
    }

    fn start_module(&mut self, fiber: u32, path: Box<str>, source: &str) -> Exit {
        let module = self.heap.insert(Module { name: Rc::from(&*path), ..Module::default() });
        self.held.values.push(Value::Module(module));
        let compiled = self.compile_module(&path, source, module);
        match compiled {
            Ok(pieces) => {
                let mut rest: Vec<u32> = pieces.iter().rev().copied().collect();
                self.held.instances.extend(&pieces);
                let first = rest.pop();
                let depth = self.fiber.frames.len() + 1;
                self.loading.push(Loading { path, module, rest, pieces, fiber, depth });
                match first {
                    Some(first) => match self.vm(0, 0).push_module(first) {
                        Ok(()) => Exit::Slice,
                        Err(raise) => self.complete_with(|_| Err(raise)),
                    },
                    None => self.module_done(self.loading.len() - 1),
                }
            }
            Err(diagnostic) => {
                self.held.values.retain(|&held| held != Value::Module(module));
                let line = diagnostic.location.start.line;
                let message = format!("./{path}:{line}: {}", diagnostic.message);
                let class = if diagnostic.kind == "IndentationError" {
                    TypeId::IndentationError
                } else {
                    TypeId::SyntaxError
                };
                self.complete_with(|ctx| Err(ctx.error(class, message)))
            }
        }
    }

    fn compile_module(
        &mut self,
        path: &str,
        source: &str,
        module: Ref<Module>,
    ) -> Result<Vec<u32>, Box<Diagnostic>> {
        let mut parser = new_parser_of(&self.options, path.into(), false);
        parser.push(source.as_bytes());
        parser.finish();
        let mut compiler = Compiler::new("<module>".into());
        let mut names = ModuleNames::default();
        let mut pieces = Vec::new();
        loop {
            match parser.next(&mut self.interner) {
                Parsed::Piece(piece) => {
                    let (opens, closes) = (piece.opens_unit, piece.closes_unit);
                    let segment = compiler.piece(&piece.ast, &self.interner, &mut names, opens, closes)?;
                    if pieces.is_empty() {
                        self.heap.get_mut(module).doc = segment.code.doc.as_deref().map(Rc::from);
                    }
                    self.name_globals(module, &names, path);
                    pieces.push(self.instances.add(&segment.code, module, &mut self.heap));
                }
                Parsed::Error(diagnostic) => return Err(diagnostic),
                Parsed::End | Parsed::NeedMore | Parsed::TooLarge(_) => return Ok(pieces),
            }
        }
    }

    /// Gives a loaded module a slot for every name that the compiler has met in it.
    fn name_globals(&mut self, module: Ref<Module>, names: &ModuleNames, path: &str) {
        for index in self.heap[module].slots.len()..names.len() {
            let name: Rc<str> = Rc::from(&*names.names()[index]);
            let own = match &*name {
                "__name__" => Some(self.heap.str(stem(path))),
                "__doc__" => Some(match self.heap[module].doc.clone() {
                    Some(doc) => self.heap.str(&doc),
                    None => Value::None,
                }),
                _ => None,
            };
            let value = own.or_else(|| builtins::builtin(&name)).unwrap_or(Value::Undef);
            self.heap.update(module, |module| {
                module.names.push(name);
                module.slots.push(value);
                module.bound.push(own.is_some());
            });
        }
    }

    /// A piece of a module on the fiber has run to its end: the next one, or the module is there.
    pub(super) fn next_of_module(&mut self) -> Exit {
        let Some(frame) = self.fiber.frames.last_mut() else { return Exit::EndOfCode };
        let runs = |loading: &Loading| loading.pieces.contains(&frame.instance);
        let Some(at) = self.loading.iter().position(runs) else { return Exit::EndOfCode };
        match self.loading[at].rest.pop() {
            Some(next) => {
                (frame.instance, frame.pc) = (next, 0);
                Exit::Slice
            }
            None => {
                self.fiber.frames.pop();
                self.module_done(at)
            }
        }
    }

    /// Loaded module number `at` has run to its end.
    fn module_done(&mut self, at: usize) -> Exit {
        let loading = self.loading.remove(at);
        self.heap.keep_module(&loading.path, loading.module);
        let exit = self.complete_with(|_| Ok(Value::Module(loading.module).into()));
        self.forget_loading(&loading);
        exit
    }

    fn forget_loading(&mut self, loading: &Loading) {
        self.held.instances.retain(|instance| !loading.pieces.contains(instance));
        self.held.values.retain(|&held| held != Value::Module(loading.module));
    }

    /// Forgets modules of this fiber whose frames are gone: an exception has left them.
    pub(super) fn drop_failed_modules(&mut self, fiber: u32) {
        let mut at = 0;
        while let Some(loading) = self.loading.get(at) {
            let frame = self.fiber.frames.get(loading.depth - 1);
            let runs = frame.is_some_and(|frame| loading.pieces.contains(&frame.instance));
            if runs || loading.fiber != fiber {
                at += 1;
                continue;
            }
            let loading = self.loading.remove(at);
            self.forget_loading(&loading);
        }
    }

    /// Whether the frame on top is that of a module being loaded, and not the top level.
    pub(super) fn in_loaded_module(&self) -> bool {
        self.fiber.frames.len() > 1
            && self.fiber.frames.last().is_some_and(|frame| matches!(frame.kind, FrameKind::Module))
    }
}

/// `text` of `lib/text.star`.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".star").unwrap_or(name)
}
