//! Sorting by keys that a script's function compares: those of `functools.cmp_to_key`.
//!
//! In: items with their keys. Out: a request for each comparison, then the list in order. Rule: the comparisons are those
//! of the plain sort, in its order; between two of them all that is known lies in a [`Sorter`].

use super::merge::{Entry, least_run};
use super::{end, give_back};
use crate::ast::CompareOp;
use crate::heap::{Ctx, Heap, HostType, NativeResult, Raise, Resumed};
use crate::object::{HostData, List};
use crate::ops::iterate::{self, Kept, Machine, Progress};
use crate::ops::{compare, hooks};
use crate::value::{Ref, Value};

/// Whether some of the items, which are keys, are compared by a script's function.
pub(super) fn is_asked(heap: &Heap, keys: Ref<List>) -> bool {
    let keys = heap[keys].items();
    matches!(keys, [Value::Host(_), ..]) && keys.iter().any(|&key| hooks::compares_by_call(heap, key))
}

/// Sorts a list by its items, or by a list of keys, then returns `result`.
pub(super) fn sort(
    ctx: &mut Ctx<'_>,
    list: Ref<List>,
    keys: Value,
    reverse: bool,
    result: Value,
) -> NativeResult {
    let items = ctx.heap.list_edit(list, std::mem::take);
    let Value::List(items) = ctx.heap.list(items) else { return Ok(result.into()) };
    sort_into(ctx, list, items, keys, reverse, result)
}

/// Sorts `items`, puts them into the empty `list`, then returns `result`.
pub(super) fn sort_into(
    ctx: &mut Ctx<'_>,
    list: Ref<List>,
    items: Ref<List>,
    keys: Value,
    reverse: bool,
    result: Value,
) -> NativeResult {
    let root = ctx.heap.scratch.len();
    ctx.heap.scratch.extend([Value::List(list), Value::List(items), keys, result]);
    let ready = super::prepare(ctx, ctx.heap[items].items().len());
    ctx.heap.scratch.truncate(root);
    ready?;
    let values = ctx.heap[items].items();
    let by = match keys {
        Value::List(keys) => ctx.heap[keys].items(),
        _ => values,
    };
    let mut entries: Vec<Entry> = by.iter().zip(values).map(|(&key, &value)| Entry { key, value }).collect();
    if reverse {
        entries.reverse();
    }
    let sorter = ctx.heap.host_object(&SORTER, Sorter::new(entries));
    iterate::start::<Sort>(
        ctx,
        &[sorter, Value::List(list), Value::List(items), result],
        [reverse as i64, 0, 0, 0],
    )
}

static SORTER: HostType = HostType::named("sorter", "", "A sort that waits for a comparison.");

/// Keeps: the sorter, the list, which is empty meanwhile, its items as they were, the result; `words[0]`: whether to
/// reverse.
struct Sort;

impl Machine for Sort {
    fn run(ctx: &mut Ctx<'_>, kept: &mut Kept, resumed: Option<Resumed>) -> Result<Progress, Raise> {
        let (Value::Host(sorter), Value::List(list), Value::List(items)) =
            (kept.get(ctx, 0), kept.get(ctx, 1), kept.get(ctx, 2))
        else {
            return Ok(Progress::Done(Value::None.into()));
        };
        let asked = advance(ctx, kept.get(ctx, 0), resumed);
        if let Ok(Some(progress)) = asked {
            return Ok(progress);
        }
        // It has ended, one way or the other: the items go back as they lie.
        let reverse = kept.words[0] != 0;
        let mut values: Vec<Value> = match ctx.heap[sorter].borrow_mut::<Sorter>() {
            Some(mut sorter) => {
                sorter.give_up();
                sorter.entries.iter().map(|entry| entry.value).collect()
            }
            None => Vec::new(),
        };
        if reverse {
            values.reverse();
        }
        ctx.heap.list_edit(items, |items| *items = values);
        if let Err(raise) = asked {
            give_back(ctx, list, items);
            return Err(raise);
        }
        end(ctx, list, items)?;
        Ok(Progress::Done(kept.get(ctx, 3).into()))
    }
}

/// Goes on with what a comparison came to. `None` at the end.
fn advance(ctx: &mut Ctx<'_>, sorter: Value, resumed: Option<Resumed>) -> Result<Option<Progress>, Raise> {
    let Value::Host(at) = sorter else { return Ok(None) };
    let mut less = match resumed {
        None => None,
        Some(resumed) => {
            let result = iterate::result(ctx, resumed)?;
            Some(compare::order(ctx, CompareOp::Lt, result, Value::Int(0))?)
        }
    };
    loop {
        let wanted = match ctx.heap[at].borrow_mut::<Sorter>() {
            Some(mut sorter) => sorter.step(less.take()),
            None => None,
        };
        let Some((a, b)) = wanted else { return Ok(None) };
        if hooks::compares_by_call(ctx.heap, a) || hooks::compares_by_call(ctx.heap, b) {
            let (function, args) = compare::comparison(ctx, a, b)?;
            return Ok(Some(Progress::Call(function, args)));
        }
        less = Some(compare::order(ctx, CompareOp::Lt, a, b)?);
    }
}

