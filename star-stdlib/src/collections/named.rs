//! `namedtuple`: types of tuples whose items have names.
//!
//! In: names. Out: a type, whose values are tuples. Rule: a type keeps its fields in order, which is the order of the
//! items, of positional arguments, of printing and of match patterns.

use star::heap::{Args, Arity, HostType, Native, NativeResult};
use star::host::arguments;
use star::object::types::TypeId;
use star::object::{List, TypeKind, UserType};
use star::ops::iterate::{self, Drain};
use star::ops::{repr, table, types};
use star::private::{Base, Ctx, Heap, Hooks, Piece, Raise, Value};
use star::text::quote::repr_str;
use star::text::unicode::is_identifier;
use star::value::Ref;

use crate::native::{function, method};

/// What all types of named tuples can do. Each is a type of its own, whose base is `tuple`.
pub(super) static NAMED: HostType = HostType {
    base: Base::Type(TypeId::Tuple),
    new: Some(&NEW),
    methods: METHODS,
    statics: STATICS,
    hooks: Hooks {
        repr: Some(pieces),
        attribute: Some(attribute),
        set_attribute: Some(set_attribute),
        ..Hooks::NONE
    },
    ..HostType::named("namedtuple", "collections", "A tuple whose items have names.")
};

static NEW: Native = method(&NAMED, "namedtuple", Arity::Variadic, new, "A tuple of a value for each field.");

static METHODS: &[Native] = &[
    method(&NAMED, "_asdict", Arity::Variadic, as_dict, "_asdict(): a dict of its items by name"),
    method(
        &NAMED,
        "_replace",
        Arity::Variadic,
        replace,
        "_replace(**items): a tuple like it in which these items are others",
    ),
];

static STATICS: &[Native] =
    &[method(&NAMED, "_make", Arity::Variadic, make, "_make(iterable): a tuple of its items")];

/// `namedtuple(…)`.
pub(super) const NAMED_TUPLE: Native = function(
    "namedtuple",
    Arity::Script {
        names: &["typename", "field_names", "rename", "defaults", "module"],
        positional_only: 0,
        positional: 2,
        required: 2,
    },
    named_tuple,
    "namedtuple(typename, field_names, *, rename=False, defaults=None, module=None): a type of tuples whose items have \
     these names",
);

// ---- making a type -------------------------------------------------------------------------------------

fn named_tuple(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let or_none = |index| args.get(index).unwrap_or(Value::None);
    let rename = types::truthy(ctx.heap, or_none(2));
    let kept = [args[0], or_none(3), or_none(4)];
    if let Value::Str(at) = args[1] {
        let text = ctx.heap[at].share();
        ctx.charge(text.len() / 16)?;
        ctx.reserve_large(text.len() * 32)?;
        let names: Vec<Value> = split(&text).map(|name| ctx.heap.str(name)).collect();
        let names = ctx.heap.list(names);
        ctx.heap.scratch.push(names);
        let made = iterate::drain::<Names>(ctx, names, &kept, [rename as i64, 0, 0]);
        ctx.heap.scratch.pop();
        return made;
    }
    iterate::drain::<Names>(ctx, args[1], &kept, [rename as i64, 0, 0])
}

/// Names between commas and white space.
fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ',' || c.is_whitespace()).filter(|name| !name.is_empty())
}

/// Takes the names of the fields. Keeps: the type's name, the defaults, the module; whether to rename.
struct Names;

impl Drain for Names {
    fn then(ctx: &mut Ctx<'_>, names: Ref<List>, kept: &[Value], words: [i64; 3]) -> NativeResult {
        let count = ctx.heap[names].items().len();
        for at in 0..count {
            let name = repr::str_of(ctx, ctx.heap[names].items()[at])?;
            let name = ctx.heap.str_shared(name);
            ctx.heap.list_set(names, at, name);
        }
        let typename = repr::str_of(ctx, kept[0])?;
        let typename = ctx.heap.str_shared(typename);
        ctx.heap.scratch.push(typename);
        let made = check_names(ctx, typename, names, words[0] != 0).and_then(|()| {
            let kept = [Value::List(names), typename, kept[2], kept[1]];
            match kept[3] {
                Value::None => define(ctx, &[], &kept),
                defaults => iterate::drain::<Defaults>(ctx, defaults, &kept[..3], [0; 3]),
            }
        });
        ctx.heap.scratch.pop();
        made
    }
}

