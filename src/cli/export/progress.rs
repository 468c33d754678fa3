//! How far an export is: a bar a store on a terminal, plain lines otherwise.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::db::task::Task;
use crate::domain::gather::TaskStatus;

/// What is shown while stores are read.
pub(super) enum Progress {
    /// A moving line a store.
    Bars(MultiProgress, BTreeMap<String, ProgressBar>),
    /// A line when a store is done.
    Lines(BTreeMap<String, TaskStatus>),
}

impl Progress {
    /// Bars where somebody looks on; nothing moves in a log.
    pub(super) fn new(json: bool) -> Self {
        if io::stderr().is_terminal() && !json {
            Self::Bars(MultiProgress::new(), BTreeMap::new())
        } else {
            Self::Lines(BTreeMap::new())
        }
    }

    /// Shows how far each store is. Goes to stderr, so that a script's output stays clean.
    pub(super) fn show(&mut self, tasks: &[Task], label: impl Fn(&str) -> String) {
        for task in tasks {
            match self {
                Self::Bars(all, bars) => {
                    let bar = bars.entry(task.store.clone()).or_insert_with(|| {
                        let bar = all.add(ProgressBar::new_spinner());
                        bar.set_style(style());
                        bar.set_prefix(label(&task.store));
                        bar.enable_steady_tick(std::time::Duration::from_millis(100));
                        bar
                    });
                    bar.set_message(words(task));
                    if is_over(task.status) && !bar.is_finished() {
                        bar.finish();
                    }
                }
                Self::Lines(seen) => {
                    let before = seen.insert(task.store.clone(), task.status);
                    if is_over(task.status) && before != Some(task.status) {
                        say(&format!("{}: {}", label(&task.store), words(task)));
                    }
                }
            }
        }
    }

    /// Leaves the last state standing.
    pub(super) fn end(self) {
        if let Self::Bars(_, bars) = self {
            for bar in bars.into_values().filter(|bar| !bar.is_finished()) {
                bar.abandon();
            }
        }
    }
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{spinner} {prefix:<24} {msg}  {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
}

#[expect(clippy::print_stderr, reason = "the progress of a command")]
fn say(text: &str) {
    eprintln!("{text}");
}

const fn is_over(status: TaskStatus) -> bool {
    matches!(status, TaskStatus::Done | TaskStatus::Failed | TaskStatus::Skipped)
}

fn words(task: &Task) -> String {
    let found = format!("{} rows, {} files", task.tally.rows, task.tally.files);
    match task.status {
        TaskStatus::Waiting => "waits".to_owned(),
        TaskStatus::Running => match &task.last_error {
            Some(code) => format!("{found}; in trouble: {code}"),
            None => found,
        },
        TaskStatus::Done => format!("done, {found}"),
        TaskStatus::Failed => {
            format!("failed: {}", task.last_error.as_deref().unwrap_or("no reason known"))
        }
        TaskStatus::Skipped => "left out".to_owned(),
    }
}
