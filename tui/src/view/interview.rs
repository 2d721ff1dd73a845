//! An interview: the question, the answer, the strip of questions. From 100 columns, the question
//! is beside the answer; on a narrower screen it is above.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Text},
};

use super::{
    editor, footer, header, layout, memo, news, notice, practice, report::points, strip,
    theme::Theme, wrap,
};
use crate::{
    drafts::{Draft, DraftId},
    keys::{self, Action, Context},
    model::{
        Model,
        editor::Room,
        open::{ANSWER_CHARS, OpenInterview, Standing},
    },
    words,
};

/// The fewest rows of the answer's box, its frame included.
const LEAST_BOX: u16 = 5;

/// The most lines of a note beside an answer; the report shows all of it.
const NOTE_LINES: usize = 2;

/// Where the parts of the body are.
struct Areas {
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

/// The last line that the question, or the answer in front, can be scrolled to.
pub(crate) fn last_scroll(model: &Model) -> usize {
    let (columns, rows) = model.size;
    let Some(open) = &model.open else { return 0 };
    let parts = layout::parts(model, Rect::new(0, 0, columns, rows));
    let areas = areas(model, open, parts.body);
    let (lines, area) = if open.is_writing() {
        (question_lines(model, open, areas.question), areas.question)
    } else {
        (reading_lines(model, open, editor::inside(areas.answer)), editor::inside(areas.answer))
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
    let time = match header::left(model) {
        Some(left) => left,
        None if open.is_writing() => words::stopwatch(open.elapsed_ms()),
        None => String::new(),
    };
    vec![
        format!("{} of {}", open.current + 1, open.questions().len()),
        topic,
        star.to_owned(),
        time,
    ]
}

/// Draws the screen while the interview loads, or if it could not be loaded.
pub(crate) fn draw_loading(model: &Model, open: &OpenInterview, area: Rect, frame: &mut Frame<'_>) {
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

fn draw_open(model: &Model, open: &OpenInterview, area: Rect, frame: &mut Frame<'_>) {
    let areas = areas(model, open, area);
    let mut question = question_lines(model, open, areas.question);
    if open.is_writing() && open.scroll > 0 {
        question.drain(..open.scroll.min(question.len()));
        layout::goes_on_above(&mut question, usize::from(areas.question.width));
    }
    let rows = usize::from(areas.question.height);
    let question = layout::cut(question, rows, usize::from(areas.question.width), layout::MORE);
    frame.render_widget(Text::from(question), areas.question);
    if open.is_writing() {
        draw_editor(model, open, areas.answer, frame);
    } else {
        draw_answer(model, open, areas.answer, frame);
    }
    let columns = usize::from(areas.strip.width);
    let strip = strip::of_interview(model, open, columns);
    strip.note_clicks(model, open.current, areas.strip);
    frame.render_widget(Text::from(strip.lines), areas.strip);
    let news = news_lines(model, open, columns, usize::from(areas.news.height));
    frame.render_widget(Text::from(news), areas.news);
}

fn areas(model: &Model, open: &OpenInterview, area: Rect) -> Areas {
    let columns = usize::from(area.width);
    let strip_rows = rows(strip::of_interview(model, open, columns).lines.len()).min(area.height);
    let is_wide = area.width + 2 * layout::MARGIN >= layout::WIDE;
    // A short question is shown in full; three lines of a long one matter more than a long message.
    // While you write, the question comes first: the strip says that answers wait.
    let least = u16::from(!open.is_writing());
    let question_rows =
        if is_wide { 0 } else { rows(question_lines(model, open, area).len()).min(3) + 1 };
    let room = area.height.saturating_sub(strip_rows + LEAST_BOX + question_rows).max(least);
    let news_rows = rows(news_lines(model, open, columns, usize::from(room)).len());
    let (above, foot) = layout::split_foot(area, strip_rows + news_rows);
    let (strip, news) = layout::split_top(foot, strip_rows);
    // An empty line between the box and the strip, if there is room.
    let (above, _) = layout::split_foot(above, u16::from(above.height > LEAST_BOX + 4));
    if is_wide {
        let (question, answer) = layout::split_left(above, area.width * 2 / 5, 3);
        return Areas { question, answer, strip, news };
    }
    let needed = rows(question_lines(model, open, above).len());
    let most = above.height.saturating_sub(LEAST_BOX + 1).max(1);
    let (question, below) = layout::split_top(above, needed.min(most));
    let (_, answer) = layout::split_top(below, 1);
    Areas { question, answer, strip, news }
}

fn rows(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// News of the answers: why the one in front has no evaluation, and which wait after a fault.
/// Without room for all of it, the report is referred to.
fn news_lines(
    model: &Model,
    open: &OpenInterview,
    columns: usize,
    most: usize,
) -> Vec<Line<'static>> {
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

fn question_lines(model: &Model, open: &OpenInterview, area: Rect) -> Vec<Line<'static>> {
    // Long lines are hard to read, so a wide screen stays empty on the right.
    let columns = usize::from(area.width).min(80);
    let (slot, theme) = (open.questions().get(open.current), Theme::of(model.look));
    let Some(slot) = slot else { return Vec::new() };
    let mut lines = points::question_lines(slot, open.has_model(), columns, NOTE_LINES, theme);
    let question = slot.question.as_ref().map_or(0, |question| question.id);
    lines.extend(practice::hint_lines(open, question, columns, theme));
    lines
}

fn draw_editor(model: &Model, open: &OpenInterview, area: Rect, frame: &mut Frame<'_>) {
    let Some(editor) = open.editor() else { return };
    let text = editor.text();
    let too_long = || words::too_long(&text, *ANSWER_CHARS.end());
    let labels = editor::Labels {
        title: if open.answer().is_some() { "your next answer" } else { "your answer" }.to_owned(),
        amount: words::amount(&text, *ANSWER_CHARS.end()),
        fault: open.fault.clone().or_else(too_long).unwrap_or_default(),
        saved: saved(model, open.draft_id(), Context::Writing),
    };
    editor::text_box(editor, &labels, (open.asks.is_none(), model.look), area, frame);
}

/// When the draft was last written to disk, and whether another text is kept beside it.
pub(crate) fn saved(model: &Model, id: Option<DraftId>, context: Context) -> String {
    let draft = id.and_then(|id| model.drafts.writing(id));
    let at = draft.filter(|draft| draft.saved_at_ms > 0).and_then(Draft::saved_at);
    let at = at.map(|at| format!("saved {}", words::clock_seconds(at, &model.zone)));
    let others = id.and_then(|id| other_texts(model, id, context));
    [at, others].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Says that other texts are kept for this question, with the key that switches to one.
pub(crate) fn other_texts(model: &Model, id: DraftId, context: Context) -> Option<String> {
    let key = keys::label(context, Action::OtherText);
    match model.drafts.others(id).len() {
        0 => None,
        1 => Some(format!("another text is kept: {key}")),
        count => Some(format!("{count} other texts are kept: {key}")),
    }
}

/// The area in which the answer is written.
pub(crate) fn room(model: &Model) -> Room {
    let (columns, rows) = model.size;
    let body = layout::parts(model, Rect::new(0, 0, columns, rows)).body;
    let inside =
        model.open.as_ref().map_or(body, |open| editor::inside(areas(model, open, body).answer));
    Room { columns: usize::from(inside.width), rows: usize::from(inside.height) }
}

/// The answer in front: yours, or the one that was shown.
fn reading_lines(model: &Model, open: &OpenInterview, area: Rect) -> Vec<Line<'static>> {
    if let (Some(question), Some(Standing::Shown)) = (open.question(), in_front(model, open)) {
        let theme = Theme::of(model.look);
        return practice::shown_lines(open, question, usize::from(area.width), theme);
    }
    answer_lines(open, area)
}

/// The status of the question in front.
fn in_front<'a>(model: &Model, open: &'a OpenInterview) -> Option<Standing<'a>> {
    open.questions().get(open.current).map(|slot| open.standing(slot, &model.drafts))
}

fn answer_lines(open: &OpenInterview, area: Rect) -> Vec<Line<'static>> {
    let text = open.answer().map_or("", |answer| answer.answer_text.as_str());
    let columns = usize::from(area.width);
    memo::lines((text, columns), || wrap::plain(text, columns, Style::new()))
}

