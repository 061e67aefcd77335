package postgres

import "strings"

// migrations bring a database from one schema version to the next: migrations[0] makes
// version 1 of nothing. They run in one transaction, so that a failed one changes
// nothing. A migration that has been released is never changed.
var migrations = []string{schema1, schema2}

// schemaVersion is the version that this program reads and writes.
var schemaVersion = len(migrations)

// schema1 is version 1. All tables are in the first schema of the connection's
// search_path, so that one database can hold several memories.
//
// A text is stored once for all locales and contexts that name it; places are texts
// without a locale. A slot is (text, pair, place, prev, next), each of the last three 0
// for none, and has all its versions in one table. Column current marks those that are
// in use, first is the recorded_at of the slot's first version, sum is
// VersionRecord.Checksum, folded a text as searches compare it, NULL if it is the text.
//
// memory_claim has the texts for which an engine is being asked, by a hash: see Claim.
//
// memory_meta has one row, with the last number of each kind. Every writer locks it
// first and keeps the lock until it commits, so that numbers become visible in their
// order: a reader that has seen number n will never see a smaller one appear.
const schema1 = `
CREATE TABLE memory_meta (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  schema integer NOT NULL, uid text COLLATE "C" NOT NULL,
  clock bigint NOT NULL, revision bigint NOT NULL, version bigint NOT NULL, text bigint NOT NULL, batch bigint NOT NULL);
CREATE TABLE memory_pair (id bigint PRIMARY KEY, source text COLLATE "C" NOT NULL, target text COLLATE "C" NOT NULL, UNIQUE (source, target));
CREATE TABLE memory_batch (
  id bigint PRIMARY KEY, uid text COLLATE "C" NOT NULL UNIQUE, author text COLLATE "C" NOT NULL, note text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL,
  time bigint NOT NULL, recorded_at bigint NOT NULL, known boolean NOT NULL,
  versions bigint NOT NULL, undoes bigint NOT NULL, undone bigint NOT NULL);
CREATE INDEX memory_batch_undoes ON memory_batch (undoes) WHERE undoes <> 0;
CREATE TABLE memory_text (
  id bigint PRIMARY KEY, locale text COLLATE "C" NOT NULL, hash bigint NOT NULL, key text COLLATE "C" NOT NULL, folded text COLLATE "C");
CREATE INDEX memory_text_hash ON memory_text (hash);
CREATE TABLE memory_version (
  version bigint PRIMARY KEY, pair bigint NOT NULL, text bigint NOT NULL, place bigint NOT NULL, prev bigint NOT NULL, next bigint NOT NULL,
  first bigint NOT NULL, current boolean NOT NULL,
  priority bigint NOT NULL, effective_at bigint NOT NULL, recorded_at bigint NOT NULL, batch bigint NOT NULL, withdrawn bigint NOT NULL, sum bigint NOT NULL,
  source text COLLATE "C" NOT NULL, target text COLLATE "C" NOT NULL, codes text COLLATE "C" NOT NULL, folded text COLLATE "C",
  state smallint NOT NULL, substate text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, time bigint,
  terms text COLLATE "C" NOT NULL, props text COLLATE "C" NOT NULL);
CREATE INDEX memory_version_slot ON memory_version (text, pair, place, prev, next);
CREATE INDEX memory_version_rank ON memory_version (text, pair, priority DESC, effective_at DESC) WHERE current;
CREATE INDEX memory_version_batch ON memory_version (batch);
CREATE TABLE memory_note (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, uid text COLLATE "C" NOT NULL UNIQUE, recorded_at bigint NOT NULL, sum bigint NOT NULL,
  place text COLLATE "C" NOT NULL, locale text COLLATE "C" NOT NULL, author text COLLATE "C" NOT NULL, time bigint NOT NULL,
  category text COLLATE "C" NOT NULL, priority bigint NOT NULL, text text COLLATE "C" NOT NULL,
  reply_to text COLLATE "C" NOT NULL, resolves text COLLATE "C" NOT NULL, batch text COLLATE "C" NOT NULL);
CREATE TABLE memory_claim (key text COLLATE "C" PRIMARY KEY, owner text COLLATE "C" NOT NULL, until timestamptz NOT NULL, answer text COLLATE "C");
CREATE INDEX memory_claim_until ON memory_claim (until);
INSERT INTO memory_meta (schema, uid, clock, revision, version, text, batch) VALUES (1, $UID$, 0, 1, 0, 0, 0);
`

// GrantLike returns the statement that gives every role the rights on tables that it has
// on an older one. A migration that makes tables ends with it: a role that may not
// change tables would lose its database when somebody else updates it.
func GrantLike(older string, tables ...string) string {
	return `DO $grant$ DECLARE g record; BEGIN
  FOR g IN SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS role, a.privilege_type AS privilege
    FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = '` + older + `'::regclass AND a.grantee <> c.relowner
  LOOP EXECUTE format('GRANT %s ON ` + strings.Join(tables, ", ") + ` TO %s', g.privilege, g.role); END LOOP;
END $grant$;
`
}

// schema2 is version 2: it adds what engines are used for on all machines together, by day
// in UTC, and the moment of the next call of an engine that has a rate.
var schema2 = `
CREATE TABLE memory_engine (engine text COLLATE "C" PRIMARY KEY, next timestamptz);
CREATE TABLE memory_used (
  engine text COLLATE "C" NOT NULL, day text COLLATE "C" NOT NULL,
  chars bigint NOT NULL, input_tokens bigint NOT NULL, output_tokens bigint NOT NULL, cost double precision NOT NULL, PRIMARY KEY (engine, day));
` + GrantLike("memory_claim", "memory_engine", "memory_used")
