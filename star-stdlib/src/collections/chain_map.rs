//! `ChainMap`: several mappings looked at as one.
//!
//! In: mappings, the first of which is changed. Out: what the first of them that has a key says. Rule: the mappings are
//! shared, not copied; a ChainMap among them is looked at as the mappings in it, however deep they lie.
//!
//! Parts: the list of mappings, which is the attribute `maps`.

use star::ast::{BinaryOp, CompareOp};
use star::builtins::dict::fill_from;
use star::heap::{Args, Arity, Compared, Copying, HostType, Native, NativeResult, Outcome};
use star::host::arguments;
use star::object::types::TypeId;
use star::object::{Dict, Entry, Probe};
use star::ops::{DATA_DEPTH, compare as ops, hooks, index, iterate, repr, table, types};
use star::private::{Attribute, Ctx, Heap, Hooks, Piece, Raise, TypeDesc, Value};
use star::value::Ref;

use super::defaultdict::from_keys;
use super::mapping_views::{ITEMS_VIEW, KEYS_VIEW, VALUES_VIEW};
use crate::native::{attribute, function, method, script};

/// `ChainMap`.
pub(super) static CHAIN_MAP: HostType = HostType {
    new: Some(&NEW),
    methods: METHODS,
    statics: STATICS,
    attributes: ATTRIBUTES,
    hooks: Hooks {
        repr: Some(pieces),
        truth: Some(|heap, chain| {
            let maps = heap.as_items(maps(heap, chain)).unwrap_or_default();
            maps.iter().any(|&map| types::truthy(heap, map))
        }),
        count: Some(|ctx, chain| {
            let entries = entries(ctx, chain)?;
            Ok(ctx.heap[entries].table().len())
        }),
        entries: Some(|ctx, chain| entries(ctx, chain).map(Value::Dict)),
        compare: Some(compare),
        unhashable: true,
        binary: Some(binary),
        inplace: Some(inplace),
        item: Some(item),
        set_item: Some(set_item),
        del_item: Some(del_item),
        contains: Some(|ctx, args| Ok(Value::bool(has(ctx, args[0], args[1])?).into())),
        iter: Some(|ctx, args| {
            let keys = Value::Dict(entries(ctx, args[0])?);
            Ok(iterate::iter(ctx, keys)?.into())
        }),
        copying: Some(&Copying {
            shallow: duplicate,
            parts: |heap, chain| vec![maps(heap, chain)],
            empty: |ctx, _| Ok(make(ctx, Vec::new())),
            fill: |ctx, _, copy, parts| {
                set_maps(ctx, copy, parts[0]);
                Ok(())
            },
        }),
        ..Hooks::NONE
    },
    ..HostType::named("ChainMap", "collections", "Several mappings looked at as one.")
};

static NEW: Native = function(
    "ChainMap",
    Arity::Variadic,
    |ctx, args| {
        if let Some(&name) = args.names.first() {
            let name = ctx.heap.as_str(name).unwrap_or_default();
            let message = arguments::unexpected("ChainMap.__init__", name, [].into_iter());
            return Err(ctx.type_error(message));
        }
        let mut maps = args.positional.to_vec();
        if maps.is_empty() {
            maps.push(Value::Dict(ctx.heap.dict()));
        }
        Ok(make(ctx, maps).into())
    },
    "ChainMap(*maps): mappings, looked at one after the other",
);

