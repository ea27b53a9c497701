//! The hash table of dicts and sets: entries in insertion order beside an index of `u32`.
//!
//! Rule: the table never compares keys itself. A caller brings the hash and a comparison, because comparing keys
//! may need the whole heap.

use super::Object;
use crate::value::Value;

/// A key with its hash and payload. `key` is `Undef` where an entry was removed.
#[derive(Clone, Copy)]
pub struct Entry<V> {
    /// Keyed table hash of `key`.
    pub hash: u64,
    /// The key.
    pub key: Value,
    /// What it maps to; `()` in a set.
    pub value: V,
}

/// Insertion-ordered hash table.
pub struct Table<V> {
    entries: Vec<Entry<V>>,
    /// Open addressing with linear probing; entry index + 1, 0 for empty, `TOMB` for removed. Empty for up to
    /// [`FEW`] entries, whose hashes are looked at one by one: most dicts of most scripts are that small (a quarter
    /// less memory for a record).
    index: Vec<u32>,
    live: u32,
    /// No entry below this one is live, so that taking the oldest again and again stays cheap.
    first: u32,
    /// Places of `index` that are not empty, removed ones included.
    used: u32,
    /// Changes with every insertion and removal of a key, for iterators.
    version: u32,
}

const TOMB: u32 = u32::MAX;

/// So many entries need no index.
const FEW: usize = 8;

impl<V> Default for Table<V> {
    fn default() -> Table<V> {
        Table { entries: Vec::new(), index: Vec::new(), live: 0, first: 0, used: 0, version: 0 }
    }
}

/// Where a key is, or would go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// Entry number.
    Found(usize),
    /// Not there.
    Missing,
}

impl<V: Copy> Table<V> {
    /// Number of keys.
    #[inline]
    pub fn len(&self) -> usize {
        self.live as usize
    }

    /// Whether there is no key.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Entries in insertion order, removed ones (key `Undef`) included; iterators index into this.
    #[inline]
    pub fn raw_entries(&self) -> &[Entry<V>] {
        &self.entries
    }

