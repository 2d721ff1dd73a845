//! Named points at which a debug build can be made to end at once, as by a power cut, or to panic
//! once, so that experiments can choose the moment (F02 and F23 of docs/reliability.md). A release
//! build has none.

#[cfg(debug_assertions)]
use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

/// What is armed.
#[cfg(debug_assertions)]
static ARMED: OnceLock<Armed> = OnceLock::new();

#[cfg(debug_assertions)]
struct Armed {
    point: String,
    /// Whether the point is a panic that is still to come; otherwise it ends the process.
    panics: Option<AtomicBool>,
}

/// Ends the process when it reaches that point; `panic at POINT` makes the first to reach it panic
/// instead. Only a program's `main` calls this, once.
#[cfg(debug_assertions)]
pub fn arm(setting: &str) {
    let panicking = setting.strip_prefix("panic at ");
    let point = panicking.unwrap_or(setting).to_owned();
    let panics = panicking.map(|_| AtomicBool::new(true));
    // A second point could only come from a second call, which nobody makes.
    let _ = ARMED.set(Armed { point, panics });
}

/// Says that the work has reached that point.
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