static METHODS: &[Native] = &[
    method(&CHAIN_MAP, "clear", script(&[], 0), clear, "clear(): removes every entry of the first mapping"),
    method(
        &CHAIN_MAP,
        "copy",
        script(&[], 0),
        |ctx, args| Ok(duplicate(ctx, args[0])?.into()),
        "copy(): a ChainMap of a copy of the first mapping and the same others",
    ),
    method(
        &CHAIN_MAP,
        "get",
        script(&["key", "default"], 1),
        |ctx, args| match has(ctx, args[0], args[1])? {
            true => item(ctx, Args::new(&args.positional[..2])),
            false => Ok(args.get(2).unwrap_or(Value::None).into()),
        },
        "get(key, default=None): its value, or default",
    ),
    method(
        &CHAIN_MAP,
        "items",
        script(&[], 0),
        |ctx, args| view(ctx, &ITEMS_VIEW, args),
        "items(): the pairs of key and value",
    ),
    method(&CHAIN_MAP, "keys", script(&[], 0), |ctx, args| view(ctx, &KEYS_VIEW, args), "keys(): the keys"),
    method(
        &CHAIN_MAP,
        "new_child",
        Arity::Variadic,
        new_child,
        "new_child(m=None, **entries): a ChainMap of m, or a new dict, and of these mappings",
    ),
    method(
        &CHAIN_MAP,
        "pop",
        Arity::Variadic,
        pop,
        "pop(key, default=…): removes the key from the first mapping and returns its value",
    ),
    method(
        &CHAIN_MAP,
        "popitem",
        script(&[], 0),
        pop_item,
        "popitem(): removes the newest entry of the first mapping and returns it",
    ),
    method(
        &CHAIN_MAP,
        "setdefault",
        script(&["key", "default"], 1),
        |ctx, args| {
            if has(ctx, args[0], args[1])? {
                return item(ctx, Args::new(&args.positional[..2]));
            }
            let value = args.get(2).unwrap_or(Value::None);
            set_item(ctx, Args::new(&[args[0], args[1], value]))?;
            Ok(value.into())
        },
        "setdefault(key, default=None): its value, after setting it to default if it is missing",
    ),
    method(
        &CHAIN_MAP,
        "update",
        Arity::Variadic,
        |ctx, args| {
            if args.len() > 2 {
                let message = arguments::too_many("MutableMapping.update", 2, 1, args.len(), 0);
                return Err(ctx.type_error(message));
            }
            let first = first(ctx, args[0])?;
            fill_from(ctx, first, Args { positional: &args.positional[1..], ..args }, Value::None)
        },
        "update(mapping or iterable of pairs, **entries): sets entries of the first mapping",
    ),
    method(
        &CHAIN_MAP,
        "values",
        script(&[], 0),
        |ctx, args| view(ctx, &VALUES_VIEW, args),
        "values(): the values",
    ),
];

static STATICS: &[Native] = &[method(
    &CHAIN_MAP,
    "fromkeys",
    script(&["iterable", "value"], 1),
    |ctx, args| {
        let dict = Value::Dict(ctx.heap.dict());
        let chain = make(ctx, vec![dict]);
        ctx.heap.scratch.push(chain);
        let value = args.get(2).unwrap_or(Value::None);
        let filled = from_keys(ctx, dict, args[1], value, chain);
        ctx.heap.scratch.pop();
        filled
    },
    "ChainMap.fromkeys(iterable, value=None): a ChainMap of a dict of its items as keys",
)];

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "maps",
        doc: "The list of mappings.",
        ty: &TypeDesc::List(&TypeDesc::Any),
        get: |ctx, chain| Ok(maps(ctx.heap, chain)),
        set: Some(|ctx, chain, maps| {
            set_maps(ctx, chain, maps);
            Ok(())
        }),
    },
    attribute("parents", "A ChainMap of all mappings but the first.", |ctx, chain| {
        let maps = ctx.heap.as_items(maps(ctx.heap, chain)).unwrap_or_default();
        let mut parents = maps.get(1..).unwrap_or_default().to_vec();
        if parents.is_empty() {
            parents.push(Value::Dict(ctx.heap.dict()));
        }
        Ok(make(ctx, parents))
    }),
];

/// A ChainMap of rooted mappings.
fn make(ctx: &mut Ctx<'_>, maps: Vec<Value>) -> Value {
    let maps = ctx.heap.list(maps);
    ctx.heap.object(&CHAIN_MAP, [maps], [0; 4])
}