    /// Entries in insertion order.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry<V>> {
        self.entries.iter().filter(|entry| !entry.key.is_undef())
    }

    /// Number of the oldest entry.
    #[inline]
    pub fn first(&self) -> Option<usize> {
        (self.live > 0).then_some(self.first as usize)
    }

    /// Changes whenever a key is added or removed.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Looks for the key with `hash` for which `same` says so. `same` is asked only about keys of equal hash.
    #[inline]
    pub fn find<E>(&self, hash: u64, mut same: impl FnMut(Value) -> Result<bool, E>) -> Result<Probe, E> {
        if self.index.is_empty() {
            for (number, entry) in self.entries.iter().enumerate() {
                if entry.hash == hash && !entry.key.is_undef() && same(entry.key)? {
                    return Ok(Probe::Found(number));
                }
            }
            return Ok(Probe::Missing);
        }
        let mask = self.index.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            match self.index[at] {
                0 => return Ok(Probe::Missing),
                TOMB => {}
                n => {
                    let entry = &self.entries[n as usize - 1];
                    if entry.hash == hash && same(entry.key)? {
                        return Ok(Probe::Found(n as usize - 1));
                    }
                }
            }
            at = (at + 1) & mask;
        }
    }

    /// Bytes by which [`Self::insert`] of a new key would grow the table, 0 if there is room.
    pub fn growth(&self) -> usize {
        let mut bytes = 0;
        if self.entries.len() == self.entries.capacity() {
            bytes += self.entries.capacity().max(4) * size_of::<Entry<V>>();
        }
        if self.is_tight() {
            bytes += (self.index.len() * 2).max(FEW * 4) * 4;
        }
        bytes
    }

    /// An empty table with room for `count` keys.
    pub(crate) fn with_capacity(count: usize) -> Table<V> {
        Table { entries: Vec::with_capacity(count), ..Table::default() }
    }

    /// Whether one more key needs a larger index, or one without removed keys.
    #[inline]
    fn is_tight(&self) -> bool {
        match self.index.len() {
            0 => self.entries.len() >= FEW,
            places => (self.used as usize + 1) * 4 > places * 3,
        }
    }

    /// Adds a key that [`Self::find`] did not find, at the end.
    #[inline]
    pub fn insert(&mut self, hash: u64, key: Value, value: V) {
        if self.is_tight() {
            self.rebuild();
        }
        self.entries.push(Entry { hash, key, value });
        if !self.index.is_empty() {
            let number = self.entries.len() as u32;
            self.place(hash, number);
            self.used += 1;
        }
        self.live += 1;
        self.version = self.version.wrapping_add(1);
    }

    /// Replaces the value of entry `at`.
    #[inline]
    pub fn set_value(&mut self, at: usize, value: V) {
        self.entries[at].value = value;
    }

    /// Removes entry `at` and returns it.
    pub fn remove(&mut self, at: usize) -> Entry<V> {
        let entry = self.entries[at];
        if !self.index.is_empty() {
            let mask = self.index.len() - 1;
            let mut place = entry.hash as usize & mask;
            while self.index[place] != at as u32 + 1 {
                place = (place + 1) & mask;
            }
            self.index[place] = TOMB;
        }
        self.entries[at].key = Value::Undef;
        self.live -= 1;
        self.version = self.version.wrapping_add(1);
        if at == self.first as usize {
            let rest = &self.entries[at..];
            self.first += rest.iter().position(|entry| !entry.key.is_undef()).unwrap_or(rest.len()) as u32;
        }
        entry
    }

    /// Removes the newest entry. Its place is free again, unlike that of an entry that [`Self::remove`] took: iterators
    /// tell new keys from old ones by their place, as in CPython.
    pub fn pop(&mut self) -> Option<Entry<V>> {
        let last = self.entries.iter().rposition(|entry| !entry.key.is_undef())?;
        let entry = self.remove(last);
        self.entries.truncate(last);
        self.first = self.first.min(last as u32);
        Some(entry)
    }

    /// Makes entry `at` the newest.
    pub fn move_to_end(&mut self, at: usize) {
        if self.entries[at + 1..].iter().any(|entry| !entry.key.is_undef()) {
            let Entry { hash, key, value } = self.remove(at);
            self.insert(hash, key, value);
        }
    }

    /// Whether [`Self::move_to_front`] needs no room.
    pub fn has_room_in_front(&self) -> bool {
        self.first > 0
    }

    /// Makes entry `at` the oldest. There has to be room for as many entries again, of which the next ones that come
    /// to the front find their places made.
    pub fn move_to_front(&mut self, at: usize) {
        if at == self.first as usize {
            return;
        }
        let entry = self.remove(at);
        if self.first == 0 {
            let hole = Entry { key: Value::Undef, ..entry };
            let holes = self.len() + 1;
            self.entries.retain(|entry| !entry.key.is_undef());
            self.entries.splice(0..0, std::iter::repeat_n(hole, holes));
            self.first = holes as u32;
            self.index.clear();
            self.index.resize(((self.entries.len() + 1) * 2).next_power_of_two(), 0);
            self.used = self.live;
            for i in holes..self.entries.len() {
                self.place(self.entries[i].hash, i as u32 + 1);
            }
        }
        self.first -= 1;
        self.entries[self.first as usize] = entry;
        if !self.index.is_empty() {
            self.place(entry.hash, self.first + 1);
            self.used += 1;
        }
        self.live += 1;
        self.version = self.version.wrapping_add(1);
    }

    /// Removes everything.
    pub fn clear(&mut self) {
        let version = self.version.wrapping_add(1);
        *self = Table { version, ..Table::default() };
    }

    /// Drops removed entries and makes the index fit, if there has to be one.
    #[cold]
    #[inline(never)]
    fn rebuild(&mut self) {
        if self.len() < self.entries.len() {
            self.entries.retain(|entry| !entry.key.is_undef());
        }
        self.first = 0;
        if self.index.is_empty() && self.len() < FEW {
            return;
        }
        let size = ((self.len() + 1) * 2).next_power_of_two();
        self.index.clear();
        self.index.resize(size, 0);
        self.used = self.live;
        for i in 0..self.entries.len() {
            self.place(self.entries[i].hash, i as u32 + 1);
        }
    }

    fn place(&mut self, hash: u64, number: u32) {
        let mask = self.index.len() - 1;
        let mut at = hash as usize & mask;
        while self.index[at] != 0 {
            at = (at + 1) & mask;
        }
        self.index[at] = number;
    }

    fn bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry<V>>() + self.index.capacity() * 4
    }
}

