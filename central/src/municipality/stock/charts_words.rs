//! Words of the charts of stock, in both languages.
//!
//! Must not: hold a number or a name.

both! {
    /// Fixed words.
    ChartWords by chart_words {
        title: "在庫の推移", "Stock over time";
        lead: "在庫は、その日の終わりに帳簿にあった回数です。出入りは、できごとの日で数えます。",
            "Stock is what the books had at the end of a day, in doses. What came and went is counted by the day on which it happened.";
        stock: "在庫", "On hand";
        stock_unit: "回分、日の終わり", "doses at the end of the day";
        frozen: "冷凍", "Frozen";
        thawed: "解凍後", "Thawed";
        came: "入ってきた量", "What came";
        came_unit: "回分", "doses";
        delivered: "納入・増加", "Delivered, found";
        received: "受領・返送", "Received, came back";
        went: "出ていった量", "What went";
        given: "接種", "Given";
        sent: "引渡し", "Handed over";
        discarded: "廃棄", "Discarded";
        day: "日", "Day";
        week: "週の初日", "Week from";
        unknown: "不明", "Not known";
        days_30: "30日", "30 days";
        days_90: "90日", "90 days";
        shelf: "使用期限までの日数", "Days left until expiry";
        shelf_lead: "公開されたロット情報の期限(延長を含む)で数えます。解凍後の期限は含みません。",
            "By the expiry that was published for each lot, extensions included; how long it lasts once thawed is not.";
        left: "残りの日数", "Days left";
        expired: "期限切れ", "Expired";
        within_7: "0〜7日", "0 to 7";
        within_30: "8〜30日", "8 to 30";
        within_90: "31〜90日", "31 to 90";
        more: "91日以上", "91 or more";
        not_published: "期限の情報なし", "Expiry not published";
        has_expired: "期限切れのワクチンが残っています。使わずに、「廃棄を入力する」で理由「期限切れ」を選んで記録してください。",
            "Expired vaccine remains. Do not use it, and enter it as discarded with the reason “expired”.";
        see: "90日の推移を見る", "See 90 days";
        see_only: "行が多いため、推移は別の画面に表示します。", "There are many lines: what it was over time is on a page of its own.";
        empty: "在庫の入力がないため、推移はまだありません。", "Nothing was written of stock yet, so there is nothing to draw.";
        broken: "元帳の行がつながらないため、推移を表示できません。運用担当に、vrs-central check の実行を依頼してください。",
            "The lines do not follow from each other, so nothing can be drawn. Ask whoever runs the server for vrs-central check.";
        back: "施設に戻る", "Back to the facility";
    }
}
