//! Files as they come: every kind of line break and quote, both encodings, and what is refused.
//!
//! Must not: look inside the reader; what it says of bytes is what counts.

use std::io::{self, Read};

use proptest::prelude::*;

use super::{
    encoding::Encoding,
    faults::{Fault, FileFault, HeaderFault, Trouble},
    faulty_rows::{FaultyRows, REASON},
    fields,
    header::{Column, UnknownColumns, places},
    rows::{LineEnd, MOST_COLUMNS, MOST_FIELD_BYTES, MOST_ROW_BYTES, RowReader},
    table::Table,
    writer::{Form, Quoting, Reader, RowWriter, is_formula},
};

/// Gives one byte at a time: no piece of a file may be counted on to come whole.
struct Drops<'a>(&'a [u8]);
impl Read for Drops<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.len().min(1);
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

fn rows(bytes: &[u8]) -> Result<Vec<Vec<String>>, FileFault> {
    let mut reader = RowReader::new(bytes);
    let mut all = Vec::new();
    while let Some(row) = reader.next_row()? {
        all.push(row.fields().map(|field| String::from_utf8_lossy(field).into_owned()).collect());
    }
    Ok(all)
}

#[test]
fn rows_end_with_cr_lf_or_both_and_quotes_hold_line_breaks() {
    let expected = [vec!["名", "a,b"], vec!["x\ny", "say \"so\""]];
    for line_end in ["\r\n", "\n", "\r"] {
        for last in [line_end, ""] {
            let text = format!("名,\"a,b\"{line_end}\"x\ny\",\"say \"\"so\"\"\"{last}");
            assert_eq!(rows(text.as_bytes()).unwrap(), expected, "{text:?}");
        }
    }
    assert_eq!(rows(b"a\r\n\r\nb").unwrap(), [vec!["a"], vec![""], vec!["b"]]);
    assert_eq!(rows(b"").unwrap(), Vec::<Vec<String>>::new());
    assert_eq!(rows(b"a\"b,\n").unwrap(), [vec!["a\"b", ""]], "a quote inside a plain field is a character");
}

#[test]
fn the_same_is_read_whatever_pieces_the_bytes_come_in() {
    let bytes = "\u{feff}名,b\r\n\"x\r\ny\",\"\"\r\nz,".as_bytes();
    let mut reader = RowReader::new(Drops(bytes));
    let mut found = Vec::new();
    while let Some(row) = reader.next_row().unwrap() {
        found.push(row.fields().map(<[u8]>::to_vec).collect::<Vec<_>>());
    }
    assert_eq!(reader.line_end(), LineEnd::CrLf);
    let whole = rows(bytes).unwrap();
    assert_eq!(found.len(), 3);
    assert_eq!(found[0][0], "名".as_bytes(), "the byte order mark is no part of the first name");
    assert_eq!(found.concat(), whole.concat().into_iter().map(String::into_bytes).collect::<Vec<_>>());
}

#[test]
fn a_file_that_is_cut_short_or_beyond_all_size_is_refused_with_its_row() {
    assert_eq!(rows(b"a,b\n\"c,d\n"), Err(FileFault::EndsInQuote { row: 2 }));
    let wide = format!("a\n{}\n", ",".repeat(10_000));
    assert_eq!(rows(wide.as_bytes()), Err(FileFault::TooManyColumns { row: 2 }));
    let fits = ",".repeat(MOST_COLUMNS - 1);
    assert_eq!(rows(fits.as_bytes()).unwrap()[0].len(), MOST_COLUMNS);
    let long = format!("a,{}\n", "x".repeat(MOST_FIELD_BYTES + 1));
    assert_eq!(rows(long.as_bytes()), Err(FileFault::FieldTooLong { row: 1, column: 2 }));
    let field = format!("{},", "x".repeat(MOST_FIELD_BYTES));
    let long = field.repeat(1 + MOST_ROW_BYTES / MOST_FIELD_BYTES);
    assert_eq!(rows(long.as_bytes()), Err(FileFault::RowTooLong { row: 1 }));
    // Only commas and quotes: nothing stands in it, and yet it has an end.
    let empty = "\"\"\"\"".repeat(MOST_ROW_BYTES);
    assert!(rows(empty.as_bytes()).is_err());
    for mark in [b"\xff\xfea\0".as_slice(), b"\xfe\xff\0a"] {
        assert_eq!(rows(mark), Err(FileFault::Utf16));
    }
}

