//! Named points at which a debug build can be made to end at once, as by a power cut, so that
//! experiments can choose the moment (F02 of docs/reliability.md). A release build has none.

#[cfg(debug_assertions)]
use std::sync::OnceLock;

/// The point that ends the process.
#[cfg(debug_assertions)]
static ARMED: OnceLock<String> = OnceLock::new();

/// Ends the process when it reaches that point. Only a program's `main` calls this, once.
#[cfg(debug_assertions)]
pub fn arm(point: String) {
    // A second point could only come from a second call, which nobody makes.
    let _ = ARMED.set(point);
}

/// Says that the work has reached that point.
pub(crate) fn reach(point: &str) {
    #[cfg(debug_assertions)]
    if ARMED.get().is_some_and(|armed| armed == point) {
        std::process::abort();
    }
    #[cfg(not(debug_assertions))]
    let _ = point;
}