/// A sort between two comparisons: see `merge`, whose steps these are.
struct Sorter {
    entries: Vec<Entry>,
    /// Where the run at hand begins, and how far it is known to be one.
    from: usize,
    found: usize,
    /// Equal entries at the end of a descending run.
    equal: usize,
    /// Ends of the runs found so far, and of those that have been merged in this round.
    ends: Vec<usize>,
    merged: Vec<usize>,
    /// The left of two runs that are being merged.
    left: Vec<Entry>,
    phase: Phase,
}

/// What the next answer decides.
#[derive(Clone, Copy)]
enum Phase {
    /// A new run begins.
    Start,
    /// Whether the first entries ascend, `found` of them so far.
    Ascending,
    /// Whether the first is less than the last of those that do.
    AllEqual,
    /// Whether the next entry is less than the one before it, in a run that descends.
    Descending,
    /// Whether the one before it is less than the next entry.
    Rising,
    /// Whether the run, turned around, goes on ascending.
    GoesOn,
    /// Whether entry `at` goes before the middle of `low..high`.
    Insert {
        at: usize,
        low: usize,
        high: usize,
    },
    /// Whether the next entry of the right run at `right` goes before the one at `taken` of the left; `to` is where it
    /// goes, `end` where the right run ends.
    Merge {
        taken: usize,
        right: usize,
        to: usize,
        end: usize,
    },
    Done,
}

impl HostData for Sorter {
    fn trace(&self, index: usize, visit: &mut dyn FnMut(Value) -> bool) -> usize {
        let all = self.entries.iter().chain(&self.left).flat_map(|entry| [entry.key, entry.value]);
        for (i, value) in all.enumerate().skip(index) {
            if !visit(value) {
                return i + 1;
            }
        }
        usize::MAX
    }

    fn bytes(&self) -> usize {
        size_of::<Sorter>() + (self.entries.capacity() + self.left.capacity()) * size_of::<Entry>()
    }
}

impl Sorter {
    fn new(entries: Vec<Entry>) -> Sorter {
        let (ends, merged, left) = (Vec::new(), Vec::new(), Vec::new());
        Sorter { entries, from: 0, found: 0, equal: 0, ends, merged, left, phase: Phase::Start }
    }

    /// Entries from the start of the run at hand.
    fn run(&mut self) -> &mut [Entry] {
        &mut self.entries[self.from..]
    }

    /// Takes the answer to the last question, and goes on to the next: whether the first key is less than the second.
    fn step(&mut self, less: Option<bool>) -> Option<(Value, Value)> {
        let mut answer = less;
        loop {
            let less = answer.take();
            self.phase = match (self.phase, less) {
                (Phase::Start, _) => self.start(),
                (Phase::Ascending, Some(false)) => {
                    self.found += 1;
                    Phase::Ascending
                }
                (Phase::Ascending, Some(true)) if self.found > 1 => Phase::AllEqual,
                (Phase::Ascending, Some(true)) => self.descend(),
                (Phase::AllEqual, Some(true)) => self.fill_up(),
                (Phase::AllEqual, Some(false)) => {
                    let found = self.found;
                    self.run()[..found].reverse();
                    self.descend()
                }
                (Phase::Descending, Some(true)) => {
                    self.turn_equal();
                    self.found += 1;
                    Phase::Descending
                }
                (Phase::Descending, Some(false)) => Phase::Rising,
                (Phase::Rising, Some(true)) => self.turn_around(),
                (Phase::Rising, Some(false)) => {
                    self.equal += 1;
                    self.found += 1;
                    Phase::Descending
                }
                (Phase::GoesOn, Some(false)) => {
                    self.found += 1;
                    Phase::GoesOn
                }
                (Phase::GoesOn, Some(true)) => self.fill_up(),
                (Phase::Insert { at, low, high }, Some(less)) => {
                    let middle = (low + high) / 2;
                    let (low, high) = if less { (low, middle) } else { (middle + 1, high) };
                    Phase::Insert { at, low, high }
                }
                (Phase::Merge { taken, right, to, end }, Some(true)) => {
                    self.entries[to] = self.entries[right];
                    Phase::Merge { taken, right: right + 1, to: to + 1, end }
                }
                (Phase::Merge { taken, right, to, end }, Some(false)) => {
                    self.entries[to] = self.left[taken];
                    Phase::Merge { taken: taken + 1, right, to: to + 1, end }
                }
                (phase, None) => phase,
                (Phase::Done, _) => Phase::Done,
            };
            match self.question() {
                Question::Less(a, b) => return Some((a, b)),
                Question::Settled => {}
                Question::Over => return None,
            }
        }
    }

