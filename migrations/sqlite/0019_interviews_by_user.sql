-- An account's interviews in their order, so that lists and searches stop where a page is full.
CREATE INDEX interviews_by_user ON interviews (user_id, id);
