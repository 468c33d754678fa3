//! What is wrong in a configuration, where, and what to write instead.

use std::fmt;

use crate::domain::code::stored_words;

/// One thing that keeps the service from starting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// What kind of thing, for scripts.
    pub code: ConfigCode,
    /// The file as it was named and the line, from 1. Line 1 when the key is not written at all.
    pub place: String,
    /// The key, `[web] base_url`; empty when no key is to blame.
    pub key: String,
    /// What is wrong and what to write instead. Never the value of a secret.
    pub message: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.key.is_empty() {
            write!(f, "{}: {}", self.place, self.message)
        } else {
            write!(f, "{}: {}: {}", self.place, self.key, self.message)
        }
    }
}

impl std::error::Error for ConfigError {}

/// The kinds of errors in a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConfigCode {
    /// There is no such file.
    NoConfigFile,
    /// The file is there and cannot be read.
    Unreadable,
    /// It is not TOML.
    Syntax,
    /// A key or a section that we do not know.
    UnknownKey,
    /// A key that has to be written.
    MissingKey,
    /// A number where a text belongs, and the like.
    WrongType,
    /// A length of time that cannot be read, unit and all.
    BadDuration,
    /// Another value that cannot be.
    BadValue,
    /// A secret that stands in the file itself.
    LiteralSecret,
    /// A secret's variable or file is not there, or empty.
    MissingSecret,
    /// Others may read a secret's file.
    ReadableSecret,
    /// There is no root key.
    MissingKeyFile,
    /// Others may read the root key.
    ReadableKeyFile,
    /// The root key's file cannot be used.
    BadKeyFile,
    /// The folder belongs to `rightsdesk demo`.
    DemoFolder,
}

stored_words!(ConfigCode {
    NoConfigFile = "no_config_file",
    Unreadable = "unreadable",
    Syntax = "syntax",
    UnknownKey = "unknown_key",
    MissingKey = "missing_key",
    WrongType = "wrong_type",
    BadDuration = "bad_duration",
    BadValue = "bad_value",
    LiteralSecret = "literal_secret",
    MissingSecret = "missing_secret",
    ReadableSecret = "readable_secret",
    MissingKeyFile = "missing_key_file",
    ReadableKeyFile = "readable_key_file",
    BadKeyFile = "bad_key_file",
    DemoFolder = "demo_folder",
});

/// A value that is refused, before anybody knows where it stood.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) code: ConfigCode,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(code: ConfigCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// A value that cannot be; `message` says what to write.
    pub(super) fn value(message: impl Into<String>) -> Self {
        Self::new(ConfigCode::BadValue, message)
    }
}
