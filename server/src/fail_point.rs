//! Named points at which a debug build can be made to abort, as in a power cut, or to panic once,
//! so that experiments can choose the moment (F02 and F23 of docs/reliability.md). A release build
//! has none.

#[cfg(debug_assertions)]
use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

/// The armed point.
#[cfg(debug_assertions)]
static ARMED: OnceLock<Armed> = OnceLock::new();

#[cfg(debug_assertions)]
struct Armed {
    point: String,
    /// Whether the panic is still to come; `None`: the point aborts the process.
    panics: Option<AtomicBool>,
}

/// Makes the process abort when it reaches a point; `panic at POINT` makes the first thread that
/// reaches it panic instead. Only a program's `main` calls this, once.
#[cfg(debug_assertions)]
pub fn arm(setting: &str) {
    let panicking = setting.strip_prefix("panic at ");
    let point = panicking.unwrap_or(setting).to_owned();
    let panics = panicking.map(|_| AtomicBool::new(true));
    // This only fails at a second call, which is never made.
    let _ = ARMED.set(Armed { point, panics });
}

/// Marks a point: if it is armed, the process aborts or panics here.
pub(crate) fn reach(point: &str) {
    #[cfg(debug_assertions)]
    if let Some(armed) = ARMED.get().filter(|armed| armed.point == point) {
        match &armed.panics {
            None => std::process::abort(),
            Some(panics) => assert!(!panics.swap(false, Ordering::Relaxed), "an armed panic"),
        }
    }
    #[cfg(not(debug_assertions))]
    let _ = point;
}
