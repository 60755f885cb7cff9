//! The contract of a storage: what every implementation must do, said once and run on each.
//!
//! Must not: know which implementation it runs on.

pub(crate) mod archive;
pub(crate) mod audit;
pub(crate) mod bookings;
pub(crate) mod boxes;
pub(crate) mod chains;
pub(crate) mod changes;
pub(crate) mod closings;
pub(crate) mod console;
pub(crate) mod cycles;
pub(crate) mod doses;
pub(crate) mod handouts;
pub(crate) mod heartbeats;
pub(crate) mod hours;
pub(crate) mod import_effect;
pub(crate) mod judging;
pub(crate) mod media;
pub(crate) mod people;
pub(crate) mod reference;
pub(crate) mod reviews;
pub(crate) mod sample;
pub(crate) mod stock;
pub(crate) mod stock_views;
pub(crate) mod tablets;
pub(crate) mod told;
pub(crate) mod transfers;

#[path = "../../../../tests/src/entries.rs"]
#[expect(unreachable_pub, reason = "shared with the whole-system tests, where it is public")]
pub(crate) mod entries;

/// Runs the whole contract on fresh storages that `$make()` gives; each test has the attribute, where one is given.
macro_rules! contract_suite {
    ($make:ident) => {
        $crate::storage::contract::contract_suite!(#[cfg(test)] $make);
    };
    (#[$attribute:meta] $make:ident) => {
        $crate::storage::contract::contract_suite!(@each #[$attribute] $make,
            tablets: a_tablet_enrols_once_and_its_number_stays_with_its_key;
            tablets: a_token_lets_in_its_own_tablet_and_in_time_only;
            tablets: the_fleet_shows_where_each_tablet_stands;
            tablets: a_database_that_was_set_aside_leaves_its_gap_in_sight;
            tablets: a_bundle_made_again_keeps_the_tablet;
            tablets: one_tablet_is_as_its_row_says;
            handouts: a_revoked_bundle_lets_nobody_in_for_the_first_time;
            handouts: a_tablet_is_replaced_once_and_told;
            handouts: a_spare_is_of_the_same_municipality_and_not_replaced_itself;
            handouts: what_a_replaced_tablet_holds_is_missing_until_it_comes_or_is_declared_lost;
            handouts: what_a_replaced_tablet_records_later_needs_review;
            boxes: a_box_is_handed_out_whole_and_seen_by_its_municipality;
            boxes: a_revoked_box_lets_no_further_tablet_in;
            boxes: whose_secrets_were_released_stays_written_down;
            heartbeats: the_latest_stands_in_the_row_and_one_of_each_quarter_is_kept;
            heartbeats: a_heartbeat_that_comes_late_changes_nothing_of_the_latest;
            heartbeats: a_day_of_heartbeats_takes_the_place_of_the_day_before;
            heartbeats: the_head_of_the_chain_is_compared_when_it_comes;
            heartbeats: a_heartbeat_is_a_contact_and_tells_the_release;
            hours: an_hour_sums_what_the_tablets_said_last;
            hours: hours_are_kept_for_two_days_and_asked_by_municipality;
            chains: arrivals_are_runs_of_places_in_the_order_they_came;
            chains: a_repeated_batch_changes_nothing;
            chains: a_partly_repeated_batch_adds_the_rest;
            chains: a_gap_shows_and_closes;
            chains: entries_that_were_not_sent_yet_are_no_gap;
            chains: a_fork_is_kept_on_both_sides;
            chains: an_entry_that_does_not_follow_needs_review;
            chains: an_entry_that_comes_late_must_meet_its_neighbours;
            chains: an_epoch_begins_with_the_tablets_own_key;
            chains: a_kind_of_tomorrow_comes_later;
            judging: one_bad_entry_never_holds_up_the_others;
            judging: a_malformed_entry_keeps_its_place;
            judging: the_day_after_today_is_the_future_in_japan;
            judging: the_same_id_with_other_content_is_kept_as_a_conflict;
            judging: the_same_entry_at_another_place_counts_once;
            judging: a_full_batch_is_kept_to_the_byte;
            doses: the_same_dose_otherwise_is_a_conflict_and_nothing_is_overwritten;
            doses: the_same_dose_told_twice_is_one_vaccination;
            doses: a_conflict_is_found_across_municipalities;
            doses: of_two_batches_at_once_one_is_first;
            changes: a_correction_takes_the_place_of_what_it_corrects;
            changes: a_correction_settles_what_needed_review;
            changes: a_cancellation_frees_the_dose;
            changes: a_change_of_what_never_came_needs_review;
            changes: a_second_change_of_the_same_entry_needs_review;
            changes: taking_back_twice_is_taking_back_once;
            archive: the_register_follows_from_the_entries;
            archive: what_came_later_counts_after_deriving_as_before;
            archive: every_row_can_be_carried_to_an_empty_register;
            archive: a_snapshot_does_not_see_what_comes_later;
            archive: pages_follow_each_other_without_a_gap;
            reference: what_is_published_is_told_to_whom_it_concerns;
            reference: a_version_never_goes_back_and_rises_with_every_change;
            reference: doses_that_stand_are_listed_once_and_then_only_what_changed;
            reference: what_no_longer_stands_is_taken_away;
            reference: lists_go_to_tablets_that_were_let_know_and_to_no_other;
            reference: under_another_secret_everything_is_listed_anew;
            reference: lists_follow_from_the_register_whatever_came_and_was_decided;
            reference: many_lists_become_one_that_says_the_same;
            reference: what_was_decided_is_told_to_the_tablet_that_made_the_entry;
            reference: a_part_is_given_in_any_pieces;
            reviews: what_contradicts_is_a_case_with_both_sides;
            reviews: a_case_belongs_to_the_municipality_that_issued_the_coupon;
            reviews: what_was_decided_stands_and_nothing_is_overwritten;
            reviews: it_may_be_decided_that_nothing_stands;
            reviews: a_later_decision_replaces_the_one_before_and_names_it;
            reviews: of_two_who_decide_at_once_one_is_told;
            reviews: a_decision_is_only_for_what_was_seen;
            reviews: what_staff_settle_themselves_needs_no_decision;
            reviews: a_checked_dose_is_locked;
            reviews: a_checked_dose_is_locked_within_a_batch_and_against_other_tablets;
            reviews: a_correction_from_one_dose_to_another_waits_until_the_first_is_free;
            reviews: of_an_entry_and_its_correction_only_one_may_stand;
            reviews: a_change_of_a_correction_that_waits_leads_back_to_the_first;
            reviews: of_two_corrections_of_one_entry_only_one_may_stand;
            reviews: other_doses_of_the_coupon_are_not_locked;
            reviews: what_was_decided_is_told_to_the_tablets;
            people: an_import_holds_once_it_takes_effect_and_not_before;
            people: a_row_is_new_changed_unchanged_or_has_somebody_elses_number;
            people: an_import_can_be_undone_whole;
            import_effect: an_import_is_told_of_as_it_takes_effect_and_stopped_it_leaves_nothing;
            import_effect: who_was_taken_in_without_a_mark_is_given_it_once;
            people: one_import_is_open_at_a_time_and_can_be_discarded;
            people: what_was_read_before_another_import_took_effect_is_read_again;
            people: another_municipality_has_its_own_people_and_secret;
            people: of_two_who_let_it_take_effect_at_once_one_is_told;
            media: a_line_is_added_once_and_stays;
            media: another_municipality_has_a_ledger_of_its_own;
            people: somebody_is_found_by_name_until_the_import_is_undone;
            people: no_name_and_no_number_lies_in_the_clear_in_any_table;
            audit: lines_follow_each_other_in_the_chain_of_their_municipality;
            audit: of_many_who_record_at_once_none_is_lost;
            audit: what_would_be_too_many_is_not_recorded_anywhere;
            audit: lines_are_asked_for_by_conditions_and_in_pages;
            audit: what_is_done_and_its_line_are_one;
            audit: what_is_handed_out_and_ended_is_told_of_with_it;
            audit: a_line_of_the_media_ledger_brings_its_line_of_the_audit_or_neither;
            audit: a_look_up_without_its_other_side_is_found;
            audit: the_entries_of_a_coupon_come_with_their_changes;
            stock: a_facility_is_one_municipalitys_and_its_code_is_taken_once;
            stock: kinds_are_a_history_and_what_was_before_reads_as_it_did;
            stock: lines_move_stock_and_nothing_goes_below_zero;
            stock: of_many_at_the_last_vials_nobody_takes_what_is_not_there;
            stock: doses_of_the_register_come_into_the_books_once;
            stock: a_dose_that_no_longer_stands_comes_back_and_one_beyond_the_books_is_a_shortfall;
            stock: doses_wait_for_a_facility_and_for_the_day_its_books_begin;
            stock: balances_are_found_wrong_and_made_anew_from_the_lines;
            stock: another_municipality_is_shown_nothing;
            bookings: what_is_booked_takes_the_place_of_what_was_whole_and_with_its_line;
            bookings: doses_of_the_day_that_are_in_the_books_come_with_the_moment;
            bookings: one_product_at_one_moment_is_all_of_a_municipality_or_of_a_prefecture;
            told: what_a_tablet_tells_of_stock_comes_into_the_books_once;
            told: tablets_confirm_a_transfer_from_both_sides_in_whatever_order_they_come;
            told: what_the_books_cannot_take_is_for_a_person_and_stays_until_one_has_dealt_with_it;
            closings: vials_of_a_closing_come_into_the_books_once;
            closings: a_closing_made_anew_takes_the_place_of_the_one_before;
            closings: a_closing_is_never_refused_and_what_the_books_lack_is_a_shortfall;
            closings: a_closing_waits_for_its_facility_and_for_the_product_of_its_lot;
            stock_views: lines_are_found_by_lot_and_by_day;
            stock_views: what_was_used_is_that_of_the_days_that_are_asked_for;
            stock_views: a_dose_is_in_the_books_of_the_day_on_which_it_was_given;
            stock_views: the_doses_of_a_lot_are_those_of_ones_own_coupons;
            stock_views: what_was_published_last_holds;
            transfers: a_transfer_moves_stock_from_one_municipality_to_another;
            transfers: a_step_is_for_what_was_seen_and_moves_all_or_nothing;
            transfers: what_arrived_otherwise_is_disputed_until_a_person_says_why;
            transfers: a_core_facility_that_was_lent_becomes_core_again_with_stock_on_hand;
            cycles: a_cycle_goes_from_orders_to_its_publication_and_then_never_changes;
            cycles: orders_are_made_anew_until_the_deadline_and_not_later;
            cycles: what_is_computed_rests_on_the_books_and_the_populations;
            cycles: of_many_who_act_on_a_cycle_at_once_one_is_first_and_no_order_is_lost;
            console: an_account_is_made_once;
            console: every_role_is_kept_with_its_municipality;
            console: a_second_factor_is_set_up_once_and_no_code_counts_twice;
            console: of_two_who_use_the_same_code_one_gets_in;
            console: a_disabled_account_has_no_session_until_it_is_reset;
            console: a_session_ends;
            console: a_session_gives_way_to_the_next_stage_once;
            console: an_identity_belongs_to_one_account;
            console: of_two_accounts_for_one_identity_one_is_made;
            console: a_way_to_the_provider_and_back_counts_once;
            console: a_healthy_register_says_so;
        );
    };
    (@each #[$attribute:meta] $make:ident, $($module:ident: $name:ident;)*) => {
        $(
            #[tokio::test]
            #[$attribute]
            async fn $name() {
                let made = $make().await;
                $crate::storage::contract::$module::$name(&*made).await;
            }
        )*
    };
}
pub(crate) use contract_suite;
