//! Ctrl-C.
//!
//! In: SIGINT. Out: a cancelled session, whose `finally` and `with` exits run, and a [`Wake`] for whoever waits for
//! source. Rule: the second one ends the process at once, whatever the script does.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::task::{Context, Poll};

use signal_hook::consts::SIGINT;

/// Becomes readable at Ctrl-C. The flag alone would be missed when the signal comes just before a wait begins.
pub(super) struct Wake {
    #[cfg(unix)]
    end: std::os::unix::net::UnixStream,
}

impl Wake {
    /// What to poll.
    #[cfg(unix)]
    pub(super) fn end(&self) -> &std::os::unix::net::UnixStream {
        &self.end
    }
}

/// Lets Ctrl-C set `flag`.
pub(super) fn on_ctrl_c(flag: Arc<AtomicBool>) -> io::Result<Wake> {
    let once = Arc::new(AtomicBool::new(false));
    // Handlers run in the order of registration: the first Ctrl-C arms the second.
    signal_hook::flag::register_conditional_shutdown(SIGINT, super::INTERRUPTED.into(), once.clone())?;
    signal_hook::flag::register(SIGINT, once)?;
    signal_hook::flag::register(SIGINT, flag)?;
    wake_on_ctrl_c()
}

#[cfg(unix)]
fn wake_on_ctrl_c() -> io::Result<Wake> {
    let (end, signalled) = std::os::unix::net::UnixStream::pair()?;
    signal_hook::low_level::pipe::register(SIGINT, signalled)?;
    Ok(Wake { end })
}

#[cfg(not(unix))]
fn wake_on_ctrl_c() -> io::Result<Wake> {
    Ok(Wake {})
}

/// Ctrl-C, for whoever waits in a future.
pub(super) struct Interrupts {
    #[cfg(unix)]
    signals: Option<tokio::signal::unix::Signal>,
}

impl Interrupts {
    /// From now on.
    pub(super) fn new() -> Interrupts {
        Interrupts {
            #[cfg(unix)]
            signals: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt()).ok(),
        }
    }

    /// Ready at the next one.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        #[cfg(unix)]
        if let Some(signals) = &mut self.signals {
            return signals.poll_recv(cx).map(|_| ());
        }
        let _ = cx;
        Poll::Pending
    }
}
