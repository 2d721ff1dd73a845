//! The table itself. Its order is the order of the footer, most useful first.

use crossterm::event::KeyCode;

use super::{Action, Binding, Chord, Context};

use Context::{
    Confirm, Dashboard, Fault, Filter, FormAdvert, FormChoice, FormRole, Help, Marks, Models, Note,
    Palette, Reading, Report, SignIn, Trial, Verdict, Writing,
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
const F6: Chord = Chord::key(KeyCode::F(6));
const F7: Chord = Chord::key(KeyCode::F(7));
const F8: Chord = Chord::key(KeyCode::F(8));
const F9: Chord = Chord::key(KeyCode::F(9));

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
    shown(Action::Open, &[ENTER], &[Dashboard], "open", "Go on where you left off, or read the report"),
    quiet(Action::GoOn, &[Chord::char('c')], &[Dashboard], "go on", "Go on with the interview on top"),
    shown(Action::New, &[Chord::char('n')], &[Dashboard], "new", "Start a new interview"),
    shown(Action::Report, &[Chord::char('r')], &[Dashboard, Reading], "report", "Read the report"),
    shown(Action::Delete, &[Chord::char('x')], &[Dashboard], "delete", "Delete the interview; u takes it back"),
    quiet(Action::Undelete, &[Chord::char('u')], &[Dashboard], "undo delete", "Take the last deletion back"),
    shown(Action::Filter, &[Chord::char('/')], &[Dashboard], "filter", "Filter the list by role or level"),
    shown(Action::Filter, &[ENTER], &[Filter], "done", "Keep the filter and go back to the list"),
    shown(Action::Back, &[ESC], &[Filter], "clear", "Clear the filter"),

    shown(Action::Confirm, &[ENTER], &[FormRole, FormChoice], "start", "Start the interview"),
    shown(Action::Confirm, &[Chord::ctrl('d'), Chord::alt(KeyCode::Enter)], &[FormAdvert], "start", "Start the interview"),
    shown(Action::NextField, &[TAB], &[FormRole, FormChoice, FormAdvert, SignIn], "next field", "Go to the next field"),
    quiet(Action::PreviousField, &[BACK_TAB], &[FormRole, FormChoice, FormAdvert, SignIn], "field before", "Go to the field before"),
    quiet(Action::PreviousField, &[UP], &[FormChoice, SignIn], "field before", "Go to the field before"),
    quiet(Action::NextField, &[DOWN], &[FormChoice, SignIn], "next field", "Go to the next field"),
    shown(Action::Up, &[UP], &[FormRole], "suggestions", "Choose the suggestion before"),
    shown(Action::Down, &[DOWN], &[FormRole], "suggestions", "Choose the next suggestion"),
    shown(Action::Left, &[LEFT, Chord::char('h')], &[FormChoice], "choose", "Choose what is left"),
    shown(Action::Right, &[RIGHT, Chord::char('l')], &[FormChoice], "choose", "Choose what is right"),
    shown(Action::Toggle, &[Chord::char(' ')], &[FormChoice], "mark", "Mark the topic, or take the mark away"),

    shown(Action::Confirm, &[ENTER], &[SignIn], "go", "Sign in, or create the account"),
    shown(Action::OtherForm, &[Chord::ctrl('n')], &[SignIn], "sign in or register", "Change between signing in and creating an account"),

    shown(Action::Submit, &[Chord::ctrl('d'), Chord::alt(KeyCode::Enter)], &[Writing], "submit", "Submit the answer; you are asked once"),
    shown(Action::Edit, &[Chord::ctrl('e'), Chord::key(KeyCode::F(4))], &[Writing], "editor", "Write in $VISUAL or $EDITOR"),
    shown(Action::NextQuestion, &[Chord::ctrl('n')], &[Writing], "next", "Go to the next question"),
    quiet(Action::PreviousQuestion, &[Chord::ctrl('p')], &[Writing], "question before", "Go to the question before"),
    quiet(Action::Save, &[Chord::ctrl('s')], &[Writing], "save now", "Save the draft at once; it is saved while you type"),
    quiet(Action::OtherText, &[Chord::ctrl('o')], &[Writing, FormAdvert], "other text", "Go on with the other text that is kept here"),
    quiet(Action::UndoEdit, &[Chord::ctrl('z')], &[Writing], "undo", "Take back the last change to the text"),
    quiet(Action::RedoEdit, &[Chord::ctrl('y')], &[Writing], "redo", "Make the change again"),
    quiet(Action::Retry, &[Chord::ctrl('r')], &[Writing], "try again", "Ask again for the failed evaluation, or for all"),
    quiet(Action::PageUp, &[PAGE_UP], &[Writing], "scroll question up", "Scroll a long question up"),
    quiet(Action::PageDown, &[PAGE_DOWN], &[Writing], "scroll question down", "Scroll a long question down"),

    shown(Action::Yes, &[ENTER, Chord::char('y')], &[Confirm], "yes", "Submit the answer"),
    shown(Action::No, &[ESC, Chord::char('n')], &[Confirm], "keep writing", "Go on writing"),

    shown(Action::PreviousQuestion, &[LEFT, Chord::char('h'), Chord::char('p'), Chord::ctrl('p')], &[Reading, Report], "question", "Go to the question before"),
    shown(Action::NextQuestion, &[RIGHT, Chord::char('l'), Chord::char('n'), Chord::ctrl('n')], &[Reading, Report], "question", "Go to the next question"),
    shown(Action::TurnPage, &[TAB], &[Report], "answer · example", "Turn to the answer, then to an example of a good one"),
    quiet(Action::TurnBack, &[BACK_TAB], &[Report], "turn back", "Turn back"),
    shown(Action::AnswerAgain, &[Chord::char('t')], &[Reading, Report], "answer again", "Write another answer to this question"),
    shown(Action::Export, &[Chord::char('e')], &[Report], "export", "Save the report as a Markdown file"),
    shown(Action::Retry, &[Chord::char('R'), Chord::ctrl('r')], &[Reading, Report], "try again", "Ask again for the failed evaluation, or for all"),

    shown(Action::Open, &[ENTER], &[Marks], "read", "Read the report at this question"),
    quiet(Action::Star, &[F6], &[Writing], "star", "Give the question a star, or take it away"),
    quiet(Action::Note, &[F7], &[Writing], "note", "Write a note on the question for yourself"),
    quiet(Action::NotAgain, &[Chord::char('x'), F8], &[Reading, Report, Marks], "not again", "Never be asked the question again, or take that back"),
    quiet(Action::NotAgain, &[F8], &[Writing], "not again", "Never be asked the question again, or take that back"),
    quiet(Action::AgainSoon, &[Chord::char('a'), F9], &[Reading, Report, Marks], "again soon", "Be asked the question again soon, or take that back"),
    quiet(Action::AgainSoon, &[F9], &[Writing], "again soon", "Be asked the question again soon, or take that back"),
    quiet(Action::Marks, &[Chord::char('s')], &[Dashboard], "starred", "Look at the questions that you starred or noted"),
    shown(Action::Back, &[ESC, Chord::ctrl('s'), Chord::ctrl('d')], &[Note], "done, text is kept", "Keep the note and close it"),
    quiet(Action::UndoEdit, &[Chord::ctrl('z')], &[Note], "undo", "Take back the last change to the text"),
    quiet(Action::RedoEdit, &[Chord::ctrl('y')], &[Note], "redo", "Make the change again"),

    quiet(Action::LocalModels, &[Chord::char('m')], &[Dashboard], "model", "Look for a language model that runs on this machine"),
    shown(Action::Confirm, &[ENTER], &[Models], "try it", "Have the chosen model evaluate an example answer"),
    shown(Action::Up, &[UP, Chord::char('k')], &[Models], "choose", "Choose the model before"),
    shown(Action::Down, &[DOWN, Chord::char('j')], &[Models], "choose", "Choose the next model"),
    shown(Action::No, &[Chord::char('n')], &[Models], "none of these", "Be offered none of these models again"),
    shown(Action::Back, &[ESC, Chord::char('q')], &[Models], "not now", "Be asked again when Viva starts next"),
    shown(Action::Back, &[ESC, Chord::char('q')], &[Trial], "stop", "Stop the trial"),
    shown(Action::Yes, &[Chord::char('y')], &[Verdict], "use it", "Use the model from now on"),
    shown(Action::Retry, &[Chord::char('r')], &[Verdict], "try again", "Try the model again"),
    shown(Action::No, &[Chord::char('n')], &[Verdict], "not this one", "Be offered this model no more"),
    shown(Action::Back, &[ESC, Chord::char('q')], &[Verdict], "back", "Back to the models"),

    shown(Action::Retry, &[Chord::char('r'), ENTER], &[Fault], "try again", "Try to start again"),

    quiet(Action::Up, &[UP, Chord::char('k')], &[Dashboard, Reading, Report, Marks, Help], "up", "One line up"),
    quiet(Action::Down, &[DOWN, Chord::char('j')], &[Dashboard, Reading, Report, Marks, Help], "down", "One line down"),
    quiet(Action::PageUp, &[PAGE_UP, Chord::ctrl('u')], &[Dashboard, Reading, Report, Marks, Help], "page up", "A page up"),
    quiet(Action::PageDown, &[PAGE_DOWN, Chord::ctrl('d')], &[Dashboard, Reading, Report, Marks, Help], "page down", "A page down"),
    quiet(Action::Top, &[Chord::key(KeyCode::Home), Chord::char('g')], &[Dashboard, Reading, Report, Marks, Help], "top", "To the top"),
    quiet(Action::Bottom, &[Chord::key(KeyCode::End), Chord::char('G')], &[Dashboard, Reading, Report, Marks, Help], "bottom", "To the bottom"),
    quiet(Action::Refresh, &[Chord::key(KeyCode::F(5))], &[Dashboard, Writing, Reading, Report, Marks], "refresh", "Load again"),

    shown(Action::Up, &[UP, Chord::ctrl('p')], &[Palette], "choose", "Choose the command before"),
    shown(Action::Down, &[DOWN, Chord::ctrl('n')], &[Palette], "choose", "Choose the next command"),
    shown(Action::Confirm, &[ENTER], &[Palette], "run", "Run the command"),
    quiet(Action::Palette, &[Chord::char(':'), Chord::ctrl('p')], &[Dashboard, FormChoice], "all commands", "Find a command by its name"),
    quiet(Action::Palette, &[Chord::char(':')], &[Reading, Report, Marks], "all commands", "Find a command by its name"),

    shown(Action::Back, &[ESC], &[FormRole, FormAdvert, SignIn, Palette], "back", "Go back"),
    shown(Action::Back, &[ESC], &[Writing], "leave, text is kept", "Leave the interview; the text is kept"),
    shown(Action::Back, &[ESC, Chord::char('q')], &[FormChoice, Reading, Report, Marks], "back", "Go back"),
    shown(Action::Back, &[ESC, Chord::char('q'), Chord::char('?'), F1], &[Help], "close", "Close the help"),
    quiet(Action::Back, &[ESC], &[Dashboard], "close", "Close the message, then the filter"),
    quiet(Action::Quit, &[Chord::char('q')], &[Dashboard], "quit", "Quit"),
    shown(Action::Quit, &[Chord::char('q'), ESC], &[Fault], "quit", "Quit"),
    quiet(Action::Suspend, &[Chord::ctrl('z')], &[Dashboard, Filter, FormRole, FormChoice, FormAdvert, Reading, Report, Marks, SignIn, Help, Palette, Fault, Models, Trial, Verdict], "to the shell", "Back to the shell; fg returns"),
    quiet(Action::Repaint, &[Chord::ctrl('l')], &Context::ALL, "draw again", "Draw every cell of the screen anew"),
    quiet(Action::Interrupt, &[Chord::ctrl('c')], &Context::ALL, "quit", "Quit when pressed twice; the draft is saved first"),
    // After the way back, which matters more where there is no room for all.
    shown(Action::Star, &[Chord::char('s'), F6], &[Reading, Report, Marks], "star", "Give the question a star, or take it away"),
    shown(Action::Note, &[Chord::char('w'), F7], &[Reading, Report, Marks], "note", "Write a note on the question for yourself"),
    shown(Action::Help, &[Chord::char('?'), F1], &[Dashboard, FormChoice, Reading, Report, Marks, Fault], "help", "Show the keys"),
    shown(Action::Help, &[F1], &[Filter, FormRole, FormAdvert, Writing, SignIn], "help", "Show the keys"),
];
