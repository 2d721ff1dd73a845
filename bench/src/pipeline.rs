//! Submits answers and waits until all are evaluated.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, sleep},
};
use tonic::Code;

use crate::{
    Result,
    figures::{Call, Measured, Meter},
    operation::Operation,
    people::People,
    process::Watched,
};

/// The interval between checks for the last evaluations. It adds at most this much to the time.
const PAUSE: Duration = Duration::from_millis(20);

/// How long to wait for evaluations before giving up.
const LONGEST: Duration = Duration::from_mins(5);

/// Submits this many answers as fast as the server takes them, and waits until all are evaluated.
/// The table's rate is that of the evaluations; its times are those of the submits.
pub(crate) async fn measure(people: &People, watched: Watched, count: usize) -> Result<Measured> {
    let (meter, began) = (Meter::start(watched), Instant::now());
    let places = Arc::new(Semaphore::new(people.connections()));
    let mut submits = JoinSet::new();
    for number in 0..count {
        let place = Arc::clone(&places).acquire_owned().await?;
        let people = people.clone();
        submits.spawn(async move {
            let began = Instant::now();
            let answer = people.submit(number).await;
            drop(place);
            answer.map(|answer| (answer, began.elapsed()))
        });
    }
    let (mut waiting, mut calls) = (Vec::new(), Vec::new());
    while let Some(submitted) = submits.join_next().await {
        let (answer, took) = submitted??;
        waiting.push(answer);
        calls.push(Call { operation: Operation::Submit, took, code: Code::Ok });
    }
    while let Some(answer) = waiting.last() {
        if people.is_evaluated(*answer).await? {
            waiting.pop();
        } else if began.elapsed() > LONGEST {
            return Err(format!("{} answers are not evaluated yet", waiting.len()).into());
        } else {
            sleep(PAUSE).await;
        }
    }
    Ok(meter.stop(calls, began.elapsed()))
}
