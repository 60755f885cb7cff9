//! Every fixed word of the pages of sealed files, in both languages side by side.
//!
//! Must not: hold a number or a name; sentences with those are in `phrases`.

use crate::console::language::Language;

macro_rules! words {
    ($($name:ident: $japanese:literal, $english:literal;)*) => {
        /// The words of one language.
        pub(super) struct MediaWords { $(pub(super) $name: &'static str,)* }
        const JAPANESE: MediaWords = MediaWords { $($name: $japanese,)* };
        const ENGLISH: MediaWords = MediaWords { $($name: $english,)* };
    };
}

/// The words of that language.
pub(super) fn media_words(language: Language) -> &'static MediaWords {
    match language {
        Language::Japanese => &JAPANESE,
        Language::English => &ENGLISH,
    }
}

words! {
    media: "封緘ファイル", "Sealed files";
    lead: "個人の情報は、送付先だけが開けられる封緘ファイルでだけ出し入れします。出すときは、1人が申請し、別の人が許可します。取り込んだ内容は、別の人が反映します。",
        "Personal data comes and goes in sealed files alone, which only their recipient can open. One person asks for what goes out and another allows it; what comes in is put into effect by another person.";
    places: "封緘ファイルのメニュー", "Sealed files";
    ask: "出力を申請する", "Ask for an output";
    bring: "ファイルを取り込む", "Bring a file";
    cards: "鍵カード", "Key cards";
    ledger: "記録簿", "Ledger";
    no_files: "封緘ファイルはまだありません。初めに鍵カードを登録し、それから出力の申請か取込みをしてください。",
        "There is no sealed file yet. Register the key card first, then ask for an output or bring a file.";
    files: "最近の封緘ファイル", "Recent sealed files";
    column_number: "番号", "Number";
    column_content: "内容", "Content";
    column_stage: "状態", "State";
    column_by: "申請・取込み", "Asked or brought by";
    column_at: "日時", "When";
    column_who: "アカウント", "Account";
    column_what: "したこと", "What was done";
    column_link: "照合値", "Link";
    column_row: "行", "Row";
    column_wrong: "直すところ", "What is to be mended";
    look: "開く", "Open";
    back: "封緘ファイルの一覧に戻る", "Back to the sealed files";

    asked: "許可待ち", "Waits to be allowed";
    withdrawn: "取り下げ", "Taken back";
    declined: "許可されませんでした", "Not allowed";
    allowed: "許可済み(作成前)", "Allowed, not made";
    making: "作成中", "Being made";
    made: "受け取れます", "Can be fetched";
    arrived: "届きました", "Arrived";
    reading: "読込み中", "Being read";
    waiting: "反映待ち", "Waits to take effect";
    effective: "反映済み", "In effect";
    discarded: "取りやめ", "Discarded";
    undone: "取消し済み", "Undone";
    not_opened: "開けませんでした", "Not opened";

    what: "何を出しますか", "What shall it hold?";
    to_whom: "送付先", "Recipient";
    office: "機関", "Office";
    sender: "送付元", "Sender";
    purpose: "目的", "Purpose";
    method: "運搬方法", "Way of carrying";
    document_number: "文書番号", "Document number";
    document_hint: "起案番号など。30字以内で数字を含みます。媒体を拾った人にも読めるので、人の名前を書かないでください。",
        "Of the decision to carry it; 30 characters at most, with a digit. Whoever finds the medium can read it: write no person's name.";
    days: "期限(日数)", "Good for (days)";
    days_hint: "1〜31日。短いほど安全です。", "1 to 31. Shorter is safer.";
    send_ask: "申請する", "Ask";
    no_card: "この市区町村の鍵カードが登録されていません。出力はそのカードの持ち主だけが開けられるので、先に登録してください。",
        "No key card of this municipality is registered. Only its holder can open an output, so register it first.";
    to_cards: "鍵カードの画面へ", "To the key cards";
    check_number: "確認番号", "Check number";
    register_output: "予防接種台帳向け出力", "Output for the immunization register";
    waiting_list: "接種対象者登録待ちリスト", "List of doses waiting for a person";
    faulty_rows: "差し戻しファイル(取り込めなかった行)", "Faulty rows of a file";
    people: "接種対象者", "People";
    doses: "接種記録", "Vaccination records";
    for_spreadsheet: "表計算ソフト用(数式として動く欄を無害にします)", "for a spreadsheet (fields that would run as formulas are made harmless)";
    for_program: "そのまま(台帳システム用)", "as it is (for the register's program)";

    facts: "内容", "What it is";
    now_people: "今の登録者数", "People registered now";
    expires: "期限", "Expires";
    asked_by: "申請した人", "Asked by";
    brought_by: "取り込んだ人", "Brought by";
    allowed_by: "許可した人", "Allowed by";
    sender_people: "送付元の申請者・許可者", "Asked and allowed at the sender";
    rows: "行数", "Rows";
    size: "大きさ", "Size";
    history: "この封緘ファイルの記録", "What was done with it";
    to_sheet: "作業記録票を表示する(印刷用)", "Work record (to print)";

    allow: "許可する", "Allow it";
    allow_help: "上の内容と送付先の確認番号を確かめてから許可します。許可すると、その時点の内容で作成が始まります。",
        "Look at what is asked and at the recipient's check number. Once it is allowed it is made of what stands then.";
    decline: "許可しない", "Do not allow it";
    needs_approver: "別の人(承認者)の許可を待っています。", "It waits for another person, an approver, to allow it.";
    withdraw: "取り下げる", "Take it back";
    make: "作成する", "Make it";
    make_help: "許可された内容で、もう一度作成します。", "It was allowed; make it again.";
    stop: "中止する", "Stop it";
    download: "封緘ファイルを受け取る", "Fetch the sealed file";
    download_help: "媒体に保存し、作業記録票を添えて運びます。期限を過ぎるか、受領書を登録すると、中央サーバーから消えます。",
        "Save it to the medium and carry it with its work record. It is removed here when it expires or its receipt is taken in.";
    is_removed: "封緘ファイルは中央サーバーから消えました。もう一度必要なら、新しく申請してください。",
        "The sealed file is no longer on the central. If it is needed again, ask anew.";
    receipt: "受領書を登録する", "Take in the receipt";
    receipt_help: "送付先の vrs-envelope が作った受領書(.vrsreceipt)を選びます。確かめられるまでは、届いたとみなしません。",
        "Choose the receipt (.vrsreceipt) made by the recipient's vrs-envelope. Until it is checked, nothing counts as arrived.";
    file: "ファイル", "File";
    take_receipt: "受領書を確かめる", "Check the receipt";
    get_receipt: "受領書を受け取る", "Fetch the receipt";
    receipt_back: "受領書を送付元に返してください。送付元はこれで、届いたことを確かめます。",
        "Return the receipt to the sender, who knows by it that the file arrived.";
    preview: "取り込む内容", "What it would do";
    new: "新しく加わる人", "New people";
    changed: "内容が変わる人", "Changed people";
    unchanged: "変わらない人", "Unchanged people";
    faulty: "取り込めない行", "Faulty rows";
    faulty_help: "取り込めない行は、差し戻しファイルとして出力を申請できます(31日以内)。直して、新しい封緘ファイルとして送り直してください。",
        "Faulty rows can be asked for as an output, within 31 days. Mend them and send them again in a new envelope.";
    faulty_first: "初めの100行までを表示しています。", "The first 100 rows are shown.";
    take_effect: "反映する", "Let it take effect";
    take_effect_help: "取り込んだ人とは別の人が、件数を確かめてから反映します。すべてが一度に反映されます。後から取り消せます。",
        "Another person than the one who brought it looks at the counts and lets it take effect, all at once. It can be undone.";
    needs_other: "別の人(承認者)が反映するのを待っています。", "It waits for another person, an approver, to let it take effect.";
    discard: "取りやめる", "Discard it";
    undo: "この取込みを取り消す", "Undo this import";
    undo_help: "この取込みで変わった内容が、すべて取込み前に戻ります。同じ封緘ファイルは二度と取り込めないので、正しい内容は新しい封緘ファイルで取り込みます。",
        "Everything that this import changed goes back to what it was. The same sealed file cannot be brought again: bring what is right in a new one.";
    is_working: "処理しています", "Working";
    reload: "最新の状態を表示する", "Show how it stands now";

    bring_lead: "vrs-envelope で作り、中央サーバー宛てに封緘した「接種対象者」のファイル(.vrsenv)を選びます。読み込んだだけでは何も変わりません。",
        "Choose a file of people (.vrsenv) that vrs-envelope sealed to the central. Reading it changes nothing yet.";
    bring_limit: "512MBまで。", "512 MB at most.";
    read_it: "読み込む", "Read it";
    no_card_bring: "この市区町村の鍵カードが登録されていないと、送付元を確かめられません。先に登録してください。",
        "Without the municipality's key card the sender cannot be known. Register it first.";

    central_card: "中央サーバーの鍵カード", "The central's key card";
    central_card_help: "このカードを vrs-envelope keys trust で登録すると、中央サーバー宛てのファイルを作れ、中央サーバーからのファイルを開けます。登録するとき、下の確認番号と同じか確かめてください。",
        "Take this card in with vrs-envelope keys trust to seal files to the central and to open files from it. Compare the check number below.";
    get_card: "中央サーバーの鍵カードを受け取る", "Fetch the central's key card";
    own_card: "この市区町村の鍵カード", "This municipality's key card";
    no_own_card: "まだ登録されていません。", "None is registered yet.";
    registered_by: "登録した人", "Registered by";
    card_people: "申請・許可できる人", "Who may ask and allow";
    take_card: "鍵カードを登録する", "Register a key card";
    take_card_help: "vrs-envelope keys card で作ったカード(.vrscard)を選び、そのとき画面に表示された確認番号(20桁)を、カードとは別に紙か電話で聞いて入力します。登録済みのカードと同じ鍵の新しいカードには、確認番号は要りません。",
        "Choose the card (.vrscard) made by vrs-envelope keys card, and type the check number (20 digits) shown then, as you were told it on paper or by telephone, apart from the card. A newer card of the same key needs none.";
    card_file: "鍵カードのファイル", "The card's file";
    confirm: "加わった人を確かめました", "I confirmed the people who joined";
    joined: "新しく加わった人", "People who joined";
    register: "登録する", "Register";
    withdraw_card: "鍵カードを解除する", "Withdraw the key card";
    withdraw_card_help: "鍵を作り直したときや、パソコンを失くしたときに解除します。解除すると、新しいカードを登録するまで、出力も取込みもできません。",
        "Where new keys were made or the computer was lost. Until another card is registered, nothing goes out or comes in.";

    ledger_lead: "封緘ファイルについてのすべての操作です。消したり書き換えたりできません。各行の照合値は前の行を含むので、途中が欠けると分かります。",
        "Everything that was done with sealed files. Nothing can be changed or deleted: each line's link covers the one before, so that a gap shows.";
    no_lines: "まだ何も記録されていません。", "Nothing was done yet.";
    older: "前の記録", "Older";
    newest: "最新の記録", "Newest";
    open_data: "オープンデータ(件数だけ。個人の情報を含みません)", "Open data (counts alone, nobody's data)";
    to_open_data: "オープンデータを作る", "Make open data";
    open_data_lead: "この市区町村が発行した接種券の接種を、接種日、性別、年齢区分、接種回数ごとに数えます。登録者が多いときは数分かかります。個人の情報を含まないので、封緘せずに受け取れます。",
        "Doses of the coupons that this municipality issued are counted by day, sex, age group and dose. Where many people are registered this takes some minutes. Nobody is in it, so it is fetched unsealed.";
    open_data_file: "1行に1つの件数を書いたファイル(ndjson)です。", "A file with one count a line (ndjson).";
    count_help: "今の記録で数えます。進み具合が表示され、途中で中止できます。", "Counts what is recorded now. How far it has come is shown, and it can be stopped.";
    count: "数える", "Count";
    count_again: "もう一度数える", "Count again";
    counted_at: "数え始めた日時", "Counted from";
    counted_lines: "行数", "Lines";
    counted_none: "数える接種がまだありません。記録が届いてから、もう一度数えてください。", "There is no dose to count yet. Count again when records have come.";
    get_open_data: "オープンデータを受け取る", "Fetch the open data";
    not_counted: "まだ数えていません。「数える」を押してください。", "It has not been counted. Press “Count”.";
    counting_stopped: "数えるのを中止しました。必要なら、もう一度数えてください。", "Counting was stopped. Count again where it is needed.";
    counting_failed: "数えられませんでした。少し待ってもう一度行い、繰り返すときは支援窓口に連絡してください。", "It could not be counted. Try again in a moment; if it goes on, call the support desk.";

    sheet: "作業記録票(取り外し媒体)", "Work record (removable medium)";
    sheet_help: "ブラウザーで印刷し、媒体と一緒に運びます。", "Print it in the browser and carry it with the medium.";
    medium: "媒体の番号", "Medium";
    carried_out_at: "持ち出し日時", "Carried out at";
    carriers: "運んだ人(2名)", "Carried by (two)";
    handed_to: "渡した相手・日時", "Handed to, at";
    confirmed_by: "確認者", "Confirmed by";
    erased_at: "媒体の消去日時・担当", "Medium erased at, by";
    number: "封緘番号", "Envelope number";

    stale_form: "画面が古くなっていました。内容を確かめて、もう一度操作してください。", "The page was out of date. Look again and repeat.";
    overtaken: "ほかの操作が先に行われていました。今の状態を表示しています。", "Something else was done first. How it stands now is shown.";
    ended_before: "中止する前に終わったか、すでに中止されています。今の状態を表示しています。反映されているときは、承認者が「この取込みを取り消す」で元に戻せます。",
        "It had ended before it could be stopped, or was stopped already. How it stands now is shown; an approver can undo an import that is in effect.";
    same_person: "申請または取込みをした人とは別の人が行ってください。", "Another person than the one who asked or brought it has to do this.";
    bad_document: "文書番号は、30字以内の1行で、数字を含めて入力してください。", "The document number is one line of at most 30 characters with a digit in it. Type it again.";
    bad_days: "期限は1〜31日の数字で入力してください。", "The days are a number from 1 to 31. Type them again.";
    nothing_chosen: "選ばれていない項目があります。内容、目的、運搬方法を選んでください。", "Something is not chosen. Choose content, purpose and way of carrying.";
    no_file: "ファイルが選ばれていません。ファイルを選んで、もう一度操作してください。", "No file was chosen. Choose one and repeat.";
    too_large: "ファイルが大きすぎます。512MB以下に分けて作り直してください。", "The file is too large. Make it anew in parts of at most 512 MB.";
    broken_off: "送信が途中で切れました。何も取り込んでいません。もう一度選んで送ってください。", "The upload broke off, and nothing was taken in. Choose the file and send it again.";
    unknown: "この番号の封緘ファイルは、この市区町村にはありません。番号を確かめてください。", "This municipality has no sealed file of that number. Check the number.";
    unknown_title: "封緘ファイルが見つかりません", "No such sealed file";
    gone: "封緘ファイルがこのサーバーにありません。もう一度作成するか、支援窓口に連絡してください。", "The sealed file is not on this server. Ask for it anew, or call the support desk.";
    out_of_band: "この画面に個人の情報は表示されません。", "This page shows no personal data.";
}
