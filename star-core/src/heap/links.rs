//! What of its host an isolate has met: types, exception types, modules and handles.
//!
//! In: statics of the host, values to hold on to. Out: their objects in this isolate. Rule: an entry is made at first
//! use and stays; values held for the host are roots for as long as a handle to them exists.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::host::{Base, ExceptionBase, HostException, HostModule, HostType, Registry};
use super::{Heap, HostFuture, Inbox, Marker};
use crate::object::types::BUILTIN_TYPES;
use crate::object::{
    Dict, DictKind, Exception, HostData, HostObject, Module, Parts, Table, TraceEntry, TypeKind, UserType,
};
use crate::value::{Ref, Value};

/// An error that was dropped unseen, and the stack, innermost first.
pub(crate) type Dropped = (Ref<Exception>, Vec<TraceEntry>);

/// Dropped errors that wait to be told; further ones are told by nobody.
const MOST_DROPPED: usize = 100;

/// The links of one isolate.
pub(crate) struct Links {
    /// Tells the isolate from others in this process.
    pub identity: u64,
    /// Type of each host type, by address.
    types: HashMap<usize, Ref<UserType>>,
    /// Type of each exception type, by address.
    exceptions: HashMap<usize, Ref<UserType>>,
    /// Types of `struct` values that structs of Rust become, by address of their name and fields.
    records: HashMap<(usize, usize), Ref<UserType>>,
    /// Modules that scripts have required, by path.
    pub modules: HashMap<Box<str>, Ref<Module>>,
    /// Values that the host holds.
    rooted: Vec<Weak<Held>>,
    /// Length of `rooted` at which dead entries are dropped.
    prune_at: usize,
    /// What borrows objects of the host between calls, by where those lie.
    loans: Vec<(usize, Weak<dyn Loan>)>,
    /// What scripts may require, and what that may do.
    pub grants: Rc<Grants>,
    /// Classes of Rust errors, by the name of their type.
    errors: HashMap<&'static str, Ref<UserType>>,
    /// Exceptions that Rust code holds.
    kept: Vec<(std::sync::Weak<u64>, Ref<Exception>)>,
    /// What the future that a native has just started is.
    pub pending: Option<Box<dyn HostFuture>>,
    /// What a native has asked for that only the session can do.
    pub load: Option<Load>,
    /// What futures of the host want of the isolate.
    pub inbox: Rc<Inbox>,
    /// Some pair has been made with an error in it.
    pub errs: bool,
    /// Errors that were dropped unseen, and where.
    pub dropped: Vec<Dropped>,
    /// Which capability was missing, where a call was ended for that.
    pub denied: Option<String>,
}

impl Default for Links {
    fn default() -> Links {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Links {
            identity: NEXT.fetch_add(1, Ordering::Relaxed),
            types: HashMap::new(),
            exceptions: HashMap::new(),
            records: HashMap::new(),
            modules: HashMap::new(),
            rooted: Vec::new(),
            prune_at: 64,
            loans: Vec::new(),
            grants: Rc::default(),
            errors: HashMap::new(),
            kept: Vec::new(),
            pending: None,
            load: None,
            inbox: Rc::default(),
            denied: None,
            errs: false,
            dropped: Vec::new(),
        }
    }
}

impl Links {
    /// Marks what the isolate itself links to, and what handles hold.
    pub fn mark(&self, marker: &mut Marker<'_>) {
        let classes = self.types.values().chain(self.exceptions.values());
        for class in classes.chain(self.errors.values()).chain(self.records.values()) {
            marker.mark(type_value(*class));
        }
        self.modules.values().for_each(|&module| marker.mark(Value::Module(module)));
        self.rooted.iter().filter_map(Weak::upgrade).for_each(|held| marker.mark(held.value));
        for (err, places) in &self.dropped {
            marker.mark(Value::Exception(*err));
            places.iter().for_each(|place| marker.mark_instance(place.instance));
        }
        let kept = self.kept.iter().filter(|(handle, _)| handle.strong_count() > 0);
        kept.for_each(|&(_, exception)| marker.mark(Value::Exception(exception)));
    }
}

fn type_value(class: Ref<UserType>) -> Value {
    Value::Type(BUILTIN_TYPES + class.index() as u64)
}

/// A script to be loaded as a module.
#[derive(Debug)]
pub enum Load {
    /// Its source is to be found.
    Seek {
        /// Relative to where the first script lies.
        path: Box<str>,
    },
    /// Its source is to be run.
    Run {
        /// As above.
        path: Box<str>,
        /// The source.
        source: String,
    },
}

