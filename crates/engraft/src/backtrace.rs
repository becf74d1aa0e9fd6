//! Backtraces in which the frames of every open plugin have names and lines, whenever it was opened.
//!
//! std lists the loaded objects at the process's first backtrace and never again: from then on, frames of plugins
//! that are opened later print as `<unknown>`, in [`std::backtrace`] and in what a panic tells. The list can't be
//! renewed from outside, and the `backtrace` crate keeps such a list too. This module, behind the feature `backtrace`,
//! asks the system's loader about each frame instead:
//!
//! ```no_run
//! // In the host, once: panics of everybody, also on plugins' threads, are told with whole backtraces.
//! engraft::backtrace::set_panic_hook();
//! // Anywhere, also in a plugin:
//! eprintln!("{}", engraft::backtrace::capture());
//! ```
//!
//! # Limits
//!
//! - Lines need debug information (`debug = "line-tables-only"` in the profile). In a program that was stripped, what is
//!   exported still has its name: all of a host, little of a plugin.
//! - What `cargo engraft build --strip` has put into `filter.so.debug` is looked for beside `filter.so` and in `.debug/` there. A plugin that
//!   was opened from a private copy is in no directory, so its own debug information is all that it has.
//! - Debug information is read from the file that was opened. When another build has been renamed over it, frames of the
//!   older generation have no lines, because the newer file's would be wrong.
//! - Nothing is kept from one backtrace to the next, so each reads the debug information anew. That is nothing for a
//!   loop: some milliseconds for a small program, some tens for a large one.
//! - Backtraces that others take from std, such as `anyhow`'s, stay as std makes them.

use frame::{Call, calls};
use std::ffi::OsStr;
use std::fmt;
use std::io::Write;
use std::panic::PanicHookInfo;

mod debug_file;
mod frame;

/// The calls that led to a place, innermost first. Made by [`capture`].
///
/// `{}` shows what a program's own functions and its plugins' did; `{:#}` shows every frame, with its address.
pub struct Backtrace(Vec<Call>);

/// Captures the current thread's backtrace, with names and lines of every plugin that is open.
#[must_use]
#[inline(never)]
pub fn capture() -> Backtrace {
    Backtrace(calls(&crate::sys::calls()))
}

/// Has panics told as std tells them, but with backtraces by [`capture`].
///
/// Whether there are backtraces is for the environment variable `RUST_BACKTRACE` to say, as always: without it, or with
/// `0`, the hook that was set before is called.
pub fn set_panic_hook() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| match std::env::var_os("RUST_BACKTRACE") {
        Some(style) if style != "0" => tell(panic, &style),
        _ => before(panic),
    }));
}

fn tell(panic: &PanicHookInfo<'_>, style: &OsStr) {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("<unnamed>");
    let backtrace = capture();
    let text = if style == "full" { format!("{backtrace:#}") } else { backtrace.to_string() };
    // In one piece, so that threads which panic together are told apart. Who can't be told goes without.
    let _ = std::io::stderr().write_all(format!("\nthread '{name}' {panic}\nstack backtrace:\n{text}").as_bytes());
}

/// Without what is this module's, the panic machinery's and the runtime's: std marks where those end and begin.
fn own(calls: &[Call]) -> &[Call] {
    let is_machinery = |call: &Call| {
        call.name.starts_with("engraft::backtrace::")
            || call.name.starts_with("engraft::sys::")
            || call.name.contains("__rust_end_short_backtrace")
    };
    let start = calls.iter().rposition(is_machinery).map_or(0, |last| last + 1);
    let end = calls[start..].iter().position(|call| call.name.contains("__rust_begin_short_backtrace"));
    &calls[start..end.map_or(calls.len(), |end| start + end)]
}

impl fmt::Display for Backtrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let calls = if f.alternate() { &self.0[..] } else { own(&self.0) };
        let first = calls.first().map_or(0, |call| call.frame);
        for call in calls {
            write!(f, "{:>4}: ", call.frame - first)?;
            if f.alternate() {
                write!(f, "{:#018x} - ", call.address)?;
            }
            writeln!(f, "{}", call.name)?;
            if let Some(place) = &call.place {
                writeln!(f, "             at {place}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Backtrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
