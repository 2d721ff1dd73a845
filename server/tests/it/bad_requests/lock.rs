//! Blocks a SQLite database as another process would: with a lock on every reader's slot of its
//! shared-memory file. POSIX locks do not work against the process that holds them, so the test
//! program starts itself a second time to hold it.

use std::{
    env,
    fs::OpenOptions,
    io::{BufRead, BufReader, Lines, Read},
    os::fd::AsFd,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use nix::{
    fcntl::{FcntlArg, fcntl},
    libc,
};

/// The environment variable that names the file to lock, for the process that holds the lock.
const FILE: &str = "VIVA_TEST_LOCK_FILE";

/// SQLite's lock bytes in the shared-memory file: writing, checkpointing, recovering and five
/// slots of readers, from byte 120 on (walformat, section 2.2.3).
const LOCKS: (i64, i64) = (120, 8);

/// A lock that is held until it is dropped.
pub(super) struct Lock {
    holder: Child,
    // Kept open: what the holder prints at its end must have somewhere to go.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The holder ends and releases the lock when its standard input is closed.
        drop(self.holder.stdin.take());
        self.holder.wait().unwrap();
    }
}

/// Blocks the database.
pub(super) fn hold(database: &Path) -> Lock {
    let mut holder = Command::new(env::current_exe().unwrap())
        .args(["--exact", "bad_requests::lock::holds_a_lock_when_asked", "--nocapture"])
        .env(FILE, format!("{}-shm", database.display()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(holder.stdout.take().unwrap()).lines();
    let held = output.any(|line| line.unwrap().contains("the lock is held"));
    assert!(held, "the holder ended without a lock");
    Lock { holder, _output: output }
}

#[test]
fn holds_a_lock_when_asked() {
    let Ok(file) = env::var(FILE) else { return };
    let file = OpenOptions::new().read(true).write(true).open(file).unwrap();
    let lock = libc::flock {
        l_type: libc::c_short::try_from(libc::F_WRLCK).unwrap(),
        l_whence: libc::c_short::try_from(libc::SEEK_SET).unwrap(),
        l_start: LOCKS.0,
        l_len: LOCKS.1,
        l_pid: 0,
    };
    fcntl(file.as_fd(), FcntlArg::F_SETLKW(&lock)).unwrap();
    println!("the lock is held");
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}