impl<V: Copy> Clone for Table<V> {
    fn clone(&self) -> Table<V> {
        let mut copy = Table {
            entries: self.entries().copied().collect(),
            index: Vec::new(),
            live: self.live,
            first: 0,
            used: 0,
            version: 0,
        };
        if copy.len() > FEW {
            copy.rebuild();
        }
        copy
    }
}

/// A dict.
#[derive(Default)]
pub struct Dict {
    pub(crate) table: Table<Value>,
    /// The type, where it is not plain `dict`.
    pub(crate) kind: Option<Box<DictKind>>,
}

/// The type of a dict that is more than a dict: a `Counter`, a `defaultdict`.
pub struct DictKind {
    /// `Value::Type` of it in this isolate.
    pub class: Value,
    /// What it can do.
    pub host: &'static crate::heap::HostType,
    /// What makes values for keys that are not there; a function or None.
    pub default: Value,
}

impl Dict {
    /// Its table.
    #[inline]
    pub fn table(&self) -> &Table<Value> {
        &self.table
    }

    /// Its type, where it is not plain `dict`.
    pub fn kind(&self) -> Option<&DictKind> {
        self.kind.as_deref()
    }

    /// What an iterator over it compares to notice a change: how many keys there are, and where order counts which
    /// change was the last.
    #[inline]
    pub(crate) fn shape(&self) -> usize {
        match &self.kind {
            Some(kind) if kind.host.hooks.ordered => self.table.len() | (self.table.version() as usize) << 32,
            _ => self.table.len(),
        }
    }
}

/// A set.
#[derive(Default)]
pub struct Set {
    pub(crate) table: Table<()>,
}

impl Set {
    /// Its table.
    #[inline]
    pub fn table(&self) -> &Table<()> {
        &self.table
    }
}

/// A frozenset.
#[derive(Default)]
pub struct FrozenSet {
    pub(crate) table: Table<()>,
    /// Script-visible and table hash never change; the table hash is kept, 0 while unknown.
    pub(crate) hash: std::cell::Cell<u64>,
}

impl FrozenSet {
    /// Its table.
    #[inline]
    pub fn table(&self) -> &Table<()> {
        &self.table
    }
}

fn trace_table<V: Copy>(
    table: &Table<V>,
    index: usize,
    second: impl Fn(&V) -> Value,
    visit: &mut impl FnMut(Value) -> bool,
) -> usize {
    // Two children an entry: number 2i is the key, 2i + 1 the value.
    let mut at = index;
    while let Some(entry) = table.entries.get(at / 2) {
        let child = match at % 2 {
            0 => entry.key,
            // What a removed entry held is gone.
            _ if entry.key.is_undef() => Value::Undef,
            _ => second(&entry.value),
        };
        at += 1;
        if !visit(child) {
            return at;
        }
    }
    usize::MAX
}

impl Object for Dict {
    const BARE: bool = true;
    fn payload(&self) -> usize {
        self.table.bytes() + if self.kind.is_some() { size_of::<DictKind>() } else { 0 }
    }

    fn trace(&self, index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize {
        let Some(kind) = &self.kind else {
            return trace_table(&self.table, index, |&value| value, visit);
        };
        for (i, value) in [kind.class, kind.default].into_iter().enumerate().skip(index) {
            if !visit(value) {
                return i + 1;
            }
        }
        match trace_table(&self.table, index.saturating_sub(2), |&value| value, visit) {
            usize::MAX => usize::MAX,
            next => next + 2,
        }
    }
}

impl Object for Set {
    const BARE: bool = true;
    fn payload(&self) -> usize {
        self.table.bytes()
    }

    fn trace(&self, index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize {
        trace_table(&self.table, index, |()| Value::Undef, visit)
    }
}

impl Object for FrozenSet {
    fn payload(&self) -> usize {
        self.table.bytes()
    }

    fn trace(&self, index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize {
        trace_table(&self.table, index, |()| Value::Undef, visit)
    }
}

/// `dict.keys()`, `.values()` or `.items()`.
pub struct DictView {
    /// Which of the three.
    pub kind: super::ViewKind,
    /// The dict.
    pub dict: Value,
}

impl Default for DictView {
    fn default() -> DictView {
        DictView { kind: super::ViewKind::Keys, dict: Value::Undef }
    }
}

impl Object for DictView {
    const BARE: bool = true;
    fn payload(&self) -> usize {
        0
    }

    fn trace(&self, index: usize, visit: &mut impl FnMut(Value) -> bool) -> usize {
        super::trace_slice(&[self.dict], index, visit)
    }
}