/// Takes the defaults. Keeps: the list of names, the type's name, the module.
struct Defaults;

impl Drain for Defaults {
    fn then(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value], _: [i64; 3]) -> NativeResult {
        let items = ctx.heap[items].items().to_vec();
        define(ctx, &items, kept)
    }
}

/// Gives wrong names other ones if it may, and raises ValueError if not.
fn check_names(ctx: &mut Ctx<'_>, typename: Value, names: Ref<List>, rename: bool) -> Result<(), Raise> {
    let text = |heap: &Heap, v| heap.as_str(v).unwrap_or_default().to_string();
    let mut seen = std::collections::HashSet::new();
    if rename {
        for at in 0..ctx.heap[names].items().len() {
            let name = text(ctx.heap, ctx.heap[names].items()[at]);
            ctx.charge(1 + name.len() / 16)?;
            let wrong = !is_identifier(&name) || is_keyword(&name) || name.starts_with('_');
            if wrong || seen.contains(&name) {
                let other = ctx.heap.str(&format!("_{at}"));
                ctx.heap.list_set(names, at, other);
            }
            seen.insert(name);
        }
    }
    let fields: Vec<String> = ctx.heap[names].items().iter().map(|&name| text(ctx.heap, name)).collect();
    let typename = text(ctx.heap, typename);
    for name in [&typename].into_iter().chain(&fields) {
        ctx.charge(1 + name.len() / 16)?;
        let problem = match () {
            () if !is_identifier(name) => "must be valid identifiers",
            () if is_keyword(name) => "cannot be a keyword",
            () => continue,
        };
        return Err(ctx.value_error(format!("Type names and field names {problem}: {}", repr_str(name))));
    }
    seen.clear();
    for name in fields {
        if name.starts_with('_') && !rename {
            let name = repr_str(&name);
            return Err(ctx.value_error(format!("Field names cannot start with an underscore: {name}")));
        }
        if seen.contains(&name) {
            let name = repr_str(&name);
            return Err(ctx.value_error(format!("Encountered duplicate field name: {name}")));
        }
        seen.insert(name);
    }
    Ok(())
}

/// The words that Python keeps for itself.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

/// The type of the checked names, the last of which have these defaults. Keeps: the names, the type's name, the module.
fn define(ctx: &mut Ctx<'_>, defaults: &[Value], kept: &[Value]) -> NativeResult {
    let &[Value::List(names), typename, module, ..] = kept else { return Ok(Value::None.into()) };
    let count = ctx.heap[names].items().len();
    if defaults.len() > count {
        return Err(ctx.type_error("Got more default values than field names"));
    }
    ctx.charge(count)?;
    ctx.reserve_large(count * 4 * size_of::<Value>())?;
    let module: Box<str> = match module {
        Value::None => "__main__".into(),
        module => (&*repr::str_of(ctx, module)?).into(),
    };
    let fields = ctx.heap[names].items().to_vec();
    let mut all_defaults = vec![Value::Undef; count - defaults.len()];
    all_defaults.extend_from_slice(defaults);
    let name = ctx.heap.as_str(typename).unwrap_or_default().to_string();
    let listed: Vec<&str> = fields.iter().filter_map(|&field| ctx.heap.as_str(field)).collect();
    let doc = format!("{name}({})", listed.join(", "));
    let doc = ctx.heap.str(&doc);
    let class = UserType {
        name: name.into(),
        module,
        host: Some(&NAMED),
        kind: TypeKind::Host,
        base: TypeId::Tuple.value(),
        fields,
        defaults: all_defaults,
        doc,
        ..UserType::default()
    };
    Ok(ctx.heap.user_type(class).into())
}

// ---- making a tuple ------------------------------------------------------------------------------------

fn user_type(heap: &Heap, class: Value) -> Option<Ref<UserType>> {
    match class {
        Value::Type(number) => heap.as_user_type(number),
        _ => None,
    }
}

/// The names of a type's fields.
fn fields(heap: &Heap, class: Value) -> &[Value] {
    user_type(heap, class).map_or(&[], |user| &heap[user].fields)
}

/// Place of the field of this name, which in calls is a constant: most are found by identity.
fn place(heap: &Heap, class: Value, name: Value) -> Option<usize> {
    let fields = fields(heap, class);
    let text = heap.as_str(name)?;
    fields.iter().position(|&field| field == name || heap.as_str(field) == Some(text))
}

