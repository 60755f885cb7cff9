//! What is played reaches the sound system: the real ALSA, told to write what it would play into a pipe.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

use std::{
    fs::File,
    io::Read,
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::channel,
    time::Duration,
};

use app::sound::{NoSpeaker, Signal, Speaker};

/// Tells this program, started a second time, that it is the one that plays.
const PLAYS: &str = "VRS_TEST_PLAYS";
/// What the sound system writes: 16 bits, one channel.
const SAMPLES_A_SECOND: usize = 44_100;
const HUNDREDTH: usize = SAMPLES_A_SECOND / 100;
/// Silence after which nothing is expected any more, in hundredths of a second.
const MOST_SILENCE: usize = 1_000_000;

/// Plays the signal named by the environment, and waits to be ended.
#[test]
fn plays_where_it_is_told_to() {
    let name = std::env::var(PLAYS).unwrap_or_default();
    let Some(signal) = Signal::ALL.into_iter().find(|signal| format!("{signal:?}") == name) else { return };
    let (said, heard) = channel();
    let speaker = Speaker::start(move |played| said.send(played).unwrap()).unwrap();
    speaker.play(signal);
    assert_eq!(heard.recv().unwrap(), Ok(()));
    std::thread::sleep(Duration::from_secs(30));
}

/// A second run of this program under that configuration of the sound system.
fn player(configuration: &Path, test: &str, plays: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(PLAYS, plays)
        .env("ALSA_CONFIG_PATH", configuration)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What is played, from its first sound on, one second long. A sound system that plays nowhere does not wait for the time
/// to go by: any length of silence may come first.
fn played(signal: Signal) -> Vec<bool> {
    let folder = tempfile::tempdir().unwrap();
    let (pipe, configuration) = (folder.path().join("played"), folder.path().join("asound.conf"));
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let file = pipe.display();
    let text = format!(
        "pcm.!default {{ type plug slave {{ rate {SAMPLES_A_SECOND} channels 1 format S16_LE pcm {{ type file \
         file \"{file}\" format raw slave.pcm {{ type null }} }} }} }}\n"
    );
    std::fs::write(&configuration, text).unwrap();
    let mut player = player(&configuration, "plays_where_it_is_told_to", &format!("{signal:?}"));
    let mut pipe = File::open(&pipe).unwrap();
    let mut hundredth = || {
        let mut bytes = [0_u8; HUNDREDTH * 2];
        pipe.read_exact(&mut bytes).unwrap();
        let sample = |pair: &[u8]| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / 32_768.0;
        bytes.chunks_exact(2).any(|pair| sample(pair).abs() > 0.1)
    };
    let first = (0..MOST_SILENCE).find(|_| hundredth());
    let played = first.map(|_| std::iter::once(true).chain((1..100).map(|_| hundredth())).collect());
    player.kill().unwrap();
    player.wait().unwrap();
    played.expect("nothing was played")
}

/// Stretches of sound, in hundredths of a second.
fn stretches(loud: &[bool]) -> Vec<usize> {
    loud.chunk_by(|one, other| one == other).filter(|run| run[0]).map(<[bool]>::len).collect()
}

#[test]
fn the_three_sounds_are_heard_and_told_apart_by_number_and_length() {
    for (signal, lengths) in
        [(Signal::Read, vec![18]), (Signal::PersonNeeded, vec![12, 12, 12]), (Signal::Refused, vec![60])]
    {
        let heard = stretches(&played(signal));
        assert_eq!(heard.len(), lengths.len(), "{signal:?}: {heard:?}");
        for (heard, length) in heard.iter().zip(lengths) {
            assert!(heard.abs_diff(length) <= 2, "{signal:?}: {heard} hundredths, {length} wanted");
        }
    }
}

/// A tablet without a speaker stays silent, says so each time, and goes on.
#[test]
fn is_silent_where_it_is_told_to() {
    if std::env::var(PLAYS).as_deref() != Ok("nothing") {
        return;
    }
    let (said, heard) = channel();
    let speaker = Speaker::start(move |played| said.send(played).unwrap()).unwrap();
    for signal in Signal::ALL {
        speaker.play(signal);
        assert_eq!(heard.recv().unwrap(), Err(NoSpeaker));
    }
}

#[test]
fn without_a_speaker_it_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let configuration = folder.path().join("asound.conf");
    std::fs::write(&configuration, "").unwrap();
    let ended = player(&configuration, "is_silent_where_it_is_told_to", "nothing").wait().unwrap();
    assert!(ended.success());
}
