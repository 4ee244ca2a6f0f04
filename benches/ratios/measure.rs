//! Runs programs in turns, and says what they took.

use std::error::Error;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A command that takes part.
pub struct Contender {
    name: String,
    program: OsString,
    words: Vec<OsString>,
    exits: &'static [i32],
}

impl Contender {
    /// `program words… path`; no path when it is empty.
    pub fn new(name: &str, program: impl Into<OsString>, words: &[&str], path: &Path) -> Contender {
        let mut words: Vec<OsString> = words.iter().map(OsString::from).collect();
        if !path.as_os_str().is_empty() {
            words.push(path.into());
        }
        Contender {
            name: name.to_owned(),
            program: program.into(),
            words,
            exits: &[0],
        }
    }

    pub fn named(self, name: &str) -> Contender {
        let name = name.to_owned();
        Contender { name, ..self }
    }

    pub fn with(mut self, words: &[&str]) -> Contender {
        self.words.extend(words.iter().map(OsString::from));
        self
    }

    pub fn may_exit(self, exits: &'static [i32]) -> Contender {
        Contender { exits, ..self }
    }

    /// What it prints goes to a file: some programs stop early when nobody looks.
    fn start(&self) -> Result<Child, Box<dyn Error>> {
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ratios.out");
        let started = Command::new(&self.program)
            .args(&self.words)
            .stdin(Stdio::null())
            .stdout(File::create(out)?)
            .stderr(Stdio::null())
            .spawn();
        started.map_err(|cause| format!("{}: {cause}", self.name).into())
    }

    fn finish(&self, mut child: Child) -> Result<(), Box<dyn Error>> {
        let status = child.wait()?;
        match status.code() {
            Some(code) if self.exits.contains(&code) => Ok(()),
            _ => Err(format!("{}: {status}", self.name).into()),
        }
    }

    fn time(&self) -> Result<Taken, Box<dyn Error>> {
        let before = Busy::now();
        let start = Instant::now();
        self.finish(self.start()?)?;
        let wall = start.elapsed().as_secs_f64();
        let (cpu, others) = before.since();
        Ok(Taken {
            wall,
            cpu,
            disturbed: wall >= WATCHED && others.is_some_and(|others| others > wall / 8.0),
        })
    }

    /// The largest resident set in MiB, where `/proc` tells it. The kernel keeps the peak, but not
    /// beyond the process's end, so the last look counts.
    fn peak(&self) -> Result<Option<f64>, Box<dyn Error>> {
        let mut child = self.start()?;
        let status = format!("/proc/{}/status", child.id());
        let mut peak = None;
        while child.try_wait()?.is_none() {
            let seen = fs::read_to_string(&status).ok().and_then(|text| {
                let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
                line.split_whitespace().nth(1)?.parse::<f64>().ok()
            });
            peak = seen.or(peak);
            std::thread::sleep(Duration::from_micros(500));
        }
        self.finish(child)?;
        Ok(peak.map(|kib| kib / 1024.0))
    }
}

/// What one run took, in seconds.
#[derive(Clone, Copy)]
struct Taken {
    wall: f64,
    /// On all cores; `None` where there is no `/proc`.
    cpu: Option<f64>,
    /// Other processes used more than an eighth of a core meanwhile.
    disturbed: bool,
}

/// Some contenders on one input, and what each round took them.
pub struct Field {
    names: Vec<String>,
    /// By contender, then by round.
    taken: Vec<Vec<Taken>>,
    peaks: Vec<Option<f64>>,
}

/// Runs this long and longer are looked at for disturbances: the kernel counts in hundredths.
const WATCHED: f64 = 0.05;

/// How many runs on one input are run again; on a machine that never rests that would not end.
const PATIENCE: usize = 12;

impl Field {
    /// Lets them run in turns and prints what came of it.
    pub fn run(
        title: &str,
        bytes: Option<u64>,
        rounds: usize,
        contenders: impl IntoIterator<Item = Option<Contender>>,
    ) -> Result<Field, Box<dyn Error>> {
        let contenders: Vec<Contender> = contenders.into_iter().flatten().collect();
        let mut taken = vec![Vec::with_capacity(rounds); contenders.len()];
        let mut peaks = Vec::new();
        for contender in &contenders {
            // The first run also brings the input into memory.
            peaks.push(contender.peak()?);
        }
        let mut patience = PATIENCE;
        for round in 0..rounds {
            for turn in 0..contenders.len() {
                let who = (round + turn) % contenders.len();
                let mut run = contenders[who].time()?;
                while run.disturbed && patience > 0 {
                    patience -= 1;
                    std::thread::sleep(Duration::from_millis(500));
                    run = contenders[who].time()?;
                }
                taken[who].push(run);
            }
        }
        let names = contenders.into_iter().map(|one| one.name).collect();
        let field = Field {
            names,
            taken,
            peaks,
        };
        field.print(title, bytes);
        Ok(field)
    }

