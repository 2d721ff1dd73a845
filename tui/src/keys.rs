//! The one table of keys. The dispatcher, the footer, the help overlay, the palette and `viva keys`
//! all read it, so they always agree.

mod chord;
mod context;
mod table;
mod typing;

use crossterm::event::KeyEvent;

pub(crate) use self::{
    chord::Chord,
    context::Context,
    table::TABLE,
    typing::{TYPING, VIM},
};

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Opens what is selected.
    Open,
    /// Shows the sample report.
    Sample,
    /// Continues the interview on the card.
    GoOn,
    /// Opens the form for a new interview.
    New,
    /// Opens the report.
    Report,
    /// Deletes the selected interview, with time to undo it.
    Delete,
    /// Undoes a deletion.
    Undelete,
    /// Starts or ends typing a filter.
    Filter,
    /// Loads again.
    Refresh,
    /// One line up.
    Up,
    /// One line down.
    Down,
    /// To the first line.
    Top,
    /// To the last line.
    Bottom,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the previous choice.
    Left,
    /// To the next choice.
    Right,
    /// Turns a choice on or off.
    Toggle,
    /// Reads the named file.
    ReadFile,
    /// To the next field.
    NextField,
    /// To the previous field.
    PreviousField,
    /// Starts the interview, signs in, registers, tries a model.
    Confirm,
    /// Asks whether to submit the answer.
    Submit,
    /// Submits the answer, shows it, starts from the last one, ends the interview, or uses the
    /// model that was tried.
    Yes,
    /// Keeps writing, starts from a blank page, or declines the models.
    No,
    /// Shows the next hint.
    Hint,
    /// Asks whether to show the answer, without a score.
    ShowMe,
    /// Asks whether to end an interview in real mode.
    End,
    /// Asks a follow-up about an answer.
    FollowUp,
    /// Goes to the next open question.
    GoToOpen,
    /// Answers the question in front of the report.
    Answer,
    /// Writes in the external editor.
    Edit,
    /// To the next question.
    NextQuestion,
    /// To the previous question.
    PreviousQuestion,
    /// Requests failed evaluations again, or reloads what failed to load.
    Retry,
    /// Asks what a new answer to an answered question starts from.
    AnswerAgain,
    /// Saves the draft now.
    Save,
    /// Continues with another text that is kept for the same question.
    OtherText,
    /// Undoes the last change to the text.
    UndoEdit,
    /// Redoes it.
    RedoEdit,
    /// Copies the selected text.
    Copy,
    /// Copies the selected text and deletes it.
    Cut,
    /// Inserts the text that was copied last.
    Paste,
    /// Goes to the answer in the report, then to the example.
    TurnPage,
    /// Goes back.
    TurnBack,
    /// Goes to the question with this number.
    Pick,
    /// Opens the points to work on, or answers again for the only one.
    Practise,
    /// Opens the points of an answer that can be challenged.
    Challenge,
    /// Says that a point was made in part.
    Partly,
    /// Copies the text of the report.
    CopyPage,
    /// Saves the report as a file.
    Export,
    /// Gives the question a star, or removes it.
    Star,
    /// Writes a note on the question.
    Note,
    /// Sets or clears the wish never to be asked the question again.
    NotAgain,
    /// Sets or clears the wish to be asked the question again soon.
    AgainSoon,
    /// Opens the list of marked questions.
    Marks,
    /// Shows the language models on this machine.
    LocalModels,
    /// Reviews the points that are due.
    Review,
    /// Opens the settings.
    Settings,
    /// Changes between signing in and registering.
    OtherForm,
    /// Shows the keys.
    Help,
    /// Shows all commands.
    Palette,
    /// Returns the terminal to the shell until the app is resumed.
    Suspend,
    /// Redraws the whole screen.
    Repaint,
    /// Goes up one layer; never discards text.
    Back,
    /// Quits.
    Quit,
    /// Quits when pressed twice.
    Interrupt,
}

/// A line of the table.
#[derive(Debug)]
pub(crate) struct Binding {
    /// What the keys do.
    pub(crate) action: Action,
    /// The keys; the footer shows the first.
    pub(crate) chords: &'static [Chord],
    /// Where the keys work.
    pub(crate) contexts: &'static [Context],
    /// The label in the footer; neighbours with the same label share it.
    pub(crate) label: &'static str,
    /// The text in the help.
    pub(crate) help: &'static str,
    /// Whether the footer shows it.
    pub(crate) footer: bool,
}

/// What `key` does in `context`, if anything.
pub(crate) fn action(context: Context, key: KeyEvent) -> Option<Action> {
    let chord = Chord::from(key);
    bindings(context).find(|binding| binding.chords.contains(&chord)).map(|b| b.action)
}

/// The lines of the table for `context`, in order.
pub(crate) fn bindings(context: Context) -> impl Iterator<Item = &'static Binding> {
    TABLE.iter().filter(move |binding| binding.contexts.contains(&context))
}

/// The keys of a line of the table, as shown on the screen.
pub(crate) fn labels(binding: &Binding) -> String {
    if let (Action::Pick, [first, .., last]) = (binding.action, binding.chords) {
        let (low, high) =
            if last.digit() == Some(0) { (last, "9".to_owned()) } else { (first, last.label()) };
        return format!("{} to {high}", low.label());
    }
    binding.chords.iter().map(|chord| chord.label()).collect::<Vec<_>>().join(", ")
}

/// The key for `action` in `context`, as shown on the screen.
pub(crate) fn label(context: Context, action: Action) -> String {
    let binding = bindings(context).find(|binding| binding.action == action);
    binding.and_then(|b| b.chords.first()).map(|c| c.label()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_key_has_two_meanings_in_one_context() {
        for context in Context::ALL {
            let mut seen = BTreeSet::new();
            for chord in bindings(context).flat_map(|b| b.chords) {
                assert!(seen.insert(chord.label()), "{context:?} {}", chord.label());
            }
        }
    }

    #[test]
    fn every_key_of_the_table_does_its_action() {
        for context in Context::ALL {
            for binding in bindings(context) {
                for chord in binding.chords {
                    assert_eq!(action(context, chord.event()), Some(binding.action));
                }
            }
        }
    }

    #[test]
    fn every_context_can_be_left_and_explained() {
        for context in Context::ALL {
            let has = |wanted| bindings(context).any(|b| b.action == wanted);
            assert!(has(Action::Interrupt), "{context:?}");
            assert!(has(Action::Back) || has(Action::Quit) || has(Action::No), "{context:?}");
            assert!(bindings(context).all(|b| !b.help.is_empty() && !b.label.is_empty()));
        }
    }

    #[test]
    fn ctrl_p_opens_the_palette_everywhere_and_closes_it_there() {
        for context in Context::ALL {
            let wanted = if context == Context::Palette { Action::Back } else { Action::Palette };
            let key = Chord::ctrl('p').event();
            assert_eq!(action(context, key), Some(wanted), "{context:?}");
        }
    }

    #[test]
    fn letters_are_typed_where_text_is_edited() {
        for context in Context::ALL.into_iter().filter(|context| context.is_text()) {
            // Topic names contain no spaces, so the space bar is free there.
            let typing = bindings(context).filter(|binding| binding.action != Action::Toggle);
            for binding in typing {
                assert!(binding.chords.iter().all(|c| !c.types_text()), "{context:?} {binding:?}");
            }
        }
    }
}