fn maps(heap: &Heap, chain: Value) -> Value {
    heap.parts(chain).values.front().copied().unwrap_or_default()
}

fn set_maps(ctx: &mut Ctx<'_>, chain: Value, maps: Value) {
    if let Some(parts) = ctx.heap.parts_mut(chain) {
        parts.values[0] = maps;
    }
}

fn is_chain(heap: &Heap, v: Value) -> bool {
    matches!(v, Value::Host(at) if heap[at].kind.is(&CHAIN_MAP))
}

fn view(ctx: &mut Ctx<'_>, kind: &'static HostType, args: Args<'_>) -> NativeResult {
    Ok(ctx.heap.object(kind, [args[0]], [0; 4]).into())
}

// ---- the mappings --------------------------------------------------------------------------------------

/// The mappings, those of ChainMaps among them in their place.
fn flat(ctx: &mut Ctx<'_>, chain: Value) -> Result<Vec<Value>, Raise> {
    let mut flat = Vec::new();
    let mut open = vec![(maps(ctx.heap, chain), 0)];
    let mut seen = 0;
    while let Some((maps, at)) = open.last_mut() {
        let Some(&map) = ctx.heap.as_items(*maps).and_then(|maps| maps.get(*at)) else {
            open.pop();
            continue;
        };
        *at += 1;
        seen += 1;
        ctx.charge(1)?;
        if seen > DATA_DEPTH {
            return Err(ctx.error(TypeId::RecursionError, "maximum recursion depth exceeded"));
        }
        match is_chain(ctx.heap, map) {
            true => open.push((self::maps(ctx.heap, map), 0)),
            false => flat.push(map),
        }
    }
    Ok(flat)
}

/// The dict that is changed: the first mapping, or that of a ChainMap in its place.
fn first(ctx: &mut Ctx<'_>, chain: Value) -> Result<Ref<Dict>, Raise> {
    let mut chain = chain;
    for _ in 0..DATA_DEPTH {
        ctx.charge(1)?;
        let maps = ctx.heap.as_items(maps(ctx.heap, chain)).unwrap_or_default();
        match maps.first() {
            Some(&Value::Dict(dict)) => return Ok(dict),
            Some(&map) if is_chain(ctx.heap, map) => chain = map,
            Some(&map) => {
                let given = types::type_name(ctx.heap, map);
                return Err(ctx.type_error(format!("a ChainMap of '{given}' objects cannot be changed")));
            }
            None => return Err(ctx.error(TypeId::IndexError, "list index out of range")),
        }
    }
    Err(ctx.error(TypeId::RecursionError, "maximum recursion depth exceeded"))
}

/// A new dict of all entries: keys of the last mapping first, values of the first that has a key. Does not collect.
pub(super) fn entries(ctx: &mut Ctx<'_>, chain: Value) -> Result<Ref<Dict>, Raise> {
    let maps = flat(ctx, chain)?;
    let dict = ctx.heap.dict();
    for &map in maps.iter().rev() {
        let Value::Dict(map) = map else {
            let given = types::type_name(ctx.heap, map);
            return Err(ctx.type_error(format!("'{given}' object is not a mapping")));
        };
        let len = ctx.heap[map].table().len();
        ctx.charge(len)?;
        ctx.claim(len * 2 * (size_of::<Entry<Value>>() + 16))?;
        let mut at = 0;
        while let Some(&Entry { hash, key, value }) = ctx.heap[map].table().raw_entries().get(at) {
            at += 1;
            if key.is_undef() {
                continue;
            }
            match table::find_hashed(ctx, Value::Dict(dict), hash, key)? {
                Probe::Found(entry) => ctx.heap.dict_set_value(dict, entry, value),
                Probe::Missing => ctx.heap.dict_edit(dict, |table| table.insert(hash, key, value)),
            }
        }
    }
    Ok(dict)
}

