//! Words of the pages about people and the entries of a coupon, in both languages.
//!
//! Must not: hold a number or a name.

both! {
    /// Fixed words.
    PeopleWords by people_words {
        title: "接種対象者を探す", "Find a person";
        lead: "一覧は表示されません。探す人の番号か、氏名カナと生年月日を入力してください。検索と表示は、操作の記録に残ります。",
            "There is no list. Enter the person's number, or their name in kana and birth date. Searches and views are recorded in the audit.";
        by_address_number: "宛名番号で探す", "By resident number (宛名番号)";
        by_coupon: "接種券番号で探す", "By coupon number";
        by_name: "氏名カナと生年月日で探す", "By name in kana and birth date";
        address_number: "宛名番号", "Resident number (宛名番号)";
        coupon: "接種券番号", "Coupon number";
        coupon_hint: "10桁の数字", "10 digits";
        kana: "氏名カナ", "Name in kana";
        kana_hint: "全角・半角・ひらがなのどれでも、空白があってもなくても探せます。氏名カナの登録がない人は見つかりません。",
            "Full or half width, katakana or hiragana, with or without blanks. People who are registered without kana are not found.";
        born_on: "生年月日", "Birth date";
        born_hint: "例: 1950-04-01", "For example 1950-04-01";
        find: "探す", "Find";
        stale_form: "画面を開いてから時間がたちました。もう一度入力してください。", "This page was open for too long. Enter it again.";
        no_address_number: "宛名番号は1文字から20文字の1行で入力してください。", "Enter the resident number as one line of 1 to 20 characters.";
        no_coupon: "接種券番号は10桁の数字で入力してください。", "Enter the coupon number as 10 digits.";
        no_name: "氏名カナと生年月日の両方を入力してください。生年月日は 1950-04-01 のように、実在する今日までの日を入力します。",
            "Enter both the name in kana and the birth date, a real day up to today such as 1950-04-01.";
        not_found: "この条件に合う人は、この市区町村には登録されていません。入力を確かめるか、別の番号で探してください。",
            "Nobody is registered with this municipality like that. Check what you entered, or search by another number.";
        not_unique: "同じ氏名カナと生年月日の人が2人以上います。宛名番号か接種券番号で探してください。",
            "Two or more people share that name and birth date. Search by resident number or coupon number.";
        nobody: "接種対象者が見つかりません", "No such person";
        nobody_lead: "この人は、この市区町村に登録されていません。取込みが取り消された場合も表示されません。探し直してください。",
            "This person is not registered with this municipality; an import may have been undone. Search again.";
        search_again: "探し直す", "Search again";
        person: "接種対象者の記録", "A person's record";
        registered: "登録内容", "Registered";
        name: "氏名", "Name";
        sex: "性別", "Sex";
        male: "男", "male";
        female: "女", "female";
        unknown: "不明", "unknown";
        address: "住所", "Address";
        personal_number: "個人番号", "Individual number (個人番号)";
        has_number: "登録あり(番号は表示しません)", "Registered (the number is not shown)";
        has_no_number: "登録なし", "Not registered";
        nothing_said: "記載なし", "Nothing said";
        doses: "有効な接種", "Doses that stand";
        no_doses: "有効な接種の記録はありません。", "No dose stands.";
        dose: "回数", "Dose";
        vaccinated_on: "接種年月日", "Vaccinated on";
        manufacturer: "メーカー", "Maker";
        product: "製品名", "Product";
        lot: "ロット番号", "Lot number";
        site: "接種会場", "Site";
        versions: "登録の履歴", "How the registration came about";
        versions_lead: "新しい順です。どの取込みで登録または変更されたかを示します。", "The newest first: which import registered or changed it.";
        import: "取込み", "Import";
        effective: "反映", "Took effect";
        holds: "現在の内容", "Holds now";
        entries_of: "接種券番号ごとの記録", "Entries by coupon number";
        look_up: "他の市区町村に照会する", "Look up in another municipality";
        look_up_lead: "この人が以前に住んでいた市区町村に、接種の記録を照会します。目的と根拠、本人の同意が必要です。",
            "Ask a municipality where this person lived before for their doses. It needs a purpose, a ground and consent.";
        in_audit: "この人についての操作の記録を見る", "What was done about this person";
        entries_title: "接種券の記録を探す", "Find the entries of a coupon";
        entries_lead: "この市区町村が発行した接種券の番号を入力すると、その番号について届いたすべての接種の記録と、訂正・取消の流れを表示します。表示は、操作の記録に残ります。",
            "Enter the number of a coupon that this municipality issued: every vaccination entry about it, and how each was corrected or cancelled. The view is recorded in the audit.";
        entries: "届いた記録", "Entries that came";
        no_entries: "この接種券番号の接種の記録は、まだ届いていません。", "No vaccination entry has come about this coupon number.";
        whose: "この接種券の接種対象者を見る", "The person whose coupon it is";
        nobodys: "この接種券番号の接種対象者は登録されていません。", "Nobody is registered for this coupon number.";
        entry: "記録", "Entry";
        kind: "種類", "Kind";
        state: "状態", "State";
        received: "受領日時", "Received at";
        tablet: "タブレット", "Tablet";
        stands: "現在有効", "Counts now";
        corrected: "訂正済み", "Corrected";
        cancelled: "取消済み", "Cancelled";
        waits: "要確認", "Needs a person";
        takes_back: "取消の記録", "Takes back";
        does_not_count: "有効ではありません", "Does not count";
    }
}
