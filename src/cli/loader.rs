//! Scripts beside the program, for `require("./lib.star")`.
//!
//! In: the program's folder. Out: a [`Loader`] that reads below it. Rule: nothing outside the folder is read, whatever
//! links lie in it.

use std::path::Path;
use std::sync::OnceLock;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use star::Loader;

/// A loader of the scripts below the folder of `program`, which is opened when a script first asks.
pub fn beside(program: Option<&Path>) -> Loader {
    let folder = program.and_then(Path::parent).unwrap_or(Path::new("")).to_path_buf();
    let folder = if folder.as_os_str().is_empty() { ".".into() } else { folder };
    let opened = OnceLock::new();
    Loader::sync(move |path| {
        let dir: &Result<Dir, String> = opened.get_or_init(|| {
            Dir::open_ambient_dir(&folder, ambient_authority())
                .map_err(|error| format!("cannot open {}: {error}", folder.display()))
        });
        Ok(dir.as_ref().map_err(|problem| problem.clone())?.read_to_string(path)?)
    })
}
