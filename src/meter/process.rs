//! What the system knows about this process, under the names that Prometheus's own clients use.

use std::fs;
use std::time::Duration;

use jiff::Timestamp;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};
use rustix::time::{ClockId, clock_gettime};

/// One look at this process.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Process {
    /// When it started.
    pub started: Timestamp,
    /// Bytes in memory; `None` where the system does not tell.
    pub memory: Option<u64>,
    /// Files and connections that are open.
    pub files: Option<u64>,
    /// Time that processors spent on it.
    pub busy: Duration,
}

impl Process {
    /// Looks now.
    pub fn look(started: Timestamp) -> Self {
        let status = fs::read_to_string("/proc/self/status").ok();
        let busy = clock_gettime(ClockId::ProcessCPUTime);
        Self {
            started,
            memory: status.as_deref().and_then(memory),
            // One of them is the look itself.
            files: fs::read_dir("/proc/self/fd").ok().map(|open| open.count() as u64 - 1),
            busy: Duration::try_from(busy).unwrap_or_default(),
        }
    }

    pub(super) fn register(&self, registry: &mut Registry) {
        let started = Gauge::<i64>::default();
        started.set(self.started.as_second());
        let help = "When the process started";
        registry.register_with_unit("start_time", help, Unit::Seconds, started);
        let busy = Counter::<f64, std::sync::atomic::AtomicU64>::default();
        busy.inc_by(self.busy.as_secs_f64());
        let help = "Time that processors spent on it";
        registry.register_with_unit("cpu", help, Unit::Seconds, busy);
        let mut tell = |name, help, unit, count: Option<u64>| {
            let Some(count) = count else { return };
            let gauge = Gauge::<i64>::default();
            gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
            match unit {
                Some(unit) => registry.register_with_unit(name, help, unit, gauge),
                None => registry.register(name, help, gauge),
            }
        };
        tell("resident_memory", "Memory in use", Some(Unit::Bytes), self.memory);
        tell("open_fds", "Files and connections that are open", None, self.files);
    }
}

/// Resident bytes, of what proc(5) says in `/proc/self/status`.
fn memory(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_memory_files_and_time_spent() {
        let look = Process::look(Timestamp::UNIX_EPOCH);
        assert!(look.memory.unwrap() > 100_000, "{look:?}");
        assert!(look.files.unwrap() > 2, "{look:?}");
        assert!(look.busy > Duration::ZERO, "{look:?}");
        assert_eq!(memory("VmRSS:\t    1234 kB\n"), Some(1_263_616));
        assert_eq!(memory("Name: x\n"), None);
    }
}
