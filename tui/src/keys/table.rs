//! The table itself. Its order is the order of the footer, most useful first.

use crossterm::event::KeyCode;

use super::{Action, Binding, Chord, Context};

use Context::{
    Again, Challenge, Confirm, Dashboard, Ending, Fault, Filter, FormAdvert, FormChoice,
    FormLanguage, FormRole, FormTopics, Help, Marking, Marks, Models, Note, Palette, Practise,
    Reading, Report, Review, Reviewed, Sample, Settings, SettingsEditor, ShowMe, SignIn, Start,
    Trial, Verdict, Writing,
};

const ENTER: Chord = Chord::key(KeyCode::Enter);
const ESC: Chord = Chord::key(KeyCode::Esc);
const TAB: Chord = Chord::key(KeyCode::Tab);
const BACK_TAB: Chord = Chord::key(KeyCode::BackTab);
const UP: Chord = Chord::key(KeyCode::Up);
const DOWN: Chord = Chord::key(KeyCode::Down);
const LEFT: Chord = Chord::key(KeyCode::Left);
const RIGHT: Chord = Chord::key(KeyCode::Right);
const PAGE_UP: Chord = Chord::key(KeyCode::PageUp);
const PAGE_DOWN: Chord = Chord::key(KeyCode::PageDown);
const F1: Chord = Chord::key(KeyCode::F(1));
const F2: Chord = Chord::key(KeyCode::F(2));
const F3: Chord = Chord::key(KeyCode::F(3));
const F6: Chord = Chord::key(KeyCode::F(6));
const F7: Chord = Chord::key(KeyCode::F(7));
const F8: Chord = Chord::key(KeyCode::F(8));
const F9: Chord = Chord::key(KeyCode::F(9));

/// The digits, which choose numbered things on the screen.
const DIGITS: &[Chord] = &[
    Chord::char('1'),
    Chord::char('2'),
    Chord::char('3'),
    Chord::char('4'),
    Chord::char('5'),
    Chord::char('6'),
    Chord::char('7'),
    Chord::char('8'),
    Chord::char('9'),
    Chord::char('0'),
];

/// The digits of places in a list.
const PLACES: &[Chord] = &[
    Chord::char('1'),
    Chord::char('2'),
    Chord::char('3'),
    Chord::char('4'),
    Chord::char('5'),
    Chord::char('6'),
    Chord::char('7'),
    Chord::char('8'),
    Chord::char('9'),
];
/// The digits of the first steps.
const FIRST_DIGITS: &[Chord] =
    &[Chord::char('1'), Chord::char('2'), Chord::char('3'), Chord::char('4'), Chord::char('5')];

/// The contexts in which text is edited.
const TEXTS: &[Context] = &[
    Filter,
    FormRole,
    FormTopics,
    FormLanguage,
    FormAdvert,
    Writing,
    SignIn,
    Palette,
    SettingsEditor,
    Note,
    Review,
];

/// A line that the footer shows.
const fn shown(
    action: Action,
    chords: &'static [Chord],
    contexts: &'static [Context],
    label: &'static str,
    help: &'static str,
) -> Binding {
    Binding { action, chords, contexts, label, help, footer: true }
}

/// A line that only help and palette show.
const fn quiet(
    action: Action,
    chords: &'static [Chord],
    contexts: &'static [Context],
    label: &'static str,
    help: &'static str,
) -> Binding {
    Binding { action, chords, contexts, label, help, footer: false }
}

