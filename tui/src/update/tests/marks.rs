//! Marking questions, writing notes, and the list of marked questions.

use viva_proto::v1::{QuestionMark, QuestionWish, SetQuestionMarkRequest};

use crate::{
    effect::Effect,
    keys::Context,
    model::Screen,
    msg::{Event, Reply},
    notes::{NoteDraft, NoteId},
    problem::{Problem, ProblemKind},
    testing::{Script, data},
};

const ID: NoteId = NoteId { interview: 7, question: 72, mark: 0 };

/// The requested changes to marks.
fn changes(script: &mut Script) -> Vec<SetQuestionMarkRequest> {
    let changes = script.effects().into_iter().filter_map(|effect| match effect {
        Effect::SetMark(id, request) => {
            assert_eq!((id.question, id.mark), (request.question_id, request.mark_id));
            Some(*request)
        }
        _ => None,
    });
    changes.collect()
}

/// The server accepts the change and returns the mark.
fn took(script: &mut Script, id: NoteId, request: SetQuestionMarkRequest, mark: QuestionMark) {
    script.reply(Reply::Marked(id, Box::new(request), Ok(mark)));
}

fn note_of(question: i64, note: &str) -> SetQuestionMarkRequest {
    let note = Some(note.to_owned());
    SetQuestionMarkRequest { question_id: question, note, ..SetQuestionMarkRequest::default() }
}

fn unreachable() -> Problem {
    Problem::new(ProblemKind::Unreachable, "Unable to reach server. Please try again later.")
}

fn text(script: &mut Script) -> String {
    script.screen(160, 24)
}

#[test]
fn each_key_changes_one_mark_and_undoes_it() {
    let mut script = Script::in_report(data::finished(), 3);
    for (key, starred, wish) in [
        ("s", Some(true), None),
        ("x", None, Some(QuestionWish::NotAgain)),
        ("a", None, Some(QuestionWish::AgainSoon)),
    ] {
        script.press(key);
        let [request] = changes(&mut script).try_into().unwrap();
        let wish = wish.map(i32::from);
        assert_eq!((request.question_id, request.starred, request.wish), (72, starred, wish));
        assert_eq!(request.note, None);
        let mark = QuestionMark {
            id: 1,
            starred: starred.unwrap_or_default(),
            wish: wish.unwrap_or_default(),
            ..QuestionMark::default()
        };
        took(&mut script, ID, request, mark);
        script.press(key);
        let [back] = changes(&mut script).try_into().unwrap();
        let none = QuestionWish::Unspecified.into();
        assert_eq!((back.starred, back.wish), (starred.map(|_| false), wish.map(|_| none)));
        took(&mut script, ID, back, QuestionMark { id: 1, ..QuestionMark::default() });
    }
}

#[test]
fn a_bouncing_key_counts_once_and_a_failed_change_changes_nothing() {
    let mut script = Script::in_report(data::finished(), 3);
    script.press("s").press("s");
    assert_eq!(changes(&mut script).len(), 1);
    let problem = Problem::new(ProblemKind::Server, "Something went wrong.");
    let request = SetQuestionMarkRequest { question_id: 72, ..Default::default() };
    script.reply(Reply::Marked(ID, Box::new(request), Err(problem)));
    assert!(text(&mut script).contains("The mark was not changed."));
    assert!(!text(&mut script).contains('★'));
    script.press("esc").press("s");
    assert_eq!(changes(&mut script).len(), 1, "it can be retried");
}

#[test]
fn function_keys_mark_the_question_being_answered_and_letters_do_not() {
    let mut script = Script::in_interview(data::begun());
    script.types("sxaw");
    assert_eq!(changes(&mut script), []);
    for (key, is_it) in [
        ("f6", (|r| r.starred == Some(true)) as fn(&SetQuestionMarkRequest) -> bool),
        ("f8", |r| r.wish == Some(QuestionWish::NotAgain.into())),
        ("f9", |r| r.wish == Some(QuestionWish::AgainSoon.into())),
    ] {
        script.press(key);
        let [request] = changes(&mut script).try_into().unwrap();
        assert!(request.question_id == 72 && is_it(&request), "{request:?}");
        took(&mut script, ID, request, QuestionMark { id: 1, ..QuestionMark::default() });
    }
    assert_eq!(script.model.context(), Context::Writing);
}

#[test]
fn only_bank_questions_can_be_wanted_soon_and_a_summary_cannot_be_marked() {
    let mut report = data::finished();
    report.questions[0].question.as_mut().unwrap().source = 2;
    let mut script = Script::in_report(report, 1);
    script.press("a");
    assert_eq!(changes(&mut script), []);
    assert!(text(&mut script).contains("Only a question of the question bank"));
    script.press("x");
    assert_eq!(changes(&mut script).len(), 1);
    let mut summary = Script::in_report(data::finished(), 0);
    summary.press("s").press("w");
    assert_eq!(changes(&mut summary), []);
    assert_eq!(summary.model.context(), Context::Report);
}