/// `key in chain`
fn has(ctx: &mut Ctx<'_>, chain: Value, key: Value) -> Result<bool, Raise> {
    for map in flat(ctx, chain)? {
        if ops::contains_native(ctx, map, key)? == Some(true) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `chain[key]`. A defaultdict among the mappings makes a value.
pub(super) fn item(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let (chain, key) = (args[0], args[1]);
    for map in flat(ctx, chain)? {
        let found = match map {
            Value::Dict(dict) => match table::dict_get(ctx, dict, key)? {
                Some(value) => return Ok(value.into()),
                None => match hooks::call(ctx, |hooks| hooks.missing, &[map, key]) {
                    Some(made) => made,
                    None => continue,
                },
            },
            _ => index::get_item(ctx, map, key).map(Outcome::Return),
        };
        match found {
            Err(Raise::Exception(at))
                if types::type_id(ctx.heap, Value::Exception(at)) == TypeId::KeyError => {}
            found => return found,
        }
    }
    Err(ctx.error_with(TypeId::KeyError, &[key]))
}

fn set_item(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let first = first(ctx, args[0])?;
    table::dict_set(ctx, first, args[1], args[2])?;
    Ok(Value::None.into())
}

/// `"Key not found in the first mapping: 'x'"`
#[cold]
fn not_in_first(ctx: &mut Ctx<'_>, key: Value) -> Raise {
    match repr::repr(ctx, key) {
        Ok(key) => ctx.error(TypeId::KeyError, format!("Key not found in the first mapping: {key}")),
        Err(raise) => raise,
    }
}

fn del_item(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let first = first(ctx, args[0])?;
    match table::dict_remove(ctx, first, args[1])? {
        Some(_) => Ok(Value::None.into()),
        None => Err(not_in_first(ctx, args[1])),
    }
}

fn pop(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let [key, default] = match *args.positional {
        [_, key] if args.names.is_empty() => [key, Value::Undef],
        [_, key, default] if args.names.is_empty() => [key, default],
        [_] => {
            let message = arguments::missing("ChainMap.pop", "positional", &["key"]);
            return Err(ctx.type_error(message));
        }
        _ => {
            let message = arguments::count_message("pop", 1, 2, args.len() - 1);
            return Err(ctx.type_error(message));
        }
    };
    let first = first(ctx, args[0])?;
    match table::dict_remove(ctx, first, key)?.or(default.given()) {
        Some(value) => Ok(value.into()),
        None => Err(not_in_first(ctx, key)),
    }
}

fn pop_item(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let first = first(ctx, args[0])?;
    match ctx.heap.dict_edit(first, |table| table.pop()) {
        Some(entry) => Ok(ctx.heap.tuple(&[entry.key, entry.value]).into()),
        None => Err(ctx.error(TypeId::KeyError, "No keys found in the first mapping.")),
    }
}

fn clear(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    let first = first(ctx, args[0])?;
    ctx.heap.dict_edit(first, |table| table.clear());
    Ok(Value::None.into())
}

fn new_child(ctx: &mut Ctx<'_>, args: Args<'_>) -> NativeResult {
    if args.len() > 2 {
        let message = arguments::too_many("ChainMap.new_child", 2, 1, args.len(), 0);
        return Err(ctx.type_error(message));
    }
    let by_name = args.names.iter().position(|&name| ctx.heap.as_str(name) == Some("m"));
    let map = match (args.get(1), by_name) {
        (Some(map), _) => map,
        (None, Some(at)) => args.keywords[at],
        (None, None) => Value::None,
    };
    let map = if map.is_none() { Value::Dict(ctx.heap.dict()) } else { map };
    let others = ctx.heap.as_items(maps(ctx.heap, args[0])).unwrap_or_default();
    let all = [map].iter().chain(others).copied().collect();
    let child = make(ctx, all);
    let (mut names, mut values) = (args.names.to_vec(), args.keywords.to_vec());
    if let (Some(at), None) = (by_name, args.get(1)) {
        names.remove(at);
        values.remove(at);
    }
    if names.is_empty() {
        return Ok(child.into());
    }
    let Value::Dict(dict) = map else {
        let update = ctx.heap.str("update");
        return Err(star::ops::attribute::no_attribute(ctx, map, update));
    };
    ctx.heap.scratch.push(child);
    let filled = fill_from(ctx, dict, Args { positional: &[], names: &names, keywords: &values }, child);
    ctx.heap.scratch.pop();
    filled
}

/// A ChainMap of a copy of the first mapping and the same others.
fn duplicate(ctx: &mut Ctx<'_>, chain: Value) -> Result<Value, Raise> {
    let mut maps = ctx.heap.as_items(maps(ctx.heap, chain)).unwrap_or_default().to_vec();
    let Some(first) = maps.first_mut() else {
        return Err(ctx.error(TypeId::IndexError, "list index out of range"));
    };
    let map = *first;
    *first = match (map, hooks::find(ctx.heap, map, |hooks| hooks.copying)) {
        (_, Some(copying)) => ctx.deeper(|ctx| (copying.shallow)(ctx, map))?,
        (Value::Dict(dict), None) => Value::Dict(table::dict_copy(ctx, dict)?),
        _ => map,
    };
    Ok(make(ctx, maps))
}

// ---- operators -----------------------------------------------------------------------------------------

fn is_mapping(heap: &Heap, v: Value) -> bool {
    matches!(v, Value::Dict(_)) || is_chain(heap, v)
}

/// Equality with a mapping is that of dicts of their entries.
fn compare(ctx: &mut Ctx<'_>, op: CompareOp, a: Value, b: Value) -> Result<Compared, Raise> {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) || !is_mapping(ctx.heap, b) {
        return Ok(Compared::Unknown);
    }
    let a = Value::Dict(entries(ctx, a)?);
    let b = match b {
        Value::Dict(_) => b,
        _ => Value::Dict(entries(ctx, b)?),
    };
    Ok(Compared::As(a, b))
}

fn binary(ctx: &mut Ctx<'_>, op: BinaryOp, a: Value, b: Value) -> Result<Option<Value>, Raise> {
    if op != BinaryOp::Or || !is_mapping(ctx.heap, a) || !is_mapping(ctx.heap, b) {
        return Ok(None);
    }
    let root = ctx.heap.scratch.len();
    let merged = match is_chain(ctx.heap, a) {
        true => duplicate(ctx, a),
        // A plain dict of both.
        false => duplicate_dict(ctx, a).map(|dict| make(ctx, vec![dict])),
    };
    let result = merged.and_then(|merged| {
        ctx.heap.scratch.push(merged);
        let first = first(ctx, merged)?;
        fill_from(ctx, first, Args::new(&[b]), merged)?;
        Ok(Some(merged))
    });
    ctx.heap.scratch.truncate(root);
    result
}

fn duplicate_dict(ctx: &mut Ctx<'_>, v: Value) -> Result<Value, Raise> {
    let Value::Dict(dict) = v else { return Ok(v) };
    Ok(Value::Dict(table::dict_copy(ctx, dict)?))
}

fn inplace(ctx: &mut Ctx<'_>, op: BinaryOp, chain: Value, other: Value) -> Result<Option<Outcome>, Raise> {
    if op != BinaryOp::Or {
        return Ok(None);
    }
    let first = first(ctx, chain)?;
    fill_from(ctx, first, Args::new(&[other]), chain).map(Some)
}

fn pieces(ctx: &mut Ctx<'_>, chain: Value) -> Result<Vec<Piece>, Raise> {
    let maps = ctx.heap.as_items(maps(ctx.heap, chain)).unwrap_or_default();
    let mut pieces = vec![Piece::Text("ChainMap(".into())];
    for (at, &map) in maps.iter().enumerate() {
        if at > 0 {
            pieces.push(Piece::Text(", ".into()));
        }
        pieces.push(Piece::Repr(map));
    }
    pieces.push(Piece::Text(")".into()));
    Ok(pieces)
}
