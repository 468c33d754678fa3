//! One process of a house.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::process::rightsdesk;

/// Milliseconds of a job's lease, where the binary lets it be chosen.
const LEASE: &str = "3000";

/// A process that is started again whenever it was killed.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    /// `all`, `web` or `worker`.
    pub(crate) role: &'static str,
    pub(crate) dir: PathBuf,
    pub(crate) config: PathBuf,
    /// Where its public pages are, if it has any.
    pub(crate) port: Option<u16>,
    pub(crate) environment: Vec<(String, String)>,
    child: Option<Child>,
    /// Whether a file that grows too large is an error to it, and not its end.
    pub(crate) ignores_limit: bool,
    /// What went wrong by itself.
    pub(crate) surprises: Vec<String>,
}

impl Node {
    pub(crate) fn new(
        name: &str,
        role: &'static str,
        dir: PathBuf,
        config: PathBuf,
        port: Option<u16>,
        environment: Vec<(String, String)>,
    ) -> Self {
        let (child, surprises) = (None, Vec::new());
        let (name, ignores_limit) = (name.to_owned(), false);
        Self { name, role, dir, config, port, environment, child, ignores_limit, surprises }
    }

    /// Its log, of all its lives.
    pub(crate) fn log(&self) -> PathBuf {
        self.dir.join("logs").join(format!("{}.log", self.name))
    }

    /// Starts it, to die at a named point if one is given.
    pub(crate) fn start(&mut self, die_at: Option<&str>) {
        assert!(self.child.is_none(), "{} runs already", self.name);
        let err = File::options().create(true).append(true).open(self.log()).unwrap();
        let mut command = rightsdesk();
        if self.ignores_limit {
            // What is ignored stays so over exec.
            let program = command.get_program().to_owned();
            command = Command::new("sh");
            command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(program);
            command.stdin(Stdio::null());
        }
        command.current_dir(&self.dir).envs(self.environment.iter().cloned());
        command.arg("--config").arg(&self.config).args(["serve", "--role", self.role]);
        if cfg!(feature = "crash-points") {
            command.args(["--lease", LEASE]);
            if let Some(point) = die_at {
                command.args(["--crash-at", point]);
            }
        } else {
            assert_eq!(die_at, None, "this binary has no named points");
        }
        command.stdout(Stdio::null()).stderr(err);
        self.child = Some(command.spawn().unwrap());
    }

    /// Whether it is there. One that has ended by itself is noted as a surprise, unless that was
    /// by SIGKILL, at a named point.
    pub(crate) fn is_alive(&mut self) -> bool {
        let Some(child) = &mut self.child else { return false };
        let Some(status) = child.try_wait().unwrap() else { return true };
        self.child = None;
        if status.code().is_some() {
            self.surprises.push(format!("{} ended by itself: {status}", self.name));
        }
        false
    }

    /// Ends it as a power cut does.
    pub(crate) fn kill(&mut self) {
        if self.is_alive() {
            let mut child = self.child.take().unwrap();
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Ends it as a service manager does.
    pub(crate) fn terminate(&mut self) {
        if self.is_alive() {
            self.signal(Signal::TERM);
            let mut child = self.child.take().unwrap();
            let status = child.wait().unwrap();
            if status.code() != Some(0) {
                self.surprises.push(format!("{} did not end well: {status}", self.name));
            }
        }
    }

    /// That it ended by itself was to be expected.
    pub(crate) fn forgive_end(&mut self) {
        if !self.is_alive() {
            self.surprises.clear();
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(self.child.as_ref().unwrap()), signal).unwrap();
    }

    pub(crate) fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Ended already, perhaps; there is nobody to tell.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
