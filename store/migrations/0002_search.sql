-- Staff look for a paper's record by the end of its number.
CREATE INDEX entries_by_ending ON entries (substr(coupon_number, -4));