/// What an isolate may use of what is linked.
#[derive(Clone, Default, Debug)]
pub struct Grants {
    /// Every module there is.
    pub registry: Arc<Registry>,
    /// Paths of those that may be required, sorted.
    pub modules: Vec<&'static str>,
    /// Capabilities that are allowed, each with what it is limited to: `("net", Some("api.example.com:443"))`.
    pub capabilities: Vec<(Box<str>, Option<Box<str>>)>,
}

impl Grants {
    /// Lets a module, and those within it, be required.
    pub fn module(&mut self, module: &'static HostModule) {
        if let Err(at) = self.modules.binary_search(&module.path) {
            self.modules.insert(at, module.path);
        }
        module.submodules.iter().for_each(|module| self.module(module));
    }

    /// Whether the module at `path` may be required.
    pub fn has(&self, path: &str) -> bool {
        self.modules.binary_search(&path).is_ok()
    }

    /// Whether `capability` is allowed, to whatever extent.
    pub fn allows(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|(allowed, _)| **allowed == *capability)
    }
}

struct Held {
    value: Value,
    identity: u64,
}

/// A value that the host holds. It stays alive, in its isolate, as long as a clone of this does.
#[derive(Clone)]
pub struct Rooted(Rc<Held>);

impl Rooted {
    /// The value, if `heap` is the isolate it belongs to.
    #[inline]
    pub fn get(&self, heap: &Heap) -> Option<Value> {
        (self.0.identity == heap.links.identity).then_some(self.0.value)
    }
}

impl std::fmt::Debug for Rooted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rooted")
    }
}

/// An exception that Rust code holds. It stays alive, in its isolate, as long as a clone of this does.
#[derive(Clone, Debug)]
pub struct KeptException(Arc<u64>);

/// Something that borrows an object of the host between calls: an iterator that walks it.
pub trait Loan {
    /// Gives the object back for good.
    fn recall(&self);
}

impl Heap {
    /// Notes what borrows the object at `object` from now on.
    pub fn lend(&mut self, object: usize, loan: Weak<dyn Loan>) {
        let loans = &mut self.links.loans;
        if loans.len() == loans.capacity() {
            loans.retain(|(_, loan)| loan.strong_count() > 0);
        }
        loans.push((object, loan));
    }

    /// Takes the object at `object` back from whatever borrows it between calls.
    #[cold]
    pub fn recall(&mut self, object: usize) {
        let taken: Vec<_> = self.links.loans.extract_if(.., |(lent, _)| *lent == object).collect();
        taken.into_iter().filter_map(|(_, loan)| loan.upgrade()).for_each(|loan| loan.recall());
    }

    /// Whether some pair has been made with an error in it.
    #[inline]
    pub(crate) fn has_errs(&self) -> bool {
        self.links.errs
    }

    /// `(None, err)`, which must not be dropped unseen.
    pub fn err_pair(&mut self, err: Ref<Exception>) -> Value {
        self.links.errs = true;
        // Whoever called has to look at what comes back.
        let _ = self.meter.charge(1);
        self.tuple(&[Value::None, Value::Exception(err)])
    }

    /// Notes an error that was dropped unseen.
    pub(crate) fn note_dropped(&mut self, err: Ref<Exception>, places: Vec<TraceEntry>) {
        if self.links.dropped.len() < MOST_DROPPED {
            self.links.dropped.push((err, places));
        }
    }

    /// Leaves the future that a native waits for.
    pub fn set_pending(&mut self, future: Box<dyn HostFuture>) {
        self.links.pending = Some(future);
    }

    /// Asks for a script to be loaded; the native returns `Outcome::Suspend`.
    pub fn set_load(&mut self, load: Load) {
        self.links.load = Some(load);
    }

    /// Takes what [`Self::set_load`] left.
    pub fn take_load(&mut self) -> Option<Load> {
        self.links.load.take()
    }

    /// Whether a module is a script that was loaded.
    pub(crate) fn loads_scripts(&self, module: Ref<Module>) -> bool {
        self[module].host.is_none() && &*self[module].name != "__main__"
    }

    /// The module that has been required by this path.
    pub fn loaded_module(&self, path: &str) -> Option<Ref<Module>> {
        self.links.modules.get(path).copied()
    }

    /// Keeps a script's module for the next time that it is required.
    pub fn keep_module(&mut self, path: &str, module: Ref<Module>) {
        self.links.modules.insert(path.into(), module);
    }

    /// Takes what [`Self::set_pending`] left.
    pub fn take_pending(&mut self) -> Option<Box<dyn HostFuture>> {
        self.links.pending.take()
    }

