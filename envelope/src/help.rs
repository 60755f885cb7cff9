//! What `--help` says.
//!
//! Must not: say other than what `arguments` takes.

use crate::language::Language;

pub(crate) fn help(language: Language) -> &'static str {
    language.pick(JAPANESE, ENGLISH)
}

const JAPANESE: &str = "\
vrs-envelope  取り外し媒体で運ぶデータを、1つの送付先だけが開けるファイルに封緘します。

  鍵
    keys init --office 市町村コード --as アカウント   このパソコンに機関と最初の人の鍵を作る
    keys add --as アカウント --person 新しい人        人を加える(新しい人が自分のパスフレーズを入力)
        [--with 別の人]  3人目からは、すでにいる別の人もパスフレーズを入力して同意する
    keys remove --as アカウント --person 外す人       人を外す
    keys passphrase --as アカウント                   パスフレーズを変える
    keys card --as アカウント --out ファイル          相手に渡す鍵カードを作る
    keys trust ファイル                               相手の鍵カードを登録する(確認番号を比べる)
    keys forget --office 市町村コード                 相手の鍵カードを外す
    keys list                                         人と鍵カードの一覧

  送る
    ask --as アカウント --to 市町村コード ファイル…   申請する
        [--purpose 目的] [--method 運搬方法] [--kind 種類] [--document-number 文書番号] [--days 1〜31]
          目的: register-people update-register people-moved check-records
          運搬方法: carried-by-two registered-mail handed-over-inside
          種類: people doses register-output waiting-list
    allow --as 別の人のアカウント [番号]              許可する
    make --as アカウント --out ファイル [番号]        封緘ファイルを作る
    receipt ファイル                                  届いた受領書を確かめる

  受け取る
    look ファイル                                     開けずに、何が入っているかを見る
    open --as アカウント --into フォルダー ファイル   一度だけ開ける [--receipt 受領書の書き出し先]
        [--place-is-fixed]  フォルダーがパソコン本体だと人が確かめたとき
    receipt --of 番号 --out ファイル                  受領書をもう一度書き出す

  後始末
    ledger                                            記録簿を見る
    ledger --sheet 番号 --out ファイル.html           作業記録票を作る(印刷用)
    ledger --lost 番号                                媒体を失ったことを記録する
    erase [--plain] ファイル                          上書きして消す

  どのコマンドでも: --lang ja|en   --data 記録と鍵のフォルダー
  送付先が中央サーバーのときは、市町村コードの代わりに central と書きます。
  終了コード: 0 できた  1 システムの都合  2 書き方の誤り  3 決まりにより不可  4 ファイルの破損・改ざん
";

const ENGLISH: &str = "\
vrs-envelope  seals data for a removable medium into a file that one recipient alone can open.

  Keys
    keys init --office CODE --as ACCOUNT        make the keys of the office and of its first person here
    keys add --as ACCOUNT --person NEW          add a person (who types a passphrase of their own)
        [--with ANOTHER]  from the third person on another one agrees, by their passphrase
    keys remove --as ACCOUNT --person WHO       remove a person
    keys passphrase --as ACCOUNT                change a passphrase
    keys card --as ACCOUNT --out FILE           make the key card for other offices
    keys trust FILE                             take in another office's card (its check number is compared)
    keys forget --office CODE                   remove another office's card
    keys list                                   people and cards

  Sending
    ask --as ACCOUNT --to CODE FILE…            ask
        [--purpose P] [--method M] [--kind K] [--document-number N] [--days 1-31]
          P: register-people update-register people-moved check-records
          M: carried-by-two registered-mail handed-over-inside
          K: people doses register-output waiting-list
    allow --as ANOTHER-ACCOUNT [NUMBER]         allow it
    make --as ACCOUNT --out FILE [NUMBER]       make the sealed file
    receipt FILE                                check the receipt that came back

  Receiving
    look FILE                                   what is in it, without opening
    open --as ACCOUNT --into FOLDER FILE        open it, once [--receipt WHERE TO WRITE THE RECEIPT]
        [--place-is-fixed]  a person made sure that the folder is on the computer itself
    receipt --of NUMBER --out FILE              write the receipt once more

  Afterwards
    ledger                                      show the ledger
    ledger --sheet NUMBER --out FILE.html       make the work record to print
    ledger --lost NUMBER                        note that the medium was lost
    erase [--plain] FILE                        overwrite and delete

  With every command: --lang ja|en   --data FOLDER OF KEYS AND LEDGER
  Where the central is meant, write central in place of the municipality code.
  Ends with: 0 done  1 the system could not  2 the command line  3 a rule says no  4 damaged or altered file
";