#[test]
fn an_endless_field_is_refused_before_it_is_held() {
    let mut reader = RowReader::new(io::repeat(b'x'));
    let refused = reader.next_row().map(drop);
    assert_eq!(refused, Err(FileFault::FieldTooLong { row: 1, column: 1 }));
}

#[test]
fn the_last_row_may_lack_its_line_end_and_not_its_columns() {
    let mut table = Table::open(b"a,b\nc,d\ne".as_slice(), None).unwrap();
    assert_eq!(table.next_row().unwrap().unwrap().number(), 2);
    assert_eq!(table.next_row().map(|row| row.is_some()), Err(FileFault::EndsInRow { row: 3 }));
    let mut table = Table::open(b"a,b\n\n,\ne\nf,g".as_slice(), None).unwrap();
    let row = table.next_row().unwrap().unwrap();
    let width = Trouble::Width { found: 1, expected: 2 };
    assert_eq!((row.number(), row.misshapen().unwrap().trouble), (4, width), "blank rows are passed over");
    assert_eq!(table.next_row().unwrap().unwrap().misshapen(), None);
    let mut table = Table::open(b"a,b\n\"c\"d,e\n".as_slice(), None).unwrap();
    let fault = table.next_row().unwrap().unwrap().misshapen().unwrap();
    assert_eq!((fault.column, fault.trouble), (Some(1), Trouble::Misquoted));
}

#[test]
fn the_first_row_says_the_encoding() {
    let text = "氏名,住所\n髙橋①,東京都\n";
    let mut cp932 = Vec::new();
    Encoding::Cp932.encode_onto(text, &mut cp932).unwrap();
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        (format!("\u{feff}{text}").into_bytes(), Encoding::Utf8),
        (cp932, Encoding::Cp932),
    ] {
        let mut table = Table::open(bytes.as_slice(), None).unwrap();
        assert_eq!((table.encoding, table.header.join("/")), (encoding, "氏名/住所".to_owned()));
        assert_eq!(table.next_row().unwrap().unwrap().text(0).unwrap(), "髙橋①");
    }
    assert_eq!(
        Table::open(b"\x81\xff,a\n".as_slice(), None).map(|table| table.header),
        Err(FileFault::UnknownEncoding)
    );
    let mut half = "氏名\n".as_bytes().to_vec();
    half.extend_from_slice(b"\xe6\xb0\n");
    let mut table = Table::open(half.as_slice(), None).unwrap();
    assert_eq!(table.next_row().unwrap().unwrap().text(0), Err(Trouble::NotText));
}

fn columns() -> [Column; 2] {
    let column = |names: &[&str], required| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Column { names, required }
    };
    [column(&["氏名"], true), column(&["券番号", "接種券番号"], true)]
}

fn found(header: &[&str]) -> Result<Vec<Option<usize>>, Vec<HeaderFault>> {
    let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
    places(&columns(), &[REASON.to_owned()], UnknownColumns::Refuse, &header).map_err(|fault| match fault {
        FileFault::Header(faults) => faults,
        other => panic!("{other}"),
    })
}

