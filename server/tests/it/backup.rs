//! A copy of the database made while the server writes, and a server on the copy.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Output,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{sync::Notify, task::JoinSet};
use viva_proto::v1::{self, EvaluationStatus};

use crate::support::{
    Person,
    database::{PENDING, file, number},
    program::{Program, command},
};

/// How many answers each client has acknowledged before the copy begins.
const BEFORE: usize = 20;

async fn back_up(home: &Path, into: &Path) -> Output {
    let mut command = command(home, &["backup", into.to_str().unwrap()]);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

/// Submits until the server ends; counts the acknowledged answers in total, too.
async fn submit_on(
    ada: Person,
    interview: v1::Interview,
    who: usize,
    all: Arc<AtomicUsize>,
    enough: Arc<Notify>,
) -> Vec<(i64, String)> {
    let mut acknowledged = Vec::new();
    for turn in 0.. {
        let text = format!("Client {who}, turn {turn}: measure first.");
        let Ok(id) = ada.submit(&interview, turn % 10, &text).await else { break };
        acknowledged.push((id, text));
        all.fetch_add(1, Ordering::SeqCst);
        if acknowledged.len() == BEFORE {
            enough.notify_one();
        }
    }
    acknowledged
}

#[tokio::test]
async fn a_backup_restores_every_acknowledged_answer_and_pending_ones_complete() {
    let home = tempfile::tempdir().unwrap();
    // Without a worker everything is pending, except one answer that an earlier worker has leased.
    let server =
        Program::start(home.path(), &["serve", "--no-worker", "--listen", "127.0.0.1:0"], &[]);
    let ada = Person::register(server.channel().await, "ada").await;
    let (all, enough) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let mut interviews = Vec::new();
    let mut load = JoinSet::new();
    for who in 0..3 {
        let interview = ada.create("Backend engineer", 10).await;
        interviews.push(interview.id);
        load.spawn(submit_on(ada.clone(), interview, who, all.clone(), enough.clone()));
    }
    for _ in 0..3 {
        enough.notified().await;
    }
    let leased = "UPDATE evaluations SET attempts = 1, fence = 1, \
                  lease_until = (unixepoch() + 2) * 1000000 WHERE id = 1";
    crate::support::database::run(&file(home.path()), leased).await;
    // A copy during which no client wrote proves nothing, so another one is made.
    let mut number_of_copy = 0;
    let (copy, before, after) = loop {
        number_of_copy += 1;
        assert!(number_of_copy < 50, "no client writes while a copy is made");
        let copy = home.path().join(format!("copy{number_of_copy}.db"));
        let before = all.load(Ordering::SeqCst);
        let done = back_up(home.path(), &copy).await;
        let after = all.load(Ordering::SeqCst);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        if after > before {
            break (copy, before, after);
        }
    };
    drop(server);
    let mut acknowledged: Vec<_> = load.join_all().await.into_iter().flatten().collect();

    let mode = fs::metadata(&copy).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "only its owner can read a copy");
    let kept = number(&copy, "SELECT count(*) FROM answers").await;
    let kept = usize::try_from(kept).unwrap();
    assert!((before..=after + 3).contains(&kept), "{before} {kept} {after}");
    assert_eq!(number(&copy, PENDING).await, i64::try_from(kept).unwrap());

    // Stop, replace, start: here in a new folder, with the old folder's key.
    let restored = tempfile::tempdir().unwrap();
    let database = file(restored.path());
    fs::create_dir_all(database.parent().unwrap()).unwrap();
    fs::copy(&copy, &database).unwrap();
    let key = Path::new(".local/share/viva/secret_key");
    fs::copy(home.path().join(key), restored.path().join(key)).unwrap();
    let server = Program::serve(restored.path(), &[]);
    let ada = Person { channel: server.channel().await, session: ada.session };
    for interview in interviews {
        ada.settled(interview).await;
    }
    acknowledged.sort();
    for (id, text) in &acknowledged[..before] {
        let answer = ada.status(*id).await.unwrap();
        assert_eq!(answer.answer_text, *text);
    }
    let completed = async { while number(&database, PENDING).await > 0 {} };
    tokio::time::timeout(Duration::from_mins(2), completed).await.unwrap();
    let first = ada.status(acknowledged[0].0).await.unwrap().evaluation.unwrap();
    assert_eq!(
        first.status(),
        EvaluationStatus::Completed,
        "the earlier worker's lease has expired"
    );
}

#[tokio::test]
async fn a_backup_overwrites_nothing_and_leaves_nothing_half_done() {
    let home = tempfile::tempdir().unwrap();
    let said = |done: &Output| String::from_utf8(done.stderr.clone()).unwrap();
    let copy = home.path().join("copy.db");
    let done = back_up(home.path(), &copy).await;
    assert_eq!(done.status.code(), Some(1));
    assert!(said(&done).contains("there is no database at"), "{}", said(&done));

    drop(Program::serve(home.path(), &[]));
    fs::write(&copy, "Dear diary").unwrap();
    let done = back_up(home.path(), &copy).await;
    assert_eq!(done.status.code(), Some(1));
    assert!(said(&done).contains("already exists"), "{}", said(&done));
    assert_eq!(fs::read_to_string(&copy).unwrap(), "Dear diary");

    let done = back_up(home.path(), &home.path().join("no/such/folder/copy.db")).await;
    assert_eq!(done.status.code(), Some(1));
    assert!(said(&done).contains("cannot write the backup"), "{}", said(&done));
    let left: Vec<_> = fs::read_dir(home.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("partial"))
        .collect();
    assert_eq!(left, [""; 0]);
}
