//! A few threads for work that keeps a processor busy. The async runtime's threads for blocking work
//! are hundreds, and an allocator keeps freed memory for the thread that freed it: on them, two
//! passwords at once came to hold the memory of ten.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
};

use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// How the system shares a processor between these threads and the others of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// Like any other thread.
    Normal,
    /// Other threads go first; these get what is left, and a little. On Linux only.
    Low,
}

/// The nice value of threads with low priority. At 10, one that competes with a normal thread gets a
/// tenth of the processor.
#[cfg(target_os = "linux")]
const LOW: i32 = 10;

/// The threads, which end when the last clone of this is dropped.
#[derive(Debug, Clone)]
pub struct Threads(mpsc::Sender<Job>);

impl Threads {
    /// Starts that many threads, which take jobs in the order of their calls.
    pub fn start(name: &str, count: usize, priority: Priority) -> io::Result<Self> {
        let (sender, jobs) = mpsc::channel();
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..count {
            let jobs = Arc::clone(&jobs);
            thread::Builder::new().name(name.to_owned()).spawn(move || {
                if priority == Priority::Low {
                    lower_priority();
                }
                work(&jobs);
            })?;
        }
        Ok(Self(sender))
    }

    /// Does the work on one of the threads; `None` if it panicked. Work that has begun is finished even
    /// if the caller stops waiting for it; work that has not is left out.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (done, outcome) = oneshot::channel();
        let job: Job = Box::new(move || {
            if !done.is_closed() {
                // An error means that the caller has stopped waiting.
                let _ = done.send(work());
            }
        });
        self.0.send(job).ok()?;
        outcome.await.ok()
    }
}

/// Lowers the priority of this thread. If the system refuses, the work is done all the same.
fn lower_priority() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), LOW);
}

fn work(jobs: &Mutex<mpsc::Receiver<Job>>) {
    loop {
        // One thread waits for a job; the others wait for the lock.
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // A panic only fails its own job, whose caller gets `None`.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use futures::future::join_all;

    use super::*;

    #[tokio::test]
    async fn a_fixed_number_of_threads_does_all_work_and_survives_panics() {
        let threads = Threads::start("test", 2, Priority::Low).unwrap();
        for _ in 0..5 {
            assert_eq!(threads.run(|| panic!("a panic for a test")).await, None::<()>);
        }
        let jobs = (0..50).map(|number| threads.run(move || (number, thread::current().id())));
        let done: Vec<_> = join_all(jobs).await.into_iter().map(Option::unwrap).collect();
        assert!(done.iter().map(|(number, _)| *number).eq(0..50));
        let used: HashSet<_> = done.iter().map(|(_, thread)| *thread).collect();
        assert!(used.len() <= 2 && !used.contains(&thread::current().id()), "{used:?}");
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_is_not_begun() {
        let threads = Threads::start("test", 1, Priority::Normal).unwrap();
        let (release, held) = mpsc::channel::<()>();
        let mut first = Box::pin(threads.run(move || held.recv()));
        assert!(futures::poll!(&mut first).is_pending());
        let (begun, beginning) = mpsc::channel::<()>();
        let mut second = Box::pin(threads.run(move || begun.send(())));
        assert!(futures::poll!(&mut second).is_pending());
        drop(second);
        release.send(()).unwrap();
        first.await.unwrap().unwrap();
        threads.run(|| ()).await.unwrap();
        assert!(beginning.recv().is_err(), "it has been dropped unused");
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn low_priority_is_that_of_the_threads_and_not_of_the_process() {
        let own = || {
            let this = Some(rustix::thread::gettid());
            rustix::process::getpriority_process(this).unwrap()
        };
        let usual = own();
        let low = Threads::start("test", 1, Priority::Low).unwrap();
        assert_eq!(low.run(own).await, Some(LOW.max(usual)));
        let normal = Threads::start("test", 1, Priority::Normal).unwrap();
        assert_eq!(normal.run(own).await, Some(usual));
        assert_eq!(own(), usual);
    }
}
