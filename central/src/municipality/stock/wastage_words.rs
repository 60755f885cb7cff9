//! Words of what was discarded and what vials gave, in both languages.
//!
//! Must not: hold a number or a name.

both! {
    /// Fixed words.
    WastageWords by wastage_words {
        title: "廃棄と1バイアルの回数", "What was discarded, and doses a vial";
        lead: "施設と製品ごとに、期間中の接種、開封したバイアル、廃棄を表示します。廃棄率は、接種と廃棄の合計に占める廃棄の割合です。棚卸しの差は入りません。",
            "What each facility gave, opened and discarded of each product on these days. The share is of all doses given or discarded. What a count misses is not among it.";
        none: "この期間には、接種も廃棄もありません。期間を変えてください。", "Nothing was given or discarded on these days. Ask for other days.";
        vials: "開封したバイアル", "Vials opened";
        per_vial: "1バイアルの回数", "Doses a vial";
        expected: "見込み", "expected";
        discarded: "廃棄(回)", "Discarded (doses)";
        share: "廃棄率", "Share discarded";
        reasons: "廃棄の理由", "Why";
        given: "接種(回)", "Given (doses)";
        no_vials: "締めなし", "No closing";
        of_opened: "開封したバイアルで、接種にならなかった分", "of opened vials, given to nobody";
        total: "合計", "Total";
        bars: "棒の長さは、表の中で最も大きい値を100としたものです。", "A bar's length is in proportion to the greatest in the table.";
    }
}
