//! Many isolates on few threads: what an idle one takes, and how late a timer is beside one that never rests.
//!
//! `cargo bench --bench isolates` prints both. The memory is the growth of the process's resident set.

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use star::{Engine, Isolate, Limits, star_module};

/// What the isolates call.
#[star_module("bench")]
mod bench {
    use super::{Duration, Instant};

    /// Milliseconds between the moment a timer of 1 ms should have fired and the moment it did.
    #[star_fn]
    async fn tick() -> f64 {
        let start = Instant::now();
        tokio::time::sleep(Duration::from_millis(1)).await;
        start.elapsed().as_secs_f64() * 1e3 - 1.0
    }
}

const ISOLATES: usize = 10_000;
const TICKS: usize = 2_000;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        idle().await;
        beside_a_loop().await;
    });
}

/// Bytes of the process that are in memory.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").trim().parse::<usize>().unwrap_or(0) * 1024
}

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count)
}

async fn idle() {
    let engine = Engine::builder().workers(NonZeroUsize::MIN).build().expect("an engine");
    let first = engine.isolate().global("x", 1).expect("a name").start().await.expect("an isolate");
    let (before, start) = (resident(), Instant::now());
    let mut isolates: Vec<Isolate> = Vec::with_capacity(ISOLATES);
    for i in 0..ISOLATES {
        let isolate = engine.isolate().global("x", i).expect("a name");
        isolates.push(isolate.start().await.expect("an isolate"));
    }
    let each = resident().saturating_sub(before) / ISOLATES;
    let micros = start.elapsed().as_secs_f64() * 1e6 / ISOLATES as f64;
    println!("{ISOLATES} idle isolates: {each} bytes each, {micros:.1} us to start, {} threads", threads());
    drop((first, isolates));
}

async fn beside_a_loop() {
    let limits = Limits { steps: u64::MAX, time: None, ..Limits::default() };
    let engine = Engine::builder().workers(NonZeroUsize::MIN).module(bench::module()).limits(limits);
    let engine = engine.build().expect("an engine");
    let busy = engine.isolate().start().await.expect("an isolate");
    let timed = engine.isolate().grant("bench").start().await.expect("an isolate");
    busy.run("def forever():\n    n = 0\n    while True: n += 1\n").await.expect("it runs");
    let source = format!(
        "from bench import tick\ndef late():\n    found = [tick() for _ in range({TICKS})]\n    return sorted(found)\n"
    );
    timed.run(source).await.expect("it runs");
    let forever = busy.call::<_, ()>("forever", ());
    let late = timed.call::<_, Vec<f64>>("late", ());
    let late = tokio::select! {
        _ = forever => panic!("the loop ended"),
        late = late => late.expect("it runs"),
    };
    let at = |share: f64| late[(late.len() as f64 * share) as usize - 1];
    println!("a 1 ms timer beside a loop: {:.2} ms late at p50, {:.2} ms at p99", at(0.5), at(0.99));
}
