-- Where an evaluation stands in the line, so that one account's long queue is not in another's way.

-- The account that answered; its rows go with the answer, so nothing else has to refer to it.
ALTER TABLE evaluations ADD COLUMN user_id BIGINT;
-- The line is worked off in this order. Mostly the moment at which the evaluation was asked for;
-- later for what an account asks for while it has many in the line already.
ALTER TABLE evaluations ADD COLUMN stands_at TIMESTAMPTZ;

UPDATE evaluations
SET user_id = (SELECT answers.user_id FROM answers WHERE answers.id = evaluations.answer_id),
    stands_at = due_at;

ALTER TABLE evaluations ALTER COLUMN user_id SET NOT NULL;
ALTER TABLE evaluations ALTER COLUMN stands_at SET NOT NULL;

-- The line is no longer that of the due times.
DROP INDEX evaluations_queue;
-- With due_at, so that what waits for another attempt is passed over without being looked up.
CREATE INDEX evaluations_line ON evaluations (stands_at, id, due_at) WHERE status = 'pending';
CREATE INDEX evaluations_by_user ON evaluations (user_id, stands_at) WHERE status = 'pending';
