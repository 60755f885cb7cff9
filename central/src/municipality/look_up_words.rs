//! Words of look-ups in other municipalities, in both languages.
//!
//! Must not: hold a number or a name.

use crate::lookups::{By, Consent, HardToObtain, LookUpPurpose};

both! {
    /// Fixed words.
    LookUpWords by look_up_words {
        title: "他の市区町村への照会", "Look up in another municipality";
        lead: "回答として表示されるのは、有効な接種の回数、接種年月日、ワクチン、ロット番号だけです。照会は、回答の有無にかかわらず、この市区町村と相手の市区町村の両方の操作の記録に残ります。",
            "The answer holds the number, date, vaccine and lot of the doses that stand, and nothing else. Every look-up is recorded in the audits of both municipalities, whether or not it is answered.";
        whom: "照会する人", "Person";
        of: "照会先の市区町村", "Municipality to ask";
        of_hint: "6桁の市区町村コードか名前を入力し、候補から選んでください。", "Type the six-digit code or the name and choose from the list.";
        by: "探し方", "Look for the person by";
        by_number: "個人番号(登録されている番号を使います。入力は不要です)", "Individual number (the registered one is used; nothing is typed)";
        by_name: "氏名カナと生年月日(登録されている内容を使います)", "Name in kana and birth date, as registered";
        no_number: "この人の個人番号は登録されていないため、個人番号では探せません。", "No individual number is registered for this person.";
        no_kana: "この人の氏名カナは登録されていないため、氏名では探せません。", "No name in kana is registered for this person.";
        purpose: "照会の目的", "Purpose";
        before_vaccination: "接種の前に、これまでの接種の回数と間隔を確かめる", "To check earlier doses and intervals before a vaccination";
        moved_in: "転入した人に接種券を発行する", "To issue a coupon to somebody who moved here";
        certificate: "接種の証明書を発行する", "To issue a certificate of vaccination";
        health_damage: "副反応や健康被害に対応する", "To respond to side effects or damage to health";
        check_record: "記録の誤りを確かめる", "To check whether a record is wrong";
        ground: "根拠", "Legal ground";
        ground_confirm: "この照会が上の根拠に当たることを確かめました", "I have checked that this look-up falls under the ground above";
        as_of: "引用の時点", "Cited as of";
        consent: "本人の同意", "Consent of the person";
        obtained: "本人の同意を得た", "Consent was obtained";
        hard: "本人の同意を得ることが困難である(理由を選んでください)", "Consent is hard to obtain (choose why)";
        why_hard: "同意を得ることが困難な理由", "Why consent is hard to obtain";
        choose: "(同意を得られないときに選ぶ)", "(choose where there is no consent)";
        no_contact: "本人と連絡が取れない", "The person cannot be reached";
        cannot_say: "本人が意思を示すことができない", "The person cannot express a will";
        urgent: "急いで対応する必要があり、同意を得る時間がない", "There is no time to obtain it";
        document: "文書番号(任意)", "Document number (optional)";
        document_hint: "同意書や起案文書の番号。30文字まで、数字を含めてください。氏名など個人の情報は書かないでください。",
            "Of the consent form or the case. Up to 30 characters with a digit in it. Write nothing about a person.";
        ask: "照会する", "Look up";
        back: "この人の記録に戻る", "Back to this person";
        answer: "回答", "Answer";
        no_doses: "この人は照会先に登録されていますが、有効な接種の記録はありません。", "The person is registered there; no dose stands.";
        not_found: "照会先で、この人であると確かめられる人は見つかりませんでした。照会先の市区町村と、探し方を確かめてください。それでも見つからないときは、照会先に電話などで確認してください。",
            "Nobody was found there who is surely this person. Check the municipality and what is looked for; if that does not help, ask the other office directly.";
        not_unique: "照会先に、同じ氏名カナと生年月日の人が2人以上います。取り違えを防ぐため、回答は表示しません。個人番号で照会するか、照会先に確認してください。",
            "Two or more people there share this name and birth date. Nothing is shown, so that nobody is taken for another. Look up by individual number, or ask the other office.";
        contradicts: "個人番号は照会先にありますが、生年月日がこの市区町村の登録と違います。どちらかの登録が誤っているため、回答は表示しません。本人の書類で確かめ、誤っている方を訂正してください。",
            "The individual number is known there, with another birth date. One of the two registrations is wrong, so nothing is shown. Check the person's papers and have the wrong one corrected.";
        recorded: "この照会は、両方の市区町村の操作の記録に残りました。", "This look-up was recorded in the audits of both municipalities.";
        stale_form: "画面を開いてから時間がたちました。内容を確かめて、もう一度照会してください。", "This page was open for too long. Check it and look up again.";
        need_of: "照会先の市区町村が分かりません。6桁の市区町村コードを入力するか、候補から選んでください。", "The municipality is not known. Enter its six-digit code or choose from the list.";
        need_other: "照会先が、この市区町村です。この市区町村の記録は「接種対象者」で確認できます。", "That is your own municipality. See its records under People.";
        need_by: "探し方が選ばれていないか、この人には使えません。使えるものを1つ選んでください。", "Choose a way to look for the person that can be used.";
        need_purpose: "照会の目的が選ばれていません。1つ選んでください。", "No purpose is chosen. Choose one.";
        need_ground: "根拠の確認が必要です。照会が根拠に当たることを確かめて、印を付けてください。", "The ground has to be confirmed. Check it and tick the box.";
        ground_changed: "根拠の文が変わりました。今の文を確かめて、もう一度照会してください。", "The ground was changed meanwhile. Read it and look up again.";
        need_consent: "本人の同意の有無が選ばれていません。同意を得られないときは、その理由も選んでください。", "Say whether consent was obtained and, if not, why.";
        wrong_document: "文書番号は、数字を含む30文字までの1行で入力してください。", "A document number is one line of up to 30 characters with a digit in it.";
        too_many: "このアカウントの1時間あたりの照会の上限に達したため、照会していません。時間をおいてからやり直してください。急ぐときは、ほかの担当者が照会してください。",
            "This account has reached the limit of look-ups in an hour; nothing was looked up. Try again later, or have a colleague do it.";
        made: "照会した記録", "Look-ups made";
        received: "照会された記録", "Look-ups received";
        made_lead: "この市区町村の担当者が、他の市区町村に照会した記録です。新しい順です。新しい照会は、接種対象者の画面から行います。",
            "What officers of this municipality looked up elsewhere, the newest first. A new look-up begins on a person's page.";
        received_lead: "他の市区町村が、この市区町村に登録されている人について照会した記録です。新しい順です。",
            "What other municipalities looked up about people registered here, the newest first.";
        no_made: "他の市区町村への照会は、まだありません。", "No look-up was made yet.";
        no_received: "他の市区町村からの照会は、まだありません。", "No look-up was received yet.";
        when: "日時", "When";
        asked: "照会先", "Asked";
        asks: "照会元", "Asked by";
        account: "アカウント", "Account";
        who: "対象の人", "About";
        result: "回答", "Answer";
        nobody: "該当なし", "Nobody";
        number: "照会番号", "Look-up number";
        line: "記録の番号", "Line";
        answered_not_found: "見つからず、回答なし", "Not found, not answered";
        answered_not_unique: "1人に定まらず、回答なし", "Not unique, not answered";
        answered_contradicts: "登録に違いがあり、回答なし", "Registrations differ, not answered";
        answered_none: "有効な接種なし", "No dose stands";
        older: "さらに前の記録", "Older lines";
        newest: "最新の記録に戻る", "Back to the newest";
        number_short: "個人番号", "Individual number";
        name_short: "氏名カナと生年月日", "Name and birth date";
        bad_question: "この条件は使えません。条件を選び直してください。", "These conditions cannot be used. Choose them again.";
        purpose_column: "目的・根拠・同意", "Purpose, ground, consent";
    }
}

impl LookUpWords {
    pub(super) fn purpose_word(&self, purpose: LookUpPurpose) -> &'static str {
        match purpose {
            LookUpPurpose::BeforeVaccination => self.before_vaccination,
            LookUpPurpose::MovedIn => self.moved_in,
            LookUpPurpose::Certificate => self.certificate,
            LookUpPurpose::HealthDamage => self.health_damage,
            LookUpPurpose::CheckRecord => self.check_record,
        }
    }
    pub(super) fn hard_word(&self, why: HardToObtain) -> &'static str {
        match why {
            HardToObtain::NoContact => self.no_contact,
            HardToObtain::CannotSay => self.cannot_say,
            HardToObtain::Urgent => self.urgent,
        }
    }
    pub(super) fn consent_word(&self, consent: Consent) -> &'static str {
        match consent {
            Consent::Obtained => self.obtained,
            Consent::HardToObtain(why) => self.hard_word(why),
        }
    }
    pub(super) fn by_word(&self, by: By) -> &'static str {
        match by {
            By::PersonalNumber => self.number_short,
            By::NameAndBirth => self.name_short,
        }
    }
}
