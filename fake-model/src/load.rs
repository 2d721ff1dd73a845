//! How many requests are being served, and the highest number at once so far.

use std::sync::Arc;

use tokio::sync::watch;

/// The counter.
#[derive(Debug, Clone)]
pub(crate) struct Load(Arc<watch::Sender<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    busy: usize,
    most: usize,
}

/// Counts as one request being served until it is dropped.
#[derive(Debug)]
pub(crate) struct Serving(Load);

impl Load {
    pub(crate) fn none() -> Self {
        Self(Arc::new(watch::Sender::new(Counts::default())))
    }

    pub(crate) fn begin(&self) -> Serving {
        self.0.send_modify(|counts| {
            counts.busy += 1;
            counts.most = counts.most.max(counts.busy);
        });
        Serving(self.clone())
    }

    pub(crate) fn busy(&self) -> usize {
        self.0.borrow().busy
    }

    pub(crate) fn most(&self) -> usize {
        self.0.borrow().most
    }

    pub(crate) async fn wait_until_idle(&self) {
        // An error would mean that the sender is gone, which `self` holds.
        let _ = self.0.subscribe().wait_for(|counts| counts.busy == 0).await;
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.0.send_modify(|counts| counts.busy -= 1);
    }
}
