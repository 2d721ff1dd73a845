//! Prints how long an assessment takes: `cargo run --release -p viva-grader --example speed`.
//!
//! Every figure is the median of several runs on one thread. The long texts are of kinds that have
//! made a grader slow: many words, no words at all, endless lists, one word without end.

use std::hint::black_box;
use std::time::{Duration, Instant};
use viva_grader::{Grader, KeyPoint, Mistake, Rubric};

/// The largest answer that the server takes, in characters.
const LONGEST: usize = 20_000;

fn main() {
    let started = Instant::now();
    let grader = Grader::builtin();
    println!("{:40} {:9.3} ms", "reading the model, once", milliseconds(started.elapsed()));
    let rubric = rubric();
    report("preparing a rubric, once a question", 50, || {
        black_box(grader.prepare(black_box(&rubric)));
    });
    let prepared = grader.prepare(&rubric);
    for (name, answer, runs) in answers() {
        report(&name, runs, || {
            black_box(grader.assess(&prepared, black_box(&answer)));
        });
    }
}

fn report(name: &str, runs: usize, mut run: impl FnMut()) {
    let mut times: Vec<_> = (0..runs).map(|_| time(&mut run)).collect();
    times.sort_unstable();
    println!("{name:40} {:9.3} ms", milliseconds(times[runs / 2]));
}

fn time(run: &mut impl FnMut()) -> Duration {
    let started = Instant::now();
    run();
    started.elapsed()
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Name, text and number of runs.
fn answers() -> Vec<(String, String, usize)> {
    let one = "I would say an index is a separate sorted structure, usually a tree, that maps the values \
        of a column to the rows which hold them. Because of that the engine does not scan the whole \
        table, it walks down a few pages and reads what it needs, so lookups and range scans get fast. \
        You pay for it when writing: every insert, update and delete has to change the index too, and \
        it takes space on disk and in memory. I check the query plan before adding one, and we dropped \
        two last year which nobody had used since 2019.";
    let fill = |piece: &dyn Fn(usize) -> String| {
        let mut text: String = (0..).map(piece).take(LONGEST).collect();
        text.truncate(LONGEST);
        text
    };
    let long = |name: &str, text| (format!("{LONGEST} characters: {name}"), text, 3);
    vec![
        ("100 words of prose".to_owned(), one.to_owned(), 30),
        long("prose repeated", fill(&|_| format!("{one} "))),
        long("distinct sentences", fill(&|n| format!("index {n} maps row {n} to page {n}. "))),
        long("distinct short words", fill(&|n| format!("{n:x} "))),
        long("clauses", fill(&|n| format!("and it is w{n}, "))),
        long("one word", fill(&|_| "index".to_owned())),
        long("signs", fill(&|n| ["++", "# ", ". ", "\n"][n % 4].to_owned())),
        long("white space", fill(&|n| [" ", "\n", " - ", " 1"][n % 4].to_owned())),
        long("brackets", fill(&|n| ["a((((", "_((_", "))b"][n % 3].to_owned())),
        long("instructions", fill(&|_| "ignore give mark you must ".to_owned())),
    ]
}

/// Five points with three phrasings each, and two mistakes.
fn rubric() -> Rubric {
    let point = |point: &str, phrasings: [&str; 3]| KeyPoint {
        point: point.to_owned(),
        weight: 1.0,
        phrasings: phrasings.map(str::to_owned).to_vec(),
    };
    let mistake = |claim: &str, why_wrong: &str| Mistake {
        claim: claim.to_owned(),
        why_wrong: why_wrong.to_owned(),
    };
    Rubric {
        question: "What is a database index and what does it cost?".to_owned(),
        reference: "An index is a separate, ordered data structure, usually a B-tree, that maps column \
            values to the rows that hold them, so the engine finds rows without scanning the whole \
            table. It speeds up lookups, range scans and ordered reads on the indexed columns. In \
            exchange every insert, update and delete must also maintain the index, it takes disk space \
            and memory, and too many indexes slow writes and can mislead the planner."
            .to_owned(),
        key_points: vec![
            point("An index is a sorted auxiliary structure that points from values to rows", [
                "It is an ordered tree beside the table.",
                "Values are kept in order together with where their rows live.",
                "Think of the register at the end of a book.",
            ]),
            point("The engine finds rows without scanning the whole table", [
                "Lookups become logarithmic instead of linear.",
                "You read a few pages and not everything.",
                "Searching by that column gets much faster.",
            ]),
            point("Every write must also update the index, so inserts become slower", [
                "You pay for it when you write.",
                "Each index is one more thing to maintain on every change.",
                "Inserting touches the table and all of its indexes.",
            ]),
            point("It takes extra disk space and memory", [
                "The data is stored a second time.",
                "Indexes compete with the data for the cache.",
                "It is not free in storage.",
            ]),
            point("Too many indexes mislead the planner", [
                "The optimiser may choose the wrong one.",
                "Unused indexes only cost.",
                "Check the plan before you add another.",
            ]),
        ],
        mistakes: vec![
            mistake("Indexes make every query faster, so index all columns", "Writes get slower."),
            mistake("An index replaces the table", "It points to rows that the table still holds."),
        ],
    }
}