fn type_name(ctx: &Ctx<'_>, class: Value) -> String {
    user_type(ctx.heap, class).map_or(String::new(), |user| ctx.heap[user].name.to_string())
}

/// `P(…)`; the first argument is the type.
fn new(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let class = args[0];
    let given = &args.positional[1..];
    let count = fields(ctx.heap, class).len();
    if given.len() == count && args.names.is_empty() {
        ctx.charge(count / 16)?;
        ctx.reserve_large(size_of_val::<[Value]>(given))?;
        return Ok(ctx.heap.named_tuple(class, given).into());
    }
    // A keyword is looked for among the fields.
    ctx.charge(count + args.names.len() * count / 8)?;
    ctx.reserve_large(count * 2 * size_of::<Value>())?;
    if given.len() > count {
        let function = format!("{}.__new__", type_name(ctx, class));
        let defaults = user_type(ctx.heap, class)
            .map_or(0, |user| ctx.heap[user].defaults.iter().filter(|value| !value.is_undef()).count());
        let message = arguments::too_many(&function, count + 1, defaults, given.len() + 1, 0);
        return Err(ctx.type_error(message));
    }
    let mut items = given.to_vec();
    items.resize(count, Value::Undef);
    for (&name, &value) in args.names.iter().zip(args.keywords) {
        let message = match place(ctx.heap, class, name) {
            Some(at) if items[at].is_undef() => {
                items[at] = value;
                continue;
            }
            found => {
                let function = format!("{}.__new__", type_name(ctx, class));
                let name = ctx.heap.as_str(name).unwrap_or_default();
                let known = fields(ctx.heap, class).iter().filter_map(|&field| ctx.heap.as_str(field));
                match found {
                    Some(_) => arguments::multiple_values(&function, name),
                    None => arguments::unexpected(&function, name, known),
                }
            }
        };
        return Err(ctx.type_error(message));
    }
    if let Some(user) = user_type(ctx.heap, class) {
        for (item, &default) in items.iter_mut().zip(&ctx.heap[user].defaults) {
            *item = item.given().unwrap_or(default);
        }
    }
    if items.contains(&Value::Undef) {
        let function = format!("{}.__new__", type_name(ctx, class));
        let left_out = fields(ctx.heap, class).iter().zip(&items).filter(|(_, item)| item.is_undef());
        let names: Vec<&str> = left_out.filter_map(|(&field, _)| ctx.heap.as_str(field)).collect();
        let message = arguments::missing(&function, "positional", &names);
        return Err(ctx.type_error(message));
    }
    Ok(ctx.heap.named_tuple(class, &items).into())
}

fn make(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let &[class, iterable] = args.positional else {
        let function = format!("{}._make", type_name(ctx, args[0]));
        let message = match args.len() {
            1 => arguments::missing(&function, "positional", &["iterable"]),
            given => arguments::too_many(&function, 2, 0, given, 0),
        };
        return Err(ctx.type_error(message));
    };
    iterate::drain::<Made>(ctx, iterable, &[class], [0; 3])
}

/// Keeps: the type.
struct Made;

impl Drain for Made {
    fn then(ctx: &mut Ctx<'_>, items: Ref<List>, kept: &[Value], _: [i64; 3]) -> NativeResult {
        let (count, given) = (fields(ctx.heap, kept[0]).len(), ctx.heap[items].items().len());
        if count != given {
            return Err(ctx.type_error(format!("Expected {count} arguments, got {given}")));
        }
        ctx.reserve_large(count * size_of::<Value>())?;
        let items = ctx.heap[items].items().to_vec();
        Ok(ctx.heap.named_tuple(kept[0], &items).into())
    }
}

// ---- what it can do ------------------------------------------------------------------------------------

/// The type and the items of a named tuple.
fn parts(ctx: &Ctx<'_>, v: Value) -> (Value, Vec<Value>) {
    (types::type_of(ctx.heap, v), ctx.heap.as_items(v).unwrap_or_default().to_vec())
}

fn only_self(ctx: &mut Ctx<'_>, args: Args<'_>, name: &str) -> Result<(), Raise> {
    if args.len() == 1 {
        return Ok(());
    }
    let class = types::type_of(ctx.heap, args[0]);
    let function = format!("{}.{name}", type_name(ctx, class));
    Err(ctx.type_error(arguments::too_many(&function, 1, 0, args.len(), 0)))
}