/// Draws an answer, with its result on the frame.
fn draw_answer(model: &Model, open: &OpenInterview, area: Rect, frame: &mut Frame<'_>) {
    let mut lines = reading_lines(model, open, editor::inside(area));
    let state = in_front(model, open);
    let is_shown = state == Some(Standing::Shown);
    if !is_shown
        && lines.iter().all(|line| line.width() == 0)
        && let Some(draft) = open.draft_id().and_then(|id| model.drafts.by_id.get(&id))
    {
        lines = wrap::plain(&draft.text, usize::from(editor::inside(area).width), Style::new());
    }
    let is_cut = lines.len() > open.scroll + usize::from(editor::inside(area).height);
    let labels = editor::Labels {
        title: if is_shown { "a good answer" } else { "your answer" }.to_owned(),
        amount: state.as_ref().map(|state| outcome(model, open, state)).unwrap_or_default(),
        fault: String::new(),
        saved: if is_cut { layout::MORE.trim().to_owned() } else { String::new() },
    };
    let inside = editor::frame(&labels, model.look, area, frame);
    lines.drain(..open.scroll.min(lines.len()));
    frame.render_widget(Text::from(lines), inside);
}

/// The result of an answer, in words.
pub(crate) fn outcome(model: &Model, open: &OpenInterview, standing: &Standing<'_>) -> String {
    match standing {
        Standing::Unanswered => "not answered yet".to_owned(),
        Standing::Shown => "shown, no score".to_owned(),
        Standing::Withheld => "stored; feedback comes at the end".to_owned(),
        Standing::Queued => "kept here, sent when the server is back".to_owned(),
        Standing::Sending => "on its way".to_owned(),
        Standing::Pending(answer, _) => {
            let Some(waiting) = open.waiting(answer, model.now) else {
                return String::new();
            };
            // The spinner turns only while something is being done.
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