    /// What the phase asks, after going on where it has nothing to ask.
    fn question(&mut self) -> Question {
        let (from, found, count) = (self.from, self.found, self.entries.len());
        let key = |at: usize| self.entries[from + at].key;
        let rest = count - from;
        match self.phase {
            Phase::Start => Question::Settled,
            Phase::Ascending | Phase::Descending | Phase::GoesOn if found < rest => {
                Question::Less(key(found), key(found - 1))
            }
            Phase::Rising => Question::Less(key(found - 1), key(found)),
            Phase::AllEqual => Question::Less(key(0), key(found - 1)),
            Phase::Ascending | Phase::GoesOn => {
                self.phase = self.fill_up();
                self.question()
            }
            Phase::Descending => {
                self.phase = self.turn_around();
                self.question()
            }
            Phase::Insert { at, low, high } if low < high => {
                Question::Less(self.entries[at].key, self.entries[(low + high) / 2].key)
            }
            Phase::Insert { at, low, .. } => {
                self.entries[low..=at].rotate_right(1);
                self.phase = self.insert(at + 1);
                Question::Settled
            }
            Phase::Merge { taken, right, end, .. } if taken < self.left.len() && right < end => {
                Question::Less(self.entries[right].key, self.left[taken].key)
            }
            Phase::Merge { taken, to, end, .. } => {
                let rest = self.left.len() - taken;
                self.entries[to..to + rest].copy_from_slice(&self.left[taken..]);
                self.merged.push(end);
                self.phase = self.merge_next();
                Question::Settled
            }
            Phase::Done => Question::Over,
        }
    }

    /// Puts the entries that lie apart back among the others.
    fn give_up(&mut self) {
        if let Phase::Merge { taken, right, to, .. } = self.phase {
            self.entries[to..right].copy_from_slice(&self.left[taken..]);
        }
    }

    /// Begins the next run, or the merging of all.
    fn start(&mut self) -> Phase {
        (self.found, self.equal) = (1, 0);
        match self.entries.len() - self.from {
            0 => self.merge_next(),
            1 => self.fill_up(),
            _ => Phase::Ascending,
        }
    }

    /// The run turns out to descend.
    fn descend(&mut self) -> Phase {
        self.found += 1;
        Phase::Descending
    }

    /// Equal entries at the end of a descending run get their order back when it is turned around.
    fn turn_equal(&mut self) {
        let (found, equal) = (self.found, self.equal);
        if equal > 0 {
            self.run()[found - equal - 1..found].reverse();
            self.equal = 0;
        }
    }

    fn turn_around(&mut self) -> Phase {
        self.turn_equal();
        let found = self.found;
        self.run()[..found].reverse();
        Phase::GoesOn
    }

    /// The run is `found` long; entries are inserted until it is long enough.
    fn fill_up(&mut self) -> Phase {
        self.insert(self.from + self.found)
    }

    /// Inserts entry `at` into the run, if it is to be longer.
    fn insert(&mut self, at: usize) -> Phase {
        let least = least_run(self.entries.len()).min(self.entries.len() - self.from);
        if at < self.from + self.found.max(least) {
            return Phase::Insert { at, low: self.from, high: at };
        }
        self.from += self.found.max(least);
        self.ends.push(self.from);
        Phase::Start
    }

    /// Merges the next two runs of this round; a round follows another until one run is left.
    fn merge_next(&mut self) -> Phase {
        loop {
            let done = self.merged.len();
            let start = self.merged.last().copied().unwrap_or(0);
            match self.ends[(done * 2).min(self.ends.len())..] {
                [] if self.merged.len() <= 1 => return Phase::Done,
                [] => self.ends = std::mem::take(&mut self.merged),
                [end] => self.merged.push(end),
                [middle, end, ..] => {
                    self.left.clear();
                    self.left.extend_from_slice(&self.entries[start..middle]);
                    return Phase::Merge { taken: 0, right: middle, to: start, end };
                }
            }
        }
    }
}

/// What a sort wants to know.
enum Question {
    /// Whether the first key is less than the second.
    Less(Value, Value),
    /// Nothing: it goes on.
    Settled,
    /// Nothing any more.
    Over,
}