    fn print(&self, title: &str, bytes: Option<u64>) {
        let size = bytes.map(|bytes| format!(", {:.1} MB", bytes as f64 / 1e6));
        println!("### {title}{}\n", size.unwrap_or_default());
        println!("| | median ms | least ms | CPU ms | MB/s | entralint / it | peak MiB |");
        println!("|---|---:|---:|---:|---:|---:|---:|");
        for (who, name) in self.names.iter().enumerate() {
            let walls: Vec<f64> = self.taken[who].iter().map(|run| run.wall).collect();
            let least = walls.iter().copied().fold(f64::MAX, f64::min);
            let median = median(walls).unwrap_or_default();
            let cpu = self.cpu(name).filter(|cpu| *cpu >= WATCHED);
            let cpu = cpu.map(|cpu| format!("{:.0}", cpu * 1e3));
            let rate = bytes.map(|bytes| format!("{:.0}", bytes as f64 / 1e6 / median));
            let ratio = self.ratio(&self.names[0], name);
            let peak = self.peaks[who].map(|peak| format!("{peak:.1}"));
            println!(
                "| {name} | {:.2} | {:.2} | {} | {} | {:.3} | {} |",
                median * 1e3,
                least * 1e3,
                cpu.unwrap_or_default(),
                rate.unwrap_or_default(),
                ratio.unwrap_or_default(),
                peak.unwrap_or_default(),
            );
        }
        let runs = || self.taken.iter().flatten();
        let disturbed = runs().filter(|run| run.disturbed).count();
        if disturbed > 0 {
            let all = runs().count();
            println!("\nOther processes disturbed {disturbed} of {all} runs: look at CPU time.");
        }
        println!();
    }

    fn of(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// The median of what one contender took.
    pub fn seconds(&self, name: &str) -> Option<f64> {
        let runs = self.taken[self.of(name)?].iter();
        median(runs.map(|run| run.wall).collect())
    }

    /// The median of the time on all cores together.
    pub fn cpu(&self, name: &str) -> Option<f64> {
        let runs = self.taken[self.of(name)?].iter();
        median(runs.filter_map(|run| run.cpu).collect())
    }

    pub fn peak(&self, name: &str) -> Option<f64> {
        self.peaks[self.of(name)?]
    }

    /// The median over the rounds of one contender's time divided by another's.
    pub fn ratio(&self, one: &str, other: &str) -> Option<f64> {
        self.pairs(one, other, |one, other| one / other)
    }

    /// The median over the rounds of the seconds that one contender took longer.
    pub fn difference(&self, one: &str, other: &str) -> Option<f64> {
        self.pairs(one, other, |one, other| one - other)
    }

    fn pairs(&self, one: &str, other: &str, of: impl Fn(f64, f64) -> f64) -> Option<f64> {
        let (one, other) = (self.of(one)?, self.of(other)?);
        let pairs = self.taken[one].iter().zip(&self.taken[other]);
        median(pairs.map(|(one, other)| of(one.wall, other.wall)).collect())
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = values.get(middle)?;
    match values.len() % 2 {
        0 => Some((values[middle - 1] + upper) / 2.0),
        _ => Some(*upper),
    }
}

/// What processors did so far, in hundredths of a second; `None` where there is no `/proc`.
struct Busy {
    all: Option<u64>,
    ours: Option<u64>,
}

impl Busy {
    fn now() -> Busy {
        let of = |path: &str| fs::read_to_string(path).ok();
        let sum = |numbers: &mut dyn Iterator<Item = &str>| {
            numbers.map(|number| number.parse::<u64>().ok()).sum()
        };
        Busy {
            // user nice system idle iowait irq softirq steal
            all: of("/proc/stat").and_then(|text| {
                let fields: Vec<&str> = text.lines().next()?.split_whitespace().skip(1).collect();
                sum(&mut [0, 1, 2, 5, 6, 7]
                    .into_iter()
                    .filter_map(|at| fields.get(at).copied()))
            }),
            // utime stime cutime cstime; the name before them may hold blanks, but ends with `)`
            ours: of("/proc/self/stat").and_then(|text| {
                sum(&mut text.rsplit_once(')')?.1.split_whitespace().skip(11).take(4))
            }),
        }
    }

    /// What our children used since, and what others did, in seconds.
    fn since(&self) -> (Option<f64>, Option<f64>) {
        let now = Busy::now();
        let since = |later: Option<u64>, earlier| Some(later?.saturating_sub(earlier?));
        let ours = since(now.ours, self.ours);
        let others = since(since(now.all, self.all), ours);
        let seconds = |ticks: Option<u64>| ticks.map(|ticks| ticks as f64 / 100.0);
        (seconds(ours), seconds(others))
    }
}
