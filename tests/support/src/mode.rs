//! The ways in which a program can arrive and be run.
//!
//! In: source. Out: chunks of it, and the options of a session. Rule: a mode changes when things happen, never what.

use std::sync::Arc;

use star_core::heap::Grants;
use star_core::meter::Limits;
use star_core::session::Options;

use crate::Random;

/// Where a source is cut into chunks.
#[derive(Clone, Debug, PartialEq)]
pub enum Cuts {
    /// One chunk, and the end of input with it.
    Whole,
    /// One byte each.
    Bytes,
    /// Chunks of random sizes, some of them empty, that follow from the seed.
    Random(u64),
    /// Before these offsets.
    At(Vec<usize>),
}

impl Cuts {
    /// The chunks of `source`.
    pub fn chunks<'a>(&self, source: &'a [u8]) -> Vec<&'a [u8]> {
        match self {
            Cuts::Whole => vec![source],
            Cuts::Bytes => source.chunks(1).collect(),
            Cuts::Random(seed) => random_chunks(source, &mut Random::new(*seed)),
            Cuts::At(offsets) => {
                let mut offsets: Vec<usize> = offsets.iter().map(|&at| at.min(source.len())).collect();
                offsets.sort_unstable();
                let starts = std::iter::once(0).chain(offsets.iter().copied());
                let ends = offsets.iter().copied().chain([source.len()]);
                starts.zip(ends).map(|(start, end)| &source[start..end]).collect()
            }
        }
    }
}

fn random_chunks<'a>(source: &'a [u8], random: &mut Random) -> Vec<&'a [u8]> {
    let largest = [2, 4, 16, 100, 1000][random.below(5)];
    let mut rest = source;
    let mut chunks = Vec::new();
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(random.below(largest + 1).min(rest.len()));
        chunks.push(chunk);
        rest = after;
    }
    chunks
}

/// How a program arrives and is run.
#[derive(Clone, Debug)]
pub struct Mode {
    /// How its source is cut.
    pub cuts: Cuts,
    /// How the session behaves.
    pub options: Options,
    /// Whether the end of input is announced.
    pub finish: bool,
    /// What it may use of what the test links.
    pub grants: Grants,
}

impl Mode {
    /// At once, with the end of input, as a file does.
    pub fn whole() -> Mode {
        Mode { cuts: Cuts::Whole, options: options(), finish: true, grants: Grants::default() }
    }

    /// As [`Self::whole`], but cut otherwise.
    pub fn cut(cuts: Cuts) -> Mode {
        Mode { cuts, ..Mode::whole() }
    }

    /// Slices of so many steps.
    pub fn sliced(mut self, slice: u64) -> Mode {
        self.options.slice = slice;
        self
    }

    /// Collects garbage at every safe point.
    pub fn collecting(mut self) -> Mode {
        self.options.collect_always = true;
        self
    }

    /// Runs open top-level blocks as they arrive.
    pub fn eager(mut self) -> Mode {
        self.options.eager = true;
        self
    }

    /// With these limits.
    pub fn limited(mut self, limits: Limits) -> Mode {
        self.options.limits = limits;
        self
    }

    /// With these modules and capabilities.
    pub fn granted(mut self, grants: Grants) -> Mode {
        self.grants = grants;
        self
    }

    /// The end of input never comes.
    pub fn unfinished(mut self) -> Mode {
        self.finish = false;
        self
    }
}

/// What tests run with: the default limits, but no clock, so that outcomes do not depend on the machine.
pub fn options() -> Options {
    Options {
        name: Arc::from("<case>"),
        limits: Limits { time: None, ..Limits::default() },
        call_main: true,
        hash_keys: Some((7, 11)),
        ..Options::default()
    }
}