/// Every key of the app.
#[rustfmt::skip]
pub(crate) const TABLE: &[Binding] = &[
    shown(Action::Open, &[ENTER], &[Start], "begin", "Do what is selected"),
    quiet(Action::Pick, FIRST_DIGITS, &[Start], "by number", "Do what has this number"),
    shown(Action::Sample, &[Chord::char('v')], &[Start], "sample report", "Look at a sample report"),
    shown(Action::Open, &[ENTER], &[Dashboard], "open", "Continue where you left off, or read the report"),
    quiet(Action::GoOn, &[Chord::char('c')], &[Dashboard], "continue", "Continue the interview at the top"),
    shown(Action::New, &[Chord::char('n')], &[Dashboard, Start], "new", "Start a new interview"),
    shown(Action::Report, &[Chord::char('r')], &[Dashboard], "report", "Read the report"),
    shown(Action::Delete, &[Chord::char('x')], &[Dashboard], "delete", "Delete the interview; u undoes it"),
    quiet(Action::Undelete, &[Chord::char('u')], &[Dashboard, Start], "undo delete", "Undo the last deletion"),
    shown(Action::Review, &[Chord::char('d')], &[Dashboard], "review", "Practise what is due today, or what is weak"),
    shown(Action::Submit, &[Chord::ctrl('d'), Chord::alt(KeyCode::Enter)], &[Review], "done", "Have the answer graded at once"),
    shown(Action::ShowMe, &[Chord::ctrl('t')], &[Review], "show me", "I don't know: show me the point"),
    quiet(Action::UndoEdit, &[Chord::ctrl('z')], &[Review], "undo", "Undo the last change to the text"),
    quiet(Action::RedoEdit, &[Chord::ctrl('y')], &[Review], "redo", "Redo the change"),
    shown(Action::Confirm, &[ENTER], &[Reviewed], "continue", "Continue with the next point, or back when nothing is left"),
    shown(Action::Filter, &[Chord::char('/')], &[Dashboard], "filter", "Filter the list by role or level"),
    shown(Action::Filter, &[ENTER], &[Filter], "done", "Keep the filter and go back to the list"),
    shown(Action::Back, &[ESC], &[Filter], "clear", "Clear the filter"),

    shown(Action::Confirm, &[ENTER], &[FormRole, FormChoice, FormTopics, FormLanguage], "start", "Start the interview; a suggestion or a topic that was looked for is taken first"),
    shown(Action::Confirm, &[Chord::ctrl('d'), Chord::alt(KeyCode::Enter)], &[FormAdvert], "start", "Start the interview"),
    shown(Action::NextField, &[TAB], &[FormRole, FormChoice, FormTopics, FormLanguage, FormAdvert, SignIn], "next", "Go to the next field"),
    quiet(Action::PreviousField, &[BACK_TAB], &[FormRole, FormChoice, FormTopics, FormLanguage, FormAdvert, SignIn], "previous field", "Go to the previous field"),
    quiet(Action::PreviousField, &[UP], &[FormChoice, FormLanguage, SignIn], "previous field", "Go to the previous field"),
    quiet(Action::NextField, &[DOWN], &[FormChoice, FormLanguage, SignIn], "next", "Go to the next field"),
    shown(Action::Up, &[UP], &[FormRole], "choose", "Choose the previous suggestion"),
    shown(Action::Down, &[DOWN], &[FormRole], "choose", "Choose the next suggestion"),
    shown(Action::Left, &[LEFT, Chord::char('h')], &[FormChoice], "choose", "Choose the previous option"),
    shown(Action::Right, &[RIGHT, Chord::char('l')], &[FormChoice], "choose", "Choose the next option"),
    quiet(Action::Pick, DIGITS, &[FormChoice], "by number", "Choose this many questions; 0 means ten"),
    shown(Action::Toggle, &[Chord::char(' ')], &[FormTopics], "select", "Select the topic, or deselect it"),
    quiet(Action::Left, &[LEFT], &[FormTopics], "choose", "Go to the topic at the left"),
    quiet(Action::Right, &[RIGHT], &[FormTopics], "choose", "Go to the topic at the right"),
    quiet(Action::Up, &[UP], &[FormTopics], "choose", "Go to the topic above, then to the previous field"),
    quiet(Action::Down, &[DOWN], &[FormTopics], "choose", "Go to the topic below, then to the next field"),
    shown(Action::ReadFile, &[Chord::ctrl('r')], &[FormAdvert], "read file", "Read the file whose path is written here"),

    shown(Action::Confirm, &[ENTER], &[SignIn], "go", "Sign in, or create the account"),
    shown(Action::OtherForm, &[Chord::ctrl('n')], &[SignIn], "sign in or register", "Switch between signing in and creating an account"),

    shown(Action::Submit, &[Chord::ctrl('d'), Chord::alt(KeyCode::Enter)], &[Writing], "submit", "Submit the answer, once you confirm"),
    shown(Action::Hint, &[Chord::ctrl('g')], &[Writing], "hint", "Show the next hint; the report says how many you had"),
    shown(Action::ShowMe, &[Chord::ctrl('t')], &[Writing], "show me", "I don't know: show me a good answer, without a score"),
    shown(Action::NextQuestion, &[Chord::ctrl('n'), F3], &[Writing], "next", "Go to the next question"),
    shown(Action::End, &[Chord::ctrl('q')], &[Writing], "end", "End an interview in real mode now, which shows its feedback"),
    quiet(Action::PreviousQuestion, &[Chord::alt(KeyCode::Char('p')), F2], &[Writing], "previous question", "Go to the previous question"),
    quiet(Action::Save, &[Chord::ctrl('s')], &[Writing], "save now", "Save the draft now; it is also saved as you type"),
    quiet(Action::OtherText, &[Chord::ctrl('o')], &[Writing, FormAdvert, Review], "other text", "Switch to the other text that is kept here"),
    quiet(Action::UndoEdit, &[Chord::ctrl('z')], &[Writing], "undo", "Undo the last change to the text"),
    quiet(Action::RedoEdit, &[Chord::ctrl('y')], &[Writing], "redo", "Redo the change"),
    quiet(Action::Copy, &[Chord::alt(KeyCode::Char('c'))], TEXTS, "copy", "Copy the selected text; Ctrl+C does too while text is selected"),
    quiet(Action::Cut, &[Chord::ctrl('x')], TEXTS, "cut", "Cut the selected text"),
    quiet(Action::Paste, &[Chord::ctrl('v')], TEXTS, "paste", "Paste what you copied in Viva; your terminal's own key pastes from elsewhere"),
    quiet(Action::Retry, &[Chord::ctrl('r')], &[Writing], "evaluate again", "Evaluate this answer again if that failed; otherwise all that failed"),
    quiet(Action::PageUp, &[PAGE_UP], &[Writing], "scroll question up", "Scroll a long question up"),
    quiet(Action::PageDown, &[PAGE_DOWN], &[Writing], "scroll question down", "Scroll a long question down"),

    shown(Action::Yes, &[ENTER, Chord::char('y')], &[Confirm], "yes", "Submit the answer"),
    shown(Action::No, &[ESC, Chord::char('n')], &[Confirm], "keep writing", "Keep writing"),
    shown(Action::Yes, &[ENTER, Chord::char('y')], &[ShowMe], "show", "Show a good answer and end the question without a score"),
    shown(Action::No, &[ESC, Chord::char('n')], &[ShowMe], "keep writing", "Keep writing"),
    shown(Action::Yes, &[ENTER, Chord::char('y')], &[Ending], "end", "End the interview and read its report"),
    shown(Action::No, &[ESC, Chord::char('n')], &[Ending], "keep going", "Keep going"),
    shown(Action::Yes, &[ENTER, Chord::char('y')], &[Again], "your answer", "Start from your last answer"),
    shown(Action::No, &[Chord::char('n')], &[Again], "a blank page", "Start from a blank page"),
    shown(Action::Back, &[ESC, Chord::char('q')], &[Again], "back", "Do not answer again"),

    shown(Action::GoToOpen, &[ENTER], &[Reading], "next", "Go to the next open question, or to the report if none is left"),
    shown(Action::Answer, &[ENTER], &[Report], "answer", "Answer this question"),

    shown(Action::End, &[Chord::ctrl('q')], &[Reading, Report], "end", "End an interview in real mode now, which shows its feedback"),
    shown(Action::PreviousQuestion, &[LEFT, Chord::char('h'), F2, Chord::alt(KeyCode::Char('p'))], &[Reading, Report, Sample], "question", "Go to the previous question"),
    shown(Action::NextQuestion, &[RIGHT, Chord::char('l'), Chord::char('n'), Chord::ctrl('n'), F3], &[Reading, Report], "question", "Go to the next question"),
    shown(Action::NextQuestion, &[RIGHT, Chord::char('l'), Chord::ctrl('n'), F3], &[Sample], "question", "Go to the next question"),
    quiet(Action::Pick, DIGITS, &[Reading, Report, Sample], "question by number", "Go to the question with this number; 0 is the summary"),
    quiet(Action::TurnBack, &[BACK_TAB], &[Report, Sample], "go back", "Go back to the answer, then to the points"),
    shown(Action::Practise, &[Chord::char('p')], &[Report], "practise", "Choose one of the points to work on and practise it now"),
    shown(Action::AnswerAgain, &[Chord::char('t')], &[Reading, Report], "answer again", "Answer this question again; the earlier answers are kept"),
    shown(Action::FollowUp, &[Chord::char('f')], &[Reading, Report], "ask me more", "Ask a follow-up about what this answer left out or got wrong"),
    quiet(Action::Challenge, &[Chord::char('c')], &[Report], "challenge", "Challenge a finding, or say whether you made a point that the grader is not sure of"),
    quiet(Action::CopyPage, &[Chord::char('y')], &[Report, Sample], "copy", "Copy this part of the report"),
    shown(Action::Export, &[Chord::char('e')], &[Report], "export", "Save the report as a Markdown file"),

    shown(Action::Open, &[ENTER], &[Marks], "read", "Read the report at this question"),
    quiet(Action::Star, &[F6], &[Writing], "star", "Star the question, or remove the star"),
    quiet(Action::Note, &[F7], &[Writing], "note", "Write a private note on the question"),
    quiet(Action::NotAgain, &[Chord::char('x'), F8], &[Reading, Report, Marks], "not again", "Never ask this question again, or undo that"),
    quiet(Action::NotAgain, &[F8], &[Writing], "not again", "Never ask this question again, or undo that"),
    quiet(Action::AgainSoon, &[Chord::char('a'), F9], &[Reading, Report, Marks], "again soon", "Ask this question again soon, or undo that"),
    quiet(Action::AgainSoon, &[F9], &[Writing], "again soon", "Ask this question again soon, or undo that"),
    quiet(Action::Marks, &[Chord::char('s')], &[Dashboard, Start], "starred", "Show the questions that you starred or noted"),
    shown(Action::Back, &[ESC, Chord::ctrl('s'), Chord::ctrl('d')], &[Note], "save and close", "Save the note and close it"),
    quiet(Action::UndoEdit, &[Chord::ctrl('z')], &[Note], "undo", "Undo the last change to the text"),
    quiet(Action::RedoEdit, &[Chord::ctrl('y')], &[Note], "redo", "Redo the change"),

    shown(Action::Confirm, &[ENTER], &[Practise], "answer again", "Answer this point's question again"),
    shown(Action::FollowUp, &[Chord::char('f')], &[Practise], "ask me more", "Ask a follow-up to this point's question"),
    shown(Action::Up, &[UP, Chord::char('k')], &[Practise], "choose", "Choose the previous point"),
    shown(Action::Down, &[DOWN, Chord::char('j')], &[Practise], "choose", "Choose the next point"),
    quiet(Action::Pick, PLACES, &[Practise], "point by number", "Practise the point with this number"),

    shown(Action::Confirm, &[ENTER], &[Challenge], "mark words", "Mark the words of your answer that make this point"),
    shown(Action::Yes, &[Chord::char('y')], &[Challenge], "you made it", "Say that you made this point"),
    shown(Action::Partly, &[Chord::char('p')], &[Challenge], "in part", "Say that you made a part of this point"),
    shown(Action::No, &[Chord::char('n')], &[Challenge], "you did not", "Say that you did not make this point"),
    shown(Action::Confirm, &[ENTER], &[Marking], "read again", "Have the marked words read again for this point"),
    shown(Action::Toggle, &[Chord::char(' ')], &[Marking], "from here", "Mark several sentences: from here to where you go"),
    shown(Action::Up, &[UP, Chord::char('k')], &[Challenge, Marking], "choose", "Choose the one above"),
    shown(Action::Down, &[DOWN, Chord::char('j')], &[Challenge, Marking], "choose", "Choose the one below"),

    quiet(Action::Settings, &[Chord::char(',')], &[Dashboard, Start], "settings", "Change the settings"),
    shown(Action::Left, &[LEFT, Chord::char('h')], &[Settings], "choose", "Choose the previous option"),
    shown(Action::Right, &[RIGHT, Chord::char('l')], &[Settings], "choose", "Choose the next option"),
    shown(Action::Up, &[UP, Chord::char('k')], &[Settings], "setting", "Go to the setting above"),
    shown(Action::Down, &[DOWN, Chord::char('j')], &[Settings], "setting", "Go to the setting below"),
    shown(Action::Confirm, &[ENTER], &[Settings], "change", "Choose the next value, or type the editor's command"),
    shown(Action::Confirm, &[ENTER], &[SettingsEditor], "keep", "Keep the command"),
    shown(Action::Back, &[ESC], &[Review], "back", "Go back; what you wrote is kept"),
    shown(Action::Back, &[ESC], &[SettingsEditor], "as before", "Leave the command as it was"),
    quiet(Action::LocalModels, &[Chord::char('m')], &[Dashboard, Start], "model", "Look for a language model that runs on this machine"),
    shown(Action::Confirm, &[ENTER], &[Models], "try it", "Have the chosen model evaluate an example answer"),
    shown(Action::Up, &[UP, Chord::char('k')], &[Models], "choose", "Choose the previous model"),
    shown(Action::Down, &[DOWN, Chord::char('j')], &[Models], "choose", "Choose the next model"),
    shown(Action::No, &[Chord::char('n')], &[Models], "none of these", "Never offer these models again"),
    shown(Action::Back, &[ESC, Chord::char('q')], &[Models], "not now", "Ask again the next time Viva starts"),
    shown(Action::Back, &[ESC, Chord::char('q')], &[Trial], "stop", "Stop the trial"),
    shown(Action::Yes, &[Chord::char('y')], &[Verdict], "use it", "Use the model from now on"),
    shown(Action::Retry, &[Chord::char('r')], &[Verdict], "try again", "Try the model again"),
    shown(Action::No, &[Chord::char('n')], &[Verdict], "not this one", "Never offer this model again"),
    shown(Action::Back, &[ESC, Chord::char('q')], &[Verdict], "back", "Back to the models"),

    shown(Action::Retry, &[Chord::char('r'), ENTER], &[Fault], "try again", "Try to start again"),

    quiet(Action::Up, &[UP, Chord::char('k')], &[Dashboard, Start, Reading, Report, Sample, Marks, Help], "up", "One line up"),
    quiet(Action::Down, &[DOWN, Chord::char('j')], &[Dashboard, Start, Reading, Report, Sample, Marks, Help], "down", "One line down"),
    quiet(Action::PageUp, &[PAGE_UP, Chord::ctrl('u')], &[Dashboard, Reading, Report, Sample, Marks, Help], "page up", "A page up"),
    quiet(Action::PageDown, &[PAGE_DOWN, Chord::ctrl('d')], &[Dashboard, Reading, Report, Sample, Marks, Help], "page down", "A page down"),
    quiet(Action::Top, &[Chord::key(KeyCode::Home), Chord::char('g')], &[Dashboard, Start, Reading, Report, Sample, Marks, Help], "top", "To the top"),
    quiet(Action::Bottom, &[Chord::key(KeyCode::End), Chord::char('G')], &[Dashboard, Start, Reading, Report, Sample, Marks, Help], "bottom", "To the bottom"),
    quiet(Action::Refresh, &[Chord::key(KeyCode::F(5))], &[Dashboard, Start, Writing, Reading, Report, Marks], "refresh", "Reload"),

    shown(Action::Up, &[UP], &[Palette], "choose", "Choose the previous entry"),
    shown(Action::Down, &[DOWN, Chord::ctrl('n')], &[Palette], "choose", "Choose the next entry"),
    shown(Action::Confirm, &[ENTER], &[Palette], "run", "Run the command, or go there"),
    quiet(Action::Palette, &[Chord::ctrl('p'), Chord::char(':')], &[Dashboard, Start, FormChoice, Reading, Report, Sample, Marks, Settings, Reviewed, Help, Fault, Models, Trial, Verdict], "all commands", "Find a command, a screen, an interview or a theme by name"),
    quiet(Action::Palette, &[Chord::ctrl('p')], &[Filter, FormRole, FormTopics, FormLanguage, FormAdvert, Writing, Confirm, ShowMe, Ending, Again, Practise, Challenge, Marking, Note, SettingsEditor, Review, SignIn], "all commands", "Find a command, a screen, an interview or a theme by name"),

    shown(Action::Back, &[ESC], &[FormRole, FormTopics, FormLanguage, FormAdvert, SignIn], "back", "Go back"),
    shown(Action::Back, &[ESC, Chord::ctrl('p')], &[Palette], "back", "Go back"),
    shown(Action::Back, &[ESC], &[Writing], "back", "Leave the interview; what you wrote is kept"),
    shown(Action::Back, &[ESC, Chord::char('q')], &[FormChoice, Reading, Report, Sample, Marks, Settings, Practise, Challenge, Marking, Reviewed], "back", "Go back"),
    shown(Action::Back, &[ESC, Chord::char('q'), Chord::char('?'), F1], &[Help], "close", "Close the help"),
    quiet(Action::Back, &[ESC], &[Start], "close", "Close the message"),
    quiet(Action::Back, &[ESC], &[Dashboard], "close", "Close the message, then the filter"),
    quiet(Action::Quit, &[Chord::char('q')], &[Dashboard, Start], "quit", "Quit"),
    shown(Action::Quit, &[Chord::char('q'), ESC], &[Fault], "quit", "Quit"),
    quiet(Action::Suspend, &[Chord::ctrl('z')], &[Dashboard, Start, Filter, FormRole, FormChoice, FormTopics, FormLanguage, FormAdvert, ShowMe, Ending, Again, Practise, Challenge, Marking, Reading, Report, Sample, Marks, Settings, SettingsEditor, Reviewed, SignIn, Help, Palette, Fault, Models, Trial, Verdict], "suspend", "Suspend Viva; fg in the shell resumes it"),
    quiet(Action::Repaint, &[Chord::ctrl('l')], &Context::ALL, "redraw", "Redraw the whole screen"),
    quiet(Action::Interrupt, &[Chord::ctrl('c')], &Context::ALL, "quit", "Quit when pressed twice; the draft is saved first"),
    // After Esc, which matters more if not all keys fit.
    shown(Action::Report, &[Chord::char('r')], &[Reading], "report", "Read the report"),
    shown(Action::Edit, &[Chord::ctrl('e'), Chord::key(KeyCode::F(4))], &[Writing], "editor", "Write in $VISUAL or $EDITOR, otherwise in nano or vi"),
    shown(Action::Retry, &[Chord::char('R'), Chord::ctrl('r')], &[Reading, Report], "evaluate again", "Evaluate this answer again if that failed; otherwise all that failed"),
    shown(Action::TurnPage, &[TAB], &[Report, Sample], "answer · example", "Go to the answer, then to an example of a good one"),
    shown(Action::New, &[Chord::char('n')], &[Sample], "new interview", "Start a new interview"),
    shown(Action::Star, &[Chord::char('s'), F6], &[Reading, Report, Marks], "star", "Star the question, or remove the star"),
    shown(Action::Note, &[Chord::char('w'), F7], &[Reading, Report, Marks], "note", "Write a private note on the question"),
    shown(Action::Help, &[Chord::char('?'), F1], &[Dashboard, Start, FormChoice, Reading, Report, Sample, Marks, Settings, Reviewed, Fault], "help", "Show the keys"),
    shown(Action::Help, &[F1], &[Filter, FormRole, FormTopics, FormLanguage, FormAdvert, Writing, SettingsEditor, Review, SignIn], "help", "Show the keys"),
];
