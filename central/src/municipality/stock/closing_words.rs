//! Words of closings beside the books, in both languages.
//!
//! Must not: hold a number or a name.

both! {
    /// Fixed words.
    ClosingWords by closing_words {
        title: "締めと在庫の照合", "Closings and the books";
        lead: "端末の「本日の締め」を、その日の在庫の帳簿と比べます。違いは、一つずつ次にすることと一緒に表示します。締めのバイアル数は、届いてから5分以内に自動で台帳に入ります。",
            "Each day as tablets closed it, beside the books of that day. Every difference comes with the next step. The vials of a closing come into the books by themselves within five minutes.";
        none: "この期間の締めは、まだ届いていません。端末で「本日の締め」を行うと、ここに表示されます。",
            "No closing of these days has come yet. Once a tablet closes its day, it shows here.";
        day: "日", "Day";
        closed: "締めた端末", "Closed by";
        lots: "締めの内容", "As it was closed";
        differences: "帳簿との違い", "Differences to the books";
        agrees: "一致", "Agrees";
        differs: "違いあり", "Differs";
        not_booked: "まだ台帳に入っていません", "Not in the books yet";
        first: "初日", "First day";
        last: "最終日", "Last day";
        show: "表示する", "Show";
        no_days: "初日と最終日を、2026-11-28 のように、初日が先になるように、366日以内で入力してください。",
            "Enter the first and the last day like 2026-11-28, in order, at most 366 days.";
        of_facility: "この施設の締めと在庫の照合を見る", "See this facility's closings and the books";
        newest: "直近の締めと、帳簿との違い", "The last closing and the books";
        all: "すべての施設の照合を見る", "See all facilities";
        too_many: "初めの200件を表示しています。期間を短くしてください。", "The first 200 are shown. Ask for fewer days.";
    }
}
