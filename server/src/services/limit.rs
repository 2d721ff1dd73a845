//! The limits that a call can reach, and the words for each.

/// A limit on how often something is done, or on how much of it is done at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Calls from one address in a minute.
    CallsPerAddress(u32),
    /// Calls for one account in a minute.
    CallsPerAccount(u32),
    /// Passwords tried from one address.
    Passwords,
    /// Registrations from one address.
    Registrations,
    /// Invalid refresh tokens from one address.
    RefreshTokens,
    /// Passwords of all callers that the process hashes at once.
    Hashing,
    /// Open watches of one account.
    Watches(usize),
    /// Batches of one account that are being graded.
    Batches(usize),
    /// Single answers of one account that are being graded.
    GradeCalls(usize),
    /// Reviews of one account that are being graded.
    Reviews(usize),
    /// Searches of one account that are in progress.
    Searches(usize),
    /// Exports of one account that are being written.
    AccountExports(usize),
    /// PDF files of one account that are being made.
    Pdfs(usize),
}

impl Limit {
    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CallsPerAddress(_) => "CALLS_PER_ADDRESS",
            Self::CallsPerAccount(_) => "CALLS_PER_ACCOUNT",
            Self::Passwords => "PASSWORDS_PER_ADDRESS",
            Self::Registrations => "REGISTRATIONS_PER_ADDRESS",
            Self::RefreshTokens => "REFRESH_TOKENS_PER_ADDRESS",
            Self::Hashing => "PASSWORDS_AT_ONCE",
            Self::Watches(_) => "WATCHES_PER_ACCOUNT",
            Self::Batches(_) => "BATCHES_PER_ACCOUNT",
            Self::GradeCalls(_) => "GRADE_CALLS_PER_ACCOUNT",
            Self::Reviews(_) => "REVIEWS_PER_ACCOUNT",
            Self::Searches(_) => "SEARCHES_PER_ACCOUNT",
            Self::AccountExports(_) => "EXPORTS_PER_ACCOUNT",
            Self::Pdfs(_) => "PDFS_PER_ACCOUNT",
        }
    }

    /// What it is counted for.
    pub const fn subject(self) -> &'static str {
        match self {
            Self::CallsPerAddress(_)
            | Self::Passwords
            | Self::Registrations
            | Self::RefreshTokens => "address",
            Self::Hashing => "server",
            Self::CallsPerAccount(_)
            | Self::Watches(_)
            | Self::Batches(_)
            | Self::GradeCalls(_)
            | Self::Reviews(_)
            | Self::Searches(_)
            | Self::AccountExports(_)
            | Self::Pdfs(_) => "account",
        }
    }

    /// What is allowed or was exceeded, as part of a sentence.
    pub fn words(self) -> String {
        match self {
            Self::CallsPerAddress(most) => format!("at most {most} calls a minute from an address"),
            Self::CallsPerAccount(most) => format!("at most {most} calls a minute for an account"),
            Self::Passwords => "too many passwords were tried from this address".to_owned(),
            Self::Registrations => "too many registrations from this address".to_owned(),
            Self::RefreshTokens => {
                "too many invalid refresh tokens came from this address".to_owned()
            }
            Self::Hashing => "too many people are signing in at the moment".to_owned(),
            Self::Watches(most) => format!("at most {most} open watches for an account"),
            Self::Batches(most) => format!("at most {most} batches at once for an account"),
            Self::GradeCalls(most) => {
                format!("at most {most} GradeAnswer calls at once for an account; use a batch")
            }
            Self::Reviews(most) => format!("at most {most} reviews at once for an account"),
            Self::Searches(most) => format!("at most {most} searches at once for an account"),
            Self::AccountExports(most) => format!("at most {most} exports at once for an account"),
            Self::Pdfs(most) => format!("at most {most} PDF at once for an account"),
        }
    }
}
