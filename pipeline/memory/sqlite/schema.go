package sqlite

const (
	applicationID = 0x4858544D // "HXTM" in the file's header distinguishes our files from other databases
	schemaVersion = 2
)

// schema is version 2. A text is stored once for all locales and contexts that
// name it; place strings are texts of locale 0. An entry's id carries its locale
// pair in the high bits, so that a pair lies together in order of first addition.
// entry holds the current versions of each slot, history all others; a slot without
// a current version has its best withdrawn one in entry. A withdrawn version keeps
// its priority as -1-priority, so that all others rank above it.
//
// Of a version, "sum" is VersionRecord.Checksum, and "crc" a checksum of its row that
// can be verified without its slot's texts. entry.first is the recorded_at of the
// slot's first version. pending has the versions and batches that the journal does not
// have yet, addition the ids of texts (pair 0) and entries that each revision added.
const schema = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('version', 0), ('clock', 0), ('revision', 0);
CREATE TABLE state (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE locale (id INTEGER PRIMARY KEY, tag TEXT NOT NULL UNIQUE);
CREATE TABLE pair (id INTEGER PRIMARY KEY, source TEXT NOT NULL, target TEXT NOT NULL, UNIQUE (source, target));
CREATE TABLE batch (
  id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, author TEXT NOT NULL, note TEXT NOT NULL, name TEXT NOT NULL,
  time INTEGER NOT NULL, recorded_at INTEGER NOT NULL, known INTEGER NOT NULL,
  versions INTEGER NOT NULL, undoes INTEGER NOT NULL, undone INTEGER NOT NULL);
CREATE TABLE text (id INTEGER PRIMARY KEY, locale INTEGER NOT NULL, hash INTEGER NOT NULL, key TEXT NOT NULL);
CREATE INDEX text_hash ON text (hash);
CREATE TABLE entry (
  id INTEGER PRIMARY KEY, pair INTEGER NOT NULL, text INTEGER NOT NULL,
  place INTEGER NOT NULL, prev INTEGER NOT NULL, next INTEGER NOT NULL, first INTEGER NOT NULL,
  priority INTEGER NOT NULL, effective_at INTEGER NOT NULL, recorded_at INTEGER NOT NULL,
  version INTEGER NOT NULL, batch INTEGER NOT NULL, withdrawn INTEGER NOT NULL, sum INTEGER NOT NULL, crc INTEGER NOT NULL,
  source TEXT NOT NULL, target TEXT NOT NULL, codes TEXT NOT NULL, state INTEGER NOT NULL, substate TEXT NOT NULL,
  kind TEXT NOT NULL, name TEXT NOT NULL, time INTEGER, terms TEXT NOT NULL, props TEXT NOT NULL);
CREATE INDEX entry_slot ON entry (text, pair, place, prev, next, priority, effective_at);
CREATE TABLE history (
  version INTEGER PRIMARY KEY, entry INTEGER NOT NULL,
  priority INTEGER NOT NULL, effective_at INTEGER NOT NULL, recorded_at INTEGER NOT NULL,
  batch INTEGER NOT NULL, withdrawn INTEGER NOT NULL, sum INTEGER NOT NULL, crc INTEGER NOT NULL,
  source TEXT NOT NULL, target TEXT NOT NULL, codes TEXT NOT NULL, state INTEGER NOT NULL, substate TEXT NOT NULL,
  kind TEXT NOT NULL, name TEXT NOT NULL, time INTEGER, terms TEXT NOT NULL, props TEXT NOT NULL);
CREATE INDEX history_entry ON history (entry);
CREATE TABLE pending (version INTEGER NOT NULL, batch INTEGER NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (version, batch)) WITHOUT ROWID;
CREATE TABLE addition (revision INTEGER NOT NULL, pair INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (revision, pair)) WITHOUT ROWID;
`

// pairShift is where an entry's id has its pair: 2^40 slots for each.
const pairShift = 40
