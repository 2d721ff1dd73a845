-- Calls to the language model by day (days since 1970-01-01 UTC), of all accounts together. A deleted
-- account does not give its calls back.
CREATE TABLE model_days (
    day BIGINT PRIMARY KEY,
    calls BIGINT NOT NULL CHECK (calls >= 0)
);

-- What was called before anybody counted the sum.
INSERT INTO model_days (day, calls) SELECT day, CAST(sum(calls) AS BIGINT) FROM model_calls GROUP BY day;
