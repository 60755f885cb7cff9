//! What a support code says, in words: for `vrs-central explain`.
//!
//! Must not: know a tablet or a person; a code holds neither.

use record::support::{Part, PartState, SendTrouble, SupportCode, SupportCodeError, range};

/// The lines of a code, Japanese and English beside each other.
///
/// # Errors
/// [`SupportCodeError`] where a later program made the code in another form.
pub fn explain(code: SupportCode) -> Result<Vec<String>, SupportCodeError> {
    let report = code.report()?;
    let [major, minor, patch] = report.program;
    let mut lines = vec![format!("プログラム / program: {major}.{minor}.{patch}")];
    let parts = Part::ALL.into_iter().zip(report.parts);
    lines.extend(parts.map(|(part, state)| format!("{}: {}", part_name(part), state_name(state))));
    lines.push(format!("送信 / sending: {}", trouble_name(report.trouble)));
    for (name, scale, unit) in [
        ("送信待ち / unsent", report.pending_scale, ""),
        ("要確認 / needs a person", report.needs_review_scale, ""),
        ("記録 / records", report.entries_scale, ""),
        ("空き容量 / free space", report.free_mib_scale, " MiB"),
    ] {
        let (least, most) = range(scale);
        lines.push(if least == most {
            format!("{name}: {least}{unit}")
        } else {
            format!("{name}: {least}–{most}{unit}")
        });
    }
    let set_aside = if report.set_aside == 3 { "3+".to_owned() } else { report.set_aside.to_string() };
    lines.push(format!("開けなかった記録ファイル / databases set aside: {set_aside}"));
    Ok(lines)
}

fn part_name(part: Part) -> &'static str {
    match part {
        Part::Camera => "カメラ / camera",
        Part::Light => "明るさ / light",
        Part::Storage => "保存 / storage",
        Part::Clock => "時計 / clock",
        Part::Network => "通信 / network",
        Part::KeyStore => "鍵 / key store",
        Part::Sound => "音 / sound",
    }
}

fn state_name(state: PartState) -> &'static str {
    match state {
        PartState::Unknown => "不明 / not known",
        PartState::Good => "良好 / good",
        PartState::Attention => "注意 / attention",
        PartState::Failed => "使えません / does not work",
    }
}

fn trouble_name(trouble: SendTrouble) -> &'static str {
    match trouble {
        SendTrouble::None => "問題なし / no problem",
        SendTrouble::Unreachable => "中央サーバーに届かない / the central cannot be reached",
        SendTrouble::Broken => "通信が途中で切れる / the connection breaks off",
        SendTrouble::Untrusted => "相手が中央サーバーではない / who answers is not the central",
        SendTrouble::Address => "設定ファイルの送信先が使えない / the bundle's address cannot be used",
        SendTrouble::Nonsense => "答えが読めない / the answer is none",
        SendTrouble::Receipt => "受領証が合わない / a receipt does not fit",
        SendTrouble::NotEnrolled => "登録されていない端末 / the tablet is not enrolled",
        SendTrouble::TokenRefused => "登録用トークンが使えない / the enrolment token was refused",
        SendTrouble::Busy => "中央サーバーが混んでいる / the central is busy",
        SendTrouble::SignatureRefused => "署名が受け付けられない / the signature was refused",
        SendTrouble::Refused => "要求が受け付けられない / the request was refused",
        SendTrouble::Store => "端末の記録ファイルの失敗 / the tablet's database failed",
        SendTrouble::Later => "新しいプログラムの原因 / a cause that a later program knows",
    }
}

#[cfg(test)]
mod tests {
    use record::support::SupportReport;

    use super::*;

    #[test]
    fn a_code_is_explained_in_both_languages() {
        let mut parts = [PartState::Good; 7];
        parts[0] = PartState::Failed;
        let report = SupportReport {
            program: [0, 1, 0],
            parts,
            trouble: SendTrouble::Unreachable,
            pending_scale: 3,
            needs_review_scale: 0,
            entries_scale: 8,
            free_mib_scale: 15,
            set_aside: 0,
        };
        let lines = explain(report.code()).unwrap();
        for line in [
            "プログラム / program: 0.1.0",
            "カメラ / camera: 使えません / does not work",
            "通信 / network: 良好 / good",
            "送信 / sending: 中央サーバーに届かない / the central cannot be reached",
            "送信待ち / unsent: 4–7",
            "要確認 / needs a person: 0",
            "記録 / records: 128–255",
            "空き容量 / free space: 16384–32767 MiB",
            "開けなかった記録ファイル / databases set aside: 0",
        ] {
            assert!(lines.iter().any(|said| said == line), "{line} is missing in {lines:?}");
        }
    }
}
