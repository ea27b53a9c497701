//! The examples of hosts print what stands beside them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where cargo puts the examples that it builds with the tests.
fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a test has a path");
    let profile = test.parent().and_then(Path::parent).expect("target/PROFILE/deps/test");
    profile.join("examples").join(name)
}

#[test]
fn hosts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).expect("examples list") {
        let source = entry.expect("an entry reads").path();
        if source.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let name = source.file_stem().and_then(|stem| stem.to_str()).expect("a name");
        let done = Command::new(example(name)).current_dir(&folder).stdin(Stdio::null()).output();
        let done = done.unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        let errors = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{name}: {errors}");
        let expected =
            std::fs::read_to_string(source.with_extension("out")).expect("its output is beside it");
        assert_eq!(String::from_utf8_lossy(&done.stdout), expected, "{name}");
        count += 1;
    }
    assert!(count >= 2, "only {count} examples");
}
