//! Going through an interview: the question, the answer, the strip of questions. What fits beside
//! it stands beside it from 100 columns on; below that the question is on top.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Text},
};

use super::{editor, footer, header, layout, news, notice, report::points, strip, wrap};
use crate::{
    drafts::{Draft, DraftId},
    keys::{self, Action, Context},
    model::{
        Model,
        editor::Room,
        open::{Open, Standing},
    },
    words,
};

/// The fewest rows of the answer's box, its frame included.
const LEAST_BOX: u16 = 5;

/// The most lines of a note beside an answer: the report has all of it.
const NOTE_LINES: usize = 2;

/// Where the parts of the body are.
struct Places {
    question: Rect,
    answer: Rect,
    strip: Rect,
    news: Rect,
}

/// Draws the screen.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>) {
    let parts = layout::parts(model, frame.area());
    header::draw(model, &title(model), &standing(model), parts.header, frame);
    match &model.open {
        Some(open) if open.report.is_some() => draw_open(model, open, parts.body, frame),
        Some(open) => draw_loading(model, open, parts.body, frame),
        None => {}
    }
    notice::draw(model, parts.notice, frame);
    footer::draw(model, parts.footer, frame);
}

/// The last line that the question, or the answer that is looked at, can be scrolled to.
pub(crate) fn last_scroll(model: &Model) -> usize {
    let (columns, rows) = model.size;
    let Some(open) = &model.open else { return 0 };
    let parts = layout::parts(model, Rect::new(0, 0, columns, rows));
    let places = places(model, open, parts.body);
    let (lines, area) = if open.is_writing() {
        (question_lines(open, places.question), places.question)
    } else {
        (answer_lines(open, inside(places.answer)), inside(places.answer))
    };
    lines.len().saturating_sub(usize::from(area.height))
}

/// The role and level of the open interview.
pub(crate) fn title(model: &Model) -> String {
    let report = model.open.as_ref().and_then(|open| open.report.as_ref());
    report.map(|report| words::role_and_level(&report.role, report.level())).unwrap_or_default()
}

fn standing(model: &Model) -> Vec<String> {
    let Some(open) = model.open.as_ref().filter(|open| open.report.is_some()) else {
        return Vec::new();
    };
    let topic = open.question().map(|question| wrap::fit(&question.topic, 20)).unwrap_or_default();
    let mark = open.question().and_then(|question| question.mark.as_ref());
    let star = if mark.is_some_and(|mark| mark.starred) { "★" } else { "" };
    let time = if open.is_writing() { words::stopwatch(open.elapsed_ms()) } else { String::new() };
    vec![
        format!("{} of {}", open.current + 1, open.questions().len()),
        topic,
        star.to_owned(),
        time,
    ]
}

/// Draws what there is before the interview is loaded, or when it could not be.
pub(crate) fn draw_loading(model: &Model, open: &Open, area: Rect, frame: &mut Frame<'_>) {
    let text = match &open.problem {
        None => format!("{} loading", header::spinner(model)),
        Some(problem) => {
            let key = crate::keys::label(model.context(), crate::keys::Action::Retry);
            format!("{}\n\n{key}  tries again, Esc goes back", problem.message)
        }
    };
    let lines = wrap::plain(&text, usize::from(area.width), Style::new());
    frame.render_widget(Text::from(lines), area);
}

fn draw_open(model: &Model, open: &Open, area: Rect, frame: &mut Frame<'_>) {
    let places = places(model, open, area);
    let mut question = question_lines(open, places.question);
    if open.is_writing() {
        question.drain(..open.scroll.min(question.len()));
    }
    let rows = usize::from(places.question.height);
    let question = layout::cut(question, rows, usize::from(places.question.width), layout::MORE);
    frame.render_widget(Text::from(question), places.question);
    if open.is_writing() {
        draw_editor(model, open, places.answer, frame);
    } else {
        draw_answer(model, open, places.answer, frame);
    }
    let columns = usize::from(places.strip.width);
    frame.render_widget(Text::from(strip::of_interview(model, open, columns)), places.strip);
    let news = news_lines(model, open, columns, usize::from(places.news.height));
    frame.render_widget(Text::from(news), places.news);
}

fn places(model: &Model, open: &Open, area: Rect) -> Places {
    let columns = usize::from(area.width);
    let strip_rows = rows(strip::of_interview(model, open, columns).len()).min(area.height);
    let is_wide = area.width + 2 * layout::MARGIN >= layout::WIDE;
    // A short question stays whole; of a long one, three lines are worth more than a long message.
    // While one writes it is worth more than any: the strip says that something waits.
    let least = u16::from(!open.is_writing());
    let question_rows = if is_wide { 0 } else { rows(question_lines(open, area).len()).min(3) + 1 };
    let room = area.height.saturating_sub(strip_rows + LEAST_BOX + question_rows).max(least);
    let news_rows = rows(news_lines(model, open, columns, usize::from(room)).len());
    let (above, foot) = layout::split_foot(area, strip_rows + news_rows);
    let (strip, news) = layout::split_top(foot, strip_rows);
    // A line of air between the box and the strip, where there is room for it.
    let (above, _) = layout::split_foot(above, u16::from(above.height > LEAST_BOX + 4));
    if is_wide {
        let (question, answer) = layout::split_left(above, area.width * 2 / 5, 3);
        return Places { question, answer, strip, news };
    }
    let needed = rows(question_lines(open, above).len());
    let most = above.height.saturating_sub(LEAST_BOX + 1).max(1);
    let (question, below) = layout::split_top(above, needed.min(most));
    let (_, answer) = layout::split_top(below, 1);
    Places { question, answer, strip, news }
}

