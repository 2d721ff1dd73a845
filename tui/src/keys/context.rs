//! Where a key can be pressed: each place has its own keys.

/// Where a key is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Context {
    /// The list of interviews.
    Dashboard,
    /// The first steps, in place of an empty list.
    Start,
    /// Typing a filter for the list.
    Filter,
    /// The role of a new interview.
    FormRole,
    /// A choice of a new interview.
    FormChoice,
    /// The topics of a new interview.
    FormTopics,
    /// The language of a new interview.
    FormLanguage,
    /// The job advert of a new interview.
    FormAdvert,
    /// Writing an answer.
    Writing,
    /// Asked whether to submit.
    Confirm,
    /// Asked whether to show the answer.
    ShowMe,
    /// Asked what a new answer starts from.
    Again,
    /// Asked whether to end the interview.
    Ending,
    /// Reading an answered question in the interview.
    Reading,
    /// The report.
    Report,
    /// The points to work on, to choose from.
    Practise,
    /// The points of an answer to challenge, to choose from.
    Challenge,
    /// Marking the words of an answer that make a point.
    Marking,
    /// The sample report.
    Sample,
    /// The list of marked questions.
    Marks,
    /// Writing a note on a question.
    Note,
    /// Answering a point that is due for review.
    Review,
    /// The result of a review, or that nothing is due.
    Reviewed,
    /// The settings.
    Settings,
    /// Typing the editor's command in the settings.
    SettingsEditor,
    /// Signing in to a remote server, or registering there.
    SignIn,
    /// The screen shown when the server could not be started.
    Fault,
    /// The help overlay.
    Help,
    /// The command palette.
    Palette,
    /// Language models on this machine, to choose from.
    Models,
    /// A trial of one of them is running.
    Trial,
    /// The result of the trial.
    Verdict,
}

impl Context {
    /// All contexts, in the order of the help.
    pub(crate) const ALL: [Self; 32] = [
        Self::Dashboard,
        Self::Start,
        Self::Filter,
        Self::FormRole,
        Self::FormChoice,
        Self::FormTopics,
        Self::FormLanguage,
        Self::FormAdvert,
        Self::Writing,
        Self::Confirm,
        Self::ShowMe,
        Self::Ending,
        Self::Reading,
        Self::Report,
        Self::Again,
        Self::Practise,
        Self::Challenge,
        Self::Marking,
        Self::Sample,
        Self::Marks,
        Self::Note,
        Self::Review,
        Self::Reviewed,
        Self::Settings,
        Self::SettingsEditor,
        Self::SignIn,
        Self::Fault,
        Self::Help,
        Self::Palette,
        Self::Models,
        Self::Trial,
        Self::Verdict,
    ];

    /// Whether the app starts here and Esc returns here.
    pub(crate) fn is_home(self) -> bool {
        matches!(self, Self::Dashboard | Self::Start)
    }

    /// Whether it asks, over a text, whether to submit, show or end; No goes back to the text.
    pub(crate) fn asks(self) -> bool {
        matches!(self, Self::Confirm | Self::ShowMe | Self::Ending)
    }

    /// Whether letters are typed into a text here.
    pub(crate) fn is_text(self) -> bool {
        matches!(
            self,
            Self::Filter
                | Self::FormRole
                | Self::FormTopics
                | Self::FormLanguage
                | Self::FormAdvert
                | Self::Writing
                | Self::SignIn
                | Self::Palette
                | Self::SettingsEditor
                | Self::Review
                | Self::Note
        )
    }

    /// The context's name, as shown on the screen.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dashboard => "Interviews",
            Self::Start => "First steps",
            Self::Filter => "Filter",
            Self::FormRole => "New interview: role",
            Self::FormChoice => "New interview: choices",
            Self::FormTopics => "New interview: topics",
            Self::FormLanguage => "New interview: language",
            Self::FormAdvert => "New interview: job advert",
            Self::Writing => "Writing an answer",
            Self::Confirm => "Submitting an answer",
            Self::ShowMe => "Showing the answer",
            Self::Ending => "Ending an interview",
            Self::Again => "Answering again",
            Self::Practise => "Points to work on",
            Self::Challenge => "Challenging a finding",
            Self::Marking => "Marking your words",
            Self::Reading => "Reading an answer",
            Self::Report => "Report",
            Self::Sample => "Sample report",
            Self::Marks => "Starred and noted questions",
            Self::Note => "Writing a note",
            Self::Review => "Reviewing a point",
            Self::Reviewed => "After reviewing a point",
            Self::Settings => "Settings",
            Self::SettingsEditor => "Settings: editor",
            Self::SignIn => "Signing in",
            Self::Fault => "When Viva cannot start",
            Self::Help => "Help",
            Self::Palette => "All commands",
            Self::Models => "Language models on this machine",
            Self::Trial => "While a language model is being tried",
            Self::Verdict => "After trying a language model",
        }
    }
}