    /// What futures of the host want of the isolate.
    #[inline]
    pub fn inbox(&self) -> &Rc<Inbox> {
        &self.links.inbox
    }

    /// Says for want of what a call is being ended.
    pub fn deny(&mut self, message: String) {
        self.links.denied = Some(message);
    }

    /// Takes what [`Self::deny`] said.
    pub fn take_denial(&mut self) -> Option<String> {
        self.links.denied.take()
    }

    /// Holds on to an exception for Rust code.
    pub fn keep_exception(&mut self, exception: Ref<Exception>) -> KeptException {
        let links = &mut self.links;
        links.kept.retain(|(handle, _)| handle.strong_count() > 0);
        let handle = Arc::new(links.identity);
        links.kept.push((Arc::downgrade(&handle), exception));
        KeptException(handle)
    }

    /// The exception that Rust code holds, if it belongs to this isolate.
    pub fn kept_exception(&self, kept: &KeptException) -> Option<Ref<Exception>> {
        let own = |handle: &std::sync::Weak<u64>| std::ptr::eq(handle.as_ptr(), Arc::as_ptr(&kept.0));
        self.links.kept.iter().find(|(handle, _)| own(handle)).map(|&(_, exception)| exception)
    }

    /// The class for Rust errors of the type of this name, if there is one.
    pub fn error_class(&self, rust_type: &'static str) -> Option<Value> {
        self.links.errors.get(rust_type).map(|&class| type_value(class))
    }

    /// A class for Rust errors of the type of this name.
    pub fn new_error_class(&mut self, rust_type: &'static str, name: &str) -> Value {
        let class = self.insert(UserType {
            name: Rc::from(name),
            kind: TypeKind::Exception,
            base: crate::object::types::TypeId::Exception.value(),
            ..UserType::default()
        });
        self.links.errors.insert(rust_type, class);
        type_value(class)
    }

    /// Holds on to a value.
    pub fn root(&mut self, value: Value) -> Rooted {
        let links = &mut self.links;
        if links.rooted.len() >= links.prune_at {
            links.rooted.retain(|held| held.strong_count() > 0);
            links.prune_at = (links.rooted.len() * 2).max(64);
        }
        let held = Rc::new(Held { value, identity: links.identity });
        links.rooted.push(Rc::downgrade(&held));
        Rooted(held)
    }

    /// What scripts may require, and what that may do.
    pub fn grants(&self) -> &Rc<Grants> {
        &self.links.grants
    }

    /// Replaces [`Self::grants`].
    pub fn set_grants(&mut self, grants: Grants) {
        self.links.grants = Rc::new(grants);
    }

    /// A host type as this isolate's type.
    pub fn host_type(&mut self, kind: &'static HostType) -> Value {
        let key = std::ptr::from_ref(kind) as usize;
        if let Some(&class) = self.links.types.get(&key) {
            return type_value(class);
        }
        let base = match kind.base {
            Base::Object => crate::object::types::TypeId::Object.value(),
            Base::Type(class) => class.value(),
            Base::Host(base) => self.host_type(base),
        };
        let class = self.insert(UserType {
            name: Rc::from(kind.name),
            module: kind.module.into(),
            kind: TypeKind::Host,
            base,
            host: Some(kind),
            ..UserType::default()
        });
        let fields: Vec<Value> = kind.fields.iter().map(|field| self.str(field)).collect();
        self.update(class, |class| {
            class.defaults = vec![Value::Undef; fields.len()];
            class.fields = fields;
        });
        self.links.types.insert(key, class);
        type_value(class)
    }