#[test]
fn columns_are_found_by_name_and_everything_wrong_is_told_at_once() {
    assert_eq!(found(&["接種券番号", " 氏 名", REASON, REASON]), Ok(vec![Some(1), Some(0)]));
    let faults = found(&["券番号", "接種券番号", "備考"]).unwrap_err();
    assert_eq!(
        faults,
        [
            HeaderFault::Missing(vec!["氏名".to_owned()]),
            HeaderFault::Doubled { first: 1, second: 2, name: "接種券番号".to_owned() },
            HeaderFault::Unknown { column: 3, name: "備考".to_owned() },
        ]
    );
    let said = FileFault::Header(faults).sentence();
    assert!(said.japanese.contains("列「氏名」がありません") && said.english.contains("column 3"));
    // A file without a header: its first person is not quoted.
    let said = FileFault::Header(found(&["見本太郎", "0000000001"]).unwrap_err()).to_string();
    assert!(!said.contains("0000000001") && !said.contains("見本太郎"), "{said}");
}

#[test]
fn fields_are_read_as_people_type_them() {
    assert_eq!(fields::digits::<4>(" １２３４ "), Ok(*b"1234"));
    assert_eq!(fields::digits::<4>("123"), Err(Trouble::FewerDigits { digits: 4 }));
    assert_eq!(fields::digits::<4>("12345"), Err(Trouble::NotDigits { digits: 4 }));
    assert_eq!(fields::digits::<4>("12-4"), Err(Trouble::NotDigits { digits: 4 }));
    for text in ["20240229", "2024-02-29", "2024/2/29", "２０２４０２２９"] {
        assert_eq!(fields::date(text), Ok((2024, 2, 29)), "{text}");
    }
    for text in ["20230229", "2100-02-29", "20210431", "20211301", "20210100"] {
        assert_eq!(fields::date(text), Err(Trouble::ImpossibleDate), "{text}");
    }
    for text in ["R3.4.1", "2021", "2021年4月1日", "44287", "2021-4", "+202-1-1"] {
        assert_eq!(fields::date(text), Err(Trouble::NotADate), "{text}");
    }
    assert_eq!(fields::line("a\tb", 9), Err(Trouble::Control));
    assert_eq!(fields::lines("一丁目\r\n二番", 9), Ok(Some("一丁目\n二番".to_owned())));
}

#[test]
fn faulty_rows_go_back_as_they_came_and_can_be_sent_again() {
    for (encoding, line_end) in [(Encoding::Utf8, "\n"), (Encoding::Cp932, "\r\n")] {
        let text = format!("氏名,生年月日{line_end}\"見本, 太郎\",20210231{line_end}見本花子{line_end}");
        let mut bytes = Vec::new();
        encoding.encode_onto(&text, &mut bytes).unwrap();
        let mut back = bytes;
        for round in 1..=3 {
            let mut table = Table::open(back.as_slice(), None).unwrap();
            assert_eq!(table.header.len(), 1 + round);
            let mut faulty = None;
            let mut numbers = Vec::new();
            while let Some(row) = table.next_row().unwrap() {
                let fault = row.misshapen().unwrap_or(Fault {
                    column: Some(2),
                    name: "生年月日".to_owned(),
                    trouble: Trouble::ImpossibleDate,
                });
                numbers.push((row.number(), row.raw().to_vec(), fault));
            }
            let (mark, end) = (table.mark(), table.line_end());
            let file = faulty.get_or_insert(
                FaultyRows::begin(Vec::new(), encoding, mark, end, &table.raw_header).unwrap(),
            );
            for (number, raw, fault) in &numbers {
                file.row(*number, raw, std::slice::from_ref(fault)).unwrap();
            }
            assert_eq!(file.rows(), 2);
            back = faulty.unwrap().finish().unwrap();
            let said = encoding.decode(&back).unwrap().into_owned();
            assert!(said.starts_with("氏名,生年月日,\"エラー内容\""), "{said}");
            assert!(
                said.contains("\"見本, 太郎\",20210231,\"2行目 2列目「生年月日」: 暦にない日付です。"),
                "{said}"
            );
            assert!(said.contains("There is no such day.") && said.contains("列の数が"), "{said}");
        }
    }
}

