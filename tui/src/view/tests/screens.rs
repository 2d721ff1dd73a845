//! One snapshot for each thing a user can see.

use insta::assert_snapshot;
use viva_proto::v1::{Level, PreviewInterviewResponse};

use crate::{
    drafts::{Draft, DraftId, Kept, Ownership, Saved, Stage},
    external_editor::Edited,
    model::{ThemeName, link::Account},
    msg::{Event, Reply, WatchNews},
    problem::{Problem, ProblemKind, Violation},
    testing::{Script, data},
};

fn unreachable() -> Problem {
    Problem::new(ProblemKind::Unreachable, "Unable to reach server. Please try again later.")
}

fn draft(question: i64, stage: Stage) -> Draft {
    Draft {
        id: DraftId { interview: 7, question },
        key: "key".into(),
        stage,
        text: data::ANSWER.into(),
        elapsed_ms: 252_000,
        saved_at_ms: data::now().as_millisecond(),
    }
}

fn dashboard() -> Script {
    let mut script = Script::at_dashboard(data::history());
    script.reply(Reply::Card(Ok(data::begun())));
    script.reply(Reply::Progress(Ok(data::development())));
    script
}

fn writing() -> Script {
    let mut script = Script::in_interview(data::begun());
    script.model.open.as_mut().unwrap().elapsed.insert(72, 251_000);
    script.paste(data::ANSWER).wait(1_000);
    let id = DraftId { interview: 7, question: 72 };
    let at_ms = script.model.now.as_millisecond();
    script.reply(Reply::DraftSaved(id, Ok(Saved { at_ms, others: Vec::new() })));
    script
}

#[test]
fn dashboard_before_the_server_is_ready() {
    assert_snapshot!(Script::new().screen(80, 24));
}

#[test]
fn dashboard_without_interviews() {
    let mut script = Script::at_dashboard(Vec::new());
    script.reply(Reply::Templates(Ok(data::starts())));
    let screens =
        [(80, 24), (60, 16), (120, 40)].map(|(columns, rows)| script.screen(columns, rows));
    assert_snapshot!(screens.join("\n"));
}

#[test]
fn dashboard_with_interviews() {
    assert_snapshot!(dashboard().screen(80, 24));
}

#[test]
fn dashboard_with_a_draft() {
    let mut script = dashboard();
    script.reply(Reply::Drafts(Ok(vec![Kept {
        draft: draft(72, Stage::Writing),
        name: "7-72.json".into(),
        ownership: Ownership::Beside,
    }])));
    assert_snapshot!(script.press("j").screen(80, 24));
}

#[test]
fn dashboard_on_a_small_screen() {
    assert_snapshot!(dashboard().screen(60, 16));
}

#[test]
fn dashboard_on_a_wide_screen() {
    let mut script = dashboard();
    let screens = [(120, 40), (200, 60)].map(|(columns, rows)| script.screen(columns, rows));
    assert_snapshot!(screens.join("\n"));
}

#[test]
fn dashboard_in_ascii() {
    let mut script = dashboard();
    script.model.look.ascii = true;
    assert_snapshot!(script.screen(80, 24));
}

#[test]
fn dashboard_filtered() {
    assert_snapshot!(dashboard().press("/").types("engineer mid").screen(80, 24));
}

#[test]
fn dashboard_that_asks_before_it_deletes() {
    assert_snapshot!(dashboard().press("x").wait(400).screen(80, 24));
}

#[test]
fn dashboard_with_a_deletion_to_undo() {
    assert_snapshot!(dashboard().press("x").wait(400).press("x").wait(2_500).screen(80, 24));
}

#[test]
fn dashboard_that_could_not_be_loaded() {
    let mut script = Script::on(Some("viva.example.org"));
    script.reply(Reply::Connected(Ok(Account::Named("ana".into()))));
    script.reply(Reply::Interviews { first: true, page: Err(unreachable()) });
    assert_snapshot!(script.screen(80, 24));
}

#[test]
fn dashboard_when_ctrl_c_was_pressed() {
    assert_snapshot!(dashboard().press("ctrl-c").screen(80, 24));
}

#[test]
fn a_server_that_cannot_start() {
    let mut script = Script::new();
    let why = "The database /home/ana/.local/share/viva/viva.db cannot be opened: permission \
               denied. Check who owns the file.";
    script.reply(Reply::Connected(Err(Problem::new(ProblemKind::Local, why))));
    assert_snapshot!(script.screen(80, 24));
}

