//! What the system says of a process: the processor time of each of its threads, its memory.
//!
//! Must not: look at any but the one it was given.

use std::{collections::BTreeMap, fs};

use rustix::time::{ClockId, clock_gettime};
use tests::demo::Failure;

/// Processor time is counted in hundredths of a second wherever Linux shows it (USER_HZ).
const TICKS_A_SECOND: f64 = 100.0;

/// Processor seconds by the thread's name; the first thread is `interface`.
pub(crate) fn cpu_seconds(process: u32) -> Result<BTreeMap<String, f64>, Failure> {
    let mut threads = BTreeMap::new();
    for thread in fs::read_dir(format!("/proc/{process}/task"))? {
        let thread = thread?;
        // A thread may end while its neighbours are read.
        let Ok(stat) = fs::read_to_string(thread.path().join("stat")) else { continue };
        let (name, rest) = stat
            .split_once('(')
            .and_then(|(_, rest)| rest.rsplit_once(") "))
            .ok_or("a thread's line is not as proc(5) says")?;
        let fields: Vec<&str> = rest.split(' ').collect();
        let ticks = |field: usize| fields.get(field).and_then(|text| text.parse::<f64>().ok());
        let (Some(user), Some(system)) = (ticks(11), ticks(12)) else {
            return Err("no processor time".into());
        };
        let is_first = thread.file_name().to_str() == Some(&process.to_string());
        let name = if is_first { "interface" } else { name };
        *threads.entry(name.to_owned()).or_default() += (user + system) / TICKS_A_SECOND;
    }
    Ok(threads)
}

/// Memory of a process in MiB.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Memory {
    /// In RAM now.
    pub(crate) resident: f64,
    /// The most that ever was.
    pub(crate) most: f64,
}

/// How much memory it has now.
pub(crate) fn memory(process: u32) -> Result<Memory, Failure> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let mib = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<f64>().ok().map(|kib| kib / 1024.0)
    };
    match (mib("VmRSS:"), mib("VmHWM:")) {
        (Some(resident), Some(most)) => Ok(Memory { resident, most }),
        _ => Err("the system does not say how much memory it has".into()),
    }
}

/// Processor time of the calling thread, in milliseconds.
pub(crate) fn own_cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

/// How busy the machine was over the last minute.
pub(crate) fn load() -> Result<f64, Failure> {
    let line = fs::read_to_string("/proc/loadavg")?;
    Ok(line.split(' ').next().ok_or("an empty loadavg")?.parse()?)
}
