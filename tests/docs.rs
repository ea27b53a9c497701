//! Every code block of README.md and docs/ does what it says.
//!
//! | fence | meaning |
//! |---|---|
//! | `star` | a script; must run, and print what a following `output` block shows, on both outputs |
//! | `star fails` | a script that ends with an error, shown in the `output` block |
//! | `output` | belongs to the block before |
//! | `console` | `$ command` lines, each with its output below it, as a shell with `star` in its path shows them |
//! | `stream` | lines of source left of `│`, and right of it what appears when each has arrived |
//! | `json` | lines of JSON |
//! | `rust` | a doctest, run by `cargo test --doc` |
//! | `text`, `sh`, `toml` | not run |

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use star::render::{self, Style};
use star::{Control, Event, Options, Session};

struct Block {
    file: String,
    line: usize,
    fence: String,
    text: String,
}

impl Block {
    fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

#[test]
fn code_blocks() {
    let mut problems = Vec::new();
    let mut checked = 0;
    for file in files() {
        let blocks = blocks(&file);
        for (i, block) in blocks.iter().enumerate() {
            let output = blocks.get(i + 1).filter(|next| next.fence == "output");
            let result = match block.fence.as_str() {
                "star" => script(block, output, false),
                "star fails" => script(block, output, true),
                "console" => console(block),
                "stream" => stream(block),
                "json" => json(block),
                "output" if i > 0 && blocks[i - 1].fence.starts_with("star") => continue,
                "rust" | "rust,no_run" | "text" | "sh" | "toml" => continue,
                other => Err(format!("no meaning for a block of {other:?}")),
            };
            checked += 1;
            problems.extend(result.err().map(|problem| format!("{}: {problem}", block.place())));
        }
    }
    assert!(problems.is_empty(), "{} of {checked} blocks\n\n{}", problems.len(), problems.join("\n\n"));
    assert!(checked > 0);
}

#[test]
fn example_scripts() {
    let folder = root().join("examples/scripts");
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("examples list") {
        let script = entry.expect("an entry reads").path();
        if script.extension().is_none_or(|extension| extension != "star") {
            continue;
        }
        let done = Command::new(star()).arg(&script).stdin(Stdio::null()).output().expect("star starts");
        let expected = fs::read_to_string(script.with_extension("out")).expect("its output is beside it");
        let found = String::from_utf8_lossy(&done.stdout);
        assert_eq!(found, expected, "{}", script.display());
        assert!(done.status.success(), "{}: {}", script.display(), String::from_utf8_lossy(&done.stderr));
        count += 1;
    }
    assert!(count >= 3);
}

#[test]
fn links_lead_somewhere() {
    for file in files() {
        let text = fs::read_to_string(&file).expect("a document reads");
        for (at, _) in text.match_indices("](") {
            let target = &text[at + 2..];
            let target = &target[..target.find(')').unwrap_or(0)];
            let path = target.split('#').next().unwrap_or_default();
            if path.is_empty() || path.contains("://") {
                continue;
            }
            let full = file.parent().expect("a document lies in a folder").join(path);
            assert!(full.exists(), "{}: no {target}", file.display());
        }
    }
}

fn script(block: &Block, output: Option<&Block>, fails: bool) -> Result<(), String> {
    let options = Options { name: "<stdin>".into(), call_main: true, ..Options::default() };
    let mut session = Session::new(options);
    session.feed(block.text.as_bytes());
    session.finish();
    let mut found = String::new();
    let mut failed = false;
    session.run(&mut |event| {
        match event {
            Event::Output(bytes) => found.push_str(&String::from_utf8_lossy(bytes)),
            Event::Error(report) => {
                failed = true;
                found.push_str(&render::report(report, Style::Plain));
            }
            _ => {}
        }
        Control::Continue
    });
    if failed != fails {
        return Err(format!("it should {}\n{found}", if fails { "fail" } else { "run" }));
    }
    match output {
        Some(output) => same(&output.text, &found),
        None if fails => Err("a script that fails shows how".into()),
        None => Ok(()),
    }
}

/// Commands of a shell, with `star` in its path, in the root of the repository.
fn console(block: &Block) -> Result<(), String> {
    let mut lines = block.text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(command) = line.strip_prefix("$ ") else {
            return Err(format!("a command starts with '$ ': {line}"));
        };
        let mut command = command.to_string();
        // Lines that start with '> ' go on with the command, as a shell shows them.
        while let Some(more) = lines.next_if(|line| line.starts_with("> ")) {
            command.push('\n');
            command.push_str(&more[2..]);
        }
        let mut expected = String::new();
        while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
            expected.push_str(line);
            expected.push('\n');
        }
        same(&expected, &shell(&command)).map_err(|problem| format!("$ {command}\n{problem}"))?;
    }
    Ok(())
}

fn shell(command: &str) -> String {
    let folder = star().parent().expect("star lies in a folder").to_path_buf();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default());
    let done = Command::new("bash")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .env("PATH", path)
        .current_dir(root())
        .stdin(Stdio::null())
        .output()
        .expect("bash starts");
    String::from_utf8_lossy(&done.stdout).into_owned()
}

/// Below a line of `─`, feeds the lines left of `│`; after each, what is right of it has appeared.
fn stream(block: &Block) -> Result<(), String> {
    let mut session = Session::new(Options::default());
    let mut wrong = Vec::new();
    // Above the line is the heading.
    for line in block.text.lines().skip_while(|line| !line.starts_with('─')).skip(1) {
        let Some((source, expected)) = line.split_once('│') else { continue };
        session.feed(format!("{}\n", source.trim_end()).as_bytes());
        let mut found = String::new();
        session.run(&mut |event| {
            match event {
                Event::Output(bytes) => found.push_str(&String::from_utf8_lossy(bytes)),
                Event::Error(report) => found.push_str(&render::report(report, Style::Plain)),
                _ => {}
            }
            Control::Continue
        });
        let found = found.lines().collect::<Vec<_>>().join(" ⏎ ");
        if found.trim() != expected.trim() {
            wrong.push(format!(
                "after {:?}: expected {:?}, found {found:?}",
                source.trim_end(),
                expected.trim()
            ));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

fn json(block: &Block) -> Result<(), String> {
    for line in block.text.lines() {
        serde_json::from_str::<serde_json::Value>(line).map_err(|error| format!("{error}: {line}"))?;
    }
    Ok(())
}

fn same(expected: &str, found: &str) -> Result<(), String> {
    let trim =
        |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_string();
    if trim(expected) == trim(found) {
        return Ok(());
    }
    Err(format!("expected\n{}\nfound\n{}", indented(expected), indented(found)))
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

fn blocks(file: &Path) -> Vec<Block> {
    let text = fs::read_to_string(file).expect("a document reads");
    let name = file.strip_prefix(root()).expect("a document lies in the repository").display().to_string();
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (i, line) in text.lines().enumerate() {
        match (&mut open, line.trim_start().strip_prefix("```")) {
            (None, Some(fence)) => {
                open = Some(Block {
                    file: name.clone(),
                    line: i + 1,
                    fence: fence.trim().into(),
                    text: String::new(),
                });
            }
            (Some(_), Some("")) => blocks.extend(open.take()),
            (Some(block), _) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{name}: a block without end");
    blocks
}

fn files() -> Vec<PathBuf> {
    let mut files = vec![root().join("README.md")];
    for entry in fs::read_dir(root().join("docs")).expect("docs list") {
        let path = entry.expect("an entry reads").path();
        if path.extension().is_some_and(|extension| extension == "md") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn star() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_star"))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