#[test]
fn new_interview_empty() {
    let mut script = Script::at_dashboard(Vec::new());
    script.press("n").reply(Reply::Templates(Ok(data::templates())));
    assert_snapshot!(script.screen(80, 24));
}

#[test]
fn new_interview_with_a_suggestion_chosen() {
    let mut script = Script::at_dashboard(Vec::new());
    script.press("n").reply(Reply::Templates(Ok(data::templates())));
    assert_snapshot!(script.types("backend").press("down").screen(80, 24));
}

#[test]
fn new_interview_with_suggestions_on_a_small_screen() {
    let mut script = Script::at_dashboard(Vec::new());
    script.press("n").reply(Reply::Templates(Ok(data::templates())));
    assert_snapshot!(script.types("engineer").screen(60, 16));
}

#[test]
fn new_interview_with_a_ready_made_one() {
    let mut script = Script::at_dashboard(Vec::new());
    script.press("n").reply(Reply::Templates(Ok(vec![data::screen()])));
    let chosen = script.types("phone").press("down").screen(80, 24);
    let taken = script.press("enter").screen(80, 24);
    assert_snapshot!(format!("{chosen}\n{taken}"));
}

#[test]
fn new_interview_choosing_topics() {
    let mut script = Script::at_dashboard(Vec::new());
    script.press("n").reply(Reply::Templates(Ok(data::templates())));
    script.types("Rust backend engineer").press("tab").press("right").press("tab").press("left");
    script.press("tab").press("tab").press("right").press("space");
    assert_snapshot!(script.screen(80, 24));
}

#[test]
fn new_interview_finding_a_topic_on_other_screens() {
    let mut script = Script::at_dashboard(Vec::new());
    script.press("n").reply(Reply::Templates(Ok(data::templates())));
    script.types("Data engineer").press("tab").press("tab").press("tab").press("tab").types("s");
    let screens = [(60, 16), (120, 40)].map(|(columns, rows)| script.screen(columns, rows));
    assert_snapshot!(screens.join("\n"));
}

#[test]
fn new_interview_with_a_job_advert_and_faults() {
    let mut script = Script::at_dashboard(Vec::new());
    script.press("n").types("x").press("backtab").paste("We look for\nsomeone.");
    script.press("ctrl-d");
    let violation =
        |field: &str, message: &str| Violation { field: field.into(), message: message.into() };
    let mut problem = Problem::new(ProblemKind::Validation, "Invalid request");
    problem.violations = vec![
        violation("role", "must be 1 to 100 characters"),
        violation("job_description", "must be at most 20,000 characters"),
    ];
    script.reply(Reply::Created(Err(problem)));
    assert_snapshot!(script.screen(80, 24));
}

#[test]
fn new_interview_with_a_preview() {
    let mut script = Script::at_dashboard(Vec::new());
    script.press("n").types("Haskell developer").wait(0).wait(300);
    let request = Box::new(script.model.form.as_ref().unwrap().request(&[]));
    let summary = "144 general software questions: Networking, Operating systems, System design, Software \
                   architecture, Algorithms and data structures and 11 more topics.";
    let reply = PreviewInterviewResponse {
        level: Level::Mid.into(),
        summary: summary.into(),
        notice: "The question bank has nothing on Haskell.".into(),
        ..PreviewInterviewResponse::default()
    };
    script.reply(Reply::Previewed { request, reply: Ok(Box::new(reply)) });
    assert_snapshot!(script.screen(80, 24));
}

#[test]
fn interview_being_written() {
    assert_snapshot!(writing().screen(80, 24));
}

#[test]
fn interview_being_written_on_a_small_screen() {
    assert_snapshot!(writing().screen(60, 16));
}

#[test]
fn interview_being_written_on_a_wide_screen() {
    assert_snapshot!(writing().screen(120, 40));
}

#[test]
fn interview_in_ascii() {
    let mut script = writing();
    script.model.look.ascii = true;
    assert_snapshot!(script.screen(80, 24));
}

#[test]
fn interview_asking_before_it_submits() {
    assert_snapshot!(writing().press("ctrl-d").screen(80, 24));
}

#[test]
fn interview_with_an_answer_too_short() {
    let mut script = Script::in_interview(data::begun());
    assert_snapshot!(script.types("No idea").press("ctrl-d").screen(80, 24));
}

#[test]
fn interview_with_a_failed_evaluation() {
    let mut report = data::begun();
    report.questions[1].answer = Some(data::failed(1));
    let mut script = Script::in_interview(report);
    assert_snapshot!(script.screen(80, 24));
}

