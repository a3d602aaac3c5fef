-- Users of the shop.
CREATE TABLE shop.users (
--                ^ definition.table shop.users doc=Users_of_the_shop.

    id serial PRIMARY KEY,
--  ^ definition.field shop.users.id

    "full name" text,
    plain text,
--  ^ definition.field shop.users.plain

    CONSTRAINT ck CHECK (id > 0)
);
/* Those who pay. */
CREATE OR REPLACE VIEW shop.payers AS SELECT 1 AS x;
--                          ^ definition.view shop.payers doc=Those_who_pay.

CREATE MATERIALIZED VIEW shop.sums AS SELECT 1;
--                            ^ definition.view shop.sums

CREATE TABLE "plain" (id int);
--            ^ definition.table plain
--                    ^ definition.field plain.id

CREATE FUNCTION shop.add(a int, b int) RETURNS int AS $$ SELECT a + b $$ LANGUAGE sql;
--                   ^ definition.function shop.add

CREATE TYPE shop.mood AS ENUM ('sad', 'ok');
--               ^ definition.type shop.mood

CREATE TRIGGER touched BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION f();
--             ^ definition.function touched

CREATE SCHEMA shop;
--            ^ definition.namespace shop

CREATE SEQUENCE shop.numbers;
--                   ^ definition.variable shop.numbers
