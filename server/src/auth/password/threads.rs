//! Threads for hashing alone, no more than may hash at once. Allocators keep memory for the thread that
//! has freed it: on the runtime's threads for blocking work, of which there are hundreds, two passwords
//! at once came to hold the memory of ten.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
};

use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// The threads, which end when the last of these is dropped.
#[derive(Clone)]
pub(super) struct Threads(mpsc::Sender<Job>);

impl Threads {
    pub(super) fn start(count: u32) -> io::Result<Self> {
        let (sender, jobs) = mpsc::channel();
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..count {
            let jobs = Arc::clone(&jobs);
            thread::Builder::new().name("hashing".to_owned()).spawn(move || work(&jobs))?;
        }
        Ok(Self(sender))
    }

    /// Does the work on one of the threads, also when nobody waits for it any more; none when it
    /// panicked.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (done, outcome) = oneshot::channel();
        let job: Job = Box::new(move || {
            // An error means that the caller has gone away.
            let _ = done.send(work());
        });
        self.0.send(job).ok()?;
        outcome.await.ok()
    }
}

fn work(jobs: &Mutex<mpsc::Receiver<Job>>) {
    loop {
        // One thread waits for a job and the others for their turn to wait.
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // A panic fails its own job; whoever waits for that finds nothing.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use futures::future::join_all;

    use super::*;

    #[tokio::test]
    async fn everything_is_done_by_so_many_threads_and_a_panic_ends_none_of_them() {
        let threads = Threads::start(2).unwrap();
        for _ in 0..5 {
            assert_eq!(threads.run(|| panic!("a panic for a test")).await, None::<()>);
        }
        let jobs = (0..50).map(|number| threads.run(move || (number, thread::current().id())));
        let done: Vec<_> = join_all(jobs).await.into_iter().map(Option::unwrap).collect();
        assert!(done.iter().map(|(number, _)| *number).eq(0..50));
        let used: HashSet<_> = done.iter().map(|(_, thread)| *thread).collect();
        assert!(used.len() <= 2 && !used.contains(&thread::current().id()), "{used:?}");
    }
}
