//! Every fixed word of the pages of stock, in both languages side by side.
//!
//! Must not: hold a number or a name.

both! {
    /// The words of one language.
    StockWords by stock_words {
        places: "在庫のメニュー", "Stock";
        facilities: "施設と在庫", "Facilities and stock";
        transfers: "移送", "Transfers";
        bookings: "予約と入荷予定", "Bookings";
        proposals: "提案", "Proposals";
        allocation: "配分", "Allocation";
        closings: "締めと在庫の照合", "Closings and the books";
        wastage: "廃棄と1バイアルの回数", "Discarded, and doses a vial";
        lead: "この市区町村の施設と、施設ごとのワクチンの在庫です。接種の記録は自動で在庫から引かれます。個人の情報は表示されません。",
            "This municipality's facilities and what vaccine each of them has. Recorded doses are taken off by themselves. Nobody's data is shown.";
        no_facilities: "施設はまだ登録されていません。下の「施設を登録する」から登録してください。",
            "No facility is registered yet. Register one below.";
        search: "施設を名前かコードで探す", "Find a facility by name or code";
        do_search: "探す", "Find";
        none_found: "この条件に合う施設はありません。条件を変えてください。", "No facility is like that. Change what you look for.";
        has_recalled: "回収のロットあり", "Has a recalled lot";
        has_more: "初めの200施設を表示しています。探して絞り込んでください。", "The first 200 are shown. Narrow them by searching.";
        code: "施設コード", "Facility code";
        code_hint: "医療機関等コード(数字10桁)", "The medical institution's code, ten digits";
        name: "施設名", "Name";
        kind: "型", "Kind";
        on_hand: "在庫", "On hand";
        in_transit: "移送中", "On its way";
        shortfall: "不足", "Shortfall";
        given: "接種済み", "Given";
        discarded: "廃棄", "Discarded";
        none: "なし", "None";
        register: "施設を登録する", "Register a facility";
        register_help: "登録済みのコードを入力すると、名前・冷凍庫・接種能力が新しい内容に変わります。元帳の開始日は変わりません。",
            "For a code that is registered already, name, freezer and doses a day are replaced; the day its books begin stays.";
        freezer: "冷凍庫に入るバイアル数(なければ0)", "Vials that its deep freezer holds (0 for none)";
        freezer_holds: "冷凍庫のバイアル数", "Freezer (vials)";
        gives_a_day: "1日の接種能力", "Doses a day";
        per_day: "1日に接種できる回数", "Doses that it can give in a day";
        begins: "元帳の開始日", "The day its books begin";
        begins_hint: "この日より前の接種は、在庫から引きません。", "Doses given before this day are not taken off its stock.";
        position: "緯度と経度(任意。例: 35.681236, 139.767125)", "Latitude and longitude (optional; e.g. 35.681236, 139.767125)";
        back_to_list: "施設の一覧に戻る", "Back to the facilities";
        kinds: "型の履歴", "Kinds";
        no_kinds: "型はまだ決められていません。移送の前に、製品ごとに型を決めてください。",
            "No kind was set yet. Set one for each product before stock is transferred.";
        product: "製品", "Product";
        since: "適用開始", "In force from";
        by: "入力した人", "By";
        reason: "理由", "Reason";
        change_kind: "型を変更する", "Change the kind";
        change_kind_help: "在庫があっても、なくても変更できます。変更前の入力の扱いは変わりません。",
            "It can be changed with stock on hand and without. What was written before reads as it did.";
        effective: "適用開始(空欄なら今から)", "In force from (empty: from now)";
        in_force: "今の型", "Now";
        to_come: "これから", "To come";
        was: "以前", "Before";
        books: "今の在庫", "What is there";
        no_books: "在庫の入力はまだありません。納入を入力するか、移送を受け取ると、ここに表示されます。",
            "Nothing was written yet. Enter a delivery or receive a transfer, and it shows here.";
        lot: "ロット番号", "Lot";
        storage: "保管", "Kept";
        frozen: "冷凍", "Frozen";
        thawed: "解凍後", "Thawed";
        has_shortfall: "帳簿にない接種があります。納入の入力漏れか、ロットの誤りを確かめてください。",
            "Doses were given that the books do not have. Look for a delivery that was not entered, or a wrong lot.";
        told: "端末の記録で、台帳に入っていないもの", "Told by tablets and not in the books";
        told_lead: "端末が受け取り・引渡し・棚卸し・廃棄を記録しましたが、台帳に入っていません。「確認が必要」のものは、理由を見て直してから「対応済みにする」を押します。「待っています」のものは、条件がそろうと自動で入ります。",
            "A tablet recorded this, and the books do not have it. What needs a person: put right what is wrong, then press “Dealt with”. What waits comes into the books by itself.";
        told_why: "理由", "Why not";
        told_waits: "待っています", "Waits";
        told_needs: "確認が必要", "Needs a person";
        told_settle: "対応済みにする", "Dealt with";
        ledger: "在庫元帳", "Ledger";
        no_lines: "まだ何も入力されていません。", "Nothing was written yet.";
        number: "番号", "Line";
        when: "日時", "When";
        what: "できごと", "What happened";
        older: "前の行", "Older lines";
        newest: "最新の行", "Newest lines";
        enter: "入力する", "Enter";
        delivered: "納入を入力する", "Enter a delivery";
        delivered_help: "直送で届いた数です。打ち間違えたときは、「棚卸し」で実際の数を入力すると直せます。",
            "What came by direct delivery. If it was mistyped, enter what is really there by a count.";
        discard: "廃棄を入力する", "Enter what was discarded";
        count: "棚卸しを入力する", "Enter a count";
        count_help: "実際に数えた数です。帳簿との差は、増減の行として残ります。", "What is really there. The difference to the books stays as a line.";
        thaw: "解凍を入力する", "Enter what was thawed";
        thaw_help: "冷凍から出した数です。冷凍には戻せません。", "What was taken out of the deep freezer. It cannot go back.";
        explain: "不足を説明する", "Explain the shortfall";
        explain_help: "入力されていなかった納入が見つかったときに、その数を入力します。", "Where a delivery that nobody had entered was found: how much of it.";
        vials: "バイアル数", "Vials";
        doses: "回数", "Doses";
        doses_hint: "空欄なら、製品の規則の「1バイアルあたりの回数」で計算します。", "Left empty, it is reckoned from the product's rule (doses a vial).";
        at: "日時", "When";
        discard_reason: "廃棄の理由", "Why it was discarded";
        lot_title: "ロットの残り", "Where a lot remains";
        lot_lead: "この市区町村の施設に残っている数です。", "What remains at this municipality's facilities.";
        lot_nowhere: "このロットは、この市区町村の施設の帳簿にありません。製品名とロット番号を確かめてください。",
            "No facility of this municipality has this lot in its books. Check product and lot.";
        find_lot: "ロットを探す", "Find a lot";
        total: "合計", "Total";
        facility: "施設", "Facility";
        plan_transfer: "この施設からの移送を計画する", "Plan a transfer from this facility";
        unknown_title: "施設が見つかりません", "No such facility";
        unknown: "このコードの施設は、この市区町村にはありません。コードを確かめてください。", "This municipality has no facility of that code. Check the code.";
    }
}
