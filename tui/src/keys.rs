//! The one table of keys. The dispatcher, the footer, the help overlay, the palette and
//! `viva keys` all read it, so none of them can say what another does not do.

mod chord;
mod table;

use crossterm::event::KeyEvent;

pub(crate) use self::{chord::Chord, table::TABLE};

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Opens what is selected.
    Open,
    /// Goes on with the interview on the card.
    GoOn,
    /// Opens the form for a new interview.
    New,
    /// Opens the report.
    Report,
    /// Deletes the selected interview, with time to undo it.
    Delete,
    /// Takes a deletion back.
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
    /// To the choice before.
    Left,
    /// To the choice after.
    Right,
    /// Turns a choice on or off.
    Toggle,
    /// To the next field.
    NextField,
    /// To the field before.
    PreviousField,
    /// Starts the interview, signs in, registers, tries a model.
    Confirm,
    /// Asks whether to submit the answer.
    Submit,
    /// Submits it; uses the model that was tried.
    Yes,
    /// Goes on writing; wants none of the models.
    No,
    /// Writes in the external editor.
    Edit,
    /// To the next question.
    NextQuestion,
    /// To the question before.
    PreviousQuestion,
    /// Asks for failed evaluations again, or loads again what failed to load.
    Retry,
    /// Writes another answer to an answered question.
    AnswerAgain,
    /// Saves the draft at once.
    Save,
    /// Goes on with another text that is kept for the same.
    OtherText,
    /// Takes back the last change to the text.
    UndoEdit,
    /// Makes it again.
    RedoEdit,
    /// Turns to the next page of the report's lower half.
    TurnPage,
    /// Turns back.
    TurnBack,
    /// Saves the report as a file.
    Export,
    /// Gives the question a star, or takes it away.
    Star,
    /// Writes a note on the question.
    Note,
    /// Never to be asked the question again, or that after all.
    NotAgain,
    /// To be asked the question again soon, or not after all.
    AgainSoon,
    /// Opens the list of marked questions.
    Marks,
    /// Looks at the language models on this machine.
    LocalModels,
    /// Changes between signing in and registering.
    OtherForm,
    /// Shows the keys.
    Help,
    /// Shows all commands.
    Palette,
    /// Hands the terminal back to the shell for a while.
    Suspend,
    /// Draws the whole screen anew.
    Repaint,
    /// One layer up; never destroys text.
    Back,
    /// Quits.
    Quit,
    /// Quits when pressed twice.
    Interrupt,
}

/// Where a key is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Context {
    /// The list of interviews.
    Dashboard,
    /// Typing a filter for the list.
    Filter,
    /// The role of a new interview.
    FormRole,
    /// A choice of a new interview.
    FormChoice,
    /// The job advert of a new interview.
    FormAdvert,
    /// Writing an answer.
    Writing,
    /// Asked whether to submit.
    Confirm,
    /// Looking at an answered question in the interview.
    Reading,
    /// The report.
    Report,
    /// The list of marked questions.
    Marks,
    /// Writing a note on a question.
    Note,
    /// Signing in to a remote server, or registering there.
    SignIn,
    /// The server could not be started.
    Fault,
    /// The help overlay.
    Help,
    /// The command palette.
    Palette,
    /// Language models on this machine, to choose from.
    Models,
    /// One of them is being tried.
    Trial,
    /// What the trial has shown.
    Verdict,
}

impl Context {
    /// All of them, in the order they are explained in.
    pub(crate) const ALL: [Self; 18] = [
        Self::Dashboard,
        Self::Filter,
        Self::FormRole,
        Self::FormChoice,
        Self::FormAdvert,
        Self::Writing,
        Self::Confirm,
        Self::Reading,
        Self::Report,
        Self::Marks,
        Self::Note,
        Self::SignIn,
        Self::Fault,
        Self::Help,
        Self::Palette,
        Self::Models,
        Self::Trial,
        Self::Verdict,
    ];

    /// Its name, for a person.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dashboard => "Interviews",
            Self::Filter => "Filter",
            Self::FormRole => "New interview: role",
            Self::FormChoice => "New interview: choices",
            Self::FormAdvert => "New interview: job advert",
            Self::Writing => "Writing an answer",
            Self::Confirm => "Submitting an answer",
            Self::Reading => "Looking at an answer",
            Self::Report => "Report",
            Self::Marks => "Starred and noted questions",
            Self::Note => "Writing a note",
            Self::SignIn => "Signing in",
            Self::Fault => "When Viva cannot start",
            Self::Help => "Help",
            Self::Palette => "All commands",
            Self::Models => "Language models on this machine",
            Self::Trial => "While a language model is tried",
            Self::Verdict => "When a language model was tried",
        }
    }
}

/// A line of the table.
#[derive(Debug)]
pub(crate) struct Binding {
    /// What it does.
    pub(crate) action: Action,
    /// The keys, the first of them shown in the footer.
    pub(crate) chords: &'static [Chord],
    /// Where they do it.
    pub(crate) contexts: &'static [Context],
    /// For the footer; neighbours with the same label share it.
    pub(crate) label: &'static str,
    /// For the help.
    pub(crate) help: &'static str,
    /// Whether the footer has it.
    pub(crate) footer: bool,
}

/// What `key` does in `context`, if anything.
pub(crate) fn action(context: Context, key: KeyEvent) -> Option<Action> {
    let chord = Chord::from(key);
    bindings(context).find(|binding| binding.chords.contains(&chord)).map(|b| b.action)
}

/// The lines of the table that hold in `context`, in order.
pub(crate) fn bindings(context: Context) -> impl Iterator<Item = &'static Binding> {
    TABLE.iter().filter(move |binding| binding.contexts.contains(&context))
}

/// The key for `action` in `context`, as a person reads it.
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
    fn every_key_of_the_table_does_what_the_table_says() {
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
    fn letters_type_where_there_is_text() {
        use Context::{Filter, FormAdvert, FormRole, Note, Palette, SignIn, Writing};
        for context in [Filter, FormRole, FormAdvert, Writing, SignIn, Palette, Note] {
            for binding in bindings(context) {
                assert!(binding.chords.iter().all(|c| !c.types_text()), "{context:?} {binding:?}");
            }
        }
    }
}