#[test]
fn a_note_is_saved_to_disk_and_sent_when_it_is_closed() {
    let mut script = Script::in_report(data::finished(), 3);
    script.press("w").types("Ask\nwhy.");
    assert_eq!(script.model.context(), Context::Note);
    assert_eq!(script.effects(), []);
    script.wait(500);
    let draft = NoteDraft { id: ID, base: String::new(), text: "Ask\nwhy.".into() };
    assert_eq!(script.effects(), [Effect::SaveNote(draft)]);
    assert!(!text(&mut script).contains("saved here"));
    script.reply(Reply::NoteSaved(ID, Ok(())));
    assert!(text(&mut script).contains("saved here"));
    assert!(!text(script.types("!").press("backspace")).contains("saved here"));
    script.wait(500).quietly();
    script.press("esc");
    assert_eq!(script.model.context(), Context::Report);
    let [request] = changes(&mut script).try_into().unwrap();
    assert_eq!(request, note_of(72, "Ask\nwhy."));
    let mark = QuestionMark { id: 1, note: "Ask\nwhy.".into(), ..QuestionMark::default() };
    took(&mut script, ID, request, mark);
    assert_eq!(script.effects(), [Effect::RemoveNote(ID)]);
    assert!(text(&mut script).contains("note  Ask"));
    script.press("w").press("esc");
    assert_eq!(changes(&mut script), [], "nothing has changed");
}

#[test]
fn a_note_is_on_disk_before_the_app_ends_or_stops() {
    for event in [Event::Terminate, Event::Stop, Event::Blur] {
        let mut script = Script::in_report(data::finished(), 3);
        script.press("w").types("Why?").event(event);
        let is_saved =
            |effect: &Effect| matches!(effect, Effect::SaveNote(note) if note.text == "Why?");
        assert!(script.effects().iter().any(is_saved));
    }
}

#[test]
fn an_unsent_note_is_kept_and_sent_when_the_interview_is_reloaded() {
    let mut script = Script::in_report(data::finished(), 3);
    script.press("w").types("Why?").press("ctrl-s");
    let [request] = changes(&mut script).try_into().unwrap();
    script.reply(Reply::Marked(ID, Box::new(request), Err(unreachable())));
    assert!(text(&mut script).contains("Your note is kept."));
    script.quietly().press("esc").press("f5");
    // The first reply shows that the server is back, so everything is reloaded.
    for _ in 0..2 {
        let turn = script.model.open.as_ref().unwrap().turn;
        script.reply(Reply::Report { turn, report: Ok(data::finished()) });
    }
    assert_eq!(changes(&mut script), [note_of(72, "Why?")]);
}

#[test]
fn a_note_of_an_earlier_run_is_sent_together_with_a_change_made_elsewhere() {
    let mut report = data::finished();
    let theirs = QuestionMark { id: 1, note: "Theirs.".into(), ..QuestionMark::default() };
    report.questions[2].question.as_mut().unwrap().mark = Some(theirs);
    let mut script = Script::in_report(report, 3);
    let mine = NoteDraft { id: ID, base: "Before.".into(), text: "Mine.".into() };
    script.reply(Reply::Notes(Ok(vec![mine])));
    assert_eq!(changes(&mut script), [note_of(72, "Mine.\n\nTheirs.")]);
}

#[test]
fn a_note_that_changes_while_it_is_sent_is_sent_again() {
    let mut script = Script::in_report(data::finished(), 3);
    script.press("w").types("One").press("esc");
    let [first] = changes(&mut script).try_into().unwrap();
    script.press("w").types(" two").press("esc");
    assert_eq!(changes(&mut script), [], "one after the other");
    let mark = QuestionMark { id: 1, note: "One".into(), ..QuestionMark::default() };
    took(&mut script, ID, first, mark);
    assert_eq!(changes(&mut script), [note_of(72, "One two")]);
}

#[test]
fn a_note_that_is_too_long_is_reported_and_kept() {
    let mut script = Script::in_report(data::finished(), 3);
    script.press("w").paste(&"x".repeat(4_001)).press("esc");
    assert_eq!(changes(&mut script), []);
    assert!(text(&mut script).contains("this one has 4001"));
    script.press("esc").press("w").press("backspace").press("esc");
    assert_eq!(changes(&mut script)[0].note.as_ref().unwrap().len(), 4_000);
}

#[test]
fn the_list_opens_from_the_palette_marks_questions_and_leads_to_their_reports() {
    let mut script = Script::at_dashboard(data::history());
    script.press(":").types("starred").quietly().press("enter");
    assert_eq!(script.effects(), [Effect::LoadMarks(String::new())]);
    assert_eq!(script.model.screen, Screen::Marks);
    script.reply(Reply::Marks { first: true, page: Ok(data::marked()) }).quietly();
    script.press("s");
    let [request] = changes(&mut script).try_into().unwrap();
    assert_eq!((request.question_id, request.starred), (72, Some(false)));
    let mark = QuestionMark { id: 31, note: "Why?".into(), ..QuestionMark::default() };
    took(&mut script, ID, request, mark);
    assert!(!script.model.marks.list.questions[0].mark.as_ref().unwrap().starred);
    // The last one's interview is deleted, so only its mark is known.
    script.press("G").press("x");
    let [request] = changes(&mut script).try_into().unwrap();
    assert_eq!((request.question_id, request.mark_id), (0, 29));
    script.press("enter");
    assert_eq!(script.model.screen, Screen::Marks);
    script.press("g").press("enter");
    assert_eq!(script.model.screen, Screen::Report);
    let turn = script.model.open.as_ref().unwrap().turn;
    script.reply(Reply::Report { turn, report: Ok(data::finished()) });
    assert_eq!(script.model.chosen(), Some(2), "the report is open at the question");
    script.quietly().press("esc");
    assert_eq!(script.model.screen, Screen::Marks);
    assert!(script.effects().contains(&Effect::LoadMarks(String::new())));
    script.press("esc");
    assert_eq!(script.model.screen, Screen::Dashboard);
}
