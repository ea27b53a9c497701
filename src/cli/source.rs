//! Where a script comes from.
//!
//! In: a path, `-` or the text itself. Out: chunks as they arrive. Rule: reading blocks this thread and nothing reads
//! ahead of the program, so a slow statement holds the writer up and loses nothing.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use star::Loader;
use star::core::text::distance::suggestion;

use super::args::COMMANDS;
use super::interrupt::Wake;

/// Bytes asked for at a time.
const CHUNK: usize = 64 << 10;

/// What a command was told to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A file.
    Path(PathBuf),
    /// Standard input.
    Stdin,
    /// `-c CODE`.
    Text(String),
}

impl Origin {
    /// A positional argument.
    pub(super) fn from_argument(argument: std::ffi::OsString) -> Origin {
        if argument == "-" { Origin::Stdin } else { Origin::Path(argument.into()) }
    }

    /// The name in messages.
    pub(super) fn name(&self) -> String {
        match self {
            Origin::Path(path) => path.display().to_string(),
            Origin::Stdin => "<stdin>".into(),
            Origin::Text(_) => "<string>".into(),
        }
    }

    /// Finds the scripts that it requires: those below its folder, or below the current one.
    pub(super) fn loader(&self) -> Loader {
        let folder = match self {
            Origin::Path(path) => path.parent().unwrap_or(Path::new("")),
            _ => Path::new(""),
        };
        star::config::below(folder)
    }

    /// Opens it.
    pub(super) fn open(&self) -> Result<Source, String> {
        let stream = match self {
            Origin::Path(path) => Stream::File(open(path)?),
            Origin::Stdin => Stream::File(stdin().map_err(|error| cannot_read("standard input", &error))?),
            Origin::Text(text) => Stream::Text(text.clone().into_bytes()),
        };
        Ok(Source { stream, name: self.name(), chunk: Vec::new(), wake: None })
    }

    /// All of it, for commands that do not run it.
    pub(super) fn read_all(&self) -> Result<Vec<u8>, String> {
        let mut source = self.open()?;
        let mut bytes = Vec::new();
        loop {
            match source.next_chunk()? {
                Chunk::Bytes(chunk) => bytes.extend_from_slice(chunk),
                Chunk::Interrupted => {}
                Chunk::End => return Ok(bytes),
            }
        }
    }
}

/// A script that is being read.
pub(super) struct Source {
    stream: Stream,
    name: String,
    chunk: Vec<u8>,
    wake: Option<Wake>,
}

enum Stream {
    File(File),
    Text(Vec<u8>),
}

/// What a read gave.
pub(super) enum Chunk<'a> {
    /// Some bytes.
    Bytes(&'a [u8]),
    /// Nothing yet: a signal came first.
    Interrupted,
    /// The end.
    End,
}

impl Source {
    /// Lets `wake` end a wait.
    pub(super) fn with_wake(mut self, wake: Wake) -> Source {
        self.wake = Some(wake);
        self
    }

    /// Waits for the next bytes.
    pub(super) fn next_chunk(&mut self) -> Result<Chunk<'_>, String> {
        let file = match &mut self.stream {
            Stream::File(file) => file,
            Stream::Text(text) => {
                self.chunk = std::mem::take(text);
                return Ok(if self.chunk.is_empty() { Chunk::End } else { Chunk::Bytes(&self.chunk) });
            }
        };
        self.chunk.resize(CHUNK, 0);
        loop {
            if !wait_readable(file, self.wake.as_ref()) {
                return Ok(Chunk::Interrupted);
            }
            match file.read(&mut self.chunk) {
                Ok(0) => return Ok(Chunk::End),
                Ok(count) => return Ok(Chunk::Bytes(&self.chunk[..count])),
                Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(Chunk::Interrupted),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(cannot_read(&self.name, &error)),
            }
        }
    }
}

fn open(path: &Path) -> Result<File, String> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| cannot_read(&name, &error))?;
    let is_directory = file.metadata().is_ok_and(|metadata| metadata.is_dir());
    if is_directory { Err(format!("cannot read '{name}': it is a directory")) } else { Ok(file) }
}

fn cannot_read(name: &str, error: &io::Error) -> String {
    let reason = match error.kind() {
        // Whoever mistypes a command has named a script.
        ErrorKind::NotFound => match suggestion(name, COMMANDS.into_iter()) {
            Some(command) => format!("no such file; did you mean the command {command}?"),
            None => "no such file".into(),
        },
        ErrorKind::PermissionDenied => "permission denied".into(),
        _ => error.to_string(),
    };
    format!("cannot read '{name}': {reason}")
}

/// Standard input without std's buffer, which would read past what we ask for.
fn stdin() -> io::Result<File> {
    #[cfg(unix)]
    let file = File::from(std::os::fd::AsFd::as_fd(&io::stdin()).try_clone_to_owned()?);
    #[cfg(windows)]
    let file = File::from(std::os::windows::io::AsHandle::as_handle(&io::stdin()).try_clone_to_owned()?);
    Ok(file)
}

/// Blocks until there is something to read; `false` if Ctrl-C came first. A plain `read` would be restarted by the
/// system after our signal handler, and Ctrl-C at a silent pipe would do nothing.
#[cfg(unix)]
fn wait_readable(file: &File, wake: Option<&Wake>) -> bool {
    use rustix::event::{PollFd, PollFlags, poll};
    let mut fds = [PollFd::new(file, PollFlags::IN), PollFd::new(file, PollFlags::empty())];
    if let Some(wake) = wake {
        fds[1] = PollFd::new(wake.end(), PollFlags::IN);
    }
    let polled = poll(&mut fds, None);
    polled != Err(rustix::io::Errno::INTR) && (wake.is_none() || fds[1].revents().is_empty())
}

#[cfg(not(unix))]
fn wait_readable(_: &File, _: Option<&Wake>) -> bool {
    true
}
