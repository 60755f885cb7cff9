//! Words of recalls and of who received a lot, in both languages.
//!
//! Must not: hold a number or a name.

both! {
    /// Fixed words.
    RecallWords by recall_words {
        is_recalled: "このロットは回収の対象です。", "This lot is recalled.";
        since: "回収の開始", "Recalled since";
        what_next: "使わずに分けて保管し、残りは各施設の「廃棄を入力する」で理由「回収」を選んで記録してください。",
            "Do not use it, keep it apart, and enter what is left as discarded at each facility, with the reason “recalled”.";
        remains: "回収の対象のロットが、この施設に残っています。使わずに分けて保管し、「廃棄を入力する」で理由「回収」を選んで記録してください。",
            "A recalled lot remains at this facility. Do not use it, keep it apart, and enter it as discarded with the reason “recalled”.";
        ways: "このロットの移送", "Transfers of this lot";
        no_ways: "このロットは、移送されていません。", "This lot was not transferred.";
        arrived: "受領した数", "What arrived";
        broken: "このロットの元帳の行がつながりません。運用担当に、vrs-central check の実行を依頼してください。",
            "The lines of this lot do not follow from each other. Ask whoever runs the server for vrs-central check.";
        first: "この市区町村に初めて来た日時", "Came here first";
        given: "この市区町村の施設での接種", "Given at this municipality's facilities";
        recipients: "このロットの接種を受けた人", "Who received this lot";
        recipients_lead: "この市区町村が発行した接種券で、このロットの接種が有効な記録です。接種した施設は、ほかの市区町村のこともあります。表示は、操作の記録に残ります。",
            "Doses of this lot that stand for coupons which this municipality issued, wherever they were given. The view is recorded in the audit.";
        show: "受けた人を表示する", "Show who received it";
        late: "届いたばかりの記録は、最大5分遅れて加わります。氏名は、接種対象者のページで表示されます。",
            "What has just come is added within five minutes. Names are on each person's own page.";
        nobody: "このロットの接種が有効な記録は、この市区町村が発行した接種券にはありません。ロット番号を確かめてください。",
            "No dose of this lot stands for a coupon of this municipality. Check the lot number.";
        person: "接種対象者", "Person";
        see_person: "接種対象者を見る", "See the person";
        not_registered: "登録なし", "Not registered";
        state: "状態", "State";
        stands: "有効", "Stands";
        changed: "訂正または取消し済み", "Corrected or cancelled since";
        other_product: "製品名が違います", "Another product's name";
        entries: "記録を見る", "See the entries";
        to_entries: "届いた記録", "Entries";
        before: "前のページ", "Previous page";
        after: "次のページ", "Next page";
        back: "ロットの残りに戻る", "Back to the lot";
    }
}
