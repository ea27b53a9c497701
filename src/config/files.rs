//! Scripts in a folder, for `require("./lib.star")`.
//!
//! In: a folder. Out: a [`Loader`] that reads below it. Rule: nothing outside the folder is read, whatever links lie in
//! it.

use std::path::PathBuf;
use std::sync::OnceLock;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use crate::Loader;

/// A loader of the scripts below a folder (the current one, if the path is empty), which is opened when a script first
/// asks.
pub fn below(folder: impl Into<PathBuf>) -> Loader {
    let folder = folder.into();
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