#[test]
fn interview_looking_at_an_answer() {
    assert_snapshot!(writing().press("alt-p").screen(80, 24));
}

#[test]
fn interview_that_lost_its_stream() {
    let mut script = writing();
    let news = WatchNews::Lost { retry_ms: 3_000, problem: unreachable() };
    script.reply(Reply::Watch { interview: 7, news });
    assert_snapshot!(script.screen(80, 24));
}

#[test]
fn interview_offline_with_an_answer_queued() {
    let mut script = writing();
    script.press("ctrl-d").press("enter");
    let id = DraftId { interview: 7, question: 72 };
    script.reply(Reply::Submitted(id, Err(unreachable())));
    assert_snapshot!(script.screen(80, 24));
}

#[test]
fn interview_with_a_problem() {
    let mut script = writing();
    let text = "The editor ended with exit status: 1 and saved nothing.".to_owned();
    script.event(Event::Edited(Edited { text: None, fault: Some(text) }));
    assert_snapshot!(script.screen(80, 24));
}

#[test]
fn report_summary() {
    assert_snapshot!(Script::in_report(data::finished(), 0).screen(80, 24));
}

#[test]
fn report_of_a_question() {
    assert_snapshot!(Script::in_report(data::finished(), 3).screen(80, 24));
}

#[test]
fn report_of_a_question_scrolled_down() {
    let mut script = Script::in_report(data::finished(), 3);
    assert_snapshot!(script.press("G").screen(80, 24));
}

#[test]
fn report_of_a_question_on_a_small_screen() {
    assert_snapshot!(Script::in_report(data::finished(), 3).screen(60, 16));
}

#[test]
fn report_of_a_question_on_a_wide_screen() {
    assert_snapshot!(Script::in_report(data::complete(), 3).screen(120, 40));
}

#[test]
fn report_in_ascii() {
    let mut script = Script::in_report(data::finished(), 3);
    script.model.look.ascii = true;
    assert_snapshot!(script.screen(80, 24));
}

#[test]
fn report_of_an_answer_with_its_quotes() {
    let mut script = Script::in_report(data::finished(), 3);
    assert_snapshot!(script.press("tab").screen(80, 24));
}

#[test]
fn report_of_the_example() {
    let mut script = Script::in_report(data::finished(), 3);
    assert_snapshot!(script.press("backtab").screen(80, 24));
}

#[test]
fn report_of_a_failed_evaluation() {
    assert_snapshot!(Script::in_report(data::finished(), 4).screen(80, 24));
}

#[test]
fn report_of_a_question_not_answered() {
    assert_snapshot!(Script::in_report(data::finished(), 5).screen(80, 24));
}

#[test]
fn report_with_evaluations_pending() {
    assert_snapshot!(Script::in_report(data::begun(), 0).screen(80, 24));
}

#[test]
fn signing_in() {
    let mut script = Script::on(Some("viva.example.org"));
    script.reply(Reply::Connected(Ok(Account::Nobody)));
    assert_snapshot!(script.types("ana").press("tab").types("secret word").screen(80, 24));
}

#[test]
fn registering_with_faults() {
    let mut script = Script::on(Some("viva.example.org"));
    script.reply(Reply::Connected(Ok(Account::Nobody))).press("ctrl-n");
    script.types("ana").press("tab").types("ana@nowhere").press("tab").types("short");
    assert_snapshot!(script.press("enter").screen(80, 24));
}

#[test]
fn help_while_writing() {
    assert_snapshot!(writing().press("f1").screen(80, 24));
}

#[test]
fn palette_of_the_dashboard() {
    assert_snapshot!(dashboard().press(":").types("list").screen(80, 24));
}

#[test]
fn a_terminal_too_small() {
    assert_snapshot!(dashboard().screen(50, 12));
}

#[test]
fn without_colours_the_chosen_line_is_still_marked() {
    let mut script = dashboard();
    script.model.look.theme = ThemeName::Mono;
    let buffer = script.buffer(80, 24);
    let plain = ratatui::style::Color::Reset;
    assert!(buffer.content.iter().all(|cell| cell.fg == plain && cell.bg == plain));
    let marked = (0..24).find(|row| buffer[(0, *row)].symbol() == ">").unwrap();
    assert!(buffer[(2, marked)].modifier.contains(ratatui::style::Modifier::REVERSED));
}
