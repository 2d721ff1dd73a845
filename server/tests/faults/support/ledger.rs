//! The ledger: everything the server has acknowledged, written down and synced before anything else
//! happens, so that no fault makes the experiment itself forget.

use std::{fs::File, io::Write, path::Path, sync::Mutex};

use sha2::{Digest, Sha256};
use tokio::sync::watch;

/// An acknowledged submit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) answer_id: i64,
    pub(crate) text_hash: String,
    pub(crate) key: String,
}

/// The submits that were acknowledged.
pub(crate) struct Ledger {
    entries: Mutex<(File, Vec<Entry>)>,
    length: watch::Sender<usize>,
}

impl Ledger {
    /// Creates an empty ledger in this folder.
    pub(crate) fn new(folder: &Path) -> Self {
        let file = File::create(folder.join("ledger.txt")).unwrap();
        Self { entries: Mutex::new((file, Vec::new())), length: watch::Sender::new(0) }
    }

    /// Writes down that the answer was acknowledged.
    pub(crate) fn acknowledge(&self, answer_id: i64, text: &str, key: &str) {
        let entry = Entry { answer_id, text_hash: hash(text), key: key.to_owned() };
        let mut entries = self.entries.lock().unwrap();
        writeln!(entries.0, "{} {} {}", entry.answer_id, entry.text_hash, entry.key).unwrap();
        entries.0.sync_data().unwrap();
        entries.1.push(entry);
        self.length.send_replace(entries.1.len());
    }

    /// Waits until at least `count` answers are acknowledged.
    pub(crate) async fn has(&self, count: usize) {
        let mut length = self.length.subscribe();
        // An error would mean that the sender is gone, which `self` owns.
        let _ = length.wait_for(|length| *length >= count).await;
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.entries.lock().unwrap().1.clone()
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.lock().unwrap().1.len()
    }
}

/// A text's SHA-256 in hexadecimal.
pub(crate) fn hash(text: &str) -> String {
    use std::fmt::Write as _;
    let mut hex = String::new();
    for byte in Sha256::digest(text.as_bytes()) {
        write!(hex, "{byte:02x}").unwrap();
    }
    hex
}
