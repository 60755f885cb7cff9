//! Every fixed word of the pages of bookings and proposals, in both languages side by side.
//!
//! Must not: hold a number or a name.

both! {
    /// The words of one language.
    ProposalWords by proposal_words {
        bookings: "予約と入荷予定", "Bookings";
        bookings_lead: "施設ごとに、予約された接種の回数と、直送で届く予定の回数を入力します。人の名前は入力しません。不足と余りは、これと在庫から計算します。",
            "For how many doses people are booked at each facility, and how many are expected by direct delivery. Nobody's name is entered. What is short and spare is reckoned from these and from stock.";
        no_bookings: "予約はまだ入力されていません。下の「予約と入荷予定を入力する」から入力してください。",
            "No booking was entered yet. Enter one below.";
        enter: "予約と入荷予定を入力する", "Enter bookings";
        enter_help: "同じ施設・製品・日の数は、新しい数に置き換わります。どちらも0にすると、その日の行はなくなります。間違えたら、もう一度入力すれば直せます。",
            "Figures of the same facility, product and day are replaced. With 0 in both, the day is removed. To undo a mistake, enter it again.";
        facility: "施設", "Facility";
        product: "製品", "Product";
        day: "日", "Day";
        booked_doses: "予約(回)", "Booked (doses)";
        expected_doses: "入荷予定(回)", "Expected (doses)";
        expected_hint: "直送で届く予定の回数です。移送は自動で数えるので、入れません。", "Doses expected by direct delivery. Transfers count by themselves: leave them out.";
        save: "保存する", "Save";
        change: "変更する", "Change";
        has_more: "初めの300行を表示しています。施設のコードで絞り込んでください。", "The first 300 rows are shown. Narrow them by a facility's code.";
        none_found: "この条件に合う予約はありません。条件を変えてください。", "No booking is like that. Change what you look for.";
        narrow: "施設を名前かコードで絞り込む", "Narrow by name or code of a facility";
        do_narrow: "絞り込む", "Narrow";
        date_lot: "ロットの有効期限を入力する", "Enter until when a lot is good";
        date_lot_help: "国か市区町村のロットのデータに期限がないロットだけに使います。箱に書かれた期限(延長されていれば延長後)の日です。",
            "Only for lots of which the published lots say nothing. The day on the box, or the later one to which it was extended.";
        lot: "ロット", "Lot";
        good_until: "有効期限", "Good until";
        proposals: "提案", "Proposals";
        proposals_lead: "予約・在庫・届く予定から、足りない施設と、渡せる施設の組み合わせを計算します。何も動かしません。移送するかどうかは人が決めます。",
            "From bookings, stock and what arrives: who is short, and who can help. Nothing is moved; a person decides.";
        prefecture_lead: "都道府県の中の施設で計算します。移送は、渡す施設の市区町村が計画します。",
            "Reckoned over the facilities of one prefecture. A transfer is planned by the municipality that gives.";
        prefecture: "都道府県", "Prefecture";
        most_km: "運ぶ距離の上限(km)", "The longest way (km)";
        most_km_hint: "直線距離です。ふつうは120kmのままにします。", "As the crow flies. Usually left at 120 km.";
        wish: "優先すること", "What goes first";
        reckon: "計算する", "Reckon";
        nothing_yet: "製品がまだありません。先に、製品の予約か納入を入力してください。", "There is no product yet. Enter a booking or a delivery first.";
        no_rule: "この製品の規則(1バイアルの回数など)が公開されていないため、計算できません。システムの管理者に「製品の規則」の公開を依頼してください。",
            "No rule (such as doses a vial) is published for this product. Ask whoever keeps the server to publish it.";
        too_much: "数が大きすぎて計算できません。予約と在庫の数を確かめてください。", "The figures are too large. Check bookings and stock.";
        none_booked: "この製品の予約がまだ入力されていません。予約を入力すると、足りない施設と渡せる施設がわかります。",
            "Nothing is booked for this product yet. Enter bookings to see who is short and who can help.";
        to_bookings: "予約と入荷予定へ", "To the bookings";
        propose: "移送の提案", "Proposed transfers";
        way: "渡す施設 → 受け取る施設", "Giver → receiver";
        content: "ロットと数", "Lot and amount";
        carried: "運び方", "How it is carried";
        why: "理由", "Why";
        act: "操作", "Act";
        plan: "移送を計画する", "Plan this transfer";
        none_proposed: "提案できる移送はありません。", "No transfer can be proposed.";
        more_proposed: "初めの300件を表示しています。", "The first 300 are shown.";
        stay_short: "移しても足りない施設", "Who stays short";
        stays: "足りない回数", "Doses short";
        since: "いつから", "From";
        left_out: "計算に入れていないもの", "What is left out";
        fix: "直す", "Mend";
        map: "地図", "Map";
        map_help: "円の広さは在庫の量です。矢印は提案です。番号は下の表の番号です。位置が未登録の施設は地図に出ません。",
            "The area of a circle is what is in stock; arrows are proposals; numbers are those of the table below. Facilities without a position are not on it.";
        no_map: "位置(緯度と経度)が登録された施設がないため、地図はありません。", "No facility has a position, so there is no map.";
        table: "施設の一覧", "The facilities";
        number: "番号", "No.";
        on_hand: "計算に入れた在庫(回)", "Stock that counts";
        booked: "予約(回)", "Booked";
        arriving: "届く予定(回)", "Arriving";
        short: "不足(回)", "Short";
        spare: "余り(回)", "Spare";
        state: "状態", "State";
        is_short: "足りない", "Short";
        is_spare: "余りがある", "Can spare";
        is_even: "過不足なし", "Even";
        more_sites: "初めの500施設を表示しています。地図にはすべての施設が出ています。", "The first 500 are shown; the map has all of them.";
        wish_near: "近いところから(ふつうはこれ)", "Short ways (the usual choice)";
        wish_spoils_first: "期限の近いものから", "What spoils first";
        wish_few_borders: "できるだけ市区町村の中で", "Within a municipality where it can be";
        wish_no_borders: "市区町村の中だけで", "Within a municipality only";
        past: "今日より前の日は入力できません。日を選び直してください。", "A day before today cannot be entered. Choose another.";
        count: "回数は0以上の整数で入力してください。", "Doses are whole numbers from 0. Type them again.";
        not_ours: "この施設は、この市区町村にありません。施設を選び直してください。", "This municipality has no such facility. Choose another.";
    }
}