fn as_dict(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    only_self(ctx, args, "_asdict")?;
    let (class, items) = parts(ctx, args[0]);
    ctx.charge(items.len())?;
    let names = fields(ctx.heap, class).to_vec();
    let dict = ctx.heap.dict();
    ctx.heap.scratch.push(Value::Dict(dict));
    let set = names.iter().zip(&items).try_for_each(|(&name, &item)| table::dict_set(ctx, dict, name, item));
    ctx.heap.scratch.pop();
    set.map(|()| Value::Dict(dict).into())
}

fn replace(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    only_self(ctx, args, "_replace")?;
    let (class, mut items) = parts(ctx, args[0]);
    ctx.charge(items.len() / 16 + args.names.len() * (1 + items.len() / 8))?;
    ctx.reserve_large(size_of_val::<[Value]>(&items))?;
    let mut unknown = Vec::new();
    for (&name, &value) in args.names.iter().zip(args.keywords) {
        match place(ctx.heap, class, name) {
            Some(at) => items[at] = value,
            None => unknown.push(name),
        }
    }
    if unknown.is_empty() {
        return Ok(ctx.heap.named_tuple(class, &items).into());
    }
    let unknown = ctx.heap.list(unknown);
    let unknown = repr::repr(ctx, unknown)?;
    Err(ctx.type_error(format!("Got unexpected field names: {unknown}")))
}

/// A field of a tuple, and what its type knows of its fields.
fn attribute(ctx: &mut Ctx<'_>, v: Value, name: &str) -> Result<Option<Value>, Raise> {
    let class = match v {
        Value::Type(_) => v,
        _ => types::type_of(ctx.heap, v),
    };
    let Some(user) = user_type(ctx.heap, class) else { return Ok(None) };
    match name {
        "_fields" => {
            let fields = ctx.heap[user].fields.clone();
            Ok(Some(ctx.heap.tuple(&fields)))
        }
        "_field_defaults" => {
            let UserType { fields, defaults, .. } = &ctx.heap[user];
            let pairs = fields.iter().zip(defaults).filter(|(_, value)| !value.is_undef());
            let pairs: Vec<(Value, Value)> = pairs.map(|(&name, &value)| (name, value)).collect();
            let dict = ctx.heap.dict();
            ctx.heap.scratch.push(Value::Dict(dict));
            let set = pairs.iter().try_for_each(|&(name, value)| table::dict_set(ctx, dict, name, value));
            ctx.heap.scratch.pop();
            set.map(|()| Some(Value::Dict(dict)))
        }
        _ => {
            let place = ctx.heap[user].fields.iter().position(|&field| ctx.heap.as_str(field) == Some(name));
            Ok(place.and_then(|place| ctx.heap.as_items(v)?.get(place).copied()))
        }
    }
}

/// Nothing of a tuple can be set, but why not has its own words.
fn set_attribute(ctx: &mut Ctx<'_>, v: Value, name: &str, value: Value) -> Result<bool, Raise> {
    let class = types::type_of(ctx.heap, v);
    let is_field = fields(ctx.heap, class).iter().any(|&field| ctx.heap.as_str(field) == Some(name));
    let message = match value {
        Value::Undef if is_field => "can't delete attribute".to_string(),
        _ if is_field => "can't set attribute".to_string(),
        _ if matches!(name, "count" | "index") => {
            format!("'{}' object attribute '{name}' is read-only", type_name(ctx, class))
        }
        _ => return Ok(false),
    };
    Err(ctx.error(TypeId::AttributeError, message))
}

fn pieces(ctx: &mut Ctx<'_>, v: Value) -> Result<Vec<Piece>, Raise> {
    let (class, items) = parts(ctx, v);
    let mut before = format!("{}(", type_name(ctx, class));
    let mut pieces = Vec::new();
    for (&name, &item) in fields(ctx.heap, class).iter().zip(&items) {
        before.push_str(ctx.heap.as_str(name).unwrap_or_default());
        before.push('=');
        pieces.extend([Piece::Text(std::mem::replace(&mut before, ", ".into())), Piece::Repr(item)]);
    }
    let end = if items.is_empty() { before + ")" } else { ")".to_string() };
    pieces.push(Piece::Text(end));
    Ok(pieces)
}
