//! Runs the fuzz targets for as long as it is told, without a fuzzer: on changed cases and on random bytes.
//!
//!     soak SECONDS [SEED] [FOLDER]
//!
//! What panics, or takes longer than ten seconds, is written to FOLDER (`target/soak`), named by its target and seed, and
//! counted. The exit status says whether there was anything. `soak --replay FILE` runs one of them again.

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs, process};

use star_testing::Random;
use star_testing::case::{cases, folders};
use star_testing::fuzz::{TARGETS, mutate};

const SLOW: Duration = Duration::from_secs(10);

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [flag, file] = &arguments[..]
        && flag == "--replay"
    {
        return replay(Path::new(file));
    }
    let number =
        |at: usize, default: u64| arguments.get(at).map_or(default, |n| n.parse().expect("a number"));
    let end = Instant::now() + Duration::from_secs(number(0, 60));
    let folder = PathBuf::from(arguments.get(2).map_or("target/soak", |folder| folder));
    let seeds: Vec<Vec<u8>> =
        folders("cases").iter().flat_map(|folder| cases("cases", folder)).map(|case| case.source).collect();
    let (mut seed, mut runs, mut findings) = (number(1, 0), 0u64, 0u64);
    while Instant::now() < end {
        for (name, target) in TARGETS {
            let mut random = Random::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ name.len() as u64);
            let data = match *name {
                "programs" => (0..4000).map(|_| random.bits() as u8).collect(),
                _ => mutate(&mut random, &seeds),
            };
            let begin = Instant::now();
            let failed = catch_unwind(|| target(&data)).is_err();
            if failed || begin.elapsed() > SLOW {
                findings += 1;
                fs::create_dir_all(&folder).expect("can be made");
                let path = folder.join(format!("{name}-{seed}"));
                fs::write(&path, &data).expect("can be written");
                println!("{} after {:?}", path.display(), begin.elapsed());
            }
            runs += 1;
        }
        seed += 1;
    }
    println!("{runs} runs, {findings} findings, next seed {seed}");
    process::exit((findings > 0).into());
}

fn replay(file: &Path) {
    let name = file.file_name().expect("a file").to_string_lossy().into_owned();
    let target = TARGETS.iter().find(|(target, _)| name.starts_with(target)).expect("named by its target").1;
    target(&fs::read(file).expect("readable"));
    println!("nothing found");
}