fn rows(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// What is going on with the answers: why the one in front has no evaluation, and what waits after
/// a fault. Where there is no room for all of it, it says that the report has it.
fn news_lines(model: &Model, open: &Open, columns: usize, most: usize) -> Vec<Line<'static>> {
    let failure = news::failure(model, open, open.current).filter(|_| !open.is_writing());
    let lay = |texts: &[String]| -> Vec<Line<'static>> {
        texts.iter().flat_map(|text| wrap::plain(text, columns, Style::new())).collect()
    };
    let mut texts = failure.clone().map(|texts| texts.to_vec()).unwrap_or_default();
    texts.extend(news::texts(model, open));
    let lines = lay(&texts);
    if lines.len() <= most {
        return lines;
    }
    let mut texts = news::short_texts(model, open);
    if failure.is_some() {
        let short = "This answer could not be evaluated; the report says why.";
        texts.insert(0, short.to_owned());
    }
    layout::cut(lay(&texts), most, columns, layout::CUT)
}

fn question_lines(open: &Open, area: Rect) -> Vec<Line<'static>> {
    // Long lines are hard to read, so a wide screen stays white at the right.
    let columns = usize::from(area.width).min(88);
    let slot = open.questions().get(open.current);
    slot.map(|slot| points::question_lines(slot, open.has_model(), columns, NOTE_LINES))
        .unwrap_or_default()
}

fn draw_editor(model: &Model, open: &Open, area: Rect, frame: &mut Frame<'_>) {
    let Some(text) = open.editor() else { return };
    let labels = editor::Labels {
        title: if open.answer().is_some() { "your next answer" } else { "your answer" }.to_owned(),
        amount: words::count(words::word_count(&text.text()), "word"),
        fault: open.fault.clone().unwrap_or_default(),
        saved: saved(model, open),
    };
    let inside = editor::frame(&labels, model.look, area, frame);
    editor::text(text, !open.confirming, inside, frame);
}

/// When the draft was last written to disk, and whether another text is kept beside it.
fn saved(model: &Model, open: &Open) -> String {
    let draft = open.draft_id().and_then(|id| model.journal.writing(id));
    let at = draft.filter(|draft| draft.saved_at_ms > 0).and_then(Draft::saved_at);
    let at = at.map(|at| format!("saved {}", words::clock_seconds(at, &model.zone)));
    let others = open.draft_id().and_then(|id| other_texts(model, id, Context::Writing));
    [at, others].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// That other texts are kept for the same, and the key that goes on with one.
pub(crate) fn other_texts(model: &Model, id: DraftId, context: Context) -> Option<String> {
    let key = keys::label(context, Action::OtherText);
    match model.journal.others(id).len() {
        0 => None,
        1 => Some(format!("another text is kept: {key}")),
        count => Some(format!("{count} other texts are kept: {key}")),
    }
}

/// The room that the answer is written in.
pub(crate) fn room(model: &Model) -> Room {
    let (columns, rows) = model.size;
    let body = layout::parts(model, Rect::new(0, 0, columns, rows)).body;
    let inside = model.open.as_ref().map_or(body, |open| inside(places(model, open, body).answer));
    Room { columns: usize::from(inside.width), rows: usize::from(inside.height) }
}

fn inside(area: Rect) -> Rect {
    // As `editor::frame` leaves it: the frame and a cell of air.
    Rect { width: area.width.saturating_sub(4), height: area.height.saturating_sub(2), ..area }
}

fn answer_lines(open: &Open, area: Rect) -> Vec<Line<'static>> {
    let text = open.answer().map_or("", |answer| answer.answer_text.as_str());
    wrap::plain(text, usize::from(area.width), Style::new())
}

/// Draws an answer that was given, with what became of it on the frame.
fn draw_answer(model: &Model, open: &Open, area: Rect, frame: &mut Frame<'_>) {
    let mut lines = answer_lines(open, inside(area));
    let state = open.questions().get(open.current).map(|s| open.standing(s, &model.journal));
    if lines.iter().all(|line| line.width() == 0)
        && let Some(draft) = open.draft_id().and_then(|id| model.journal.drafts.get(&id))
    {
        lines = wrap::plain(&draft.text, usize::from(inside(area).width), Style::new());
    }
    let is_cut = lines.len() > open.scroll + usize::from(inside(area).height);
    let labels = editor::Labels {
        title: "your answer".to_owned(),
        amount: state.as_ref().map(|state| outcome(model, open, state)).unwrap_or_default(),
        fault: String::new(),
        saved: if is_cut { layout::MORE.trim().to_owned() } else { String::new() },
    };
    let inside = editor::frame(&labels, model.look, area, frame);
    lines.drain(..open.scroll.min(lines.len()));
    frame.render_widget(Text::from(lines), inside);
}

/// What became of an answer, in words.
pub(crate) fn outcome(model: &Model, open: &Open, standing: &Standing<'_>) -> String {
    match standing {
        Standing::Open => "not answered yet".to_owned(),
        Standing::Queued => "kept here, sent when the server is back".to_owned(),
        Standing::Sending => "on its way".to_owned(),
        Standing::Pending(answer, _) => {
            let Some(waiting) = open.waiting(answer, model.now) else {
                return String::new();
            };
            // The spinner turns only while something is done.
            if waiting.due_in > 0 {
                return waiting.status();
            }
            format!("{} {}", header::spinner(model), waiting.status())
        }
        Standing::Failed(evaluation) if words::is_refused(evaluation) => "no score".to_owned(),
        Standing::Failed(_) => "could not be evaluated".to_owned(),
        Standing::Done(_, score) => {
            format!("{} {}", words::score(*score), words::band(*score))
        }
    }
}
