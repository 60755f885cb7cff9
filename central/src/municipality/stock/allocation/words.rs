//! Fixed words of the pages of allocation, in both languages.
//!
//! Must not: hold a number or a name.

both! {
    /// The words of one language.
    AllocationWords by allocation_words {
        title: "ワクチンの配分", "Allocation of vaccine";
        lead_nation: "配分の回を始め、要望を締め切り、計算し、手で調整し、公表します。個人の情報は表示されません。",
            "Open a cycle, take orders until the deadline, compute, adjust by hand, publish. Nobody's data is shown.";
        lead_own: "国から届くワクチンの箱を要望し、公表された配分を確かめます。ほかの市区町村の要望や結果は表示されません。",
            "Order boxes from the state and see what was allotted. No other municipality's orders or results are shown.";
        cycle: "回", "Cycle";
        product: "製品", "Product";
        supply: "供給量", "Supply";
        boxes: "箱数", "Boxes";
        until: "要望の締切", "Orders until";
        stage: "状態", "State";
        no_cycles: "配分の回はまだありません。下の「配分の回を始める」から始めてください。",
            "There is no cycle yet. Open one below.";
        no_cycles_own: "配分の回はまだありません。国が始めると、ここに表示されます。",
            "There is no cycle yet. It shows here once the state opens one.";
        older: "さらに前の回", "Older cycles";
        newest: "最新の回", "The newest cycles";
        open: "配分の回を始める", "Open a cycle";
        open_help: "始めると、すべての市区町村の「配分」に表示され、締切まで要望を受け付けます。公表の前なら供給量と締切を変えられ、取りやめることもできます。",
            "It shows to every municipality, which may order until the deadline. Until it is published supply and deadline can be changed, and it can be called off.";
        supply_boxes: "配分できる箱数", "Boxes that there are";
        doses_per_box: "1箱の回数", "Doses of a box";
        doses_per_box_hint: "195バイアルの箱は、1バイアル6回なら1,170回です。", "A box of 195 vials has 1,170 doses at six a vial.";
        percent: "人口で分ける割合(%)", "Part that goes by population (%)";
        percent_hint: "残りは、在庫率が低い順に1箱ずつ分けます。", "The rest goes box after box to the lowest stock rate.";
        populations: "12歳以上人口のファイル", "File of people of 12 and over";
        populations_help: "列は「市区町村コード」「12歳以上人口」です(CSVかJSON)。取り込むと、要望に書かれた人口より優先されます。1行でも違うと何も取り込みません。",
            "Columns: municipality, people (CSV or JSON). They count before what orders say. If one row is wrong, nothing is taken in.";
        file: "ファイル", "File";
        bring: "取り込む", "Take it in";
        back: "配分の一覧に戻る", "Back to the cycles";
        facts: "この回の内容", "This cycle";
        orders: "要望", "Orders";
        no_orders: "要望はまだありません。締切まで待ってください。", "Nobody has ordered yet. Wait until the deadline.";
        party: "配分先", "For";
        ordered: "要望した箱", "Ordered";
        people: "12歳以上人口", "People of 12 and over";
        by_file: "人口ファイルの数", "as the file says";
        when: "日時", "When";
        who: "操作した人", "Who";
        what: "内容", "What";
        result: "配分", "Allocation";
        gets: "配分する箱", "Boxes";
        explained: "内訳と理由", "How it came about";
        rates: "在庫率(配分の前 → 後)", "Stock rate (before → after)";
        rates_lead: "在庫率 = (納入された回数 − 記録された接種) ÷ (12歳以上人口 × 2)。棒の上は配分の前、下は後です。",
            "Stock rate = (doses delivered − doses recorded) ÷ (people of 12 and over × 2). Upper bar: before; lower bar: after.";
        before: "前", "Before";
        after: "後", "After";
        search: "配分先を名前かコードで探す", "Find one by name or code";
        do_search: "探す", "Find";
        none_found: "この条件に合う配分先はありません。条件を変えてください。", "Nobody is like that. Change what you look for.";
        previous_page: "前の50件", "The 50 before";
        next_page: "次の50件", "The next 50";
        compute: "計算する", "Compute";
        compute_again: "計算し直す", "Compute again";
        compute_help: "要望、人口、在庫元帳の納入と接種から計算します。結果は公表するまで、国の管理者だけに見えます。",
            "It is computed from orders, populations and the ledger. Until it is published only national administrators see it.";
        compute_again_help: "今の要望と在庫で計算し直します。手での調整は、すべてなかったことになります(経過には残ります)。",
            "It is computed from what orders and books say now. What was moved by hand no longer holds; the history keeps it.";
        compute_waits: "締切を過ぎると計算できます。", "It can be computed once the deadline is over.";
        adjust: "手で調整する", "Move boxes by hand";
        adjust_help: "箱を1つの配分先から別の配分先へ移します。供給量と要望した箱より多くは配分できません。理由は、関係する市区町村に公表後に見えます。",
            "Moves boxes from one to another, never beyond the supply or what was ordered. The reason is shown to those concerned after publication.";
        from: "減らす配分先", "Who gets fewer";
        to: "増やす配分先", "Who gets more";
        party_hint: "市区町村コード6桁。施設は「131130 1311300001」のように続けます。空欄は「だれにも配分しない箱」です。",
            "The municipality's six digits; of a facility, its code after a space. Empty stands for boxes that nobody gets.";
        move_boxes: "移す箱数", "Boxes to move";
        reason: "理由", "Reason";
        reason_hint: "200文字まで。人の名前は書かないでください。", "200 characters at most, and nobody's name.";
        do_move: "移す", "Move";
        undo: "最後の調整を元に戻す", "Take back the last move";
        publish: "公表する", "Publish";
        publish_help: "公表すると、この回の配分は確定します。だれも計算し直すことも、調整することも、取りやめることもできなくなり、それぞれの市区町村に自分の行が見えます。",
            "Publishing makes it final: nobody can compute, move or call it off again, and each municipality sees its own lines.";
        publish_sure: "内容を確かめました。確定してよい", "I have looked at it, and it may become final";
        revise: "供給量か締切を変える", "Change supply or deadline";
        revise_help: "公表の前なら変えられます。計算と手での調整は、なかったことになります。締切を先に延ばすと、また要望を受け付けます。理由はすべての市区町村に見えます。",
            "Possible until it is published. What was computed and moved no longer holds; with a later deadline it can be ordered again. Every municipality sees the reason.";
        revised_because: "変更の理由", "Changed because";
        legend: "棒の凡例", "Bars";
        whole_bar: "棒の右端", "A whole bar";
        call_off: "この回を取りやめる", "Call this cycle off";
        call_off_help: "何も配分されません。要望と経過は残り、理由はすべての市区町村に見えます。", "Nothing is allotted. Orders and history stay; every municipality sees the reason.";
        history: "経過", "What was done";
        download_csv: "結果をCSVで保存", "Save the result as CSV";
        download_json: "結果をJSONで保存", "Save the result as JSON";
        your_order: "いまの要望", "What you order";
        not_ordered: "まだ要望していません。", "You have not ordered yet.";
        order: "要望を入力する", "Order";
        order_help: "締切まで何度でも入力し直せます。最後に入力したものが有効です。0箱を入力すると取り下げになります。",
            "You may order again until the deadline; the last counts. 0 boxes takes an order back.";
        for_facility: "どこへの要望か", "For whom";
        whole: "市区町村全体", "The municipality as a whole";
        people_hint: "人口ファイルに数があるときは、市区町村全体の分は空欄でかまいません。施設の分は、その施設で接種する人口を入力します。",
            "May be left out for the municipality where the file says it. For a facility: the people who are vaccinated there.";
        known_people: "人口ファイルの12歳以上人口", "People of 12 and over as the file says";
        do_order: "要望する", "Order";
        order_file: "要望をファイルで入力する", "Order by a file";
        order_file_help: "列は「市区町村コード」「施設コード」「箱数」「12歳以上人口」です(CSVかJSON)。1行でも違うと何も取り込みません。",
            "Columns: municipality, facility_code, boxes, people (CSV or JSON). If one row is wrong, nothing is taken in.";
        closed: "要望の受付は終わりました。", "Orders are taken no longer.";
        waits_result: "公表されると、ここに配分の結果が表示されます。", "The result shows here once it is published.";
        nothing_for_you: "この回では、要望がなかったため配分はありません。", "You did not order in this cycle, so nothing was allotted.";
        your_result: "あなたの市区町村への配分", "What your municipality gets";
        expected: "納入予定", "Expected deliveries";
        expected_lead: "公表された配分です。届いたら、施設の画面の「納入を入力する」に、実際の数を入力してください。それまで在庫には入りません。",
            "As published. When it arrives, enter what really came as a delivery on the facility's page. Until then it is in nobody's books.";
        none_expected: "納入の予定はありません。", "Nothing is expected.";
        published_at: "公表", "Published";
        called_off_because: "取りやめの理由", "Called off because";
        figures: "計算に使った数", "Figures it rests on";
    }
}
