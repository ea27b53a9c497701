//! Standard output.
//!
//! In: bytes. Out: writes. Rules: nothing is written before [`Output::flush`] unless the buffer is full; a reader that
//! is slow blocks us, however its end of the pipe is set up; one that is gone is an ordinary end.

use std::fs::File;
use std::io::{self, ErrorKind, Write};

/// Bytes gathered before they are written without being asked for.
const FULL: usize = 64 << 10;

/// A buffered standard output.
pub(super) struct Output {
    file: File,
    buffer: Vec<u8>,
    error: Option<io::Error>,
}

impl Output {
    /// The standard output of the process, without std's line buffering: every statement's output is flushed as one.
    pub(super) fn stdout() -> io::Result<Output> {
        #[cfg(unix)]
        let file = File::from(std::os::fd::AsFd::as_fd(&io::stdout()).try_clone_to_owned()?);
        #[cfg(windows)]
        let file = File::from(std::os::windows::io::AsHandle::as_handle(&io::stdout()).try_clone_to_owned()?);
        Ok(Output { file, buffer: Vec::new(), error: None })
    }

    /// Adds bytes. `false` once writing has failed.
    pub(super) fn push(&mut self, bytes: &[u8]) -> bool {
        if self.error.is_none() {
            self.buffer.extend_from_slice(bytes);
            if self.buffer.len() >= FULL {
                self.write();
            }
        }
        self.error.is_none()
    }

    /// Writes what has been added.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        if !self.buffer.is_empty() && self.error.is_none() {
            self.write();
        }
        match self.error.take() {
            None => Ok(()),
            Some(error) => {
                let again = io::Error::new(error.kind(), error.to_string());
                self.error = Some(error);
                Err(again)
            }
        }
    }

    fn write(&mut self) {
        let mut rest = &self.buffer[..];
        while !rest.is_empty() {
            match self.file.write(rest) {
                Ok(written) => rest = &rest[written..],
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => wait_writable(&self.file),
                Err(error) => {
                    self.error = Some(error);
                    break;
                }
            }
        }
        self.buffer.clear();
        self.buffer.shrink_to(FULL);
    }
}

/// Another program may have made our end of the pipe non-blocking.
#[cfg(unix)]
fn wait_writable(file: &File) {
    use rustix::event::{PollFd, PollFlags, poll};
    let _ = poll(&mut [PollFd::new(file, PollFlags::OUT)], None);
}

#[cfg(not(unix))]
fn wait_writable(_: &File) {
    std::thread::yield_now();
}

/// The exit code after writing to standard output has failed, with a message unless its reader is just gone.
pub(super) fn failure_code(error: &io::Error) -> u8 {
    if error.kind() == ErrorKind::BrokenPipe {
        return super::SUCCESS;
    }
    eprintln!("star: cannot write to standard output: {error}");
    super::SCRIPT_ERROR
}