    /// The type of `struct` values that structs of Rust with this name and these fields become.
    pub fn record_class(&mut self, name: &'static str, fields: &'static [&'static str]) -> Ref<UserType> {
        let key = (name.as_ptr() as usize, fields.as_ptr() as usize);
        if let Some(&class) = self.links.records.get(&key) {
            return class;
        }
        let names: Vec<Value> = fields.iter().map(|field| self.str(field)).collect();
        let class = self.insert(UserType {
            name: Rc::from(name),
            kind: TypeKind::Struct,
            base: crate::object::types::TypeId::Struct.value(),
            defaults: vec![Value::Undef; names.len()],
            fields: names,
            ..UserType::default()
        });
        self.links.records.insert(key, class);
        class
    }

    /// The value of a type that is not built in.
    pub fn type_value(&self, class: Ref<UserType>) -> Value {
        type_value(class)
    }

    /// A module of the host as this isolate's module.
    pub fn host_module(&mut self, module: &'static HostModule) -> Ref<Module> {
        if let Some(&known) = self.links.modules.get(module.path) {
            return known;
        }
        for exception in module.exceptions {
            self.host_exception(exception);
        }
        let name = Rc::from(module.path.replace('/', "."));
        let at = self.insert(Module { name, host: Some(module), ..Module::default() });
        self.links.modules.insert(module.path.into(), at);
        at
    }

    /// A module that is only a path to others.
    pub fn package(&mut self, path: &str) -> Ref<Module> {
        if let Some(&known) = self.links.modules.get(path) {
            return known;
        }
        let at = self.insert(Module { name: Rc::from(path.replace('/', ".")), ..Module::default() });
        self.links.modules.insert(path.into(), at);
        at
    }

    /// A module's exception type as this isolate's type.
    pub fn host_exception(&mut self, exception: &'static HostException) -> Value {
        let key = std::ptr::from_ref(exception) as usize;
        if let Some(&class) = self.links.exceptions.get(&key) {
            return type_value(class);
        }
        let base = match exception.base {
            ExceptionBase::Type(class) => class.value(),
            ExceptionBase::Host(base) => self.host_exception(base),
        };
        let class = self.insert(UserType {
            name: Rc::from(exception.name),
            module: exception.module.into(),
            kind: TypeKind::Exception,
            base,
            exception: Some(exception),
            ..UserType::default()
        });
        self.links.exceptions.insert(key, class);
        if let Some(rust_type) = exception.rust_type {
            self.links.errors.insert(rust_type(), class);
        }
        type_value(class)
    }

    /// A new object of type `kind` around a Rust value.
    pub fn host_object<T: HostData>(&mut self, kind: &'static HostType, state: T) -> Value {
        self.shared_object(kind, Rc::new(RefCell::new(state)))
    }

    /// A new object of type `kind` around a Rust value that something else holds too.
    pub fn shared_object<T: HostData>(&mut self, kind: &'static HostType, state: Rc<RefCell<T>>) -> Value {
        let class = self.host_type(kind);
        let state: Rc<dyn crate::object::HostState> = state;
        Value::Host(self.insert(HostObject { class, kind, state: Some(state), parts: None }))
    }

    /// A new object of type `kind` that is made of these values and numbers.
    pub fn object(
        &mut self,
        kind: &'static HostType,
        values: impl Into<VecDeque<Value>>,
        words: [i64; 4],
    ) -> Value {
        let class = self.host_type(kind);
        let parts = Some(Box::new(Parts { values: values.into(), words }));
        Value::Host(self.insert(HostObject { class, kind, state: None, parts }))
    }

    /// A new dict of type `kind`. `default` makes values for keys that are not there, if its type says so.
    pub fn dict_of(&mut self, kind: &'static HostType, table: Table<Value>, default: Value) -> Ref<Dict> {
        let kind = DictKind { class: self.host_type(kind), host: kind, default };
        self.insert(Dict { table, kind: Some(Box::new(kind)) })
    }

    /// Replaces what makes values for the keys that a dict has not.
    pub fn set_default(&mut self, at: Ref<Dict>, default: Value) {
        if let Some(kind) = &mut self.get_mut(at).kind {
            kind.default = default;
        }
    }

    /// What an object of the host is made of; nothing if it is not one of parts.
    #[inline]
    pub fn parts(&self, object: Value) -> &Parts {
        static NONE: Parts = Parts { values: VecDeque::new(), words: [0; 4] };
        match object {
            Value::Host(at) => self[at].parts.as_deref().unwrap_or(&NONE),
            _ => &NONE,
        }
    }

    /// What an object of the host is made of, to change something that does not allocate.
    #[inline]
    pub fn parts_mut(&mut self, object: Value) -> Option<&mut Parts> {
        match object {
            Value::Host(at) => self.get_mut(at).parts.as_deref_mut(),
            _ => None,
        }
    }

    /// Changes what an object of the host is made of, in any way, and accounts for it.
    #[inline]
    pub fn edit_parts<R>(&mut self, object: Value, change: impl FnOnce(&mut Parts) -> R) -> Option<R> {
        let Value::Host(at) = object else { return None };
        self.update(at, |object| object.parts.as_deref_mut().map(change))
    }

    /// The host type that says how `value` behaves: of a host object, or of a dict or tuple with a type of its own.
    #[inline]
    pub fn behaviour(&self, value: Value) -> Option<&'static HostType> {
        match value {
            Value::Host(at) => Some(self[at].kind),
            Value::Dict(at) => self[at].kind.as_ref().map(|kind| kind.host),
            Value::Tuple(at) => self[at].named().and_then(|class| match class {
                Value::Type(number) => self.as_user_type(number).and_then(|class| self[class].host),
                _ => None,
            }),
            _ => None,
        }
    }
}
