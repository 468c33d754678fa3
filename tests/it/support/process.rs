//! The binary as a process that ends with its test.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::{free_port, wait_for};

/// The program, without anything of the caller's environment that it reads.
pub(crate) fn rightsdesk() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rightsdesk"));
    command.stdin(Stdio::null()).env_remove("RIGHTSDESK_CONFIG");
    command
}

/// What one command answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Answer {
    /// The one JSON object on stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// Its exit code and whether it says all of `words`.
    #[track_caller]
    pub(crate) fn expect(&self, code: i32, words: &[&str]) -> &Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        for word in words {
            assert!(self.out.contains(word) || self.err.contains(word), "no {word:?} in {self:?}");
        }
        self
    }
}

impl From<Output> for Answer {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// Runs a command to its end, in `dir`.
pub(crate) fn run(dir: &Path, args: &[&str]) -> Answer {
    rightsdesk().current_dir(dir).args(args).output().unwrap().into()
}

/// A `demo` or `serve` that runs. Killed when dropped.
pub(crate) struct Running {
    child: Child,
    log: PathBuf,
    /// Where its pages are, without a slash at the end.
    pub(crate) base: String,
    /// Where its mails lie.
    pub(crate) mails: PathBuf,
    /// The line that it printed when it was ready.
    pub(crate) ready: Value,
}

impl Running {
    /// A demo in `dir` on a free port.
    pub(crate) fn demo(dir: &Path) -> Self {
        let listen = format!("127.0.0.1:{}", free_port());
        let mut command = rightsdesk();
        command.arg("demo").arg("--dir").arg(dir).args(["--listen", &listen, "--json"]);
        let log = dir.with_extension("log");
        Self::start(command, log, format!("http://{listen}"), dir.join("mail"))
    }

    /// `serve` in `dir`, whose configuration says that it is at `base`.
    pub(crate) fn serve(dir: &Path, base: &str) -> Self {
        let mut command = rightsdesk();
        command.current_dir(dir).args(["serve", "--json"]);
        Self::start(command, dir.join("serve.log"), base.to_owned(), dir.join("mail"))
    }

    /// Starts `command` and waits until it says that it is ready.
    #[track_caller]
    pub(crate) fn start(mut command: Command, log: PathBuf, base: String, mails: PathBuf) -> Self {
        let err = File::options().create(true).append(true).open(&log).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(err).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_default();
        let running = Self { child, log, base, mails, ready };
        assert!(running.ready.is_object(), "not ready: {line} {}", running.said());
        running
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it wrote to stderr.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// The address at `at` of those that the demo offers.
    pub(crate) fn offered(&self, at: usize) -> String {
        self.ready["try"][at].as_str().unwrap().to_owned()
    }

    /// Ends it as a service manager does, and gives its exit code.
    pub(crate) fn terminate(mut self) -> Option<i32> {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, Signal::TERM).unwrap();
        let child = &mut self.child;
        wait_for("the end of the process", || child.try_wait().unwrap()).code()
    }

    /// Ends it as a power cut does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Ended already, mostly; there is nobody to tell.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let mut said = String::new();
            let _ = File::open(&self.log).and_then(|mut log| log.read_to_string(&mut said));
            println!("the process said: {said}");
        }
    }
}