fn form(encoding: Encoding, quoting: Quoting, line_end: LineEnd) -> Form {
    Form { encoding, byte_order_mark: false, quoting, line_end, header: false }
}

#[test]
fn what_a_form_says_is_written_to_the_byte() {
    let write = |form: Form, reader| {
        let mut out = RowWriter::begin(Vec::new(), form, reader).unwrap();
        out.header(["a", "名"]).unwrap();
        out.row(["1,2", "=x"]).unwrap();
        out.row(["", " y"]).unwrap();
        out.finish().unwrap()
    };
    let plain = form(Encoding::Utf8, Quoting::Needed, LineEnd::CrLf);
    assert_eq!(write(plain.clone(), Reader::Program), b"\"1,2\",=x\r\n,\" y\"\r\n");
    let always =
        Form { header: true, byte_order_mark: true, ..form(Encoding::Utf8, Quoting::Always, LineEnd::Lf) };
    let expected = "\u{feff}\"a\",\"名\"\n\"1,2\",\"'=x\"\n\"\",\" y\"\n";
    assert_eq!(write(always, Reader::Spreadsheet), expected.as_bytes());
    let mut cp932 =
        RowWriter::begin(Vec::new(), form(Encoding::Cp932, Quoting::Needed, LineEnd::Lf), Reader::Program)
            .unwrap();
    let refused = cp932.row(["見本", "𠮷野"]).unwrap_err();
    assert_eq!(refused.to_string(), "column 2 holds a character that CP932 lacks");
    cp932.row(["見本", "吉野"]).unwrap();
    assert_eq!(cp932.finish().unwrap(), b"\x8c\xa9\x96\x7b,\x8b\x67\x96\xec\n", "half a row is not written");
}

#[test]
fn what_a_spreadsheet_would_run_is_known() {
    for field in ["=1+1", "+1", "-1", "@x", "\t=1", "  =1", "＝1", "−1", "\rx"] {
        assert!(is_formula(field), "{field:?}");
    }
    for field in ["", "見本", "0000000001", "'=1", "a=1"] {
        assert!(!is_formula(field), "{field:?}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        table in (1..6_usize).prop_flat_map(|width| {
            prop::collection::vec(prop::collection::vec(r#"[a-z,"\r\n =漢字ー㈱]{0,6}"#, width), 1..6)
        }),
        always in any::<bool>(),
        encoding in prop_oneof![Just(Encoding::Utf8), Just(Encoding::Cp932)],
        line_end in prop_oneof![Just(LineEnd::CrLf), Just(LineEnd::Lf), Just(LineEnd::Cr)],
    ) {
        let quoting = if always { Quoting::Always } else { Quoting::Needed };
        let mut out =
            RowWriter::begin(Vec::new(), form(encoding, quoting, line_end), Reader::Program).unwrap();
        for row in &table {
            out.row(row.iter().map(String::as_str)).unwrap();
        }
        let bytes = out.finish().unwrap();
        let mut reader = RowReader::new(bytes.as_slice());
        let mut again = Vec::new();
        while let Some(row) = reader.next_row().unwrap() {
            let fields = row.fields().map(|field| encoding.decode(field).unwrap().into_owned());
            again.push(fields.collect::<Vec<_>>());
        }
        prop_assert_eq!(again, table);
    }

    #[test]
    fn any_bytes_are_read_or_refused_the_same_in_any_pieces(bytes in prop::collection::vec(
        prop_oneof![Just(b','), Just(b'"'), Just(b'\r'), Just(b'\n'), any::<u8>()], 0..200)) {
        let read = |input: &mut dyn Read| {
            let mut reader = RowReader::new(input);
            let mut raws = Vec::new();
            loop {
                match reader.next_row() {
                    Ok(Some(row)) => raws.push(row.raw.to_vec()),
                    Ok(None) => return Ok(raws),
                    Err(fault) => return Err(fault),
                }
            }
        };
        prop_assert_eq!(read(&mut bytes.as_slice()), read(&mut Drops(&bytes)));
    }
}
